"""Bring the index up to date with the files of a store; no code but that of this folder writes the database."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from autotimeline.index.event_indexer import EventIndexer, reference_line
from autotimeline.index.references import update_reference_problems
from autotimeline.store import read
from autotimeline.store.blocks import (
    Block,
    TomlSyntaxError,
    WholeFileRequiredError,
    decode_text,
    parse_blocks,
    parse_toml,
    unclosed_quotes,
)
from autotimeline.store.chunks import FileChangedWhileReadingError
from autotimeline.store.serialize import entity_to_toml
from autotimeline.text import escape_control, fold, search_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container

    from autotimeline.store.chunks import ChunkedFile

    Progress = Callable[[int, int], object]

# An event's id, in a block that cannot be read.
_ID_LINE = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']([a-z0-9-]+)["']""", re.MULTILINE)
# The kinds of tables without an id: each may stand once in a file.
_UNIQUE_HEADERS = ("alias", "snapshot", "store")
# How often a file is begun anew that changes while it is read.
_MAX_ATTEMPTS = 6
_BLOCK_TABLES = ("entity", "actor_name", "actor_parent", "reference", "problem", "unreadable")


def schema_statements() -> list[str]:
    """Return the statements that make an empty index."""
    with open(os.path.join(os.path.dirname(__file__), "schema.sql"), encoding="utf-8") as file:
        return file.read().split(";\n")


