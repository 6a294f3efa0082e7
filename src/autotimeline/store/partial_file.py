"""Temporary files beside the file that they replace, safe from links that other users plant."""

import os
import re
import stat
import time
from contextlib import suppress

from autotimeline.errors import AutotimelineError

_RANDOM_SUFFIX = re.compile(r"[0-9a-f]{16}\.part")
_MAX_AGE_SECONDS = 86_400
# File names have at most 255 bytes; longer names than this are cut.
_MAX_NAME_BYTES = 230
_MAX_LINKS = 40


def resolve_target(path: str) -> str:
    """Return the path behind symbolic links.

    Raises:
        AutotimelineError: If another user planted a link, or the file itself, in a directory that everybody can write.
    """
    for _ in range(_MAX_LINKS):
        _refuse_planted(path)
        if not os.path.islink(path):
            break
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    return os.path.realpath(path)


def _refuse_planted(path: str) -> None:
    # Linux does the same if fs.protected_symlinks and fs.protected_regular are on.
    if not hasattr(os, "geteuid"):
        return
    try:
        status, directory = os.lstat(path), os.stat(os.path.dirname(path) or os.curdir)
    except (OSError, ValueError):
        return
    shared = directory.st_mode & stat.S_IWOTH and (stat.S_ISLNK(status.st_mode) or directory.st_mode & stat.S_ISVTX)
    if shared and status.st_uid not in (0, os.geteuid()):
        message = "belongs to another user, in a directory that everybody can write to; name another file"
        raise AutotimelineError(f"{path}: {message}")


def create_partial(target: str, mode: int = 0o600) -> tuple[int, str]:
    """Create an empty file with an unpredictable name beside another, and return its descriptor and its path.

    Raises:
        AutotimelineError: If a file with that name exists.
    """
    remove_stale(target, _MAX_AGE_SECONDS)
    part = os.path.join(os.path.dirname(target), f"{_prefix(target)}{os.urandom(8).hex()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.open(part, flags, mode), part
    except FileExistsError:
        raise AutotimelineError(f"{part}: it exists already; remove it") from None


def copy_metadata(handle: int, like: os.stat_result) -> None:
    """Give an open file the mode and, if the system allows it, the owner of another."""
    if hasattr(os, "fchmod"):
        # A user may write to a file of another user, but not give a file away.
        with suppress(PermissionError):
            os.fchown(handle, -1, like.st_gid)
        with suppress(PermissionError):
            os.fchown(handle, like.st_uid, -1)
        os.fchmod(handle, stat.S_IMODE(like.st_mode))


def remove_stale(target: str, seconds: int = 0) -> None:
    """Remove our temporary files beside a file that are at least so old: killed processes left them."""
    prefix, oldest = _prefix(target), time.time() - seconds
    with suppress(OSError), os.scandir(os.path.dirname(target) or os.curdir) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and _RANDOM_SUFFIX.fullmatch(entry.name, len(prefix)):
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    ours = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
                    if ours and stat.S_ISREG(status.st_mode) and status.st_mtime <= oldest:
                        os.unlink(entry.path)


def _prefix(target: str) -> str:
    name = os.path.basename(target)
    return f".{name if len(os.fsencode(name)) <= _MAX_NAME_BYTES else name[:50]}."
