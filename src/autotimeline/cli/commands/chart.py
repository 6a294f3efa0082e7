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
    asked = {**values, "limit": None}
    return run_query.query("chart", asked, by=values["by"] or "kind", lanes=values["limit"])


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import chart

    return chart.FIELDS


BY = options.Option("by", "--by", "Which field has the lanes; without it kind.", "FIELD", complete="lanes")
# A chart has an order of its own: the lanes by how many events they have, the events by their dates.
_ORDER = ("sort", "reverse")
COMMAND = options.Command(
    "Lanes on a time axis to scale.",
    _run,
    (*(option for option in options.QUERY if option.name not in _ORDER), BY),
    (options.QUERY_WORDS,),
    fields=_fields,
)
