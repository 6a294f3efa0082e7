"""One point of the calendar: a day, month, quarter, half, season, year, decade or century."""

from __future__ import annotations

from autotimeline.dates.span import END, ordinal

FIRST = 1
LAST = END - 1
_FIRST_MONTH = 12  # months are counted from January of the year 0, which is no year here
_NO_MONTH = 120_000

MONTHS: tuple[str, ...] = ("January", "February", "March", "April", "May", "June", "July", "August")
MONTHS += ("September", "October", "November", "December")
SEASONS = ("spring", "summer", "autumn", "winter")

# What may follow the year and "-": its first month, how many it lasts, what people read instead.
_PARTS = {n: (n - 1, 1, f"-{n:02}") for n in range(1, 13)}
_PARTS |= {21 + n: (2 + 3 * n, 3, f" {name}") for n, name in enumerate(SEASONS)}
_PARTS |= {33 + n: (3 * n, 3, f"Q{n + 1}") for n in range(4)}
_PARTS |= {40 + n: (6 * n, 6, f"H{n + 1}") for n in range(2)}

PART_NAMES = {name.lower(): n for n, name in enumerate(MONTHS, 1)}
PART_NAMES |= {name[:3].lower(): n for n, name in enumerate(MONTHS, 1)} | {"sept": 9, "fall": 23}
PART_NAMES |= {tail.strip().lower(): n for n, (_, _, tail) in _PARTS.items() if n > 12}

_ABOUT = ("~", "about ", "around ", "circa ")
_SHOWN = {"": "{}", "~": "~{}", "?": "{}?", "%": "~{}?"}


def month_start(month: int) -> int:
    """Give the first day of a month counted from January of the year 0, clipped to the years 1 to 9999."""
    if month < _FIRST_MONTH:
        return FIRST
    if month >= _NO_MONTH:
        return LAST
    return ordinal(month // 12, month % 12 + 1, 1)


def month_end(month: int) -> int:
    """Give the last day of a month counted from January of the year 0, clipped to the years 1 to 9999."""
    if month < _FIRST_MONTH:
        return FIRST
    if month + 1 >= _NO_MONTH:
        return LAST
    return month_start(month + 1) - 1


class Point:
    """A point of the calendar with its mark.

    `~` and `%` widen it by one unit of its own precision, on calendar months where it is no day.

    Attributes:
        edtf: The canonical EDTF, with the mark at its end.
        shown: The same for people.
        months: Its length and its unit: 1, 3, 6, 12, 120 or 1200 months, 0 for a day.
        first: Its first day.
        last: Its last day.
        low: The earliest first day, widened.
        late: The latest first day, widened.
        soon: The earliest last day, widened.
        high: The latest last day, widened.
    """

    __slots__ = ("edtf", "first", "high", "last", "late", "low", "months", "shown", "soon")

    def __init__(self, edtf: str, shown: str, mark: str, start: int, months: int) -> None:
        """Build it from its first month (counted from the year 0), or from its day where `months` is 0."""
        self.edtf = edtf + mark
        self.shown = _SHOWN[mark].format(shown) if mark else shown
        self.months = months
        end = start + months - 1
        if months:
            self.first, self.last = month_start(start), month_end(end)
        else:
            self.first = self.last = start
        self.low = self.late = self.first
        self.soon = self.high = self.last
        if mark not in ("~", "%"):
            return
        if months:
            self.low, self.late = month_start(start - months), month_start(start + months)
            self.soon, self.high = month_end(end - months), month_end(end + months)
        else:
            self.low = self.soon = max(start - 1, FIRST)
            self.late = self.high = min(start + 1, LAST)


def too_long(text: str) -> bool:
    """Whether a text is longer than any date; shown in words, a set takes up to two and a half times its room."""
    return len(text) > (100 if text.startswith("[") else 250)


def digits(text: str) -> bool:
    """Whether a text is ASCII digits and nothing else: `str.isdigit` alone takes '١٩٩٤'."""
    return text.isascii() and text.isdigit()


def read(text: str) -> Point | None:
    """Read a point in any of its spellings; None where it is none."""
    body, mark = text, ""
    if body.endswith(("~", "?", "%")):
        body, mark = body[:-1], body[-1]
    point = _numeric(body, mark)
    if point is not None:
        return point
    body = body.lower()
    if body.startswith(_ABOUT) and mark in ("", "?"):
        lead = next(lead for lead in _ABOUT if body.startswith(lead))
        body, mark = body[len(lead) :], "%" if mark else "~"
        return _numeric(body, mark) or _worded(body, mark)
    return _worded(body, mark)


def _numeric(body: str, mark: str) -> Point | None:
    year, rest = body[:4], body[4:]
    if not digits(year):
        return _open_year(year.upper(), mark) if len(year) == 4 and not rest else None
    if year == "0000" or len(year) < 4:
        return None
    if not rest:
        return Point(year, year, mark, int(year) * 12, 12)
    if rest[0] == "-":
        if len(rest) == 3 and digits(rest[1:]):
            return _part(year, int(rest[1:]), mark)
        if len(rest) == 6 and rest[3] == "-" and digits(rest[1:3]) and digits(rest[4:]):
            return _day(year, int(rest[1:3]), int(rest[4:]), mark)
        return None
    if len(rest) == 2 and rest[1].isdigit():
        return _part(year, PART_NAMES.get(rest.lower(), 0), mark)
    if rest in ("s", "S") and year[3] == "0":
        return _open_year(year[:3] + "X", mark)
    return None


def _open_year(year: str, mark: str) -> Point | None:
    known = year.rstrip("X")
    # A decade or century that would begin with the year 0 is none here.
    if len(known) not in (2, 3) or not digits(known) or not int(known):
        return None
    years = 10 ** (4 - len(known))
    shown = f"{known}0s" if years == 10 else year
    return Point(year, shown, mark, int(known) * years * 12, years * 12)


def _part(year: str, number: int, mark: str) -> Point | None:
    if number not in _PARTS:
        return None
    offset, months, shown = _PARTS[number]
    start = int(year) * 12 + offset
    if start + months > _NO_MONTH:
        return None
    return Point(f"{year}-{number:02}", year + shown, mark, start, months)


def _day(year: str, month: int, day: int, mark: str) -> Point | None:
    try:
        number = ordinal(int(year), month, day)
    except ValueError:
        return None
    spelled = f"{year}-{month:02}-{day:02}"
    return Point(spelled, spelled, mark, number, 0)


def _worded(body: str, mark: str) -> Point | None:
    words = body.split(" ")
    if len(words) == 2:
        year, part = words if digits(words[0]) else reversed(words)
        return _part(year, PART_NAMES.get(part, 0), mark) if _is_year(year) else None
    if len(words) == 3:
        day, name, year = words
        month = PART_NAMES.get(name, 0)
        if _is_year(year) and digits(day) and len(day) < 3:
            return _day(year, month, int(day), mark)
    return None


def _is_year(text: str) -> bool:
    return len(text) == 4 and digits(text) and text != "0000"
