"""Windows in human words: what a query, or an option that takes a date, asks about.

    period = point | point ".." [point] | ".." point
           | ("since"|"from"|"until"|"by"|"before"|"after"|"in") point
    point  = the profile | "last" N unit | ("last"|"this"|"next") unit
           | today | yesterday | tomorrow | ("+"|"-") N ("d"|"w"|"m"|"q"|"y")
           | N unit "ago" | "in" N unit | "@" event-id | era id

A `-` may stand for a space, and case does not count.
"""

from __future__ import annotations

from autotimeline.dates.calendar import month_end, month_start
from autotimeline.dates.edtf import try_parse_date
from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.errors import DateError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.dates.span import DayQuad

    ResolveName = Callable[[str], DayQuad]

_UNITS_BY_NAME = {
    name: unit for unit in ("day", "week", "month", "quarter", "year") for name in (unit, unit + "s", unit[0])
}
_UNIT_DAYS = {"day": 1, "week": 7}
_BOUND_PREFIXES = ("since", "from", "until", "by", "before", "after", "in")
_CALENDAR_OFFSETS = {"last": -1, "this": 0, "next": 1}
PERIOD_PREFIXES = (*_BOUND_PREFIXES, *_CALENDAR_OFFSETS)
"""What begins a period in words; `-` may stand for the space behind it."""
_UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12}
NAMED_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
"""What a person calls a day near today, and how many days it is from it."""
_ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Window:
    """A period as a query means it: an outer window, and the inner one that is surely in it.

    It begins on a day from `A` to `a` and ends on one from `b` to `B`, all inclusive ordinals, with
    `BEGIN` and `END` where it is open. A precise window has A = a and B = b.

    Attributes:
        A: The first day of the outer window.
        B: The last day of the outer window.
        a: The first day of the inner window.
        b: The last day of the inner window, before `a` where no day is surely in it.
        text: The words as typed.
        relative: Whether it rests on today, or on an event or era.
    """

    __slots__ = ("inner_first", "inner_last", "outer_first", "outer_last", "relative", "text")

    def __init__(self, bounds: DayQuad, text: str, relative: bool) -> None:
        """Take the bounds in the order A, B, a, b."""
        self.outer_first, self.outer_last, self.inner_first, self.inner_last = bounds
        self.text = text
        self.relative = relative

    @property
    def bounds(self) -> DayQuad:
        """The window as (A, B, a, b)."""
        return self.outer_first, self.outer_last, self.inner_first, self.inner_last

    @property
    def description(self) -> str:
        """The days for people: `2025-01-01..2025-12-31`, `2025-08-22..`, and what is sure where that differs."""
        outer = _format_day_range(self.outer_first, self.outer_last)
        if (self.inner_first, self.inner_last) == (self.outer_first, self.outer_last):
            return outer
        inner = (
            f"surely {_format_day_range(self.inner_first, self.inner_last)}"
            if self.inner_first <= self.inner_last
            else "surely on no day"
        )
        return f"{outer} ({inner})"

    def __repr__(self) -> str:
        """Show the words and the days."""
        return f"Window({self.text!r}, {self.description!r})"


def parse_window(text: str, today: int, resolve: ResolveName) -> Window:
    """Read a period in human words.

    Args:
        text: The words.
        today: The day that relative words count from.
        resolve: Gives the window (A, B, a, b) of `@event-id` and, where a text is nothing else, of an
            era id, both in lower case; it raises a `UsageError` where there is none.

    Raises:
        DateError: The text is no period; the message says what to write instead.
        UsageError: As raised by `resolve`.
    """
    parser = _PeriodParser(today, resolve)
    return Window(parser.parse_period(text.strip().lower()), text, parser.relative)


def widen_window(center: DayQuad, text: str) -> Window:
    """Widen a window by a distance (`90d`, `3m`, `2 weeks`) on both sides, as for `near:@id/90d`.

    Each bound moves outwards by the distance. Of a day in [e, l], which is the window (e, l, l, e),
    that leaves [l - N, e + N] as the days that are near it whichever day it is.

    Raises:
        DateError: The text is no distance.
    """
    from autotimeline.dates.diagnose import quote_excerpt

    distance = _parse_amount(text.strip().lower())
    if distance is None:
        raise DateError(f"{quote_excerpt(text)} is no distance: write a number and d, w, m, q or y, as 90d")
    number, unit = distance
    outer_first, outer_last, inner_first, inner_last = center  # the names that the design gives them
    bounds = (
        _shift_bound(outer_first, -number, unit),
        _shift_bound(outer_last, number, unit),
        _shift_bound(inner_first, -number, unit),
        _shift_bound(inner_last, number, unit),
    )
    return Window(bounds, text, relative=True)


