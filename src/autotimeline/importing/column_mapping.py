"""The mapping of columns to keys of an event."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from shlex import quote
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.calendar import try_parse_point
from autotimeline.dates.span import Span
from autotimeline.errors import DateError, UsageError
from autotimeline.importing.date_formats import DateReader
from autotimeline.importing.missing_values import is_missing
from autotimeline.importing.native_rows import MISSING_TITLE, RowReader
from autotimeline.importing.records import ImportRecord, InvalidRecordError, ParsedFile, RawRow
from autotimeline.keys import EVENT
from autotimeline.store.table_reader import slugify, type_name
from autotimeline.text import fold, suggest

_TEXT_KEYS = tuple(name for name, key in EVENT.items() if key.type in ("text", "word"))
BOUND_KEYS = ("earliest", "latest")
"""The keys of columns that bound a date."""
SINGLE_COLUMN_KEYS = ("id", "date", "end", "period", *BOUND_KEYS, "known", *_TEXT_KEYS, "quote")
"""The keys that one column can have."""
MULTI_COLUMN_KEYS = ("actor", "actor.ROLE", "place", "tag", "source", "figure.METRIC")
"""The keys that several columns can have; ROLE and METRIC are placeholders."""
_DATE_KEYS = ("date", "end", "period", *BOUND_KEYS, "known")
_LIST_KEYS = {key.singular: name for name, key in EVENT.items() if key.type in ("texts", "tags")}
_PLURALS = {key.singular: name for name, key in EVENT.items()}
_PARTIAL_KEYS = frozenset(_LIST_KEYS.values())

# Common names of columns by key; the first that exists is suggested.
_COMMON_COLUMN_NAMES = {
    "id": "id key uid",
    "title": "title name headline event heading label summary",
    "date": "date start startdate dateopen datestart begin began opened day when year published",
    "end": "end enddate dateclose dateend until closed ended finish",
    "earliest": "earliest earliestdate dateearliest notbefore objectbegindate terminuspostquem",
    "latest": "latest latestdate datelatest notafter objectenddate terminusantequem",
    "printed": "displaydate datedisplay datetext objectdate",
    "kind": "kind category type class",
    "status": "status",
    "actor": "actor subject company person organisation organization entity",
    "place": "place location city country",
    "tag": "tag tags keyword topic",
    "source": "source url link reference",
    "note": "note notes description comment comments details text",
}


class ColumnMapping:
    """The columns of each key; unknown keys, and keys that exclude each other, raise UsageError."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.columns: dict[str, list[str]] = {}
        for key, column in pairs:
            if key not in SINGLE_COLUMN_KEYS and (
                key.partition(".")[0] not in _MULTI_COLUMN_PREFIXES or key in ("figure", "figure.", "actor.")
            ):
                known = [*SINGLE_COLUMN_KEYS, *MULTI_COLUMN_KEYS]
                what = suggest(key, known) or f"; there are {', '.join(known)}"
                raise UsageError(f'--map {key}={column}: an event has no "{key}"{what}')
            self.columns.setdefault(key, []).append(column)
            if key in SINGLE_COLUMN_KEYS and len(self.columns[key]) > 1:
                names = " and ".join(f'"{name}"' for name in self.columns[key])
                raise UsageError(f"--map {key}: {names} cannot both be it; choose one")
        if "title" not in self.columns:
            raise UsageError("--map: no column is the title, which every event has: add --map title=COLUMN")
        if "period" in self.columns and ("date" in self.columns or "end" in self.columns):
            raise UsageError("--map period: it stands alone; a start and an end are --map date=COLUMN --map end=COLUMN")
        bounds = [key for key in BOUND_KEYS if key in self.columns]
        dates = [key for key in ("date", "end", "period") if key in self.columns]
        if bounds and dates:
            what = f"it excludes --map {dates[0]}; the date in the words of the source is --map printed=COLUMN"
            raise UsageError(f"--map {bounds[0]}: {what}")

    def check_columns(self, parsed: ParsedFile) -> None:
        """Raise UsageError if a column does not exist."""
        for key, columns in self.columns.items():
            for column in columns:
                if column not in parsed.columns and column.partition(".")[0] not in parsed.columns:
                    names = ", ".join(f'"{name}"' for name in parsed.columns)
                    what = suggest(column, parsed.columns) or f"; there are {names}"
                    raise UsageError(f'--map {key}={column}: {parsed.file} has no column "{column}"{what}')

    def unused_columns(self, parsed: ParsedFile) -> list[str]:
        """Return the columns that no key uses."""
        mapped = [column for columns in self.columns.values() for column in columns]
        used = {*mapped, *(column.partition(".")[0] for column in mapped)}
        return [column for column in parsed.columns if column not in used]

    def date_values(self, parsed: ParsedFile) -> Iterator[tuple[str, list[Any]]]:
        """Yield each column of dates with the values of its rows."""
        for key in _DATE_KEYS:
            for column in self.columns.get(key, ()):
                yield column, [_cell(row, column) for row in parsed.rows]

    def without(self, key: str) -> "ColumnMapping":
        """Return the mapping without a key."""
        return ColumnMapping((name, column) for name in self.columns if name != key for column in self.columns[name])

    def parse_row(self, row: RawRow, date_reader: DateReader) -> ImportRecord:
        """Parse the event of a row, or raise InvalidRecordError."""
        return _MappedRowReader(self.columns, row, date_reader).build_record()


