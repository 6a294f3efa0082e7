"""Dates as the data of others writes them: those of the profile, and with a format those that it reads."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from autotimeline.dates import edtf
from autotimeline.errors import DateError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.dates.span import Span

# What is tried, in this order, only to say which formats would read a text.
CANDIDATES = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d", "%d %B, %Y", "%B %d %Y"),
    *("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ"),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
)
_KNOWN = "YmdbBjHIMSfpz%"
_WIDTHS = {"%Y": 4, "%m": 2, "%d": 2, "%j": 3, "%H": 2, "%I": 2, "%M": 2, "%S": 2}


class UnsureError(DateError):
    """A text is no date of the profile, but a format that nobody has named would read it."""


class Dates:
    """Reads dates: by the format where one is given, else as a store does.

    A format is that of `strptime`, of %Y %m %d %b %B %j %H %I %M %S %f %p %z and %%. A time of day in it is read over:
    the day is the one that is written.

    Raises:
        UsageError: where the format is none.
    """

    def __init__(self, format: str | None = None) -> None:
        self.format = format
        self._read: dict[str, Span] = {}
        if format is not None:
            _judge(format)

    def read(self, value: Any) -> Span:
        """Return the date of a text or of a value of TOML or JSON.

        Raises:
            UnsureError: where it takes a format.
            DateError: where it is none.
        """
        if isinstance(value, datetime):
            value = value.isoformat()
        if not isinstance(value, str):
            return edtf.from_toml(value)
        if value not in self._read:
            self._read[value] = self._parsed(value)
        return self._read[value]

    def _parsed(self, text: str) -> Span:
        found = by_format(text, self.format) if self.format else None
        span = found or edtf.read(text)
        if span:
            return span
        if self.format:
            raise DateError(f'"{text}" does not fit --date-format {self.format}: correct it, or write it as 2025-03-25')
        if any(by_format(text, candidate) for candidate in CANDIDATES):
            raise UnsureError(f'"{text}" takes a --date-format')
        return edtf.parse(text)


def by_format(text: str, format: str) -> Span | None:
    """Return the date that a format reads, as precise as that is; None where it does not fit."""
    if any(c.isdecimal() and not c.isascii() for c in text):
        return None
    try:
        day = datetime.strptime(text.strip(), format)
    except ValueError:
        return None
    found = _digits(format).fullmatch(text.strip())
    # To strptime the day 366 of any year is one, if need be of the next.
    if not found or ("%j" in format and int(found["j"]) != day.timetuple().tm_yday):
        return None
    return edtf.read(date(day.year, day.month, day.day).isoformat()[: _precision(format)])


@lru_cache(64)
def _digits(format: str) -> re.Pattern[str]:
    """Return what a text has to be besides: numbers that nothing parts have all digits, and so has a day of a year.

    strptime would let the first take what is of the next, and make a date of a text that lacks a digit.
    """
    parts = re.findall("%.|[^%]+", format)
    found = []
    for at, part in enumerate(parts):
        width = _WIDTHS.get(part)
        parted = not any(beside in _WIDTHS for beside in (*parts[max(at - 1, 0) : at], *parts[at + 1 : at + 2]))
        if part == "%j":
            found.append(r"(?P<j>\d{3})")
        elif width:
            found.append(r"\d+" if parted else rf"\d{{{width}}}")
        else:
            found.append(".+" if part[0] == "%" else r"\s*".join(map(re.escape, re.split(r"\s+", part))))
    return re.compile("".join(found), re.IGNORECASE | re.DOTALL)


def unsure(file: str, column: str, found: Sequence[tuple[str, str]]) -> UsageError:
    """Say that dates take a format, and which would do: `found` are (text, where) of them."""
    shown = ", ".join(f'"{text}" ({where})' for text, where in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    fit = [format for format in CANDIDATES if all(by_format(text, format) for text, _ in found)]
    quoted = [f"'{format}'" if " " in format else format for format in fit]
    say = (
        " or ".join(f"--date-format {format}" for format in quoted)
        or "--date-format FORMAT, and mend those that it does not fit"
    )
    return UsageError(f'{file}: column "{column}": the form of these dates has to be named: {shown}{more}; say {say}')


def _judge(format: str) -> None:
    named = re.findall("%(.?)", format)
    what = ""
    if "y" in named:
        what = "%y is a year of two digits, of which nobody knows the century: make it four, %Y"
    elif unknown := [name for name in named if not name or name not in _KNOWN]:
        what = f"%{unknown[0]} is none of " + " ".join(f"%{name}" for name in _KNOWN)
    elif "Y" not in named:
        what = "it has no year: write %Y, as in %d/%m/%Y"
    elif "d" in named and not set("mbB") & set(named):
        what = "it has a day and no month: write %m, %b or %B"
    elif len(set(named) - {"%"}) < len([name for name in named if name != "%"]):
        what = "something stands in it twice"
    if what:
        raise UsageError(f"--date-format {format}: {what}")


def _precision(format: str) -> int:
    """Return how much of an ISO day the format reads: the year, the month or all."""
    named = set(re.findall("%(.)", format))
    return 10 if named & set("dj") else 7 if named & set("mbB") else 4
