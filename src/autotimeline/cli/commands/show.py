"""`autotimeline show`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.query.parser import Or, Term

    return run_query.run_view("show", request, environment, Or([Term("id", id) for id in request.texts(IDS)]))


IDS = options.Argument("ids", "ID...", "The ids of the events.", "id", min_count=1)
COMMAND = Command("Show all facts of events, with sources and links.", _run, options.QUERY_OPTIONS, (IDS,), view="show")
