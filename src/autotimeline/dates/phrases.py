"""Dates as people write them, rewritten to the texts that `edtf` parses: `Oct 17, 2017` to `2017-10-17`.

    phrase = "before" point | "after" point | "by" ["the end of"] point | "since" point | "until" point
           | point "or later" | "between" point "and" point | ["from"] point ("to" | "–") point | point "or" point
    point  = ["c." | "possibly"] [weekday ","] (day | month | quarter | half | season | year | decade)

The tables below list the synonyms, such as those of GEDCOM (`BEF`, `BET … AND …`). The first point of a range may omit
what the second has: `24-26 October 2023`. Loaded only if `edtf` does not parse a text itself.
"""

import re
from collections.abc import Callable
from datetime import date

from autotimeline.dates.calendar import MONTH_NAMES, PARTS_BY_NAME, DatePoint, name_year_parts, try_parse_point
from autotimeline.dates.span import month_number
from autotimeline.dates.year_ranges import explain_typed_pair

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = "|".join(sorted((name for name, n in PARTS_BY_NAME.items() if n <= 12), key=len, reverse=True))
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", rf"(?P<part>{_MONTHS})\.?", r"(?P<year>\d{4})"
_SEASON = "(?P<part>spring|summer|autumn|fall|winter)"
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}

# Patterns of a whole point; the groups are the year, and the day and the part of the year, if any.
_POINT_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_DAY}(?: of |[ -]){_MONTH}(?:, ?|[ -]){_YEAR}",
        rf"{_MONTH}[ -]{_DAY}(?:, ?| ){_YEAR}",
        rf"{_YEAR}[ -]{_MONTH}[ -]{_DAY}",
        rf"{_MONTH}(?:, ?| of |[ -]){_YEAR}",
        rf"{_YEAR}[ -]{_MONTH}",
        rf"(?P<part>[qh]\d)(?: of |, ?|[ /-]?){_YEAR}",
        rf"(?P<number>\d)(?P<unit>[qh])(?: of |, ?|[ /-]?){_YEAR}",
        rf"{_YEAR}[ /-]?(?P<part>[qh]\d)",
        rf"(?P<number>{'|'.join(_ORDINALS)})[ -](?P<unit>quarter|half)(?: of|,|) {_YEAR}",
        rf"{_SEASON}(?: of|,|) {_YEAR}",
        r"(?P<year>\d\d[1-9]0)'?s",
        rf"{_YEAR}-00-00|(?P<year_only>\d\d(?!99)\d\d)-00",
        r"(?P<year>\d{4}-\d\d)-00",
        rf"(?:ad|a\.d\.|ce) {_YEAR}|(?P<year_first>\d{{4}}) (?:ad|a\.d\.|ce)",
    )
)
_APPROXIMATE = re.compile(
    r"(?:~|(?:about|around|circa|approximately|roughly|abt|cal|est|calculated|estimated)\.? |(?:ca?|approx)(?:\. ?| ))"
)
_UNCERTAIN = re.compile("(?:possibly|probably|maybe) ")
_MIDNIGHT = re.compile(r"\+?(\d{4}-\d\d-\d\d)[t ]00:00(?::00(?:\.0+)?)?(?:z| ?utc|[+-]\d\d:?\d\d)?", re.ASCII)
_WEEKDAY = re.compile(rf"({'|'.join(day[:3] for day in WEEKDAYS)})(?:[a-z]*)\.?,? (?=\S*\d| ?[a-z])")
_END_OF = re.compile(r"(?:the )?(?:end of |end-|year[- ]end )(?:the )?")

_WINTER = re.compile(r"(?:the )?winter(?: of|,|) (\d{4})[/\u2012-\u2015-](\d\d(?:\d\d)?)", re.ASCII)

