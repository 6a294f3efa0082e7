"""Replace a file of a store, so that at every moment it is the old one or the new one, whatever happens."""

from __future__ import annotations

import os
import stat
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from autotimeline.errors import AutotimelineError, error_reason
from autotimeline.store import partial_file
from autotimeline.store.locate import stat_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

DEFAULT_LOCK_TIMEOUT = 30.0
"""How many seconds another writer is waited for, where nobody says otherwise."""
_NOTIFY_AFTER = 0.5
_POLL_INTERVAL = 0.02


class FileChangedOnDiskError(Exception):
    """A file is no longer what it was when it was read."""


class PartialWriteError(AutotimelineError):
    """Of several files some are written, and others are not."""


@contextmanager
def lock_files(paths: Sequence[str], timeout: float, notify: Callable[[str], object]) -> Iterator[None]:
    """Keep other writers away from these files; readers are not hindered.

    Each file is locked by another one beside it, `.facts.toml.lock`, which is gone when all is done; a process that
    is killed holds no lock, whatever file it leaves. `told` is told once for whom this one waits.

    Raises:
        AutotimelineError: where a lock cannot be had: the folder takes no file, or another writer takes too long.
    """
    deadline = time.monotonic() + timeout
    locks: list[tuple[str, int]] = []
    try:
        # In the same order for all, or two would wait for each other.
        for path in sorted({os.path.realpath(path) for path in paths}):
            locks.append(_acquire_lock(path, deadline, notify))
            partial_file.remove_stale(path)
        yield
    finally:
        for path, handle in reversed(locks):
            # While it is still locked: whoever opened it meanwhile sees that it is gone, and makes another.
            with suppress(OSError):
                os.unlink(path)
            os.close(handle)


def _acquire_lock(path: str, deadline: float, notify: Callable[[str], object]) -> tuple[str, int]:
    folder, name = os.path.split(path)
    lock_path = os.path.join(folder, f".{name}.lock")
    started, silent = time.monotonic(), True
    while True:
        try:
            handle = _open_lock_file(lock_path)
            acquired = _try_lock(handle)
        except OSError as error:
            if os.path.lexists(lock_path):
                message = f"{path}: the lock file {lock_path} cannot be opened ({error_reason(error)}); remove it, or work on a copy"
                raise AutotimelineError(message) from None
            message = f"{path}: its folder takes no lock file ({error_reason(error)})"
            raise AutotimelineError(f"{message}; make {folder} writable, or work on a copy") from None
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
    """Open a lock file, which is made so that others who may write the store can lock it too."""
    mask = os.umask(0)
    try:
        return os.open(lock_path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    finally:
        os.umask(mask)


def _try_lock(handle: int) -> bool:
    """Whether the lock is this process's now; on some file systems nothing can be locked.

    Raises:
        OSError: where this is one.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        # The latter is what Windows says.
        return False
    return True


def require_writable(path: str) -> None:
    """Refuse a file that is not to be written: to replace it would ask nobody.

    Raises:
        AutotimelineError: where it is read-only, no file, or behind a link that another user planted.
        StoreError: where it is not there.
    """
    partial_file.resolve_target(path)
    mode = stat_file(path).st_mode
    if not stat.S_ISREG(mode):
        raise AutotimelineError(f"{path}: it is no file that can be written")
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise AutotimelineError(f"{path}: it is read-only; nothing was written: `chmod u+w {path}` makes it writable")


def replace_files(files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Put new bytes in place of files, under their lock; `files` are by path the bytes that each has, and is to have.

    A symbolic link stays one, and the file it leads to keeps its mode and owner. All are written beside them before the
    first is replaced: what goes wrong does so before.

    Raises:
        AutotimelineError: where one cannot be written; the files are as they were.
        PartError: where one cannot take the other's place, after those before it did.
        ChangedError: where one is no longer what it was; the files are as they were.
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
    """Write a file that has the mode and the owner of another, through to the disk."""
    with open(handle, "wb") as file:
        file.write(data)
        file.flush()
        partial_file.copy_metadata(handle, like)
        os.fsync(handle)


def _sync_directory(directory: str) -> None:
    """Note on the disk that a file of the folder has another content; not every system can."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
