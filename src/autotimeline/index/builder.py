"""Bring the index up to date with the files of a store; no code but that of this folder writes the database."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from autotimeline.index.event_indexer import Events, placed
from autotimeline.index.references import across
from autotimeline.store import read
from autotimeline.store.blocks import Block, MalformedError, SpreadError, blocks, decode, tables_of, unclosed
from autotimeline.store.chunks import ChangedError
from autotimeline.store.serialize import body
from autotimeline.text import fold, safe, words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container

    from autotimeline.store.chunks import Segmented

    Progress = Callable[[int, int], object]

# An event's id, in a block that cannot be read.
_ID = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']([a-z0-9-]+)["']""", re.MULTILINE)
# The kinds of tables without an id: each may stand once in a file.
_ALONE = ("alias", "snapshot", "store")
# How often a file is begun anew that changes while it is read.
_TRIES = 6
_OF_BLOCK = ("entity", "name", "part", "refers", "problem", "broken")


def schema() -> list[str]:
    """Return the statements that make an empty index."""
    with open(os.path.join(os.path.dirname(__file__), "schema.sql"), encoding="utf-8") as file:
        return file.read().split(";\n")


class Builder:
    """Changes an index, segment by segment; `settle` then looks at what depends on what has changed.

    It holds no more than a segment at a time: a million events need no more memory than a thousand.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.events = Events(db)
        db.execute("CREATE TEMP TABLE touched (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID")

    def file(self, number: int, file: Segmented, progress: Progress | None = None) -> None:
        """Take a file as it is now: segments that it had before stay as they are, and of the others their blocks.

        `progress` is told, segment by segment, how many bytes are done, and of how many.

        Raises:
            ChangedError: where it changes again and again while it is read.
        """
        # What is still to be noted of the files before is not undone with this one.
        self.events.flush()
        self.db.execute("SAVEPOINT file")
        for _ in range(_TRIES):
            try:
                self._file(number, file, progress)
                break
            except SpreadError:
                file.whole()
            except ChangedError:
                file.cut()
            self.db.execute("ROLLBACK TO file")
            # What it remembers of sources may be undone too.
            self.events = Events(self.db)
        else:
            raise ChangedError
        self.db.execute("RELEASE file")

    def _file(self, number: int, file: Segmented, progress: Progress | None) -> None:
        held: dict[bytes, list[tuple[int, int, int]]] = {}
        rows = self.db.execute("SELECT digest, n, line, lines FROM segment WHERE file = ?", (number,))
        for digest, *segment in rows:
            held.setdefault(digest, []).append(tuple(segment))
        stays = [held[s.digest].pop(0) if held.get(s.digest) else None for s in file.segments]
        gone = [n for several in held.values() for n, _, _ in several]
        left: dict[bytes, list[int]] = {}
        for n in gone:
            for block, digest in self.db.execute("SELECT n, digest FROM block WHERE segment = ?", (n,)):
                left.setdefault(digest, []).append(block)
        at, line = 0, 1
        while at < len(file.segments):
            if same := stays[at]:
                n, old, lines = same
                if old != line:
                    self.db.execute("UPDATE segment SET line = ? WHERE n = ?", (line, n))
                at += 1
            else:
                behind, lines = self._segment(number, line, file, at, left)
                # What a string reaches is no segment of its own any more.
                gone += [reached[0] for reached in stays[at:behind] if reached]
                at = behind
            line += lines
            if progress:
                progress(file.segments[at - 1].offset + file.segments[at - 1].length, file.length)
        for n in gone:
            for (block,) in self.db.execute("SELECT n FROM block WHERE segment = ?", (n,)).fetchall():
                self.drop(block)
            self.db.execute("DELETE FROM segment WHERE n = ?", (n,))

    def _segment(
        self, number: int, line: int, file: Segmented, at: int, left: dict[bytes, list[int]]
    ) -> tuple[int, int]:
        """Read the segment at a place, and those that a string in it reaches; return the place behind, and its lines.

        Blocks that are `left` of segments that are gone (by hash) are taken as they are.
        """
        data, behind = file.read(file.segments[at]), at + 1
        found = _blocks(data, left, part=len(file.segments) > 1)
        while (quotes := _open(found)) and (end := self._closed(file, behind, quotes)):
            # Where one piece more never helps, to take one at a time would read the last ones for every one before.
            end = min(max(end, 2 * behind - at - 1), len(file.segments))
            data += b"".join(map(file.read, file.segments[behind:end]))
            behind = end
            found = _blocks(data, left, part=behind - at < len(file.segments))
        # What another segment closes, or may close another time, is never known.
        digest = b"" if quotes or behind > at + 1 else file.segments[at].digest
        lines = data.count(b"\n")
        values = (number, line, lines, digest)
        n = self.db.execute("INSERT INTO segment (file, line, lines, digest) VALUES (?, ?, ?, ?)", values).lastrowid
        for block, tables in found:
            if tables is None and (same := left.get(block.digest)):
                self.db.execute("UPDATE block SET segment = ?, line = ? WHERE n = ?", (n, block.line - 1, same.pop(0)))
            else:
                self._add(n or 0, block, tables_of(block.text) if tables is None else tables)
        self.events.flush()
        return behind, lines

    def _closed(self, file: Segmented, at: int, quotes: str) -> int:
        """Return the place behind the first segment from a place on that may close a string, 0 where none may."""
        following = range(at, len(file.segments))
        return next((n + 1 for n in following if quotes.encode() in file.read(file.segments[n])), 0)

    def _add(self, segment: int, block: Block, tables: dict[str, Any] | MalformedError) -> None:
        # What is no TOML by itself may be some together with other blocks, another time: it is never known.
        digest = b"" if isinstance(tables, MalformedError) else block.digest
        values = (segment, block.line - 1, block.header, digest)
        n = self.db.execute("INSERT INTO block (segment, line, header, digest) VALUES (?, ?, ?, ?)", values)
        number = n.lastrowid or 0
        if block.header in _ALONE:
            self.events.changed.add((block.header, ""))
        if isinstance(tables, MalformedError):
            kind, _, id = block.header.partition(".")
            if kind == "event" and (named := _ID.search(block.text)):
                id = named[1]
            self._problem(number, tables.args[0], tables.line, event=id if kind == "event" and id else None)
            self._broken(number, kind, id)
            return
        items, problems = read.read(tables, block.text)
        text = block.text if block.header else ""
        for problem in problems:
            self._problem(number, problem.text, problem.line, event=problem.event)
        for item in items:
            if item.value is None:
                self._broken(number, item.kind, item.id)
            elif item.kind == "event":
                self.events.add(number, item.line, item.value, text)
            else:
                self.entity(number, item.line, item.kind, item.id, item.value, text)

    def _problem(self, block: int, text: str, line: int, event: str | None = None) -> None:
        # What is wrong may quote what is wrong with it, line ends and all; a problem is one line.
        row = (block, line, event and safe(event), safe(text))
        self.db.execute("INSERT INTO problem (block, line, event, text, rule) VALUES (?, ?, ?, ?, 'form')", row)

    def _broken(self, block: int, kind: str, id: str) -> None:
        self.db.execute("INSERT INTO broken VALUES (?, ?, ?)", (block, kind, id))
        self.events.changed.add((kind, id))

    def entity(self, block: int, line: int, kind: str, id: str, value: Any, text: str = "") -> None:
        """Add a source, actor, era, alias or head of a store; `text` is that of the block, where it has no other."""
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
                (block, None, placed(text, line, "part_of", whole), f'actor "{id}": part_of', "actor", whole)
                for whole in value.part_of
            ]
            self.events.refer(refers)
        keys = {"query": value} if kind == "alias" else body(value)
        row = (kind, id, block, line, name, date.shown if date else None, origin, json.dumps(keys, ensure_ascii=False))
        self.db.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.events.define(kind, id)

    def drop(self, block: int) -> None:
        """Take out a block and all that it defined."""
        for kind, id in self.db.execute("SELECT kind, id FROM entity WHERE block = ?", (block,)).fetchall():
            self.events.define(kind, id)
        self.events.changed.update(self.db.execute("SELECT kind, id FROM broken WHERE block = ?", (block,)).fetchall())
        header = self.db.execute("SELECT header FROM block WHERE n = ?", (block,)).fetchone()[0]
        if header in _ALONE:
            self.events.changed.add((header, ""))
        self.events.drop(block)
        for table in _OF_BLOCK:
            self.db.execute(f"DELETE FROM {table} WHERE block = ?", (block,))
        self.db.execute("DELETE FROM block WHERE n = ?", (block,))

    def settle(self) -> None:
        """Derive again what depends on what is gone, then look for problems between blocks."""
        self.events.flush()
        across(self.db)
        self.db.execute("DROP TABLE temp.touched")


def _blocks(data: bytes, known: Container[bytes], *, part: bool) -> list[tuple[Block, Any]]:
    try:
        return list(blocks(decode(data), known, part=part))
    except MalformedError as error:
        return [(Block("", 1, ""), error)]


def _open(found: list[tuple[Block, Any]]) -> str:
    """Return the quotes of a string that is open at the end, none where none is."""
    early = (at for at, (_, tables) in enumerate(found) if isinstance(tables, MalformedError) and tables.early)
    first = next(early, len(found))
    return unclosed("".join(block.text for block, _ in found[first:]))
