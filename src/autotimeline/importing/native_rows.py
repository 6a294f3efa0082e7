"""Rows with the columns of our own output, or the keys of a store, parsed to events."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from autotimeline.dates import edtf
from autotimeline.errors import QuantityError
from autotimeline.importing.cell_rules import CellRules
from autotimeline.importing.date_formats import DateReader
from autotimeline.importing.records import (
    NO_VALUE,
    CellNote,
    ImportRecord,
    InvalidRecordError,
    ParsedFile,
    RawRow,
)
from autotimeline.importing.row_reader import DATE_KEYS, MISSING_TITLE, CellError, RowReader, group_by_role
from autotimeline.keys import EVENT
from autotimeline.quantities.parse import parse_quantity
from autotimeline.query.columns import COLUMNS, ELAPSED_COLUMNS
from autotimeline.store.serialize import group_by_key
from autotimeline.text import split_items

# Derived from other columns, the query, or the file.
_DERIVED_COLUMNS = frozenset(COLUMNS.keys() - EVENT.keys())
_IGNORED_COLUMNS = _DERIVED_COLUMNS.union(*ELAPSED_COLUMNS.values(), ["known_stated"])
_DATE_COLUMNS = ("date", "edtf", "period")
_NO_RULES = CellRules()
# `edtf` has the codes of EDTF, which are not ambiguous.
_TYPED_DATE_COLUMNS = ("date", "period", "known")
NATIVE_COLUMNS = _IGNORED_COLUMNS.union(EVENT)
"""The columns that need no mapping."""


def is_native(columns: Iterable[str]) -> bool:
    """Return whether rows with these columns need no mapping."""
    return NATIVE_COLUMNS.issuperset(columns)


def date_values(parsed: ParsedFile) -> Iterator[tuple[str, list[Any]]]:
    """Yield each column of dates that a person may have typed, with the values of its rows."""
    for column in _TYPED_DATE_COLUMNS:
        if column in parsed.columns:
            yield column, [row.cells.get(column) for row in parsed.rows]


def parse_native_row(row: RawRow, date_reader: DateReader, *, cells_are_text: bool) -> ImportRecord:
    """Parse the event of a row; cells that are texts have lists as in our CSV."""
    return _NativeRowReader(row, date_reader, cells_are_text=cells_are_text).build_record()


class _NativeRowReader(RowReader):
    def __init__(self, row: RawRow, date_reader: DateReader, *, cells_are_text: bool) -> None:
        super().__init__(row, date_reader, _NO_RULES)
        self.cells_are_text = cells_are_text
        self.entity_details: dict[tuple[str, str], dict[str, Any]] = {}
        self.cells: dict[str, Any] = {}
        for column, cell in row.cells.items():
            if cells_are_text and cell and column in _CELL_PARSERS:
                self.cells[column] = self._convert_cell(column, _CELL_PARSERS[column], cell)
            elif cell or (cell is not None and not cells_are_text):
                self.cells[column] = cell

    def build_record(self) -> ImportRecord:
        """Return the event with its problems."""
        cells = self.cells
        body = {key: value for key, value in cells.items() if key not in _IGNORED_COLUMNS and key not in DATE_KEYS}
        body.update(self._read_date_or_period())
        self.keep_missing_date(body)
        if cells.get("known_stated") is False:
            body.pop("known", None)
        if "known" in body:
            body["known"] = self._read_date("known")
        for column, convert in (("actors", self._read_actors), ("sources", self._read_citations), *_CONVERTERS.items()):
            if isinstance(body.get(column), list):
                body[column] = self._convert_cell(column, convert, body[column])
        if self.cells_are_text:
            self.notes += (CellNote("figures", NO_VALUE, text) for text in _unread_amounts(body.get("figures") or {}))
        id = body.pop("id") if isinstance(body.get("id"), str) else ""
        body = {key: value for key, value in body.items() if value not in (None, [], {})}
        if not str(body.get("title", "")).strip():
            self.add_problem("title", MISSING_TITLE)
            body["title"] = "?"
        record = ImportRecord("event", id, body, self.row.location, entity_details=self.entity_details)
        record.notes, record.problems, record.date_words = self.notes, self.problems, self.date_words()
        record.is_output_row = "known_stated" not in cells and not _DERIVED_COLUMNS.isdisjoint(self.row.cells.keys())
        if self.problems:
            try:
                # The valid cells may have problems together.
                record.parse_event(body)
            except InvalidRecordError as error:
                self.problems += error.problems
        return record

    def _convert_cell(self, column: str, convert: Callable[[Any], Any], cell: Any) -> Any:
        try:
            return convert(cell)
        except CellError as error:
            self.add_problem(column, str(error))
            return None

    def _read_date_or_period(self) -> dict[str, str]:
        """Return the date under its key; empty for an undated event."""
        spans_by_column = {column: self._read_date(column) for column in _DATE_COLUMNS if column in self.cells}
        if len(set(filter(None, spans_by_column.values()))) > 1:
            stated_dates = " and ".join(f'{column} "{self.cells[column]}"' for column in spans_by_column)
            what = f"{stated_dates} are not the same date; correct one, or remove its column"
            self.add_problem(next(iter(spans_by_column)), what)
        extent = self.cells.get("extent", "throughout" if "period" in spans_by_column else "within")
        if extent not in ("within", "throughout"):
            self.add_problem("extent", f'"{extent}" is not one of within, throughout')
        return {"period" if extent == "throughout" else "date": span for span in spans_by_column.values() if span}

    def _read_date(self, column: str) -> str | None:
        value = self.cells[column]
        if column == "edtf" and isinstance(value, str) and (span := edtf.try_parse_date(value)):
            return span.edtf
        date = self.read_date(column, value)
        if date and column in DATE_KEYS and not self.date_cells:
            self.date_cells.append((value, date))
        return date.edtf if date else None

    def _read_actors(self, actors: list[Any]) -> Any:
        """Return the actors as a store has them, and note their names."""
        if not all(isinstance(actor, dict) for actor in actors):
            return actors
        for actor in actors:
            if not (isinstance(actor.get("id"), str) and isinstance(actor.get("role"), str | None)):
                raise CellError('an actor needs an id; write {"id": "…", "role": "buyer"}')
            if actor.get("name"):
                self.entity_details["actor", actor["id"]] = {"name": actor["name"]}
        return group_by_role((actor.get("role"), actor["id"]) for actor in actors)

    def _read_citations(self, sources: list[Any]) -> list[Any]:
        """Return the citations as a store has them, and note the keys of their sources."""
        return [self._read_citation(citation) if isinstance(citation, dict) else citation for citation in sources]

    def _read_citation(self, citation: dict[str, Any]) -> dict[str, Any]:
        result = {key: value for key, value in citation.items() if value is not None}
        details: dict[str, Any] = {key: result.pop(key) for key in _SOURCE_KEYS if key in result}
        if details and isinstance(result.get("id"), str):
            self.entity_details["source", result["id"]] = details
        if isinstance(result.get("figures"), list):
            result["figures"] = _figures_by_metric(result["figures"])
        return result


def _figures_by_metric(figures: list[Any]) -> dict[str, Any]:
    """Return the figures by metric, as a store has them."""
    if not all(isinstance(figure, dict) and "metric" in figure for figure in figures):
        raise CellError('a figure needs a metric; write {"metric": "investment", "text": "~1.5bn EUR"}')
    return group_by_key((str(figure["metric"]), _convert_figure(figure)) for figure in figures)


def _convert_figure(figure: dict[str, Any]) -> dict[str, Any]:
    dropped = ("metric", "text", "low", "high", "unit", "about", "value")
    result = {key: value for key, value in figure.items() if key not in dropped and value is not None}
    text = figure.get("text", figure.get("value"))
    # A figure without a number has no `about`.
    without_number = ("text" in figure and figure.get("value") == "none") or figure.get("about", False) is None
    if text and (without_number or not _is_quantity(text)):
        result.setdefault("printed", text)
    elif text:
        result["value"] = text
    return result


def _unread_amounts(figures: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Yield the words with digits of figures without a number, which may have been meant as one."""
    for figure in chain.from_iterable(figures.values()):
        if "value" not in figure and any(map(str.isdigit, figure.get("printed", ""))):
            yield figure["printed"]


