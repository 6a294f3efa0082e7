"""Where things stand in the files of a store, what names them, and what a change of the files would make of it."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autotimeline.index.builder import Builder
from autotimeline.store.chunks import ChunkedFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from autotimeline.index.builder import Progress

KINDS = ("store", "source", "actor", "era", "alias", "event")
"""What a store is made of, in the order in which people write it."""


def find_blocks(db: sqlite3.Connection, kind: str, id: str) -> list[tuple[int, int, str]]:
    """Return the blocks that define an id: the file's number, the first line (from 1), the header.

    The header is empty where the file was taken whole.
    """
    defined = "SELECT block FROM entity WHERE kind = ? AND id = ?"
    if kind == "event":
        defined = "SELECT block FROM event WHERE 'event' = ? AND id = ?"
    unreadable = "SELECT block FROM unreadable WHERE kind = ? AND id = ?"
    return db.execute(
        "SELECT c.file, c.line + b.line, b.header FROM block b JOIN chunk c ON c.number = b.chunk"
        f" WHERE b.number IN ({defined} UNION {unreadable}) ORDER BY c.file, c.line + b.line",
        (kind, id, kind, id),
    ).fetchall()


def block_starts(db: sqlite3.Connection, file: int) -> list[tuple[int, str]]:
    """Return the first line (from 1) and the header of every block of a file, in order."""
    return db.execute(
        "SELECT c.line + b.line, b.header FROM block b JOIN chunk c ON c.number = b.chunk WHERE c.file = ? ORDER BY 1",
        (file,),
    ).fetchall()


def kinds_of_id(db: sqlite3.Connection, id: str) -> list[str]:
    """Return what has that id: some of `KINDS`."""
    found_kinds = {
        kind
        for (kind,) in db.execute(
            "SELECT kind FROM entity WHERE id = ? UNION SELECT kind FROM unreadable WHERE id = ?"
            " UNION SELECT 'event' FROM event WHERE id = ?",
            (id, id, id),
        )
    }
    return [kind for kind in KINDS if id and kind in found_kinds and kind != "store"]


def is_unreadable(db: sqlite3.Connection) -> bool:
    """Tell whether a file as a whole, or the `[store]` that says how it is to be read, cannot be read."""
    return bool(db.execute("SELECT COUNT(*) FROM unreadable WHERE kind IN ('', 'store')").fetchone()[0])


def list_ids(db: sqlite3.Connection, kind: str) -> list[str]:
    """Return every id of a kind; what is broken may have none."""
    return [
        id
        for (id,) in db.execute(f"SELECT id FROM ({_ALL_IDS_BY_KIND}) WHERE kind = ? AND id <> '' ORDER BY id", (kind,))
    ]


def read_entities(db: sqlite3.Connection, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (id, keys) of each source, actor, era or alias, or head of a store, in no order."""
    rows = db.execute("SELECT id, body FROM entity WHERE kind = ?", (kind,)).fetchall()
    return [(id, json.loads(body)) for id, body in rows]


def insertion_line(starts: Sequence[tuple[int, str]], kind: str) -> int | None:
    """Return where the last block of a kind stands in a file, or of what people write before that kind.

    As the first line (from 1); None where there is nothing, and where there is no event yet: events come behind all
    else. The file is told by the `starts` of its blocks.
    """
    preceding_kinds = [kind] if kind == KINDS[-1] else KINDS[: KINDS.index(kind) + 1]
    for preceding_kind in reversed(preceding_kinds):
        lines = [line for line, header in starts if header.partition(".")[0] == preceding_kind]
        if lines:
            return lines[-1]
    # Taken whole, or nothing but comments.
    return starts[0][0] if len(starts) == 1 and not starts[0][1] else None


def find_references(db: sqlite3.Connection, id: str) -> list[tuple[str, str]]:
    """Return (kind, id) of each event, actor and alias that may name an id, in the order of kinds and ids."""
    # A figure that repeats another and has a number of its own needs no event to be there: nothing else knows of it.
    quoted_pattern = f'%"{id}"%'
    return db.execute(
        "SELECT 'actor' AS kind, x.id AS id FROM actor_parent p"
        " JOIN entity x ON x.block = p.block AND x.id = p.actor WHERE p.parent = ?"
        " UNION SELECT 'alias', id FROM entity WHERE kind = 'alias' AND body LIKE ?"
        " UNION SELECT 'event', e.id FROM reference r JOIN event e ON e.number = r.event WHERE r.id = ?"
        " UNION SELECT 'event', e.id FROM link l JOIN event e ON e.number = l.event WHERE l.target = ?"
        " UNION SELECT 'event', id FROM event JOIN detail ON event = number WHERE body LIKE ? ORDER BY 1, 2",
        (id, f"%{id}%", id, id, quoted_pattern),
    ).fetchall()


def indexed_digest(db: sqlite3.Connection, file: int) -> bytes:
    """Return the hash of a file as it was read into the index."""
    stored_digest: bytes = db.execute("SELECT digest FROM file WHERE number = ?", (file,)).fetchone()[0]
    return stored_digest


def compute_digest(data: bytes) -> bytes:
    """Return the hash that a file of these bytes has in the index."""
    return ChunkedFile(io.BytesIO(data)).digest


@contextmanager
def trial_update(db: sqlite3.Connection, files: Mapping[int, bytes], progress: Progress | None) -> Iterator[None]:
    """Let the index be, for as long as this context lasts, that of the store with these files in it, by number.

    Raises:
        sqlite3.Error: where the index takes no change.
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


_EVENT_IDS = "SELECT 'event' AS kind, id FROM event"
_ALL_IDS_BY_KIND = (
    f"{_EVENT_IDS} UNION SELECT kind, id FROM entity WHERE kind <> 'store' UNION SELECT kind, id FROM unreadable"
)
