"""The mapping of columns to keys of an event."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autotimeline.errors import UsageError
from autotimeline.importing.missing_values import is_missing
from autotimeline.importing.records import ParsedFile, RawRow
from autotimeline.keys import EVENT
from autotimeline.store.table_reader import id_hint, is_valid_id, slugify
from autotimeline.text import suggest

TEXT_KEYS = tuple(name for name, key in EVENT.items() if key.type in ("text", "word"))
"""The keys whose values are texts."""
BOUND_KEYS = ("earliest", "latest")
"""The keys of columns that bound a date."""
DATE_KEYS = ("date", "end", "period", *BOUND_KEYS, "known")
"""The keys of dates. Several columns may have one: the first with a value counts. A column may be YEAR,MONTH,DAY."""
SINGLE_COLUMN_KEYS = ("id", *DATE_KEYS, *TEXT_KEYS, "quote")
"""The keys that an event has once."""
LIST_PREFIXES = ("actor", "place", "tag", "source")
"""The keys that can have several values in one cell."""
MULTI_COLUMN_KEYS = ("actor", "actor.ROLE", "place", "tag", "source", "figure.METRIC")
"""The keys that several columns can have; ROLE and METRIC are placeholders."""
_SINGULARS = {name: key.singular for name, key in EVENT.items()}


class ColumnMapping:
    """The columns of each key; unknown keys, and keys that exclude each other, raise UsageError."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.columns: dict[str, list[str]] = {}
        for key, column in pairs:
            _check_key(key, column)
            self.columns.setdefault(key, []).append(column)
            if column in self.columns[key][:-1]:
                raise UsageError(f"--map {key}={column}: named twice; remove one of them")
            if key in SINGLE_COLUMN_KEYS and key not in DATE_KEYS and len(self.columns[key]) > 1:
                names = " and ".join(f'"{name}"' for name in self.columns[key])
                raise UsageError(f"--map {key}: two columns, {names}; choose one")
        if "title" not in self.columns:
            raise UsageError("--map: missing title, which every event has; add --map title=COLUMN")
        if "period" in self.columns and ("date" in self.columns or "end" in self.columns):
            raise UsageError("--map period: excludes date and end; map a start and an end as date and end")
        bounds = [key for key in BOUND_KEYS if key in self.columns]
        dates = [key for key in ("date", "end", "period") if key in self.columns]
        if bounds and dates:
            raise UsageError(f"--map {bounds[0]}: excludes {dates[0]}; map the source's words for the date as printed")

    def for_file(self, parsed: ParsedFile) -> "ColumnMapping":
        """Return the mapping of a file, without an end that no row has.

        Raises:
            UsageError: If a column does not exist.
        """
        for key, columns in self.columns.items():
            names = [name for column in columns for name in _column_names(parsed, key, column)]
            if len(names) > 3 * len(columns):
                raise UsageError(f"--map {key}={','.join(columns)}: at most a year, a month, and a day")
            for name in names:
                if name.partition(".")[0] not in parsed.columns and name not in parsed.columns:
                    what = suggest(name, parsed.columns) or f"; there are {quote_names(parsed.columns)}"
                    raise UsageError(f'--map {key}={",".join(columns)}: {parsed.file} has no column "{name}"{what}')
        ends = self.columns.get("end", ())
        if not (ends and parsed.rows and all(is_empty_column(parsed, end) for end in ends)):
            return self
        parsed.messages.append(f'{parsed.file}: column "{ends[0]}" has no value; its events have a date and no end')
        return ColumnMapping((key, name) for key in self.columns if key != "end" for name in self.columns[key])

    def unused_columns(self, parsed: ParsedFile) -> list[str]:
        """Return the columns that no key uses."""
        pairs = ((key, column) for key, columns in self.columns.items() for column in columns)
        mapped = [name for key, column in pairs for name in _column_names(parsed, key, column)]
        used = {*mapped, *(column.partition(".")[0] for column in mapped)}
        return [column for column in parsed.columns if column not in used]

    def date_values(self, parsed: ParsedFile) -> Iterator[tuple[str, list[Any]]]:
        """Yield each column of dates with the values of its rows."""
        for key in DATE_KEYS:
            for column in self.columns.get(key, ()):
                yield column, [get_cell(row, column) for row in parsed.rows]


def _check_key(key: str, column: str) -> None:
    prefix, dot, name = key.partition(".")
    if prefix == "figure" and name and not is_valid_id("metric", name):
        raise UsageError(f'--map {key}={column}: "{name}" is not a metric; {id_hint(slugify(name), "metric")}')
    if key in SINGLE_COLUMN_KEYS or key in LIST_PREFIXES or (prefix in ("actor", "figure") and name):
        return
    known = [*SINGLE_COLUMN_KEYS, *MULTI_COLUMN_KEYS]
    singular = _SINGULARS.get(prefix, prefix) + dot + name
    what = f'; did you mean "{singular}"?' if singular != key else suggest(key, known)
    raise UsageError(f'--map {key}={column}: unknown key "{key}"{what or "; there are " + ", ".join(known)}')


def _column_names(parsed: ParsedFile, key: str, column: str) -> list[str]:
    """Return the columns that are meant: those of a year, a month, and a day are separated by commas."""
    return column.split(",") if key in DATE_KEYS and column not in parsed.columns else [column]


def quote_names(columns: Iterable[str]) -> str:
    """Return the names of columns in quotes, separated by commas."""
    return ", ".join(f'"{column}"' for column in columns)


def get_cell(row: RawRow, column: str) -> Any:
    """Return the value in a column, without blanks around it; None for an empty cell.

    `a.b` may be a key of the object in `a`.
    """
    value: Any = row.cells
    if column in value:
        value = value[column]
    else:
        for part in column.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, str):
        return value.strip() or None
    return value


def get_parts(row: RawRow, column: str) -> list[Any]:
    """Return the values of the columns in `YEAR,MONTH,DAY`; none if it is one column, or if all are empty."""
    if "," not in column or column in row.cells:
        return []
    parts = [get_cell(row, name) for name in column.split(",")]
    return [] if all(part is None for part in parts) else parts


def is_empty_column(parsed: ParsedFile, column: str) -> bool:
    """Return whether no row has a value in a column; an empty list or object, and "n/a", is not a value."""
    return all(
        (value := get_cell(row, column)) in (None, [], {}) or is_missing(value) for row in parsed.rows
    ) and not any(get_parts(row, column) for row in parsed.rows)


def parse_map_options(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return (key, column) of each `KEY=COLUMN`, or raise UsageError."""
    result = []
    for word in words:
        key, equals, column = word.partition("=")
        if not (key and equals and column):
            raise UsageError(f"--map {word}: not KEY=COLUMN; write, for example, title=name")
        result.append((key, column))
    return result
