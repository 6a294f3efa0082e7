"""Open the index of a store: current, wherever it is kept, and thrown away when in doubt."""

from __future__ import annotations

import os
import stat
import sys
import time

from autotimeline import __version__
from autotimeline.errors import StoreError, reason
from autotimeline.index.sqlite import sqlite3
from autotimeline.store.locate import STDIN, status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.index.build import Builder, Progress
    from autotimeline.store.segments import Segmented

# Of the index's own format: raise it with every change of schema.sql or of what is derived into it. What is kept
# rests on more code than that, and a user may upgrade: an index of another release is thrown away too.
FORMAT = 13
_APPLICATION = 0x61746C69
# A file changed this long before it was read, or later, may have been changed once more unseen.
_SETTLED_NS = 2_000_000_000
_KEPT_DAYS = 60
_BUSY_SECONDS = 60.0
# The rows of a large store go to places all over the index: with SQLite's own two megabytes a page is written often.
_WRITING_KIB = 1 << 16
# The kept indexes that this process has asked; None where one has failed it, and it keeps none any more.
_asked: list[str] | None = []
# The connections that are held for the next question, by store; None where there is none to come.
_held: dict[tuple[str, ...], sqlite3.Connection] | None = None


def folder() -> str:
    """Return the folder of the indexes: `autotimeline` in the user's cache folder (XDG_CACHE_HOME where it is set)."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):
        if sys.platform == "win32":
            home = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
        elif sys.platform == "darwin":
            home = os.path.expanduser("~/Library/Caches")
        else:
            home = os.path.expanduser("~/.cache")
    return os.path.join(home, "autotimeline")


def place(paths: Sequence[str]) -> str:
    """Return where the index of these files is kept: one file per set of resolved paths."""
    from _blake2 import blake2b

    named = "\0".join(os.path.realpath(path) for path in paths)
    return os.path.join(folder(), blake2b(os.fsencode(named), digest_size=16).hexdigest() + ".sqlite")


def connect(paths: Sequence[str], *, cache: bool = True, progress: Progress | None = None) -> sqlite3.Connection:
    """Return the index of the store in these files, up to date with them.

    Where the cache cannot be used it is built in memory. Under `held` it is the one that was returned before, as
    long as the files are unchanged, or where they can be read only once. While a file is read, `progress` is told
    how many bytes of it are done, and of how many.

    Raises:
        StoreError: where a file cannot be read.
    """
    if _held is None:
        return _connected(paths, cache, progress)
    store = (*paths, str(cache))
    db = _held.pop(store, None)
    if db is None or not _still(db, paths):
        db = _connected(paths, cache, progress)
    _held[store] = db
    return db


class _ForeignError(sqlite3.DatabaseError):
    """An index of another format or release, or no index at all."""

    sqlite_errorcode = sqlite3.SQLITE_NOTADB


class held:  # noqa: N801  # as contextlib.contextmanager would have it, which is loaded for nothing else
    """Hold what `connect` returns open for the next question of this process, as long as this context lasts."""

    def __enter__(self) -> None:
        global _held
        _held = {}

    def __exit__(self, *error: object) -> None:
        global _held
        _held = None


def _still(db: sqlite3.Connection, paths: Sequence[str]) -> bool:
    """Begin the next question on a connection that was held; False where it is not that of the files as they are."""
    try:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("BEGIN")
        return any(_streams(path) for path in paths) or _current(db, paths)
    except sqlite3.Error:
        return False


def _connected(paths: Sequence[str], cache: bool, progress: Progress | None) -> sqlite3.Connection:
    if any(_streams(path) for path in paths) or not cache or _asked is None:
        return _memory(paths, progress)
    try:
        return _kept(place(paths), paths, progress)
    except sqlite3.DatabaseError as error:
        if not _damage(error):
            return _memory(paths, progress)
        drop(paths)
    except OSError:
        return _memory(paths, progress)
    try:
        return _kept(place(paths), paths, progress)
    except (sqlite3.Error, OSError):
        return _memory(paths, progress)


def distrust(error: BaseException) -> bool:
    """Ask no kept index from now on, because one has failed; throw away those that were asked if it is damaged.

    What was asked can then be asked again. False where none was kept: then it was no index that failed.
    """
    global _asked
    asked, _asked = _asked, None
    if _held:
        _held.clear()
    for path in asked or () if _damage(error) else ():
        _remove(path)
    return bool(asked)


def _damage(error: BaseException) -> bool:
    """Whether an error tells of damage, such as a table that is not there; not of another process or a full disk."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def drop(paths: Sequence[str]) -> None:
    """Throw away the index of these files; at any moment this costs only time."""
    _remove(place(paths))


