"""Bring an index up to date with the files of its store."""

from __future__ import annotations

import gc
import io
import os
import sys
import time

from autotimeline.errors import StoreError, reason
from autotimeline.index import cache
from autotimeline.index._sqlite3 import sqlite3
from autotimeline.index.cache_directory import BESIDE, evict, private, remove
from autotimeline.store import bounded_input
from autotimeline.store.chunks import ChangedError, Segmented
from autotimeline.store.locate import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.index.builder import Builder, Progress

# The rows of a large store go to places all over the index: with SQLite's own two megabytes a page is written often.
_WRITING_KIB = 1 << 16


def update(db: sqlite3.Connection, paths: Sequence[str], progress: Progress | None) -> None:
    """Bring an index up to date, or make it, in one transaction: another process sees the old one or the new one."""
    db.execute(f"PRAGMA cache_size = -{_WRITING_KIB}")
    db.execute("BEGIN IMMEDIATE")
    # Reading makes many values and no cycles; to look for some again and again takes a good part of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            _create(db)
        held = dict(db.execute("SELECT n, digest FROM file").fetchall())
        builder = None
        for number, (read_ns, file, seen) in enumerate(_read(paths)):
            stamp = cache.stamp(seen, read_ns) if seen else ""
            if held.get(number) != file.digest:
                if builder is None:
                    from autotimeline.index.builder import Builder

                    builder = Builder(db)
                _take(builder, number, file, paths[number], progress)
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (number, stamp, file.digest))
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


def _create(db: sqlite3.Connection) -> None:
    from autotimeline.index.builder import schema

    for statement in schema():
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {cache.version()}")


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


def rewritten(path: str, data: bytes, paths: Sequence[str], progress: Progress | None) -> tuple[bytes, os.stat_result]:
    """Put a new index file in the place of another: its bytes, brought up to date. Nobody ever sees a part of it.

    Return the first bytes of the new file, as `cache.large` takes them, and its status.
    """
    part = f"{path}.{os.urandom(8).hex()}.part"
    try:
        with open(part, "x+b", buffering=0, opener=private) as file:
            file.write(data)
            db = sqlite3.connect(part, isolation_level=None)
            try:
                db.execute("PRAGMA synchronous = OFF")
                update(db, paths, progress)
                if os.fstat(file.fileno()).st_size > cache.SEALED:
                    # It is changed in place from now on, and a reader that pauses does not hold up a writer.
                    db.execute("PRAGMA journal_mode = WAL")
            finally:
                db.close()
            file.seek(0)
            data = file.read(cache.SEALED + 1)
            data = data[: cache.SEAL.start] + cache.seal(data) + data[cache.SEAL.stop :]
            file.seek(cache.SEAL.start)
            file.write(data[cache.SEAL])
            if cache.large(data):
                # A lost page would not be noticed.
                os.fsync(file.fileno())
            made = os.fstat(file.fileno())
        # Those of the old file would be taken for those of the new one.
        remove(path, BESIDE)
        os.replace(part, path)
    finally:
        remove(part)
    evict(path)
    return data, made
