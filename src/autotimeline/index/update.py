"""Update of an index from the files of its store."""

import gc
import io
import os
import sys
import time
from collections.abc import Iterator, Sequence

from autotimeline.engines.sqlite import sqlite3
from autotimeline.errors import StoreError, error_reason
from autotimeline.index.builder import Builder, Progress, create_tables
from autotimeline.store import bounded_input
from autotimeline.store.chunks import ChunkedFile, FileChangedWhileReadingError
from autotimeline.store.locate import STDIN, file_stamp

# A large update writes pages all over the index: SQLite's default cache of 2 MB would write many of them twice.
_CACHE_KIB = 1 << 16


def update(db: sqlite3.Connection, paths: Sequence[str], version: int, progress: Progress | None) -> None:
    """Update or create an index in one transaction: other processes read the old or the new state."""
    db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    db.execute("BEGIN IMMEDIATE")
    # Reading creates many objects and no cycles, so that garbage collection only takes time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            create_tables(db)
            db.execute(f"PRAGMA user_version = {version}")
        indexed = dict(db.execute("SELECT number, digest FROM file").fetchall())
        builder = None
        for number, (read_ns, file, status) in enumerate(open_files(paths)):
            if indexed.get(number) != file.digest:
                builder = builder or Builder(db)
                try:
                    builder.update_file(number, file, progress)
                except FileChangedWhileReadingError:
                    what = f"{paths[number]}: changed during reading; run the command again"
                    raise StoreError(what) from None
            stamp = file_stamp(status, read_ns) if status else ""
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (number, stamp, file.digest))
        if builder:
            builder.finish()
        db.execute("COMMIT")
    except BaseException:
        # A full disk ends the transaction.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    finally:
        if collecting:
            gc.enable()


def open_files(paths: Sequence[str]) -> Iterator[tuple[int, ChunkedFile, os.stat_result | None]]:
    """Yield the time of reading, the chunks, and the status of each file; standard input has no status."""
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
