"""Rows of other tables, parsed to events by a mapping of their columns."""

import re
from decimal import Decimal
from shlex import quote
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.calendar import try_parse_point
from autotimeline.dates.span import Span
from autotimeline.errors import DateError
from autotimeline.importing.cell_rules import CellRules, is_bare_number
from autotimeline.importing.column_mapping import BOUND_KEYS, TEXT_KEYS, ColumnMapping, get_cell, get_parts
from autotimeline.importing.date_formats import DateReader, join_date_parts
from autotimeline.importing.records import NO_VALUE, ImportRecord, RawRow
from autotimeline.importing.row_reader import MISSING_TITLE, RowReader
from autotimeline.keys import EVENT
from autotimeline.schema import STATUSES
from autotimeline.store.table_reader import slugify, type_name

_LIST_KEYS = {key.singular: name for name, key in EVENT.items() if key.type in ("texts", "tags")}
_PLURALS = {key.singular: name for name, key in EVENT.items()}
_PARTIAL_KEYS = frozenset(_LIST_KEYS.values())
# Only words that the user names are missing values here: "Unknown" may be a title.
_FREE_TEXT_KEYS = ("title", "note", "printed", "quote", "id")
_OPEN_END = ".."
# The marks of an encyclopedia: "[3]", "[a]", "[note 2]", "[citation needed]".
_FOOTNOTES = re.compile(r"(?:\s*\[(?:[0-9]{1,3}|[a-z]|(?:note|nb) [0-9]+|citation needed)\])+$")
# A name such as "Revenue (€m)", "Share %", or "Price USD".
_UNIT_IN_NAME = re.compile(r"[€$£¥%]|[(\[].+[)\]]|\b[A-Z]{3}\b")
_NO_END_REMEDY = "; for events without an end, add --empty-end open or --empty-end none"


def parse_mapped_row(row: RawRow, mapping: ColumnMapping, date_reader: DateReader, rules: CellRules) -> ImportRecord:
    """Parse the event of a row."""
    return _MappedRowReader(row, mapping, date_reader, rules).build_record()


