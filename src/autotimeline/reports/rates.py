"""Figures brought to one footing: so much a month, or whatever they are to be compared by."""

from __future__ import annotations

from bisect import bisect_left
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

from autotimeline.dates.span import BEGIN, END, month
from autotimeline.errors import UsageError
from autotimeline.quantities.arithmetic import convert, over
from autotimeline.quantities.describe import change, spoken
from autotimeline.quantities.quantity import PERIODS
from autotimeline.quantities.units import PERIOD_NAMES
from autotimeline.reports.metric_rules import level
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from autotimeline.quantities.quantity import Quantity
    from autotimeline.reports.figures import Stated

_DOWN, _UP = Context(prec=15, rounding=ROUND_FLOOR), Context(prec=15, rounding=ROUND_CEILING)


class Rate:
    """A figure as a rate, or why it is none.

    Attributes:
        figure: The figure as it was stated.
        quantity: The rate with its bounds, None where there is none.
        why: A few words on why there is none, "" where there is.
        change: How it differs from the one before: "down more than 14%"; None where there is none before.
        before: The latest rate of the same metric, owner, unit, basis and status that surely ends before this
            one begins, None where there is none, and where others of its time are not the same.
    """

    __slots__ = ("before", "change", "figure", "quantity", "reach", "why")

    def __init__(self, figure: Stated, quantity: Quantity | None, reach: Quantity | None, why: str) -> None:
        self.figure = figure
        self.quantity = quantity
        self.reach = reach
        self.why = why
        self.change: str | None = None
        self.before: Rate | None = None

    @property
    def low(self) -> Decimal | None:
        """The lower bound in 15 digits, rounded outward."""
        return outward(self.quantity)[0] if self.quantity else None

    @property
    def high(self) -> Decimal | None:
        """The upper bound in 15 digits, rounded outward."""
        return outward(self.quantity)[1] if self.quantity else None

    @property
    def told(self) -> str:
        """The rate as it is said in a comparison: "fewer than 4,834 vehicles/month (2025H1)"."""
        words = spoken(self.reach) if self.reach else ""
        when = self.figure.period or self.figure.date
        return f"{words} ({when})" if when else words


def outward(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Return the bounds of a quantity in 15 digits, rounded outward; None where there is none."""
    low, high = quantity.low, quantity.high
    return None if low is None else _DOWN.plus(low), None if high is None else _UP.plus(high)


def period(name: str) -> str:
    """Return the period of a rate by any of its names.

    Raises:
        UsageError: There is none of that name.
    """
    found = PERIOD_NAMES.get(name.lower())
    if found is None:
        raise UsageError(f'--per "{name}" is no period{nearest(name, PERIODS)}; there are {", ".join(PERIODS)}')
    return found


def rates(figures: Iterable[Stated], per: str) -> list[Rate]:
    """Return the figures as rates over a period of PERIODS, each with its change from the one before; in their order.

    An amount is spread over the period that it covers, where that is known to the day, and of whole months where
    `per` counts in months; a rate is converted. Nothing is guessed: what cannot be brought to it says why. A number
    that repeats another, or that a source claims, is compared with nothing, nor is anything with one of several that
    are stated for one time; one that sources contradict is compared with all that they say.
    """
    found = [_rate(figure, per) for figure in figures]
    groups: dict[object, list[Rate]] = {}
    for rate in found:
        figure = rate.figure
        if rate.reach and not (figure.claimed or figure.repeats):
            metric, of, unit, _, basis, status = figure.kind
            groups.setdefault((metric, of, unit, basis, status), []).append(rate)
    for members in groups.values():
        members.sort(key=lambda rate: rate.figure.outer[::-1])
        ends = [rate.figure.outer[1] for rate in members]
        said: dict[tuple[int, int], set[tuple[Decimal | None, Decimal | None]]] = {}
        for rate in members:
            said.setdefault(rate.figure.outer, set()).add((rate.low, rate.high))
        for rate in members:
            # What has no beginning follows nothing.
            if at := bisect_left(ends, rate.figure.outer[0]):
                before = members[at - 1]
                # Of several numbers for one time, none is the one before.
                if before.reach and rate.reach and len(said[before.figure.outer]) == 1:
                    rate.before, rate.change = before, change(before.reach, rate.reach)
    return found


def _rate(figure: Stated, per: str) -> Rate:
    quantity, reach = figure.quantity, figure.reach
    if quantity is None or reach is None:
        return Rate(figure, None, None, "no number is given")
    days = PERIODS[per][0] == "hour"
    if quantity.per:
        if (PERIODS[quantity.per][0] == "hour") != days:
            return Rate(figure, None, None, "months differ in days")
        return Rate(figure, convert(quantity, per), convert(reach, per), "")
    if why := _no_amount(figure):
        return Rate(figure, None, None, why)
    first, last = figure.outer
    number, step = (last - first + 1, "day") if days else (months(first, last), "month")
    if not number:
        return Rate(figure, None, None, "its period is no whole number of months")
    return Rate(figure, convert(over(quantity, number, step), per), convert(over(reach, number, step), per), "")


def _no_amount(figure: Stated) -> str:
    """Say why a figure is no amount over a known time, "" where it is."""
    if figure.unit in ("%", "percentage-points"):
        return "a percentage is no rate"
    if level(figure.metric):
        return "a level is no rate"
    span = figure.span
    if span is None:
        return "no period is known that it covers"
    if not figure.timed:
        return "sources disagree on the period that it covers"
    s1, s2, e1, e2 = span.throughout
    if span.qualified or s1 != s2 or e1 != e2 or s1 == BEGIN or e2 == END:
        return "the days on which its period begins and ends are not known"
    return ""


def months(first: int, last: int) -> int:
    """Return how many whole months these days are, 0 where they are no whole number of them, or open at an end."""
    whole = month(first - 1) < month(first) and month(last) < month(last + 1)
    return month(last + 1) - month(first) if whole else 0
