"""`sqlite`: a database with a table for each kind of thing, keys between them, indexes and views (docs/export.md)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from autotimeline.dates.span import iso
from autotimeline.errors import AutotimelineError
from autotimeline.index._sqlite3 import sqlite3
from autotimeline.store.read import entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from typing import Any, TextIO

    from autotimeline.dates.span import Span
    from autotimeline.model import Event, Figure
    from autotimeline.render.canvas import Paper
    from autotimeline.reports.snapshot import Snapshot

    # Of each table the rows to insert.
    Rows = dict[str, list[tuple[Any, ...]]]

ENDINGS = (".sqlite", ".sqlite3", ".db")
BINARY = True
"""It is no text, and none for a terminal."""

_FORMAT = 1
_BATCH = 1000
_CHUNK = 1 << 20
# Where a database tells which SQLite wrote it (https://www.sqlite.org/fileformat.html, 1.3): for information only.
_LIBRARY = slice(96, 100)
_TOLD = ("earliest", "latest", "known", "disputed", "body")


def write(snapshot: Snapshot, out: TextIO, paper: Paper, flags: frozenset[str]) -> Sequence[str]:
    """Write the bytes of the database, which is made in a temporary folder.

    Raises:
        AutotimelineError: where there is no room for it.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="autotimeline-") as folder:
        path = os.path.join(folder, "snapshot.sqlite")
        _Database(path).fill(snapshot)
        out.flush()
        with open(path, "rb") as file:
            chunk = bytearray(file.read(_CHUNK))
            # The one byte-string in it that another version of the library would write otherwise.
            chunk[_LIBRARY] = bytes(4)
            while chunk:
                out.buffer.write(chunk)
                chunk = bytearray(file.read(_CHUNK))
    return ()


class _Database:
    def __init__(self, path: str) -> None:
        self.path = path
        self.db = sqlite3.connect(path, isolation_level=None)

    def fill(self, snapshot: Snapshot) -> None:
        with open(os.path.join(os.path.dirname(__file__), "sqlite.sql"), encoding="utf-8") as file:
            tables, _, behind = file.read().partition("\n--\n")
        try:
            # One state, written once: there is nothing to go back to.
            self._run(
                "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = NONE;"
                " PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;"
                f" PRAGMA user_version = {_FORMAT}; BEGIN; {tables}"
            )
            self._put({"snapshot": [(name, str(value)) for name, value in snapshot.header.items()]})
            self._put(_entities(snapshot.rest))
            present = {row[0] for row in snapshot.selection.rows(("id",))}
            for rows in _events(snapshot, snapshot.rest.get("actor", {}), present):
                self._put(rows)
            self._run(f"BEGIN; {behind}; COMMIT")
        finally:
            self.db.close()

    def _run(self, script: str) -> None:
        try:
            self.db.executescript(script)
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def _put(self, rows: Rows) -> None:
        # What reads the index is outside of this: where that is damaged, it is another matter.
        try:
            for table, values in rows.items():
                if values:
                    marks = ", ".join("?" * len(values[0]))
                    self.db.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def _failed(self, error: sqlite3.Error) -> AutotimelineError:
        folder = os.path.dirname(os.path.dirname(self.path))
        return AutotimelineError(f"{folder}: {error}; make room there, or name another folder in TMPDIR")


def _entities(rest: dict[str, Any]) -> Rows:
    sources = [entity("source", id, keys) for id, keys in rest.get("source", {}).items()]
    actors = [entity("actor", id, keys) for id, keys in rest.get("actor", {}).items()]
    eras = [entity("era", id, keys) for id, keys in rest.get("era", {}).items()]
    head = {name: value for name, value in rest["store"].items() if name == "title"}
    return {
        "snapshot": list(head.items()),
        "queries": list(rest.get("alias", {}).items()),
        "actors": [(a.id, a.name, a.kind, a.note) for a in actors],
        "actor_aliases": [(a.id, n, alias) for a in actors for n, alias in enumerate(a.aliases)],
        "actor_parts": [(a.id, n, whole) for a in actors for n, whole in enumerate(a.part_of)],
        "sources": [(s.id, s.title, *_dated(s.published), s.url, s.file, s.origin, s.status, s.note) for s in sources],
        "eras": [(e.id, e.name, *_dated(e.period, throughout=True), e.note) for e in eras],
    }


def _events(snapshot: Snapshot, actors: dict[str, Any], present: set[Any]) -> Iterator[Rows]:
    """Yield the rows of the events, of some at a time."""
    rows: Rows = {}
    told = snapshot.selection.rows(_TOLD)
    for number, (event, row) in enumerate(zip(snapshot.selection.events(), told, strict=True)):
        for table, values in _event(number, event, dict(zip(_TOLD, row, strict=True)), actors, present).items():
            rows.setdefault(table, []).extend(values)
        if number % _BATCH == _BATCH - 1:
            yield rows
            rows = {}
    yield rows


def _event(number: int, event: Event, told: dict[str, Any], actors: dict[str, Any], present: set[Any]) -> Rows:
    id, date = event.id, event.date
    extent = ("throughout" if event.throughout else "within") if date else None
    dated = (date.shown if date else None, date.edtf if date else None, extent, told["earliest"], told["latest"])
    stated = "known" in told["body"]
    claims = [(n, figure) for n, citation in enumerate(event.citations) for figure in citation.figures]
    figures = [*((None, figure) for figure in event.figures), *claims]
    return {
        "events": [
            (
                *(id, number, event.title, *dated, event.match, event.status, event.kind),
                *(told["known"], stated, event.printed, event.reported, event.note),
            )
        ],
        "participants": [(id, n, p.actor, p.role) for n, p in enumerate(event.actors)],
        "places": [(id, n, place) for n, place in enumerate(event.places)],
        "tags": [(id, n, tag) for n, tag in enumerate(event.tags)],
        "citations": [
            (
                *(id, n, c.source, c.quote, c.by, c.by if c.by in actors else None),
                *(*_dated(c.date, throughout=event.throughout), c.status, c.note),
            )
            for n, c in enumerate(event.citations)
        ],
        "figures": [(id, n, citation, *_figure(figure)) for n, (citation, figure) in enumerate(figures)],
        "links": [
            (id, n, link.type, link.event, link.event if link.event in present else None)
            for n, link in enumerate(event.links)
        ],
        "disputes": [(id, n, field) for n, field in enumerate(told["disputed"])],
        "accepted": [(id, rule, reason) for rule, reason in event.accept.items()],
    }


def _figure(figure: Figure) -> tuple[Any, ...]:
    q = figure.quantity
    bounds: tuple[Any, ...] = (None, None, None, None)
    if q:
        bounds = (_number(q.low), _number(q.high), (f"{q.unit}/{q.per}" if q.per else q.unit) or None, q.about)
    return (
        *(figure.metric, figure.text, *bounds),
        *(figure.of, figure.period.shown if figure.period else None, figure.basis, figure.source),
        *(figure.printed if q else None, figure.repeats, figure.note),
    )


def _number(value: Decimal | None) -> str | None:
    # A column of numbers takes a text that is one as a number, of as many digits as it can hold.
    return None if value is None else f"{value:f}"


def _dated(date: Span | None, *, throughout: bool = False) -> tuple[str | None, str | None, str | None]:
    """Return a date as it is shown, and its first and last day."""
    if date is None:
        return None, None, None
    earliest, latest = date.bounds(throughout)
    return date.shown, iso(earliest), iso(latest)
