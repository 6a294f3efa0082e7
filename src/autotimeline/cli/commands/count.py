"""`autotimeline count`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment, run_query
    from autotimeline.query.facets import FIELDS, fields

    for word in () if values["by"] else values["query"] or ():
        if word.lower() in FIELDS:
            environment.say(f'autotimeline: "{word}" is searched as a word; to count by it write --by {word.lower()}')
    return run_query.query("count", values, by=fields(values["by"] or ""))


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.query.facets import fields
    from autotimeline.views import count

    return count.FIELDS(fields(values.get("by") or ""))


BY = options.Option(
    "by",
    "--by",
    "Count by year, quarter, month, era, actor, kind, …; by two with a comma.",
    "FIELD[,FIELD]",
    complete="by",
)
COMMAND = options.Command(
    "How many events, by year, actor, kind, … or two of them.",
    _run,
    (*options.QUERY, BY),
    (options.QUERY_WORDS,),
    fields=_fields,
)
