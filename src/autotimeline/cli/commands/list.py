"""`autotimeline list`."""

from autotimeline.cli import options, run_query
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    return run_query.run_view("list", request, environment, since=request.text(options.SINCE_EVENT))


COMMAND = Command(
    "List events, one per row.", _run, (*options.QUERY_OPTIONS, *options.ELAPSED_OPTIONS), (options.QUERY_ARGUMENT,)
)
