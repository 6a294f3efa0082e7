"""Describe the change from one quantity to another in words: "down more than 14%"."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from autotimeline.quantities.arithmetic import fraction_bounds, make_quantity, match_rate, ratio, subtract
from autotimeline.quantities.quantity import CURRENCIES, Quantity, format_number, format_unit

_SIGN_WORDS = {"<": "less than ", ">": "more than ", "~": "about "}


def describe_change(old: Quantity, new: Quantity) -> str:
    """Return the change in words: "down more than 14%", "up 10–20%", "direction not known".

    It is in percent of `old` with bounds rounded outward, or in percentage points if both are percentages. If `old`
    may be negative or is 0, it is only the direction. "About the same" is at most 10%, or one percentage point.

    Raises:
        QuantityError: If the units differ, or only one is a rate.
    """
    new = match_rate(old, new, "compare")
    least, most = fraction_bounds(old)
    if old.unit == "%":
        points = _describe_difference(subtract(new, old), " percentage points", tolerance=1)
        return points.replace(" 1 percentage points", " 1 percentage point")
    if least is None or least < 0 or most == 0:
        return _describe_difference(subtract(new, old), None)
    return _describe_difference(ratio(new, old), "%", tolerance=10, base=1, factor=100)


def describe_ratio(quantity: Quantity, unit: str) -> str:
    """Return a ratio of two amounts in a unit in words: "2.1 to 3.0 times as much"; "" if it has no bounds.

    It is rounded outward.
    """
    low, high = fraction_bounds(quantity)
    ending = "as many" if _is_countable(unit) else "as much"
    about = "about " if quantity.about else ""
    if low is not None and low == high:
        rounded = round(low, 1 if low >= 1 else 2)
        exact = "" if rounded == low else "about "
        return ending if low == 1 else f"{about or exact}{_format_fraction(rounded)} times {ending}"
    floor = None if low is None else _round_outward(low, math.floor)
    ceiling = None if high is None else _round_outward(high, math.ceil)
    if floor and ceiling is not None:
        return f"{about}{_format_fraction(floor)} to {_format_fraction(ceiling)} times {ending}"
    if ceiling is not None:
        qualifier = "less than" if quantity.high_open and ceiling == high else "at most"
        return f"{qualifier} {about}{_format_fraction(ceiling)} times {ending}"
    qualifier = "more than" if quantity.low_open and floor == low else "at least"
    return f"{qualifier} {about}{_format_fraction(floor)} times {ending}" if floor else ""


def describe_difference(quantity: Quantity) -> str:
    """Return a difference in words: "1bn to 2bn EUR more", "the same"; "" if it has no bounds."""
    low, high = fraction_bounds(quantity)
    less = "fewer" if _is_countable(quantity.unit) else "less"
    about = "about " if quantity.about else ""
    if low == high:
        return (
            ""
            if low is None
            else f"{about}{_amount(low, quantity)} {'more' if low > 0 else less}"
            if low
            else "the same"
        )
    if low is not None and high is not None and low < 0 < high:
        return f"between {about}{_amount(low, quantity)} {less} and {_amount(high, quantity)} more"
    if (low is not None and low >= 0) or high is None or (high > 0 and low is None):
        near, far, word = low, high, "more"
    else:
        near, far, word = high, low, less
    if high is None and low is not None and low < 0:
        return f"at most {about}{_amount(low, quantity)} {less}"
    if near and far is not None:
        unit = format_unit(quantity.unit, quantity.per)
        return f"{about}{_amount(near, quantity, outward=False).removesuffix(unit)} to {_amount(far, quantity)} {word}"
    if far is not None:
        return f"at most {about}{_amount(far, quantity)} {word}"
    return f"at least {about}{_amount(near, quantity, outward=False)} {word}" if near else word


def _amount(end: Fraction, quantity: Quantity, *, outward: bool = True) -> str:
    """Return an end of a difference without its sign, rounded away from 0, or towards it."""
    size, unit, per = (abs(end), False), quantity.unit, quantity.per
    low, high = ((Fraction(0), False), size) if outward else (size, None)
    shown = make_quantity(low, high, unit=unit, per=per, is_quotient=quantity.is_quotient).shown
    shown = shown.removeprefix("up to ").removeprefix("at least ")
    return shown.replace("percentage-points", "percentage points")


def _is_countable(unit: str) -> bool:
    # Countable units are plural; money and measures are not.
    return unit.endswith(("s", "people")) and unit not in CURRENCIES and unit != "percentage-points"


def _describe_difference(
    quantity: Quantity, unit: str | None, *, tolerance: int = 0, base: int = 0, factor: int = 1
) -> str:
    """Return the sign and size of (quantity - base) * factor in words; without a unit only the sign."""
    low, high = (None if end is None else (end - base) * factor for end in fraction_bounds(quantity))
    if low == high == 0:
        return "the same"
    if (low is None or low < 0) and (high is None or high > 0):
        is_close = low is not None and high is not None and max(-low, high) <= tolerance
        return "about the same" if is_close else "direction not known"
    if low is not None and low >= 0:
        direction, near, far, near_open, far_open = "up", low, high, quantity.low_open, quantity.high_open
    else:
        near, far = -(high or Fraction(0)), None if low is None else -low
        direction, near_open, far_open = "down", quantity.high_open, quantity.low_open
        if base and far == factor and near != far:
            far = None  # a quantity that is not negative cannot fall by more than 100%
    if near == 0 and not near_open:
        direction = "the same or " + direction
    if unit is None:
        return direction
    if near == far:
        number = round(near, 0 if near >= 100 else 1 if near >= 1 else 2)
        return f"{direction} {_format_fraction(number)}{unit}" if number else "about the same"
    size = _describe_size(near, far, near_open, far_open)
    return f"{direction} {size}{unit}" if size else direction


def _describe_size(near: Fraction, far: Fraction | None, near_open: bool, far_open: bool) -> str:
    """Return the range from `near` (0 or more) to `far` in words; "" if it is unbounded on both sides."""
    floor = _round_outward(near, math.floor)
    if far is None:
        qualifier = "at least" if floor == near and not near_open else "more than"
        return f"{qualifier} {_format_fraction(floor)}" if floor else ""
    ceiling = _round_outward(far, math.ceil)
    if floor:
        return f"{_format_fraction(floor)}–{_format_fraction(ceiling)}"
    return f"{'at most' if ceiling == far and not far_open else 'less than'} {_format_fraction(ceiling)}"


def _round_outward(number: Fraction, rounding: Callable[[Fraction], int]) -> Fraction:
    """Return the number in whole numbers from 10, in tenths from 1, and in hundredths below 1."""
    step = 1 if number >= 10 else 10 if number >= 1 else 100
    return Fraction(rounding(number * step), step)


def _format_fraction(number: Fraction) -> str:
    return format_number(Decimal(number.numerator) / Decimal(number.denominator))


def describe_quantity(quantity: Quantity) -> str:
    """Return the quantity with its sign as a word: "fewer than 4,834/month", "about 1.5bn EUR"."""
    sign, rest = quantity.shown[0], quantity.shown[1:]
    if sign not in _SIGN_WORDS or not rest[0].isdecimal() or ".." in rest:
        return quantity.shown
    is_countable = not quantity.unit or _is_countable(quantity.unit)
    return ("fewer than " if sign == "<" and is_countable else _SIGN_WORDS[sign]) + rest
