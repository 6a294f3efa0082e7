"""Error messages for invalid dates: the mistake, and what to write instead. Loaded only after an error."""

import re
from collections.abc import Iterator
from datetime import date

from autotimeline.dates.calendar import MONTH_NAMES, is_too_long, try_parse_point
from autotimeline.dates.point_mistakes import explain_point
from autotimeline.errors import DateError

_FORMATS = "is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span of them, as 2025-01/2025-06"
_DASHES = re.compile("[\u2010-\u2014\u2212]")


def invalid_date_error(text: str, *, typed: bool = False) -> DateError:
    """Return the error for a text that is not a date, or, if it is not in a store, is ambiguous."""
    return DateError(_escape_unprintable(explain_mistake(text, typed=typed) or f"{quote_excerpt(text)} {_FORMATS}"))


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


def explain_mistake(text: str, *, typed: bool = False) -> str | None:
    """Return the message about the first known mistake in a text that is not a date; None if no rule matches.

    In a text that is `typed`, or imported, a code of EDTF may be ambiguous.
    """
    body = text.strip()
    if not body:
        return "the date is empty: write it as 2025-03-25, 2025-03 or 2025, or omit it"
    if not is_too_long(body) and any(map(str.isdigit, body)):
        # Most words of a query have no digits, and need no phrases.
        from autotimeline.dates.phrase_mistakes import explain_phrase

        if message := explain_phrase(body, _strip_prefix(body), typed=typed):
            return message
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
    points = [part for part in re.split(r",|/|\.\.| or | and | to ", bare) if part and not try_parse_point(part)]
    for point in (body, bare, *points):
        yield point, explain_point(point)
    yield body, _explain_reversed_set(body)


def _strip_prefix(body: str) -> str:
    prefix = r"^(?:since|from|until|till|to|by|before|after|between|about|around|circa|ca?\.|(?:bef|aft|abt|bet)\.?) "
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
    if body[0] == "[" and (tight := re.sub(r"\s*([\[\],]|\.\.)\s*", r"\1", body)) != body:
        return f"has white space in a set: write {tight}"
    if body[0] == "[" and body[-1] != "]":
        fact = "has text after a set" if "]" in body else "is a set without its end"
        return f"{fact}: write it as [2023-10,2023-12]"
    if re.fullmatch(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{1,4}", body):
        return _explain_three_numbers(body)
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}([/.][0-9]{1,2}|-[0-9])", body):
        month, year = sorted(re.split("[/.-]", body), key=len)
        return f"is not in ISO 8601 format: write {year}-{int(month):02}" if 1 <= int(month) <= 12 else None
    if match := re.fullmatch(r"([0-9]{4}-(?:[0-9]{2}-)?)([0-9]{2})/([0-9]{2})", body):
        first, last = match[1] + match[2], match[1] + match[3]
        points = try_parse_point(first) and try_parse_point(last)
        return f"omits a part of its end: write {first}/{last}" if points else None
    if match := re.fullmatch(r"(.*?) ?(?:/|\.\.|[-\u2010-\u2015]| to ) ?(?:now|present|today)", body, re.IGNORECASE):
        start = match[1].removeprefix("from ")
        return f"ends in a relative word: write {start}/.. if it continues, or its last day"
    if _DASHES.search(body):
        return _explain_dash(body)
    return None


def _explain_dash(body: str) -> str | None:
    """Suggest a hyphen if the dash is not the sign of a span; None if that is not a date either."""
    suggested = _DASHES.sub("-", body)
    points = [try_parse_point(point) for point in suggested.split("/")]
    is_ordered = len(points) < 3 and points[0] and points[-1] and points[0].first <= points[-1].last
    return f"has a dash instead of a hyphen: write {suggested}" if is_ordered else None


def _explain_three_numbers(body: str) -> str | None:
    first, second, third = (int(number) for number in re.split("[/.-]", body))
    if re.match("[0-9]{4}(?![0-9])", body):
        valid = _valid_date(first, second, third)
        return f"is not in ISO 8601 format: write {valid}" if valid and str(valid) != body else None
    if is_short := not re.search("[0-9]{4}$", body):
        if third > 99:
            return "has no year of four digits: write the day as 2025-03-25"
        third += 2000
    days = {day: None for day in (_valid_date(third, second, first), _valid_date(third, first, second)) if day}
    suggested = " or ".join(f"{day} ({day.day} {MONTH_NAMES[day.month - 1]})" for day in days)
    if not days:
        return "does not exist in any order: write the day as 2025-03-25"
    if is_short:
        return f"has a year of two digits: write {suggested}, or the same in {third - 100}"
    return f"is {'ambiguous' if len(days) == 2 else 'not in the order of ISO 8601'}: write {suggested}"


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _explain_reversed_set(body: str) -> str | None:
    for member in re.split(r",| or ", re.sub("^between ", "", body.strip("[]"))):
        for separator in ("/", "..", " and "):
            left, matched, right = member.partition(separator)
            first, last = try_parse_point(left), try_parse_point(right)
            if matched and first and last and last.last < first.first:
                return f"ends before it starts: write {body.replace(member, f'{right}{separator}{left}')}"
    return None
