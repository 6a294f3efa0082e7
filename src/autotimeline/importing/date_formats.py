"""Dates in imported data, as in a store or in a given format."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.dates.year_ranges import ColumnPairs, expand_years, may_be_two_years
from autotimeline.errors import DateError, UsageError

# Only suggested, in this order: a format is never guessed.
CANDIDATE_FORMATS = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d", "%d %B, %Y", "%B %d %Y"),
    *("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ"),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
)
# Formats of two years, which strptime does not have.
_SPAN_FORMATS = {
    "YYYY-YY": re.compile("([0-9]{4}) ?[-\u2010-\u2015] ?([0-9]{2})"),
    "YYYY/YY": re.compile("([0-9]{4}) ?/ ?([0-9]{2})"),
}
_SUPPORTED_DIRECTIVES = "YmdbBjHIMSfpz%"
_DIGIT_COUNTS = {"%Y": 4, "%m": 2, "%d": 2, "%j": 3, "%H": 2, "%I": 2, "%M": 2, "%S": 2}


class AmbiguousDateError(DateError):
    """A text that only a date format can read."""


class DateReader:
    """Reads dates as a person types them, in a format of `strptime` without the time of day, or as `YYYY-YY`.

    Without `suggest_formats`, its errors name no date format.
    """

    def __init__(self, format: str | None = None, *, suggest_formats: bool = True) -> None:
        self.format = format
        self._suggest_formats = suggest_formats
        self._cache: dict[str, Span] = {}
        self._pairs_by_column: dict[str, ColumnPairs] = {}
        if format is not None:
            _validate_format(format)

    def detect_year_ranges(self, columns: Iterable[tuple[str, Iterable[Any]]]) -> None:
        """Let `read` reject texts such as `1903-11` in the columns whose values contain two-year ranges."""
        self._pairs_by_column = {
            column: ColumnPairs(value for value in values if isinstance(value, str)) for column, values in columns
        }

    def read(self, value: Any, column: str = "") -> Span:
        """Return the date of a text, or of a value of TOML or JSON, in a column.

        Raises:
            AmbiguousDateError: If only a date format can read it.
            DateError: If it is not a date.
        """
        if isinstance(value, datetime):
            value = value.isoformat()
        if not isinstance(value, str):
            return edtf.date_from_toml(value)
        pairs = self._pairs_by_column.get(column)
        if pairs and self.format not in _SPAN_FORMATS and (message := pairs.explain(value)):
            raise DateError(f"{message}, or add --date-format YYYY-YY" if self._suggest_formats else message)
        if value not in self._cache:
            self._cache[value] = self._parse(value)
        return self._cache[value]

    def _parse(self, text: str) -> Span:
        if self.format and (span := parse_with_format(text, self.format)):
            return span
        try:
            return edtf.parse_typed_date(text)
        except DateError as error:
            invalid = error
        if self.format:
            raise DateError(f'"{text}" does not fit --date-format {self.format}: correct it, or write it as 2025-03-25')
        if not self._suggest_formats:
            raise invalid
        if any(parse_with_format(text, candidate) for candidate in CANDIDATE_FORMATS):
            raise AmbiguousDateError(f'"{text}" takes a --date-format')
        hint = ", or add --date-format YYYY" + ("/YY" if "/" in text else "-YY") if may_be_two_years(text) else ""
        raise DateError(f"{invalid}{hint}")


def parse_with_format(text: str, format: str) -> Span | None:
    """Return the date in the precision of the format; None if it does not fit."""
    if any(c.isdecimal() and not c.isascii() for c in text):
        return None
    if pattern := _SPAN_FORMATS.get(format):
        years = pattern.fullmatch(text.strip())
        return edtf.try_parse_date(expand_years(years[1], years[2])) if years else None
    try:
        day = datetime.strptime(text.strip(), format)
    except ValueError:
        return None
    match = _digit_pattern(format).fullmatch(text.strip())
    # strptime reads day 366 of any year, as the first of the next.
    if not match or ("%j" in format and int(match["j"]) != day.timetuple().tm_yday):
        return None
    return edtf.try_parse_date(date(day.year, day.month, day.day).isoformat()[: _iso_length(format)])


@lru_cache(64)
def _digit_pattern(format: str) -> re.Pattern[str]:
    """Return a pattern in which adjacent numbers, and the day of a year, have all their digits.

    strptime would read a text with a missing digit by splitting the numbers elsewhere.
    """
    parts = re.findall("%.|[^%]+", format)
    patterns = []
    for previous, part, following in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if part == "%j":
            patterns.append(r"(?P<j>\d{3})")
        elif part in _DIGIT_COUNTS:
            is_delimited = _DIGIT_COUNTS.keys().isdisjoint((previous, following))
            patterns.append(r"\d+" if is_delimited else rf"\d{{{_DIGIT_COUNTS[part]}}}")
        else:
            patterns.append(".+" if part[0] == "%" else r"\s*".join(map(re.escape, re.split(r"\s+", part))))
    return re.compile("".join(patterns), re.IGNORECASE | re.DOTALL)


def ambiguous_dates_error(file: str, column: str, dates: Sequence[tuple[str, str]]) -> UsageError:
    """Return the error for dates that need a format, (text, location) each, with the formats that read them all."""
    shown = ", ".join(f'"{text}" ({location})' for text, location in dates[:5])
    rest = f" and {len(dates) - 5} more" if len(dates) > 5 else ""
    fitting = [format for format in CANDIDATE_FORMATS if all(parse_with_format(text, format) for text, _ in dates)]
    quoted = [f"'{format}'" if " " in format else format for format in fitting]
    hint = " or ".join(f"--date-format {format}" for format in quoted)
    hint = hint or "--date-format FORMAT, and mend those that it does not fit"
    return UsageError(f'{file}: column "{column}": the form of these dates has to be named: {shown}{rest}; say {hint}')


def _validate_format(format: str) -> None:
    directives = re.findall("%(.?)", format)
    what = ""
    if format in _SPAN_FORMATS:
        return
    if "y" in directives:
        what = "%y is a year of two digits, of which nobody knows the century: make it four, %Y"
    elif unknown := [name for name in directives if not name or name not in _SUPPORTED_DIRECTIVES]:
        what = f"%{unknown[0]} is none of " + " ".join(f"%{name}" for name in _SUPPORTED_DIRECTIVES)
    elif "Y" not in directives:
        what = "it has no year: write %Y, as in %d/%m/%Y"
    elif "d" in directives and not set("mbB") & set(directives):
        what = "it has a day and no month: write %m, %b or %B"
    elif len(set(directives) - {"%"}) < len([name for name in directives if name != "%"]):
        what = "something stands in it twice"
    if what:
        raise UsageError(f"--date-format {format}: {what}")


def _iso_length(format: str) -> int:
    """Return the length of the ISO date that a format determines: year, month, or day."""
    directives = set(re.findall("%(.)", format))
    return 10 if directives & set("dj") else 7 if directives & set("mbB") else 4
