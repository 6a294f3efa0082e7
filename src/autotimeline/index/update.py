"""Update of an index from the files of its store."""

from __future__ import annotations

import gc
import io
import os
import stat
import sys
import time

# hashlib would load OpenSSL first.
from _blake2 import blake2b

from autotimeline.engines.sqlite import sqlite3
from autotimeline.errors import StoreError, error_reason
from autotimeline.store import bounded_input
from autotimeline.store.locate import STDIN, UNSETTLED_STAMP, file_stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from autotimeline.index.builder import Progress

# A large update writes pages all over the index: SQLite's default cache of 2 MB would write many of them twice.
_CACHE_KIB = 1 << 16


class write_transaction:  # noqa: N801  # a context manager; contextlib is not on the fast path
    """Begins a change of an index, which is rolled back unless it is committed in this context."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._db.execute("BEGIN IMMEDIATE")
        # Reading creates many objects and no cycles, so that garbage collection only takes time.
        self._collecting = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if self._collecting:
            gc.enable()
        # A full disk ends the transaction. After a failed rollback, the connection is of no use, but the cause of it is
        # raised, or the files are written.
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            return


def update(db: sqlite3.Connection, paths: Sequence[str], version: int, progress: Progress | None) -> None:
    """Update or create an index in one transaction: other processes read the old or the new state."""
    with write_transaction(db):
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            from autotimeline.index.tables import create_tables

            create_tables(db)
            db.execute(f"PRAGMA user_version = {version}")
        builder = None
        for number, (read_ns, file, status) in enumerate(open_files(paths)):
            digest = _proven_digest(db, number, file)
            if not digest:
                # Loading them takes longer than reading a small store.
                from autotimeline.index.builder import Builder
                from autotimeline.index.parts import index_in_parts
                from autotimeline.store.chunks import ChunkedFile, FileChangedWhileReadingError

                chunked_file = ChunkedFile(file)
                if _indexed(db, number)[1] != chunked_file.digest:
                    builder = builder or Builder(db)
                    is_regular = status and stat.S_ISREG(status.st_mode)
                    try:
                        if not (is_regular and index_in_parts(builder, number, paths[number], chunked_file, progress)):
                            builder.update_file(number, chunked_file, progress)
                    except FileChangedWhileReadingError:
                        what = f"{paths[number]}: changed during reading; run the command again"
                        raise StoreError(what) from None
                digest = chunked_file.digest
            stamp = file_stamp(status, read_ns) if status else ""
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (number, stamp, digest))
        if builder:
            builder.finish()
        db.execute("COMMIT")


def _indexed(db: sqlite3.Connection, number: int) -> tuple[str, bytes]:
    """Return the stamp and the digest of a file as indexed; both empty if it is new."""
    row: tuple[str, bytes] | None = db.execute("SELECT stamp, digest FROM file WHERE number = ?", (number,)).fetchone()
    return row or ("", b"")


def _proven_digest(db: sqlite3.Connection, number: int, file: BinaryIO) -> bytes:
    """Return the digest of an unsettled file if its bytes are those of the indexed chunks, else no bytes.

    A file with another stamp has probably changed: it is split without this proof.
    """
    stamp, digest = _indexed(db, number)
    if stamp != UNSETTLED_STAMP:
        return b""
    for length, chunk_digest in db.execute(
        "SELECT length, digest FROM chunk WHERE file = ? ORDER BY position", (number,)
    ):
        if blake2b(file.read(length), digest_size=16).digest() != chunk_digest:
            return b""
    return b"" if file.read(1) else digest


def open_files(paths: Sequence[str]) -> Iterator[tuple[int, BinaryIO, os.stat_result | None]]:
    """Yield the time of reading, the open file, and the status of each file; standard input has no status."""
    for path in paths:
        if path == STDIN:
            if sys.stdin is None:
                raise StoreError(f"{STDIN}: standard input is closed")
            yield 0, io.BytesIO(bounded_input.read_bounded(sys.stdin.buffer, STDIN)), None
            continue
        try:
            with open(path, "rb") as file:
                read_ns, status = time.time_ns(), os.fstat(file.fileno())
                yield read_ns, bounded_input.seekable_file(file, path, status), status
        except OSError as error:
            raise StoreError(f"{path}: {error_reason(error)}") from None
