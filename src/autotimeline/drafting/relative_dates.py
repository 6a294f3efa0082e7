"""The values of dates in text: those that the date reader reads, and those that count from a day of publication."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from autotimeline.dates import edtf
from autotimeline.dates.calendar import PARTS_BY_NAME, SEASON_NAMES
from autotimeline.dates.phrases import WEEKDAYS
from autotimeline.dates.shift import calendar_unit_bounds, shift_day
from autotimeline.dates.span import BEGIN, END, Span, format_iso
from autotimeline.drafting.date_words import COUNTS, MONTH, ORDINALS, PART_OF_PERIOD, WEEKDAY_PREFIX

Groups = Mapping[str, str]

_WHICH = {
    **dict.fromkeys(("last", "the past", "this past", "the previous"), -1),
    **dict.fromkeys(("this", "this coming", "the current", "the latest"), 0),
    **dict.fromkeys(("next", "the coming"), 1),
}
_DAY_OFFSETS = {"yesterday": -1, "last night": -1, "tomorrow": 1}
# The precision of the publication that a notation or a unit needs.
_NEEDED = {
    **dict.fromkeys(("weekday", "named_day", "day", "week", "weekend"), "day"),
    **dict.fromkeys(("part_of_year", "day_of_month", "recent", "month", "quarter"), "month"),
    **dict.fromkeys(("year_end", "year", "decade"), "year"),
}
# The date reader does not read these words.
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (
            rf"^(?:the (?=early|mid|late))?{PART_OF_PERIOD}?(?:the |calendar |full )?(?:year )?(?=.*\d)",
            "",
        ),
        (r"^(\d{4})(?:['’]s)? (.+)", r"\2 \1"),
        ("final", "last"),
        ("latter half|last half", "second half"),
        (r"^[’'‘](?=\d0s$)", "19"),
        (" and ", " to "),
        ("the year ", ""),
        (r"(?<=\d) of (?=\d)", " "),
    )
)
_SLACK = 3  # months: "on Dec. 5" without a verb is not last year's if the text is from October


class RelativeDates:
    """Returns the values of dates in texts that were published on a day, or in a month or year."""

    def __init__(self, published: Span) -> None:
        first, last = published.nominal
        self._day, self._last = date.fromordinal(first), date.fromordinal(last)
        same_year = self._day.year == self._last.year
        known = {"day": first == last, "month": same_year and self._day.month == self._last.month, "year": same_year}
        self._known = {unit for unit, is_known in known.items() if is_known}
        self._mark = "~" if published.approximate else ""
        earliest, latest = published.within
        self._year_is_certain = date.fromordinal(earliest).year == date.fromordinal(latest).year

    @property
    def year(self) -> int:
        """The year of publication."""
        return self._last.year

    def value(self, name: str, groups: Groups, text: str, tense: str) -> str:
        """Return the date of a notation of `date_words`; empty if it has none. `tense` is "future", "past", or ""."""
        if name in ("written", "part", "year"):
            return self._written(text)
        if not self._determines(name):
            return ""
        resolve: Callable[[Groups, str], str] = getattr(self, f"_{name}")
        try:
            value = resolve({"text": text, **groups}, tense)
        except (OverflowError, ValueError):  # next to the first and the last year
            return ""
        return value if not value or edtf.try_parse_date(value) else ""

    def _determines(self, name: str) -> bool:
        return name not in _NEEDED or _NEEDED[name] in self._known

    def _written(self, text: str) -> str:
        """Return a date that the date reader reads, with "last year" as a year."""
        if which := re.search(r"\b(last|this|next) year\b", text):
            year = f"{self._day.year + _WHICH[which[1]]:04}" if "year" in self._known else ""
            text = text.replace(which[0], year)
        for pattern, replacement in _REWRITES:
            text = pattern.sub(replacement, text)
        span = edtf.try_parse_date(text)
        return edtf.date_to_toml(span) if span else ""

    def _part_of_year(self, groups: Groups, tense: str) -> str:
        which = _WHICH.get(groups.get("which", "").lower())
        if season := groups.get("season", "").lower().replace("fall", "autumn"):
            first = 3 * SEASON_NAMES.index(season) + 3
            return f"{self._year_of(first, first + 2, which, tense):04} {season}"
        if "quarter" in groups:
            number = ORDINALS[groups["quarter"].lower()]
            return f"{self._year_of(3 * number - 2, 3 * number, which, tense):04}Q{number}"
        month = _month_number(groups["month"])
        return f"{self._year_of(month, month, which, tense):04}-{month:02}"

    def _day_of_month(self, groups: Groups, tense: str) -> str:
        month = _month_number(MONTH.search(groups["text"])[0])  # type: ignore[index]  # it has one
        year = self._year_of(month, month, None, tense, slack=_SLACK - (tense == "past"))
        return self._written(f"{WEEKDAY_PREFIX.sub('', groups['text'])} {year:04}")

    def _year_of(self, first: int, last: int, which: int | None, tense: str, *, slack: int = 0) -> int:
        """Return the year of the months `first` to `last`; those after December are in the next year.

        So many months after the publication (`slack`) may belong to its year although no verb is in the future.
        """
        month, year = self._last.month, self._last.year
        if which == 0:
            return year - (month <= last - 12)
        if which is not None:
            return year - (last >= month - 1) if which < 0 else year + (first <= month)
        if first > month + slack:
            return year - (tense != "future")
        is_next = (last < month - 3 and tense == "future") or (slack and last <= month - 9 and tense != "past")
        return year + bool(is_next)

    def _weekday(self, groups: Groups, tense: str) -> str:
        number = next(number for number, day in enumerate(WEEKDAYS) if day[:3] == groups["weekday"][:3].lower())
        if "week" in groups:
            return self._shifted_day(number - self._day.weekday() + 7 * _WHICH[groups["week"]])
        since, which = (self._day.weekday() - number) % 7, _WHICH.get(groups.get("which", "").lower())
        if which is None:
            which = 0 if tense == "future" else -1 if since else 0
        return self._shifted_day(-(since or 7) if which < 0 else 7 - since if which or since else 0)

    def _named_day(self, groups: Groups, tense: str) -> str:
        return self._shifted_day(_DAY_OFFSETS.get(groups["day"].lower(), 0))

    def _shifted_day(self, days: int) -> str:
        return (self._day + timedelta(days)).isoformat() + self._mark

    def _ago(self, groups: Groups, tense: str) -> str:
        count, unit = word_count(groups["count"]), groups["unit"]
        if not count:  # at least two
            value = self._unit_date(unit, -2, approximate=False)
            return f"[..{value.rstrip('~')}]" if value and "/" not in value else ""
        return self._unit_date(unit, -count, approximate=unit not in ("day", "week") or count > 1)

    def _unit(self, groups: Groups, tense: str) -> str:
        which, unit = groups.get("which", "").lower(), groups["unit"]
        if which == "the past":
            return self._unit_date(unit, -1, approximate=True) if unit == "year" else ""
        if unit == "weekend" and not which:  # the one that is over, except on a Sunday
            which = "last" if self._day.weekday() < 6 else "this"
        is_latest_quarter = which == "the latest" and unit == "quarter"
        return self._unit_date(unit, -1 if is_latest_quarter else _WHICH.get(which, 0))

    def _unit_date(self, unit: str, offset: int, *, approximate: bool = False) -> str:
        """Return the day, week, month, quarter, or year that is so many units after the one of the publication."""
        if not self._determines(unit):
            return ""
        mark = "~" if approximate or (self._mark and not (unit == "year" and self._year_is_certain)) else ""
        if unit == "decade" and not approximate:
            return f"{self._day.year // 10 + offset:03}X"
        if unit in ("year", "decade"):
            return f"{self._day.year + offset * (10 if unit == 'decade' else 1):04}{mark}"
        first, last = calendar_unit_bounds(self._day.toordinal(), offset, "week" if unit == "weekend" else unit)
        begin, end = date.fromordinal(first), date.fromordinal(last)
        if unit == "quarter":
            return f"{begin.year:04}Q{begin.month // 3 + 1}{mark}"
        if unit in ("week", "weekend"):
            return f"{(end - timedelta(1) if unit == 'weekend' else begin).isoformat()}/{end.isoformat()}"
        return begin.isoformat()[: 7 if unit == "month" else 10] + mark

    def _year_end(self, groups: Groups, tense: str) -> str:
        return f"{self._day.year - (tense != 'future' and self._last.month < 7):04}"

    def _century(self, groups: Groups, tense: str) -> str:
        return f"{int(groups['century']) - 1:02}XX"

    def _recent(self, groups: Groups, tense: str) -> str:
        return f"{self._day.isoformat()[:7]}~"


def week_of(day: str) -> str:
    """Return the week of a day."""
    ordinal = date.fromisoformat(day).toordinal()
    return "/".join(date.fromordinal(bound).isoformat() for bound in calendar_unit_bounds(ordinal, 0, "week"))


def count_from(anchor: str, groups: Groups) -> str:
    """Return the date that "six months later" means if it counts from another date; empty if that is unclear."""
    if "month" in groups:  # "May of the following year"
        year = count_from(anchor, {key: value for key, value in groups.items() if key != "month"})
        return f"{year}-{_month_number(groups['month']):02}" if len(year) == 4 else ""
    unit, direction = groups.get("unit", "year"), groups.get("direction", "")[:5]
    count = word_count(groups.get("count", "a")) if direction else 0
    number = count if direction in ("later", "after", "follo") else -count
    span = edtf.try_parse_date(anchor)
    if not (span and (count or not direction) and BEGIN < span.nominal[0] <= span.nominal[1] < END):
        return ""
    if unit == "quarter" or (unit == "year" and anchor[4:5] in ("Q", "H") and number):
        # The same part of another year; quarters that are so many quarters apart are rare.
        value = f"{int(anchor[:4]) + number:04}{anchor[4:]}" if anchor[4:5] in ("Q", "H") else ""
        return value if unit == "year" or not number else ""
    first, last = (shift_day(day, number, unit) for day in span.nominal)
    low, high = (format_iso(day) or "" if day else "" for day in (first, last))
    length = 10 if unit in ("day", "week") else 7 if unit == "month" else 4
    if not (low and high) or (low[:length] != high[:length] and not number):
        return ""
    return low[:length] if low[:length] == high[:length] else f"{low[:length]}/{high[:length]}"


def word_count(word: str) -> int:
    """Return the number of a word or of digits; 0 for another word."""
    return COUNTS.get(word.lower()) or (int(word) if word.isascii() and word.isdigit() else 0)


def _month_number(name: str) -> int:
    return PARTS_BY_NAME[name.lower().strip(".")[:3]]
