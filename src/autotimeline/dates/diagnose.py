"""Why a text is no date of the profile, and what to write instead. Loaded only once one is refused."""

from __future__ import annotations

import re
from datetime import date

from autotimeline.dates.calendar import MONTHS, PART_NAMES, SEASONS, read, too_long
from autotimeline.errors import DateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_GENERAL = "is no date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them, as 2025-01/2025-06"
_YEARS = "is outside the years 0001 to 9999: leave the date out, and keep the source's words in `printed`"

_DASH = re.compile("[\u2010-\u2014\u2212]")


def refusal(text: str) -> DateError:
    """Give the error for a text that is no date of the profile."""
    return DateError(_printable(named(text) or f"{quoted(text)} {_GENERAL}"))


def value_refusal(value: object) -> DateError:
    """Give the error for a TOML value that is no date: a time, a number, a table."""
    from datetime import datetime, time

    if isinstance(value, datetime):
        return DateError(f"{value} has a time of day: write the day alone, {value.date()}")
    if isinstance(value, time):
        return DateError(f"{value} is a time of day: write a day, as 2025-03-25")
    if isinstance(value, int) and not isinstance(value, bool):
        return DateError(f"{_short(str(value))} is a bare number: write a year with four digits, as 2025")
    if isinstance(value, float):
        return DateError(f'{value} is a decimal number: put the date in quotes, as "2025-03"')
    kind = {bool: "true or false", list: "a list", dict: "a table"}.get(type(value), "a number")
    return DateError(f'{kind} is no date: write one in quotes, as "2025-03"')


def named(text: str) -> str | None:
    """Say what is wrong with a text that is no date, where that has a name of its own; else None."""
    body = text.strip()
    why = _unreadable(body) or _shape(body)
    if why:
        return why
    for piece in re.split(r"\.\.|,| or | and ", _without_lead(body)):
        why = _shape(piece) if piece else None
        if why:
            return why
    for lone in (body, *_points_of(body)):
        why = _component(lone)
        if why:
            return f"{quoted(lone)} {why}"
        mark = lone[-1] if lone[-1:] in ("~", "?", "%") else ""
        for pattern, why_point in _POINTS:
            match = re.fullmatch(pattern, lone.removesuffix(mark), re.ASCII | re.IGNORECASE)
            why = why_point(match) if match else None
            if why:
                return f"{quoted(lone)} {why}"
    return _reversed(body)


def quoted(text: str) -> str:
    """Quote a text for a message: cut where it is long, and without control characters."""
    return f'"{_short(text)}"'


def _short(text: str) -> str:
    return _printable(text if len(text) <= 40 else f"{text[:39]}…")


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


# --- the text as a whole


def _unreadable(body: str) -> str | None:
    if not body:
        return "the date is empty: write it as 2025-03-25, 2025-03 or 2025, or leave it out"
    if too_long(body):
        return f"{quoted(body)} is too long for a date, {len(body)} characters: keep the words in `printed`"
    if any(char.isdecimal() and not char.isascii() for char in body):
        ascii_only = "".join(str(int(char)) if char.isdecimal() else char for char in body)
        return f"{quoted(body)} has digits other than 0 to 9: write {_short(ascii_only)}"
    return None


def _shape(body: str) -> str | None:
    if body in ("/", "..", "../..", "../", "/..", "[..]", "[]"):
        return f"{quoted(body)} says nothing: leave the date out"
    if body[0] == "{":
        inner = re.sub(r"\s", "", body.strip("{}"))
        return f"{quoted(body)} means all of several dates: write one event for each, or [{inner}] for one of them"
    if body[0] == "[" and re.search(r"\s", body):
        return f"{quoted(body)} has white space in a set: write {''.join(body.split())}"
    if body[0] == "[" and body[-1] != "]":
        why = "goes on after a set" if "]" in body else "is a set without its end"
        return f"{quoted(body)} {why}: write it as [2023-10,2023-12]"
    if re.fullmatch(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{1,4}", body):
        return _three_numbers(body)
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}([/.][0-9]{1,2}|-[0-9])", body):
        month, year = sorted(re.split("[/.-]", body), key=len)
        return (
            f"{quoted(body)} is not in the form of ISO 8601: write {year}-{int(month):02}" if _is_month(month) else None
        )
    if re.fullmatch(r"[0-9]{4} ?- ?[0-9]{4}", body) or _DASH.search(body):
        return _dashed(body)
    if re.search(r"(/|\.\.|-| to )\s*(now|present|today)$", body, re.IGNORECASE):
        start = re.split(r"/|\.\.|-\D| to ", body)[0]
        return f"{quoted(body)} ends in a relative word: write {start}/.. where it goes on, or its last day"
    return None


