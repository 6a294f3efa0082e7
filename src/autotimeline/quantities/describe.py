"""Say in words how two quantities compare: "5,667/month against fewer than 4,834/month: down more than 14%"."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from autotimeline.quantities.arithmetic import ends, like, ratio, subtract
from autotimeline.quantities.quantity import CURRENCIES, show_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.quantities.quantity import Quantity

_WORDS = {"<": "less than ", ">": "more than ", "~": "about "}


def change(old: Quantity, new: Quantity) -> str:
    """Say how `new` differs from `old`: "down more than 14%", "up 10–20%", "direction not known".

    In percent of `old`, with bounds rounded outward; of percentages in percentage points; only the
    direction where `old` may be negative or is 0. "About the same" is surely within 10% (or one
    percentage point) either way.

    Raises:
        QuantityError: the units differ, or a rate meets an amount.
    """
    new = like(old, new, "compare")
    least, most = ends(old)
    if old.unit == "%":
        points = _say(subtract(new, old), " percentage points", same=1)
        return points.replace(" 1 percentage points", " 1 percentage point")
    if least is None or least < 0 or most == 0:
        return _say(subtract(new, old), None)
    return _say(ratio(new, old), "%", same=10, base=1, factor=100)


def _say(quantity: Quantity, unit: str | None, *, same: int = 0, base: int = 0, factor: int = 1) -> str:
    """Say where (quantity - base) * factor lies; without a unit only on which side of 0."""
    low, high = (None if end is None else (end - base) * factor for end in ends(quantity))
    if low == high == 0:
        return "the same"
    if (low is None or low < 0) and (high is None or high > 0):
        close = low is not None and high is not None and max(-low, high) <= same
        return "about the same" if close else "direction not known"
    if low is not None and low >= 0:
        word, near, far, near_open, far_open = "up", low, high, quantity.low_open, quantity.high_open
    else:
        near, far = -(high or Fraction(0)), None if low is None else -low
        word, near_open, far_open = "down", quantity.high_open, quantity.low_open
        if base and far == factor and near != far:
            far = None  # what is not negative cannot fall by more than all of it, so that says nothing
    if near == 0 and not near_open:
        word = "the same or " + word
    if unit is None:
        return word
    if near == far:
        number = round(near, 0 if near >= 100 else 1 if near >= 1 else 2)
        return f"{word} {_show(number)}{unit}" if number else "about the same"
    size = _size(near, far, near_open, far_open)
    return f"{word} {size}{unit}" if size else word


def _size(near: Fraction, far: Fraction | None, near_open: bool, far_open: bool) -> str:
    """Say how large something between `near` (0 or more) and `far` is; "" where that says nothing."""
    floor = _outward(near, math.floor)
    if far is None:
        least = "at least" if floor == near and not near_open else "more than"
        return f"{least} {_show(floor)}" if floor else ""
    ceiling = _outward(far, math.ceil)
    if floor:
        return f"{_show(floor)}–{_show(ceiling)}"
    return f"{'at most' if ceiling == far and not far_open else 'less than'} {_show(ceiling)}"


def _outward(number: Fraction, rounding: Callable[[Fraction], int]) -> Fraction:
    """Round to whole numbers from 10 on, to tenths from 1 on, to hundredths below."""
    step = 1 if number >= 10 else 10 if number >= 1 else 100
    return Fraction(rounding(number * step), step)


def _show(number: Fraction) -> str:
    return show_number(Decimal(number.numerator) / Decimal(number.denominator))


def spoken(quantity: Quantity) -> str:
    """Give the display with a word for its sign: "fewer than 4,834/month", "about 1.5bn EUR"."""
    sign, rest = quantity.shown[0], quantity.shown[1:]
    if sign not in _WORDS or not rest[0].isdecimal() or ".." in rest:
        return quantity.shown
    # Things are counted, so there are fewer of them; money and what is measured is less.
    counted = not quantity.unit or (quantity.unit[-1] == "s" and quantity.unit not in CURRENCIES)
    return ("fewer than " if sign == "<" and counted else _WORDS[sign]) + rest
