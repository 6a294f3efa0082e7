"""Exact arithmetic with bounded quantities; open ends stay open, and displayed quotients are rounded outward."""

from collections.abc import Iterable
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

ExactBounds = tuple[Fraction | None, Fraction | None]
# A bound and whether it is open; None if unbounded.
End = tuple[Fraction, bool] | None

# `low` and `high` of a quotient are rounded outward, with far more digits than its text shows.
_ROUND_DOWN, _ROUND_UP = Context(prec=28, rounding=ROUND_FLOOR), Context(prec=28, rounding=ROUND_CEILING)


def convert_rate(quantity: Quantity, per: str) -> Quantity:
    """Return the rate over another period: 12 months are 4 quarters, 2 halves, or 1 year; 7 days are 1 week.

    Raises:
        QuantityError: If it is not a rate, `per` is not a period, or one is based on months and the other on days.
    """
    if per not in RATE_PERIODS:
        raise QuantityError(f'"{per}" is not a period of a rate; write one of {", ".join(RATE_PERIODS)}')
    if quantity.per == per:
        return quantity
    if not quantity.per:
        shown = quantity.shown
        raise QuantityError(f'"{shown}" is an amount, not a rate; add its period, as in "{shown}/{per}"')
    if RATE_PERIODS[quantity.per][0] != RATE_PERIODS[per][0]:
        raise QuantityError(
            f'"{quantity.shown}" does not convert to /{per}: months differ in days; '
            "years, halves, quarters and months convert, and weeks, days and hours do"
        )
    return _scale_rate(quantity, Fraction(RATE_PERIODS[per][1], RATE_PERIODS[quantity.per][1]), per)


def spread_over(quantity: Quantity, number: int, per: str = "month") -> Quantity:
    """Return the rate of an amount over so many months (or another period): 68,000 over 12 is 5,667/month.

    Raises:
        QuantityError: If it is a rate or a percentage, or the number is less than 1.
    """
    if quantity.per:
        raise QuantityError(f'"{quantity.shown}" is a rate already; convert it instead')
    if quantity.unit == "%":
        raise QuantityError(f'"{quantity.shown}" is a percentage, which does not spread over {per}s')
    if number < 1:
        raise QuantityError(f"{number} {per}s: a rate needs at least one {per}")
    return _scale_rate(quantity, Fraction(1, number), per)


def add_quantities(quantities: Iterable[Quantity]) -> Quantity:
    """Return the sum of quantities of one unit and rate; it is approximate if any of them is.

    Raises:
        QuantityError: If there is none, units or rates differ, or they are percentages.
    """
    values = list(quantities)
    if not values:
        raise QuantityError("there is nothing to add")
    first, *rest = values
    for value in rest:
        require_same_unit(first, value, "add")
        if first.unit == "%":
            raise QuantityError(f'"{first.shown}" and "{value.shown}" do not add: percentages never do')
    lows, highs = zip(*map(exact_ends, values), strict=True)
    return _combine(values, _add_ends(*lows), _add_ends(*highs))


def hull(quantities: Iterable[Quantity]) -> Quantity:
    """Return the range from the lowest to the highest bound of quantities of one unit and rate.

    Raises:
        QuantityError: If there is none, or units or rates differ.
    """
    values = list(quantities)
    if not values:
        raise QuantityError("there is nothing to choose from")
    first, *rest = values
    for value in rest:
        require_same_unit(first, value, "compare")
    lows, highs = zip(*map(exact_ends, values), strict=True)
    # Of equal bounds, a closed one is the outer one.
    low = None if None in lows else min(lows)
    high = None if None in highs else max(highs, key=lambda end: (end[0], not end[1]))
    return _combine(values, low, high)