def _dashed(body: str) -> str | None:
    """Take a dash for what parts a span, else for a hyphen; where neither reads, nothing is offered."""
    first, last = (read(end) for end in [*re.split(f" ?(?:{_DASH.pattern}|-) ?", body, maxsplit=1), ""][:2])
    if first and last and first.first <= last.last:
        return f"{quoted(body)} has a dash for a span: write {first.edtf}/{last.edtf}"
    better = _DASH.sub("-", body)
    # 2023-24 would read, but as a season.
    points = [read(point) for point in better.split("/")]
    forward = len(points) < 3 and points[0] and points[-1] and points[0].first <= points[-1].last
    if forward and not re.match(r"[0-9]{4}-(?:1[3-9]|[2-9][0-9])(?:/|$)", better):
        return f"{quoted(body)} has a dash that is no hyphen: write {better}"
    return None


def _three_numbers(body: str) -> str | None:
    one, two, three = (int(number) for number in re.split("[/.-]", body))
    if re.match("[0-9]{4}(?![0-9])", body):
        good = _day(one, two, three)
        return f"{quoted(body)} is not in the form of ISO 8601: write {good}" if good and str(good) != body else None
    if not re.search("[0-9]{4}$", body):
        return f"{quoted(body)} has no year of four digits: write the day as 2025-03-25"
    readings = [day for day in (_day(three, two, one), _day(three, one, two)) if day]
    if len(readings) == 2 and readings[0] != readings[1]:
        return f"{quoted(body)} is ambiguous: write {' or '.join(_long(day) for day in readings)}"
    if readings:
        return f"{quoted(body)} is not in the order of ISO 8601: write {_long(readings[0])}"
    return f"{quoted(body)} does not exist in any order: write the day as 2025-03-25"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _long(day: date) -> str:
    return f"{day} ({day.day} {MONTHS[day.month - 1]})"


def _is_month(number: str) -> bool:
    return 1 <= int(number) <= 12


# --- one point


def _points_of(body: str) -> list[str]:
    """Cut a span, a set or a phrase into the points that cannot be read."""
    return [part for part in re.split(r",|/|\.\.| or | and ", _without_lead(body)) if part and not read(part)]


def _without_lead(body: str) -> str:
    lead = r"^(since|from|until|by|between|about|around|circa) "
    return re.sub(lead, "", body.strip("[]"), flags=re.IGNORECASE)


def _reversed(body: str) -> str | None:
    for member in re.split(r",| or ", re.sub("^between ", "", body.strip("[]"))):
        for mark in ("/", "..", " and "):
            left, found, right = member.partition(mark)
            first, last = read(left), read(right)
            if found and first and last and last.last < first.first:
                better = body.replace(member, f"{right}{mark}{left}")
                return f"{quoted(body)} ends before it starts: write {better}"
    return None


