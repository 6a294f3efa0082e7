"""Factors with bounds, such as exchange rates, and quantities multiplied by them."""

from fractions import Fraction
from typing import NamedTuple, Self

from autotimeline.quantities.arithmetic import End, exact_ends, make_quantity, multiply_ends
from autotimeline.quantities.quantity import Quantity


class Factor(NamedTuple):
    """A positive factor with bounds; `about` is that of a quantity."""

    low: tuple[Fraction, bool]
    high: End
    about: bool = False

    @classmethod
    def from_quantity(cls, value: Quantity, *, about: bool = False) -> Self:
        """Return a positive number without a unit as a factor."""
        low, high = exact_ends(value)
        return cls(low or (Fraction(0), True), high, value.about or about)

    def inverse(self) -> Self:
        """Return 1 divided by the factor."""
        low = (1 / self.high[0], self.high[1]) if self.high else (Fraction(0), True)
        return type(self)(low, (1 / self.low[0], self.low[1]) if self.low[0] else None, self.about)

    def times(self, other: Self) -> Self:
        """Return the product of two factors."""
        low = multiply_ends(self.low, other.low)
        high = self.high and multiply_ends(self.high, other.high)
        return type(self)(low or self.low, high, self.about or other.about)

    def hull(self, other: Self) -> Self:
        """Return the range that includes both factors."""
        # Of equal bounds, a closed one is the outer one.
        high = self.high and other.high and max(self.high, other.high, key=lambda end: (end[0], not end[1]))
        return type(self)(min(self.low, other.low), high, self.about or other.about)


def scale_quantity(quantity: Quantity, factor: Factor, unit: str) -> Quantity:
    """Return the quantity multiplied by a factor, in another unit."""
    low, high = exact_ends(quantity)
    low = low and multiply_ends(low, factor.low if low[0] >= 0 else factor.high)
    high = high and multiply_ends(high, factor.high if high[0] > 0 else factor.low)
    return make_quantity(low, high, quantity.about or factor.about, unit, quantity.per)
