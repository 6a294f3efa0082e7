"""`autotimeline chart`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query

    # How many: of lanes, whatever is in them.
    chart_values = {**values, "limit": None}
    return run_query.run_view("chart", chart_values, by=values["by"] or "kind", lanes=values["limit"])


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import chart

    return chart.FIELDS


BY = options.Option("by", "--by", "Which field has the lanes; without it kind.", "FIELD", completion="lanes")
# A chart has an order of its own: the lanes by how many events they have, the events by their dates.
_EXCLUDED_OPTIONS = ("sort", "reverse")
COMMAND = options.Command(
    "Lanes on a time axis to scale.",
    _run,
    (*(option for option in options.QUERY_OPTIONS if option.name not in _EXCLUDED_OPTIONS), BY),
    (options.QUERY_ARGUMENT,),
    fields=_fields,
)
