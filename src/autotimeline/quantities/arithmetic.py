"""Reckon with bounded quantities: exactly, with open and closed ends kept, rounded outward when shown."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from autotimeline.errors import QuantityError
from autotimeline.quantities.quantity import (
    EXACT_CONTEXT,
    RATE_PERIODS,
    Quantity,
    QuantityRange,
    format_number,
    format_range,
    format_unit,
    unit_key,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    ExactBounds = tuple[Fraction | None, Fraction | None]

# What `low` and `high` of a divided quantity are rounded to: outward, far below what is shown.
_ROUND_DOWN, _ROUND_UP = Context(prec=28, rounding=ROUND_FLOOR), Context(prec=28, rounding=ROUND_CEILING)


def convert_rate(quantity: Quantity, per: str) -> Quantity:
    """Give a rate over another period: 12 months are 4 quarters, 2 halves, 1 year; 7 days are 1 week.

    Raises:
        QuantityError: it is no rate, `per` is no period, or one counts in months and the other in
            days, whose number in a month varies.
    """
    if per not in RATE_PERIODS:
        raise QuantityError(f'"{per}" is no period of a rate; write one of {", ".join(RATE_PERIODS)}')
    if quantity.per == per:
        return quantity
    if not quantity.per:
        raise QuantityError(
            f'"{quantity.shown}" is an amount, not a rate; say over which time, as in "{quantity.shown}/{per}"'
        )
    if not _is_convertible(quantity.per, per):
        raise QuantityError(
            f'"{quantity.shown}" does not convert to /{per}: months differ in days; '
            "years, halves, quarters and months convert, and weeks, days and hours do"
        )
    return _scale_rate(quantity, Fraction(RATE_PERIODS[per][1], RATE_PERIODS[quantity.per][1]), per)


def spread_over(quantity: Quantity, number: int, per: str = "month") -> Quantity:
    """Give an amount over so many months, or another of PERIODS, as a rate: 68,000 over 12 is 5,667/month.

    Raises:
        QuantityError: it is a rate already, a percentage, or there is no month.
    """
    if quantity.per:
        raise QuantityError(f'"{quantity.shown}" is a rate already; convert it instead')
    if quantity.unit == "%":
        raise QuantityError(f'"{quantity.shown}" is a percentage, which does not spread over {per}s')
    if number < 1:
        raise QuantityError(f"{number} {per}s is no time; a rate needs at least one {per}")
    return _scale_rate(quantity, Fraction(1, number), per)


def add_quantities(quantities: Iterable[Quantity]) -> Quantity:
    """Add up quantities of one unit and rate; the bounds add, and one approximate makes all so.

    Raises:
        QuantityError: there is none, units or rates differ, or they are percentages.
    """
    values = list(quantities)
    if not values:
        raise QuantityError("there is nothing to add")
    first, *rest = values
    for value in rest:
        require_same_unit(first, value, "add")
        if first.unit == "%":
            raise QuantityError(f'"{first.shown}" and "{value.shown}" do not add: percentages never do')
    low, high = (_sum_bounds(bounds) for bounds in zip(*map(fraction_bounds, values), strict=True))
    return _combine(
        values, (low, high), any(value.low_open for value in values), any(value.high_open for value in values)
    )


def hull(quantities: Iterable[Quantity]) -> Quantity:
    """Give what any of some quantities of one unit and rate may be: from the least to the most of them all.

    Raises:
        QuantityError: there is none, or units or rates differ.
    """
    values = list(quantities)
    if not values:
        raise QuantityError("there is nothing to choose from")
    first, *rest = values
    for value in rest:
        require_same_unit(first, value, "compare")
    lows, highs = (
        [end for end in bounds if end is not None] for bounds in zip(*map(fraction_bounds, values), strict=True)
    )
    low = min(lows) if len(lows) == len(values) else None
    high = max(highs) if len(highs) == len(values) else None
    return _combine(
        values,
        (low, high),
        all(value.low_open for value in values if fraction_bounds(value)[0] == low),
        all(value.high_open for value in values if fraction_bounds(value)[1] == high),
    )


def subtract(minuend: Quantity, subtrahend: Quantity) -> Quantity:
    """Take `other` from `one`; its rate is converted first. Percentages give percentage points.

    Raises:
        QuantityError: units differ, or a rate meets an amount or a rate that does not convert.
    """
    subtrahend = match_rate(minuend, subtrahend, "subtract")
    low, high = fraction_bounds(subtrahend)
    minuend_low, minuend_high = fraction_bounds(minuend)
    exact = (
        _sum_bounds((minuend_low, None if high is None else -high)),
        _sum_bounds((minuend_high, None if low is None else -low)),
    )
    unit = "percentage-points" if minuend.unit == "%" else minuend.unit
    return _combine(
        [minuend, subtrahend],
        exact,
        minuend.low_open or subtrahend.high_open,
        minuend.high_open or subtrahend.low_open,
        unit,
    )


def ratio(dividend: Quantity, divisor: Quantity) -> Quantity:
    """Divide quantities of one unit: a quantity without a unit.

    A divisor that may come as near to 0 as it likes leaves the ratio unbounded on that side.

    Raises:
        QuantityError: as `subtract`; also where the divisor is 0, or may be on either side of it.
    """
    divisor = match_rate(dividend, divisor, "divide")
    (low, high), (divisor_low, divisor_high) = fraction_bounds(dividend), fraction_bounds(divisor)
    low_open, high_open, divisor_low_open, divisor_high_open = (
        dividend.low_open,
        dividend.high_open,
        divisor.low_open,
        divisor.high_open,
    )
    if divisor_high is not None and divisor_high <= 0:
        # Both negated, the divisor lies above 0, and one case is left.
        low, high, low_open, high_open = _negate_bounds(low, high, low_open, high_open)
        divisor_low, divisor_high, divisor_low_open, divisor_high_open = _negate_bounds(
            divisor_low, divisor_high, divisor_low_open, divisor_high_open
        )
    if divisor_low is None or divisor_low < 0 or divisor_high == 0:
        raise QuantityError(f'"{dividend.shown}" by "{divisor.shown}": the divisor may be 0, so there is no ratio')
    smallest_factor = (Fraction(0), True) if divisor_high is None else (1 / divisor_high, divisor_high_open)
    largest_factor = None if divisor_low == 0 else (1 / divisor_low, divisor_low_open)
    low_end = high_end = None
    if low is not None:
        low_end = _multiply_ends((low, low_open), smallest_factor if low >= 0 else largest_factor)
    if high is not None:
        high_end = _multiply_ends((high, high_open), largest_factor if high > 0 else smallest_factor)
    return make_quantity(
        (low_end and low_end[0], high_end and high_end[0]),
        bool(low_end and low_end[1]),
        bool(high_end and high_end[1]),
        dividend.about or divisor.about,
        is_quotient=True,
    )


def fraction_bounds(value: QuantityRange) -> ExactBounds:
    """Give the exact bounds as fractions, None where there is none."""
    low, high = value.exact_bounds
    return None if low is None else Fraction(low), None if high is None else Fraction(high)


def match_rate(first: Quantity, second: Quantity, operation: str) -> Quantity:
    """Give `other` at the rate of `one`.

    Raises:
        QuantityError: the units differ, or a rate meets an amount; the message says what was `doing`.
    """
    if first.per and second.per and unit_key(first.unit) == unit_key(second.unit):
        return convert_rate(second, first.per)
    require_same_unit(first, second, operation)
    return second


def require_same_unit(first: Quantity, second: Quantity, operation: str) -> None:
    """Refuse two quantities of different units or rates."""
    if unit_key(first.unit) != unit_key(second.unit):
        units = " and ".join(f'"{value.unit}"' if value.unit else "none" for value in (first, second))
        raise QuantityError(
            f'"{first.shown}" and "{second.shown}" do not {operation}: their units are {units}, '
            "and units never convert silently"
        )
    if first.per != second.per:
        reason = "their rates differ; convert one first" if first.per and second.per else "one is a rate"
        raise QuantityError(f'"{first.shown}" and "{second.shown}" do not {operation}: {reason}')


def make_quantity(
    exact: ExactBounds,
    low_open: bool = False,
    high_open: bool = False,
    about: bool = False,
    unit: str = "",
    per: str = "",
    *,
    is_quotient: bool = False,
) -> Quantity:
    """Make a quantity of exact bounds; `divided` shows about four digits of them, rounded outward."""
    low, high = (
        None if end is None else context.divide(Decimal(end.numerator), Decimal(end.denominator))
        for end, context in zip(exact, (_ROUND_DOWN, _ROUND_UP), strict=True)
    )
    shown = _format_bounds(exact, low_open, high_open, about, unit, is_quotient)
    stored_exact = exact if is_quotient or exact != (low, high) else None
    return Quantity(low, high, low_open, high_open, unit, per, shown + format_unit(unit, per), about, stored_exact)


def _format_bounds(
    exact: ExactBounds, low_open: bool, high_open: bool, about: bool, unit: str, is_quotient: bool
) -> str:
    low, high = exact
    magnitude = max((abs(end) for end in exact if end is not None), default=Fraction(0))

    def to_decimal(end: Fraction, rounding: str) -> Decimal:
        number = Context(prec=120).divide(Decimal(end.numerator), Decimal(end.denominator))
        if not is_quotient:
            return number
        # Four digits, and of counts below a million all before the point; but not three decimals
        # after a digit other than 0, which would read as a thousand.
        leading = Decimal(int(magnitude)).adjusted() if magnitude >= 1 else number.adjusted() if number else 0
        places = leading - 3 if leading >= 6 else min(0, leading - 3) + (not leading)
        step = Decimal(1).scaleb(places)
        return (
            number if number == EXACT_CONTEXT.quantize(number, step) else number.quantize(step, rounding, EXACT_CONTEXT)
        )

    if low is None and high is None:
        return "unknown"
    if about and (qualified := _find_qualifier(low, high, low_open, high_open)):
        qualifier, middle = qualified
        return qualifier + format_number(to_decimal(middle, "ROUND_HALF_EVEN"), unit)
    prefix = "~" if about else ""
    if high is None and low is not None:
        return prefix + (">" if low_open else "at least ") + format_number(to_decimal(low, ROUND_FLOOR), unit)
    assert high is not None  # noqa: S101 - for the type checker: both None is "unknown"
    if low == high and not about:
        return format_number(to_decimal(high, "ROUND_HALF_EVEN"), unit)
    top = to_decimal(high, ROUND_CEILING)
    if low is None or (low == 0 and not low_open):
        # A sign says that the bound at 0 does not hold.
        return prefix + ("<" if high_open else "up to ") + format_number(top, unit, force_sign=low is None)
    return prefix + format_range(to_decimal(low, ROUND_FLOOR), top, low_open, high_open, unit, force_sign=False)


def _find_qualifier(
    low: Fraction | None, high: Fraction | None, low_open: bool, high_open: bool
) -> tuple[str, Fraction] | None:
    """Find the qualifier that gives just these bounds, and its number."""
    if low is None or high is None or (low < 0 < high):
        return None
    near, far = sorted((low, high), key=abs)
    near_open, far_open = (low_open, high_open) if near is low else (high_open, low_open)
    middle = (low + high) / 2
    if not (low_open or high_open) and near * 11 == far * 9 and near != far:
        return "~", middle
    if far_open and not near_open and near * 10 == far * 9:
        return "nearly ", far
    if near_open and not far_open and near * 11 == far * 10:
        return "a little over ", near
    return ("~", middle) if low == high == 0 else None


def _scale_rate(quantity: Quantity, factor: Fraction, per: str) -> Quantity:
    low, high = fraction_bounds(quantity)
    exact = (None if low is None else low * factor, None if high is None else high * factor)
    return make_quantity(
        exact, quantity.low_open, quantity.high_open, quantity.about, quantity.unit, per, is_quotient=True
    )


def _combine(
    values: list[Quantity], exact: ExactBounds, low_open: bool, high_open: bool, unit: str | None = None
) -> Quantity:
    return make_quantity(
        exact,
        exact[0] is not None and low_open,
        exact[1] is not None and high_open,
        any(value.about for value in values),
        values[0].unit if unit is None else unit,
        values[0].per,
        is_quotient=any(value.is_quotient for value in values),
    )


def _sum_bounds(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """Add up exactly; one without bound leaves none."""
    total = Fraction(0)
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _negate_bounds(
    low: Fraction | None, high: Fraction | None, low_open: bool, high_open: bool
) -> tuple[Fraction | None, Fraction | None, bool, bool]:
    return None if high is None else -high, None if low is None else -low, high_open, low_open


def _multiply_ends(first: tuple[Fraction, bool], second: tuple[Fraction, bool] | None) -> tuple[Fraction, bool] | None:
    """Multiply two ends, each with whether it is open; None is without bound."""
    if second is None:
        return None
    (x, x_open), (y, y_open) = first, second
    # Nought times anything is nought, so one closed nought is enough to attain it.
    is_attained = (not x_open and not y_open) or (x == 0 and not x_open) or (y == 0 and not y_open)
    return x * y, not is_attained


def _is_convertible(first: str, second: str) -> bool:
    return bool(first and second) and RATE_PERIODS[first][0] == RATE_PERIODS[second][0]