_MULTI_COLUMN_PREFIXES = frozenset(key.partition(".")[0] for key in MULTI_COLUMN_KEYS)


class _MappedRowReader(RowReader):
    def __init__(self, columns: dict[str, list[str]], row: RawRow, date_reader: DateReader) -> None:
        super().__init__(row, date_reader)
        self.columns = columns

    def build_record(self) -> ImportRecord:
        """Return the event, or raise its problems."""
        body: dict[str, Any] = {key: text for key in _TEXT_KEYS if (text := self._read_text(key)) is not None}
        if "title" not in body:
            self.add_problem(self.columns["title"][0], MISSING_TITLE)
        body.update(self._read_date_or_period())
        self.keep_missing_date(body)
        if (known := self._read_date("known")) is not None:
            body["known"] = known.edtf
        for key, name in _LIST_KEYS.items():
            if texts := self._read_texts(key):
                body[name] = list(dict.fromkeys(texts))
        actors: list[tuple[str | None, str]] = []
        for key in self.columns:
            prefix, _, name = key.partition(".")
            if prefix == "actor":
                actors += ((name or None, actor) for actor in self._read_texts(key))
            elif prefix == "figure" and (figures := [self._read_figure(key, text) for text in self._read_texts(key)]):
                body.setdefault("figures", {})[name] = figures
        text = self._read_text("id")
        id = slugify(text or "")
        if text is not None and not id:
            self.add_problem(self.columns["id"][0], f'no id can be made of "{text}": write it with a-z and 0-9')
        record = ImportRecord(
            "event",
            id,
            body,
            self.row.location,
            columns={name: columns[0] for key, columns in self.columns.items() for name in _problem_keys(key)},
            partial_keys=_PARTIAL_KEYS,
            named_actors=actors,
            cited_sources=self._read_texts("source"),
            quote=self._read_text("quote"),
            missing_cells=self.missing_cells,
            date_words=self.date_words(),
        )
        if self.problems:
            raise InvalidRecordError(*self.problems)
        return record

    def _convert_text(self, column: str, value: Any) -> str | None:
        if isinstance(value, str):
            return value
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        if value is not None:
            self.add_problem(column, f"it must be text or a number, not {type_name(value)}")
        return None

    def _read_text(self, key: str) -> str | None:
        column = self.columns.get(key, [""])[0]
        return self._convert_text(column, _cell(self.row, column)) if column else None

    def _read_texts(self, key: str) -> list[str]:
        texts: list[str] = []
        for column in self.columns.get(key, ()):
            value = _cell(self.row, column)
            items = value if isinstance(value, list) else [value]
            texts += (text for item in items if (text := self._convert_text(column, item)) is not None and text.strip())
        return texts

    def _read_figure(self, key: str, text: str) -> str | dict[str, str]:
        """Return a figure, or its words if they state that it has no number; note those."""
        column = self.columns[key][0]
        if is_missing(text):
            self.missing_cells.append((column, text.strip()))
            return {"printed": text.strip()}
        if not any(map(str.isdigit, text)):
            self.add_problem(column, f'"{text}": missing number; write it, or empty the cell')
        return text

    def _read_date(self, key: str) -> Span | None:
        column = self.columns.get(key, [""])[0]
        value = _cell(self.row, column) if column else None
        date = None if value is None else self.read_date(column, value)
        if date and key != "known":
            self.date_cells.append((value, date))
        return date

    def _read_date_or_period(self) -> dict[str, str]:
        """Return the date under its key; empty for an undated event.

        A column of ends makes periods; a missing start or end is unknown. Columns of bounds make dates.
        """
        if not self.columns.keys().isdisjoint(BOUND_KEYS):
            return self._read_bounds()
        if (period := self._read_date("period")) is not None:
            return {"period": period.edtf}
        problem_count = len(self.problems)
        start, end = self._read_date("date"), self._read_date("end")
        if len(self.problems) > problem_count or (start is None and end is None):
            return {}
        if "end" not in self.columns:
            return {"date": start.edtf} if start else {}
        text = f"{start.edtf if start else ''}/{end.edtf if end else ''}"
        try:
            return {"period": edtf.parse_date(text).edtf}
        except DateError as error:
            self.add_problem(self.columns["end"][0], str(error))
            return {}

    def _read_bounds(self) -> dict[str, str]:
        """Return the date that lies between two bounds, of which one may be missing."""
        problem_count = len(self.problems)
        earliest, latest = (self._read_bound(key) for key in BOUND_KEYS)
        if len(self.problems) > problem_count or not (earliest or latest):
            return {}
        if earliest and earliest == latest:
            return {"date": earliest}
        if not (earliest and latest):
            return {"date": f"[{earliest or ''}..{latest or ''}]"}
        date = edtf.try_parse_date(f"{earliest}/{latest}")
        if date is None:
            ends = [f'"{_cell(self.row, self.columns[key][0])}"' for key in BOUND_KEYS]
            what = f'{ends[0]} is after the latest date, {ends[1]} in column "{self.columns["latest"][0]}"'
            self.add_problem(self.columns["earliest"][0], f"{what}; correct one of them")
        return {"date": date.edtf} if date else {}

    def _read_bound(self, key: str) -> str | None:
        bound = self._read_date(key)
        if bound and try_parse_point(bound.edtf) is None:
            column = self.columns[key][0]
            what = f'"{_cell(self.row, column)}" is not one day, month, or year; write only the {key} one'
            self.add_problem(column, what)
        return bound.edtf if bound else None


