"""Dates in running text, as precise as the words, counted from the day of publication.

Weekdays refer to the past, and a month or quarter that has not begun to last year, unless a word such as "will"
precedes it. A date that depends on another one ("six months later") has the doubt `DEPENDS`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from autotimeline.dates import edtf
from autotimeline.dates.calendar import MONTH_NAMES
from autotimeline.dates.span import Span
from autotimeline.drafting import date_context
from autotimeline.drafting.date_context import COMPARED, DEPENDS
from autotimeline.drafting.date_words import ANY_DATE, PART_OF_PERIOD, PATTERNS
from autotimeline.drafting.relative_dates import RelativeDates, count_from, week_of

_JOIN = re.compile(r" ?(?:-|–|—) ?| (?:to|and|until|till|through)(?: the| about| around)? ")
_YEARLESS = re.compile(
    r"(?!(?i:.*\b(?:last|this|next|past|previous)\b))(?:.*[ -])?"
    rf"(?:{'|'.join(name[:3] for name in MONTH_NAMES)})[a-z.]*(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
)
_SAME_YEAR = (" and ", " or ", ", ", " and in ", ", and ", " to ", " through ", " until ", "-", "–", " - ", " – ")
_PART = re.compile(PART_OF_PERIOD)
_TENSED_NAMES = ("part_of_year", "day_of_month", "weekday", "year_end")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        start, end: Its position, with the word before it that makes it a bound.
        text: The words.
        value: The date as in a store; empty if it depends on a date that is not known.
        point: The value without the bound: 2026 for "by 2026".
        is_period: Whether something held all the time: "since 2023", "from May to June".
        doubt: Why it is not the date of an event; empty if it may be.
        anchor: The words of the date from which it counts.
    """

    start: int
    end: int
    text: str
    value: str
    point: str = ""
    is_period: bool = False
    doubt: str = ""
    anchor: str = ""

    @property
    def span(self) -> Span | None:
        """The date; None without a value."""
        return edtf.try_parse_date(self.value) if self.value else None

    @property
    def states_year(self) -> bool:
        """Whether the words end with the year, or with "last year"."""
        return bool(self.value) and not self.anchor and self.text[-4:] in ("year", self.value[:4])

    @property
    def is_anchor(self) -> bool:
        """Whether "a year earlier" after it counts from it."""
        return bool(self.point) and not self.anchor and self.doubt != COMPARED


class DateFinder:
    """Finds dates in texts that were published on a day, or in a month or year."""

    def __init__(self, published: Span) -> None:
        self._relative = RelativeDates(published)

    def find_all(self, sentences: Iterable[str]) -> Iterator[list[FoundDate]]:
        """Yield the dates of each sentence; "six months later" counts from the date before it."""
        anchor: FoundDate | None = None
        for sentence in sentences:
            found = self.find(sentence, anchor)
            anchor = next((date for date in reversed(found) if date.is_anchor), anchor)
            yield found

    def find(self, sentence: str, anchor: FoundDate | None = None) -> list[FoundDate]:
        """Return the dates of a sentence in order; ranges and bounds are one date. `anchor` is the date before it."""
        points: list[FoundDate] = []
        for match in ANY_DATE.finditer(sentence):
            if found := self._read(sentence, match, anchor):
                points.append(found)
                anchor = found if found.is_anchor else anchor
        for index, second in enumerate(points[1:]):
            points[index : index + 2] = self._share_year(sentence, points[index], second)
        return list(_join_ranges(sentence, points))

    def _read(self, sentence: str, match: re.Match[str], anchor: FoundDate | None) -> FoundDate | None:
        name, pattern = PATTERNS[int((match.lastgroup or "r0")[1:])]
        detail = re.compile(pattern).match(sentence, match.start())
        if detail is None:
            return None
        groups = {key.rstrip("2"): value for key, value in detail.groupdict().items() if value}
        before, after = sentence[max(0, match.start() - 40) : match.start()], sentence[match.end() : match.end() + 40]
        found = FoundDate(match.start(), match.end(), match[0], "")
        if date_context.is_fiscal(name, match[0], before, after):
            return replace(found, doubt="a fiscal period has other days")
        if not date_context.is_date(name, groups, match[0], before, after):
            return None
        if name == "later":
            value = count_from(anchor.point, groups) if anchor else ""
            words = anchor.text if anchor and value else ""
            return replace(found, value=value, point=value, doubt=DEPENDS, anchor=words)
        tense = date_context.tense_before(sentence, match.start()) if name in _TENSED_NAMES else ""
        if name == "weekday" and date_context.CLOSED_DAY.match(after):
            tense = "past"
        value = self._relative.value(name, groups, match[0], tense)
        if not value:
            return None
        if date_context.ABOUT.search(before) and value[-1] not in "~?]" and "/" not in value:
            value += "~"
        if name == "ago" and (more := date_context.MORE_THAN.search(before)):
            span = edtf.try_parse_date(("by {}" if more[1] else "{} or later").format(value.rstrip("~")))
            value = edtf.date_to_toml(span) if span and "/" not in value else value
        if value[8:] and date_context.WEEK_OF.search(before):
            value = week_of(value[:10])
        return replace(found, value=value, point=value)

    def _share_year(self, sentence: str, first: FoundDate, second: FoundDate) -> tuple[FoundDate, FoundDate]:
        """Return two dates, of which one without a year may have that of the other.

        The first has it in "in June and July last year", the second in "in May 2024, and in September".
        """
        if second.states_year and _YEARLESS.fullmatch(first.text) and first.value[4:5] == "-":
            if sentence[first.end : second.start] in _SAME_YEAR:
                first = _with_year(first, second.value[:4])
        elif first.states_year and first.text[-1].isdigit() and _YEARLESS.fullmatch(second.text):
            year = first.value[:4]
            is_bounded = date_context.BOUND.search(sentence, max(0, first.start - 40), first.start)
            has_other_year = second.value[4:5] == "-" and second.value[:4] != year
            if has_other_year and int(year) <= self._relative.year and not is_bounded:
                is_later = len(first.value) >= 7 and second.value[4:] >= first.value[4:]
                second = _with_year(second, year if is_later else "")
        return first, second


