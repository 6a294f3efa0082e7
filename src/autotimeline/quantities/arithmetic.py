"""Reckon with bounded quantities: exactly, with open and closed ends kept, rounded outward when shown."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from autotimeline.errors import QuantityError
from autotimeline.quantities.quantity import (
    EXACT,
    PERIODS,
    Quantity,
    Range,
    show_number,
    show_span,
    show_unit,
    unit_key,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Ends = tuple[Fraction | None, Fraction | None]

# What `low` and `high` of a divided quantity are rounded to: outward, far below what is shown.
_DOWN, _UP = Context(prec=28, rounding=ROUND_FLOOR), Context(prec=28, rounding=ROUND_CEILING)


def convert(quantity: Quantity, per: str) -> Quantity:
    """Give a rate over another period: 12 months are 4 quarters, 2 halves, 1 year; 7 days are 1 week.

    Raises:
        QuantityError: it is no rate, `per` is no period, or one counts in months and the other in
            days, whose number in a month varies.
    """
    if per not in PERIODS:
        raise QuantityError(f'"{per}" is no period of a rate; write one of {", ".join(PERIODS)}')
    if quantity.per == per:
        return quantity
    if not quantity.per:
        raise QuantityError(
            f'"{quantity.shown}" is an amount, not a rate; say over which time, as in "{quantity.shown}/{per}"'
        )
    if not _convertible(quantity.per, per):
        raise QuantityError(
            f'"{quantity.shown}" does not convert to /{per}: months differ in days; '
            "years, halves, quarters and months convert, and weeks, days and hours do"
        )
    return _scaled(quantity, Fraction(PERIODS[per][1], PERIODS[quantity.per][1]), per)


def over(quantity: Quantity, number: int, per: str = "month") -> Quantity:
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
    return _scaled(quantity, Fraction(1, number), per)


def add(quantities: Iterable[Quantity]) -> Quantity:
    """Add up quantities of one unit and rate; the bounds add, and one approximate makes all so.

    Raises:
        QuantityError: there is none, units or rates differ, or they are percentages.
    """
    values = list(quantities)
    if not values:
        raise QuantityError("there is nothing to add")
    first, *rest = values
    for value in rest:
        same_unit(first, value, "add")
        if first.unit == "%":
            raise QuantityError(f'"{first.shown}" and "{value.shown}" do not add: percentages never do')
    low, high = (_total(several) for several in zip(*map(ends, values), strict=True))
    return _combined(
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
        same_unit(first, value, "compare")
    lows, highs = ([end for end in several if end is not None] for several in zip(*map(ends, values), strict=True))
    low = min(lows) if len(lows) == len(values) else None
    high = max(highs) if len(highs) == len(values) else None
    return _combined(
        values,
        (low, high),
        all(value.low_open for value in values if ends(value)[0] == low),
        all(value.high_open for value in values if ends(value)[1] == high),
    )


def subtract(one: Quantity, other: Quantity) -> Quantity:
    """Take `other` from `one`; its rate is converted first. Percentages give percentage points.

    Raises:
        QuantityError: units differ, or a rate meets an amount or a rate that does not convert.
    """
    other = like(one, other, "subtract")
    low, high = ends(other)
    least, most = ends(one)
    exact = _total((least, None if high is None else -high)), _total((most, None if low is None else -low))
    unit = "percentage-points" if one.unit == "%" else one.unit
    return _combined([one, other], exact, one.low_open or other.high_open, one.high_open or other.low_open, unit)


def ratio(one: Quantity, other: Quantity) -> Quantity:
    """Divide quantities of one unit: a quantity without a unit.

    A divisor that may come as near to 0 as it likes leaves the ratio unbounded on that side.

    Raises:
        QuantityError: as `subtract`; also where the divisor is 0, or may be on either side of it.
    """
    other = like(one, other, "divide")
    (low, high), (least, most) = ends(one), ends(other)
    low_open, high_open, least_open, most_open = one.low_open, one.high_open, other.low_open, other.high_open
    if most is not None and most <= 0:
        # Both negated, the divisor lies above 0, and one case is left.
        low, high, low_open, high_open = _negated(low, high, low_open, high_open)
        least, most, least_open, most_open = _negated(least, most, least_open, most_open)
    if least is None or least < 0 or most == 0:
        raise QuantityError(f'"{one.shown}" by "{other.shown}": the divisor may be 0, so there is no ratio')
    small = (Fraction(0), True) if most is None else (1 / most, most_open)
    large = None if least == 0 else (1 / least, least_open)
    bottom = top = None
    if low is not None:
        bottom = _product((low, low_open), small if low >= 0 else large)
    if high is not None:
        top = _product((high, high_open), large if high > 0 else small)
    return bounded(
        (bottom and bottom[0], top and top[0]),
        bool(bottom and bottom[1]),
        bool(top and top[1]),
        one.about or other.about,
        divided=True,
    )


def ends(value: Range) -> Ends:
    """Give the exact bounds as fractions, None where there is none."""
    low, high = value.ends
    return None if low is None else Fraction(low), None if high is None else Fraction(high)


def like(one: Quantity, other: Quantity, doing: str) -> Quantity:
    """Give `other` at the rate of `one`.

    Raises:
        QuantityError: the units differ, or a rate meets an amount; the message says what was `doing`.
    """
    if one.per and other.per and unit_key(one.unit) == unit_key(other.unit):
        return convert(other, one.per)
    same_unit(one, other, doing)
    return other


def same_unit(one: Quantity, other: Quantity, doing: str) -> None:
    """Refuse two quantities of different units or rates."""
    if unit_key(one.unit) != unit_key(other.unit):
        units = " and ".join(f'"{value.unit}"' if value.unit else "none" for value in (one, other))
        raise QuantityError(
            f'"{one.shown}" and "{other.shown}" do not {doing}: their units are {units}, '
            "and units never convert silently"
        )
    if one.per != other.per:
        why = "their rates differ; convert one first" if one.per and other.per else "one is a rate"
        raise QuantityError(f'"{one.shown}" and "{other.shown}" do not {doing}: {why}')


def bounded(
    exact: Ends,
    low_open: bool = False,
    high_open: bool = False,
    about: bool = False,
    unit: str = "",
    per: str = "",
    *,
    divided: bool = False,
) -> Quantity:
    """Make a quantity of exact bounds; `divided` shows about four digits of them, rounded outward."""
    low, high = (
        None if end is None else context.divide(Decimal(end.numerator), Decimal(end.denominator))
        for end, context in zip(exact, (_DOWN, _UP), strict=True)
    )
    shown = _show(exact, low_open, high_open, about, unit, divided)
    kept = exact if divided or exact != (low, high) else None
    return Quantity(low, high, low_open, high_open, unit, per, shown + show_unit(unit, per), about, kept)


def _show(exact: Ends, low_open: bool, high_open: bool, about: bool, unit: str, divided: bool) -> str:
    low, high = exact
    size = max((abs(end) for end in exact if end is not None), default=Fraction(0))

    def decimal(end: Fraction, rounding: str) -> Decimal:
        number = Context(prec=120).divide(Decimal(end.numerator), Decimal(end.denominator))
        if not divided:
            return number
        # Four digits, and of counts below a million all before the point; but not three decimals
        # after a digit other than 0, which would read as a thousand.
        leading = Decimal(int(size)).adjusted() if size >= 1 else number.adjusted() if number else 0
        places = leading - 3 if leading >= 6 else min(0, leading - 3) + (not leading)
        step = Decimal(1).scaleb(places)
        return number if number == EXACT.quantize(number, step) else number.quantize(step, rounding, EXACT)

    if low is None and high is None:
        return "unknown"
    if about and (form := _approximate(low, high, low_open, high_open)):
        name, middle = form
        return name + show_number(decimal(middle, "ROUND_HALF_EVEN"), unit)
    mark = "~" if about else ""
    if high is None and low is not None:
        return mark + (">" if low_open else "at least ") + show_number(decimal(low, ROUND_FLOOR), unit)
    assert high is not None  # noqa: S101 - for the type checker: both None is "unknown"
    if low == high and not about:
        return show_number(decimal(high, "ROUND_HALF_EVEN"), unit)
    top = decimal(high, ROUND_CEILING)
    if low is None or (low == 0 and not low_open):
        # A sign says that the bound at 0 does not hold.
        return mark + ("<" if high_open else "up to ") + show_number(top, unit, plus=low is None)
    return mark + show_span(decimal(low, ROUND_FLOOR), top, low_open, high_open, unit, plus=False)


def _approximate(
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


def _scaled(quantity: Quantity, factor: Fraction, per: str) -> Quantity:
    low, high = ends(quantity)
    exact = (None if low is None else low * factor, None if high is None else high * factor)
    return bounded(exact, quantity.low_open, quantity.high_open, quantity.about, quantity.unit, per, divided=True)


def _combined(
    values: list[Quantity], exact: Ends, low_open: bool, high_open: bool, unit: str | None = None
) -> Quantity:
    return bounded(
        exact,
        exact[0] is not None and low_open,
        exact[1] is not None and high_open,
        any(value.about for value in values),
        values[0].unit if unit is None else unit,
        values[0].per,
        divided=any(value.divided for value in values),
    )


def _total(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """Add up exactly; one without bound leaves none."""
    total = Fraction(0)
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _negated(
    low: Fraction | None, high: Fraction | None, low_open: bool, high_open: bool
) -> tuple[Fraction | None, Fraction | None, bool, bool]:
    return None if high is None else -high, None if low is None else -low, high_open, low_open


def _product(one: tuple[Fraction, bool], other: tuple[Fraction, bool] | None) -> tuple[Fraction, bool] | None:
    """Multiply two ends, each with whether it is open; None is without bound."""
    if other is None:
        return None
    (x, x_open), (y, y_open) = one, other
    # Nought times anything is nought, so one closed nought is enough to attain it.
    attained = (not x_open and not y_open) or (x == 0 and not x_open) or (y == 0 and not y_open)
    return x * y, not attained


def _convertible(per: str, other: str) -> bool:
    return bool(per and other) and PERIODS[per][0] == PERIODS[other][0]