def _format_day_range(first: int, last: int) -> str:
    return format_iso(first) or "" if first == last else f"{format_iso(first) or ''}..{format_iso(last) or ''}"


class _PeriodParser:
    """Reads one text; remembers whether today, an event or an era was needed for it."""

    def __init__(self, today: int, resolve: ResolveName) -> None:
        self.today = today
        self.resolve = resolve
        self.relative = False

    def parse_period(self, text: str) -> DayQuad:
        if text.startswith("[") or ("/" in text and ".." in text):
            return self.parse_point(text)
        left, dots, right = text.partition("..")
        if dots:
            return self.parse_range(text, left.strip(), right.strip())
        prefix, rest = _split_prefix(text)
        if prefix == "between":
            left, _, right = rest.replace("-and-", " and ").partition(" and ")
            if left and right:
                return self.parse_range(text, left, right)
        if text.endswith((" or later", "-or-later")):
            return self.parse_bound("since", text[: -len(" or later")])
        if prefix in _BOUND_PREFIXES and rest and self.parse_relative_day(text) is None:
            return self.parse_or_era(text, lambda: self.parse_bound(prefix, rest))
        return self.parse_point(text)

    def parse_range(self, text: str, left: str, right: str) -> DayQuad:
        if not left and not right:
            raise _invalid_date_error(text)
        first, _, inner_first, _ = self.parse_point(left) if left else (BEGIN, END, BEGIN, END)
        _, last, _, inner_last = self.parse_point(right) if right else (BEGIN, END, BEGIN, END)
        if last < first:
            raise _date_error(text, f"ends before it starts: write {right}..{left}")
        return first, last, inner_first, inner_last

    def parse_bound(self, prefix: str, rest: str) -> DayQuad:
        outer_first, outer_last, inner_first, inner_last = self.parse_point(
            rest
        )  # the names that the design gives them
        if prefix in ("since", "from"):
            return outer_first, END, inner_first, END
        if prefix in ("until", "by"):
            return BEGIN, outer_last, BEGIN, inner_last
        if prefix == "after":
            # What it comes after ends between b and B.
            if inner_last >= END:
                raise _date_error(rest, "has no end: nothing comes after it")
            return inner_last + 1, END, outer_last + 1, END
        if prefix == "before":
            if inner_first <= BEGIN:
                raise _date_error(rest, "has no beginning: nothing comes before it")
            return BEGIN, inner_first - 1, BEGIN, outer_first - 1
        return outer_first, outer_last, inner_first, inner_last

    def parse_calendar(self, prefix: str, rest: str) -> DayQuad:
        self.relative = True
        if rest in _UNITS_BY_NAME:
            first, last = _calendar_unit_bounds(self.today, _CALENDAR_OFFSETS[prefix], _UNITS_BY_NAME[rest])
            return first, last, first, last
        amount = _parse_amount(rest)
        if amount is None or prefix == "this":
            raise _date_error(f"{prefix} {rest}", "names no unit: write day, week, month, quarter or year")
        number, unit = amount
        if prefix == "next":
            raise _date_error(f"next {rest}", f"may begin today or tomorrow: write today..+{number}{unit[0]}")
        if not number:
            raise _date_error(f"last {rest}", "has no days in it: write today")
        first = self.shift_today(f"last {rest}", -number, unit) + 1
        return first, self.today, first, self.today

    def parse_point(self, text: str) -> DayQuad:
        if text.startswith("@"):
            self.relative = True
            return self.resolve(text)
        day = self.parse_relative_day(text)
        if day is not None:
            self.relative = True
            return day, day, day, day
        prefix, rest = _split_prefix(text)
        if prefix in _CALENDAR_OFFSETS and rest:
            return self.parse_or_era(text, lambda: self.parse_calendar(prefix, rest))
        for spelling in (text, text.replace("-", " ", 1), text.replace("-", " ")):
            span = try_parse_date(spelling)
            if span is not None:
                return span.window
        era = self.find_era(text)
        if era is not None:
            return era
        from autotimeline.dates.diagnose import explain_mistake, invalid_date_error

        if _is_id(text) and explain_mistake(text) is None:
            return self.resolve(text)
        raise invalid_date_error(text)

    def parse_or_era(self, text: str, parse: Callable[[], DayQuad]) -> DayQuad:
        """An era may be called "in-house" or "last-emperor": asked once its words mean nothing else."""
        try:
            return parse()
        except UsageError:
            era = self.find_era(text)
            if era is None:
                raise
            return era

    def find_era(self, text: str) -> DayQuad | None:
        if not _is_id(text):
            return None
        try:
            window = self.resolve(text)
        except UsageError:
            return None
        self.relative = True
        return window

    def parse_relative_day(self, text: str) -> int | None:
        """Read a day that is counted from today."""
        if text in NAMED_DAYS:
            return self.today + NAMED_DAYS[text]
        if text.startswith(("+", "-")):
            sign, amount = -1 if text[0] == "-" else 1, _parse_amount(text[1:])
            if amount is None and text[-1].isalpha():
                raise _date_error(text, f"has no unit of time: write d, w, m, q or y, as {text[0]}18m")
        elif text.endswith((" ago", "-ago")):
            sign, amount = -1, _parse_amount(text[:-4])
        elif text.startswith(("in ", "in-")):
            sign, amount = 1, _parse_amount(text[3:])
        else:
            return None
        return self.shift_today(text, sign * amount[0], amount[1]) if amount else None

    def shift_today(self, text: str, number: int, unit: str) -> int:
        day = _shift_day(self.today, number, unit)
        if day is None:
            raise _date_error(text, "leaves the years 0001 to 9999: write a smaller number")
        return day


