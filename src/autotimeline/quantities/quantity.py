"""What a quantity is: bounds, a unit, a rate, and how they are written.

Nothing here reads text (`parse`) or reckons (`arithmetic`), so that a question asked of the index
pays for neither.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

# Wide enough for any sum of two numbers that `parse` takes, and indifferent to what a host program
# does to the thread's own context.
EXACT_CONTEXT = Context(prec=80, rounding=ROUND_HALF_EVEN, traps=[])

CURRENCIES = frozenset(
    (
        *("AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "HKD"),
        *("HUF", "IDR", "ILS", "INR", "JPY", "KRW", "MAD", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON"),
        *("RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR"),
    )
)

# A period of a rate: the family within which it converts exactly, and its size there.
RATE_PERIODS = {
    "year": ("month", 12),
    "half": ("month", 6),
    "quarter": ("month", 3),
    "month": ("month", 1),
    "week": ("hour", 168),
    "day": ("hour", 24),
    "hour": ("hour", 1),
}


# Units, in small letters, that are another one where the first is a capital: t and T, mW and MW, ps and Ps. All
# others are one in any case: litres are l and L, and nobody means by "gwh" anything but GWh.
_CASE_SENSITIVE_UNITS = frozenset(
    (
        *"acdfghkst",
        *(f"m{unit}" for unit in (*"abcfghjklmnstvw", "bar", "ev", "hz", "pa", "sv", "va", "var", "wh", "wp")),
        *(f"p{unit}" for unit in (*"abcfghjlmnstvw", "bar", "ev", "hz", "wh")),
    )
)


class QuantityRange:
    """The bounds that a query asks for; immutable, equal by meaning.

    Attributes:
        low: the lower bound, or None where there is none.
        high: the upper bound, or None where there is none.
        low_open: whether the lower bound itself is left out.
        high_open: whether the upper bound itself is left out.
        unit: "EUR", "%", "vehicles", …; "" is any unit.
        per: a key of PERIODS, or "".
        shown: normal display; `parse_range(shown)` equals the range.
    """

    __slots__ = ("high", "high_open", "low", "low_open", "per", "shown", "unit")
    low: Decimal | None
    high: Decimal | None
    low_open: bool
    high_open: bool
    unit: str
    per: str
    shown: str

    def __init__(
        self,
        low: Decimal | None,
        high: Decimal | None,
        low_open: bool,
        high_open: bool,
        unit: str,
        per: str,
        shown: str,
    ) -> None:
        """Take the attributes as they are; `parse_range` is what makes sure that they fit together."""
        set_attribute = object.__setattr__
        set_attribute(self, "low", low)
        set_attribute(self, "high", high)
        set_attribute(self, "low_open", low_open)
        set_attribute(self, "high_open", high_open)
        set_attribute(self, "unit", unit)
        set_attribute(self, "per", per)
        set_attribute(self, "shown", shown)

    @property
    def exact_bounds(self) -> tuple[Decimal | Fraction | None, Decimal | Fraction | None]:
        """The exact bounds: `low` and `high`, or the fractions that those two are rounded from."""
        return self.low, self.high

    def _meaning(self) -> tuple[object, ...]:
        return (*self.exact_bounds, self.low_open, self.high_open, unit_key(self.unit), self.per)

    def __eq__(self, other: object) -> bool:
        """Compare by meaning: bounds, unit (as `unit_key` has it) and rate, not by the words shown."""
        return type(self) is type(other) and self._meaning() == other._meaning()

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self._meaning())

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: values are shared."""
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        """Refuse: values are shared."""
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Copy and pickle by the constructor, for attributes cannot be set one by one."""
        return type(self), (
            self.low,
            self.high,
            self.low_open,
            self.high_open,
            self.unit,
            self.per,
            self.shown,
        )

    def __str__(self) -> str:
        """Give the normal display."""
        return self.shown

    def __repr__(self) -> str:
        """Name the class, too."""
        return f"<{type(self).__name__} {self.shown}>"


class Quantity(QuantityRange):
    """A number as far as its source knows it; immutable, equal by meaning.

    Attributes (besides those of Range, where unit "" is a bare number):
        about: the source called it approximate, so that it is never certain, although bounded.
        shown: normal display; `parse(shown)` equals the quantity, unless it was reckoned:
            then shown is rounded outward to about four digits where a division left more, and
            "unknown" where no bound is left.
    """

    __slots__ = ("_exact", "about")
    about: bool
    _exact: tuple[Fraction | None, Fraction | None] | None

    def __init__(
        self,
        low: Decimal | None,
        high: Decimal | None,
        low_open: bool,
        high_open: bool,
        unit: str,
        per: str,
        shown: str,
        about: bool = False,
        exact: tuple[Fraction | None, Fraction | None] | None = None,
    ) -> None:
        """Take the attributes as they are; `exact` are the fractions that low and high round outward."""
        super().__init__(low, high, low_open, high_open, unit, per, shown)
        object.__setattr__(self, "about", about)
        object.__setattr__(self, "_exact", exact)

    @property
    def exact_bounds(self) -> tuple[Decimal | Fraction | None, Decimal | Fraction | None]:
        """The exact bounds: `low` and `high`, or the fractions that those two are rounded from."""
        return self._exact or (self.low, self.high)

    @property
    def is_quotient(self) -> bool:
        """Whether a division made it, so that its digits say nothing about what a source knew."""
        return self._exact is not None

    def _meaning(self) -> tuple[object, ...]:
        return (*super()._meaning(), self.about)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Copy and pickle by the constructor, for attributes cannot be set one by one."""
        kind, values = super().__reduce__()
        return kind, (*values, self.about, self._exact)


