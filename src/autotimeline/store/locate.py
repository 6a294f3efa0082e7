"""Find the files of a store."""

from __future__ import annotations

import os

from autotimeline.errors import StoreError, UsageError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STDIN = "-"
# A file changed this long before it was read, or later, may have been changed once more unseen.
SETTLED_NS = 2_000_000_000
DEFAULT_FILE_NAME = "facts.toml"


def find_files(arguments: Sequence[str]) -> list[str]:
    """Return the paths of the store's files, as they are to be named in messages, in order.

    The files that were given; else AUTOTIMELINE_FILE (several separated as in PATH); else `facts.toml` here or in the
    nearest folder above. A folder stands for its `*.toml` in order of name; `-` is standard input.

    Raises:
        StoreError: where no store is in reach, or a folder holds none.
        UsageError: where a file is named twice.
    """
    names = list(arguments) or [p for p in os.environ.get("AUTOTIMELINE_FILE", "").split(os.pathsep) if p]
    paths = [path for name in names for path in _expand_directory(name)] or [_find_default_file()]
    real_paths = [path if path == STDIN else os.path.realpath(path) for path in paths]
    for index, path in enumerate(real_paths):
        if path in real_paths[:index]:
            raise UsageError(f"{paths[index]} is named twice; name each file of the store once")
    return paths


def _expand_directory(name: str) -> list[str]:
    if name == STDIN or not os.path.isdir(name):
        return [name]
    try:
        file_names = sorted(
            file_name for file_name in os.listdir(name) if file_name.endswith(".toml") and not file_name.startswith(".")
        )
    except OSError as error:
        raise StoreError(f"{name}: {error_reason(error)}") from None
    if not file_names:
        raise StoreError(
            f"{name}: no *.toml in this folder; `autotimeline init {os.path.join(name, DEFAULT_FILE_NAME)}` starts a store"
        )
    return [os.path.join(name, file_name) for file_name in file_names]


def _find_default_file() -> str:
    directory = os.getcwd()
    while True:
        path = os.path.join(directory, DEFAULT_FILE_NAME)
        if os.path.isfile(path):
            return os.path.relpath(path)
        parent = os.path.dirname(directory)
        if parent == directory:
            raise StoreError(
                f"no {DEFAULT_FILE_NAME} here or in a folder above; name a store with -f FILE, or start one with `autotimeline init`"
            )
        directory = parent


def stat_file(path: str) -> os.stat_result:
    """Return the status of a file of the store.

    Raises:
        StoreError: where it is not there, or out of reach.
    """
    try:
        return os.stat(path)
    except (OSError, ValueError) as error:
        message = f"{path}: {error_reason(error)}; name a store with -f FILE, or start one with `autotimeline init`"
        raise StoreError(message) from None


def file_stamp(status: os.stat_result, read_ns: int | None = None) -> str:
    """Return what proves a file unchanged; where `read_ns` is too near its last change, what never does."""
    if read_ns is not None and status.st_ctime_ns > read_ns - SETTLED_NS:
        return "unsettled"
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
