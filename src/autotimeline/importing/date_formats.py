"""Dates in imported data, as a person types them, or in named formats."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from shlex import quote
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.dates.year_ranges import ColumnPairs, expand_years, may_be_two_years
from autotimeline.errors import DateError, UsageError

# Only suggested, in this order: a format is never guessed.
CANDIDATE_FORMATS = (
    *(
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d.%m.%Y",
        "%d-%m-%Y",
        "%m-%d-%Y",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y%m%d",
        "%d %B, %Y",
        "%B %d %Y",
    ),
    *("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"),
    *("%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p", "%B %d, %Y %I:%M %p", "%B %d, %Y, %I:%M %p", "%m/%Y", "%m.%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y", "%d-%b-%y", "%d %b %y", "%b %d, %y"),
    *("%d/%m/%y %H:%M", "%m/%d/%y %H:%M"),
)
# Formats of two years, which strptime does not have.
_SPAN_FORMATS = {
    "YYYY-YY": re.compile("([0-9]{4}) ?[-\u2010-\u2015] ?([0-9]{2})"),
    "YYYY/YY": re.compile("([0-9]{4}) ?/ ?([0-9]{2})"),
}
_SUPPORTED_DIRECTIVES = "YymdbBjHIMSfpz%"
_TIME_DIRECTIVES = frozenset("HIMSfpz")
_DIGIT_COUNTS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%j": 3, "%H": 2, "%I": 2, "%M": 2, "%S": 2}
_TIMESTAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]+((?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?)"
    r" ?(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    re.IGNORECASE,
)
_FLOAT_YEAR = re.compile(r"([0-9]{4})\.0+")
_SPAN_SEPARATORS = (r"\s+(?:[-\u2010-\u2015]|to|until|bis)\s+", "\\s*[\u2013\u2014]\\s*", r"\s*/\s*", r"\s*-\s*")


class AmbiguousDateError(DateError):
    """A text that only a date format can read."""


class DateReader:
    """Reads dates as a person types them, or in formats of `strptime`, tried in order, without the time of day.

    A format may also be `YYYY-YY` or `YYYY/YY`. Two-digit years are those of the 100 years that begin with `century`.
    Without `suggest_formats`, errors name no date format.
    """

    def __init__(
        self, formats: Sequence[str] = (), century: str | None = None, *, suggest_formats: bool = True
    ) -> None:
        self.formats = formats
        self._timed_texts: set[str] = set()
        self._contested_texts: set[str] = set()
        self._suggest_formats = suggest_formats
        self._cache: dict[str, Span] = {}
        self._pairs_by_column: dict[str, ColumnPairs] = {}
        if century is not None and not re.fullmatch("[0-9]{4}", century):
            raise UsageError(f"--century {century}: not a year; write the first year, such as 1950 for 1950 to 2049")
        if century is not None and not any("%y" in format for format in formats):
            raise UsageError("--century: no date format has %y; add one, such as --date-format %d/%m/%y")
        self._first_year = None if century is None else int(century)
        for format in formats:
            _validate_format(format, has_century=century is not None)

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
        elif isinstance(value, Decimal) or (self.formats and type(value) is int):
            value = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if not isinstance(value, str):
            return edtf.date_from_toml(value)
        pairs = self._pairs_by_column.get(column)
        if pairs and _SPAN_FORMATS.keys().isdisjoint(self.formats) and (message := pairs.explain(value)):
            raise DateError(f"{message}, or add --date-format YYYY-YY" if self._suggest_formats else message)
        if value not in self._cache:
            self._cache[value] = self._parse(value)
        return self._cache[value]

    def drops_time(self, value: Any) -> bool:
        """Return whether a date that has been read has a time of day."""
        return (value.isoformat() if isinstance(value, datetime) else value) in self._timed_texts

    def fits_several_formats(self, value: Any) -> bool:
        """Return whether formats read a date that has been read as different dates."""
        return value in self._contested_texts

    def _parse(self, text: str) -> Span:
        spans = [span for format in self.formats if (span := self._parse_with_format(text, format))]
        if len({span.edtf for span in spans}) > 1:
            self._contested_texts.add(text)
        if span := spans[0] if spans else self._parse_formatted_span(text):
            return span
        body = text.strip()
        if match := _TIMESTAMP.fullmatch(body):
            if match[2].strip("0:.,"):
                self._timed_texts.add(text)
            body = match[1]
        elif match := _FLOAT_YEAR.fullmatch(body):
            body = match[1]
        try:
            return edtf.parse_typed_date(body)
        except DateError as error:
            invalid = error
        raise self._explain(text, invalid)

    def _explain(self, text: str, invalid: DateError) -> DateError:
        if self.formats:
            formats = " or ".join(self.formats)
            return DateError(f'"{text}" does not fit --date-format {formats}; correct it, or add another format')
        if not self._suggest_formats:
            return invalid
        if any(parse_with_format(text, candidate) for candidate in CANDIDATE_FORMATS):
            return AmbiguousDateError(str(invalid))
        hint = ", or add --date-format YYYY" + ("/YY" if "/" in text else "-YY") if may_be_two_years(text) else ""
        return DateError(f"{invalid}{hint}")

    def _parse_with_format(self, text: str, format: str) -> Span | None:
        span = parse_with_format(text, format, self._first_year)
        if span and not _TIME_DIRECTIVES.isdisjoint(_directives(format)):
            self._timed_texts.add(text)
        return span

    def _parse_formatted_span(self, text: str) -> Span | None:
        """Return the span of two dates in a named format, such as `10/11/2019 - 12/11/2019`; None for other texts."""
        for separator in _SPAN_SEPARATORS if self.formats else ():
            halves = re.split(separator, text.strip())
            for format in self.formats if len(halves) % 2 == 0 else ():
                # A separator may be in the format, too.
                middle = len(halves) // 2
                mark = re.search(separator, text.strip())
                joiner = mark[0] if mark else ""
                ends = [joiner.join(part) for part in (halves[:middle], halves[middle:])]
                start, end = (self._parse_with_format(part, format) for part in ends)
                if start and end and (span := edtf.try_parse_date(f"{start.edtf}/{end.edtf}")):
                    return span
        return None


def parse_with_format(text: str, format: str, first_year: int | None = 1950) -> Span | None:
    """Return the date in the precision of the format; None if it does not fit.

    A two-digit year is one of the 100 years that begin with `first_year`.
    """
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
    year = day.year
    if "y" in _directives(format) and first_year is not None:
        year = first_year + (year - first_year) % 100
    return edtf.try_parse_date(f"{year:04}-{day.month:02}-{day.day:02}"[: _iso_length(format)])


def join_date_parts(parts: Sequence[str]) -> str:
    """Return the text of a date from its year, month, and day, of which the last ones may be empty or 0.

    Raises:
        DateError: If a part is missing before another one, or the first is not a year.
    """
    present = [re.sub(r"\.0+$", "", part.strip()) for part in parts]
    present = ["" if not part.strip("0") else part for part in present]
    while present and not present[-1]:
        present.pop()
    shown = ", ".join(f'"{part}"' for part in parts)
    if "" in present:
        raise DateError(f"{shown}: missing {('year', 'month')[present.index('')]}; add it, or empty the cells after it")
    if len(present) > 1 and not re.fullmatch("[0-9]{4}", present[0]):
        raise DateError(f"{shown}: not a year of four digits, a month, and a day; map date=YEAR,MONTH,DAY")
    if all(part.isdecimal() and len(part) < 3 for part in present[1:]):
        return "-".join([*present[:1], *(part.zfill(2) for part in present[1:])])
    return " ".join(reversed(present))


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


def format_hint(texts: Iterable[str]) -> str:
    """Return the options for the formats that read all these texts."""
    listed = list(texts)
    fitting = [format for format in CANDIDATE_FORMATS if all(parse_with_format(text, format) for text in listed)]
    if any("%y" not in format for format in fitting):
        fitting = [format for format in fitting if "%y" not in format]
    options = [f"--date-format {quote(format)}{' --century 1950' * ('%y' in format)}" for format in fitting]
    return " or ".join(options) or "--date-format FORMAT (several formats are tried in order)"


def ambiguous_dates_error(file: str, column: str, dates: Sequence[tuple[str, str]]) -> UsageError:
    """Return the error for dates that need a format, (text, location) each, with the formats that read them all."""
    shown = ", ".join(f'"{text}" ({location})' for text, location in dates[:5])
    rest = f" and {len(dates) - 5} more" if len(dates) > 5 else ""
    hint = format_hint(text for text, _ in dates)
    return UsageError(f'{file}: column "{column}": ambiguous dates: {shown}{rest}; add {hint}')


def _directives(format: str) -> list[str]:
    return re.findall("%(.?)", format)


def _validate_format(format: str, *, has_century: bool) -> None:
    directives = _directives(format)
    what = ""
    if format in _SPAN_FORMATS:
        return
    if unknown := [name for name in directives if not name or name not in _SUPPORTED_DIRECTIVES]:
        what = f"%{unknown[0]} is not one of " + " ".join(f"%{name}" for name in _SUPPORTED_DIRECTIVES)
    elif "y" in directives and not has_century:
        what = "%y has no century; name the first year, such as --century 1950 for 1950 to 2049"
    elif set(directives).isdisjoint("Yy"):
        what = "missing year; write %Y, as in %d/%m/%Y"
    elif "d" in directives and set(directives).isdisjoint("mbB"):
        what = "missing month; write %m, %b, or %B"
    elif len(set(directives) - {"%"}) < len([name for name in directives if name != "%"]) or {"Y", "y"} <= set(
        directives
    ):
        what = "repeated part; write each part once"
    if what:
        raise UsageError(f"--date-format {format}: {what}")


def _iso_length(format: str) -> int:
    """Return the length of the ISO date that a format determines: year, month, or day."""
    directives = set(_directives(format))
    return 10 if directives & set("dj") else 7 if directives & set("mbB") else 4
