"""Access to the index of a store: up to date, on disk or in memory, and discarded if it is in doubt."""

from __future__ import annotations

import os
import stat

from autotimeline.engines import sqlite
from autotimeline.engines.sqlite import sqlite3
from autotimeline.errors import AutotimelineError
from autotimeline.index.cache_directory import (
    SQLITE_SUFFIXES,
    cache_directory,
    has_planted_files,
    open_private,
    remove_files,
    remove_unused,
    trusted_directory,
)
from autotimeline.store.locate import STDIN, file_stamp, stat_file
from autotimeline.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.engines.database import Database
    from autotimeline.index.builder import Progress

# Raise this with every change of schema.sql or of the rows. The version of the program counts too, because rows depend
# on more code than this package.
FORMAT = 23
_APPLICATION_ID = 0x61746C69
MAX_CHECKED_BYTES = 2 << 20 if hasattr(sqlite3.Connection, "deserialize") else 0
"""The maximum size of an index that has a checksum and is read into memory."""
# The bytes of `PRAGMA user_version` and `PRAGMA application_id` in the header of a database.
VERSION_BYTES, CHECKSUM_BYTES = slice(60, 64), slice(68, 72)
BUSY_SECONDS = 60.0
# The indexes without a checksum that this process has read.
_suspects: list[str] = []
# The open connections by store; None outside of `connection_pool`.
_pool: dict[tuple[str, ...], sqlite.Connection] | None = None


def index_path(paths: Sequence[str], directory: str = "") -> str:
    """Return the path of the index of these files, one per set of resolved paths."""
    from zlib import adler32, crc32

    # A collision of two stores costs only time.
    joined_paths = os.fsencode("\0".join(os.path.realpath(path) for path in paths))
    return os.path.join(directory or cache_directory(), f"{crc32(joined_paths):08x}{adler32(joined_paths):08x}.sqlite")


def connect(paths: Sequence[str], *, cache: bool = True, progress: Progress | None = None) -> sqlite.Connection:
    """Return the index of the store in these files, up to date; in memory if the cache cannot be used.

    In a `connection_pool` it is reused if the files are unchanged or are streams. `progress` gets the bytes done and
    the total.

    Raises:
        StoreError: If a file cannot be read.
    """
    if _pool is None:
        return _open_connection(paths, cache, progress)
    store = (*paths, str(cache))
    db = _pool.pop(store, None)
    if db is None or not _reuse_connection(db, paths):
        db = _open_connection(paths, cache, progress)
    _pool[store] = db
    return db


class connection_pool:  # noqa: N801  # a context manager; contextlib is not on the fast path
    """Keeps connections open for later calls of `connect` in this context."""

    def __enter__(self) -> None:
        global _pool
        _pool = {}

    def __exit__(self, *error: object) -> None:
        global _pool
        _pool = None


def _reuse_connection(db: sqlite3.Connection, paths: Sequence[str]) -> bool:
    """Begin a new read; False if the index has become outdated."""
    try:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("BEGIN")
        return any(_is_stream(path) for path in paths) or _is_current(db, paths)
    except sqlite3.Error:
        return False


def _open_connection(paths: Sequence[str], cache: bool, progress: Progress | None) -> sqlite.Connection:
    if not cache or any(_is_stream(path) for path in paths):
        return _open_in_memory(paths, progress)
    try:
        path = index_path(paths, trusted_directory(make=True))
        data = _read_verified(path)
        try:
            return _open_on_disk(path, data, paths, progress)
        except (AutotimelineError, OSError):
            raise
        except Exception as error:
            if not data or not _is_damage(error):
                raise
            remove_files(path)
            return _open_on_disk(path, b"", paths, progress)
    except (sqlite3.Error, OSError):
        return _open_in_memory(paths, progress)


def has_problems(db: Database) -> bool:
    """Return whether the store of an index is invalid."""
    return db.execute("SELECT 1 FROM problem LIMIT 1").fetchone() is not None


def discard_damaged(error: Exception) -> bool:
    """Remove the indexes that may have caused an error, and return whether there were any.

    An index with a checksum or of this process is not suspected. An error of the disk or another process removes none.
    """
    suspects = _suspects.copy()
    forget_suspects()
    if _pool:
        _pool.clear()
    for path in suspects if _is_damage(error) else ():
        remove_files(path)
    return bool(suspects)


def forget_suspects() -> None:
    """Trust all indexes read so far, before a change that must not be repeated."""
    _suspects.clear()