def subtract(minuend: Quantity, subtrahend: Quantity) -> Quantity:
    """Return the difference, at the rate of the minuend; of percentages, in percentage points.

    Raises:
        QuantityError: If units differ, only one is a rate, or the rates do not convert.
    """
    subtrahend = match_rate(minuend, subtrahend, "subtract")
    (minuend_low, minuend_high), (low, high) = exact_ends(minuend), exact_ends(subtrahend)
    low, high = _add_ends(minuend_low, _negate_end(high)), _add_ends(minuend_high, _negate_end(low))
    unit = "percentage-points" if minuend.unit == "%" else minuend.unit
    return _combine([minuend, subtrahend], low, high, unit)


def ratio(dividend: Quantity, divisor: Quantity) -> Quantity:
    """Return the ratio of quantities of one unit, without a unit; unbounded if the divisor has a bound of 0.

    Raises:
        QuantityError: If units or rates do not fit as in `subtract`, or the divisor may be 0 or of either sign.
    """
    divisor = match_rate(dividend, divisor, "divide")
    (low, high), (divisor_low, divisor_high) = exact_ends(dividend), exact_ends(divisor)
    if divisor_high and divisor_high[0] <= 0:
        # Negating both makes the divisor positive, so that only this case remains.
        low, high, divisor_low, divisor_high = map(_negate_end, (high, low, divisor_high, divisor_low))
    if divisor_low is None or divisor_low[0] < 0 or (divisor_high and divisor_high[0] == 0):
        raise QuantityError(f'"{dividend.shown}" by "{divisor.shown}": the divisor may be 0, so the ratio is unknown')
    smallest_factor = (1 / divisor_high[0], divisor_high[1]) if divisor_high else (Fraction(0), True)
    largest_factor = (1 / divisor_low[0], divisor_low[1]) if divisor_low[0] else None
    low = low and multiply_ends(low, smallest_factor if low[0] >= 0 else largest_factor)
    high = high and multiply_ends(high, largest_factor if high[0] > 0 else smallest_factor)
    return make_quantity(low, high, dividend.about or divisor.about, is_quotient=True)


def fraction_bounds(value: QuantityRange) -> ExactBounds:
    """Return the exact bounds as fractions; None if unbounded."""
    low, high = value.exact_bounds
    return None if low is None else Fraction(low), None if high is None else Fraction(high)


def match_rate(first: Quantity, second: Quantity, operation: str) -> Quantity:
    """Return the second quantity at the rate of the first; `operation` is a verb for the message.

    Raises:
        QuantityError: If the units differ, or only one is a rate.
    """
    if first.per and second.per and unit_key(first.unit) == unit_key(second.unit):
        return convert_rate(second, first.per)
    require_same_unit(first, second, operation)
    return second


def require_same_unit(first: Quantity, second: Quantity, operation: str) -> None:
    """Raise QuantityError if the units or rates differ."""
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
    low: End, high: End, about: bool = False, unit: str = "", per: str = "", *, is_quotient: bool = False
) -> Quantity:
    """Return a quantity with these ends.

    The text shows about four digits of a quotient and of an endless decimal, rounded outward. An exact amount that is
    an endless decimal is shown as the range between the two nearest hundredths.
    """
    exact = low and low[0], high and high[0]
    low_open, high_open = bool(low and low[1]), bool(high and high[1])
    rounded_low, rounded_high = (
        None if end is None else context.divide(Decimal(end.numerator), Decimal(end.denominator))
        for end, context in zip(exact, (_ROUND_DOWN, _ROUND_UP), strict=True)
    )
    shown = _format_bounds(exact, low_open, high_open, about, unit, is_quotient)
    shown += format_unit(unit, per)
    stored_exact = exact if is_quotient or exact != (rounded_low, rounded_high) else None
    return Quantity(rounded_low, rounded_high, low_open, high_open, unit, per, shown, about, stored_exact)