# A word before a bound, and the function of its point that returns the simple text.
_BOUND_WORDS = {
    "before": r"before|prior to|earlier than|bef\.?",
    "after": r"after|later than|aft\.?",
    "by": "by|no later than|not later than|on or before",
    "or later": "on or after|no earlier than|not earlier than",
    "from": "since|from",
    "until": "until|till|up to|through|to",
}
_BOUND_PATTERNS = {name: re.compile(rf"(?:{words}) (.+)") for name, words in _BOUND_WORDS.items()}
_SUFFIX_PATTERNS = {
    "from": re.compile("(?:from )?(.+?),? (?:on|onwards?)"),
    "or later": re.compile("(.+) or (?:later|after)"),
    "by": re.compile("(.+) or (?:earlier|before)"),
}
_BETWEEN = re.compile(r"(?:between|bet\.?) (.+?) and (.+)")
_RANGE = re.compile("(?:from )?(.+?)(?: (?:to|until|till|through|-) | ?[\u2012-\u2015] ?)(.+)")
# Hyphens between the numbers or the names of a range.
_RANGE_HYPHEN = re.compile(
    r"(?<![\d-])(\d{1,2}(?:st|nd|rd|th)?)-(?=\d{1,2}(?:st|nd|rd|th)?(?: [a-z]|,? \d{4}))"
    rf"|\b((?:{_MONTHS}|[qh]\d)\.?)-(?=(?:{_MONTHS}|[qh]\d)\b)"
    rf"|(?<![\d-])(\d{{4}})-(?=\d{{4}}$|(?:{_MONTHS}|[qh]\d)\.? \d{{4}})",
    re.ASCII,
)
_NUMBER = r"(\d{1,2})(?:st|nd|rd|th)?\b"
_DAYS_AFTER_MONTH = re.compile(
    rf"\b((?:{_MONTHS})\.?) {_NUMBER}( (?:to|and|-) | ?[\u2012-\u2015] ?){_NUMBER},? (\d{{4}})", re.ASCII
)


def simplify(text: str) -> str | None:
    """Return the same date as a text that `edtf` parses without this module; None if it is not a date.

    Codes of EDTF have their names in the result, and codes that may be two years are not part of a phrase.
    """
    body = " ".join(text.lower().split())
    if match := _WINTER.fullmatch(body):
        return f"{match[1]} winter" if (int(match[1]) + 1) % 10 ** len(match[2]) == int(match[2]) else None
    if explain_typed_pair(body):
        return None
    return _simplify_bound(body) or _simplify_range(body) or _simplify_choice(body) or simplify_point(body)


def simplify_point(text: str) -> str | None:
    """Return the canonical text of a point, with its mark."""
    point = parse_point(text)
    return name_year_parts(point.edtf) if point else None


def parse_point(text: str) -> DatePoint | None:
    """Parse a point; a weekday must be that of the day."""
    body, mark = _split_marks(_strip_words(text))
    body, weekday = split_weekday(body)
    match = _MIDNIGHT.fullmatch(body)
    body = match[1] if match else body
    point = try_parse_point(body + mark) or _parse_pattern(body, mark)
    if point and weekday is not None:
        return point if not point.months and (point.first - 1) % 7 == weekday else None
    return point


def split_weekday(text: str) -> tuple[str, int | None]:
    """Return a text without the weekday before it, and the number of the weekday from Monday."""
    match = _WEEKDAY.match(text)
    name = match[0].rstrip(" ,.") if match else ""
    if match is None or not any(name in (day, day[:3], day[:4], day[:5]) for day in WEEKDAYS):
        return text, None
    return text[match.end() :], [day[:3] for day in WEEKDAYS].index(name[:3])


def split_range(text: str) -> tuple[DatePoint, DatePoint] | None:
    """Return both points of a range, in the order of the text; None if it is not a range."""
    body = _RANGE_HYPHEN.sub(lambda match: f"{match[match.lastindex or 0]} – ", text)
    body = _DAYS_AFTER_MONTH.sub(r"\2 \1 \5\3\4 \1 \5", body)
    if match := _BETWEEN.fullmatch(body):
        return parse_pair(match[1], match[2])
    match = _RANGE.fullmatch(body)
    return parse_pair(match[1], _END_OF.sub("", match[2], count=1)) if match else None


def _strip_words(text: str) -> str:
    return re.sub("^(?:in|on|during|dated?) ", "", text).removeprefix("the ")


