"""`autotimeline chart`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query

    # The limit is one of lanes, not of events.
    arguments = {"by": request.text(BY) or "kind", "lanes": request.number(options.LIMIT)}
    return run_query.run_view("chart", request.without(options.LIMIT), environment, **arguments)


BY = options.Option("--by", "Draw a lane for each value of this field; kind by default.", "FIELD", "lanes")
# A chart has its own order: lanes by their number of events, events by date.
_EXCLUDED_OPTIONS = (options.SORT, options.REVERSE)
COMMAND = Command(
    "Draw events in lanes on a time axis.",
    _run,
    (*(option for option in options.QUERY_OPTIONS if option not in _EXCLUDED_OPTIONS), BY),
    (options.QUERY_ARGUMENT,),
    view="chart",
)
