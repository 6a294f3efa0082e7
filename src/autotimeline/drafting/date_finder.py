"""Dates in running text, as precise as the words, counted from the day of publication.

Weekdays refer to the past, and a month or quarter that has not begun to last year, unless a word such as "will"
precedes it. A date that depends on another event ("six months later") is found without a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from autotimeline.dates import edtf
from autotimeline.dates.calendar import MONTH_NAMES, PARTS_BY_NAME, SEASON_NAMES
from autotimeline.dates.phrases import WEEKDAYS
from autotimeline.drafting.date_words import ANY_DATE, COUNTS, ORDINALS, PATTERNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from autotimeline.dates.span import Span

    Groups = Mapping[str, str]

_FUTURE_CUE = re.compile(
    r"\b(?:will|would|shall|expect(?:s|ed)?|plan(?:s|ned|ning)?|due|scheduled|slated|by|until|aim(?:s|ing)?|targets?"
    r"|going to|set to|forecasts?|upcoming|intends?|hopes?|deadline|next|'ll|’ll|should|can|could|may|from|to [a-z]+)\b"
)
_PAST_CUE = re.compile(r"\b(?:said|was|were|had|did|has|have|\w{2,}ed|reported|since|last|ago|after|told|rose|fell|began|won)\b")
_BOUND = re.compile(
    r"(?:\b(no later than|not later than|as early as|as late as|on or before|prior to|by the end of|until the end of"
    r"|since the (?:start|beginning) of|by|until|till|through|since|from|before|after|beyond|between|as of|ended|ending)"
    r" (?:the )?(?:about |around |at least )?)$",
    re.IGNORECASE,
)
_JOIN = re.compile(r" ?(?:-|–|—) ?| (?:to|and|until|till|through)(?: the| about| around)? ")
_ABOUT = re.compile(r"\b(?:about|around|approximately|roughly|circa|c\.|some time around) (?:the )?$", re.IGNORECASE)
_FISCAL = re.compile(r"\bfiscal(?: year)?(?:'s|’s)?[ -](?:the )?$|\b(?:financial|FY) ?(?:year )?$", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:compar(?:ed|es|ing|able)|versus|vs\.?|against|(?:up|down) from|than|rose from|fell from|from) [^,;:]{0,60}$",
    re.IGNORECASE,
)
_NOT_A_YEAR = re.compile(r"\b(?:Act|Law|Code|Directive|Agenda|Vision|Strategy|Protocol|Convention|Treaty|Amendments?) of $|[-–—] ?$")
_YEAR_PREFIX = re.compile(
    r"(?:^|\b(?:in|since|by|until|till|through|during|for|of|from|to|before|after|between|and|or|than|over|early|late|mid"
    r"|beyond|year|as of|around|about|circa|at|the|ended|ending|late as|early as|its|their|his|her|our|a|[A-Za-z]+ly)[ -]"
    r"|[(,;:–—] ?|\b(?:and|or|to) )$",
    re.IGNORECASE,
)
_YEAR_NOUN = re.compile(
    r" (?:sales|results?|revenues?|profits?|earnings|budget|elections?|season|campaign|models?|level|report|deal|target"
    r"|guidance|forecast|figure|total|edition|convention|agreement|law|plan|production|output|income|net|full|fiscal|period"
    r"|quarter|war|crisis|merger|invasion|attack|bombing|coup|crash|Olympics|World|financial|tax|calendar)\b"
)
_BORN = re.compile(r"\((?:[^()]*, )?$")
# A word after a year that makes it a count: "2000 pieces".
_COUNTED = re.compile(r" (?:[a-z]+-?)?[a-z]+s\b")
_WHICH = {"last": -1, "next": 1, "this coming": 0, "the coming": 1}


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        start, end: Its position, with the word before it that makes it a bound.
        text: The words.
        value: The date as in a store; empty if it depends on another event.
        is_period: Whether something held all the time: "since 2023", "from May to June".
        doubt: Why it may not be the date of the event, or is not one.
        is_comparison: Whether the date is that of a number with which another is compared.
    """

    start: int
    end: int
    text: str
    value: str
    is_period: bool = False
    doubt: str = ""
    is_comparison: bool = False

    @property
    def span(self) -> Span | None:
        """The date; None without a value."""
        return edtf.try_parse_date(self.value) if self.value else None


