"""The time between two dates that may be imprecise."""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.dates.span import Quad

_MONTH = 365.2425 / 12
_YEAR = 365.2425
UNKNOWN = "order not known"


class Gap:
    """A range of days from the end of one date to the start of another.

    Attributes:
        low: The fewest days, negative where the second may come first; None where unbounded.
        high: The most days; None where unbounded.
    """

    __slots__ = ("high", "low")

    def __init__(self, low: int | None, high: int | None) -> None:
        """Take the bounds, both inclusive."""
        self.low = low
        self.high = high

    @property
    def text(self) -> str:
        """The gap for people: `17 days`, `about 14 months`, `9–22 months`, `order not known`."""
        return self._tell(_rounded, _more_than)

    @property
    def relative(self) -> str:
        """The gap as seen from the first date, T: `T+17 days`, `about T−14 months`, `same day`, `order not known`."""
        told = self.text
        if not self._ordered or self.low == self.high == 0:
            return told
        *words, number, unit = told.removesuffix(" earlier").split(" ")
        return " ".join((*words, f"T{'−' if told.endswith(' earlier') else '+'}{number}", unit))

    @property
    def exact(self) -> str:
        """The gap in days, as a range: `395–457 days`."""
        if not self._ordered and self.low is not None and self.high is not None:
            return f"{self.low} to {self.high} days"
        return self._tell(_in_days, _at_least)

    @property
    def _ordered(self) -> bool:
        later = self.low is not None and self.low > 0
        earlier = self.high is not None and self.high < 0
        return later or earlier or self.low == self.high == 0

    def _tell(self, between: Callable[[int, int], str], beyond: Callable[[int], str]) -> str:
        low, high = self.low, self.high
        if not self._ordered:
            return UNKNOWN
        if low == high == 0:
            return "same day"
        earlier = high is not None and high < 0
        if earlier:
            low, high = -(high or 0), None if low is None else -low
        told = beyond(low or 0) if high is None else between(low or 0, high)
        return f"{told} earlier" if earlier else told


def between(first: tuple[int, int], then: tuple[int, int]) -> Gap:
    """Measure from the end of one date to the start of another, each as (earliest, latest) day."""
    low = None if first[1] == END or then[0] == BEGIN else then[0] - first[1]
    high = None if first[0] == BEGIN or then[1] == END else then[1] - first[0]
    return Gap(low, high)


def apart(one: Quad, other: Quad) -> Gap:
    """Measure from one date to another, each as `Span.as_window`: negative where the other surely ends before.

    Where neither surely comes first it holds the days from any day of the one to any of the other.
    """
    after = between((one[3], one[1]), (other[0], other[2]))
    if (after.low or 0) > 0:
        return after
    before = between((other[3], other[1]), (one[0], one[2]))
    if (before.low or 0) > 0:
        return Gap(None if before.high is None else -before.high, -(before.low or 0))
    return between((one[0], one[1]), (other[0], other[1]))


def _unit(days: float) -> tuple[float, str]:
    if days < 60:
        return 1, "day"
    return (_MONTH, "month") if days < 3 * _YEAR else (_YEAR, "year")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _rounded(low: int, high: int) -> str:
    if low == high:
        return _count(low, "day")
    mean = (low + high) / 2
    size, unit = _unit(mean)
    least, most = int(low / size + 0.5), int(high / size + 0.5)
    if high - low <= mean / 5 or least == most:
        return f"about {_count(int(mean / size + 0.5), unit)}"
    return f"{least}–{_count(most, unit)}"


def _more_than(low: int) -> str:
    size, unit = _unit(low)
    # Rounded down, because "more than 9 months" has to be true of the fewest days too.
    return _at_least(low) if unit == "day" else f"more than {_count(int(low / size), unit)}"


def _in_days(low: int, high: int) -> str:
    return _count(low, "day") if low == high else f"{low}–{high} days"


def _at_least(low: int) -> str:
    return f"at least {_count(low, 'day')}"
