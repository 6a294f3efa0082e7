"""Error messages for invalid dates: the mistake, and what to write instead. Loaded only after an error."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from autotimeline.dates.calendar import MONTH_NAMES, PARTS_BY_NAME, SEASON_NAMES, is_too_long, try_parse_point
from autotimeline.errors import DateError

_FORMATS = "is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them, as 2025-01/2025-06"
_OUT_OF_RANGE = "is outside the years 0001 to 9999: omit the date, and keep the source's words in `printed`"

_DASHES = re.compile("[\u2010-\u2014\u2212]")


def invalid_date_error(text: str) -> DateError:
    """Return the error for a text that is not a date."""
    return DateError(_escape_unprintable(explain_mistake(text) or f"{quote_excerpt(text)} {_FORMATS}"))


def invalid_value_error(value: object) -> DateError:
    """Return the error for a TOML value that is not a date: a time, a number, a table."""
    from datetime import datetime, time

    if isinstance(value, datetime):
        return DateError(f"{value} has a time of day: write only the day, {value.date()}")
    if isinstance(value, time):
        return DateError(f"{value} is a time of day: write a day, as 2025-03-25")
    if isinstance(value, int) and not isinstance(value, bool):
        return DateError(f"{_excerpt(str(value))} is a bare number: write a year with four digits, as 2025")
    if isinstance(value, float):
        return DateError(f'{value} is a decimal number: put the date in quotes, as "2025-03"')
    type_name = {bool: "true or false", list: "a list", dict: "a table"}.get(type(value), "a number")
    return DateError(f'{type_name} is not a date: write one in quotes, as "2025-03"')


def explain_mistake(text: str) -> str | None:
    """Return the message about the first known mistake in a text that is not a date; None if no rule matches."""
    body = text.strip()
    if not body:
        return "the date is empty: write it as 2025-03-25, 2025-03 or 2025, or omit it"
    return next((f"{quote_excerpt(part)} {reason}" for part, reason in _find_mistakes(body) if reason), None)


def quote_excerpt(text: str) -> str:
    """Return the text in quotes, escaped, and cut after 40 characters."""
    return f'"{_excerpt(text)}"'


def _excerpt(text: str) -> str:
    return _escape_unprintable(text if len(text) <= 40 else f"{text[:39]}…")


def _escape_unprintable(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _find_mistakes(body: str) -> Iterator[tuple[str, str | None]]:
    """Yield parts of the text, each with the reason why it is invalid; None if the rule does not apply."""
    yield body, _explain_unreadable(body)
    bare = _strip_prefix(body)
    for part in (body, *re.split(r"\.\.|,| or | and ", bare)):
        yield part, _explain_structure(part) if part else None
    points = [part for part in re.split(r",|/|\.\.| or | and ", bare) if part and not try_parse_point(part)]
    for point in (body, *points):
        yield point, _explain_marked_component(point)
        mark = point[-1] if point[-1:] in ("~", "?", "%") else ""
        for pattern, explain in _POINT_RULES:
            match = re.fullmatch(pattern, point.removesuffix(mark), re.ASCII | re.IGNORECASE)
            if match:
                yield point, explain if isinstance(explain, str) else explain(match)
    yield body, _explain_reversed(body)


def _strip_prefix(body: str) -> str:
    prefix = r"^(since|from|until|by|between|about|around|circa) "
    return re.sub(prefix, "", body.strip("[]"), flags=re.IGNORECASE)


# --- the whole text


def _explain_unreadable(body: str) -> str | None:
    if is_too_long(body):
        return f"is too long for a date, {len(body)} characters: keep the words in `printed`"
    if any(char.isdecimal() and not char.isascii() for char in body):
        ascii_only = "".join(str(int(char)) if char.isdecimal() else char for char in body)
        return f"has digits other than 0 to 9: write {_excerpt(ascii_only)}"
    return None


def _explain_structure(body: str) -> str | None:
    if body in ("/", "..", "../..", "../", "/..", "[..]", "[]"):
        return "has no bound: omit the date"
    if body[0] == "{":
        inner = re.sub(r"\s", "", body.strip("{}"))
        return f"means all of several dates: write one event for each, or [{inner}] for one of them"
    if body[0] == "[" and re.search(r"\s", body):
        return f"has white space in a set: write {''.join(body.split())}"
    if body[0] == "[" and body[-1] != "]":
        fact = "has text after a set" if "]" in body else "is a set without its end"
        return f"{fact}: write it as [2023-10,2023-12]"
    if re.fullmatch(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{1,4}", body):
        return _explain_three_numbers(body)
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}([/.][0-9]{1,2}|-[0-9])", body):
        month, year = sorted(re.split("[/.-]", body), key=len)
        return f"is not in ISO 8601 format: write {year}-{int(month):02}" if 1 <= int(month) <= 12 else None
    if re.fullmatch(r"[0-9]{4} ?- ?[0-9]{4}", body) or _DASHES.search(body):
        return _explain_dash(body)
    if re.search(r"(/|\.\.|-| to )\s*(now|present|today)$", body, re.IGNORECASE):
        start = re.split(r"/|\.\.|-\D| to ", body)[0]
        return f"ends in a relative word: write {start}/.. if it continues, or its last day"
    return None


def _explain_dash(body: str) -> str | None:
    """Suggest a span if the dash separates two dates, and a hyphen otherwise; None if neither is a date."""
    bounds = [*re.split(f" ?(?:{_DASHES.pattern}|-) ?", body, maxsplit=1), ""][:2]
    first, last = map(try_parse_point, bounds)
    if first and last and first.first <= last.last:
        return f"has a dash for a span: write {first.edtf}/{last.edtf}"
    suggested = _DASHES.sub("-", body)
    points = [try_parse_point(point) for point in suggested.split("/")]
    is_ordered = len(points) < 3 and points[0] and points[-1] and points[0].first <= points[-1].last
    # 2023-24 is valid, but as a season.
    if is_ordered and not re.match(r"[0-9]{4}-(?:1[3-9]|[2-9][0-9])(?:/|$)", suggested):
        return f"has a dash instead of a hyphen: write {suggested}"
    return None


def _explain_three_numbers(body: str) -> str | None:
    first, second, third = (int(number) for number in re.split("[/.-]", body))
    if re.match("[0-9]{4}(?![0-9])", body):
        valid = _valid_date(first, second, third)
        return f"is not in ISO 8601 format: write {valid}" if valid and str(valid) != body else None
    if not re.search("[0-9]{4}$", body):
        return "has no year of four digits: write the day as 2025-03-25"
    days = {day: None for day in (_valid_date(third, second, first), _valid_date(third, first, second)) if day}
    suggested = " or ".join(f"{day} ({day.day} {MONTH_NAMES[day.month - 1]})" for day in days)
    if len(days) == 2:
        return f"is ambiguous: write {suggested}"
    if days:
        return f"is not in the order of ISO 8601: write {suggested}"
    return "does not exist in any order: write the day as 2025-03-25"


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- a point


def _explain_reversed(body: str) -> str | None:
    for member in re.split(r",| or ", re.sub("^between ", "", body.strip("[]"))):
        for separator in ("/", "..", " and "):
            left, matched, right = member.partition(separator)
            first, last = try_parse_point(left), try_parse_point(right)
            if matched and first and last and last.last < first.first:
                return f"ends before it starts: write {body.replace(member, f'{right}{separator}{left}')}"
    return None


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
    if not marks or not try_parse_point(bare):
        return None
    return f"marks a part of the date: put one mark at its end, {bare}{marks[0] if len(set(marks)) == 1 else '%'}"


def _explain_sub_year(match: re.Match[str]) -> str:
    year, number = match[1], int(match[2])
    if 25 <= number <= 28:
        return f"is {SEASON_NAMES[number - 25]} in the northern hemisphere: write {year}-{number - 4}"
    if 29 <= number <= 32:
        first, last = (9, 12, 3, 6)[number - 29], (11, 2, 5, 8)[number - 29]
        months = f"{year}-{first:02}/{int(year) + (last < first):04}-{last:02}"
        return f"is {SEASON_NAMES[number - 29]} in the southern hemisphere: write its months, {months}"
    if 37 <= number <= 39:
        start = (number - 37) * 4 + 1
        return f"is a quadrimester: write its months, {year}-{start:02}/{year}-{start + 3:02}"
    if year == "9999" and number == 24:
        return "ends after the year 9999: write its month, 9999-12"
    return "is not a part of a year: write 01 to 12, 21 to 24 (season), 33 to 36 (quarter), 40 or 41 (half)"


def _explain_missing_day(year: str, month: int) -> str:
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
    return f"is not a supported format: write {iso}" if try_parse_point(iso) else _explain_missing_day(year, month)


def _explain_open_digits(match: re.Match[str]) -> str | None:
    year, month = match[1].upper(), match[2]
    if "X" not in match.string.upper():
        return None
    known_part = year if "X" in year or not month or not try_parse_point(f"{year}-{month}") else f"{year}-{month}"
    if not try_parse_point(known_part):
        return "has unknown digits: omit the date, and keep the source's words in `printed`"
    unit = "month" if len(known_part) > 4 else {0: "year", 1: "decade"}.get(known_part.count("X"), "century")
    return f"has unknown digits: write the {unit}, {known_part}"


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


# A pattern for a whole point, and the reason why a match is invalid, or a function that returns it; the first wins.
_POINT_RULES: tuple[tuple[str, str | Callable[[re.Match[str]], str | None]], ...] = (
    (
        r"(\d{4})-?(\d\d)-?(\d\d)[T ]\d.*",
        lambda match: f"has a time of day: write only the day, {'-'.join(match.groups())}",
    ),
    (r"Y-?\d+(?:E\d+)?(?:S\d+)?", _explain_long_year),
    (r"(?:-\d{4,}|\+\d{4,}|0000|000X|00XX)(?:[-sS].*)?|0000-.*", _OUT_OF_RANGE),
    (r"(\d{4})S([1-9])", _explain_significant_digits),
    (r"(\d{4})(\d\d)(\d\d)|(?!\d{4}(?:00|1[3-9]))(\d{4})(\d\d)", _explain_basic_format),
    (r"\d{1,3}", "is a bare number: write a year with four digits, as 2025"),
    (r"\d{5,}", _OUT_OF_RANGE),
    (r"(\d{4})-(\d\d)", _explain_sub_year),
    (r"(\d{4})-(Q[1-4]|H[12])", lambda match: f"has an extra hyphen: write {match[1]}{match[2].upper()}"),
    (r"(\d{4})-(\d\d)-\d\d", lambda match: _explain_missing_day(match[1], int(match[2]))),
    (r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<name>[a-z]+),? (?P<year>\d{4})", _explain_worded_day),
    (r"(?P<name>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", _explain_worded_day),
    (r"([\dX]{4})(?:-([\dX]{2}))?(?:-[\dX]{2})?", _explain_open_digits),
    (r"(\d{4})-?W(\d\d)(?:-?(\d))?", _explain_week),
    (r"(\d{4})-([0-3]\d\d)", _explain_day_of_year),
    (r"'\d\d", "has no year of four digits: write it in full, as 2025"),
    (
        r"(?:early|mid|late|end of|beginning of|start of)[ -].*\d{4}",
        "is vague: write the half, quarter or month that the source supports, as 2025H1",
    ),
    (
        r"(?:today|now|yesterday|tomorrow|present|(?:last|this|next) .*|.* ago)",
        "is a relative word: write the day itself, as 2025-03-25",
    ),
    (r"[a-z].*|\d{1,2}[ -].*", _explain_missing_year),
)