class DateFinder:
    """Finds dates in texts that were published on a day, or in a month or year."""

    def __init__(self, published: Span) -> None:
        first, last = published.nominal
        self._first, self._last = date.fromordinal(first), date.fromordinal(last)
        self._is_day = first == last
        self._is_month = (self._first.year, self._first.month) == (self._last.year, self._last.month)
        self._is_year = self._first.year == self._last.year
        self._mark = "~" if published.approximate else ""

    def find(self, sentence: str) -> list[FoundDate]:
        """Return the dates of a sentence in order; ranges and bounds are one date."""
        points = [found for match in ANY_DATE.finditer(sentence) if (found := self._read(sentence, match))]
        return list(_join_ranges(sentence, points))

    def _read(self, sentence: str, match: re.Match[str]) -> FoundDate | None:
        name, pattern = PATTERNS[int((match.lastgroup or "r0")[1:])]
        detail = pattern.match(sentence, match.start())
        if detail is None:
            return None
        groups = {key.rstrip("2345678"): value for key, value in detail.groupdict().items() if value}
        before, after = sentence[max(0, match.start() - 120) : match.start()], sentence[match.end() : match.end() + 40]
        if name in ("quarter", "half", "bare_quarter", "year", "which_unit") and (
            _FISCAL.search(before) or "fiscal" in match[0].lower() or after.startswith((" ended", " ending", " to end"))
        ):
            doubt = "fiscal periods have other days; write the date"
            return FoundDate(match.start(), match.end(), match[0], "", doubt=doubt)
        if name == "year" and not _is_year(groups, before, after):
            return None
        if name in ("later",):
            return FoundDate(match.start(), match.end(), match[0], "", doubt="depends on another date")
        value = self._value(name, groups, match[0], _is_future(before))
        if not value:
            return None
        if _ABOUT.search(before) and value[-1] not in "~?/":
            value += "~"
        return FoundDate(match.start(), match.end(), match[0], value)

    def _value(self, name: str, groups: Groups, text: str, is_future: bool) -> str:
        if name in ("day", "days"):
            span = edtf.try_parse_date(_strip_part(text).replace(" to ", "-").replace(" and ", "-").replace(" through ", "-"))
            return edtf.date_to_toml(span) if span else ""
        resolve: Callable[[Groups, bool], str] = getattr(self, f"_{name}")
        value = resolve(groups, is_future)
        return value if not value or edtf.try_parse_date(value) else ""

    def _year_of(self, words: str) -> int:
        """Return the year of "2025", "last year", or "the year 2000"; 0 if the publication does not determine it."""
        if words[-4:].isdigit():
            return int(words[-4:])
        return self._first.year + _WHICH.get(words.removesuffix(" year").lower(), 0) if self._is_year else 0

    def _half(self, groups: Groups, is_future: bool) -> str:
        year, part = self._year_of(groups["when"]), groups["part"].lower()
        number = 1 if part in ("first", "1st") or "1" in part else 2
        return f"{year}H{number}" if year else ""

    def _quarter(self, groups: Groups, is_future: bool) -> str:
        year, part = self._year_of(groups["when"]), groups["part"].lower()
        number = ORDINALS.get(part) or int(part.strip("q"))
        return f"{year}Q{number}" if year else ""

    def _season(self, groups: Groups, is_future: bool) -> str:
        name = groups["season"].lower().replace("fall", "autumn")
        if "when" in groups:
            year = self._year_of(groups["when"])
        else:
            which = groups["which"].lower()
            month = 3 * SEASON_NAMES.index(name) + 3
            begun = self._is_month and self._last.month >= month
            year = self._first.year if self._is_month else 0
            if which in ("last", "the past", "this past") and not (begun and self._last.month > month + 2):
                year -= 1 if year else 0
            if which == "next" and begun:
                year += 1
        return f"{year} {name}" if year else ""

    def _month(self, groups: Groups, is_future: bool) -> str:
        return f"{groups['year']}-{_month_number(groups['month']):02}"

    def _month_of_year(self, groups: Groups, is_future: bool) -> str:
        if groups["which"] not in ("last", "this", "next") or not self._is_year:
            return ""
        return f"{self._first.year + _WHICH.get(groups['which'], 0)}-{_month_number(groups['month']):02}"

    def _which_month(self, groups: Groups, is_future: bool) -> str:
        if not self._is_month:
            return ""
        number, which = _month_number(groups["month"]), groups["which"].lower()
        year = self._first.year
        if which == "last" or "past" in which:
            year -= number >= self._last.month
        elif which == "next":
            year += number <= self._last.month
        return f"{year}-{number:02}"

    def _bare_month(self, groups: Groups, is_future: bool) -> str:
        if not self._is_month:
            return ""
        number, year = _month_number(groups["month"]), self._last.year
        if number > self._last.month and not is_future:
            year -= 1
        elif number < self._last.month and is_future and self._last.month - number > 3:
            year += 1
        return f"{year}-{number:02}"

    def _day_of_month(self, groups: Groups, is_future: bool) -> str:
        if not self._is_month:
            return ""
        month, day = _month_number(groups["month"]), int(re.sub(r"\D", "", groups["day"]))
        year = self._last.year
        months_ahead = month - self._last.month
        if months_ahead > 0 and not is_future and months_ahead > 2:
            year -= 1
        elif months_ahead < 0 and is_future and months_ahead < -3:
            year += 1
        elif months_ahead < -8 and not is_future and month <= 2 and self._last.month == 12:
            year += 1
        return f"{year}-{month:02}-{day:02}"

    def _day_of_week_of_month(self, groups: Groups, is_future: bool) -> str:
        return self._day_of_month(groups, is_future)

    def _which_day(self, groups: Groups, is_future: bool) -> str:
        if not self._is_day:
            return ""
        which = groups["which"].lower()
        days = (self._first.weekday() - _weekday(groups["weekday"])) % 7
        if which in ("last", "the previous") or "past" in which:
            return self._day(-(days or 7))
        if which == "next":
            return self._day((7 - days) or 7)
        return self._day(7 - days if days else 0)

    def _weekday(self, groups: Groups, is_future: bool) -> str:
        if not self._is_day:
            return ""
        return self._day(-((self._first.weekday() - _weekday(groups["weekday"])) % 7))

    def _named_day(self, groups: Groups, is_future: bool) -> str:
        day = groups["day"].lower()
        offset = -1 if day in ("yesterday", "last night") else 1 if day == "tomorrow" else 0
        return self._day(offset) if self._is_day else ""

    def _day(self, offset: int) -> str:
        return (self._first + timedelta(offset)).isoformat() + self._mark

    def _days_ago(self, groups: Groups, is_future: bool) -> str:
        word = groups["count"].lower()
        count = COUNTS.get(word) or (int(word) if word.isdigit() else 0)
        unit = groups["unit"]
        return self._unit(unit, -count, approximate=unit in ("month", "year") or count > 1) if count else ""

    def _which_unit(self, groups: Groups, is_future: bool) -> str:
        which = groups.get("which", "this").lower()
        unit = groups["unit"]
        offset = _WHICH.get(which, 0)
        if unit == "weekend":
            if not self._is_day:
                return ""
            saturday = self._first + timedelta(5 - self._first.weekday() + 7 * min(offset, 0))
            if (which == "last" or "which" not in groups) and saturday > self._first - timedelta(1):
                saturday -= timedelta(7) if which != "last" else timedelta(0)
            return f"{saturday.isoformat()}/{(saturday + timedelta(1)).isoformat()}"
        if which == "the past":
            return self._unit(unit, -1, approximate=True) if unit == "year" else ""
        if which == "the latest":
            offset = -1 if unit == "quarter" else 0
        return self._unit(unit, offset)

    def _unit(self, unit: str, offset: int, *, approximate: bool = False) -> str:
        """Return the week, month, quarter, or year that is so many units after the one of the publication."""
        mark = "~" if approximate or self._mark else ""
        if unit == "day":
            return (self._first + timedelta(offset)).isoformat() + mark if self._is_day else ""
        if unit == "week":
            if not self._is_day:
                return ""
            monday = self._first + timedelta(7 * offset - self._first.weekday())
            return f"{monday.isoformat()}/{(monday + timedelta(6)).isoformat()}"
        if unit == "year":
            return f"{self._first.year + offset}{mark}" if self._is_year else ""
        if not self._is_month:
            return ""
        size = 3 if unit == "quarter" else 1
        year, part = divmod((self._first.year * 12 + self._first.month - 1) // size + offset, 12 // size)
        return f"{year:04}Q{part + 1}{mark}" if size == 3 else f"{year:04}-{part + 1:02}{mark}"

    def _bare_quarter(self, groups: Groups, is_future: bool) -> str:
        number = ORDINALS[groups["part"].lower()]
        if not self._is_month:
            return ""
        year = self._last.year
        if not is_future and 3 * number - 2 > self._last.month:
            year -= 1
        return f"{year}Q{number}"

    def _year_end(self, groups: Groups, is_future: bool) -> str:
        if not self._is_year:
            return ""
        return f"{self._first.year - (not is_future and self._last.month < 7)}"

    def _decade(self, groups: Groups, is_future: bool) -> str:
        return f"{groups['decade'][:3]}X"

    def _short_decade(self, groups: Groups, is_future: bool) -> str:
        return f"19{groups['decade'][0]}X"

    def _century(self, groups: Groups, is_future: bool) -> str:
        return f"{int(groups['century'][:2]) - 1}XX"

    def _recent(self, groups: Groups, is_future: bool) -> str:
        return f"{self._first.year:04}-{self._first.month:02}~" if self._is_month else ""

    def _year(self, groups: Groups, is_future: bool) -> str:
        return groups["year"]


def _is_year(groups: Groups, before: str, after: str) -> bool:
    """Return whether a number is a year: not in "(American, 1968)", "Act of 1934", or "2000 pieces"."""
    if _NOT_A_YEAR.search(before) or (after.startswith(")") and _BORN.search(before)):
        return False
    is_named = bool(_YEAR_NOUN.match(after))
    if not is_named and _COUNTED.match(after) and not re.match(r" (?:as|was|is|has|does|this|its|his)\b", after):
        return False
    return is_named or bool(_YEAR_PREFIX.search(before))


def _join_ranges(sentence: str, points: list[FoundDate]) -> Iterator[FoundDate]:
    """Yield the dates, with two that are the ends of a range as one, and with the bounds before them."""
    index = 0
    while index < len(points):
        point, index = points[index], index + 1
        bound = _BOUND.search(sentence, max(0, point.start - 40), point.start)
        word = bound[1].lower() if bound else ""
        if index < len(points) and point.value and points[index].value:
            other = points[index]
            joined = _JOIN.fullmatch(sentence, point.end, other.start)
            if joined and (value := _range_value(word, joined[0].strip(" "), point.value, other.value)):
                index += 1
                start = bound.start() if bound else point.start
                text = sentence[start : other.end]
                yield FoundDate(start, other.end, text, value, is_period=word != "between")
                continue
        yield _with_bound(sentence, point, bound.start() if bound else point.start, word)


def _range_value(word: str, joint: str, first: str, last: str) -> str:
    is_range = (word == "between") if joint.startswith("and") else (word == "from" or joint in ("-", "–", "—", "through"))
    if not is_range or "/" in first + last:
        return ""
    value = f"between {first} and {last}" if word == "between" else f"{first}/{last}"
    span = edtf.try_parse_date(value)
    return edtf.date_to_toml(span) if span else ""


def _with_bound(sentence: str, point: FoundDate, start: int, word: str) -> FoundDate:
    """Return a date as the word before it makes it: by 2026, since 2023, before May."""
    before = sentence[max(0, point.start - 120) : point.start]
    is_comparison = bool(_COMPARED.search(before)) and word != "since"
    if not point.value or "/" in point.value or word in ("", "as of", "between"):
        return replace(point, is_comparison=is_comparison)
    if word == "beyond":
        return replace(point, start=start, text=sentence[start : point.end], value="", doubt="has no end")
    if word in ("ended", "ending"):
        return replace(point, value="", doubt="is the end of a period; write the period")
    template = {
        "since": "from {}",
        "from": "from {}",
        "before": "before {}",
        "prior to": "before {}",
        "after": "after {}",
        "as early as": "{} or later",
    }.get(word.removesuffix(" the beginning of").removesuffix(" the start of"), "by {}")
    if word == "from" and is_comparison and re.search(r"\d[^,;]{0,30} from $", before):
        return replace(point, is_comparison=True)
    span = edtf.try_parse_date(template.format(point.value))
    if span is None:
        return replace(point, is_comparison=is_comparison)
    return replace(
        point,
        start=start,
        text=sentence[start : point.end],
        value=edtf.date_to_toml(span),
        is_period=template.startswith("from"),
        is_comparison=is_comparison and word != "from",
    )


def _is_future(before: str) -> bool:
    """Return whether the last cue before a date refers to the future."""
    clause = re.split(r"[;:]|, (?:and|but|while|which|who) ", before)[-1]
    return bool(_FUTURE_CUE.search(clause))


def _strip_part(text: str) -> str:
    match = re.match(r"(?i)(?:early|earlier|late|later|mid|(?:at )?the (?:middle|beginning|start|end|close) of)[ -](?:in |on |of )?(?:the )?", text)
    return text[match.end() :] if match else text


def _month_number(name: str) -> int:
    return PARTS_BY_NAME[name.lower().strip(".")[:3]]


def _weekday(name: str) -> int:
    return next(number for number, day in enumerate(WEEKDAYS) if day[:3] == name[:3].lower())
