"""Quantities and ranges as immutable values, and how they are written.

Parsing and arithmetic are separate modules, so that a query does not load them.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

# Exact for the sum of any two parsed numbers, and independent of the decimal context of a host program.
EXACT_CONTEXT = Context(prec=80, rounding=ROUND_HALF_EVEN, traps=[])

CURRENCIES = frozenset(
    (
        *("AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "HKD"),
        *("HUF", "IDR", "ILS", "INR", "JPY", "KRW", "MAD", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON"),
        *("RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR"),
    )
)

# Each period of a rate: the base unit in which it converts exactly, and its length in that unit.
RATE_PERIODS = {
    "year": ("month", 12),
    "half": ("month", 6),
    "quarter": ("month", 3),
    "month": ("month", 1),
    "week": ("hour", 168),
    "day": ("hour", 24),
    "hour": ("hour", 1),
}


# Lower-case units that are a different unit if the first letter is a capital: t and T, mW and MW, ps and Ps. The
# case of all others is ignored: l and L are both liters, and "gwh" can only mean GWh.
_CASE_SENSITIVE_UNITS = frozenset(
    (
        *"acdfghkst",
        *(f"m{unit}" for unit in (*"abcfghjklmnstvw", "bar", "ev", "hz", "pa", "sv", "va", "var", "wh", "wp")),
        *(f"p{unit}" for unit in (*"abcfghjlmnstvw", "bar", "ev", "hz", "wh")),
    )
)


_RANGE_FIELDS = ("low", "high", "low_open", "high_open", "unit", "per", "shown")


class QuantityRange:
    """The bounds of a query as an immutable value; equality ignores `shown`.

    Attributes:
        low: The lower bound; None if unbounded.
        high: The upper bound; None if unbounded.
        low_open: Whether the lower bound is excluded.
        high_open: Whether the upper bound is excluded.
        unit: "EUR", "%", "vehicles", …; "" is any unit.
        per: A key of RATE_PERIODS, or "".
        shown: The text for people; `parse_range(shown)` equals the range.
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
        values = low, high, low_open, high_open, unit, per, shown
        for name, value in zip(_RANGE_FIELDS, values, strict=True):
            object.__setattr__(self, name, value)

    @property
    def exact_bounds(self) -> tuple[Decimal | Fraction | None, Decimal | Fraction | None]:
        """The bounds `low` and `high`, or the fractions from which they are rounded; None if unbounded."""
        return self.low, self.high

    def _meaning(self) -> tuple[object, ...]:
        return (*self.exact_bounds, self.low_open, self.high_open, unit_key(self.unit), self.per)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash(self._meaning())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        # copy and pickle would set the attributes one by one.
        return type(self), tuple(getattr(self, name) for name in _RANGE_FIELDS)

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.shown}>"


class Quantity(QuantityRange):
    """A number with bounds as its source states it; unit "" is a bare number.

    Attributes:
        about: Whether the source calls it approximate: then it is never certain.
        shown: The text for people. `parse_quantity(shown)` equals the quantity, unless it is calculated: a quotient or
            an endless decimal is rounded outward, and "unknown" is a quantity without bounds.
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
        super().__init__(low, high, low_open, high_open, unit, per, shown)
        object.__setattr__(self, "about", about)
        object.__setattr__(self, "_exact", exact)

    @property
    def exact_bounds(self) -> tuple[Decimal | Fraction | None, Decimal | Fraction | None]:
        """The bounds `low` and `high`, or the fractions from which they are rounded; None if unbounded."""
        return self._exact or (self.low, self.high)

    @property
    def is_quotient(self) -> bool:
        """Whether it is a rate that results from a division: its digits do not show the precision of a source."""
        return self._exact is not None and bool(self.per)

    def _meaning(self) -> tuple[object, ...]:
        return (*super()._meaning(), self.about)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        kind, values = super().__reduce__()
        return kind, (*values, self.about, self._exact)


def unit_key(unit: str) -> str:
    """Return the unit for comparisons: case-folded, without the plural s ("vehicle" for "vehicles").

    Each part between "/" is folded separately. A part of three letters or fewer keeps its s ("gas"), and the first
    letter keeps its case if a capital is a different unit (mW and MW, t and T).
    """
    return "/".join(map(_unit_part_key, unit.split("/")))


def _unit_part_key(part: str) -> str:
    folded = part.casefold()
    if folded in _CASE_SENSITIVE_UNITS:
        return part[0] + folded[1:]
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss") else folded


def format_number(value: Decimal, unit: str = "", *, force_sign: bool = False, use_scale: bool = True) -> str:
    """Return a number as text that parses to the same number: "29,000", "0.5", "1.5bn".

    A scale (m, bn, tn) is used if it leaves at most two decimals: from a million for currencies ("300m"), from a
    billion for other units, because people write "1,000,000 vehicles". Three decimals after one to three digits
    could be read as thousands ("1.234"), so they get a fourth.
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
    """Return the text after the number: " EUR", "%", " GWh/year", "/month"."""
    return (unit if unit in {"", "%"} else " " + unit) + ("/" + per if per else "")


def split_rate_unit(text: str) -> tuple[str, str]:
    """Return the unit and the period of a rate in a text such as "GWh/year"; the period is empty if there is none."""
    unit, slash, per = text.rpartition("/")
    return (unit, per) if slash and per in RATE_PERIODS else (text, "")


def format_range(low: Decimal, high: Decimal, low_open: bool, high_open: bool, unit: str, force_sign: bool) -> str:
    """Return the text of a range: "1bn..2bn", "10..20", or "68,000..<97,000" if an end is open.

    Both numbers have a scale or neither does, because a scale at the end counts for both.
    """
    first, second = format_number(low, unit, force_sign=force_sign), format_number(high, unit, force_sign=force_sign)
    if low and second[-1] in "mn" and first[-1] not in "mn":
        first = format_number(low, force_sign=force_sign, use_scale=False)
        second = format_number(high, force_sign=force_sign, use_scale=False)
    return f"{'>' if low_open else ''}{first}..{'<' if high_open else ''}{second}"
