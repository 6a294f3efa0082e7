"""Bring an index up to date with the files of its store."""

from __future__ import annotations

import gc
import io
import os
import sys
import time

from autotimeline.errors import StoreError, error_reason
from autotimeline.store import bounded_input
from autotimeline.store.chunks import ChunkedFile, FileChangedWhileReadingError
from autotimeline.store.locate import STDIN, file_stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.index._sqlite3 import sqlite3
    from autotimeline.index.builder import Builder, Progress

# The rows of a large store go to places all over the index: with SQLite's own two megabytes a page is written often.
_CACHE_KIB = 1 << 16


def update(db: sqlite3.Connection, paths: Sequence[str], version: int, progress: Progress | None) -> None:
    """Bring an index up to date, or make it, in one transaction: another process sees the old one or the new one."""
    db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    db.execute("BEGIN IMMEDIATE")
    # Reading makes many values and no cycles; to look for some again and again takes a good part of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            _create_tables(db, version)
        held = dict(db.execute("SELECT n, digest FROM file").fetchall())
        builder = None
        for number, (read_ns, file, seen) in enumerate(open_files(paths)):
            proof = file_stamp(seen, read_ns) if seen else ""
            if held.get(number) != file.digest:
                if builder is None:
                    from autotimeline.index.builder import Builder

                    builder = Builder(db)
                _index_file(builder, number, file, paths[number], progress)
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (number, proof, file.digest))
        if builder:
            builder.finish()
        db.execute("COMMIT")
    except BaseException:
        # A full disk ends it by itself.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    finally:
        if collecting:
            gc.enable()


def _index_file(builder: Builder, number: int, file: ChunkedFile, path: str, progress: Progress | None) -> None:
    try:
        builder.update_file(number, file, progress)
    except FileChangedWhileReadingError:
        raise StoreError(f"{path}: it changes while it is read; ask again when it has been written") from None


def _create_tables(db: sqlite3.Connection, version: int) -> None:
    from autotimeline.index.builder import schema_statements

    for statement in schema_statements():
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")


def open_files(paths: Sequence[str]) -> Iterator[tuple[int, ChunkedFile, os.stat_result | None]]:
    """Yield of each file when it was opened, its segments and its status; none for standard input."""
    for path in paths:
        if path == STDIN:
            if sys.stdin is None:
                raise StoreError(f"{STDIN}: standard input is closed")
            yield 0, ChunkedFile(io.BytesIO(bounded_input.read_bounded(sys.stdin.buffer, STDIN))), None
            continue
        try:
            with open(path, "rb") as file:
                read_ns, status = time.time_ns(), os.fstat(file.fileno())
                yield read_ns, ChunkedFile(bounded_input.seekable_file(file, path, status)), status
        except OSError as error:
            raise StoreError(f"{path}: {error_reason(error)}") from None
