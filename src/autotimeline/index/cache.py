"""Open the index of a store: current, wherever it is kept, and thrown away when in doubt."""

from __future__ import annotations

import os
import stat

from autotimeline.errors import AutotimelineError
from autotimeline.index._sqlite3 import sqlite3
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

    from autotimeline.index.builder import Progress

# Of the index's own format: raise it with every change of schema.sql or of what is derived into it. What is kept
# rests on more code than that, and a user may upgrade: an index of another release is thrown away too.
FORMAT = 13
_APPLICATION_ID = 0x61746C69
MAX_CHECKED_BYTES = 2 << 20 if hasattr(sqlite3.Connection, "deserialize") else 0
"""How many bytes an index has at most that carries a checksum, and is read into memory as a whole."""
# In the header of a database, bytes of `PRAGMA user_version` and of `PRAGMA application_id`.
VERSION_BYTES, CHECKSUM_BYTES = slice(60, 64), slice(68, 72)
BUSY_SECONDS = 60.0
# What this process has read from without a checksum.
_suspects: list[str] = []
# The connections that are held for the next question, by store; None where there is none to come.
_pool: dict[tuple[str, ...], sqlite3.Connection] | None = None


def index_path(paths: Sequence[str], directory: str = "") -> str:
    """Return where the index of these files is kept: one file per set of resolved paths."""
    from zlib import adler32, crc32

    # A name that two stores share costs only time.
    joined_paths = os.fsencode("\0".join(os.path.realpath(path) for path in paths))
    return os.path.join(directory or cache_directory(), f"{crc32(joined_paths):08x}{adler32(joined_paths):08x}.sqlite")


def connect(paths: Sequence[str], *, cache: bool = True, progress: Progress | None = None) -> sqlite3.Connection:
    """Return the index of the store in these files, up to date with them.

    Where the cache cannot be used it is built in memory. Under `held` it is the one that was returned before, as
    long as the files are unchanged, or where they can be read only once. While a file is read, `progress` is told
    how many bytes of it are done, and of how many.

    Raises:
        StoreError: where a file cannot be read.
    """
    if _pool is None:
        return _open_connection(paths, cache, progress)
    store = (*paths, str(cache))
    db = _pool.pop(store, None)
    if db is None or not _reuse_connection(db, paths):
        db = _open_connection(paths, cache, progress)
    _pool[store] = db
    return db


class connection_pool:  # noqa: N801  # as contextlib.contextmanager would have it, which is loaded for nothing else
    """Hold what `connect` returns open for the next question of this process, as long as this context lasts."""

    def __enter__(self) -> None:
        global _pool
        _pool = {}

    def __exit__(self, *error: object) -> None:
        global _pool
        _pool = None


def _reuse_connection(db: sqlite3.Connection, paths: Sequence[str]) -> bool:
    """Begin the next question on a connection that was held; False where it is not that of the files as they are."""
    try:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("BEGIN")
        return any(_is_stream(path) for path in paths) or _is_current(db, paths)
    except sqlite3.Error:
        return False


def _open_connection(paths: Sequence[str], cache: bool, progress: Progress | None) -> sqlite3.Connection:
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


def discard_damaged(error: Exception) -> bool:
    """Remove the indexes that may have caused an error; False if none can have.

    One with a checksum, or built by this process, cannot. Of another process or a full disk, none is removed.
    """
    suspects = _suspects.copy()
    forget_suspects()
    if _pool:
        _pool.clear()
    for path in suspects if _is_damage(error) else ():
        remove_files(path)
    return bool(suspects)


def forget_suspects() -> None:
    """Suspect no index that was read until now: before a change that must not be made twice."""
    _suspects.clear()


