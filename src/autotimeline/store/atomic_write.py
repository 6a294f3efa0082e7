"""Atomic replacement of the files of a store, under a lock."""

import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from autotimeline.errors import AutotimelineError, error_reason
from autotimeline.store import partial_file
from autotimeline.store.locate import stat_file

DEFAULT_LOCK_TIMEOUT = 30.0
"""In seconds."""
_NOTIFY_AFTER = 0.5
_POLL_INTERVAL = 0.02


class FileChangedOnDiskError(Exception):
    """A file has changed since it was read."""


class PartialWriteError(AutotimelineError):
    """Some of several files are written, and others are not."""


@contextmanager
def lock_files(paths: Sequence[str], timeout: float, notify: Callable[[str], object]) -> Iterator[None]:
    """Lock files against other writers, but not against readers; call `notify` once if another writer has the lock.

    The lock of `facts.toml` is on the file `.facts.toml.lock`. A killed process may leave that file, but no lock.

    Raises:
        AutotimelineError: If the directory is not writable, or another writer takes longer than `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    locks: list[tuple[str, int]] = []
    try:
        # Sorted, because two writers with different orders would wait for each other.
        for path in sorted({os.path.realpath(path) for path in paths}):
            locks.append(_acquire_lock(path, deadline, notify))
            partial_file.remove_stale(path)
        yield
    finally:
        for path, handle in reversed(locks):
            # Removed while locked, so that a writer that waits for it detects the removal and creates a new one.
            with suppress(OSError):
                os.unlink(path)
            os.close(handle)


def _acquire_lock(path: str, deadline: float, notify: Callable[[str], object]) -> tuple[str, int]:
    directory, name = os.path.split(path)
    lock_path = os.path.join(directory, f".{name}.lock")
    started, silent = time.monotonic(), True
    while True:
        try:
            handle = _open_lock_file(lock_path)
            acquired = _try_lock(handle)
        except OSError as error:
            if os.path.lexists(lock_path):
                message = f"the lock file {lock_path} cannot be opened ({error_reason(error)}); remove it"
            else:
                message = f"cannot lock its directory ({error_reason(error)}); make {directory} writable"
            raise AutotimelineError(f"{path}: {message}, or work on a copy") from None
        if acquired:
            with suppress(OSError):
                if os.path.samestat(os.fstat(handle), os.stat(lock_path)):
                    return lock_path, handle
            os.close(handle)
            continue
        os.close(handle)
        now = time.monotonic()
        if now >= deadline:
            message = f"{path}: another autotimeline has been writing it for {now - started:.0f} s"
            raise AutotimelineError(f"{message}; nothing was written: try again, or wait longer with --timeout")
        if silent and now - started >= _NOTIFY_AFTER:
            notify(f"waiting for another autotimeline that writes {path}")
            silent = False
        time.sleep(_POLL_INTERVAL)


def _open_lock_file(lock_path: str) -> int:
    """Open or create a lock file that every user may lock who may write the store."""
    mask = os.umask(0)
    try:
        return os.open(lock_path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    finally:
        os.umask(mask)


def _try_lock(handle: int) -> bool:
    """Return whether this process now has the lock.

    Raises:
        OSError: If the file system does not support locks.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter on Windows
        return False
    return True


def require_writable(path: str) -> None:
    """Reject a read-only file, which `os.replace` would replace.

    Raises:
        AutotimelineError: If it is read-only, not a regular file, or behind a link that another user planted.
        StoreError: If it does not exist.
    """
    partial_file.resolve_target(path)
    mode = stat_file(path).st_mode
    if not stat.S_ISREG(mode):
        raise AutotimelineError(f"{path}: not a regular file")
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise AutotimelineError(f"{path}: it is read-only; nothing was written: `chmod u+w {path}` makes it writable")


def replace_files(files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Replace the content of locked files: the current and the new bytes of each, by path.

    Symbolic links remain, and their targets keep mode and owner. All new files are written before the first is
    replaced, because most failures happen while writing.

    Raises:
        AutotimelineError: If a file cannot be written; none has changed.
        PartialWriteError: If a file cannot be replaced, but those before it were.
        FileChangedOnDiskError: If a file has other bytes than the current ones; none has changed.
    """
    temporaries: dict[str, tuple[str, str]] = {}
    replaced: list[str] = []
    path = ""
    try:
        for path, (_, new) in files.items():
            require_writable(path)
            target = os.path.realpath(path)
            handle, temporary = partial_file.create_partial(target)
            temporaries[path] = temporary, target
            _fill(handle, new, os.stat(target))
        for path, (old, _) in files.items():
            with open(path, "rb") as file:
                if file.read() != old:
                    raise FileChangedOnDiskError
        for path, (temporary, target) in temporaries.items():
            os.replace(temporary, target)
            replaced.append(path)
    except OSError as error:
        if replaced:
            message = f"{', '.join(replaced)} is written already: `autotimeline undo` takes that back"
            raise PartialWriteError(f"{path}: {error_reason(error)}; {message}") from None
        raise AutotimelineError(f"{path}: {error_reason(error)}; nothing was written") from None
    finally:
        for temporary, _ in temporaries.values():
            with suppress(OSError):
                os.unlink(temporary)
    for directory in {os.path.dirname(target) for _, target in temporaries.values()}:
        _sync_directory(directory)


def _fill(handle: int, data: bytes, like: os.stat_result) -> None:
    """Write a file with the mode and the owner of another, and flush it to the disk."""
    with open(handle, "wb") as file:
        file.write(data)
        file.flush()
        partial_file.copy_metadata(handle, like)
        os.fsync(handle)


def _sync_directory(directory: str) -> None:
    """Flush the entries of a directory to the disk, if the system supports that."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