def _split_marks(text: str) -> tuple[str, str]:
    """Return a text without words and signs of doubt, and the mark that they mean."""
    body, mark = text.removesuffix(" (?)").rstrip(), "?" if text.endswith(" (?)") else ""
    if body.endswith(("~", "?", "%")):
        body, mark = body[:-1].rstrip(), body[-1]
    for pattern, prefix_mark in ((_UNCERTAIN, "?"), (_APPROXIMATE, "~")):
        if match := pattern.match(body):
            body = body[match.end() :].removeprefix("the ")
            mark = prefix_mark if mark in ("", prefix_mark) else "%"
    return body, mark


def _parse_pattern(body: str, mark: str) -> DatePoint | None:
    for pattern in _POINT_PATTERNS:
        match = pattern.fullmatch(body)
        if match and (point := try_parse_point(_pattern_text(match) + mark)):
            return point
    return None


def _pattern_text(match: re.Match[str]) -> str:
    groups = match.groupdict()
    year, part = groups["year"] or groups.get("year_first") or groups.get("year_only") or "", groups.get("part") or ""
    if "unit" in groups:
        number = _ORDINALS.get(groups["number"]) or int(groups["number"])
        part = f"{groups['unit'][0]}{number}"
    elif match.re.pattern.endswith("'?s"):
        return f"{year}s"
    return " ".join(filter(None, (groups.get("day"), part, year)))


def _simplify_bound(text: str) -> str | None:
    for name, pattern in (*_SUFFIX_PATTERNS.items(), *_BOUND_PATTERNS.items()):
        if match := pattern.fullmatch(text):
            bound = _END_OF.sub("", match[1], count=1) if name in ("by", "until") else match[1]
            if (point := parse_point(bound)) and (simple := _BOUND_TEXTS[name](point)):
                return simple
    return None


def _neighbor(point: DatePoint, step: int) -> str:
    """Return the day, month, or year before (-1) or after (1) a point, with its mark; empty if there is none."""
    mark = point.edtf[-1] if point.edtf[-1] in "~?%" else ""
    if mark in ("~", "%") and point.months not in (0, 1, 12):
        return ""  # The mark of a month or year would widen the bound less.
    day = point.last + 1 if step > 0 else point.first - 1
    if not 1 <= day <= date.max.toordinal():
        return ""
    month = month_number(day)
    if not point.months:
        return date.fromordinal(day).isoformat() + mark
    return f"{month // 12:04}{mark}" if point.months % 12 == 0 else f"{month // 12:04}-{month % 12 + 1:02}{mark}"


def _by_neighbor(point: DatePoint) -> str | None:
    return f"by {neighbor}" if (neighbor := _neighbor(point, -1)) else None


def _from_neighbor(point: DatePoint) -> str | None:
    return f"{neighbor} or later" if (neighbor := _neighbor(point, 1)) else None


def _template(text: str) -> Callable[[DatePoint], str]:
    return lambda point: text.format(name_year_parts(point.edtf))


_BOUND_TEXTS: dict[str, Callable[[DatePoint], str | None]] = {
    "before": _by_neighbor,
    "after": _from_neighbor,
    "by": _template("by {}"),
    "or later": _template("{} or later"),
    "from": _template("from {}"),
    "until": _template("until {}"),
}


def _simplify_range(text: str) -> str | None:
    pair = split_range(text)
    if pair is None or pair[1].last < pair[0].first:
        return None
    first, last = (name_year_parts(point.edtf) for point in pair)
    return f"between {first} and {last}" if _BETWEEN.fullmatch(text) else f"{first}/{last}"


def _simplify_choice(text: str) -> str | None:
    first, _, last = text.removeprefix("either ").partition(" or ")
    pair = parse_pair(first, last) if last else None
    return " or ".join(name_year_parts(point.edtf) for point in pair) if pair else None


def parse_pair(first: str, last: str) -> tuple[DatePoint, DatePoint] | None:
    """Parse two points, of which the first may omit what it shares with the second."""
    end = parse_point(last)
    if end is None:
        return None
    # The first may omit the year, or the month and the year.
    suffixes = ["", end.edtf[:4]]
    if not end.months:
        suffixes.append(f"{MONTH_NAMES[int(end.edtf[5:7]) - 1]} {end.edtf[:4]}".lower())
    for suffix in suffixes:
        start = parse_point(f"{first} {suffix}".strip())
        if start and not (suffix and start.months == 12):  # "in" is not a point, though "in 2026" is
            return start, end
    return None
