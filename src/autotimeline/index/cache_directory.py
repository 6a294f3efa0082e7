"""The user's cache directory: its path, its safety from other users, and its indexes."""

import os
import stat
import sys
import time

_MAX_UNUSED_DAYS = 60
_MAX_PARTIAL_AGE = 86_400
SQLITE_SUFFIXES = ("-wal", "-shm", "-journal")
"""The suffixes of the files that SQLite creates beside a database."""
# A planted link is not followed, and a planted pipe is not waited for.
_SAFE_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
# The warnings of this process, and whether each was shown.
_warnings: dict[str, bool] = {}


def cache_directory() -> str:
    """Return the cache directory: `autotimeline` in the user's cache directory (XDG_CACHE_HOME if it is set)."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):
        if sys.platform == "win32":
            home = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
        elif sys.platform == "darwin":
            home = os.path.expanduser("~/Library/Caches")
        else:
            home = os.path.expanduser("~/.cache")
    return os.path.join(home, "autotimeline")


def trusted_directory(*names: str, make: bool = False) -> str:
    """Return the cache directory, or a directory below it, with the links of its parents resolved.

    No other user can change what is in it. On Windows, that rests on the permissions of the user's profile.

    Args:
        names: The directory below it.
        make: Create it if it is missing.

    Raises:
        OSError: It is missing, or another user can change what is in it, which is also noted as a warning.
    """
    home, own = os.path.split(cache_directory())
    if not os.path.isabs(home):
        raise OSError("no home, no cache directory")
    path = home = os.path.realpath(home)
    for name in (own, *names):
        path = os.path.join(path, name)
        if make and not os.path.lexists(path):
            os.makedirs(path, 0o700)
        if hasattr(os, "geteuid"):
            _check_owner(path, home)
    return path


def _check_owner(path: str, home: str) -> None:
    """Reject a directory if another user can change it or one of its parents.

    Directories below `home` must belong to the user.
    """
    status, user, own = os.lstat(path), os.geteuid(), len(path) > len(home)
    if stat.S_ISLNK(status.st_mode):
        _refuse(path, "it is a symbolic link")
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError("not a directory")
    # Whoever owns the root directory can change everything. In a container, that may not be the user 0.
    if status.st_uid != user and (own or status.st_uid != os.stat("/").st_uid):
        _refuse(path, "another user owns it")
    # Others cannot replace what is ours in a sticky directory, as /tmp is. A group with the number of the user has no
    # other member: some systems let it write to every new directory.
    sticky, grouped = status.st_mode & stat.S_ISVTX, not status.st_mode & 0o002 and status.st_gid == user
    if status.st_mode & 0o022 and (own or not (sticky or grouped)):
        _refuse(path, "other users can write to it")
    if path != (above := os.path.dirname(path)):
        _check_owner(above, home)


def _refuse(path: str, fact: str) -> None:
    remedy = "set XDG_CACHE_HOME to a directory that only you can write to"
    _warnings.setdefault(f"{path}: {fact}, so no index is saved; {remedy}", False)
    raise PermissionError("another user can change the cache directory")


def warnings() -> list[str]:
    """Return why the cache directory is not used, once per process."""
    new = [text for text, shown in _warnings.items() if not shown]
    _warnings.update(dict.fromkeys(new, True))
    return new


def open_private(path: str, flags: int) -> int:
    """Open a file of the cache directory, as `open(opener=private)`: only a regular file of ours, never by a link."""
    handle = os.open(path, flags | _SAFE_FLAGS, 0o600)
    if _is_our_file(os.fstat(handle)):
        return handle
    os.close(handle)
    raise PermissionError(f"{path} is not a file of this user")


def _is_our_file(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and (not hasattr(os, "geteuid") or status.st_uid == os.geteuid())


def has_planted_files(path: str) -> bool:
    """Return whether a file that SQLite opens with an index is not a regular file of ours."""
    return any(os.path.lexists(path + end) and not _is_our_file(os.lstat(path + end)) for end in SQLITE_SUFFIXES)


def list_indexes() -> list[tuple[str, int]]:
    """Return (path, bytes) of every index, the one that was written last first."""
    try:
        with os.scandir(trusted_directory()) as entries:
            indexes = [(entry.path, entry.stat()) for entry in entries if entry.name.endswith(".sqlite")]
    except OSError:
        return []
    indexes.sort(key=lambda index: -index[1].st_mtime)
    return [(path, status.st_size) for path, status in indexes]


def remove_files(path: str, suffixes: tuple[str, ...] = ("", *SQLITE_SUFFIXES)) -> None:
    """Remove an index and the files that SQLite keeps beside it; at any moment this costs only time."""
    for suffix in suffixes:
        try:
            os.unlink(path + suffix)
        except OSError:
            continue


def remove_unused(used: str) -> None:
    """Remove the indexes that no query has used for long, and what a killed process left."""
    now = time.time()
    with os.scandir(os.path.dirname(used)) as entries:
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            # Not every file system records when a file was read.
            age = now - max(status.st_atime, status.st_mtime)
            old = entry.name.endswith(".sqlite") and entry.path != used and age > _MAX_UNUSED_DAYS * 86_400
            if old or (".part" in entry.name and age > _MAX_PARTIAL_AGE):
                remove_files(entry.path)