class Builder:
    """Changes an index, segment by segment; `settle` then looks at what depends on what has changed.

    It holds no more than a segment at a time: a million events need no more memory than a thousand.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.event_indexer = EventIndexer(db)
        db.execute("CREATE TEMP TABLE touched (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID")

    def update_file(self, file_number: int, file: ChunkedFile, progress: Progress | None = None) -> None:
        """Take a file as it is now: segments that it had before stay as they are, and of the others their blocks.

        `progress` is told, segment by segment, how many bytes are done, and of how many.

        Raises:
            ChangedError: where it changes again and again while it is read.
        """
        # What is still to be noted of the files before is not undone with this one.
        self.event_indexer.flush()
        self.db.execute("SAVEPOINT file")
        for _ in range(_MAX_ATTEMPTS):
            try:
                self._update_chunks(file_number, file, progress)
                break
            except WholeFileRequiredError:
                file.use_single_chunk()
            except FileChangedWhileReadingError:
                file.split()
            self.db.execute("ROLLBACK TO file")
            # What it remembers of sources may be undone too.
            self.event_indexer = EventIndexer(self.db)
        else:
            raise FileChangedWhileReadingError
        self.db.execute("RELEASE file")

    def _update_chunks(self, file_number: int, file: ChunkedFile, progress: Progress | None) -> None:
        stored_chunks: dict[bytes, list[tuple[int, int, int]]] = {}
        rows = self.db.execute("SELECT digest, number, line, lines FROM chunk WHERE file = ?", (file_number,))
        for digest, *chunk in rows:
            stored_chunks.setdefault(digest, []).append(tuple(chunk))
        reused = [stored_chunks[s.digest].pop(0) if stored_chunks.get(s.digest) else None for s in file.chunks]
        removed = [n for several in stored_chunks.values() for n, _, _ in several]
        reusable_blocks: dict[bytes, list[int]] = {}
        for chunk_number in removed:
            for block, digest in self.db.execute("SELECT number, digest FROM block WHERE chunk = ?", (chunk_number,)):
                reusable_blocks.setdefault(digest, []).append(block)
        position, line = 0, 1
        while position < len(file.chunks):
            if reused_chunk := reused[position]:
                chunk_number, old_line, lines = reused_chunk
                if old_line != line:
                    self.db.execute("UPDATE chunk SET line = ? WHERE number = ?", (line, chunk_number))
                position += 1
            else:
                next_position, lines = self._add_chunk(file_number, line, file, position, reusable_blocks)
                # What a string reaches is no segment of its own any more.
                removed += [reached[0] for reached in reused[position:next_position] if reached]
                position = next_position
            line += lines
            if progress:
                progress(file.chunks[position - 1].offset + file.chunks[position - 1].length, file.length)
        for chunk_number in removed:
            for (block,) in self.db.execute("SELECT number FROM block WHERE chunk = ?", (chunk_number,)).fetchall():
                self.remove_block(block)
            self.db.execute("DELETE FROM chunk WHERE number = ?", (chunk_number,))

    def _add_chunk(
        self, file_number: int, line: int, file: ChunkedFile, position: int, reusable_blocks: dict[bytes, list[int]]
    ) -> tuple[int, int]:
        """Read the segment at a place, and those that a string in it reaches; return the place behind, and its lines.

        Blocks that are `left` of segments that are gone (by hash) are taken as they are.
        """
        data, next_position = file.read(file.chunks[position]), position + 1
        parsed_blocks = _parse_blocks(data, reusable_blocks, is_partial=len(file.chunks) > 1)
        while (quotes := _open_quotes(parsed_blocks)) and (
            closing_position := self._closing_position(file, next_position, quotes)
        ):
            # Where one piece more never helps, to take one at a time would read the last ones for every one before.
            closing_position = min(max(closing_position, 2 * next_position - position - 1), len(file.chunks))
            data += b"".join(map(file.read, file.chunks[next_position:closing_position]))
            next_position = closing_position
            parsed_blocks = _parse_blocks(data, reusable_blocks, is_partial=next_position - position < len(file.chunks))
        # What another segment closes, or may close another time, is never known.
        digest = b"" if quotes or next_position > position + 1 else file.chunks[position].digest
        lines = data.count(b"\n")
        values = (file_number, line, lines, digest)
        chunk_number = self.db.execute(
            "INSERT INTO chunk (file, line, lines, digest) VALUES (?, ?, ?, ?)", values
        ).lastrowid
        for block, tables in parsed_blocks:
            if tables is None and (reusable_ids := reusable_blocks.get(block.digest)):
                self.db.execute(
                    "UPDATE block SET chunk = ?, line = ? WHERE number = ?",
                    (chunk_number, block.line - 1, reusable_ids.pop(0)),
                )
            else:
                self._add_block(chunk_number or 0, block, parse_toml(block.text) if tables is None else tables)
        self.event_indexer.flush()
        return next_position, lines

    def _closing_position(self, file: ChunkedFile, start: int, quotes: str) -> int:
        """Return the place behind the first segment from a place on that may close a string, 0 where none may."""
        following = range(start, len(file.chunks))
        return next((n + 1 for n in following if quotes.encode() in file.read(file.chunks[n])), 0)

    def _add_block(self, chunk_number: int, block: Block, tables: dict[str, Any] | TomlSyntaxError) -> None:
        # What is no TOML by itself may be some together with other blocks, another time: it is never known.
        digest = b"" if isinstance(tables, TomlSyntaxError) else block.digest
        values = (chunk_number, block.line - 1, block.header, digest)
        cursor = self.db.execute("INSERT INTO block (chunk, line, header, digest) VALUES (?, ?, ?, ?)", values)
        block_id = cursor.lastrowid or 0
        if block.header in _UNIQUE_HEADERS:
            self.event_indexer.changed_ids.add((block.header, ""))
        if isinstance(tables, TomlSyntaxError):
            kind, _, id = block.header.partition(".")
            if kind == "event" and (id_match := _ID_LINE.search(block.text)):
                id = id_match[1]
            self._add_problem(block_id, tables.args[0], tables.line, event=id if kind == "event" and id else None)
            self._add_unreadable(block_id, kind, id)
            return
        items, problems = read.read_block(tables, block.text)
        text = block.text if block.header else ""
        for problem in problems:
            self._add_problem(block_id, problem.text, problem.line, event=problem.event)
        for item in items:
            if item.value is None:
                self._add_unreadable(block_id, item.kind, item.id)
            elif item.kind == "event":
                self.event_indexer.add(block_id, item.line, item.value, text)
            else:
                self.add_entity(block_id, item.line, item.kind, item.id, item.value, text)

    def _add_problem(self, block: int, text: str, line: int, event: str | None = None) -> None:
        # What is wrong may quote what is wrong with it, line ends and all; a problem is one line.
        row = (block, line, event and escape_control(event), escape_control(text))
        self.db.execute("INSERT INTO problem (block, line, event, text, rule) VALUES (?, ?, ?, ?, 'form')", row)

    def _add_unreadable(self, block: int, kind: str, id: str) -> None:
        self.db.execute("INSERT INTO unreadable VALUES (?, ?, ?)", (block, kind, id))
        self.event_indexer.changed_ids.add((kind, id))

    def add_entity(self, block: int, line: int, kind: str, id: str, value: Any, text: str = "") -> None:
        """Add a source, actor, era, alias or head of a store; `text` is that of the block, where it has no other."""
        name, date, origin = value if kind == "alias" else getattr(value, "name", None), None, None
        if kind == "source":
            name, date, origin = value.title, value.published, value.origin
        elif kind == "store":
            name = value.title
        elif kind == "era":
            date = value.period
        elif kind == "actor":
            unique_names = dict.fromkeys((value.name, *value.aliases))
            name_rows = [(block, id, fold(c), f" {search_words(c)}") for c in unique_names]
            self.db.executemany("INSERT INTO actor_name VALUES (?, ?, ?, ?)", name_rows)
            self.db.executemany(
                "INSERT INTO actor_parent VALUES (?, ?, ?)", [(block, id, whole) for whole in value.part_of]
            )
            reference_rows = [
                (block, None, reference_line(text, line, "part_of", whole), f'actor "{id}": part_of', "actor", whole)
                for whole in value.part_of
            ]
            self.event_indexer.add_references(reference_rows)
        keys = {"query": value} if kind == "alias" else entity_to_toml(value)
        row = (kind, id, block, line, name, date.shown if date else None, origin, json.dumps(keys, ensure_ascii=False))
        self.db.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.event_indexer.mark_changed(kind, id)

    def remove_block(self, block: int) -> None:
        """Take out a block and all that it defined."""
        for kind, id in self.db.execute("SELECT kind, id FROM entity WHERE block = ?", (block,)).fetchall():
            self.event_indexer.mark_changed(kind, id)
        self.event_indexer.changed_ids.update(
            self.db.execute("SELECT kind, id FROM unreadable WHERE block = ?", (block,)).fetchall()
        )
        header = self.db.execute("SELECT header FROM block WHERE number = ?", (block,)).fetchone()[0]
        if header in _UNIQUE_HEADERS:
            self.event_indexer.changed_ids.add((header, ""))
        self.event_indexer.remove_events(block)
        for table in _BLOCK_TABLES:
            self.db.execute(f"DELETE FROM {table} WHERE block = ?", (block,))
        self.db.execute("DELETE FROM block WHERE number = ?", (block,))

    def finish(self) -> None:
        """Derive again what depends on what is gone, then look for problems between blocks."""
        self.event_indexer.flush()
        update_reference_problems(self.db)
        self.db.execute("DROP TABLE temp.touched")


def _parse_blocks(data: bytes, known_digests: Container[bytes], *, is_partial: bool) -> list[tuple[Block, Any]]:
    try:
        return list(parse_blocks(decode_text(data), known_digests, is_part=is_partial))
    except TomlSyntaxError as error:
        return [(Block("", 1, ""), error)]


def _open_quotes(parsed_blocks: list[tuple[Block, Any]]) -> str:
    """Return the quotes of a string that is open at the end, none where none is."""
    unfinished = (
        at for at, (_, tables) in enumerate(parsed_blocks) if isinstance(tables, TomlSyntaxError) and tables.at_end
    )
    first = next(unfinished, len(parsed_blocks))
    return unclosed_quotes("".join(block.text for block, _ in parsed_blocks[first:]))