def _time(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"has a time of day: write the day alone, {year}-{month}-{day}"


def _basic(match: re.Match[str]) -> str | None:
    iso = "-".join(group for group in match.groups() if group)
    return f"is in basic format: write {iso}" if read(iso) else None


def _long_year(match: re.Match[str]) -> str:
    year = match[0][1:]
    in_range = year.isdigit() and 1 <= int(year) <= 9999
    return f"is a year in the long form: write {int(year):04}" if in_range else _YEARS


def _significant(match: re.Match[str]) -> str:
    year, count = match[1], int(match[2])
    open_year = f"{year[:count]}{'X' * (4 - count)}"
    return f"has significant digits: write {open_year if read(open_year) else year}"


def _component(lone: str) -> str | None:
    marks = re.findall("[~?%]", lone)
    if len(marks) < 2 and lone.endswith(("~", "?", "%")):
        return None
    bare = re.sub("[~?%]", "", lone)
    mark = marks[0] if len(set(marks)) == 1 else "%"
    return f"marks a part of the date: put one mark at its end, {bare}{mark}" if marks and read(bare) else None


def _sub_year(match: re.Match[str]) -> str:
    year, number = match[1], int(match[2])
    after = int(year) + 1
    if 25 <= number <= 28:
        return f"is {SEASONS[number - 25]} in the northern hemisphere: write {year}-{number - 4}"
    if 29 <= number <= 32:
        months = (f"{year}-09/{year}-11", f"{year}-12/{after:04}-02", f"{year}-03/{year}-05", f"{year}-06/{year}-08")
        return f"is {SEASONS[number - 29]} in the southern hemisphere: write its months, {months[number - 29]}"
    if 37 <= number <= 39:
        start = (number - 37) * 4 + 1
        return f"is a quadrimester: write its months, {year}-{start:02}/{year}-{start + 3:02}"
    if year == "9999" and number == 24:
        return "ends after the year 9999: write its month, 9999-12"
    return "is no part of a year: write 01 to 12, 21 to 24 (season), 33 to 36 (quarter), 40 or 41 (half)"


def _no_day(match: re.Match[str]) -> str | None:
    year, month = match[1], int(match[2])
    if not 1 <= month <= 12:
        return f"has no month {month:02}: write 01 to 12"
    whole = read(f"{year}-{month:02}")
    if not whole:
        return _YEARS
    last = whole.last - whole.first + 1
    return f"does not exist: write a day from 01 to {last}, or the month, {whole.edtf}"


def _worded_day(match: re.Match[str]) -> str | None:
    name, year = match["name"].lower(), match["year"]
    month = PART_NAMES.get(name, 0)
    if not 1 <= month <= 12:
        return None
    iso = f"{year}-{month:02}-{int(match['day']):02}"
    if read(iso):
        return f"is not in the order of a date here: write {iso}"
    again = re.fullmatch(r"(\d{4})-(\d\d)-\d\d", iso)
    return _no_day(again) if again else None


def _open_digits(match: re.Match[str]) -> str | None:
    year, month = match[1].upper(), match[2]
    if "X" not in match.string.upper():
        return None
    known = year if "X" in year or not month or not read(f"{year}-{month}") else f"{year}-{month}"
    if not read(known):
        return "leaves digits open: leave the date out, and keep the source's words in `printed`"
    coarse = "month" if len(known) > 4 else {0: "year", 1: "decade"}.get(known.count("X"), "century")
    return f"leaves digits open: write the {coarse}, {known}"


def _week(match: re.Match[str]) -> str | None:
    year, week, day = int(match[1]), int(match[2]), match[3]
    try:
        first = date.fromisocalendar(year, week, int(day or 1))
        last = first if day else date.fromisocalendar(year, week, 7)
    except ValueError:
        return f"has no such week or day: write the days themselves, as {year:04}-03-17/{year:04}-03-23"
    return f"is a week date: write {first}" if day else f"is a week date: write its days, {first}/{last}"


def _day_of_year(match: re.Match[str]) -> str | None:
    year = read(match[1])
    day = year.first + int(match[2]) - 1 if year else 0
    return f"is a day of the year: write {date.fromordinal(day)}" if year and year.first <= day <= year.last else None


def _no_year(match: re.Match[str]) -> str | None:
    words = re.split(r"[ ,-]+", match.string.lower())
    number = next((PART_NAMES[word] for word in words if word in PART_NAMES), 0)
    if not number or len(words) > 3 or any(len(word) > 2 and word.isdigit() for word in words):
        return None
    example = read(f"2025-{number:02}")
    return f"has no year of four digits: write one, as {example.shown}" if example else None


def _always(why: str) -> Callable[[re.Match[str]], str]:
    return lambda _match: why


# A pattern, and what it is: the first that matches the whole of a point tells.
_POINTS: tuple[tuple[str, Callable[[re.Match[str]], str | None]], ...] = (
    (r"(\d{4})-?(\d\d)-?(\d\d)[T ]\d.*", _time),
    (r"Y-?\d+(?:E\d+)?(?:S\d+)?", _long_year),
    (r"(?:-\d{4,}|\+\d{4,}|0000|000X|00XX)(?:[-sS].*)?|0000-.*", _always(_YEARS)),
    (r"(\d{4})S([1-9])", _significant),
    (r"(\d{4})(\d\d)(\d\d)|(?!\d{4}(?:00|1[3-9]))(\d{4})(\d\d)", _basic),
    (r"\d{1,3}", _always("is a bare number: write a year with four digits, as 2025")),
    (r"\d{5,}", _always(_YEARS)),
    (r"(\d{4})-(\d\d)", _sub_year),
    (r"(\d{4})-(Q[1-4]|H[12])", lambda match: f"has a hyphen too many: write {match[1]}{match[2].upper()}"),
    (r"(\d{4})-(\d\d)-\d\d", _no_day),
    (r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<name>[a-z]+),? (?P<year>\d{4})", _worded_day),
    (r"(?P<name>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", _worded_day),
    (r"([\dX]{4})(?:-([\dX]{2}))?(?:-[\dX]{2})?", _open_digits),
    (r"(\d{4})-?W(\d\d)(?:-?(\d))?", _week),
    (r"(\d{4})-([0-3]\d\d)", _day_of_year),
    (r"'\d\d", _always("has no year of four digits: write it in full, as 2025")),
    (
        r"(?:early|mid|late|end of|beginning of|start of)[ -].*\d{4}",
        _always("is vague: write the half, quarter or month that the source supports, as 2025H1"),
    ),
    (
        r"(?:today|now|yesterday|tomorrow|present|(?:last|this|next) .*|.* ago)",
        _always("is a relative word: write the day itself, as 2025-03-25"),
    ),
    (r"[a-z].*|\d{1,2}[ -].*", _no_year),
)
