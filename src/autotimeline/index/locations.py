"""Positions in the files of a store, references to ids, and trial updates of an index with changed files."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from autotimeline.engines.sqlite import sqlite3
from autotimeline.index.builder import Builder, Progress
from autotimeline.schema import KINDS
from autotimeline.store.chunks import ChunkedFile


def find_blocks(db: sqlite3.Connection, kind: str, id: str) -> list[tuple[int, int, str]]:
    """Return the blocks that define an id: (file's number, first line from 1, header). A whole file has no header."""
    table = "event WHERE 'event' = ?" if kind == "event" else "entity WHERE kind = ?"
    sql = (
        "SELECT c.file, c.line + b.line, b.header FROM block b JOIN chunk c ON c.number = b.chunk WHERE b.number IN"
        f" (SELECT block FROM {table} AND id = ? UNION"
        " SELECT block FROM unreadable WHERE kind = ? AND id = ?) ORDER BY c.file, c.line + b.line"
    )
    return db.execute(sql, (kind, id, kind, id)).fetchall()


def block_starts(db: sqlite3.Connection, file: int) -> list[tuple[int, str]]:
    """Return (first line from 1, header) of every block of a file, in order."""
    sql = "SELECT c.line + b.line, b.header FROM block b JOIN chunk c ON c.number = b.chunk WHERE c.file = ? ORDER BY 1"
    return db.execute(sql, (file,)).fetchall()


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


def insertion_line(starts: Sequence[tuple[int, str]], kind: str) -> int | None:
    """Return the first line (from 1) of the last block of a kind, or of a kind that comes before it.

    None if there is none, and for the first event, which goes to the end of the file.
    """
    preceding_kinds = [kind] if kind == KINDS[-1] else KINDS[: KINDS.index(kind) + 1]
    for preceding_kind in reversed(preceding_kinds):
        if lines := [line for line, header in starts if header.partition(".")[0] == preceding_kind]:
            return lines[-1]
    # An unreadable file, or one with only comments.
    return starts[0][0] if len(starts) == 1 and not starts[0][1] else None


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


def indexed_digest(db: sqlite3.Connection, file: int) -> bytes:
    """Return the hash of a file as indexed."""
    digest: bytes = db.execute("SELECT digest FROM file WHERE number = ?", (file,)).fetchone()[0]
    return digest


def compute_digest(data: bytes) -> bytes:
    """Return the hash that the index stores of a file with these bytes."""
    return ChunkedFile(io.BytesIO(data)).digest


@contextmanager
def trial_update(db: sqlite3.Connection, files: Mapping[int, bytes], progress: Progress | None) -> Iterator[None]:
    """Within this context, index the store with these files (by number) in place of its own.

    Raises:
        sqlite3.Error: If the index cannot be changed.
    """
    if db.in_transaction:
        db.execute("ROLLBACK")
    db.execute("BEGIN IMMEDIATE")
    try:
        builder = Builder(db)
        for number, data in files.items():
            file = ChunkedFile(io.BytesIO(data))
            builder.update_file(number, file, progress)
            db.execute("UPDATE file SET digest = ? WHERE number = ?", (file.digest, number))
        builder.finish()
        yield
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


_ALL_IDS = (
    "SELECT 'event' AS kind, id FROM event UNION SELECT kind, id FROM entity WHERE kind <> 'store'"
    " UNION SELECT kind, id FROM unreadable"
)
