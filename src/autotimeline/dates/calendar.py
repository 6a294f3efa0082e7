"""Points of the calendar: a day, month, quarter, half, season, year, decade, or century."""

from __future__ import annotations

from autotimeline.dates.span import END, ordinal

FIRST_DAY = 1
LAST_DAY = END - 1
_FIRST_MONTH = 12  # months count from January of the year 0, which is not a valid year
_END_MONTH = 120_000

MONTH_NAMES: tuple[str, ...] = ("January", "February", "March", "April", "May", "June", "July", "August")
MONTH_NAMES += ("September", "October", "November", "December")
SEASON_NAMES = ("spring", "summer", "autumn", "winter")

# The number after the year and "-": its first month (from 0), its length in months, and the suffix for people.
_PARTS = {n: (n - 1, 1, f"-{n:02}") for n in range(1, 13)}
_PARTS |= {21 + n: (2 + 3 * n, 3, f" {name}") for n, name in enumerate(SEASON_NAMES)}
_PARTS |= {33 + n: (3 * n, 3, f"Q{n + 1}") for n in range(4)}
_PARTS |= {40 + n: (6 * n, 6, f"H{n + 1}") for n in range(2)}

PARTS_BY_NAME = {name.lower(): n for n, name in enumerate(MONTH_NAMES, 1)}
PARTS_BY_NAME |= {name[:3].lower(): n for n, name in enumerate(MONTH_NAMES, 1)} | {"sept": 9, "fall": 23}
PARTS_BY_NAME |= {tail.strip().lower(): n for n, (_, _, tail) in _PARTS.items() if n > 12}

_APPROXIMATE_PREFIXES = ("~", "about ", "around ", "circa ")
_DISPLAY_TEMPLATES = {"": "{}", "~": "~{}", "?": "{}?", "%": "~{}?"}


def name_year_parts(edtf: str) -> str:
    """Return a canonical EDTF with the names of quarters, halves, and seasons instead of their codes, as in files."""
    import re

    return re.sub(
        r"([0-9]{4})-(2[1-4]|3[3-6]|4[01])(?![0-9-])", lambda match: match[1] + _PARTS[int(match[2])][2], edtf
    )


