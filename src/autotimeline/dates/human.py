"""Date phrases of queries and options (`last year`, `since 2023`, `90 days ago`), parsed into windows of days.

    period = point | point ".." [point] | ".." point
           | ("since"|"from"|"until"|"by"|"before"|"after"|"in") point
    point  = a date as in the store | "last" N unit | ("last"|"this"|"next") unit
           | today | yesterday | tomorrow | ("+"|"-") N ("d"|"w"|"m"|"q"|"y")
           | N unit "ago" | "in" N unit | "@" event-id | era id

A `-` may replace a space, and case is ignored. To accept a new word, extend a table below; to accept a new phrase,
extend `_PeriodParser`, or `phrases` if it does not depend on today.
"""

from __future__ import annotations

from autotimeline.dates.edtf import is_unambiguous, simplify_phrase, try_parse_simple_date
from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.errors import DateError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.dates.span import DayQuad

    ResolveName = Callable[[str], DayQuad]

CALENDAR_UNITS = ("day", "week", "month", "quarter", "year")
"""The units of `last year`, `this week`, and `next month`."""
_UNITS_BY_NAME = {name: unit for unit in CALENDAR_UNITS for name in (unit, unit + "s", unit[0])}
_BOUND_PREFIXES = ("since", "from", "until", "by", "before", "after", "in")
_CALENDAR_OFFSETS = {"last": -1, "this": 0, "next": 1}
PERIOD_PREFIXES = (*_BOUND_PREFIXES, *_CALENDAR_OFFSETS)
"""The first words of a phrase; a `-` may follow instead of a space."""
NAMED_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
"""Names of days, with the number of days from today."""
_ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Window:
    """A period of a query: an outer window (possible days) and an inner one (certain days).

    It starts on a day from `outer_first` to `inner_first` and ends on one from `inner_last` to `outer_last`. All are
    inclusive ordinals, or `BEGIN` and `END` if open. If no day is certain, `inner_last` is before `inner_first`.
    `text` is the phrase as typed; `relative` is true if the window depends on today, an event, or an era.
    """

    __slots__ = ("inner_first", "inner_last", "outer_first", "outer_last", "relative", "text")

    def __init__(self, bounds: DayQuad, text: str, relative: bool) -> None:
        self.outer_first, self.outer_last, self.inner_first, self.inner_last = bounds
        self.text = text
        self.relative = relative

    @property
    def bounds(self) -> DayQuad:
        """The outer first and last day, then the inner ones."""
        return self.outer_first, self.outer_last, self.inner_first, self.inner_last

    @property
    def description(self) -> str:
        """The days for people: `2025-01-01..2025-12-31`, `2025-08-22..`; the certain ones follow if they differ."""
        outer = _format_day_range(self.outer_first, self.outer_last)
        if (self.inner_first, self.inner_last) == (self.outer_first, self.outer_last):
            return outer
        is_empty = self.inner_first > self.inner_last
        return f"{outer} (surely {'on no day' if is_empty else _format_day_range(self.inner_first, self.inner_last)})"

    def __repr__(self) -> str:
        return f"Window({self.text!r}, {self.description!r})"


def parse_window(text: str, today: int, resolve: ResolveName) -> Window:
    """Parse a date phrase, in which relative words count from `today` (an ordinal).

    `resolve` is called in lower case with `@event-id`, or with an era id if the text is not a phrase.

    Raises:
        DateError: If the text is not a period.
        UsageError: If `resolve` raises it, because the name is unknown.
    """
    parser = _PeriodParser(today, resolve)
    return Window(parser.parse_period(text.strip().lower()), text, parser.relative)


def widen_window(center: DayQuad, text: str) -> Window:
    """Return a window with each bound moved outward by a distance (`90d`, `3m`, `2 weeks`), as for `near:@id/90d`.

    For an event on an unknown day in [e, l], the window (e, l, l, e), the certain days are [l - N, e + N].

    Raises:
        DateError: If the text is not a distance.
    """
    from autotimeline.dates.diagnose import quote_excerpt
    from autotimeline.dates.shift import shift_bound

    if (distance := _parse_amount(text.strip().lower())) is None:
        raise DateError(f"{quote_excerpt(text)} is not a distance: write a number and d, w, m, q or y, as 90d")
    number, unit = distance
    first, inner_first = (shift_bound(day, -number, unit) for day in center[::2])
    last, inner_last = (shift_bound(day, number, unit) for day in center[1::2])
    return Window((first, last, inner_first, inner_last), text, relative=True)


def _format_day_range(first: int, last: int) -> str:
    return format_iso(first) or "" if first == last else f"{format_iso(first) or ''}..{format_iso(last) or ''}"


