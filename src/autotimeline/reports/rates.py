"""Figures as rates over one period, such as a month, and their changes."""

from bisect import bisect_left
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from autotimeline.dates.span import BEGIN, END, month_number
from autotimeline.errors import UsageError
from autotimeline.quantities.arithmetic import convert_rate, spread_over
from autotimeline.quantities.describe import describe_change, describe_quantity
from autotimeline.quantities.quantity import RATE_PERIODS, Quantity
from autotimeline.quantities.units import PERIODS_BY_NAME
from autotimeline.reports.figures import StatedFigure
from autotimeline.text import suggest

_ROUND_DOWN, _ROUND_UP = Context(prec=15, rounding=ROUND_FLOOR), Context(prec=15, rounding=ROUND_CEILING)


class Rate:
    """A figure as a rate, or the reason why it is not a rate.

    Attributes:
        figure: The figure as stated.
        quantity: The rate with its bounds, None if there is none.
        full_range: The rate including all contradicting claims, None if there is none.
        reason: Why the rate is missing, "" if it is not.
        change: The change from the previous rate, "down more than 14%", None without one.
        previous: The latest comparable rate whose period certainly ends before this one starts, None if there is none
            or if there are several different rates for that period.
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
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """The lower and the upper bound in 15 digits, rounded outward."""
        return rounded_bounds(self.quantity) if self.quantity else (None, None)

    @property
    def description(self) -> str:
        """The rate in words for a comparison: "fewer than 4,834 vehicles/month (2025H1)"."""
        range_text = describe_quantity(self.full_range) if self.full_range else ""
        time = self.figure.period or self.figure.date
        return f"{range_text} ({time})" if time else range_text


def rounded_bounds(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Return the bounds of a quantity in 15 digits, rounded outward; a missing bound is None."""
    low, high = quantity.low, quantity.high
    return None if low is None else _ROUND_DOWN.plus(low), None if high is None else _ROUND_UP.plus(high)


def parse_rate_period(name: str) -> str:
    """Return the name in RATE_PERIODS of a period given by any of its names.

    Raises:
        UsageError: If no period has that name.
    """
    known_period = PERIODS_BY_NAME.get(name.lower())
    if known_period is None:
        hint = suggest(name, RATE_PERIODS)
        raise UsageError(f'invalid period "{name}"{hint}; the periods are {", ".join(RATE_PERIODS)}')
    return known_period


def compute_rates(figures: Iterable[StatedFigure], per: str) -> list[Rate]:
    """Return the figures in their order as rates over a period of RATE_PERIODS, each with its change.

    A rate is converted. An amount is divided by the length of its period, which must be known to the day, and must be
    a whole number of months if `per` is months or longer. Other figures get a reason. Repeated and claimed figures
    have no change; a disputed one is compared with the range of all claims.
    """
    results = [_compute_rate(figure, per) for figure in figures]
    groups: dict[object, list[Rate]] = {}
    for rate in results:
        figure = rate.figure
        if rate.full_range and not (figure.claimed or figure.repeats):
            metric, of, unit, _, *other_keys = figure.comparison_key
            groups.setdefault((metric, of, unit, *other_keys), []).append(rate)
    for members in groups.values():
        members.sort(key=lambda rate: rate.figure.outer_days[::-1])
        ends = [rate.figure.outer_days[1] for rate in members]
        bounds_by_time: dict[tuple[int, int], set[tuple[Decimal | None, Decimal | None]]] = {}
        for rate in members:
            bounds_by_time.setdefault(rate.figure.outer_days, set()).add(rate.bounds)
        for rate in members:
            if index := bisect_left(ends, rate.figure.outer_days[0]):
                previous = members[index - 1]
                # Different numbers for the same days cannot be compared with later ones.
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
        return Rate(figure, None, None, "its period is not a whole number of months")
    rates = [convert_rate(spread_over(number, length, unit), per) for number in (quantity, full_range)]
    return Rate(figure, rates[0], rates[1], "")


def _not_spreadable_reason(figure: StatedFigure) -> str:
    """Return the reason why a figure is not an amount over a known period, or "" if it is one."""
    if figure.unit in ("%", "percentage-points"):
        return "a percentage is not a rate"
    if figure.measure.kind != "amount":
        kind = figure.measure.kind
        return "its metric measures a rate" if kind == "rate" else f"a {kind} is not a rate"
    span = figure.period_span
    if span is None:
        return "it states no period"
    if not figure.has_undisputed_period:
        return "sources disagree on the period that it covers"
    s1, s2, e1, e2 = span.throughout
    if span.qualified or s1 != s2 or e1 != e2 or s1 == BEGIN or e2 == END:
        return "the days on which its period begins and ends are not known"
    return ""


def whole_months(first: int, last: int) -> int:
    """Return the number of months from the first to the last day, or 0 if these are not whole months."""
    is_whole = month_number(first - 1) < month_number(first) and month_number(last) < month_number(last + 1)
    return month_number(last + 1) - month_number(first) if is_whole else 0
