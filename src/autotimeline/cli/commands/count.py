"""`autotimeline count`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.query.facets import COUNT_FIELDS, parse_fields

    by = request.text(BY) or ""
    for word in () if by else request.texts(options.QUERY_ARGUMENT):
        if word.lower() in COUNT_FIELDS:
            environment.warn(f'"{word}" is searched as a word; to count by it write --by {word.lower()}')
    return run_query.run_view("count", request, environment, by=parse_fields(by))


def _fields(request: Request) -> Sequence[str]:
    from autotimeline.query.facets import parse_fields
    from autotimeline.views import count

    return count.arrange_fields(count.FIELDS, parse_fields(request.text(BY) or ""))


BY = options.Option("--by", "Count by year, quarter, month, era, actor, kind, …, or two.", "FIELD[,FIELD]", "by")
COMMAND = Command(
    "Count events by year, actor, kind, …, or two of them.",
    _run,
    (*options.QUERY_OPTIONS, BY),
    (options.QUERY_ARGUMENT,),
    fields=_fields,
)