def _is_damage(error: Exception) -> bool:
    """Return whether an error of a read may be due to damage, and not to another process or the disk."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF not in (
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
    )  # fmt: skip


def _update(db: sqlite3.Connection, paths: Sequence[str], progress: Progress | None) -> None:
    from autotimeline.index.update import update

    update(db, paths, index_version(), progress)


def _open_in_memory(paths: Sequence[str], progress: Progress | None) -> sqlite.Connection:
    db = sqlite.connect(":memory:")
    _update(db, paths, progress)
    return db


def _is_stream(path: str) -> bool:
    """Return whether a file can be read only once: standard input, a pipe, a device."""
    return path == STDIN or not stat.S_ISREG(stat_file(path).st_mode)


def _read_verified(path: str) -> bytes:
    """Return the first MAX_CHECKED_BYTES + 1 bytes of an index; empty if it is missing, damaged, or outdated."""
    try:
        with open(path, "rb", buffering=0, opener=open_private) as file:
            data = file.read(MAX_CHECKED_BYTES + 1)
    except OSError:
        data = b""
    if (
        data[VERSION_BYTES] == index_version().to_bytes(4)
        and data[CHECKSUM_BYTES] == checksum_bytes(data)
        and not (is_large(data) and has_planted_files(path))
    ):
        return data
    remove_files(path)
    return b""


def _open(path: str, data: bytes) -> sqlite.Connection:
    """Open an index and begin a read; a small one is opened from its verified bytes."""
    if is_large(data):
        db = sqlite.connect(path, timeout=BUSY_SECONDS)
    else:
        db = sqlite.connect(":memory:")
        db.deserialize(data)
    db.execute("BEGIN")
    return db


def _open_on_disk(path: str, data: bytes, paths: Sequence[str], progress: Progress | None) -> sqlite.Connection:
    """Return the index at a path after an update: of a large one in place, else as a new file."""
    if data:
        db = _open(path, data)
        try:
            current = _is_current(db, paths)
            if is_large(data):
                if not current:
                    db.execute("ROLLBACK")
                    db.execute("PRAGMA synchronous = NORMAL")
                    _update(db, paths, progress)
                    db.execute("BEGIN")
                _suspects.append(path)
                current = True
        except BaseException:
            db.close()
            raise
        if current:
            return db
        db.close()
    data, status = _rewrite(path, data, paths, progress)
    db = _open(path, data)
    if is_large(data) and not os.path.samestat(status, os.stat(path)):
        # Another process has replaced it.
        db.close()
        return _open_on_disk(path, _read_verified(path), paths, progress)
    return db


def _is_current(db: sqlite3.Connection, paths: Sequence[str]) -> bool:
    """Return whether no file has changed since it was read, by `stat`."""
    stamps = [row[0] for row in db.execute("SELECT stamp FROM file ORDER BY number")]
    return stamps == [file_stamp(stat_file(path)) for path in paths]


def _rewrite(path: str, data: bytes, paths: Sequence[str], progress: Progress | None) -> tuple[bytes, os.stat_result]:
    """Replace an index file by an updated copy; return its first bytes (see `is_large`) and its status."""
    part = f"{path}.{os.urandom(8).hex()}.part"
    try:
        with open(part, "x+b", buffering=0, opener=open_private) as file:
            file.write(data)
            db = sqlite.connect(part)
            try:
                db.execute("PRAGMA synchronous = OFF")
                _update(db, paths, progress)
                if os.fstat(file.fileno()).st_size > MAX_CHECKED_BYTES:
                    # It is updated in place from now on, and a slow reader must not block a writer.
                    db.execute("PRAGMA journal_mode = WAL")
            finally:
                db.close()
            file.seek(0)
            data = file.read(MAX_CHECKED_BYTES + 1)
            data = data[: CHECKSUM_BYTES.start] + checksum_bytes(data) + data[CHECKSUM_BYTES.stop :]
            file.seek(CHECKSUM_BYTES.start)
            file.write(data[CHECKSUM_BYTES])
            if is_large(data):
                # A lost page would go unnoticed.
                os.fsync(file.fileno())
            status = os.fstat(file.fileno())
        # SQLite would apply the journals of the old file to the new one.
        remove_files(path, SQLITE_SUFFIXES)
        os.replace(part, path)
    finally:
        remove_files(part)
    remove_unused(path)
    return data, status


def is_large(data: bytes) -> bool:
    """Return whether these are the first bytes of an index without a checksum."""
    return len(data) > MAX_CHECKED_BYTES


def checksum_bytes(data: bytes) -> bytes:
    """Return the application id of an index: a checksum of its other bytes, or a constant if it is large."""
    from zlib import crc32

    if is_large(data):
        return _APPLICATION_ID.to_bytes(4)
    return crc32(memoryview(data)[CHECKSUM_BYTES.stop :], crc32(data[: CHECKSUM_BYTES.start])).to_bytes(4)


def save_trial(db: sqlite3.Connection, paths: Sequence[str]) -> None:
    """Commit a trial update whose files are now written, so that the next query need not repeat it.

    Only the bytes of the files prove it. Without it, that query takes longer.
    """
    try:
        db.execute("COMMIT")
        path = index_path(paths, trusted_directory(make=True))
        # A large index is changed in place, a small one in memory.
        if not is_large(_read_verified(path)):
            _rewrite(path, db.serialize(), paths, None)
    except (sqlite3.Error, OSError, AutotimelineError):
        return


def index_version() -> int:
    """Return the version of an index of this format and this version of the program; never 0."""
    from zlib import crc32

    # SQLite stores 31 bits and a sign.
    return crc32(f"{FORMAT} {__version__}".encode()) >> 1 | 1