def _is_damage(error: Exception) -> bool:
    """Whether an error while an index is read may be due to damage; not if it is due to another process or the disk."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF not in (
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
    )  # fmt: skip


def _open_in_memory(paths: Sequence[str], progress: Progress | None) -> sqlite3.Connection:
    from autotimeline.index.update import update

    db = sqlite3.connect(":memory:", isolation_level=None)
    update(db, paths, index_version(), progress)
    return db


def _is_stream(path: str) -> bool:
    """Whether a file can be read only once: standard input, a pipe, a device."""
    if path == STDIN:
        return True
    return not stat.S_ISREG(stat_file(path).st_mode)


def _read_verified(path: str) -> bytes:
    """Return the first `SEALED` + 1 bytes of an index; none if it is missing, damaged, or of another release."""
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


def _open(path: str, data: bytes) -> sqlite3.Connection:
    """Open an index, and begin to read one state of it: a small one is the very bytes that were verified."""
    if is_large(data):
        db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    else:
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.deserialize(data)
    db.execute("BEGIN")
    return db


def _open_on_disk(path: str, data: bytes, paths: Sequence[str], progress: Progress | None) -> sqlite3.Connection:
    """Return the index at a path, brought up to date: a large one in place, any other as a new file."""
    if data:
        db = _open(path, data)
        try:
            current = _is_current(db, paths)
            if is_large(data):
                if not current:
                    _update_in_place(db, paths, progress)
                _suspects.append(path)
                current = True
        except BaseException:
            db.close()
            raise
        if current:
            return db
        db.close()
    data, made = _rewrite(path, data, paths, progress)
    db = _open(path, data)
    if is_large(data) and not os.path.samestat(made, os.stat(path)):
        # Another process has put its own there meanwhile.
        db.close()
        return _open_on_disk(path, _read_verified(path), paths, progress)
    return db


def _update_in_place(db: sqlite3.Connection, paths: Sequence[str], progress: Progress | None) -> None:
    from autotimeline.index.update import update

    db.execute("ROLLBACK")
    db.execute("PRAGMA synchronous = NORMAL")
    update(db, paths, index_version(), progress)
    db.execute("BEGIN")


def _is_current(db: sqlite3.Connection, paths: Sequence[str]) -> bool:
    """Whether `stat` proves that no file has changed since it was read."""
    stamps = [row[0] for row in db.execute("SELECT stamp FROM file ORDER BY n")]
    return stamps == [file_stamp(stat_file(path)) for path in paths]


def _rewrite(path: str, data: bytes, paths: Sequence[str], progress: Progress | None) -> tuple[bytes, os.stat_result]:
    """Put a new index file in the place of another: its bytes, brought up to date. Nobody ever sees a part of it.

    Return the first bytes of the new file, as `large` takes them, and its status.
    """
    from autotimeline.index.update import update

    part = f"{path}.{os.urandom(8).hex()}.part"
    try:
        with open(part, "x+b", buffering=0, opener=open_private) as file:
            file.write(data)
            db = sqlite3.connect(part, isolation_level=None)
            try:
                db.execute("PRAGMA synchronous = OFF")
                update(db, paths, index_version(), progress)
                if os.fstat(file.fileno()).st_size > MAX_CHECKED_BYTES:
                    # It is changed in place from now on, and a reader that pauses does not hold up a writer.
                    db.execute("PRAGMA journal_mode = WAL")
            finally:
                db.close()
            file.seek(0)
            data = file.read(MAX_CHECKED_BYTES + 1)
            data = data[: CHECKSUM_BYTES.start] + checksum_bytes(data) + data[CHECKSUM_BYTES.stop :]
            file.seek(CHECKSUM_BYTES.start)
            file.write(data[CHECKSUM_BYTES])
            if is_large(data):
                # A lost page would not be noticed.
                os.fsync(file.fileno())
            made = os.fstat(file.fileno())
        # Those of the old file would be taken for those of the new one.
        remove_files(path, SQLITE_SUFFIXES)
        os.replace(part, path)
    finally:
        remove_files(part)
    remove_unused(path)
    return data, made


def is_large(data: bytes) -> bool:
    """Whether these first bytes are those of an index without a checksum."""
    return len(data) > MAX_CHECKED_BYTES


def checksum_bytes(data: bytes) -> bytes:
    """Return what an index has for its application id: a checksum of its other bytes, or our number if it is large."""
    from zlib import crc32

    number = (
        _APPLICATION_ID
        if is_large(data)
        else crc32(memoryview(data)[CHECKSUM_BYTES.stop :], crc32(data[: CHECKSUM_BYTES.start]))
    )
    return number.to_bytes(4)


def index_version() -> int:
    """Return the number that an index of this format and of this release of the program carries; never 0."""
    from zlib import crc32

    # SQLite keeps 31 bits and a sign.
    return crc32(f"{FORMAT} {__version__}".encode()) >> 1 | 1
