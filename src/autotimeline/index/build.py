"""Bring the index up to date with the text of a store: the only code that writes the database."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from autotimeline import model
from autotimeline.index import derive
from autotimeline.store import read
from autotimeline.store.blocks import MalformedError, blocks, decode, tables_of
from autotimeline.store.body import body
from autotimeline.text import fold, nearest, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from autotimeline.store.blocks import Block

_CHILDREN = ("party", "place", "tag", "citation", "link", "claim", "figure")


def schema() -> str:
    """Return the statements that make an empty index."""
    with open(os.path.join(os.path.dirname(__file__), "schema.sql"), encoding="utf-8") as file:
        return file.read()


class Builder:
    """Changes an index, block by block; `settle` then derives whatever depends on what has changed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.changed: set[tuple[str, str]] = set()
        # The events to derive, as they were read: {n: event}; a block that is new gets its numbers in `settle`.
        self.fresh: list[tuple[int, int, model.Event]] = []
        self.stale: set[int] = set()

    def file(self, number: int, data: bytes) -> None:
        """Take the bytes of a file: blocks that it had before stay as they are."""
        old: dict[bytes, list[int]] = {}
        for n, digest in self.db.execute("SELECT n, digest FROM block WHERE file = ? ORDER BY place", (number,)):
            old.setdefault(digest, []).append(n)
        try:
            text = decode(data)
        except MalformedError as error:
            found: Iterable[tuple[Any, Any]] = [(None, error)]
        else:
            found = blocks(text, old)
        self.db.execute("DELETE FROM problem WHERE file = ? AND block IS NULL", (number,))
        moved = []
        for place, (block, tables) in enumerate(found):
            if block is None:
                self._problem(None, number, tables.args[0], tables.line + 1)
            elif tables is None and (same := old.get(block.digest)):
                moved.append((place, block.line, same.pop(0)))
            else:
                self._add(number, place, block, tables_of(block.text) if tables is None else tables)
        self.db.executemany("UPDATE block SET place = ?, line = ? WHERE n = ?", moved)
        for n in (n for several in old.values() for n in several):
            self.drop(n)

    def _add(self, file: int, place: int, block: Block, tables: dict[str, Any] | MalformedError) -> None:
        values = (file, place, block.line, block.header, block.digest)
        n = self.db.execute("INSERT INTO block (file, place, line, header, digest) VALUES (?, ?, ?, ?, ?)", values)
        number = n.lastrowid or 0
        if isinstance(tables, MalformedError):
            self._problem(number, file, tables.args[0], tables.line)
            return
        items, problems = read.read(tables, block.text)
        for problem in problems:
            self._problem(number, file, problem.text, problem.line, problem.rule, problem.event)
        for item in items:
            if item.kind == "event":
                self.fresh.append((number, item.line, item.value))
            else:
                self.entity(number, item.line, item.kind, item.id, item.value)

    def _problem(
        self, block: int | None, file: int, text: str, line: int, rule: str = "form", event: str | None = None
    ) -> None:
        self.db.execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?)", (block, file, line, rule, event, text))

    def entity(self, block: int, line: int, kind: str, id: str, value: Any) -> None:
        """Add a source, actor, era, alias or head of a store."""
        name, date, origin = value if kind == "alias" else getattr(value, "name", None), None, None
        if kind == "source":
            name, date, origin = value.title, value.published, value.origin
        elif kind == "store":
            name = value.title
        elif kind == "era":
            date = value.period
        elif kind == "actor":
            called = dict.fromkeys((value.name, *value.aliases))
            self.db.executemany("INSERT INTO name VALUES (?, ?, ?)", [(id, fold(c), f" {words(c)}") for c in called])
            self.db.executemany("INSERT INTO part VALUES (?, ?)", [(id, whole) for whole in value.part_of])
            refers = [(block, None, line, "part_of", "actor", whole) for whole in value.part_of]
            self.db.executemany("INSERT INTO refers VALUES (?, ?, ?, ?, ?, ?)", refers)
        keys = {"query": value} if kind == "alias" else body(value)
        row = (kind, id, block, line, name, date.shown if date else None, origin, json.dumps(keys, ensure_ascii=False))
        self.db.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.changed.add((kind, id))

    def drop(self, block: int) -> None:
        """Take out a block and all that it defined."""
        for kind, id in self.db.execute("SELECT kind, id FROM entity WHERE block = ?", (block,)).fetchall():
            self.changed.add((kind, id))
            if kind == "actor":
                self.db.execute("DELETE FROM name WHERE actor = ?", (id,))
                self.db.execute("DELETE FROM part WHERE actor = ?", (id,))
        for n, id in self.db.execute("SELECT n, id FROM event WHERE block = ?", (block,)).fetchall():
            self.changed.add(("event", id))
            self._clear(n)
        for table in ("entity", "refers", "problem"):
            self.db.execute(f"DELETE FROM {table} WHERE block = ?", (block,))
        self.db.execute("DELETE FROM block WHERE n = ?", (block,))

    def _clear(self, n: int) -> None:
        for table in (*_CHILDREN, "refers"):
            self.db.execute(f"DELETE FROM {table} WHERE event = ?", (n,))
        self.db.execute("DELETE FROM event WHERE n = ?", (n,))
        self.db.execute("DELETE FROM search WHERE rowid = ?", (n,))

    def settle(self) -> None:
        """Derive the events that are new or depend on something that changed, then look for problems between blocks."""
        sources = self.sources()
        pending = {event.id: event for _, _, event in self.fresh}
        self.changed.update(("event", id) for id in pending)
        again = self._dependents()
        derived = []
        for n, block, line, event in [*((None, *new) for new in self.fresh), *again]:
            whole = self._resolved(event, pending)
            derived.append((n, block, line, whole, derive.columns(whole, sources)))
        # In date order, so that the rows of a first index lie as they are asked for.
        derived.sort(key=lambda row: (row[4]["o1"], row[4]["o2"], row[3].id))
        for n, block, line, event, columns in derived:
            if n is not None:
                self._clear(n)
            self._insert(n, block, line, event, columns)
        self._across()

    def sources(self) -> dict[str, model.Source]:
        """Return the sources by id."""
        rows = self.db.execute("SELECT id, body FROM entity WHERE kind = 'source'")
        return {id: read.entity("source", id, json.loads(text)) for id, text in rows}

    def _dependents(self) -> list[tuple[int, int, int, model.Event]]:
        """Return (n, block, line, event) of the events that cite a changed source or repeat a changed event."""
        found: dict[int, tuple[int, int, int, model.Event]] = {}
        queue = [key for key in self.changed if key[0] in ("source", "event")]
        while queue:
            rows = self.db.execute(
                "SELECT e.n, e.block, e.line, e.id, e.body FROM event e"
                " WHERE e.n IN (SELECT event FROM refers WHERE kind = ? AND id = ?)",
                queue.pop(),
            ).fetchall()
            for n, block, line, id, text in rows:
                if n not in found:
                    found[n] = (n, block, line, read.event(json.loads(text)))
                    queue.append(("event", id))
        return list(found.values())

    def _resolved(self, event: model.Event, pending: dict[str, model.Event]) -> model.Event:
        """Return the event with the figures in place that it repeats from other events."""
        if not any(figure.repeats for figure in event.figures):
            return event
        from dataclasses import replace

        figures: list[model.Figure] = []
        for figure in event.figures:
            target = self._original(figure, pending)
            figures.append(replace(figure, quantity=target.quantity, printed=target.printed) if target else figure)
        return replace(event, figures=tuple(figures))

    def _original(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure | None:
        seen: set[str] = set()
        found: model.Figure | None = None
        at: str | None = figure.repeats
        while at and at not in seen:
            seen.add(at)
            event = pending.get(at) or self._event(at)
            same = [f for f in event.figures if f.metric == figure.metric] if event else []
            found = next((f for f in same if figure.of in (None, f.of)), None)
            at = found.repeats if found else None
        return found

    def _event(self, id: str) -> model.Event | None:
        row = self.db.execute("SELECT body FROM event WHERE id = ?", (id,)).fetchone()
        return read.event(json.loads(row[0])) if row else None

    def _insert(self, n: int | None, block: int, line: int, event: model.Event, columns: dict[str, Any]) -> None:
        row = {"n": n, "block": block, "line": line, **columns}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        sql = f"INSERT INTO event ({names}) VALUES ({marks})"
        n = self.db.execute(sql, list(row.values())).lastrowid
        for table, rows in derive.children(event).items():
            if rows:
                marks = ", ".join("?" * (len(rows[0]) + 1))
                sql = f"INSERT INTO {table} VALUES ({marks})"
                self.db.executemany(sql, [(n, *values) for values in rows])
        refers = [(block, n, line, *reference) for reference in derive.references(event)]
        self.db.executemany("INSERT INTO refers VALUES (?, ?, ?, ?, ?, ?)", refers)
        self.db.execute("INSERT INTO search (rowid, title, rest) VALUES (?, ?, ?)", (n, *derive.text(event)))

    def _across(self) -> None:
        """Find anew what shows only between blocks: ids that stand twice, ids that nothing defines."""
        self.db.execute("DELETE FROM problem WHERE block IS NULL AND rule <> 'form'")
        ids = {
            kind: [row[0] for row in self.db.execute("SELECT id FROM entity WHERE kind = ?", (kind,))]
            for kind in ("actor", "source")
        }
        ids["event"] = [row[0] for row in self.db.execute("SELECT id FROM event")]
        for kind, id, file, line, event, key in self.db.execute(_UNKNOWN).fetchall():
            text = f'{key}: no {kind} "{id}"{nearest(id, ids[kind])}'
            self._problem(None, file, text, line, "unknown", event)
        for kind, id, file, line, first in self.db.execute(_TWICE).fetchall():
            what = f"[{kind}] stands twice in this file; merge it into {first}" if kind in ("alias", "store") else ""
            what = what or f'the id "{id}" of this {kind} is taken ({first}); choose another'
            self._problem(None, file, what, line, "duplicate", id if kind == "event" else None)


def as_of(db: sqlite3.Connection, new: sqlite3.Connection, day: int) -> int:
    """Fill a new index with what was known on a day (an ordinal); return how many events are not known since when.

    Everything is derived by the same code as the index itself, from the events as they were known.
    """
    from dataclasses import replace

    for statement in schema().split(";\n"):
        new.execute(statement)
    for table in ("file", "block", "entity", "name", "part"):
        rows = db.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            new.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    builder = Builder(new)
    sources = builder.sources()
    unknown = 0
    for block, line, text in db.execute("SELECT block, line, body FROM event"):
        event = read.event(json.loads(text))
        seen = model.as_of(event, day, sources)
        unknown += model.known(event, sources) is None
        if seen:
            builder.fresh.append((block, line, seen))
    present = {event.id for _, _, event in builder.fresh}
    builder.fresh = [
        (block, line, replace(event, links=tuple(link for link in event.links if link.event in present)))
        for block, line, event in builder.fresh
    ]
    builder.settle()
    return unknown


_UNKNOWN = """
SELECT r.kind, r.id, b.file, b.line + r.line, e.id, r.key
FROM refers r JOIN block b ON b.n = r.block LEFT JOIN event e ON e.n = r.event
WHERE NOT EXISTS (SELECT 1 FROM entity x WHERE x.kind = r.kind AND x.id = r.id)
  AND NOT (r.kind = 'event' AND EXISTS (SELECT 1 FROM event x WHERE x.id = r.id))
"""

_ALL_IDS = """
  SELECT 'event' AS kind, id, block, line FROM event
  UNION ALL SELECT kind, id, block, line FROM entity WHERE kind <> 'store'
"""

_TWICE = f"""
WITH defined AS (
  SELECT d.kind, d.id, b.file AS file, b.line + d.line AS line, b.file * 1000000000 + b.line + d.line AS at
  FROM ({_ALL_IDS}) d JOIN block b ON b.n = d.block
), first AS (SELECT kind, id, MIN(at) AS at FROM defined GROUP BY kind, id HAVING COUNT(*) > 1)
SELECT d.kind, d.id, d.file, d.line, CASE WHEN f.at / 1000000000 = d.file THEN 'line ' ELSE 'another file, line ' END
  || (f.at % 1000000000)
FROM defined d JOIN first f ON f.kind = d.kind AND f.id = d.id AND f.at <> d.at
UNION ALL
SELECT b.header, '', b.file, b.line, 'line ' || MIN(c.line)
FROM block b JOIN block c ON c.file = b.file AND c.header = b.header AND c.place < b.place
WHERE b.header IN ('alias', 'store') GROUP BY b.n
"""
