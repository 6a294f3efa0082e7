"""Find the files of a store."""

from __future__ import annotations

import os

from autotimeline.errors import StoreError, UsageError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STDIN = "-"
# A file changed this long before it was read, or later, may have been changed once more unseen.
_SETTLED_NS = 2_000_000_000
NAME = "facts.toml"


def locate(given: Sequence[str]) -> list[str]:
    """Return the paths of the store's files, as they are to be named in messages, in order.

    The files that were given; else AUTOTIMELINE_FILE (several separated as in PATH); else `facts.toml` here or in the
    nearest folder above. A folder stands for its `*.toml` in order of name; `-` is standard input.

    Raises:
        StoreError: where no store is in reach, or a folder holds none.
        UsageError: where a file is named twice.
    """
    named = list(given) or [p for p in os.environ.get("AUTOTIMELINE_FILE", "").split(os.pathsep) if p]
    paths = [path for name in named for path in _files(name)] or [_nearest()]
    real = [path if path == STDIN else os.path.realpath(path) for path in paths]
    for at, path in enumerate(real):
        if path in real[:at]:
            raise UsageError(f"{paths[at]} is named twice; name each file of the store once")
    return paths


def _files(name: str) -> list[str]:
    if name == STDIN or not os.path.isdir(name):
        return [name]
    try:
        found = sorted(entry for entry in os.listdir(name) if entry.endswith(".toml") and not entry.startswith("."))
    except OSError as error:
        raise StoreError(f"{name}: {reason(error)}") from None
    if not found:
        raise StoreError(
            f"{name}: no *.toml in this folder; `autotimeline init {os.path.join(name, NAME)}` starts a store"
        )
    return [os.path.join(name, entry) for entry in found]


def _nearest() -> str:
    folder = os.getcwd()
    while True:
        path = os.path.join(folder, NAME)
        if os.path.isfile(path):
            return os.path.relpath(path)
        above = os.path.dirname(folder)
        if above == folder:
            raise StoreError(
                f"no {NAME} here or in a folder above; name a store with -f FILE, or start one with `autotimeline init`"
            )
        folder = above


def status(path: str) -> os.stat_result:
    """Return the status of a file of the store.

    Raises:
        StoreError: where it is not there, or out of reach.
    """
    try:
        return os.stat(path)
    except (OSError, ValueError) as error:
        what = f"{path}: {reason(error)}; name a store with -f FILE, or start one with `autotimeline init`"
        raise StoreError(what) from None


def stamp(status: os.stat_result, read_ns: int | None = None) -> str:
    """Return what proves a file unchanged; where `read_ns` is too near its last change, what never does."""
    if read_ns is not None and status.st_ctime_ns > read_ns - _SETTLED_NS:
        return "unsettled"
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
