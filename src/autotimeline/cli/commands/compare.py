"""`autotimeline compare`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query
    from autotimeline.errors import UsageError
    from autotimeline.reports.comparison import Side, parse_side
    from autotimeline.views import compare

    if len(values["sides"]) < 2:
        raise UsageError("compare takes two sides or more: autotimeline compare era:tavares era:filosa")
    formatter = run_query.resolve_format(values)
    fields = run_query.resolve_fields(
        values, compare.DEFAULT_FIELDS, compare.FIELDS, all_by_default=formatter.ALL_FIELDS_BY_DEFAULT
    )
    timeline = run_query.open_store(values)
    scope = timeline.select().resolver
    nodes = [parse_side(word, scope) for word in values["sides"]]
    unordered_values = {**values, **dict.fromkeys(run_query.ROW_OPTIONS)}
    sides = [Side(node, run_query.build_selection(timeline, unordered_values, (), node)) for node in nodes]
    selections = [side.selection for side in sides]
    run_query.report_notes(values, *selections)
    if values["explain"]:
        return run_query.write_explanation(timeline, values, *selections)
    description = " ".join(["compare", *(f'"{side.label}"' if " " in side.label else side.label for side in sides)])
    return run_query.write_result(
        compare.table(sides, compare.FIELDS), description, formatter, fields, values, timeline, *selections
    )


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import compare

    return compare.FIELDS


SIDES = options.Argument(
    "sides", "SIDE...", "Each a query, an era, an actor, a period or an event's id.", min_count=2, completion="side"
)
COMMAND = options.Command(
    "Side by side: events field by field, stories on one axis.", _run, options.QUERY_OPTIONS, (SIDES,), fields=_fields
)
