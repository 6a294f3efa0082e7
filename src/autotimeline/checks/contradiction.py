"""Two events that state one figure of one actor and period, with values that cannot both be true."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

from autotimeline.checks._finding import Finding, Findings
from autotimeline.dates import edtf
from autotimeline.dates.span import BEGIN, END
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import RATE_PERIODS, Quantity, unit_key
from autotimeline.query.columns import ID_ORDER_SQL
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAS_UNDISPUTED_FIGURES
from autotimeline.reports.metric_rules import is_one_off
from autotimeline.text import search_words

# A bound with 0, or with 1 (-1) for only the values above (below) it.
Bound = tuple[Fraction | float, int]

LEVEL = "problem"
EXPLAIN = """\
Two events that happened state the same metric with the same "of" and "holder", actors, places,
basis, and period, in comparable units, and the bounds of the values do not meet. A figure needs a
period, its own or that of a period event, with two ends and no qualifier. Expected and target
figures are compared only between events of the same day.

A figure without "of" may belong to its event alone: the cost of a plant is not its builder's total.
Such figures are compared only if the titles have the same words. The same holds for amounts that go
with an event (a cost, layoffs) and take its period.

Correct one of them. If both are right, state how they differ (place, period, actor, or metric), or
link the two events with contrasts, replaces, or part-of."""
# Events with such a link are about different things.
_DISTINGUISHING_LINKS = ("contrasts", "replaces", "replaced-by", "part-of", "has-part")


@dataclass(frozen=True, slots=True)
class _StatedValue:
    """A value that an event states, with the ids of linked events, whose values may differ."""

    event: str
    links: set[str]
    text: str
    low: Bound
    high: Bound


def find(everything: Selection) -> Findings:
    """Yield one finding for each event that contradicts at least one before it."""
    # A value that contradicts any earlier one contradicts the one that ends first or the one that begins last.
    extremes: dict[tuple[object, ...], tuple[_StatedValue, _StatedValue]] = {}
    fields = "id file line participants places links title date extent figures start_first end_last"
    for row in everything.rows(fields.split(), where=HAS_UNDISPUTED_FIGURES, order=ID_ORDER_SQL):
        id, file, line, actors, places, links, title, date, extent, figures, *days = row
        about = (frozenset(id for id, _ in actors), frozenset(places))
        event_day = date if days[0] is not None and days[0] == days[1] else None
        linked_ids = {link["event"] for link in links if link["type"] in _DISTINGUISHING_LINKS}
        event_period = date if extent == "throughout" else None
        for (key, period), figure in _stated_values(id, linked_ids, title, figures, event_day, event_period).items():
            first, last = extremes.get((*about, *key), (figure, figure))
            for other, is_disjoint in ((first, first.high < figure.low), (last, figure.high < last.low)):
                if is_disjoint and other.event not in linked_ids and id not in other.links:
                    what = f"{key[0]} {period} is {figure.text}, but {other.text} in {other.event}"
                    yield Finding(file, line, id, f"{what}; correct one of them", (other.event,))
                    break
            ends_first = min(first, figure, key=attrgetter("high"))
            extremes[*about, *key] = ends_first, max(last, figure, key=attrgetter("low"))


def _stated_values(
    id: str, links: set[str], title: str, figures: list[dict[str, Any]], event_day: str | None, event_period: str | None
) -> dict[tuple[tuple[object, ...], str], _StatedValue]:
    """Return the values of an event by what they are about; several values become one with the outer bounds."""
    result: dict[tuple[tuple[object, ...], str], _StatedValue] = {}
    for figure in figures:
        if figure["period"] is None or (figure["low"] is None and figure["high"] is None):
            continue
        if figure["basis"] != "actual" and event_day is None:
            continue
        period = edtf.parse_date(figure["period"])
        # A set of dates, or an open end, may mean different times in two events.
        if period.qualified or period.edtf[0] == "[" or not BEGIN < period.throughout[0] <= period.throughout[3] < END:
            continue
        quantity = parse_quantity(figure["text"])
        family, size = RATE_PERIODS.get(quantity.per, ("", 1))
        day = None if figure["basis"] == "actual" else event_day
        is_actor_total = figure["of"] and not (is_one_off(figure["metric"]) and figure["period"] == event_period)
        title_words = None if is_actor_total else frozenset(search_words(title).split())
        about = (figure["metric"], figure["of"], figure["holder"], title_words)
        key = (*about, period.throughout, figure["basis"], day, unit_key(quantity.unit), family)
        low, high = _bounds(quantity, size)
        text = quantity.shown
        if previous := result.get((key, period.shown)):
            low, high, text = min(low, previous.low), max(high, previous.high), f"{previous.text}, {text}"
        result[key, period.shown] = _StatedValue(id, links, text, low, high)
    return result


def _bounds(quantity: Quantity, size: int) -> tuple[Bound, Bound]:
    """Return the bounds of a quantity in a form in which `<` also respects excluded bounds."""

    def bound(value: Decimal | None, unbounded: float, is_open: bool, side: int) -> Bound:
        return (unbounded, 0) if value is None else (Fraction(value) / size, side if is_open else 0)

    low = bound(quantity.low, float("-inf"), quantity.low_open, 1)
    return low, bound(quantity.high, float("inf"), quantity.high_open, -1)
