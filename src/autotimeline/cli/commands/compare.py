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
    from autotimeline.reports.comparison import Side, meaning
    from autotimeline.views import compare

    if len(values["sides"]) < 2:
        raise UsageError("compare takes two sides or more: autotimeline compare era:tavares era:filosa")
    form = run_query.chosen_format(values)
    fields = run_query.chosen_fields(values, compare.BRIEF, compare.FIELDS, complete=form.COMPLETE)
    opened = run_query.story(values)
    scope = opened.select().scope
    nodes = [meaning(word, scope) for word in values["sides"]]
    alike = {**values, **dict.fromkeys(run_query.ARRANGED)}
    sides = [Side(node, run_query.selected(opened, alike, (), node)) for node in nodes]
    selections = [side.selection for side in sides]
    run_query.tell(values, *selections)
    if values["explain"]:
        return run_query.explain(opened, values, *selections)
    about = " ".join(["compare", *(f'"{side.label}"' if " " in side.label else side.label for side in sides)])
    return run_query.deliver(compare.table(sides, compare.FIELDS), about, form, fields, values, opened, *selections)


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import compare

    return compare.FIELDS


SIDES = options.Words(
    "sides", "SIDE...", "Each a query, an era, an actor, a period or an event's id.", at_least=2, complete="side"
)
COMMAND = options.Command(
    "Side by side: events field by field, stories on one axis.", _run, options.QUERY, (SIDES,), fields=_fields
)