def kept() -> list[tuple[str, int, float]]:
    """Return (path, bytes, when it was last written in seconds since the epoch) of every index, the newest first."""
    try:
        with os.scandir(folder()) as entries:
            found = [(e.path, e.stat().st_size, e.stat().st_mtime) for e in entries if e.name.endswith(".sqlite")]
    except OSError:
        return []
    return sorted(found, key=lambda index: -index[2])


def clear() -> None:
    """Throw away every index."""
    for path, _, _ in kept():
        _remove(path)


def _remove(path: str) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        try:
            os.unlink(path + ending)
        except OSError:
            continue


def _streams(path: str) -> bool:
    """Whether a file can be read only once: standard input, a pipe, a device."""
    if path == STDIN:
        return True
    return not stat.S_ISREG(status(path).st_mode)


def _memory(paths: Sequence[str], progress: Progress | None) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    _update(db, paths, progress, kept=False)
    return db


def _kept(path: str, paths: Sequence[str], progress: Progress | None) -> sqlite3.Connection:
    if not os.path.isabs(path):
        raise OSError("no home, no cache folder")
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        if _foreign(db):
            raise _ForeignError
        # Held until it is closed: all that is asked is answered from one state, whoever brings it up to date meanwhile.
        db.execute("BEGIN")
        if not _current(db, paths):
            db.execute("ROLLBACK")
            _update(db, paths, progress)
            _evict(path)
            db.execute("BEGIN")
    except BaseException:
        db.close()
        raise
    if _asked is not None:
        _asked.append(path)
    return db


def version() -> int:
    """Return the number that an index of this format and of this release of the program carries; never 0."""
    from _blake2 import blake2b

    # SQLite keeps 31 bits and a sign.
    number = blake2b(f"{FORMAT} {__version__}".encode(), digest_size=4).digest()
    return int.from_bytes(number) >> 1 | 1


def _foreign(db: sqlite3.Connection) -> bool:
    """Whether a file that is not empty is no index of this format and release."""
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found == version():
        return bool(db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION)
    return bool(found or db.execute("PRAGMA schema_version").fetchone()[0])


def _current(db: sqlite3.Connection, paths: Sequence[str]) -> bool:
    """Whether `stat` proves that no file has changed since it was read."""
    if not db.execute("PRAGMA user_version").fetchone()[0]:
        return False
    stamps = [row[0] for row in db.execute("SELECT stamp FROM file ORDER BY n")]
    return stamps == [_stamp(status(path)) for path in paths]


def _stamp(status: os.stat_result, read_ns: int | None = None) -> str:
    """Return what proves a file unchanged; where `read_ns` is too near its last change, what never does."""
    if read_ns is not None and status.st_ctime_ns > read_ns - _SETTLED_NS:
        return "unsettled"
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _update(db: sqlite3.Connection, paths: Sequence[str], progress: Progress | None, *, kept: bool = True) -> None:
    """Bring the index up to date in one transaction, so that another process sees the old one or the new one."""
    import gc

    if kept:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
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
            stamp = _stamp(seen, read_ns) if seen else ""
            if held.get(number) != file.digest:
                if builder is None:
                    from autotimeline.index.build import Builder

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
    from autotimeline.store.segments import ChangedError

    try:
        builder.file(number, file, progress)
    except ChangedError:
        raise StoreError(f"{path}: it changes while it is read; ask again when it has been written") from None


def _create(db: sqlite3.Connection) -> None:
    from autotimeline.index.build import schema

    for statement in schema():
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version()}")
    db.execute(f"PRAGMA application_id = {_APPLICATION}")


def _read(paths: Sequence[str]) -> Iterator[tuple[int, Segmented, os.stat_result | None]]:
    """Yield of each file when it was opened, its segments and its status; none for standard input."""
    import io

    from autotimeline.store import once
    from autotimeline.store.segments import Segmented

    for path in paths:
        if path == STDIN:
            if sys.stdin is None:
                raise StoreError(f"{STDIN}: standard input is closed")
            yield 0, Segmented(io.BytesIO(once.read(sys.stdin.buffer, STDIN))), None
            continue
        try:
            with open(path, "rb") as file:
                read_ns, status = time.time_ns(), os.fstat(file.fileno())
                yield read_ns, Segmented(once.seekable(file, path, status)), status
        except OSError as error:
            raise StoreError(f"{path}: {reason(error)}") from None


def _evict(kept: str) -> None:
    """Remove the indexes that no question has been asked of for long."""
    oldest = time.time() - _KEPT_DAYS * 86400
    with os.scandir(os.path.dirname(kept)) as entries:
        for entry in entries:
            try:
                status = entry.stat()
                # Not every file system notes when a file was read.
                used = max(status.st_atime, status.st_mtime)
                if entry.name.endswith(".sqlite") and entry.path != kept and used < oldest:
                    _remove(entry.path)
            except OSError:
                continue
