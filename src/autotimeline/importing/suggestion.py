"""The proposed mapping of a table: by the names of its columns, and by what their cells contain."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any

from autotimeline.errors import DateError, QuantityError
from autotimeline.importing.column_mapping import BOUND_KEYS, get_cell
from autotimeline.importing.date_formats import AmbiguousDateError, DateReader
from autotimeline.importing.missing_values import is_missing
from autotimeline.importing.records import ParsedFile
from autotimeline.quantities.parse import parse_quantity
from autotimeline.store.table_reader import is_valid_id, slugify
from autotimeline.text import fold

# Common names of columns by key; the first that exists, and whose cells fit, is suggested.
_COMMON_COLUMN_NAMES = {
    "id": "id key uid eventid objectid recordid",
    "title": "title name headline event heading label summary",
    "date": "date start started startdate dateopen datestart eventdate begin began opened when published year",
    "end": "end enddate dateclose dateend until closed ended finish finished completed",
    "earliest": "earliest earliestdate dateearliest notbefore objectbegindate terminuspostquem",
    "latest": "latest latestdate datelatest notafter objectenddate terminusantequem",
    "printed": "displaydate datedisplay datetext objectdate",
    "kind": "kind category type class eventtype",
    "status": "status",
    "actor": "actor subject company person organisation organization entity",
    "place": "place location city country",
    "tag": "tag tags keyword keywords topic",
    "source": "source url link reference",
    "note": "note notes description comment comments details text",
}
_DATE_KEYS = ("date", "end", *BOUND_KEYS)
_SAMPLE_ROWS = 200
_YEAR_MONTH_DAY = {
    "date": ("", "start", "begin", "from", "event"),
    "end": ("end", "to", "until", "finish"),
}
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")
_MOST = 0.8

_Suggestion = dict[str, list[str]]


@dataclass
class _Content:
    """What the cells of a column contain, as shares of the cells with a value."""

    column: str
    filled: float
    dates: float
    numbers: float
    amounts: float
    urls: float
    distinct: float
    length: float

    def fits(self, key: str) -> bool:
        """Return whether the cells may be values of a key."""
        if key in _DATE_KEYS:
            return self.dates >= 0.5
        if key == "title":
            return self.dates < 0.5 and self.numbers < 0.5
        return key != "id" or self.distinct == 1


_Contents = dict[str, _Content]


def suggest_mapping(parsed: ParsedFile) -> dict[str, list[str]]:
    """Return the columns of each key; without a column of titles, the placeholder `COLUMN`."""
    contents = {column: content for column in _list_columns(parsed) if (content := _inspect(parsed, column))}
    by_name = {_simplify(column): column for column in reversed(contents)}
    result: _Suggestion = {}

    def is_free(column: str) -> bool:
        return all(column not in ",".join(columns).split(",") for columns in result.values())

    for key, names in _COMMON_COLUMN_NAMES.items():
        columns = [by_name[name] for name in names.split() if name in by_name]
        if fitting := [column for column in columns if is_free(column) and contents[column].fits(key)]:
            result[key] = fitting[:1]
    for key, prefixes in _YEAR_MONTH_DAY.items():
        parts = [[by_name.get(prefix + part) for part in ("year", "month", "day")] for prefix in prefixes]
        found = next(([name for name in names if name] for names in parts if names[0] and names[1]), None)
        if found and (key not in result or result[key][0] in found):
            result[key] = [",".join(found)]
    _suggest_dates(result, contents, is_free)
    if "title" not in result:
        _suggest_title(result, contents, is_free)
    _suggest_sources_and_figures(result, contents, is_free)
    if not result.keys().isdisjoint(BOUND_KEYS):
        result.pop("end", None)
        if display_date := result.pop("date", None):
            result.setdefault("printed", display_date[:1])
    result.setdefault("title", ["COLUMN"])
    order = [*_COMMON_COLUMN_NAMES, *result]
    return {key: result[key] for key in sorted(result, key=order.index)}


def _suggest_dates(result: _Suggestion, contents: _Contents, is_free: Callable[[str], bool]) -> None:
    """Add a column of dates with any name; one with gaps is followed, or a year preceded, by a second choice."""
    named = result.get("date", [])
    if not result.keys().isdisjoint(BOUND_KEYS) or (named and ("end" in result or "," in named[0])):
        return
    # Bare numbers may be years, or anything.
    others = [each for each in contents.values() if each.dates >= _MOST and is_free(each.column)]
    precise = [each.column for each in others if each.numbers < 0.5]
    if not named and others:
        named = [min(others, key=lambda each: (each.numbers >= 0.5, -each.filled)).column]
    elif named and contents[named[0]].numbers >= 0.5 and precise:
        named = [precise[0], *named]
    year = next((each.column for each in others if _simplify(each.column) == "year"), None)
    if named and year and year not in named and contents[named[0]].filled < 1:
        named = [*named, year]
    if named:
        result["date"] = named


def _suggest_title(result: _Suggestion, contents: _Contents, is_free: Callable[[str], bool]) -> None:
    """Add the first column of different texts in most rows, if possible one that has no key by its name."""
    by_name = [column for key in ("actor", "kind", "tag", "place", "note") for column in result.get(key, ())]
    texts = [
        each
        for each in contents.values()
        if each.fits("title") and not (each.urls or each.amounts) and (is_free(each.column) or each.column in by_name)
    ]
    if texts:
        best = max(texts, key=lambda each: (each.filled > _MOST, each.column not in by_name, each.distinct > _MOST))
        for key in [key for key, columns in result.items() if best.column in columns]:
            del result[key]
        result["title"] = [best.column]


def _suggest_sources_and_figures(result: _Suggestion, contents: _Contents, is_free: Callable[[str], bool]) -> None:
    for content in contents.values():
        if not is_free(content.column):
            continue
        if content.urls >= _MOST and "source" not in result:
            result["source"] = [content.column]
        elif content.amounts >= _MOST and is_valid_id("metric", metric := slugify(content.column)):
            result[f"figure.{metric}"] = [content.column]


def _list_columns(parsed: ParsedFile) -> Iterator[str]:
    """Yield the columns; for one of objects in JSON, the keys of the objects."""
    for column in parsed.columns:
        cells = [cell for row in parsed.rows[:_SAMPLE_ROWS] if isinstance(cell := row.cells.get(column), dict)]
        yield from dict.fromkeys(f"{column}.{key}" for cell in cells for key in cell) if cells else [column]


def _inspect(parsed: ParsedFile, column: str) -> _Content | None:
    """Return what the first cells of a column contain; None if it has no value."""
    cells = [get_cell(row, column) for row in parsed.rows]
    values = [value for value in cells if value not in (None, [], {}) and not is_missing(value)]
    if not values:
        return None
    sample = [str(value) for value in values[:_SAMPLE_ROWS]]
    numbers = [bool(_NUMBER.fullmatch(text)) for text in sample]
    return _Content(
        column,
        filled=len(values) / len(cells),
        dates=_share(map(_is_date, values[:_SAMPLE_ROWS])),
        numbers=_share(numbers),
        amounts=_share(_is_amount(text) and not is_number for text, is_number in zip(sample, numbers, strict=True)),
        urls=_share(text.startswith(("http://", "https://")) for text in sample),
        distinct=len(set(sample)) / len(sample),
        length=sum(map(len, sample)) / len(sample),
    )


def _share(tests: Iterable[bool]) -> float:
    results = list(tests)
    return sum(results) / len(results)


def _is_date(value: Any) -> bool:
    try:
        DateReader().read(value)
    except AmbiguousDateError:
        return True
    except DateError:
        return False
    return True


def _is_amount(text: str) -> bool:
    try:
        parse_quantity(text)
    except QuantityError:
        return False
    return True


def _simplify(column: str) -> str:
    return re.sub(r"[\W_]+", "", fold(column))


def format_mapping(mapping: Mapping[str, Sequence[str]]) -> str:
    """Return `--map` options."""
    return " ".join(f"--map {quote(f'{key}={column}')}" for key, columns in mapping.items() for column in columns)