def _invalid_date_error(text: str) -> DateError:
    from autotimeline.dates.diagnose import invalid_date_error

    return invalid_date_error(text)


def _date_error(text: str, reason: str) -> DateError:
    from autotimeline.dates.diagnose import quote_excerpt

    return DateError(f"{quote_excerpt(text)} {reason}")


def _split_prefix(text: str) -> tuple[str, str]:
    prefix = text.replace("-", " ").partition(" ")[0]
    return prefix, text[len(prefix) + 1 :]


def _is_id(text: str) -> bool:
    return text[:1].isalnum() and _ID_CHARS.issuperset(text)


def _parse_amount(text: str) -> tuple[int, str] | None:
    """Read `18m`, `18 months` or `18-months`."""
    number = text[: len(text) - len(text.lstrip("0123456789"))]
    unit = _UNITS_BY_NAME.get(text[len(number) :].lstrip(" -"))
    # A hundred digits leave every calendar, and Python reads no more than some thousands.
    return (int(number[:100]), unit) if number and unit else None


def _calendar_unit_bounds(today: int, offset: int, unit: str) -> tuple[int, int]:
    if unit in _UNIT_DAYS:
        size = _UNIT_DAYS[unit]
        # 0001-01-01, day 1, was a Monday.
        first = today - (today - 1) % size + offset * size
        return first, first + size - 1
    from datetime import date

    today_date, size = date.fromordinal(today), _UNIT_MONTHS[unit]
    first_month = ((today_date.year * 12 + today_date.month - 1) // size + offset) * size
    return month_start(first_month), month_end(first_month + size - 1)


def _shift_day(day: int, number: int, unit: str) -> int | None:
    """Go a number of units from a day, into the last day of a shorter month; None beyond the calendar."""
    if unit in _UNIT_DAYS:
        shifted = day + number * _UNIT_DAYS[unit]
        return shifted if BEGIN < shifted < END else None
    from datetime import date

    from dateutil.relativedelta import relativedelta

    try:
        return (date.fromordinal(day) + relativedelta(months=number * _UNIT_MONTHS[unit])).toordinal()
    except (ValueError, OverflowError):
        return None


def _shift_bound(bound: int, number: int, unit: str) -> int:
    """Move a bound by a number of units; one that is open, or that leaves the calendar, is open."""
    if not BEGIN < bound < END:
        return bound
    shifted = _shift_day(bound, number, unit)
    return shifted if shifted is not None else BEGIN if number < 0 else END