def _with_year(found: FoundDate, year: str) -> FoundDate:
    """Return a month or a day in another year; without a value if that does not have it."""
    value = year + found.value[4:] if edtf.try_parse_date(year + found.value[4:]) else ""
    return replace(found, value=value, point=value, doubt="" if value else DEPENDS)


def _join_ranges(sentence: str, points: list[FoundDate]) -> Iterator[FoundDate]:
    """Yield the dates, with two that are the ends of a range as one, and with the bounds before them."""
    index = 0
    while index < len(points):
        point, index = points[index], index + 1
        bound = date_context.BOUND.search(sentence, max(0, point.start - 40), point.start)
        word, start = (bound[1].lower(), bound.start()) if bound else ("", point.start)
        other = points[index] if index < len(points) else point
        joined = _JOIN.fullmatch(sentence, point.end, other.start)
        if joined and (value := _range_value(word, joined[0].strip(" "), point, other)):
            index += 1
            doubt = date_context.doubt_after(sentence[max(0, start - 120) : start], may_compare=True)
            text, doubt = sentence[start : other.end], doubt if doubt == COMPARED else ""
            yield FoundDate(start, other.end, text, value, is_period=word != "between", doubt=doubt)
            continue
        yield _with_bound(sentence, point, start, word)


def _range_value(word: str, joint: str, first: FoundDate, last: FoundDate) -> str:
    """Return the range of two dates that a joint connects; empty if they are not one."""
    is_range = word == "from" or joint in ("-", "–", "—", "through")
    if (word != "between" if joint.startswith("and") else not is_range) or "/" in first.value + last.value:
        return ""
    if first.doubt or last.doubt:
        return ""
    range_text = "between {} and {}" if word == "between" else "{}/{}"
    span = edtf.try_parse_date(range_text.format(first.value, last.value))
    return edtf.date_to_toml(span) if span else ""


def _with_bound(sentence: str, point: FoundDate, start: int, word: str) -> FoundDate:
    """Return a date as the word before it makes it: by 2026, since 2023, before May."""
    if not point.value:
        return point
    before = sentence[max(0, point.start - 120) : point.start]
    # "more than two years ago" does not compare.
    doubt = date_context.doubt_after(before, may_compare=word != "since" and not point.value.startswith("["))
    if doubt == COMPARED or point.doubt:
        return replace(point, doubt=doubt if doubt == COMPARED else point.doubt)
    if word == "beyond" or (word and before.endswith("at least ")):
        return replace(point, value="", point="", doubt="has no end")
    if doubt:
        return replace(point, doubt=doubt)
    if "/" in point.value or not word or (word == "from" and not _is_start(sentence, start, point.end)):
        return point
    bound = date_context.BOUNDS[word]
    if _PART.match(point.text):  # "before the end of 2027", "after mid-2027"
        bound = {"before {}": "by {}", "after {}": "{} or later"}.get(bound, bound)
    span = edtf.try_parse_date(bound.format(point.value))
    if span is None:
        return point
    bounded = replace(point, start=start, text=sentence[start : point.end], value=edtf.date_to_toml(span))
    return replace(bounded, is_period=span.edtf.endswith("/.."))


def _is_start(sentence: str, start: int, end: int) -> bool:
    """Return whether "from 2026" begins a period, and is not an attribute: "a report from 2023"."""
    is_first = not sentence[max(0, start - 40) : start].strip()
    return is_first or sentence.startswith((" on", ","), end) or date_context.tense_before(sentence, start) == "future"
