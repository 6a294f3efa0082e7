"""`autotimeline names`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.reports.names import VOCABULARIES


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query

    return run_query.run_view("names", request, environment, vocabulary=request.required(FIELD))


FIELD = options.Argument(
    "field", "FIELD", f"{', '.join(VOCABULARIES[:-1])}, or {VOCABULARIES[-1]}.", "names", min_count=1, max_count=1
)
COMMAND = Command(
    "List the names in use, with their numbers of events.",
    _run,
    options.QUERY_OPTIONS,
    (FIELD, options.QUERY_ARGUMENT),
    view="names",
)
