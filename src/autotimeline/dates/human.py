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
from autotimeline.dates.edtf import read
from autotimeline.dates.span import BEGIN, END, iso
from autotimeline.errors import DateError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.dates.span import Quad

    Resolve = Callable[[str], Quad]

_UNITS = {name: unit for unit in ("day", "week", "month", "quarter", "year") for name in (unit, unit + "s", unit[0])}
_DAYS = {"day": 1, "week": 7}
_LEADS = ("since", "from", "until", "by", "before", "after", "in")
_CALENDAR = {"last": -1, "this": 0, "next": 1}
BEGINNINGS = (*_LEADS, *_CALENDAR)
"""What begins a period in words; `-` may stand for the space behind it."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
NAMED_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
"""What a person calls a day near today, and how many days it is from it."""
_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


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

    __slots__ = ("A", "B", "a", "b", "relative", "text")

    def __init__(self, bounds: Quad, text: str, relative: bool) -> None:
        """Take the bounds in the order A, B, a, b."""
        self.A, self.B, self.a, self.b = bounds
        self.text = text
        self.relative = relative

    @property
    def bounds(self) -> Quad:
        """The window as (A, B, a, b)."""
        return self.A, self.B, self.a, self.b

    @property
    def means(self) -> str:
        """The days for people: `2025-01-01..2025-12-31`, `2025-08-22..`, and what is sure where that differs."""
        outer = _days(self.A, self.B)
        if (self.a, self.b) == (self.A, self.B):
            return outer
        sure = f"surely {_days(self.a, self.b)}" if self.a <= self.b else "surely on no day"
        return f"{outer} ({sure})"

    def __repr__(self) -> str:
        """Show the words and the days."""
        return f"Window({self.text!r}, {self.means!r})"


def window(text: str, today: int, resolve: Resolve) -> Window:
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
    reader = _Reader(today, resolve)
    return Window(reader.period(text.strip().lower()), text, reader.relative)


def around(centre: Quad, text: str) -> Window:
    """Widen a window by a distance (`90d`, `3m`, `2 weeks`) on both sides, as for `near:@id/90d`.

    Each bound moves outwards by the distance. Of a day in [e, l], which is the window (e, l, l, e),
    that leaves [l - N, e + N] as the days that are near it whichever day it is.

    Raises:
        DateError: The text is no distance.
    """
    from autotimeline.dates.diagnose import quoted

    amount = _amount(text.strip().lower())
    if amount is None:
        raise DateError(f"{quoted(text)} is no distance: write a number and d, w, m, q or y, as 90d")
    number, unit = amount
    A, B, a, b = centre  # noqa: N806  # the names that the design gives them
    bounds = (_moved(A, -number, unit), _moved(B, number, unit), _moved(a, -number, unit), _moved(b, number, unit))
    return Window(bounds, text, relative=True)


def _days(first: int, last: int) -> str:
    return iso(first) or "" if first == last else f"{iso(first) or ''}..{iso(last) or ''}"


class _Reader:
    """Reads one text; remembers whether today, an event or an era was needed for it."""

    def __init__(self, today: int, resolve: Resolve) -> None:
        self.today = today
        self.resolve = resolve
        self.relative = False

    def period(self, text: str) -> Quad:
        if text.startswith("[") or ("/" in text and ".." in text):
            return self.point(text)
        left, dots, right = text.partition("..")
        if dots:
            return self.range(text, left.strip(), right.strip())
        lead, rest = _cut(text)
        if lead == "between":
            left, _, right = rest.replace("-and-", " and ").partition(" and ")
            if left and right:
                return self.range(text, left, right)
        if text.endswith((" or later", "-or-later")):
            return self.led("since", text[: -len(" or later")])
        if lead in _LEADS and rest and self.day(text) is None:
            return self.or_era(text, lambda: self.led(lead, rest))
        return self.point(text)

    def range(self, text: str, left: str, right: str) -> Quad:
        if not left and not right:
            raise _refusal(text)
        first, _, inner_first, _ = self.point(left) if left else (BEGIN, END, BEGIN, END)
        _, last, _, inner_last = self.point(right) if right else (BEGIN, END, BEGIN, END)
        if last < first:
            raise _refused(text, f"ends before it starts: write {right}..{left}")
        return first, last, inner_first, inner_last

    def led(self, lead: str, rest: str) -> Quad:
        A, B, a, b = self.point(rest)  # noqa: N806  # the names that the design gives them
        if lead in ("since", "from"):
            return A, END, a, END
        if lead in ("until", "by"):
            return BEGIN, B, BEGIN, b
        if lead == "after":
            # What it comes after ends between b and B.
            if b >= END:
                raise _refused(rest, "has no end: nothing comes after it")
            return b + 1, END, B + 1, END
        if lead == "before":
            if a <= BEGIN:
                raise _refused(rest, "has no beginning: nothing comes before it")
            return BEGIN, a - 1, BEGIN, A - 1
        return A, B, a, b

    def calendar(self, lead: str, rest: str) -> Quad:
        self.relative = True
        if rest in _UNITS:
            first, last = _calendar_unit(self.today, _CALENDAR[lead], _UNITS[rest])
            return first, last, first, last
        amount = _amount(rest)
        if amount is None or lead == "this":
            raise _refused(f"{lead} {rest}", "names no unit: write day, week, month, quarter or year")
        number, unit = amount
        if lead == "next":
            raise _refused(f"next {rest}", f"may begin today or tomorrow: write today..+{number}{unit[0]}")
        if not number:
            raise _refused(f"last {rest}", "has no days in it: write today")
        first = self.shifted(f"last {rest}", -number, unit) + 1
        return first, self.today, first, self.today

    def point(self, text: str) -> Quad:
        if text.startswith("@"):
            self.relative = True
            return self.resolve(text)
        day = self.day(text)
        if day is not None:
            self.relative = True
            return day, day, day, day
        lead, rest = _cut(text)
        if lead in _CALENDAR and rest:
            return self.or_era(text, lambda: self.calendar(lead, rest))
        for spelled in (text, text.replace("-", " ", 1), text.replace("-", " ")):
            span = read(spelled)
            if span is not None:
                return span.window
        era = self.era(text)
        if era is not None:
            return era
        from autotimeline.dates.diagnose import named, refusal

        if _is_id(text) and named(text) is None:
            return self.resolve(text)
        raise refusal(text)

    def or_era(self, text: str, words: Callable[[], Quad]) -> Quad:
        """An era may be called "in-house" or "last-emperor": asked once its words mean nothing else."""
        try:
            return words()
        except UsageError:
            era = self.era(text)
            if era is None:
                raise
            return era

    def era(self, text: str) -> Quad | None:
        if not _is_id(text):
            return None
        try:
            window = self.resolve(text)
        except UsageError:
            return None
        self.relative = True
        return window

    def day(self, text: str) -> int | None:
        """Read a day that is counted from today."""
        if text in NAMED_DAYS:
            return self.today + NAMED_DAYS[text]
        if text.startswith(("+", "-")):
            sign, amount = -1 if text[0] == "-" else 1, _amount(text[1:])
            if amount is None and text[-1].isalpha():
                raise _refused(text, f"has no unit of time: write d, w, m, q or y, as {text[0]}18m")
        elif text.endswith((" ago", "-ago")):
            sign, amount = -1, _amount(text[:-4])
        elif text.startswith(("in ", "in-")):
            sign, amount = 1, _amount(text[3:])
        else:
            return None
        return self.shifted(text, sign * amount[0], amount[1]) if amount else None

    def shifted(self, text: str, number: int, unit: str) -> int:
        day = _shifted(self.today, number, unit)
        if day is None:
            raise _refused(text, "leaves the years 0001 to 9999: write a smaller number")
        return day


def _refusal(text: str) -> DateError:
    from autotimeline.dates.diagnose import refusal

    return refusal(text)


def _refused(text: str, why: str) -> DateError:
    from autotimeline.dates.diagnose import quoted

    return DateError(f"{quoted(text)} {why}")


def _cut(text: str) -> tuple[str, str]:
    lead = text.replace("-", " ").partition(" ")[0]
    return lead, text[len(lead) + 1 :]


def _is_id(text: str) -> bool:
    return text[:1].isalnum() and _ID.issuperset(text)


def _amount(text: str) -> tuple[int, str] | None:
    """Read `18m`, `18 months` or `18-months`."""
    number = text[: len(text) - len(text.lstrip("0123456789"))]
    unit = _UNITS.get(text[len(number) :].lstrip(" -"))
    # A hundred digits leave every calendar, and Python reads no more than some thousands.
    return (int(number[:100]), unit) if number and unit else None


def _calendar_unit(today: int, offset: int, unit: str) -> tuple[int, int]:
    if unit in _DAYS:
        size = _DAYS[unit]
        # 0001-01-01, day 1, was a Monday.
        first = today - (today - 1) % size + offset * size
        return first, first + size - 1
    from datetime import date

    that, size = date.fromordinal(today), _MONTHS[unit]
    start = ((that.year * 12 + that.month - 1) // size + offset) * size
    return month_start(start), month_end(start + size - 1)


def _shifted(day: int, number: int, unit: str) -> int | None:
    """Go a number of units from a day, into the last day of a shorter month; None beyond the calendar."""
    if unit in _DAYS:
        there = day + number * _DAYS[unit]
        return there if BEGIN < there < END else None
    from datetime import date

    from dateutil.relativedelta import relativedelta

    try:
        return (date.fromordinal(day) + relativedelta(months=number * _MONTHS[unit])).toordinal()
    except (ValueError, OverflowError):
        return None


def _moved(bound: int, number: int, unit: str) -> int:
    """Move a bound by a number of units; one that is open, or that leaves the calendar, is open."""
    if not BEGIN < bound < END:
        return bound
    there = _shifted(bound, number, unit)
    return there if there is not None else BEGIN if number < 0 else END
