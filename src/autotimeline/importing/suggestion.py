"""The proposed mapping of a table: by the names of its columns, and by what their cells contain."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any

from autotimeline.errors import DateError, QuantityError
from autotimeline.importing.column_mapping import BOUND_KEYS, get_cell
from autotimeline.importing.date_formats import AmbiguousDateError, DateReader
from autotimeline.importing.missing_values import is_missing
from autotimeline.importing.records import ParsedFile
from autotimeline.quantities.parse import parse_quantity
from autotimeline.store.table_reader import slugify
from autotimeline.text import fold

# Common names of columns by key; the first that exists, and whose cells fit, is suggested.
_COMMON_COLUMN_NAMES = {
    "id": "id key uid eventid",
    "title": "title name headline event heading label summary",
    "date": "date start startdate dateopen datestart eventdate begin began opened when published year",
    "end": "end enddate dateclose dateend until closed ended finish",
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


def suggest_mapping(parsed: ParsedFile) -> list[tuple[str, str]]:
    """Return (key, column) pairs; without a column of titles, the placeholder `COLUMN`."""
    contents = {column: content for column in parsed.columns if (content := _inspect(parsed, column))}
    by_name = {_simplify(column): column for column in reversed(contents)}
    result: dict[str, list[str]] = {}

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
    _suggest_by_content(result, contents, is_free)
    year = by_name.get("year")
    if year and "date" in result and is_free(year) and contents[result["date"][0].split(",")[0]].filled < 1:
        result["date"].append(year)
    if not result.keys().isdisjoint(BOUND_KEYS):
        result.pop("end", None)
        if display_date := result.pop("date", None):
            result.setdefault("printed", display_date[:1])
    result.setdefault("title", ["COLUMN"])
    order = [*_COMMON_COLUMN_NAMES, *result]
    return [(key, column) for key in sorted(result, key=order.index) for column in result[key]]


def _suggest_by_content(
    result: dict[str, list[str]], contents: dict[str, _Content], is_free: Callable[[str], bool]
) -> None:
    """Add the keys whose columns have other names, and figures."""
    if result.keys().isdisjoint(_DATE_KEYS):
        dates = [each for each in contents.values() if each.dates >= _MOST and is_free(each.column)]
        if dates:
            # Bare numbers may be years, or anything.
            result["date"] = [min(dates, key=lambda each: (each.numbers, -each.filled)).column]
    if "title" not in result:
        texts = [each for each in contents.values() if is_free(each.column) and each.fits("title") and not each.urls]
        if texts:
            result["title"] = [max(texts, key=lambda each: (each.filled > _MOST, each.distinct, each.length)).column]
    for content in contents.values():
        if not is_free(content.column):
            continue
        if content.urls >= _MOST and "source" not in result:
            result["source"] = [content.column]
        elif content.amounts >= _MOST and (metric := slugify(content.column)):
            result[f"figure.{metric}"] = [content.column]


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


def format_mapping(mapping: Sequence[tuple[str, str]]) -> str:
    """Return `--map` options."""
    return " ".join(f"--map {quote(f'{key}={column}')}" for key, column in mapping)
