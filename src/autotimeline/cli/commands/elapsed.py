"""`autotimeline elapsed`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query

    return run_query.run_view("elapsed", request, environment, link=request.required(LINK))


LINK = options.Argument(
    "link", "LINK", "A link of events: fulfilled-by, leads-to, replaced-by, …", "links", min_count=1, max_count=1
)
COMMAND = Command(
    "Show the time between linked events, and its median.",
    _run,
    options.QUERY_OPTIONS,
    (LINK, options.QUERY_ARGUMENT),
    view="elapsed",
)
