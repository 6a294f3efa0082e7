"""Two events that state one figure of one actor and period, with values that cannot both be true."""

from __future__ import annotations

from fractions import Fraction

from autotimeline.checks._finding import Finding
from autotimeline.dates import edtf
from autotimeline.dates.span import BEGIN, END
from autotimeline.quantities.parse import parse
from autotimeline.quantities.quantity import PERIODS, unit_key
from autotimeline.reports.metric_rules import single
from autotimeline.text import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from typing import Any

    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.selection import Selection

    # A bound, and 1 above it or -1 below it where it is left out itself.
    Bound = tuple[Fraction | float, int]

LEVEL = "problem"
EXPLAIN = """\
Two events that happened state the same metric for the same actors, owner ("of"), places, basis, and
period, in comparable units, and the bounds of the values do not meet. Only figures with a period
are compared, their own or that of a period event, with two ends and no qualifier. Expected and
target figures may change, so they are compared only between events of the same day.

A figure without an owner may belong to its event alone: the cost of a plant is not its builder's
total. Such figures are compared only if the titles have the same words. The same holds for amounts
that go with an event (a cost, layoffs) and take its period, even with an owner.

Correct one of them. If both are right, state how they differ (place, period, actor, or metric), or
link the two events with contrasts, replaces, or part-of."""
BAD = """\
[source.s]
title = "S"

[actor.leapmotor]
name = "Leapmotor"

[[event]]
id = "annual-report"
period = "2024"
title = "Deliveries of the year, as reported"
actors = ["leapmotor"]
sources = ["s"]
figures.sales = { value = "293700 vehicles", of = "leapmotor" }

[[event]]
id = "registrations"
period = "2024"
title = "Cars that the authority registered"
actors = ["leapmotor"]
sources = ["s"]
figures.sales = { value = "<250000 vehicles", of = "leapmotor" }
"""
GOOD = BAD + 'places = ["China"]\n'
# So linked, the two events are known to differ, and to be about different things.
_DIFFERENT = ("contrasts", "replaces", "replaced-by", "part-of", "has-part")


class _Figure:
    """What an event says: the bounds of it, and the words."""

    __slots__ = ("event", "high", "links", "low", "text")

    def __init__(self, event: str, links: set[str], text: str, low: Bound, high: Bound) -> None:
        self.event = event
        self.links = links
        self.text = text
        self.low = low
        self.high = high


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each event that contradicts one before it; of several it is told against one.

    To be disjoint from one of many intervals is to be so from the one that ends first or the one that begins last.
    """
    extremes: dict[tuple[object, ...], tuple[_Figure, _Figure]] = {}
    said = (
        "id",
        "file",
        "line",
        "status",
        "disputed",
        "actors",
        "places",
        "links",
        "title",
        "date",
        "extent",
        "figures",
    )
    for row in everything.rows((*said, "start_lo", "end_hi")):
        id, file, line, status, disputed, actors, places, links, title, date, extent, figures, *days = row
        if status != "happened" or disputed or not figures:
            continue
        about = (frozenset(actor["id"] for actor in actors), frozenset(places))
        on = date if days[0] is not None and days[0] == days[1] else None
        linked = {link["event"] for link in links if link["type"] in _DIFFERENT}
        lent = date if extent == "throughout" else None
        for (key, period), one in _stated(id, linked, title, figures, on, lent).items():
            first, last = extremes.get((*about, *key), (one, one))
            disjoint = (first if first.high < one.low else None, last if one.high < last.low else None)
            other = next((two for two in disjoint if two and two.event not in linked and id not in two.links), None)
            if other:
                what = f"{key[0]} {period} is {one.text}, but {other.text} in {other.event}"
                yield Finding(file, line, id, f"{what}; settle it", (other.event,))
            extremes[*about, *key] = min(first, one, key=_ends), max(last, one, key=_begins)


def _ends(figure: _Figure) -> Bound:
    return figure.high


def _begins(figure: _Figure) -> Bound:
    return figure.low


def _stated(
    id: str, links: set[str], title: str, figures: list[dict[str, Any]], on: str | None, lent: str | None
) -> dict[tuple[tuple[object, ...], str], _Figure]:
    """Return what an event says of each thing; where it gives several values, all between the least and the most."""
    found: dict[tuple[tuple[object, ...], str], _Figure] = {}
    for figure in figures:
        if figure["period"] is None or (figure["low"] is None and figure["high"] is None):
            continue
        if figure["basis"] != "actual" and on is None:
            continue
        period = edtf.parse(figure["period"])
        # One of several, or with an open end, two of the same words need not be the same time.
        if period.qualified or period.edtf[0] == "[" or not BEGIN < period.throughout[0] <= period.throughout[3] < END:
            continue
        quantity = parse(figure["text"])
        family, size = PERIODS.get(quantity.per, ("", 1))
        day = None if figure["basis"] == "actual" else on
        whole = figure["of"] and not (single(figure["metric"]) and figure["period"] == lent)
        about = (figure["metric"], figure["of"], None if whole else frozenset(words(title).split()))
        key = (*about, period.throughout, figure["basis"], day, unit_key(quantity.unit), family)
        low, high = _bounds(quantity, size)
        text = quantity.shown
        if same := found.get((key, period.shown)):
            low, high, text = min(low, same.low), max(high, same.high), f"{same.text}, {text}"
        found[key, period.shown] = _Figure(id, links, text, low, high)
    return found


def _bounds(quantity: Quantity, size: int) -> tuple[Bound, Bound]:
    """Return the ends of a quantity: two are disjoint where the upper end of one is less than the other's lower end."""

    def end(value: Decimal | None, nothing: float, is_open: bool, side: int) -> Bound:
        return (nothing, 0) if value is None else (Fraction(value) / size, side if is_open else 0)

    low = end(quantity.low, float("-inf"), quantity.low_open, 1)
    return low, end(quantity.high, float("inf"), quantity.high_open, -1)