class _MappedRowReader(RowReader):
    def __init__(self, row: RawRow, mapping: ColumnMapping, date_reader: DateReader, rules: CellRules) -> None:
        super().__init__(row, date_reader, rules)
        self.columns = mapping.columns

    def build_record(self) -> ImportRecord:
        """Return the event with its problems."""
        body: dict[str, Any] = {key: text for key in TEXT_KEYS if (text := self._read_text(key)) is not None}
        if "title" not in body:
            self.add_problem(self.columns["title"][0], MISSING_TITLE)
        if "status" in body:
            body["status"] = self._check_status(body["status"])
        first_note = len(self.notes)
        body.update(self._read_date_or_period())
        self.keep_missing_date(body, first_note)
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
            elif prefix == "figure" and (figures := self._read_figures(key)):
                body.setdefault("figures", {})[name] = figures
        text = self._read_text("id")
        id = slugify(text or "")
        if text is not None and not id:
            self.add_problem(self.columns["id"][0], f'"{text}": no letters or digits for an id; write it with a-z, 0-9')
        return ImportRecord(
            "event",
            id,
            body,
            self.row.location,
            columns={name: columns[0] for key, columns in self.columns.items() for name in _problem_keys(key)},
            partial_keys=_PARTIAL_KEYS,
            named_actors=actors,
            cited_sources=self._read_texts("source"),
            quote=self._read_text("quote"),
            notes=self.notes,
            problems=self.problems,
            date_words=self.date_words(),
        )

    def _check_status(self, text: str) -> str:
        if text.lower() not in STATUSES:
            remedy = f"add --value {quote(f'status.{text}={STATUSES[0]}')}"
            self.add_problem(self.columns["status"][0], f'"{text}": not a status ({", ".join(STATUSES)}); {remedy}')
        return text.lower()

    def _convert_text(self, key: str, column: str, value: Any) -> str | None:
        """Return the text of a cell, after replacing its words; None if it has no value."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            value = f"{value:f}" if isinstance(value, Decimal) else str(value)
        elif not isinstance(value, str | None):
            self.add_problem(column, f"it must be text or a number, not {type_name(value)}")
            return None
        text = self._drop_footnotes(column, (value or "").strip())
        if text and (replacement := self.rules.replace(key, text)) is not None:
            self.add_note(column, f'read as "{replacement}"', text)
            return replacement.strip() or None
        prefix = key.partition(".")[0]
        if text and prefix != "figure" and self.rules.is_missing(text, only_named=key in _FREE_TEXT_KEYS):
            self.add_note(column, NO_VALUE, text)
            return None
        return text or None

    def _drop_footnotes(self, column: str, text: str) -> str:
        """Return a text without the marks of footnotes at its end, and note them."""
        mark = _FOOTNOTES.search(text)
        if not mark:
            return text
        self.add_note(column, "footnote mark dropped", text)
        return text[: mark.start()]

    def _read_text(self, key: str) -> str | None:
        column = self.columns.get(key, [""])[0]
        return self._convert_text(key, column, get_cell(self.row, column)) if column else None

    def _read_texts(self, key: str) -> list[str]:
        """Return the values of all columns of a key, of which a cell may have several."""
        texts: list[str] = []
        for column in self.columns.get(key, ()):
            value = get_cell(self.row, column)
            for item in value if isinstance(value, list) else [value]:
                text = self._convert_text(key, column, item)
                parts, is_detected = self.rules.split(key, text) if text else ([], False)
                if is_detected and text:
                    prefix = key.partition(".")[0]
                    self.add_note(column, 'split at "; "', text, f"; keep cells whole with --split {prefix}=")
                converted = (self._convert_text(key, column, part) for part in parts) if len(parts) > 1 else parts
                texts += (part for part in converted if part and part.strip())
                if key == "tag" and any("," in part for part in texts):
                    self.add_problem(column, f'"{text}": comma in a tag; add --split tag=, if it is several tags')
        return texts

    def _read_figures(self, key: str) -> list[Any]:
        cells = ((column, get_cell(self.row, column)) for column in self.columns[key])
        items = ((column, item) for column, cell in cells for item in (cell if isinstance(cell, list) else [cell]))
        texts = ((column, item, self._convert_text(key, column, item)) for column, item in items)
        metric = key.partition(".")[2]
        return [self._read_figure(metric, column, item, text) for column, item, text in texts if text is not None]

    def _read_figure(self, metric: str, column: str, cell: Any, text: str) -> str | dict[str, str]:
        """Return a figure with the words of its cell, or only the words if they state no number; note those."""
        if self.rules.is_missing(text):
            self.add_note(column, NO_VALUE, text)
            return {"printed": text}
        amount = self.rules.read_number(text)
        if not any(map(str.isdigit, text)):
            remedy = f"add it, or --missing {quote(text)} to keep only the words"
            self.add_problem(column, f'"{text}": missing number; {remedy}')
        elif amount is None:
            self.add_problem(column, f'"{text}": not a number with a decimal comma; write it like 1.234,5')
        elif reason := self.rules.decimal_comma_error(text):
            self.add_problem(column, reason)
        elif is_bare_number(text) and metric not in self.rules.units and _UNIT_IN_NAME.search(column):
            self.add_note(column, "no unit", text, f"; its column may name it: add --default-unit {metric}=UNIT")
        words = cell.strip() if isinstance(cell, str) else text
        amount = amount and self.rules.add_unit(metric, amount)
        return text if amount in (None, words) else {"value": str(amount), "printed": words}

    def _read_date(self, key: str) -> Span | None:
        """Return the date in the first column of a key that has a value."""
        value, words, column = self._date_cell(key)
        date = None if value is None else self.read_date(column, value)
        if date and key != "known":
            self.date_cells.append((words, date))
        if date:
            self._compare_other_columns(key, column, words, date)
        return date

    def _compare_other_columns(self, key: str, column: str, words: Any, date: Span) -> None:
        """Note a date in a later column of a key that contradicts the one that was read."""
        columns = self.columns[key]
        for other in columns[columns.index(column) + 1 :]:
            try:
                value, words_there = self._dated_cell(other)
                span = None if value is None else self.date_reader.read(value, other)
            except DateError:
                continue
            (first, last), (other_first, other_last) = date.bounds(True), (span or date).bounds(True)
            if first > other_last or last < other_first:
                self.add_note(column, f'not the date of column "{other}"', f"{words}, {words_there}")

    def _date_cell(self, key: str) -> tuple[Any, Any, str]:
        """Return the value of the first column of a key that has one, the words of its cells, and the column."""
        columns = self.columns.get(key, [])
        for column in columns:
            try:
                value, words = self._dated_cell(column, note=True)
            except DateError as error:
                self.add_problem(column, str(error))
                continue
            if isinstance(value, str) and (replacement := self.rules.replace(key, value)) is not None:
                self.add_note(column, f'read as "{replacement}"', value)
                value = replacement
            if value is not None and column != columns[-1] and self.rules.is_missing(value):
                self.add_note(column, NO_VALUE, str(value))
            elif isinstance(value, str) and self.rules.is_missing(value, only_named=True):
                self.add_note(column, NO_VALUE, value)
            elif value is not None:
                return value, words, column
        return None, None, columns[-1] if columns else ""

    def _dated_cell(self, column: str, *, note: bool = False) -> tuple[Any, Any]:
        """Return the value of a column, or of YEAR,MONTH,DAY, and the words of its cells; `note` missing parts.

        Raises:
            DateError: If the parts are no date.
        """
        parts = get_parts(self.row, column)
        if not parts:
            value = get_cell(self.row, column)
            return (self._drop_footnotes(column, value) if note and isinstance(value, str) else value), value
        texts = ["" if part is None or self.rules.is_missing(part) else str(part) for part in parts]
        for part, text in zip(parts, texts, strict=True):
            if note and part is not None and not text:
                self.add_note(column, NO_VALUE, str(part))
        return join_date_parts(texts) or None, " ".join(str(part) for part in parts if part is not None)

    def _read_date_or_period(self) -> dict[str, str]:
        """Return the date under its key; empty for an undated event.

        A column of ends makes periods; a missing start or end is unknown. Columns of bounds make dates.
        """
        if not self.columns.keys().isdisjoint(BOUND_KEYS):
            return self._read_bounds()
        if (period := self._read_date("period")) is not None:
            return {"period": period.edtf}
        problem_count = len(self.problems)
        start = self._read_date("date")
        if "end" not in self.columns:
            return {"date": start.edtf} if start else {}
        value, words, column = self._date_cell("end")
        if value is None and start and self.rules.empty_end == "none":
            return {"date": start.edtf}
        if value is None and start and not self.rules.empty_end:
            self.add_note(column, "unknown end", str(self.date_cells[-1][0]), _NO_END_REMEDY)
        end = self._read_end(column, value, words, has_start=start is not None)
        if len(self.problems) > problem_count or not (start or end):
            return {}
        try:
            return {"period": edtf.parse_date(f"{start.edtf if start else ''}/{end}").edtf}
        except DateError as error:
            self.add_problem(column, str(error))
            return {}

    def _read_end(self, column: str, value: Any, words: Any, *, has_start: bool) -> str:
        """Return the end of a period in EDTF; empty if it is unknown."""
        if value == _OPEN_END or (value is None and has_start and self.rules.empty_end == "open"):
            return _OPEN_END
        end = None if value is None else self.read_date(column, value)
        if end:
            self.date_cells.append((words, end))
        elif isinstance(value, str) and value.isalpha() and self.problems and self.problems[-1].column == column:
            self.problems[-1].text += f"; for an open end, add --value end.{value}=.."
        return end.edtf if end else ""

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
            ends = [f'"{self._date_cell(key)[0]}"' for key in BOUND_KEYS]
            what = f'{ends[0]} is after the latest date, {ends[1]} in column "{self.columns["latest"][0]}"'
            self.add_problem(self.columns["earliest"][0], f"{what}; correct one of them")
        return {"date": date.edtf} if date else {}

    def _read_bound(self, key: str) -> str | None:
        bound = self._read_date(key)
        if bound and try_parse_point(bound.edtf) is None:
            value, _, column = self._date_cell(key)
            self.add_problem(column, f'"{value}" is not one day, month, or year; write only the {key} one')
        return bound.edtf if bound else None


def _problem_keys(key: str) -> tuple[str, ...]:
    """Return the keys of an event whose problems belong to the columns of a key, such as figures.price."""
    prefix, dot, name = ("date" if key in BOUND_KEYS else key).partition(".")
    plural = _PLURALS.get(prefix, prefix)
    return plural, plural + dot + name
