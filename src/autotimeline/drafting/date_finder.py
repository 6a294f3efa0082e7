"""Dates in running text, as precise as the words, counted from the day of publication.

Weekdays refer to the past, and a month or quarter that has not begun to last year, unless a word such as "will"
precedes it. A date that depends on another event ("six months later") is found without a value.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.calendar import MONTH_NAMES, PARTS_BY_NAME, SEASON_NAMES
from autotimeline.dates.phrases import WEEKDAYS
from autotimeline.dates.shift import shift_day
from autotimeline.dates.span import BEGIN, END, Span, format_iso
from autotimeline.drafting.date_words import ANY_DATE, COUNTS, ORDINALS, PART_OF_PERIOD, PATTERNS

Groups = Mapping[str, str]
DEPENDS = "depends on another date"
COMPARED = "is the date of another number"

# A future verb with what belongs to it: "will be harvested" is not in the past.
_TENSE = re.compile(
    r"\b(?P<future>(?:will|would|shall|expect(?:s|ed)?|plan(?:s|ned|ning)?|due|scheduled|slated|aim(?:s|ing)?|targets?"
    r"|going|set|is|are|forecasts?|upcoming|intends?|hopes?|deadline|should|could|may|might|agreed|able|wants?|offer(?:s|ed)?)"
    r" to\b|will|would|shall|expect(?:s|ed|ing)?|due|scheduled|slated|upcoming|deadline|payable|effective|redeemable"
    r"|matur(?:es?|ing)|expires?|forecasts?|predict\w*|plan(?:s|ned|ning)?|target(?:s|ed)?|next|won['’]t|['’]ll)\b"
    r"(?: (?!in\b|on\b|after\b|before\b|and\b)[\w-]+){0,3}"
    r"|\b(?P<past>said|was|were|had|did|(?:t|s)old|rose|fell|began|won|made|took|saw|led|lost|met|came|went|set up|held"
    r"|(?!need|speed|succeed|indeed)[a-z]{2,}ed)\b"
)
# The bound that words before a date mean; without one, they mean that it is not the date of an event.
_BOUNDS = {
    "from {}": "since|since the start of|since the beginning of|starting in|starting from|beginning in|from",
    "before {}": "before|prior to",
    "after {}": "after",
    "{} or later": "as early as",
    "by {}": "by|by the end of|no later than|as late as|on or before|until|until the end of|till|through",
    "": "beyond|between",
}
_BOUND_WORDS = {word: bound for bound, words in _BOUNDS.items() for word in words.split("|")}
_LONGEST_FIRST = "|".join(sorted(_BOUND_WORDS, key=len, reverse=True))
_BOUND = re.compile(rf"\b({_LONGEST_FIRST}) (?:the )?(?:about |around |at least )?$", re.IGNORECASE)
_JOIN = re.compile(r" ?(?:-|–|—) ?| (?:to|and|until|till|through)(?: the| about| around)? ")
_ABOUT = re.compile(r"\b(?:about|around|approximately|roughly|circa|c\.|some time around) (?:the )?$", re.IGNORECASE)
_YEARLESS = re.compile(
    rf"(?:.*[ -])?(?:{'|'.join(name[:3] for name in MONTH_NAMES)})[a-z.]*(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
)
_SAME_YEAR = (" and ", " or ", ", ", " and in ", ", and ", " to ", " through ", " until ", "-", "–", " - ", " – ")
_MORE_THAN = re.compile(r"\b(?:(more than|over|at least)|less than|under) $", re.IGNORECASE)
_WEEK_OF = re.compile(r"\b(?:week|weekend|days) of (?:the )?$")
_FISCAL_NAMES = ("part", "bare_quarter", "year", "which_unit")
_TENSED_NAMES = ("season", "bare_month", "day_of_month", "weekday", "bare_quarter", "year_end")
# The precision of the publication that a notation needs.
_NEEDED = {
    **dict.fromkeys(("weekday", "which_day", "named_day"), "day"),
    **dict.fromkeys(("which_month", "bare_month", "day_of_month", "bare_quarter", "recent"), "month"),
    "year_end": "year",
}
_ENDED = re.compile(r",? (?:that )?(?:to )?end(?:ed|ing)?\b")
_END_OF_PERIOD = re.compile(r"\b(?:end(?:ed|ing)?|between) (?:on )?(?:the )?$", re.IGNORECASE)
_FISCAL = re.compile(r"\bfiscal(?: year)?(?:'s|’s)?[ -](?:the )?$|\b(?:financial|FY) ?(?:year )?$", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:compar(?:ed|es|ing|able)|versus|vs\.?|against|(?:up|down) from|than|from(?= [^;:]*\d)(?![^;:]* to ))"
    r" (?:[^,;:]|(?<=\d),(?=\d)){0,60}$",
    re.IGNORECASE,
)
_NOT_A_YEAR = re.compile(
    r"\b(?:Act|Law|Code|Directive|Agenda|Vision|Strategy|Protocol|Convention|Treaty|Amendments?|No\.|[Nn]umber|[Rr]oom"
    r"|[Pp]age|[Ff]light|[Cc]lass) (?:of )?$|[-–—] ?$|\b[A-Z]\w+ $|\b(?:nearly|almost|some|over|than|least|up to) $"
)
# Words after which a number is a year although a capital begins them.
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:In|Since|By|Until|During|For|Of|From|To|Before|After|Between|And|The|That|This|Its|Their|Under|Both|Through"
    rf"|A|An|{'|'.join(MONTH_NAMES)}|[A-Z]\w*['’]s|Around|About|Early|Late|Mid|Summer|Winter|Spring|Fall|Autumn|Games"
    r"|Olympics?|Cup)[ -]|\b(?:mid|early|late)-)$"
)
_BEFORE_MONTH = re.compile(
    r"\b(?:this|an?|in|since|by|until|till|of|from|to|before|after|during|for|and|or|through|between|early|late|mid"
    r"|end)[ -]$",
    re.IGNORECASE,
)
_WEEKDAY_NAMES = "|".join(day.title() for day in WEEKDAYS)
_BEFORE_WEEKDAY = re.compile(
    r"\b(?:the|a|every|each|any|most|other|Black|Good|Ash|Palm|Easter|Super|Cyber|Casual|Ruby) $"
    rf"|\b(?:{_WEEKDAY_NAMES})(?: to | through | ?[-–] ?)$",
    re.IGNORECASE,
)
_WEEKDAY_RANGE = re.compile(rf"(?: to | through | ?[-–] ?)(?:{_WEEKDAY_NAMES})\b")
_TODAYS = re.compile(r"['’]s (?:world|society|age|era|economy|market|environment|climate|terms|standards|\w+ world)\b")
_YEAR_NOUN = re.compile(
    r" (?:(?:[a-z-]+ )?(?:sales|earnings|results|revenues|profits|elections|figures|levels|models|deals|targets|games)"
    r"|[A-Z]\w+|bonds|notes)\b"
)
_MONTH = re.compile(rf"\b(?:{'|'.join(name[:3] for name in MONTH_NAMES)})", re.IGNORECASE)
_WEEKDAY = re.compile(rf"^(?:{'|'.join(day[:3].title() for day in WEEKDAYS)})[a-z]*\.?,? (?=[\dA-Z])")
_DEADLINE = re.compile(r"\b(since|by|until|till|no later than|through)(?: the| early| late| mid| about)?[ -]$")
_BORN = re.compile(r"\((?:[^()]*, )?$")
# A word after a year that makes it a count: "2000 pieces".
_COUNTED = re.compile(
    r" (?:[a-z-]+ )?(?:(?!(?:as|was|is|has|does|this|its|his)\b)[a-z-]+s|people|men|women|children|yuan|yen)\b"
)
_MEASURE = re.compile(
    r"-[a-z]| (?:m|km|kg|ft|mph|rpm|hp|MW|kW|GMT|UTC|hours)\b"
    r"| (?:[A-Z]\w+ ){1,2}(?:Avenue|Street|Road|Drive|Lane|Boulevard)\b"
)
_WHICH = {"last": -1, "next": 1, "this coming": 0, "the coming": 1}


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        start, end: Its position, with the word before it that makes it a bound.
        text: The words.
        value: The date as in a store; empty if it depends on another event.
        point: The value without the bound: 2026 for "by 2026".
        is_period: Whether something held all the time: "since 2023", "from May to June".
        doubt: Why it is not the date of an event; empty if it may be.
    """

    start: int
    end: int
    text: str
    value: str
    point: str = ""
    is_period: bool = False
    doubt: str = ""

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
        earliest, latest = published.within
        self._year_is_certain = date.fromordinal(earliest).year == date.fromordinal(latest).year

    def find(self, sentence: str) -> list[FoundDate]:
        """Return the dates of a sentence in order; ranges and bounds are one date."""
        points: list[FoundDate] = []
        for match in ANY_DATE.finditer(sentence):
            if found := self._read(sentence, match):
                if points and match[0][-4:] != found.value[:4] and _YEARLESS.fullmatch(match[0]):
                    found = self._in_year_of(points[-1], found)
                if points and match[0][-4:] in ("year", found.value[:4]) and len(points[-1].value) in (7, 10):
                    points[-1] = _with_year_of(sentence, points[-1], found)
                points.append(found)
        return list(_join_ranges(sentence, points))

    def _in_year_of(self, previous: FoundDate, found: FoundDate) -> FoundDate:
        """Return a month or day without a year, as it follows one with a year: "in May 2024, and in September"."""
        if not previous.text[-4:].isdigit() or previous.value[:4] != previous.text[-4:] or found.value[4:5] != "-":
            return found
        if previous.value[:4] == found.value[:4] or int(previous.value[:4]) > self._last.year:
            return found
        if found.value[5:] < previous.value[5:] or len(previous.value) < 7:
            return replace(found, value="", point="", doubt=DEPENDS)
        value = previous.value[:4] + found.value[4:]
        return replace(found, value=value, point=value)

    def _read(self, sentence: str, match: re.Match[str]) -> FoundDate | None:
        name, pattern = PATTERNS[int((match.lastgroup or "r0")[1:])]
        detail = re.compile(pattern).match(sentence, match.start())
        if detail is None:
            return None
        groups = {key.rstrip("2345678"): value for key, value in detail.groupdict().items() if value}
        before, after = sentence[max(0, match.start() - 40) : match.start()], sentence[match.end() : match.end() + 40]
        found = FoundDate(match.start(), match.end(), match[0], "")
        if name in _FISCAL_NAMES and (_FISCAL.search(before) or "fiscal" in match[0].lower() or _ENDED.match(after)):
            return replace(found, doubt="a fiscal period has other days")
        if (name == "year" and not _is_year(groups, before, after)) or _is_name(name, match[0], before, after):
            return None
        if name == "later":
            return replace(found, doubt=DEPENDS)
        tense = _tense(sentence, match.start()) if name in _TENSED_NAMES else ""
        value = self._value(name, groups, match[0], tense)
        if not value:
            return None
        if _ABOUT.search(before) and value[-1] not in "~?" and "/" not in value:
            value += "~"
        if name == "ago" and (more := _MORE_THAN.search(before)):
            bound = "by {}" if more[1] else "{} or later"
            span = edtf.try_parse_date(bound.format(value.rstrip("~")))
            value = edtf.date_to_toml(span) if span and "/" not in value else value
        if value[8:] and _WEEK_OF.search(before):
            value = _week_of(date.fromisoformat(value[:10]))
        return replace(found, value=value, point=value)

    def _value(self, name: str, groups: Groups, text: str, tense: str) -> str:
        if name in ("written", "part", "year"):
            return self._written(text)
        if not {"day": self._is_day, "month": self._is_month, "year": self._is_year}.get(_NEEDED.get(name, ""), True):
            return ""
        resolve: Callable[[Any, str], str] = getattr(self, f"_{name}")
        try:
            value = resolve(text if name == "day_of_month" else groups, tense)
        except OverflowError:  # next to the first and the last year
            return ""
        return value if not value or edtf.try_parse_date(value) else ""

    def _written(self, text: str) -> str:
        """Return a date that the date reader reads without the words that choose a part, with "last year" as a year."""
        words = re.sub(
            rf"^(?:the (?=early|mid|late))?{PART_OF_PERIOD}?(?:the |calendar |full )?(?:year )?(?=.*\d|.* year$)",
            "",
            text,
        )
        if which := re.search(r"\b(last|this|next) year\b", words):
            year = f"{self._first.year + _WHICH.get(which[1], 0):04}" if self._is_year else ""
            words = words.replace(which[0], year)
        words = (
            re.sub(r"^(\d{4})(?:['’]s)? (.+)", r"\2 \1", words)
            .replace("final", "last")
            .replace("latter", "second")
            .replace("last half", "second half")
        )
        words = re.sub(r"^[’'‘](?=\d0s$)", "19", words).replace(" and ", " to ").replace("the year ", "")
        span = edtf.try_parse_date(re.sub(r"(?<=\d) of (?=\d)", " ", words))
        return edtf.date_to_toml(span) if span else ""

    def _bare_quarter(self, groups: Groups, tense: str) -> str:
        number = ORDINALS[groups["part"].lower()]
        return f"{self._last.year - (tense != 'future' and 3 * number - 2 > self._last.month)}Q{number}"

    def _season(self, groups: Groups, tense: str) -> str:
        name, which = groups["season"].lower().replace("fall", "autumn"), groups.get("which", "the").lower()
        month = 3 * SEASON_NAMES.index(name) + 3
        has_begun, has_ended = self._last.month >= month, self._last.month > month + 2
        year = self._first.year if self._is_month else 0
        if which in ("last", "the past"):
            year -= not has_ended
        elif which == "next":
            year += has_begun
        elif which == "the":
            year += has_ended if tense == "future" else -(not has_begun)
        return f"{year} {name}" if self._is_month else ""

    def _which_month(self, groups: Groups, tense: str) -> str:
        number, which, year = _month_number(groups["month"]), groups["which"].lower(), self._first.year
        if which in ("last", "this past", "the past", "the previous"):
            year -= number >= self._last.month - 1
        elif which == "next":
            year += number <= self._last.month
        return f"{year}-{number:02}"

    def _bare_month(self, groups: Groups, tense: str) -> str:
        number, year = _month_number(groups["month"]), self._last.year
        if number > self._last.month:
            year -= tense != "future"
        elif number < self._last.month - 3:
            year += tense == "future"
        return f"{year}-{number:02}"

    def _day_of_month(self, text: str, tense: str) -> str:
        month, year = _month_number(_MONTH.search(text)[0]), self._last.year  # type: ignore[index]  # it has one
        ahead = month - self._last.month
        if ahead > 3 or (ahead > 2 and tense == "past"):
            year -= tense != "future"
        elif ahead < -3 and (tense == "future" or (ahead <= -9 and tense != "past")):
            year += 1
        return self._written(f"{_WEEKDAY.sub('', text)} {year:04}")

    def _which_day(self, groups: Groups, tense: str) -> str:
        which = groups["which"].lower()
        days = (self._first.weekday() - _weekday(groups["weekday"])) % 7
        if which in ("last", "this past", "the past", "the previous"):
            return self._day(-(days or 7))
        return self._day(7 - days if days or which == "next" else 0)

    def _weekday(self, groups: Groups, tense: str) -> str:
        days = (self._first.weekday() - _weekday(groups["weekday"])) % 7
        return self._day(7 - days if tense == "future" and days else -days)

    def _named_day(self, groups: Groups, tense: str) -> str:
        return self._day({"yesterday": -1, "last night": -1, "tomorrow": 1}.get(groups["day"].lower(), 0))

    def _day(self, offset: int) -> str:
        return (self._first + timedelta(offset)).isoformat() + self._mark

    def _ago(self, groups: Groups, tense: str) -> str:
        count, unit = _count(groups["count"]), groups["unit"]
        return self._unit(unit, -count, approximate=unit in ("month", "year") or count > 1) if count else ""

    def _which_unit(self, groups: Groups, tense: str) -> str:
        which, unit = groups.get("which", "").lower(), groups["unit"]
        if unit == "weekend":
            return self._weekend(which) if self._is_day else ""
        if which == "the past":
            return self._unit(unit, -1, approximate=True) if unit == "year" else ""
        is_last_quarter = which == "the latest" and unit == "quarter"
        return self._unit(unit, -1 if is_last_quarter else _WHICH.get(which, 0))

    def _weekend(self, which: str) -> str:
        saturday = self._first + timedelta(5 - self._first.weekday())
        if which == "last" or (not which and saturday >= self._first):
            saturday -= timedelta(7)
        return f"{saturday.isoformat()}/{(saturday + timedelta(1)).isoformat()}"

    def _unit(self, unit: str, offset: int, *, approximate: bool = False) -> str:
        """Return the week, month, quarter, or year that is so many units after the one of the publication."""
        mark = "~" if approximate or self._mark else ""
        if unit == "year":
            mark = "" if self._year_is_certain and not approximate else mark
            return f"{self._first.year + offset}{mark}" if self._is_year else ""
        if unit in ("day", "week") and self._is_day:
            return (
                self._day(offset).rstrip("~") + mark if unit == "day" else _week_of(self._first + timedelta(7 * offset))
            )
        if unit in ("day", "week") or not self._is_month:
            return ""
        size = 3 if unit == "quarter" else 1
        year, part = divmod((self._first.year * 12 + self._first.month - 1) // size + offset, 12 // size)
        return f"{year:04}Q{part + 1}{mark}" if size == 3 else f"{year:04}-{part + 1:02}{mark}"

    def _spelled_year(self, groups: Groups, tense: str) -> str:
        return f"{COUNTS[groups['century']]}{COUNTS[groups['tens']] + COUNTS.get(groups.get('ones', ''), 0)}"

    def _year_end(self, groups: Groups, tense: str) -> str:
        return str(self._first.year - (tense != "future" and self._last.month < 7))

    def _century(self, groups: Groups, tense: str) -> str:
        return f"{int(groups['century'][:2]) - 1}XX"

    def _recent(self, groups: Groups, tense: str) -> str:
        return f"{self._first.year:04}-{self._first.month:02}~"


def _is_year(groups: Groups, before: str, after: str) -> bool:
    """Return whether a number is a year: not in "(American, 1968)", "Act of 1934", or "2000 pieces"."""
    if (_NOT_A_YEAR.search(before) and not _BEFORE_YEAR.search(before)) or (after[:1] == ")" and _BORN.search(before)):
        return False
    is_round = groups["year"].endswith("00") and re.search(r"\b(?:[Aa]bout|[Aa]round) $", before)
    if is_round or _MEASURE.match(after):
        return False
    return bool(_YEAR_NOUN.match(after)) or not _COUNTED.match(after)


def _is_name(notation: str, text: str, before: str, after: str) -> bool:
    """Return whether a month or a weekday is a name, or repeats: "April Jones", "Black Friday", "every Monday"."""
    if notation == "bare_month":
        if re.match(r"[ -][A-Z][a-z]| of [A-Z]", after) or before.endswith(". "):
            return not _BEFORE_MONTH.search(before)
        is_subject = " " not in text and before and not after.startswith(("'s", "’s", ","))
        return bool(is_subject) and not _BEFORE_MONTH.search(before)
    if notation == "named_day":
        return bool(re.search(r"\b(?:of|[A-Z]{2,}) $", before) or _TODAYS.match(after))
    return notation == "weekday" and bool(_BEFORE_WEEKDAY.search(before) or _WEEKDAY_RANGE.match(after))


def shift_date(later: FoundDate, date: FoundDate) -> str:
    """Return the date that "six months later" means if it is counted from another date; empty if that is unclear."""
    match = re.match(r"(\w+) (day|week|month|year)s? (later|after|earlier|before)", later.text)
    span = edtf.try_parse_date(date.point)
    count = _count(match[1]) if match else 0
    if not (match and span and count and BEGIN < span.nominal[0] <= span.nominal[1] < END):
        return ""
    number = count if match[3] in ("later", "after") else -count
    first, last = (shift_day(day, number, match[2]) for day in span.nominal)
    if first is None or last is None:
        return ""
    low, high = format_iso(first) or "", format_iso(last) or ""
    length = 10 if match[2] in ("day", "week") else 7 if match[2] == "month" else 4
    return low[:length] if low[:length] == high[:length] else f"{low[:length]}/{high[:length]}"


def _count(word: str) -> int:
    return COUNTS.get(word.lower()) or (int(word) if word.isascii() and word.isdigit() else 0)


def _with_year_of(sentence: str, first: FoundDate, second: FoundDate) -> FoundDate:
    """Return a month with the year of the next one: "in June and July last year"."""
    joint = sentence[first.end : second.start]
    if not _YEARLESS.fullmatch(first.text) or joint not in _SAME_YEAR:
        return first
    value = second.value[:4] + first.value[4:]
    return replace(first, value=value, point=value)


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
    is_range = word == "from" or joint in ("-", "–", "—", "through")
    if (word != "between" if joint.startswith("and") else not is_range) or "/" in first + last:
        return ""
    value = f"between {first} and {last}" if word == "between" else f"{first}/{last}"
    span = edtf.try_parse_date(value)
    return edtf.date_to_toml(span) if span else ""


def _with_bound(sentence: str, point: FoundDate, start: int, word: str) -> FoundDate:
    """Return a date as the word before it makes it: by 2026, since 2023, before May."""
    if not point.value:
        return point
    before = sentence[max(0, point.start - 120) : point.start]
    is_bounded = point.value.startswith("[")  # "more than two years ago" does not compare
    if word != "since" and not is_bounded and _COMPARED.search(before):
        return replace(point, doubt=COMPARED)
    if word == "beyond":
        return replace(point, value="", point="", doubt="has no end")
    if _END_OF_PERIOD.search(before[-40:]):
        return replace(point, doubt="is the end of a period")
    if "/" in point.value or not word or (word == "from" and not _is_start(sentence, start, point.end)):
        return point
    span = edtf.try_parse_date(_BOUND_WORDS[word].format(point.value))
    if span is None:
        return point
    bounded = replace(point, start=start, text=sentence[start : point.end], value=edtf.date_to_toml(span))
    return replace(bounded, is_period=span.edtf.endswith("/.."))


def _is_start(sentence: str, start: int, end: int) -> bool:
    """Return whether "from 2026" begins a period, and is not an attribute: "a report from 2023"."""
    is_first = not sentence[max(0, start - 40) : start].strip()
    return is_first or sentence.startswith((" on", ","), end) or _tense(sentence, start) == "future"


def _tense(sentence: str, position: int) -> str:
    """Return "future" or "past" for the last verb before a date that refers to one; empty if there is none."""
    before = sentence[max(0, position - 120) : position]
    found = [match.lastgroup or "future" for match in _TENSE.finditer(re.split(r"[;:]", before)[-1])]
    if word := _DEADLINE.search(before[-40:]):
        if word[1] == "since":
            return "past"
        if word[1] != "by" or found[-1:] != ["past"]:
            return "future"
    return found[-1] if found else ""


def _week_of(day: date) -> str:
    monday = day - timedelta(day.weekday())
    return f"{monday.isoformat()}/{(monday + timedelta(6)).isoformat()}"


def _month_number(name: str) -> int:
    return PARTS_BY_NAME[name.lower().strip(".")[:3]]


def _weekday(name: str) -> int:
    return next(number for number, day in enumerate(WEEKDAYS) if day[:3] == name[:3].lower())
