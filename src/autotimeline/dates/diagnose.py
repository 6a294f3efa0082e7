"""Why a text is no date of the profile, and what to write instead. Loaded only once one is refused."""

from __future__ import annotations

import re
from datetime import date

from autotimeline.dates.calendar import MONTH_NAMES, PARTS_BY_NAME, SEASON_NAMES, is_too_long, try_parse_point
from autotimeline.errors import DateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_GENERIC_MESSAGE = "is no date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them, as 2025-01/2025-06"
_OUT_OF_RANGE = "is outside the years 0001 to 9999: leave the date out, and keep the source's words in `printed`"

_DASHES = re.compile("[\u2010-\u2014\u2212]")


def invalid_date_error(text: str) -> DateError:
    """Give the error for a text that is no date of the profile."""
    return DateError(_escape_unprintable(explain_mistake(text) or f"{quote_excerpt(text)} {_GENERIC_MESSAGE}"))


def invalid_value_error(value: object) -> DateError:
    """Give the error for a TOML value that is no date: a time, a number, a table."""
    from datetime import datetime, time

    if isinstance(value, datetime):
        return DateError(f"{value} has a time of day: write the day alone, {value.date()}")
    if isinstance(value, time):
        return DateError(f"{value} is a time of day: write a day, as 2025-03-25")
    if isinstance(value, int) and not isinstance(value, bool):
        return DateError(f"{_excerpt(str(value))} is a bare number: write a year with four digits, as 2025")
    if isinstance(value, float):
        return DateError(f'{value} is a decimal number: put the date in quotes, as "2025-03"')
    type_name = {bool: "true or false", list: "a list", dict: "a table"}.get(type(value), "a number")
    return DateError(f'{type_name} is no date: write one in quotes, as "2025-03"')


def explain_mistake(text: str) -> str | None:
    """Say what is wrong with a text that is no date, where that has a name of its own; else None."""
    body = text.strip()
    reason = _explain_unreadable(body) or _explain_structure(body)
    if reason:
        return reason
    for part in re.split(r"\.\.|,| or | and ", _strip_prefix(body)):
        reason = _explain_structure(part) if part else None
        if reason:
            return reason
    for point in (body, *_unparsed_points(body)):
        reason = _explain_marked_component(point)
        if reason:
            return f"{quote_excerpt(point)} {reason}"
        mark = point[-1] if point[-1:] in ("~", "?", "%") else ""
        for pattern, explain in _POINT_RULES:
            match = re.fullmatch(pattern, point.removesuffix(mark), re.ASCII | re.IGNORECASE)
            reason = explain(match) if match else None
            if reason:
                return f"{quote_excerpt(point)} {reason}"
    return _explain_reversed(body)


def quote_excerpt(text: str) -> str:
    """Quote a text for a message: cut where it is long, and without control characters."""
    return f'"{_excerpt(text)}"'


def _excerpt(text: str) -> str:
    return _escape_unprintable(text if len(text) <= 40 else f"{text[:39]}…")


