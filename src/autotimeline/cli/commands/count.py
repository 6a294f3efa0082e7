"""`autotimeline count`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment, run_query
    from autotimeline.query.facets import COUNT_FIELDS, parse_fields

    for word in () if values["by"] else values["query"] or ():
        if word.lower() in COUNT_FIELDS:
            environment.print_note(
                f'autotimeline: "{word}" is searched as a word; to count by it write --by {word.lower()}'
            )
    return run_query.run_view("count", values, by=parse_fields(values["by"] or ""))


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.query.facets import parse_fields
    from autotimeline.views import count

    return count.FIELDS(parse_fields(values.get("by") or ""))


BY = options.Option(
    "by",
    "--by",
    "Count by year, quarter, month, era, actor, kind, …; by two with a comma.",
    "FIELD[,FIELD]",
    completion="by",
)
COMMAND = options.Command(
    "How many events, by year, actor, kind, … or two of them.",
    _run,
    (*options.QUERY_OPTIONS, BY),
    (options.QUERY_ARGUMENT,),
    fields=_fields,
)