def unit_key(unit: str) -> str:
    """The unit as it is compared: case folded, and without a plural's trailing s.

    Only a single trailing s of a part longer than three letters counts ("vehicles" is "vehicle",
    "gas" stays). Parts are what "/" separates. Where a capital makes another unit of it (the SI's
    mW and MW, t and T), the first letter keeps its case. Stored beside a unit, it compares units in SQL.
    """
    return "/".join(map(_unit_part_key, unit.split("/")))


def _unit_part_key(part: str) -> str:
    folded = part.casefold()
    if folded in _CASE_SENSITIVE_UNITS:
        return part[0] + folded[1:]
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss") else folded


def format_number(value: Decimal, unit: str = "", *, force_sign: bool = False, use_scale: bool = True) -> str:
    """Write a number: "29,000", "0.5", "1.5bn"; `parse` reads it back exactly.

    A scale (m, bn, tn) stands where it leaves at most two decimals: for currencies from a million
    on ("300m"), for all else from a billion on, because people write "1,000,000 vehicles". Three
    decimals after one to three digits would read as a thousand ("1.234"), so they get a fourth.

    Args:
        value: any finite number.
        unit: decides from where on a scale is used.
        force_sign: write the sign of a number that is not negative, too.
        use_scale: False writes all digits.
    """
    number, scale = value, ""
    magnitude = abs(value)
    if use_scale and magnitude >= (1_000_000 if unit in CURRENCIES else 1_000_000_000):
        for exponent, suffix in ((12, "tn"), (9, "bn"), (6, "m")):
            if magnitude.adjusted() >= exponent and not EXACT_CONTEXT.remainder(value, Decimal(10 ** (exponent - 2))):
                number, scale = value.scaleb(-exponent, EXACT_CONTEXT), suffix
                break
    text = f"{abs(number):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
        whole, _, decimals = text.partition(".")
        if len(decimals) == 3 and len(whole) <= 3 and whole != "0":
            text += "0"
    sign = "-" if number < 0 else "+" if force_sign else ""
    return sign + text + scale


def format_unit(unit: str, per: str) -> str:
    """Write what follows the number: " EUR", "%", " GWh/year", "/month"."""
    return (unit if unit in {"", "%"} else " " + unit) + ("/" + per if per else "")


def format_range(low: Decimal, high: Decimal, low_open: bool, high_open: bool, unit: str, force_sign: bool) -> str:
    """Write two ends: "1bn..2bn", "10..20", and "68,000..<97,000" where an end is left out.

    A scale on the upper end alone would be read for both, so the two have one each or none.
    """
    first, second = format_number(low, unit, force_sign=force_sign), format_number(high, unit, force_sign=force_sign)
    if low and second[-1] in "mn" and first[-1] not in "mn":
        first = format_number(low, force_sign=force_sign, use_scale=False)
        second = format_number(high, force_sign=force_sign, use_scale=False)
    return f"{'>' if low_open else ''}{first}..{'<' if high_open else ''}{second}"