def _escape_unprintable(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


# --- the text as a whole


def _explain_unreadable(body: str) -> str | None:
    if not body:
        return "the date is empty: write it as 2025-03-25, 2025-03 or 2025, or leave it out"
    if is_too_long(body):
        return f"{quote_excerpt(body)} is too long for a date, {len(body)} characters: keep the words in `printed`"
    if any(char.isdecimal() and not char.isascii() for char in body):
        ascii_only = "".join(str(int(char)) if char.isdecimal() else char for char in body)
        return f"{quote_excerpt(body)} has digits other than 0 to 9: write {_excerpt(ascii_only)}"
    return None


def _explain_structure(body: str) -> str | None:
    if body in ("/", "..", "../..", "../", "/..", "[..]", "[]"):
        return f"{quote_excerpt(body)} says nothing: leave the date out"
    if body[0] == "{":
        inner = re.sub(r"\s", "", body.strip("{}"))
        return (
            f"{quote_excerpt(body)} means all of several dates: write one event for each, or [{inner}] for one of them"
        )
    if body[0] == "[" and re.search(r"\s", body):
        return f"{quote_excerpt(body)} has white space in a set: write {''.join(body.split())}"
    if body[0] == "[" and body[-1] != "]":
        why = "goes on after a set" if "]" in body else "is a set without its end"
        return f"{quote_excerpt(body)} {why}: write it as [2023-10,2023-12]"
    if re.fullmatch(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{1,4}", body):
        return _explain_three_numbers(body)
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}([/.][0-9]{1,2}|-[0-9])", body):
        month, year = sorted(re.split("[/.-]", body), key=len)
        return (
            f"{quote_excerpt(body)} is not in the form of ISO 8601: write {year}-{int(month):02}"
            if _is_month(month)
            else None
        )
    if re.fullmatch(r"[0-9]{4} ?- ?[0-9]{4}", body) or _DASHES.search(body):
        return _explain_dash(body)
    if re.search(r"(/|\.\.|-| to )\s*(now|present|today)$", body, re.IGNORECASE):
        start = re.split(r"/|\.\.|-\D| to ", body)[0]
        return f"{quote_excerpt(body)} ends in a relative word: write {start}/.. where it goes on, or its last day"
    return None


def _explain_dash(body: str) -> str | None:
    """Take a dash for what parts a span, else for a hyphen; where neither reads, nothing is offered."""
    first, last = (
        try_parse_point(end) for end in [*re.split(f" ?(?:{_DASHES.pattern}|-) ?", body, maxsplit=1), ""][:2]
    )
    if first and last and first.first <= last.last:
        return f"{quote_excerpt(body)} has a dash for a span: write {first.edtf}/{last.edtf}"
    suggested = _DASHES.sub("-", body)
    # 2023-24 would read, but as a season.
    points = [try_parse_point(point) for point in suggested.split("/")]
    is_ordered = len(points) < 3 and points[0] and points[-1] and points[0].first <= points[-1].last
    if is_ordered and not re.match(r"[0-9]{4}-(?:1[3-9]|[2-9][0-9])(?:/|$)", suggested):
        return f"{quote_excerpt(body)} has a dash that is no hyphen: write {suggested}"
    return None


def _explain_three_numbers(body: str) -> str | None:
    first, second, third = (int(number) for number in re.split("[/.-]", body))
    if re.match("[0-9]{4}(?![0-9])", body):
        valid = _valid_date(first, second, third)
        return (
            f"{quote_excerpt(body)} is not in the form of ISO 8601: write {valid}"
            if valid and str(valid) != body
            else None
        )
    if not re.search("[0-9]{4}$", body):
        return f"{quote_excerpt(body)} has no year of four digits: write the day as 2025-03-25"
    readings = [day for day in (_valid_date(third, second, first), _valid_date(third, first, second)) if day]
    if len(readings) == 2 and readings[0] != readings[1]:
        return f"{quote_excerpt(body)} is ambiguous: write {' or '.join(_describe_date(day) for day in readings)}"
    if readings:
        return f"{quote_excerpt(body)} is not in the order of ISO 8601: write {_describe_date(readings[0])}"
    return f"{quote_excerpt(body)} does not exist in any order: write the day as 2025-03-25"


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _describe_date(day: date) -> str:
    return f"{day} ({day.day} {MONTH_NAMES[day.month - 1]})"


def _is_month(number: str) -> bool:
    return 1 <= int(number) <= 12


# --- one point


def _unparsed_points(body: str) -> list[str]:
    """Cut a span, a set or a phrase into the points that cannot be read."""
    return [
        part for part in re.split(r",|/|\.\.| or | and ", _strip_prefix(body)) if part and not try_parse_point(part)
    ]


def _strip_prefix(body: str) -> str:
    prefix = r"^(since|from|until|by|between|about|around|circa) "
    return re.sub(prefix, "", body.strip("[]"), flags=re.IGNORECASE)


def _explain_reversed(body: str) -> str | None:
    for member in re.split(r",| or ", re.sub("^between ", "", body.strip("[]"))):
        for separator in ("/", "..", " and "):
            left, matched, right = member.partition(separator)
            first, last = try_parse_point(left), try_parse_point(right)
            if matched and first and last and last.last < first.first:
                suggested = body.replace(member, f"{right}{separator}{left}")
                return f"{quote_excerpt(body)} ends before it starts: write {suggested}"
    return None


def _explain_time(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"has a time of day: write the day alone, {year}-{month}-{day}"


def _explain_basic_format(match: re.Match[str]) -> str | None:
    iso = "-".join(group for group in match.groups() if group)
    return f"is in basic format: write {iso}" if try_parse_point(iso) else None


def _explain_long_year(match: re.Match[str]) -> str:
    year = match[0][1:]
    in_range = year.isdigit() and 1 <= int(year) <= 9999
    return f"is a year in the long form: write {int(year):04}" if in_range else _OUT_OF_RANGE


def _explain_significant_digits(match: re.Match[str]) -> str:
    year, count = match[1], int(match[2])
    open_year = f"{year[:count]}{'X' * (4 - count)}"
    return f"has significant digits: write {open_year if try_parse_point(open_year) else year}"


def _explain_marked_component(point: str) -> str | None:
    marks = re.findall("[~?%]", point)
    if len(marks) < 2 and point.endswith(("~", "?", "%")):
        return None
    bare = re.sub("[~?%]", "", point)
    mark = marks[0] if len(set(marks)) == 1 else "%"
    return (
        f"marks a part of the date: put one mark at its end, {bare}{mark}" if marks and try_parse_point(bare) else None
    )


def _explain_sub_year(match: re.Match[str]) -> str:
    year, number = match[1], int(match[2])
    next_year = int(year) + 1
    if 25 <= number <= 28:
        return f"is {SEASON_NAMES[number - 25]} in the northern hemisphere: write {year}-{number - 4}"
    if 29 <= number <= 32:
        months = (
            f"{year}-09/{year}-11",
            f"{year}-12/{next_year:04}-02",
            f"{year}-03/{year}-05",
            f"{year}-06/{year}-08",
        )
        return f"is {SEASON_NAMES[number - 29]} in the southern hemisphere: write its months, {months[number - 29]}"
    if 37 <= number <= 39:
        start = (number - 37) * 4 + 1
        return f"is a quadrimester: write its months, {year}-{start:02}/{year}-{start + 3:02}"
    if year == "9999" and number == 24:
        return "ends after the year 9999: write its month, 9999-12"
    return "is no part of a year: write 01 to 12, 21 to 24 (season), 33 to 36 (quarter), 40 or 41 (half)"


def _explain_missing_day(match: re.Match[str]) -> str | None:
    year, month = match[1], int(match[2])
    if not 1 <= month <= 12:
        return f"has no month {month:02}: write 01 to 12"
    month_point = try_parse_point(f"{year}-{month:02}")
    if not month_point:
        return _OUT_OF_RANGE
    last = month_point.last - month_point.first + 1
    return f"does not exist: write a day from 01 to {last}, or the month, {month_point.edtf}"


def _explain_worded_day(match: re.Match[str]) -> str | None:
    name, year = match["name"].lower(), match["year"]
    month = PARTS_BY_NAME.get(name, 0)
    if not 1 <= month <= 12:
        return None
    iso = f"{year}-{month:02}-{int(match['day']):02}"
    if try_parse_point(iso):
        return f"is not in the order of a date here: write {iso}"
    iso_match = re.fullmatch(r"(\d{4})-(\d\d)-\d\d", iso)
    return _explain_missing_day(iso_match) if iso_match else None


def _explain_open_digits(match: re.Match[str]) -> str | None:
    year, month = match[1].upper(), match[2]
    if "X" not in match.string.upper():
        return None
    known_part = year if "X" in year or not month or not try_parse_point(f"{year}-{month}") else f"{year}-{month}"
    if not try_parse_point(known_part):
        return "leaves digits open: leave the date out, and keep the source's words in `printed`"
    unit = "month" if len(known_part) > 4 else {0: "year", 1: "decade"}.get(known_part.count("X"), "century")
    return f"leaves digits open: write the {unit}, {known_part}"


def _explain_week(match: re.Match[str]) -> str | None:
    year, week, day = int(match[1]), int(match[2]), match[3]
    try:
        first = date.fromisocalendar(year, week, int(day or 1))
        last = first if day else date.fromisocalendar(year, week, 7)
    except ValueError:
        return f"has no such week or day: write the days themselves, as {year:04}-03-17/{year:04}-03-23"
    return f"is a week date: write {first}" if day else f"is a week date: write its days, {first}/{last}"


def _explain_day_of_year(match: re.Match[str]) -> str | None:
    year = try_parse_point(match[1])
    day = year.first + int(match[2]) - 1 if year else 0
    return f"is a day of the year: write {date.fromordinal(day)}" if year and year.first <= day <= year.last else None


def _explain_missing_year(match: re.Match[str]) -> str | None:
    words = re.split(r"[ ,-]+", match.string.lower())
    number = next((PARTS_BY_NAME[word] for word in words if word in PARTS_BY_NAME), 0)
    if not number or len(words) > 3 or any(len(word) > 2 and word.isdigit() for word in words):
        return None
    example = try_parse_point(f"2025-{number:02}")
    return f"has no year of four digits: write one, as {example.shown}" if example else None


def _always_explain(reason: str) -> Callable[[re.Match[str]], str]:
    return lambda _match: reason


# A pattern, and what it is: the first that matches the whole of a point tells.
_POINT_RULES: tuple[tuple[str, Callable[[re.Match[str]], str | None]], ...] = (
    (r"(\d{4})-?(\d\d)-?(\d\d)[T ]\d.*", _explain_time),
    (r"Y-?\d+(?:E\d+)?(?:S\d+)?", _explain_long_year),
    (r"(?:-\d{4,}|\+\d{4,}|0000|000X|00XX)(?:[-sS].*)?|0000-.*", _always_explain(_OUT_OF_RANGE)),
    (r"(\d{4})S([1-9])", _explain_significant_digits),
    (r"(\d{4})(\d\d)(\d\d)|(?!\d{4}(?:00|1[3-9]))(\d{4})(\d\d)", _explain_basic_format),
    (r"\d{1,3}", _always_explain("is a bare number: write a year with four digits, as 2025")),
    (r"\d{5,}", _always_explain(_OUT_OF_RANGE)),
    (r"(\d{4})-(\d\d)", _explain_sub_year),
    (r"(\d{4})-(Q[1-4]|H[12])", lambda match: f"has a hyphen too many: write {match[1]}{match[2].upper()}"),
    (r"(\d{4})-(\d\d)-\d\d", _explain_missing_day),
    (r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<name>[a-z]+),? (?P<year>\d{4})", _explain_worded_day),
    (r"(?P<name>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", _explain_worded_day),
    (r"([\dX]{4})(?:-([\dX]{2}))?(?:-[\dX]{2})?", _explain_open_digits),
    (r"(\d{4})-?W(\d\d)(?:-?(\d))?", _explain_week),
    (r"(\d{4})-([0-3]\d\d)", _explain_day_of_year),
    (r"'\d\d", _always_explain("has no year of four digits: write it in full, as 2025")),
    (
        r"(?:early|mid|late|end of|beginning of|start of)[ -].*\d{4}",
        _always_explain("is vague: write the half, quarter or month that the source supports, as 2025H1"),
    ),
    (
        r"(?:today|now|yesterday|tomorrow|present|(?:last|this|next) .*|.* ago)",
        _always_explain("is a relative word: write the day itself, as 2025-03-25"),
    ),
    (r"[a-z].*|\d{1,2}[ -].*", _explain_missing_year),
)
