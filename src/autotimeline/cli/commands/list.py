"""`autotimeline list`."""

from autotimeline.cli import options, run_query
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    arguments = {"since": request.text(options.SINCE_EVENT), "context": request.number(options.CONTEXT)}
    return run_query.run_view("list", request, environment, **arguments)


COMMAND = Command(
    "List events, one per row.",
    _run,
    (*options.QUERY_OPTIONS, *options.ELAPSED_OPTIONS, options.CONTEXT),
    (options.QUERY_ARGUMENT,),
)