class _PeriodParser:
    """Parses one phrase and records in `relative` whether it depends on today, an event, or an era."""

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
        if prefix in ("from", "between") and " " in rest and (simple := simplify_phrase(text)) not in (None, text):
            return self.parse_period(simple or "")  # such as "from May to June 2023"
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
        first, last, inner_first, inner_last = self.parse_point(rest)
        if prefix in ("since", "from"):
            return first, END, inner_first, END
        if prefix in ("until", "by"):
            return BEGIN, last, BEGIN, inner_last
        if prefix == "after":
            # The period in `rest` ends on a day from `inner_last` to `last`.
            if inner_last >= END:
                raise _date_error(rest, "has no end: nothing comes after it")
            return inner_last + 1, END, last + 1, END
        if prefix == "before":
            if inner_first <= BEGIN:
                raise _date_error(rest, "has no beginning: nothing comes before it")
            return BEGIN, inner_first - 1, BEGIN, first - 1
        return first, last, inner_first, inner_last

    def parse_calendar(self, prefix: str, rest: str) -> DayQuad:
        if rest in _UNITS_BY_NAME:
            from autotimeline.dates.shift import calendar_unit_bounds

            self.relative = True
            first, last = calendar_unit_bounds(self.today, _CALENDAR_OFFSETS[prefix], _UNITS_BY_NAME[rest])
            return first, last, first, last
        amount = _parse_amount(rest)
        if amount is None or prefix == "this":
            raise _date_error(f"{prefix} {rest}", "has no unit of time: write day, week, month, quarter or year")
        number, unit = amount
        if prefix == "next":
            raise _date_error(f"next {rest}", f"may begin today or tomorrow: write today..+{number}{unit[0]}")
        if not number:
            raise _date_error(f"last {rest}", "has no days in it: write today")
        self.relative = True
        first = self.shift_today(f"last {rest}", -number, unit) + 1
        return first, self.today, first, self.today

    def parse_point(self, text: str) -> DayQuad:
        if text.startswith("@"):
            self.relative = True
            return self.resolve(text)
        if (day := self.parse_relative_day(text)) is not None:
            self.relative = True
            return day, day, day, day
        prefix, rest = _split_prefix(text)
        if prefix in _CALENDAR_OFFSETS and rest:
            return self.parse_or_era(text, lambda: self.parse_calendar(prefix, rest))
        for spelling in (text, text.replace("-", " ", 1), text.replace("-", " ")):
            if (span := try_parse_simple_date(spelling)) is not None:
                if not is_unambiguous(text, span):
                    raise _invalid_date_error(text)
                return span.window
        if (era := self.find_era(text)) is not None:
            return era
        if (simple := simplify_phrase(text) or simplify_phrase(text.replace("-", " "))) is not None:
            return self.parse_period(simple)
        from autotimeline.dates.diagnose import explain_mistake

        if _is_id(text) and explain_mistake(text, typed=True) is None:
            return self.resolve(text)
        raise _invalid_date_error(text)

    def parse_or_era(self, text: str, parse: Callable[[], DayQuad]) -> DayQuad:
        """Call `parse`; if it fails, return the era of that name, as "in-house", or another phrase with the prefix."""
        try:
            return parse()
        except UsageError:
            if (era := self.find_era(text)) is not None:
                return era
            if (simple := simplify_phrase(text)) in (None, text):
                raise
            return self.parse_period(simple or "")

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
        """Return the ordinal of a phrase that counts from today, as `+18m`; None for any other text."""
        if text in NAMED_DAYS:
            return self.today + NAMED_DAYS[text]
        if text.startswith(("+", "-")):
            sign, amount = -1 if text[0] == "-" else 1, _parse_amount(text[1:])
            if amount is None and text[-1].isalpha() and "-" not in text[1:]:
                raise _date_error(text, f"has no unit of time: write d, w, m, q or y, as {text[0]}18m")
        elif text.endswith((" ago", "-ago")):
            sign, amount = -1, _parse_amount(text[:-4])
        elif text.startswith(("in ", "in-")):
            sign, amount = 1, _parse_amount(text[3:])
        else:
            return None
        return self.shift_today(text, sign * amount[0], amount[1]) if amount else None

    def shift_today(self, text: str, number: int, unit: str) -> int:
        from autotimeline.dates.shift import shift_day

        if (day := shift_day(self.today, number, unit)) is None:
            raise _date_error(text, "is outside the years 0001 to 9999: write a smaller number")
        return day


def _invalid_date_error(text: str) -> DateError:
    from autotimeline.dates.diagnose import invalid_date_error

    return invalid_date_error(text, typed=True)


def _date_error(text: str, reason: str) -> DateError:
    from autotimeline.dates.diagnose import quote_excerpt

    return DateError(f"{quote_excerpt(text)} {reason}")


def _split_prefix(text: str) -> tuple[str, str]:
    prefix = text.replace("-", " ").partition(" ")[0]
    return prefix, text[len(prefix) + 1 :]


def _is_id(text: str) -> bool:
    return text[:1].isalnum() and _ID_CHARS.issuperset(text)


def _parse_amount(text: str) -> tuple[int, str] | None:
    """Parse `18m`, `18 months`, or `18-months`."""
    number = text[: len(text) - len(text.lstrip("0123456789"))]
    unit = _UNITS_BY_NAME.get(text[len(number) :].lstrip(" -"))
    # int() fails on thousands of digits; a hundred are outside the calendar anyway.
    return (int(number[:100]), unit) if number and unit else None