def month_start(month: int) -> int:
    """Return the first day of a month, counted from January of the year 0; clipped to the years 1 to 9999."""
    if month < _FIRST_MONTH:
        return FIRST_DAY
    if month >= _END_MONTH:
        return LAST_DAY
    return ordinal(month // 12, month % 12 + 1, 1)


def month_end(month: int) -> int:
    """Return the last day of a month, counted from January of the year 0; clipped to the years 1 to 9999."""
    if month < _FIRST_MONTH:
        return FIRST_DAY
    if month + 1 >= _END_MONTH:
        return LAST_DAY
    return month_start(month + 1) - 1


class DatePoint:
    """A point of the calendar with its mark, of which `~` and `%` widen the bounds by one unit of its precision.

    Attributes:
        edtf: The canonical EDTF, including the mark.
        shown: The text for people.
        months: Its length: 1, 3, 6, 12, 120, or 1200 months; 0 for a day.
        first: Its first day; `earliest_start` and `latest_start` are that day, widened.
        last: Its last day; `earliest_end` and `latest_end` are that day, widened.
    """

    __slots__ = (
        "earliest_end",
        "earliest_start",
        "edtf",
        "first",
        "last",
        "latest_end",
        "latest_start",
        "months",
        "shown",
    )

    def __init__(self, edtf: str, shown: str, mark: str, start: int, months: int) -> None:
        # `start` is the first month, counted from January of the year 0, or a day if `months` is 0.
        self.edtf = edtf + mark
        self.shown = _DISPLAY_TEMPLATES[mark].format(shown) if mark else shown
        self.months = months
        margin = (months or 1) if mark in ("~", "%") else 0
        if months:
            end = start + months - 1
            self.first, self.last = month_start(start), month_end(end)
            self.earliest_start, self.latest_start = month_start(start - margin), month_start(start + margin)
            self.earliest_end, self.latest_end = month_end(end - margin), month_end(end + margin)
        else:
            self.first = self.last = start
            self.earliest_start = self.earliest_end = max(start - margin, FIRST_DAY)
            self.latest_start = self.latest_end = min(start + margin, LAST_DAY)


def is_too_long(text: str) -> bool:
    """Return whether a text is longer than any date; the text for people is up to 2.5 times as long as a set."""
    return len(text) > (100 if text.startswith("[") else 250)


def is_digits(text: str) -> bool:
    """Return whether a text has only ASCII digits; `str.isdigit` alone accepts '١٩٩٤'."""
    return text.isascii() and text.isdigit()


def try_parse_point(text: str) -> DatePoint | None:
    """Parse a point in any spelling; None if the text is not a point."""
    body, mark = text, ""
    if body.endswith(("~", "?", "%")):
        body, mark = body[:-1], body[-1]
    point = _parse_numeric(body, mark)
    if point is not None:
        return point
    body = body.lower()
    if body.startswith(_APPROXIMATE_PREFIXES) and mark in ("", "?"):
        prefix = next(prefix for prefix in _APPROXIMATE_PREFIXES if body.startswith(prefix))
        body, mark = body[len(prefix) :], "%" if mark else "~"
        return _parse_numeric(body, mark) or _parse_worded(body, mark)
    return _parse_worded(body, mark)


def _parse_numeric(body: str, mark: str) -> DatePoint | None:
    year, rest = body[:4], body[4:]
    if not is_digits(year):
        return _parse_open_year(year.upper(), mark) if len(year) == 4 and not rest else None
    if year == "0000" or len(year) < 4:
        return None
    if not rest:
        return DatePoint(year, year, mark, int(year) * 12, 12)
    if rest[0] == "-":
        if len(rest) == 3 and is_digits(rest[1:]):
            return _year_part(year, int(rest[1:]), mark)
        if len(rest) == 6 and rest[3] == "-" and is_digits(rest[1:3]) and is_digits(rest[4:]):
            return _day_point(year, int(rest[1:3]), int(rest[4:]), mark)
        return None
    if len(rest) == 2 and rest[1].isdigit():
        return _year_part(year, PARTS_BY_NAME.get(rest.lower(), 0), mark)
    if rest in ("s", "S") and year[3] == "0":
        return _parse_open_year(year[:3] + "X", mark)
    return None


def _parse_open_year(year: str, mark: str) -> DatePoint | None:
    known_digits = year.rstrip("X")
    # A decade or century that starts in the year 0 is invalid.
    if len(known_digits) not in (2, 3) or not is_digits(known_digits) or not int(known_digits):
        return None
    years = 10 ** (4 - len(known_digits))
    # "1900s" may be a century, so it is read only in a store.
    shown = f"{known_digits}0s" if years == 10 and known_digits[2] != "0" else year
    return DatePoint(year, shown, mark, int(known_digits) * years * 12, years * 12)


def _year_part(year: str, number: int, mark: str) -> DatePoint | None:
    if number not in _PARTS:
        return None
    offset, months, shown = _PARTS[number]
    start = int(year) * 12 + offset
    if start + months > _END_MONTH:
        return None
    return DatePoint(f"{year}-{number:02}", year + shown, mark, start, months)


def _day_point(year: str, month: int, day: int, mark: str) -> DatePoint | None:
    try:
        day_number = ordinal(int(year), month, day)
    except ValueError:
        return None
    iso_date = f"{year}-{month:02}-{day:02}"
    return DatePoint(iso_date, iso_date, mark, day_number, 0)


def _parse_worded(body: str, mark: str) -> DatePoint | None:
    words = body.split(" ")
    if len(words) == 2:
        year, part = words if is_digits(words[0]) else reversed(words)
        return _year_part(year, PARTS_BY_NAME.get(part, 0), mark) if _is_year(year) else None
    if len(words) == 3:
        day, name, year = words
        month = PARTS_BY_NAME.get(name, 0)
        if _is_year(year) and is_digits(day) and len(day) < 3:
            return _day_point(year, month, int(day), mark)
    return None


def _is_year(text: str) -> bool:
    return len(text) == 4 and is_digits(text) and text != "0000"
