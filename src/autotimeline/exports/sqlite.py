"""`sqlite`: a database with a table per kind of record, foreign keys, indexes, and views (docs/export.md)."""

import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, TextIO

from autotimeline.dates.edtf import parse_date
from autotimeline.dates.span import Span, format_iso
from autotimeline.engines.sqlite import sqlite3
from autotimeline.exports._temporary_file import building_error, copy_built_file
from autotimeline.keys import KEYS
from autotimeline.model import EXTRA_TEXTS
from autotimeline.quantities.quantity import Quantity
from autotimeline.render.canvas import Canvas
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.schema import ENTITY_KINDS
from autotimeline.store.read import entry_from_body
from autotimeline.store.serialize import as_list

# The rows to insert into each table.
RowsByTable = dict[str, list[tuple[Any, ...]]]

EXTENSIONS = (".sqlite", ".sqlite3", ".db")
IS_BINARY = True
"""The output is not text, and not for a terminal."""

_FORMAT = 1
_BATCH = 1000
# The version of the SQLite library that wrote the file (https://www.sqlite.org/fileformat.html, 1.3).
_SQLITE_VERSION_START = 96
# The columns of an event that become cells of its row, and those that become rows of other tables.
_CELLS = ("id", "title", "date", "edtf", "extent", "earliest", "latest", "match", "status", "kind", "known")
_TEXTS = ("printed", "reported", "note", *EXTRA_TEXTS)
_LISTS = ("participants", "places", "tags", "figures", "citations", "links", "disputed", "accept", "body")
_EXTRA_COLUMNS = "".join(f", {name} TEXT" for name in EXTRA_TEXTS)


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the bytes of the database, which is built in a temporary directory.

    Raises:
        AutotimelineError: If the temporary directory is full.
    """

    def build(path: str) -> None:
        _DatabaseWriter(path).fill(snapshot)
        with open(path, "r+b") as file:
            # Without its version, all versions of the library write the same bytes.
            file.seek(_SQLITE_VERSION_START)
            file.write(bytes(4))

    copy_built_file(build, out)
    return ()


class _DatabaseWriter:
    def __init__(self, path: str) -> None:
        self.path = path
        self.db = sqlite3.connect(path, isolation_level=None)

    def fill(self, snapshot: SelectionSnapshot) -> None:
        with open(os.path.join(os.path.dirname(__file__), "sqlite.sql"), encoding="utf-8") as file:
            tables, _, index_statements = file.read().replace("{texts}", _EXTRA_COLUMNS).partition("\n--\n")
        try:
            # The file is written once, so that it needs no journal. Keys come in any order: with the default cache of
            # 2 MB, many pages would be written twice.
            self._run_script(
                "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = NONE;"
                " PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -65536;"
                f" PRAGMA user_version = {_FORMAT}; BEGIN; {tables}"
            )
            self._insert({"snapshot": [(name, str(value)) for name, value in snapshot.header.items()]})
            self._insert(_entity_rows(snapshot.tables))
            event_ids = {row[0] for row in snapshot.selection.rows(("id",))}
            for rows in _event_batches(snapshot, snapshot.tables.get("actor", {}), event_ids):
                self._insert(rows)
            self._run_script(f"BEGIN; {index_statements}; COMMIT")
        finally:
            self.db.close()

    def _run_script(self, script: str) -> None:
        try:
            self.db.executescript(script)
        except sqlite3.Error as error:
            raise building_error(self.path, error) from None

    def _insert(self, rows: RowsByTable) -> None:
        # Reading the index is outside of this block: its errors have other causes.
        try:
            for table, values in rows.items():
                if values:
                    placeholders = ", ".join("?" * len(values[0]))
                    self.db.executemany(f"INSERT INTO {table} VALUES ({placeholders})", values)
        except sqlite3.Error as error:
            raise building_error(self.path, error) from None


def _entity_rows(tables: dict[str, Any]) -> RowsByTable:
    entries = {
        kind: [entry_from_body(kind, id, keys) for id, keys in tables.get(kind, {}).items()] for kind in ENTITY_KINDS
    }
    store_keys = {name: value for name, value in tables["store"].items() if name == "title"}
    return {
        "snapshot": list(store_keys.items()),
        "queries": list(tables.get("alias", {}).items()),
        **{f"{kind}s": [_entity_row(kind, entity) for entity in entities] for kind, entities in entries.items()},
        "actor_aliases": [(actor.id, n, alias) for actor in entries["actor"] for n, alias in enumerate(actor.aliases)],
        "actor_parts": [(actor.id, n, whole) for actor in entries["actor"] for n, whole in enumerate(actor.part_of)],
    }


def _entity_row(kind: str, entity: Any) -> tuple[Any, ...]:
    """Return the cells of an entity; its lists have tables of their own."""
    cells = [entity.id]
    for key in KEYS[kind].values():
        if key.type == "date":
            cells += _date_cells(getattr(entity, key.attribute), throughout=key.name == "period")
        elif key.type == "factor":
            cells += _factor_cells(getattr(entity, key.attribute))
        elif key.type in ("text", "word", "currency", "id"):
            cells.append(getattr(entity, key.attribute))
    return tuple(cells)


def _factor_cells(factor: Quantity) -> tuple[Any, ...]:
    return factor.shown, _decimal_text(factor.low), _decimal_text(factor.high)


def _event_batches(snapshot: SelectionSnapshot, actors: dict[str, Any], event_ids: set[Any]) -> Iterator[RowsByTable]:
    """Yield the rows of up to _BATCH events at a time."""
    rows: RowsByTable = {}
    for number, cells in enumerate(snapshot.selection.rows((*_CELLS, *_TEXTS, *_LISTS))):
        for table, values in _event_rows(number, cells, actors, event_ids).items():
            rows.setdefault(table, []).extend(values)
        if number % _BATCH == _BATCH - 1:
            yield rows
            rows = {}
    yield rows


def _event_rows(number: int, cells: Sequence[Any], actors: dict[str, Any], event_ids: set[Any]) -> RowsByTable:
    id, plain_cells, texts = cells[0], cells[1 : len(_CELLS)], cells[len(_CELLS) : -len(_LISTS)]
    participants, places, tags, figures, citations, links, disputed, accepted, body = cells[-len(_LISTS) :]
    throughout = "period" in body
    cited = [keys if isinstance(keys, dict) else {} for keys in body.get("sources", ())]
    stated: list[tuple[Any, ...]] = [(None, *pair) for pair in zip(figures, _figure_keys(body), strict=True)]
    for n, (citation, keys) in enumerate(zip(citations, cited, strict=True)):
        stated += [(n, *pair) for pair in zip(citation["figures"], _figure_keys(keys), strict=True)]
    return {
        "events": [(id, number, *plain_cells, "known" in body, *texts)],
        "participants": [(id, n, actor, role) for n, (actor, role) in enumerate(participants)],
        "places": [(id, n, place) for n, place in enumerate(places)],
        "tags": [(id, n, tag) for n, tag in enumerate(tags)],
        "citations": [
            (
                *(id, n, c["id"], c["quote"], c["by"], c["by"] if c["by"] in actors else None),
                *_date_cells(parse_date(c["date"]) if c["date"] else None, throughout=throughout),
                *(c["status"], keys.get("note")),
            )
            for n, (c, keys) in enumerate(zip(citations, cited, strict=True))
        ],
        "figures": [(id, n, citation, *_figure_columns(*figure)) for n, (citation, *figure) in enumerate(stated)],
        "links": [
            (id, n, link["type"], link["event"], link["event"] if link["event"] in event_ids else None)
            for n, link in enumerate(links)
        ],
        "disputes": [(id, n, field) for n, field in enumerate(disputed)],
        "accepted": [(id, rule, reason) for rule, reason in accepted.items()],
    }


def _figure_keys(keys: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the keys of each figure of an event or a citation; none for a value without a table."""
    values = [value for metric in keys.get("figures", {}).values() for value in as_list(metric)]
    return [value if isinstance(value, dict) else {} for value in values]


def _figure_columns(figure: dict[str, Any], keys: dict[str, Any]) -> tuple[Any, ...]:
    """Return the cells of a figure; the columns of the index lack some of its keys in the store."""
    return (
        *(figure["metric"], figure["text"], _decimal_text(figure["low"]), _decimal_text(figure["high"])),
        *(figure["unit"], figure["about"], figure["of"], figure["period"], figure["basis"], figure["source"]),
        *(keys.get("printed") if figure["about"] is not None else None, keys.get("repeats"), keys.get("note")),
        figure["holder"],
    )


def _decimal_text(value: Decimal | None) -> str | None:
    # SQLite converts the text into the most precise number that a column can contain.
    return None if value is None else f"{value:f}"


def _date_cells(date: Span | None, *, throughout: bool = False) -> tuple[str | None, str | None, str | None]:
    """Return the date as text, and its first and last day in ISO format."""
    if date is None:
        return None, None, None
    earliest, latest = date.bounds(throughout)
    return date.shown, format_iso(earliest), format_iso(latest)