def _format_bounds(
    exact: ExactBounds, low_open: bool, high_open: bool, about: bool, unit: str, is_quotient: bool
) -> str:
    low, high = exact
    magnitude = max((abs(end) for end in exact if end is not None), default=Fraction(0))
    is_exact_amount = low == high and not (about or is_quotient)

    def to_decimal(end: Fraction, rounding: str) -> Decimal:
        number = Context(prec=120).divide(Decimal(end.numerator), Decimal(end.denominator))
        if not is_quotient and Fraction(number) == end:
            return number
        # Four digits, and below a million all digits before the point; but never three decimals after a digit other
        # than 0, which could be read as thousands.
        leading = Decimal(int(magnitude)).adjusted() if magnitude >= 1 else number.adjusted() if number else 0
        places = leading - 3 if leading >= 6 else min(0, leading - 3) + (not leading)
        step = Decimal(1).scaleb(min(places, -2) if is_exact_amount else places)
        is_exact = number == EXACT_CONTEXT.quantize(number, step)
        return number if is_exact else number.quantize(step, rounding, EXACT_CONTEXT)

    if low is None and high is None:
        return "unknown"
    if about and (qualified := _find_qualifier(low, high, low_open, high_open)):
        qualifier, middle = qualified
        rounded = to_decimal(middle, "ROUND_HALF_EVEN")
        if qualifier == "~" or is_quotient or rounded == middle:
            return qualifier + format_number(rounded, unit)
    prefix = "~" if about else ""
    if high is None and low is not None:
        return prefix + (">" if low_open else "at least ") + format_number(to_decimal(low, ROUND_FLOOR), unit)
    assert high is not None  # noqa: S101 - for the type checker: both None is "unknown"
    top = to_decimal(high, ROUND_CEILING)
    if low == high and not about and (is_quotient or top == high):
        return format_number(to_decimal(high, "ROUND_HALF_EVEN"), unit)
    if low is None or (low == 0 and not low_open):
        # The sign means that 0 is not a bound.
        return prefix + ("<" if high_open else "up to ") + format_number(top, unit, force_sign=low is None)
    return prefix + format_range(to_decimal(low, ROUND_FLOOR), top, low_open, high_open, unit, force_sign=False)


def _find_qualifier(
    low: Fraction | None, high: Fraction | None, low_open: bool, high_open: bool
) -> tuple[str, Fraction] | None:
    """Return the qualifier and the number that have exactly these bounds; None if there is none."""
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
    low, high = (end and (end[0] * factor, end[1]) for end in exact_ends(quantity))
    return make_quantity(low, high, quantity.about, quantity.unit, per, is_quotient=True)


def _combine(values: list[Quantity], low: End, high: End, unit: str | None = None) -> Quantity:
    """Return a quantity with these ends and the unit and rate of the first; approximate if any of them is."""
    about, is_quotient = any(value.about for value in values), any(value.is_quotient for value in values)
    return make_quantity(
        low, high, about, values[0].unit if unit is None else unit, values[0].per, is_quotient=is_quotient
    )


def exact_ends(quantity: Quantity) -> tuple[End, End]:
    """Return the lower and the upper end of a quantity."""
    low, high = fraction_bounds(quantity)
    return low if low is None else (low, quantity.low_open), high if high is None else (high, quantity.high_open)


def _add_ends(*ends: End) -> End:
    bounded = [end for end in ends if end]
    total = sum((number for number, _ in bounded), Fraction(0))
    return (total, any(is_open for _, is_open in bounded)) if len(bounded) == len(ends) else None


def _negate_end(end: End) -> End:
    return end and (-end[0], end[1])


def multiply_ends(first: tuple[Fraction, bool], second: End) -> End:
    """Return the product of two ends; None if the second is unbounded."""
    if second is None:
        return None
    (x, x_open), (y, y_open) = first, second
    # A closed 0 makes the product 0 whatever the other factor is.
    is_closed = (not x_open and not y_open) or (x == 0 and not x_open) or (y == 0 and not y_open)
    return x * y, not is_closed
