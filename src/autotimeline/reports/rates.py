"""Figures brought to one footing: so much a month, or whatever they are to be compared by."""

from __future__ import annotations

from bisect import bisect_left
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

from autotimeline.dates.span import BEGIN, END, month_number
from autotimeline.errors import UsageError
from autotimeline.quantities.arithmetic import convert_rate, spread_over
from autotimeline.quantities.describe import describe_change, describe_quantity
from autotimeline.quantities.quantity import RATE_PERIODS
from autotimeline.quantities.units import PERIODS_BY_NAME
from autotimeline.reports.metric_rules import is_level
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from autotimeline.quantities.quantity import Quantity
    from autotimeline.reports.figures import StatedFigure

_ROUND_DOWN, _ROUND_UP = Context(prec=15, rounding=ROUND_FLOOR), Context(prec=15, rounding=ROUND_CEILING)


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

    __slots__ = ("change", "figure", "full_range", "previous", "quantity", "reason")

    def __init__(
        self, figure: StatedFigure, quantity: Quantity | None, full_range: Quantity | None, reason: str
    ) -> None:
        self.figure = figure
        self.quantity = quantity
        self.full_range = full_range
        self.reason = reason
        self.change: str | None = None
        self.previous: Rate | None = None

    @property
    def low(self) -> Decimal | None:
        """The lower bound in 15 digits, rounded outward."""
        return rounded_bounds(self.quantity)[0] if self.quantity else None

    @property
    def high(self) -> Decimal | None:
        """The upper bound in 15 digits, rounded outward."""
        return rounded_bounds(self.quantity)[1] if self.quantity else None

    @property
    def description(self) -> str:
        """The rate as it is said in a comparison: "fewer than 4,834 vehicles/month (2025H1)"."""
        range_text = describe_quantity(self.full_range) if self.full_range else ""
        time = self.figure.period or self.figure.date
        return f"{range_text} ({time})" if time else range_text


def rounded_bounds(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Return the bounds of a quantity in 15 digits, rounded outward; None where there is none."""
    low, high = quantity.low, quantity.high
    return None if low is None else _ROUND_DOWN.plus(low), None if high is None else _ROUND_UP.plus(high)


def parse_rate_period(name: str) -> str:
    """Return the period of a rate by any of its names.

    Raises:
        UsageError: There is none of that name.
    """
    known_period = PERIODS_BY_NAME.get(name.lower())
    if known_period is None:
        raise UsageError(
            f'--per "{name}" is no period{suggest(name, RATE_PERIODS)}; there are {", ".join(RATE_PERIODS)}'
        )
    return known_period


def compute_rates(figures: Iterable[StatedFigure], per: str) -> list[Rate]:
    """Return the figures as rates over a period of PERIODS, each with its change from the one before; in their order.

    An amount is spread over the period that it covers, where that is known to the day, and of whole months where
    `per` counts in months; a rate is converted. Nothing is guessed: what cannot be brought to it says why. A number
    that repeats another, or that a source claims, is compared with nothing, nor is anything with one of several that
    are stated for one time; one that sources contradict is compared with all that they say.
    """
    results = [_compute_rate(figure, per) for figure in figures]
    groups: dict[object, list[Rate]] = {}
    for rate in results:
        figure = rate.figure
        if rate.full_range and not (figure.claimed or figure.repeats):
            metric, of, unit, _, basis, status = figure.comparison_key
            groups.setdefault((metric, of, unit, basis, status), []).append(rate)
    for members in groups.values():
        members.sort(key=lambda rate: rate.figure.outer_days[::-1])
        ends = [rate.figure.outer_days[1] for rate in members]
        bounds_by_time: dict[tuple[int, int], set[tuple[Decimal | None, Decimal | None]]] = {}
        for rate in members:
            bounds_by_time.setdefault(rate.figure.outer_days, set()).add((rate.low, rate.high))
        for rate in members:
            # What has no beginning follows nothing.
            if index := bisect_left(ends, rate.figure.outer_days[0]):
                previous = members[index - 1]
                # Of several numbers for one time, none is the one before.
                if previous.full_range and rate.full_range and len(bounds_by_time[previous.figure.outer_days]) == 1:
                    rate.previous, rate.change = previous, describe_change(previous.full_range, rate.full_range)
    return results


def _compute_rate(figure: StatedFigure, per: str) -> Rate:
    quantity, full_range = figure.quantity, figure.full_range
    if quantity is None or full_range is None:
        return Rate(figure, None, None, "no number is given")
    uses_days = RATE_PERIODS[per][0] == "hour"
    if quantity.per:
        if (RATE_PERIODS[quantity.per][0] == "hour") != uses_days:
            return Rate(figure, None, None, "months differ in days")
        return Rate(figure, convert_rate(quantity, per), convert_rate(full_range, per), "")
    if reason := _not_spreadable_reason(figure):
        return Rate(figure, None, None, reason)
    first, last = figure.outer_days
    length, unit = (last - first + 1, "day") if uses_days else (whole_months(first, last), "month")
    if not length:
        return Rate(figure, None, None, "its period is no whole number of months")
    return Rate(
        figure,
        convert_rate(spread_over(quantity, length, unit), per),
        convert_rate(spread_over(full_range, length, unit), per),
        "",
    )


def _not_spreadable_reason(figure: StatedFigure) -> str:
    """Say why a figure is no amount over a known time, "" where it is."""
    if figure.unit in ("%", "percentage-points"):
        return "a percentage is no rate"
    if is_level(figure.metric):
        return "a level is no rate"
    span = figure.period_span
    if span is None:
        return "no period is known that it covers"
    if not figure.has_undisputed_period:
        return "sources disagree on the period that it covers"
    s1, s2, e1, e2 = span.throughout
    if span.qualified or s1 != s2 or e1 != e2 or s1 == BEGIN or e2 == END:
        return "the days on which its period begins and ends are not known"
    return ""


def whole_months(first: int, last: int) -> int:
    """Return how many whole months these days are, 0 where they are no whole number of them, or open at an end."""
    is_whole = month_number(first - 1) < month_number(first) and month_number(last) < month_number(last + 1)
    return month_number(last + 1) - month_number(first) if is_whole else 0
