"""Bring an index up to date with the files of its store."""

from __future__ import annotations

import gc
import io
import os
import sys
import time

from autotimeline.errors import StoreError, reason
from autotimeline.store import bounded_input
from autotimeline.store.chunks import ChangedError, Segmented
from autotimeline.store.locate import STDIN, stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.index._sqlite3 import sqlite3
    from autotimeline.index.builder import Builder, Progress

# The rows of a large store go to places all over the index: with SQLite's own two megabytes a page is written often.
_WRITING_KIB = 1 << 16


def update(db: sqlite3.Connection, paths: Sequence[str], version: int, progress: Progress | None) -> None:
    """Bring an index up to date, or make it, in one transaction: another process sees the old one or the new one."""
    db.execute(f"PRAGMA cache_size = -{_WRITING_KIB}")
    db.execute("BEGIN IMMEDIATE")
    # Reading makes many values and no cycles; to look for some again and again takes a good part of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            _create(db, version)
        held = dict(db.execute("SELECT n, digest FROM file").fetchall())
        builder = None
        for number, (read_ns, file, seen) in enumerate(_read(paths)):
            proof = stamp(seen, read_ns) if seen else ""
            if held.get(number) != file.digest:
                if builder is None:
                    from autotimeline.index.builder import Builder

                    builder = Builder(db)
                _take(builder, number, file, paths[number], progress)
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (number, proof, file.digest))
        if builder:
            builder.settle()
        db.execute("COMMIT")
    except BaseException:
        # A full disk ends it by itself.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    finally:
        if collecting:
            gc.enable()


def _take(builder: Builder, number: int, file: Segmented, path: str, progress: Progress | None) -> None:
    try:
        builder.file(number, file, progress)
    except ChangedError:
        raise StoreError(f"{path}: it changes while it is read; ask again when it has been written") from None


def _create(db: sqlite3.Connection, version: int) -> None:
    from autotimeline.index.builder import schema

    for statement in schema():
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")


def _read(paths: Sequence[str]) -> Iterator[tuple[int, Segmented, os.stat_result | None]]:
    """Yield of each file when it was opened, its segments and its status; none for standard input."""
    for path in paths:
        if path == STDIN:
            if sys.stdin is None:
                raise StoreError(f"{STDIN}: standard input is closed")
            yield 0, Segmented(io.BytesIO(bounded_input.read(sys.stdin.buffer, STDIN))), None
            continue
        try:
            with open(path, "rb") as file:
                read_ns, status = time.time_ns(), os.fstat(file.fileno())
                yield read_ns, Segmented(bounded_input.seekable(file, path, status)), status
        except OSError as error:
            raise StoreError(f"{path}: {reason(error)}") from None
