"""Bring the index up to date with the text of a store; no code but that of this folder writes the database."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from autotimeline.index import derive
from autotimeline.store import read
from autotimeline.store.blocks import MalformedError, blocks, decode, tables_of
from autotimeline.store.body import body, event_body
from autotimeline.store.lines import named
from autotimeline.text import Nearest, fold, safe, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from autotimeline import model
    from autotimeline.store.blocks import Block

# An event's id, in a block that cannot be read.
_ID = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']([a-z0-9-]+)["']""", re.MULTILINE)
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
        # The texts of the blocks that hold one of them alone: what it refers to is named on a line of its own there.
        self.texts: dict[int, str] = {}

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
        # What is no TOML by itself may be some together with other blocks, another time: it is never known.
        digest = b"" if isinstance(tables, MalformedError) else block.digest
        values = (file, place, block.line, block.header, digest)
        n = self.db.execute("INSERT INTO block (file, place, line, header, digest) VALUES (?, ?, ?, ?, ?)", values)
        number = n.lastrowid or 0
        if isinstance(tables, MalformedError):
            kind, _, id = block.header.partition(".")
            if kind == "event" and (named := _ID.search(block.text)):
                id = named[1]
            self._problem(number, file, tables.args[0], tables.line, event=id if kind == "event" and id else None)
            self._broken(number, kind, id)
            return
        items, problems = read.read(tables, block.text)
        if block.header:
            self.texts[number] = block.text
        for problem in problems:
            self._problem(number, file, problem.text, problem.line, event=problem.event)
        for item in items:
            if item.value is None:
                self._broken(number, item.kind, item.id)
            elif item.kind == "event":
                self.fresh.append((number, item.line, item.value))
            else:
                self.entity(number, item.line, item.kind, item.id, item.value)

    def _problem(
        self,
        block: int | None,
        file: int,
        text: str,
        line: int,
        rule: str = "form",
        event: str | None = None,
        first: tuple[int | None, int | None] = (None, None),
    ) -> None:
        # What is wrong may quote what is wrong with it, line ends and all; a problem is one line.
        row = (block, file, line, rule, event and safe(event), safe(text), *first)
        self.db.execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _broken(self, block: int, kind: str, id: str) -> None:
        self.db.execute("INSERT INTO broken VALUES (?, ?, ?)", (block, kind, id))

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
            names = [(block, id, fold(c), f" {words(c)}") for c in called]
            self.db.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", names)
            self.db.executemany("INSERT INTO part VALUES (?, ?, ?)", [(block, id, whole) for whole in value.part_of])
            refers = [
                (block, None, self._line(block, line, "part_of", whole), f'actor "{id}": part_of', "actor", whole)
                for whole in value.part_of
            ]
            self.db.executemany("INSERT INTO refers VALUES (?, ?, ?, ?, ?, ?)", refers)
        keys = {"query": value} if kind == "alias" else body(value)
        row = (kind, id, block, line, name, date.shown if date else None, origin, json.dumps(keys, ensure_ascii=False))
        self.db.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.changed.add((kind, id))

    def _line(self, block: int, line: int, key: str, id: str) -> int:
        """Return the line on which a key of what begins on `line` names an id."""
        return named(self.texts[block], key, id) if block in self.texts else line

    def drop(self, block: int) -> None:
        """Take out a block and all that it defined."""
        self.changed.update(self.db.execute("SELECT kind, id FROM entity WHERE block = ?", (block,)).fetchall())
        for n, id in self.db.execute("SELECT n, id FROM event WHERE block = ?", (block,)).fetchall():
            self.changed.add(("event", id))
            self._clear(n)
        for table in ("entity", "name", "part", "refers", "problem", "broken"):
            self.db.execute(f"DELETE FROM {table} WHERE block = ?", (block,))
        self.db.execute("DELETE FROM block WHERE n = ?", (block,))

    def _clear(self, n: int) -> None:
        for table in _CHILDREN:
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
        for n, block, line, written in [*((None, *new) for new in self.fresh), *again]:
            event = self._resolved(written, pending)
            columns = derive.columns(event, sources)
            if event is not written:
                columns["written"] = json.dumps(event_body(written), ensure_ascii=False)
            derived.append((n, block, line, event, written, columns))
        # In date order, so that the rows of a first index lie as they are asked for.
        derived.sort(key=lambda row: (row[5]["o1"], row[5]["o2"], row[3].id))
        rows: dict[str, list[tuple[Any, ...]]] = {"refers": [], "search (rowid, title, rest)": []}
        for n, block, line, event, written, columns in derived:
            if n is not None:
                self._clear(n)
            number = self._insert({"n": n, "block": block, "line": line, **columns})
            for table, values in derive.children(event, sources).items():
                rows.setdefault(table, []).extend((number, *value) for value in values)
            # What an event names is known of those that are derived again.
            for key, kind, id in derive.references(written) if n is None else ():
                rows["refers"].append((block, number, self._line(block, line, key, id), key, kind, id))
            rows["search (rowid, title, rest)"].append((number, *derive.text(event)))
        for table, values in rows.items():
            if values:
                marks = ", ".join("?" * len(values[0]))
                self.db.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        self._across()

    def sources(self) -> dict[str, model.Source]:
        """Return the sources by id."""
        rows = self.db.execute("SELECT id, body FROM entity WHERE kind = 'source'")
        return {id: read.entity("source", id, json.loads(text)) for id, text in rows}

    def _dependents(self) -> list[tuple[int, int, int, model.Event]]:
        """Return (n, block, line, event) of the events that cite a changed source or repeat a changed event."""
        found: dict[int, tuple[int, int, int, model.Event]] = {}
        if not self.db.execute("SELECT EXISTS (SELECT 1 FROM event)").fetchone()[0]:
            return []
        queue = [key for key in self.changed if key[0] in ("source", "event")]
        while queue:
            rows = self.db.execute(
                "SELECT e.n, e.block, e.line, e.id, IFNULL(e.written, e.body) FROM event e"
                " WHERE e.n IN (SELECT event FROM refers WHERE kind = ? AND id = ?)",
                queue.pop(),
            ).fetchall()
            for n, block, line, id, text in rows:
                if n not in found:
                    found[n] = (n, block, line, read.event(json.loads(text)))
                    queue.append(("event", id))
        return list(found.values())

    def _resolved(self, event: model.Event, pending: dict[str, model.Event]) -> model.Event:
        """Return the event with the figures in place that it repeats from other events; itself where there are none."""
        from dataclasses import replace

        if not any(map(_repeated, _all_figures(event))):
            return event

        def whole(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
            return tuple(self._whole(figure, pending) if _repeated(figure) else figure for figure in figures)

        citations = tuple(replace(citation, figures=whole(citation.figures)) for citation in event.citations)
        return replace(event, figures=whole(event.figures), citations=citations)

    def _whole(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure:
        """Return a figure with what it repeats in place; without a number it counts nowhere, and repeats nothing."""
        from dataclasses import replace

        original = self.original(figure, pending)
        if original is None:
            return figure
        return replace(
            figure,
            quantity=original.quantity,
            printed=figure.printed or original.printed,
            of=figure.of or original.of,
            basis=original.basis if figure.basis == "actual" else figure.basis,
            repeats=figure.repeats if original.quantity else None,
        )

    def original(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure | None:
        """Return the figure at the end of the chain that this one repeats, None where the chain has no end."""
        seen: set[str] = set()
        found: model.Figure | None = figure
        while found and _repeated(found):
            at = found.repeats or ""
            if at in seen:
                return None
            seen.add(at)
            event = pending.get(at) or self._event(at)
            same = [f for f in event.figures if f.metric == figure.metric] if event else []
            found = next((f for f in same if figure.of in (None, f.of)), None)
        return found

    def _event(self, id: str) -> model.Event | None:
        row = self.db.execute("SELECT IFNULL(written, body) FROM event WHERE id = ?", (id,)).fetchone()
        return read.event(json.loads(row[0])) if row else None

    def _insert(self, row: dict[str, Any]) -> int:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        return self.db.execute(f"INSERT INTO event ({names}) VALUES ({marks})", list(row.values())).lastrowid or 0

    def _across(self) -> None:
        """Find anew what shows only between blocks: ids that stand twice, ids that nothing defines."""
        self.db.execute("DELETE FROM problem WHERE block IS NULL AND rule <> 'form'")
        missing = self.db.execute(_UNKNOWN).fetchall()
        ids = f"SELECT id FROM ({_ALL_IDS}) WHERE kind = ?"
        like = {kind: Nearest(row[0] for row in self.db.execute(ids, (kind,))) for kind in {row[0] for row in missing}}
        for kind, id, file, line, event, key in missing:
            text = f'{key}: no {kind} "{id}"{like[kind](id)}'
            self._problem(None, file, text, line, "unknown", event)
        for file, line, event, text in self.db.execute(_REPEATING).fetchall():
            for figure in filter(_repeated, _all_figures(read.event(json.loads(text)))):
                if self._event(figure.repeats or ""):
                    what = f'figures.{figure.metric}: event "{figure.repeats}" has no such figure to repeat'
                    self._problem(None, file, what, line, "unknown", event)
        for kind, id, file, line, *first in self.db.execute(_TWICE).fetchall():
            what = f'the id "{id}" of this {kind} is taken ({{first}}); choose another'
            if not id:
                what = f"[{kind}] stands twice in this file; merge it into {{first}}"
            self._problem(None, file, what, line, "duplicate", id if kind == "event" else None, (first[0], first[1]))


def _all_figures(event: model.Event) -> list[model.Figure]:
    """Return the figures of an event and those that its sources claim."""
    return [*event.figures, *(figure for citation in event.citations for figure in citation.figures)]


def _repeated(figure: model.Figure) -> bool:
    """Whether the figure has no number of its own: with one, a snapshot of a part stays readable by itself."""
    return bool(figure.repeats and not figure.quantity)


_UNKNOWN = """
SELECT r.kind, r.id, b.file, b.line + r.line, e.id, r.key
FROM refers r JOIN block b ON b.n = r.block LEFT JOIN event e ON e.n = r.event
WHERE NOT EXISTS (SELECT 1 FROM entity x WHERE x.kind = r.kind AND x.id = r.id)
  AND NOT (r.kind = 'event' AND EXISTS (SELECT 1 FROM event x WHERE x.id = r.id))
  AND NOT EXISTS (SELECT 1 FROM broken x WHERE x.kind = r.kind AND x.id = r.id)
ORDER BY b.file, b.line + r.line, r.key, r.id
"""

_ALL_IDS = """
  SELECT 'event' AS kind, id, block, line FROM event
  UNION ALL SELECT kind, id, block, line FROM entity WHERE kind <> 'store'
"""

_REPEATING = """
SELECT DISTINCT b.file, b.line + e.line, e.id, e.body
FROM refers r JOIN event e ON e.n = r.event JOIN block b ON b.n = r.block WHERE r.kind = 'event'
"""

_TWICE = f"""
WITH defined AS (
  SELECT d.kind, d.id, b.file AS file, b.line + d.line AS line, b.file * 1000000000 + b.line + d.line AS at
  FROM ({_ALL_IDS}) d JOIN block b ON b.n = d.block
), first AS (SELECT kind, id, MIN(at) AS at FROM defined GROUP BY kind, id HAVING COUNT(*) > 1)
SELECT d.kind, d.id, d.file, d.line, f.at / 1000000000, f.at % 1000000000
FROM defined d JOIN first f ON f.kind = d.kind AND f.id = d.id AND f.at <> d.at
UNION ALL
SELECT b.header, '', b.file, b.line, b.file, MIN(c.line)
FROM block b JOIN block c ON c.file = b.file AND c.header = b.header AND c.place < b.place
WHERE b.header IN ('alias', 'store') GROUP BY b.n
"""
