"""Describe the change from one quantity to another in words: "down more than 14%"."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from autotimeline.quantities.arithmetic import fraction_bounds, match_rate, ratio, subtract
from autotimeline.quantities.quantity import CURRENCIES, Quantity, format_number

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
    # "Fewer" is for countable units, which end in s; "less" is for money and measures.
    is_countable = not quantity.unit or (quantity.unit[-1] == "s" and quantity.unit not in CURRENCIES)
    return ("fewer than " if sign == "<" and is_countable else _SIGN_WORDS[sign]) + rest
