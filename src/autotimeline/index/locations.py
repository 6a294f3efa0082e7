"""Positions in the files of a store, references to ids, and trial updates of an index with changed files."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autotimeline.engines.sqlite import sqlite3
from autotimeline.index.builder import Builder, Progress
from autotimeline.index.update import write_transaction
from autotimeline.schema import KINDS
from autotimeline.store.chunks import ChunkedFile
from autotimeline.store.locate import UNSETTLED_STAMP


def find_blocks(db: sqlite3.Connection, kind: str, id: str) -> list[tuple[int, int, str]]:
    """Return the blocks that define an id: (file's number, first line from 1, header). A whole file has no header."""
    table = "event WHERE 'event' = ?" if kind == "event" else "entity WHERE kind = ?"
    sql = (
        "SELECT c.file, c.line + b.line, b.header FROM block b JOIN chunk c ON c.number = b.chunk WHERE b.number IN"
        f" (SELECT block FROM {table} AND id = ? UNION"
        " SELECT block FROM unreadable WHERE kind = ? AND id = ?) ORDER BY c.file, c.line + b.line"
    )
    return db.execute(sql, (kind, id, kind, id)).fetchall()


def next_block_line(db: sqlite3.Connection, file: int, line: int) -> int | None:
    """Return the first line (from 1) of the block after the one that begins at a line; None if that is the last."""
    sql = (
        "SELECT IFNULL("
        "(SELECT c.line + b.line FROM block b JOIN chunk c ON c.number = b.chunk"
        " WHERE c.number = (SELECT number FROM chunk WHERE file = ?1 AND line <= ?2 ORDER BY line DESC LIMIT 1)"
        " AND b.line > ?2 - c.line ORDER BY b.line LIMIT 1),"
        "(SELECT MIN(line) FROM chunk WHERE file = ?1 AND line > ?2))"
    )
    following: int | None = db.execute(sql, (file, line)).fetchone()[0]
    return following


def kinds_of_id(db: sqlite3.Connection, id: str) -> list[str]:
    """Return the kinds of KINDS, except `store`, that have this id."""
    kinds = {kind for (kind,) in db.execute(f"SELECT kind FROM ({_ALL_IDS}) WHERE id = ?", (id,))}
    return [kind for kind in KINDS if id and kind in kinds and kind != "store"]


def is_unreadable(db: sqlite3.Connection) -> bool:
    """Return whether a whole file or a `[store]` is unreadable."""
    return bool(db.execute("SELECT COUNT(*) FROM unreadable WHERE kind IN ('', 'store')").fetchone()[0])


def list_ids(db: sqlite3.Connection, kind: str) -> list[str]:
    """Return every id of a kind, in order; an unreadable block may have none."""
    sql = f"SELECT id FROM ({_ALL_IDS}) WHERE kind = ? AND id <> '' ORDER BY id"
    return [id for (id,) in db.execute(sql, (kind,))]


def read_entities(db: sqlite3.Connection, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (id, keys) of each entity of a kind, or head, in no order."""
    rows = db.execute("SELECT id, body FROM entity WHERE kind = ?", (kind,))
    return [(id, json.loads(body)) for id, body in rows]


def insertion_line(db: sqlite3.Connection, file: int, kind: str) -> int | None:
    """Return the first line (from 1) of the last block of a kind, or of a kind that comes before it.

    None if there is none, and for the first event, which goes to the end of the file.
    """
    sql = (
        "SELECT SUBSTR(b.header, 1, INSTR(b.header || '.', '.') - 1), MAX(c.line + b.line)"
        " FROM block b JOIN chunk c ON c.number = b.chunk WHERE c.file = ? GROUP BY 1"
    )
    last_lines: dict[str, int] = dict(db.execute(sql, (file,)).fetchall())
    preceding_kinds = [kind] if kind == KINDS[-1] else KINDS[: KINDS.index(kind) + 1]
    if found := next((last_lines[kind] for kind in reversed(preceding_kinds) if kind in last_lines), None):
        return found
    # An unreadable file, or one with only comments.
    return last_lines[""] if last_lines.keys() == {""} else None


def find_references(db: sqlite3.Connection, id: str) -> list[tuple[str, str]]:
    """Return (kind, id) of each event and entity that may name an id, in order."""
    # Only the body has metrics, and the reference of a repeated figure with a number of its own.
    return db.execute(
        "SELECT x.kind AS kind, x.id AS id FROM reference r"
        " JOIN entity x ON x.block = r.block WHERE r.event IS NULL AND r.id = ?"
        " UNION SELECT 'alias', id FROM entity WHERE kind = 'alias' AND body LIKE ?"
        " UNION SELECT 'event', e.id FROM reference r JOIN event e ON e.number = r.event WHERE r.id = ?"
        " UNION SELECT 'event', e.id FROM link l JOIN event e ON e.number = l.event WHERE l.target = ?"
        " UNION SELECT 'event', id FROM event JOIN detail ON event = number WHERE body LIKE ? ORDER BY 1, 2",
        (id, f"%{id}%", id, id, f'%"{id}"%'),
    ).fetchall()


def is_indexed(db: sqlite3.Connection, file: int, data: bytes, stamp: str) -> bool:
    """Return whether the index is that of a file with these bytes; `stamp` is that of the file after it was read."""
    indexed_stamp, digest = db.execute("SELECT stamp, digest FROM file WHERE number = ?", (file,)).fetchone()
    return bool(stamp == indexed_stamp) or ChunkedFile(io.BytesIO(data)).digest == digest


@contextmanager
def trial_update(db: sqlite3.Connection, files: Mapping[int, bytes], progress: Progress | None) -> Iterator[None]:
    """Within this context, index the store with these files (by number) in place of its own.

    `cache.save_trial` keeps the index after the files are written.

    Raises:
        sqlite3.Error: If the index cannot be changed.
    """
    if db.in_transaction:
        db.execute("ROLLBACK")
    with write_transaction(db):
        builder = Builder(db)
        for number, data in files.items():
            file = ChunkedFile(io.BytesIO(data))
            builder.update_file(number, file, progress)
            values = (UNSETTLED_STAMP, file.digest, number)
            db.execute("UPDATE file SET stamp = ?, digest = ? WHERE number = ?", values)
        builder.finish()
        yield


_ALL_IDS = (
    "SELECT 'event' AS kind, id FROM event UNION SELECT kind, id FROM entity WHERE kind <> 'store'"
    " UNION SELECT kind, id FROM unreadable"
)
