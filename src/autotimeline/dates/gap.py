"""Gaps: the time between two dates, which may be imprecise."""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.dates.span import DayQuad

_MONTH = 365.2425 / 12
_YEAR = 365.2425
_MAX_DAYS_SHOWN = 60  # a longer time is in months
UNKNOWN_ORDER = "order not known"


class Gap:
    """The fewest and the most days between two dates; None if unbounded, negative if the second may come first."""

    __slots__ = ("high", "low")

    def __init__(self, low: int | None, high: int | None) -> None:
        self.low = low
        self.high = high

    @property
    def text(self) -> str:
        """The gap for people: `17 days`, `about 14 months`, `9–22 months`, `order not known`."""
        return self._describe(_format_rounded, _format_more_than)

    @property
    def relative(self) -> str:
        """The gap relative to the first date, T: `T+17 days`, `about T−14 months`, `same day`, `order not known`."""
        text = self.text
        if not self._ordered or self.low == self.high == 0:
            return text
        *words, number, unit = text.removesuffix(" earlier").split(" ")
        return " ".join((*words, f"T{'−' if text.endswith(' earlier') else '+'}{number}", unit))

    @property
    def exact(self) -> str:
        """The gap in days, as a range: `395–457 days`."""
        if not self._ordered and self.low is not None and self.high is not None:
            return f"{self.low} to {self.high} days"
        return self._describe(_format_days, _format_at_least)

    @property
    def _ordered(self) -> bool:
        return (self.low or 0) > 0 or (self.high or 0) < 0 or self.low == self.high == 0

    def _describe(self, format_range: Callable[[int, int], str], format_minimum: Callable[[int], str]) -> str:
        low, high = self.low, self.high
        if not self._ordered:
            return UNKNOWN_ORDER
        if low == high == 0:
            return "same day"
        suffix = ""
        if high is not None and high < 0:
            low, high, suffix = -high, None if low is None else -low, " earlier"
        return (format_minimum(low or 0) if high is None else format_range(low or 0, high)) + suffix


def gap_between(first: tuple[int, int], second: tuple[int, int]) -> Gap:
    """Return the gap from the first date to the second, each as (earliest, latest) day."""
    low = None if first[1] == END or second[0] == BEGIN else second[0] - first[1]
    high = None if first[0] == BEGIN or second[1] == END else second[1] - first[0]
    return Gap(low, high)


def signed_gap(first: DayQuad, second: DayQuad) -> Gap:
    """Return the gap from the end of the first `Span.as_window` to the start of the second; negative if reversed.

    If the order is not certain, it is the gap between any day of the first and any day of the second.
    """
    after = gap_between((first[3], first[1]), (second[0], second[2]))
    if (after.low or 0) > 0:
        return after
    before = gap_between((second[3], second[1]), (first[0], first[2]))
    if (before.low or 0) > 0:
        return Gap(None if before.high is None else -before.high, -(before.low or 0))
    return gap_between((first[0], first[1]), (second[0], second[1]))


def duration_text(low: int, high: int | None) -> str:
    """Return a duration in words, given the fewest and the most days (None: unbounded)."""
    if low:
        return Gap(low, high).text
    if not high:
        return "0 days" if high == 0 else "not known"
    # The gap of one more day has the fitting unit, and is rounded.
    return f"up to {Gap(high, high if high < _MAX_DAYS_SHOWN else high + 1).text}"


def _display_unit(days: float) -> tuple[float, str]:
    if days < _MAX_DAYS_SHOWN:
        return 1, "day"
    return (_MONTH, "month") if days < 3 * _YEAR else (_YEAR, "year")


def _format_units(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _format_rounded(low: int, high: int) -> str:
    if low == high:
        return _format_units(low, "day")
    mean = (low + high) / 2
    size, unit = _display_unit(mean)
    least, most = int(low / size + 0.5), int(high / size + 0.5)
    if high - low <= mean / 5 or least == most:
        return f"about {_format_units(int(mean / size + 0.5), unit)}"
    # "0–4 months" would include the same day.
    return f"{least}–{_format_units(most, unit)}" if least else f"up to {_format_units(-int(-high // size), unit)}"


def _format_more_than(low: int) -> str:
    size, unit = _display_unit(low)
    # Rounded down: "more than 9 months" must be true of the fewest days.
    return _format_at_least(low) if unit == "day" else f"more than {_format_units(int(low / size), unit)}"


def _format_days(low: int, high: int) -> str:
    return _format_units(low, "day") if low == high else f"{low}–{high} days"


def _format_at_least(low: int) -> str:
    return f"at least {_format_units(low, 'day')}"