def _is_quantity(text: Any) -> bool:
    try:
        parse_quantity(str(text))
    except QuantityError:
        return False
    return True


def _links_by_type(links: list[Any]) -> dict[str, Any]:
    if not all(isinstance(link, dict) and {"type", "event"}.issubset(link) for link in links):
        raise CellError('a link needs a type and an event; write {"type": "leads-to", "event": "…"}')
    return group_by_key((str(link["type"]), link["event"]) for link in links)


def _reasons_by_rule(rules: list[Any]) -> dict[str, Any]:
    if not all(isinstance(rule, dict) and "rule" in rule for rule in rules):
        raise CellError('an accepted finding needs a rule and a reason; write {"rule": "disputed", "reason": "…"}')
    return {str(rule["rule"]): rule.get("reason", "") for rule in rules}


_SOURCE_KEYS = ("title", "published", "url", "origin")  # of a source, in the record of its citation
_CONVERTERS = {"figures": _figures_by_metric, "links": _links_by_type, "accept": _reasons_by_rule}


# Lists in one cell, as docs/contract.md describes them


def _split_pair(item: str, first_key: str, separator: str, second_key: str) -> dict[str, Any]:
    """Return the two keys of an item, of which the second may be missing."""
    head, matched, rest = item.partition(separator)
    return {first_key: head, second_key: rest} if matched else {first_key: head}


def _split_record(item: str, head_key: str) -> dict[str, Any]:
    """Return the keys of `HEAD | key=value | …`."""
    head, *fields = item.split(" | ")
    record: dict[str, Any] = {}
    for field in fields:
        key, equals, value = field.partition("=")
        if not equals:
            raise CellError(f'"{field}" after a | is not key=value; write a | in a text as \\|')
        record[key] = _unescape(value)
    return {**record, head_key: _unescape(head)}


def _unescape(text: str) -> str:
    return "\\".join(part.replace("\\|", "|") for part in text.split("\\\\"))


def _parse_figures_cell(cell: str) -> list[dict[str, Any]]:
    records = [_split_record(item, "") for item in split_items(cell)]
    return [{**_split_pair(record.pop(""), "metric", "=", "text"), **record} for record in records]


def _parse_sources_cell(cell: str) -> list[dict[str, Any]]:
    records = [_split_record(item, "id") for item in split_items(cell)]
    for record in records:
        if "figures" in record:
            record["figures"] = _parse_figures_cell(record["figures"])
    return records


def _parse_boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise CellError(f'"{cell}" is not one of true, false')
    return cell == "true"


_CELL_PARSERS: dict[str, Callable[[str], Any]] = {
    "actors": lambda cell: [_split_pair(item, "id", "@", "role") for item in split_items(cell)],
    "places": split_items,
    "tags": split_items,
    "figures": _parse_figures_cell,
    "sources": _parse_sources_cell,
    "links": lambda cell: [_split_pair(item, "type", "@", "event") for item in split_items(cell)],
    "accept": lambda cell: [_split_record(item, "rule") for item in split_items(cell)],
    "reported": _parse_boolean,
    "known_stated": _parse_boolean,
}
