"""Two numbers that may be two years, as `2021-22`: in a store an EDTF code, elsewhere ambiguous.

Loaded only if a text may contain them.
"""

import re
from collections.abc import Iterable

from autotimeline.dates.calendar import MONTH_NAMES, PARTS_BY_NAME, name_year_parts

# "winter 2022-23" is not ambiguous.
_PAIR = re.compile(r"(?<!winter )(?<!winter of )(?<![0-9X-])([0-9]{4})-([0-9]{2})(?![0-9X-])", re.IGNORECASE)
_SEPARATED_PAIR = re.compile("([0-9]{4}) ?[/\u2010-\u2015] ?([0-9]{2})")
_CODES = frozenset(number for number in PARTS_BY_NAME.values() if number > 12)


def explain_typed_pair(text: str) -> str | None:
    """Return the message about a pair that is not a month, and may be two years; None if there is none."""
    return next(
        (_explain(*pair) for pair in _PAIR.findall(text) if not _is_month(pair[1]) and _may_be_years(*pair)), None
    )


def explain_separated_pair(text: str) -> str | None:
    """Return the message about `1860/70`, or with a dash; None for any other text, or if only a month is meant."""
    match = _SEPARATED_PAIR.fullmatch(text)
    if not match or not int(match[1]):
        return None
    year, number = match[1], match[2]
    if _is_month(number):
        return _explain(year, number, text) if _may_be_years(year, number) else None
    return f'"{text}" has a year of two digits: {_two_years(year, number)}'


def may_be_two_years(text: str) -> bool:
    """Return whether a whole text may be two years, whatever separates them."""
    text = text.strip()
    return bool(year_pair(text) and explain_typed_pair(text)) or explain_separated_pair(text) is not None


def two_years_hint(year: str, number: str) -> str:
    """Return the remedy for a code that may be two years, after another one; empty if it cannot be."""
    return f"; {_two_years(year, number)}" if _may_be_years(year, number) else ""


def year_pair(text: str) -> tuple[str, str] | None:
    """Return the year and the number of a text that is only `2021-22`, with or without a mark; else None."""
    match = _PAIR.fullmatch(text.strip().rstrip("~?%"))
    return (match[1], match[2]) if match else None


def expand_years(year: str, number: str) -> str:
    """Return the span of a year and the last two digits of a later year: `1857/1861`, `1998/2002`."""
    first = int(year)
    return f"{year}/{first + ((int(number) - first) % 100 or 100):04}"


class ColumnPairs:
    """The pairs of a column, of which one that can only be two years makes all others ambiguous.

    A pair that may be two years makes only those ambiguous that may be two years, too.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        unusual = [pair for pair in filter(None, map(year_pair, texts)) if not _is_month(pair[1])]
        self._only_years = any(int(number) not in _CODES and number != "00" for _, number in unusual)
        self._perhaps_years = any(_may_be_years(*pair) for pair in unusual)

    def explain(self, text: str) -> str | None:
        """Return the message about a text of the column; None if it is not ambiguous here."""
        pair = year_pair(text)
        if pair and (self._only_years or (self._perhaps_years and _may_be_years(*pair))):
            return _explain(*pair)
        return None


def _is_month(number: str) -> bool:
    return 1 <= int(number) <= 12


def _may_be_years(year: str, number: str) -> bool:
    return int(number) > int(year[2:]) or (year[2:], number) == ("99", "00")


def _two_years(year: str, number: str) -> str:
    return f"if these are two years, write {expand_years(year, number)}"


def _explain(year: str, number: str, text: str = "") -> str:
    text = text or f"{year}-{number}"
    if number == "00":
        part = year
    elif _is_month(number):
        part = f"{MONTH_NAMES[int(number) - 1][:3]} {year}"
    elif int(number) in _CODES:
        part = name_year_parts(f"{year}-{number}")
    else:
        month = "" if _may_be_years(year, number) else "write a month from 01 to 12; "
        return f'"{text}" is not a part of a year: {month}{_two_years(year, number)}'
    return f'"{text}" is ambiguous: write {part}; {_two_years(year, number)}'