def _problem_keys(key: str) -> tuple[str, ...]:
    """Return the keys of an event whose problems belong to the columns of a key, such as figures.price."""
    prefix, dot, name = ("date" if key in BOUND_KEYS else key).partition(".")
    plural = _PLURALS.get(prefix, prefix)
    return plural, plural + dot + name


def _cell(row: RawRow, column: str) -> Any:
    """Return the value in a column; `a.b` may be a key of the object in `a`. None for an empty cell."""
    value: Any = row.cells
    if column in value:
        value = value[column]
    else:
        for part in column.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    return None if isinstance(value, str) and not value.strip() else value


def is_empty_column(parsed: ParsedFile, column: str) -> bool:
    """Return whether no row has a value in a column; an empty list or object, and "n/a", is not a value."""
    return all((value := _cell(row, column)) in (None, [], {}) or is_missing(value) for row in parsed.rows)


def suggest_mapping(parsed: ParsedFile) -> str:
    """Return `--map` options for columns with values, guessed from their names."""
    used = [column for column in reversed(parsed.columns) if not is_empty_column(parsed, column)]
    by_name = {fold(column).replace(" ", ""): column for column in used}
    columns_by_key: dict[str, str] = {}
    for key, names in _COMMON_COLUMN_NAMES.items():
        column = next((by_name[name] for name in names.split() if name in by_name), None)
        if column and column not in columns_by_key.values():
            columns_by_key[key] = column
    if not columns_by_key.keys().isdisjoint(BOUND_KEYS):
        columns_by_key.pop("end", None)
        if display_date := columns_by_key.pop("date", None):
            columns_by_key.setdefault("printed", display_date)
    columns_by_key.setdefault("title", "COLUMN")
    return " ".join(f"--map {quote(f'{key}={column}')}" for key, column in columns_by_key.items())


def parse_map_options(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return (key, column) of each `KEY=COLUMN`, or raise UsageError."""
    result = []
    for word in words:
        key, equals, column = word.partition("=")
        if not (key and equals and column):
            raise UsageError(f"--map {word}: write KEY=COLUMN, as title=name")
        result.append((key, column))
    return result
