"""`autotimeline compare`."""

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.reports.comparison import Side, parse_side
    from autotimeline.views import compare

    words = request.texts(SIDES)
    if len(words) < 2:
        raise UsageError("compare: fewer than two sides; write autotimeline compare era:tavares era:filosa")
    formatter = run_query.resolve_format(request, environment)
    fields = run_query.resolve_fields(request, formatter, compare.DEFAULT_FIELDS, compare.FIELDS)
    timeline = run_query.open_store(request, environment)
    resolver = timeline.select().resolver
    nodes = [parse_side(word, resolver) for word in words]
    event_request = request.without(*options.ROW_OPTIONS)
    sides = [Side(node, run_query.select(timeline, event_request, node)) for node in nodes]
    selections = [side.selection for side in sides]
    run_query.report_notes(request, environment, *selections)
    if request.flag(options.EXPLAIN):
        return run_query.write_explanation(timeline, request, environment, *selections)
    description = " ".join(["compare", *(f'"{side.label}"' if " " in side.label else side.label for side in sides)])
    table = compare.table(sides, compare.FIELDS)
    return run_query.write_result(table, description, formatter, fields, request, environment, timeline, *selections)


SIDES = options.Argument(
    "sides", "SIDE...", "A query, an era, an actor, a period, or the id of an event.", "side", min_count=2
)
COMMAND = Command("Compare events, or stories, side by side.", _run, options.QUERY_OPTIONS, (SIDES,), view="compare")
