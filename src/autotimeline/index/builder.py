"""Update of an index from the files of a store; only this package writes the database."""

import json
import re
from collections.abc import Callable, Container, Sequence
from itertools import groupby, pairwise
from typing import Any

from autotimeline import model
from autotimeline.engines.sqlite import sqlite3
from autotimeline.index.event_indexer import EventIndexer, reference_line
from autotimeline.index.references import update_reference_problems
from autotimeline.store import read
from autotimeline.store.blocks import (
    Block,
    TomlSyntaxError,
    WholeFileRequiredError,
    decode_text,
    open_quotes,
    parse_blocks,
    parse_toml,
)
from autotimeline.store.chunks import ChunkedFile, FileChangedWhileReadingError
from autotimeline.store.serialize import entry_to_toml
from autotimeline.text import escape_control, fold, search_words

Progress = Callable[[int, int], object]

# The id of an event in an unreadable block.
_ID_LINE = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']([a-z0-9-]+)["']""", re.MULTILINE)
# The tables without an id: each is allowed once per file.
_UNIQUE_HEADERS = ("alias", "snapshot", "store")
# Positions have bits for the file, the chunk, and the line. A chunk of more lines extends into the room after it.
_FILE_BITS, _CHUNK_ROOM, _LINE_ROOM = 48, 1 << 32, 1 << 20
# Attempts to read a file that changes at the same time.
_MAX_ATTEMPTS = 6
_BLOCK_TABLES = ("entity", "actor_name", "actor_parent", "reference", "problem", "unreadable")


class Builder:
    """Updates an index chunk by chunk, so that memory does not grow with the store; call `finish` at the end."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.event_indexer = EventIndexer(db)
        db.execute("CREATE TEMP TABLE touched (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID")

    def update_file(self, file_number: int, file: ChunkedFile, progress: Progress | None = None) -> None:
        """Update a file: unchanged chunks and blocks are reused. `progress` gets the bytes done and the total.

        Raises:
            FileChangedWhileReadingError: If it changes at every attempt.
        """
        # A rollback of this file must keep the earlier files.
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
            # Its cache of sources may hold what was rolled back.
            self.event_indexer = EventIndexer(self.db)
        else:
            raise FileChangedWhileReadingError
        self.db.execute("RELEASE file")

    def build_part(
        self, file_number: int, file: ChunkedFile, indexes: range, part: int, sources: dict[str, model.Source]
    ) -> None:
        """Add some chunks of a file to an empty index; lines count from its first chunk.

        Args:
            file_number: The number of the file.
            file: The file.
            indexes: The chunks.
            part: The number of the part.
            sources: The sources of all parts.

        Raises:
            WholeFileRequiredError: If the part cannot be read by itself.
        """
        self.event_indexer.begin_part(part, sources)
        positions = _chunk_positions(file_number, [None] * len(file.chunks))
        index, line = indexes.start, 1
        while index < indexes.stop:
            index, lines = self._add_chunk((file_number, line, positions[index]), file, index, {})
            line += lines
        if index > indexes.stop:
            raise WholeFileRequiredError
        self.db.execute("CREATE TABLE main.touched AS SELECT * FROM temp.touched")

    def _update_chunks(self, file_number: int, file: ChunkedFile, progress: Progress | None) -> None:
        reused, positions, removed = self._match_chunks(file_number, file)
        reusable_blocks: dict[bytes, list[int]] = {}
        for chunk_number in removed:
            for block, digest in self.db.execute("SELECT number, digest FROM block WHERE chunk = ?", (chunk_number,)):
                reusable_blocks.setdefault(digest, []).append(block)
        index, line = 0, 1
        while index < len(file.chunks):
            if reused_chunk := reused[index]:
                _, chunk_number, old_line, lines = reused_chunk
                if old_line != line:
                    self.db.execute("UPDATE chunk SET line = ? WHERE number = ?", (line, chunk_number))
                index += 1
            else:
                place = (file_number, line, positions[index])
                next_index, lines = self._add_chunk(place, file, index, reusable_blocks)
                # A chunk that was merged into the one before no longer exists by itself.
                removed += [chunk[1] for chunk in reused[index:next_index] if chunk]
                index = next_index
            line += lines
            if progress:
                progress(file.chunks[index - 1].offset + file.chunks[index - 1].length, file.length)
        for chunk_number in removed:
            for (block,) in self.db.execute("SELECT number FROM block WHERE chunk = ?", (chunk_number,)).fetchall():
                self.remove_block(block)
            self.db.execute("DELETE FROM chunk WHERE number = ?", (chunk_number,))

    def _match_chunks(self, file_number: int, file: ChunkedFile) -> tuple[list[Any], list[int], list[int]]:
        """Return for each chunk of a file the row that it reuses or None, and its position; then the removed chunks."""
        stored_chunks: dict[bytes, list[Any]] = {}
        for digest, *chunk in self.db.execute(
            "SELECT digest, position, number, line, lines FROM chunk WHERE file = ? ORDER BY position", (file_number,)
        ):
            stored_chunks.setdefault(digest, []).append(chunk)
        reused = [stored_chunks[c.digest].pop(0) if stored_chunks.get(c.digest) else None for c in file.chunks]
        positions = _chunk_positions(file_number, [chunk and chunk[0] for chunk in reused])
        if not positions:
            # Some chunks moved, or no room is left between two of them: only blocks are reused.
            for chunk in filter(None, reused):
                stored_chunks.setdefault(b"", []).append(chunk)
            reused = [None] * len(reused)
            positions = _chunk_positions(file_number, reused)
        removed = [number for chunks in stored_chunks.values() for _, number, _, _ in chunks]
        return reused, positions, removed

    def _add_chunk(
        self, place: tuple[int, int, int], file: ChunkedFile, index: int, reusable_blocks: dict[bytes, list[int]]
    ) -> tuple[int, int]:
        """Add a chunk and those after it that end its open string; return the next index and the lines.

        `place` is the file's number, the first line, and the position. Blocks with the digest of a removed block are
        reused.
        """
        data, next_index = file.read(file.chunks[index]), index + 1
        parsed_blocks = _parse_blocks(data, reusable_blocks, is_partial=len(file.chunks) > 1)
        while (quotes := open_quotes(parsed_blocks)) and (
            closing_index := self._closing_index(file, next_index, quotes)
        ):
            # Doubling keeps the cost linear if one more chunk never closes the string.
            closing_index = min(max(closing_index, 2 * next_index - index - 1), len(file.chunks))
            data += b"".join(map(file.read, file.chunks[next_index:closing_index]))
            next_index = closing_index
            parsed_blocks = _parse_blocks(data, reusable_blocks, is_partial=next_index - index < len(file.chunks))
        # An open string may end elsewhere next time: without a digest, the chunk is never reused.
        digest = b"" if quotes or next_index > index + 1 else file.chunks[index].digest
        lines = data.count(b"\n")
        sql = "INSERT INTO chunk (file, line, position, lines, length, digest) VALUES (?, ?, ?, ?, ?, ?)"
        chunk_number = self.db.execute(sql, (*place, lines, len(data), digest)).lastrowid or 0
        for block, tables in parsed_blocks:
            position = place[2] + block.line - 1
            if tables is None and (reusable := reusable_blocks.get(block.digest)):
                number = reusable.pop(0)
                place_in_chunk = (chunk_number, block.line - 1, number)
                self.db.execute("UPDATE block SET chunk = ?, line = ? WHERE number = ?", place_in_chunk)
                self.db.execute("UPDATE event SET position = ? + line WHERE block = ?", (position, number))
            else:
                parsed = parse_toml(block.text) if tables is None else tables
                self._add_block(chunk_number, position, block, parsed)
        self.event_indexer.flush()
        return next_index, lines

    def _closing_index(self, file: ChunkedFile, start: int, quotes: str) -> int:
        """Return the index after the next chunk with these quotes, 0 if there is none."""
        following = range(start, len(file.chunks))
        return next((index + 1 for index in following if quotes.encode() in file.read(file.chunks[index])), 0)

    def _add_block(
        self, chunk_number: int, position: int, block: Block, tables: dict[str, Any] | TomlSyntaxError
    ) -> None:
        # A syntax error may depend on other blocks: without a digest, the block is never reused.
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
                self.event_indexer.add(block_id, item.line, position + item.line, item.value, text)
            else:
                self.add_entity(block_id, item.line, item.kind, item.id, item.value, text)

    def _add_problem(self, block: int, text: str, line: int, event: str | None = None) -> None:
        # A problem is one line, even if it quotes line breaks.
        row = (block, line, event and escape_control(event), escape_control(text))
        self.db.execute("INSERT INTO problem (block, line, event, text, rule) VALUES (?, ?, ?, ?, 'form')", row)

    def _add_unreadable(self, block: int, kind: str, id: str) -> None:
        self.db.execute("INSERT INTO unreadable VALUES (?, ?, ?)", (block, kind, id))
        self.event_indexer.changed_ids.add((kind, id))

    def add_entity(self, block: int, line: int, kind: str, id: str, value: Any, text: str = "") -> None:
        """Add an entity (not an event), or a head; `text` is the text of the block if it defines nothing else."""
        name, date, origin = value if kind == "alias" else getattr(value, "name", None), None, None
        if kind == "source":
            name, date, origin = value.title, value.published, value.origin
        elif kind == "store":
            name = value.title
        elif kind == "era":
            date = value.period
        elif kind == "rate":
            name, date = f"1 {value.of} = {value.value.shown} {value.into}", value.date or value.period
            if value.source:
                line_of_key = reference_line(text, line, "source", value.source)
                reference = (block, None, line_of_key, f'rate "{id}": source', "source", value.source)
                self.event_indexer.add_references([reference])
        elif kind == "actor":
            names = dict.fromkeys((value.name, *value.aliases))
            name_rows = [(block, id, fold(name), f" {search_words(name)}") for name in names]
            self.db.executemany("INSERT INTO actor_name VALUES (?, ?, ?, ?)", name_rows)
            parent_rows = [(block, id, parent) for parent in value.part_of]
            self.db.executemany("INSERT INTO actor_parent VALUES (?, ?, ?)", parent_rows)
            self.event_indexer.add_references(
                (block, None, reference_line(text, line, "part_of", parent), f'actor "{id}": part_of', "actor", parent)
                for parent in value.part_of
            )
        body = json.dumps(entry_to_toml(kind, value), ensure_ascii=False)
        row = (kind, id, block, line, name, date.shown if date else None, origin, body)
        self.db.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.event_indexer.mark_changed(kind, id)

    def remove_block(self, block: int) -> None:
        """Remove a block and what it defines."""
        for kind, id in self.db.execute("SELECT kind, id FROM entity WHERE block = ?", (block,)).fetchall():
            self.event_indexer.mark_changed(kind, id)
        self.event_indexer.changed_ids.update(
            self.db.execute("SELECT kind, id FROM unreadable WHERE block = ?", (block,))
        )
        header = self.db.execute("SELECT header FROM block WHERE number = ?", (block,)).fetchone()[0]
        if header in _UNIQUE_HEADERS:
            self.event_indexer.changed_ids.add((header, ""))
        self.event_indexer.remove_events(block)
        for table in _BLOCK_TABLES:
            self.db.execute(f"DELETE FROM {table} WHERE block = ?", (block,))
        self.db.execute("DELETE FROM block WHERE number = ?", (block,))

    def finish(self) -> None:
        """Update the events that depend on changes, then the problems between blocks."""
        self.event_indexer.flush()
        update_reference_problems(self.db)
        self.db.execute("DROP TABLE temp.touched")


def _chunk_positions(file_number: int, known: Sequence[int | None]) -> list[int]:
    """Return increasing positions for the chunks of a file, those of reused chunks as known; empty if impossible."""
    positions, last = [], file_number << _FILE_BITS
    for is_new, group in groupby(enumerate(known), key=lambda item: item[1] is None):
        items = list(group)
        number, after = len(items), items[-1][0] + 1
        found = [position for _, position in items if position is not None]
        if is_new:
            # New chunks share the room before the next known one.
            limit = known[after] if after < len(known) else None
            room = _CHUNK_ROOM if limit is None else (limit - last) // (number + 1) // _LINE_ROOM * _LINE_ROOM
            found = [last + room * n for n in range(1, number + 1)]
        if any(position <= previous for previous, position in pairwise([last, *found])):
            return []
        positions += found
        last = positions[-1]
    return positions


def _parse_blocks(data: bytes, known_digests: Container[bytes], *, is_partial: bool) -> list[tuple[Block, Any]]:
    try:
        return list(parse_blocks(decode_text(data), known_digests, is_part=is_partial))
    except TomlSyntaxError as error:
        return [(Block("", 1, ""), error)]
