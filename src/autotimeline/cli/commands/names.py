"""`autotimeline names`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.reports.names import VOCABULARIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query

    return run_query.run_view("names", request, environment, vocabulary=request.required(FIELD))


def _fields(request: Request) -> Sequence[str]:
    from autotimeline.views import names

    return names.arrange_fields(names.FIELDS, request.required(FIELD))


FIELD = options.Argument(
    "field", "FIELD", f"{', '.join(VOCABULARIES[:-1])}, or {VOCABULARIES[-1]}.", "names", min_count=1, max_count=1
)
COMMAND = Command(
    "List the names in use, with their numbers of events.",
    _run,
    options.QUERY_OPTIONS,
    (FIELD, options.QUERY_ARGUMENT),
    fields=_fields,
)
