"""First index of a large file in several processes: each child builds a part, which the parent merges."""

import json
import re
from collections.abc import Sequence

from autotimeline import model
from autotimeline.engines.sqlite import sqlite3
from autotimeline.index.builder import Builder, Progress
from autotimeline.index.event_indexer import MAX_PARTS
from autotimeline.index.tables import create_tables
from autotimeline.processes import job_count, map_in_children
from autotimeline.store import read
from autotimeline.store.blocks import TomlSyntaxError, decode_text, parse_blocks
from autotimeline.store.chunks import Chunk, ChunkedFile, FileChangedWhileReadingError

_MIN_BYTES = 1 << 20
"""The size of a file below which one process is faster."""
# A part is in memory, with an index of several times its size.
_PART_BYTES = 1 << 22
_SOURCE_BLOCK = re.compile(rb"^\[source\.[^\n]*\n(?:(?!\[)[^\n]*\n)*", re.MULTILINE)
# What a part reads while it is built.
_PART_INDEXES = ("event_id", "entity_id", "reference_id")


def index_in_parts(builder: Builder, number: int, path: str, file: ChunkedFile, progress: Progress | None) -> bool:
    """Index a new file, and return whether that was possible; if not, nothing has changed."""
    db, jobs = builder.db, job_count()
    is_known = db.execute("SELECT 1 FROM chunk WHERE file = ?", (number,)).fetchone()
    if jobs < 2 or file.length < _MIN_BYTES or is_known or not hasattr(db, "deserialize"):
        return False
    sources = _read_sources(db) | _find_sources(file)
    parts = _divide(file.chunks, max(min(file.length // jobs, _PART_BYTES), file.length // MAX_PARTS) + 1)

    def build(part: int) -> bytes:
        part_db = sqlite3.connect(":memory:", isolation_level=None)
        create_tables(part_db, _PART_INDEXES)
        part_db.execute("BEGIN")
        with open(path, "rb") as opened:
            # The file of the parent has one position for all processes.
            Builder(part_db).build_part(number, file.reopened(opened), parts[part], part, sources)
        part_db.execute("COMMIT")
        # SQLite would use the schema of the part that was attached before, whose tables begin on other pages.
        part_db.execute(f"PRAGMA schema_version = {1000 + part}")
        return part_db.serialize()

    builder.event_indexer.flush()
    db.execute("SAVEPOINT parts")
    if "part" not in {name for _, name, _ in db.execute("PRAGMA database_list")}:
        db.execute("ATTACH ':memory:' AS part")
    results = map_in_children(build, len(parts), jobs)
    for part, data in zip(parts, results, strict=True):
        if not data:
            # One process finds out what is wrong, for example a header that concerns the whole file.
            results.close()
            db.execute("ROLLBACK TO parts")
            return False
        db.deserialize(data, name="part")
        _merge(builder, number)
        if progress:
            last = file.chunks[part[-1]]
            progress(last.offset + last.length, file.length)
    db.execute("RELEASE parts")
    merged = _read_sources(db)
    for id in merged.keys() | sources.keys():
        if merged.get(id) != sources.get(id):
            builder.event_indexer.mark_changed("source", id)
    return True


def _divide(chunks: Sequence[Chunk], length: int) -> list[range]:
    """Return ranges of chunks of at least that many bytes; the last may be shorter."""
    parts, start, size = [], 0, 0
    for index, chunk in enumerate(chunks, 1):
        size += chunk.length
        if size >= length or index == len(chunks):
            parts.append(range(start, index))
            start, size = index, 0
    return parts


def _read_sources(db: sqlite3.Connection) -> dict[str, model.Source]:
    """Return the sources in an index by id; of several with one id, the last that was read."""
    rows = db.execute("SELECT id, body FROM entity WHERE kind = 'source' ORDER BY rowid")
    return {id: read.entry_from_body("source", id, json.loads(body)) for id, body in rows}


def _find_sources(file: ChunkedFile) -> dict[str, model.Source]:
    """Return what seem to be the sources of a file; a string may contain such a block."""
    sources: dict[str, model.Source] = {}
    try:
        text = b"".join(block for chunk in file.chunks for block in _SOURCE_BLOCK.findall(file.read(chunk)))
        for block, tables in parse_blocks(decode_text(text)):
            items = read.read_block(tables, block.text)[0] if isinstance(tables, dict) else []
            sources.update({item.id: item.value for item in items if item.value})
    except (FileChangedWhileReadingError, TomlSyntaxError):
        return {}
    return sources


def _merge(builder: Builder, file_number: int) -> None:
    """Add the rows of the attached part, whose numbers and lines follow those of the parts before it."""
    db = builder.db
    last = {table: db.execute(f"SELECT IFNULL(MAX(number), 0) FROM main.{table}").fetchone()[0] for table in _NUMBERED}
    sql = "SELECT IFNULL(MAX(line + lines), 1) FROM main.chunk WHERE file = ?"
    (line,) = db.execute(sql, (file_number,)).fetchone()
    tables = db.execute("SELECT name FROM part.sqlite_schema WHERE type = 'table' AND name <> 'file'").fetchall()
    for (table,) in tables:
        names = [name for _, name, *_ in db.execute(f"PRAGMA part.table_info({table})")]
        values = {name: name for name in names}
        values |= {name: f"{name} + {last['block']}" for name in ("block", "first_block") if name in names}
        values |= {"chunk": f"chunk + {last['chunk']}"} if "chunk" in names else {}
        values |= {"number": f"number + {last[table]}"} if table in _NUMBERED else {}
        values |= {"line": f"line + {line - 1}"} if table == "chunk" else {}
        values |= {"rowid": "rowid"} if table == "search" else {}
        db.execute(
            f"INSERT INTO {'temp' if table == 'touched' else 'main'}.{table} ({', '.join(values)})"
            f" SELECT {', '.join(values.values())} FROM part.{table} WHERE TRUE {_ON_CONFLICT.get(table, '')}"
        )
    builder.event_indexer.changed_ids.update(("event", id) for (id,) in db.execute(_REPEATED_ELSEWHERE))


_NUMBERED = ("chunk", "block")
_ON_CONFLICT = {
    "month_bucket": "ON CONFLICT DO UPDATE SET events = events + excluded.events",
    "touched": "ON CONFLICT DO NOTHING",
}
# The events of other parts whose figures this part repeats.
_REPEATED_ELSEWHERE = """
SELECT DISTINCT id FROM part.reference r
WHERE kind = 'event' AND NOT EXISTS (SELECT 1 FROM part.event e WHERE e.id = r.id)
"""
