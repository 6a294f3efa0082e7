"""`autotimeline timeline`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query

    arguments = {
        "exact": request.flag(EXACT),
        "since": request.text(options.SINCE_EVENT),
        "context": request.number(options.CONTEXT),
    }
    return run_query.run_view("timeline", request, environment, **arguments)


EXACT = options.Option("--exact", "Show the gaps between events in days.")
COMMAND = Command(
    "Show the story from top to bottom.",
    _run,
    (*options.QUERY_OPTIONS, *options.ELAPSED_OPTIONS, options.CONTEXT, EXACT),
    (options.QUERY_ARGUMENT,),
)
