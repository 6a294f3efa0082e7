"""Files that are written whole beside the file whose name they take, safe from links that other users plant."""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress

from autotimeline.errors import AutotimelineError

_RANDOM_SUFFIX = re.compile(r"[0-9a-f]{16}\.part")
_MAX_AGE_SECONDS = 86_400
# A name has at most 255 bytes; of a longer one than this the beginning is enough.
_MAX_NAME_BYTES = 230
_MAX_LINKS = 40


def resolve_target(path: str) -> str:
    """Return the path behind symbolic links, of which none is another user's in a directory that everybody can write.

    Raises:
        AutotimelineError: if one is, or, in such a directory with a sticky bit, the file itself.
    """
    for _ in range(_MAX_LINKS):
        _refuse_planted(path)
        if not os.path.islink(path):
            break
        path = os.path.join(os.path.dirname(path), os.readlink(path))
    return os.path.realpath(path)


def _refuse_planted(path: str) -> None:
    # What Linux does by fs.protected_symlinks and fs.protected_regular, where they are on; not every system has them.
    if not hasattr(os, "geteuid"):
        return
    try:
        found, folder = os.lstat(path), os.stat(os.path.dirname(path) or os.curdir)
    except (OSError, ValueError):
        return
    shared = folder.st_mode & stat.S_IWOTH and (stat.S_ISLNK(found.st_mode) or folder.st_mode & stat.S_ISVTX)
    if shared and found.st_uid not in (0, os.geteuid()):
        raise AutotimelineError(
            f"{path}: belongs to another user, in a directory that everybody can write to; name another file"
        )


def create_partial(target: str, mode: int = 0o600) -> tuple[int, str]:
    """Create an empty file beside another, and return its descriptor and its path; nobody can guess its name.

    Raises:
        AutotimelineError: if there is such a file all the same.
    """
    remove_stale(target, _MAX_AGE_SECONDS)
    part = os.path.join(os.path.dirname(target), f"{_prefix(target)}{os.urandom(8).hex()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.open(part, flags, mode), part
    except FileExistsError:
        raise AutotimelineError(f"{part}: it exists already; remove it") from None


def copy_metadata(handle: int, like: os.stat_result) -> None:
    """Give an open file the mode and, as far as the system lets us, the owner of another."""
    if hasattr(os, "fchmod"):
        # Whoever may write a file of another's may not give theirs to that other.
        with suppress(PermissionError):
            os.fchown(handle, -1, like.st_gid)
        with suppress(PermissionError):
            os.fchown(handle, like.st_uid, -1)
        os.fchmod(handle, stat.S_IMODE(like.st_mode))


def remove_stale(target: str, seconds: int = 0) -> None:
    """Remove the partial files of ours beside a file that are so many seconds old: killed processes left them."""
    prefix, oldest = _prefix(target), time.time() - seconds
    with suppress(OSError), os.scandir(os.path.dirname(target) or os.curdir) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and _RANDOM_SUFFIX.fullmatch(entry.name, len(prefix)):
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    ours = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
                    if ours and stat.S_ISREG(found.st_mode) and found.st_mtime <= oldest:
                        os.unlink(entry.path)


def _prefix(target: str) -> str:
    name = os.path.basename(target)
    return f".{name if len(os.fsencode(name)) <= _MAX_NAME_BYTES else name[:50]}."
