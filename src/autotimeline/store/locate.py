"""Location of the files of a store."""

from __future__ import annotations

import os

from autotimeline.errors import StoreError, UsageError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STDIN = "-"
# If a file changed this shortly before it was read, a later change may have the same time stamp.
SETTLED_NS = 2_000_000_000
UNSETTLED_STAMP = "unsettled"
"""The stamp of an index whose file only its bytes can prove; no file has it."""
DEFAULT_FILE_NAME = "facts.toml"
LAKE_MANIFEST = "lake.json"
SPARK_PREFIX = "spark://"
_REMEDY = "name a store with -f FILE, or start one with `autotimeline init`"


def find_files(arguments: Sequence[str]) -> list[str]:
    """Return the paths of the files of the store in order, as messages show them.

    These are the arguments, else AUTOTIMELINE_FILE (separated as in PATH), else `facts.toml` in the current directory
    or the nearest one above. A directory means its `*.toml` files, sorted by name; `-` is standard input.

    Raises:
        StoreError: If the store is missing, or a directory contains none.
        UsageError: If a file is named twice.
    """
    paths = [path for name in list_store_names(arguments) for path in _expand_directory(name)]
    real_paths = [path if path == STDIN else os.path.realpath(path) for path in paths]
    for index, path in enumerate(real_paths):
        if path in real_paths[:index]:
            raise UsageError(f"{paths[index]} is named twice; name each file of the store once")
    return paths


def list_store_names(arguments: Sequence[str]) -> list[str]:
    """Return the names of the files and directories of the store, without expanding directories.

    Raises:
        StoreError: If the store is missing.
    """
    names = list(arguments) or [p for p in os.environ.get("AUTOTIMELINE_FILE", "").split(os.pathsep) if p]
    return names or [_find_default_file()]


def find_lake(arguments: Sequence[str]) -> str:
    """Return the name of the lake that is to be read instead of a store: its directory or address, or "".

    Raises:
        UsageError: If other files are named beside it.
    """
    names = list_store_names(arguments)
    lakes = [name for name in names if is_lake(name)]
    if lakes and len(names) > 1:
        raise UsageError(f"{lakes[0]}: a lake is read alone; name it once, without other files")
    return lakes[0] if lakes else ""


def is_lake(name: str) -> bool:
    """Return whether a name is that of a lake: a directory with a manifest, or an address of Spark."""
    return name.startswith(SPARK_PREFIX) or os.path.isfile(os.path.join(name, LAKE_MANIFEST))


def is_store_file(name: str) -> bool:
    """Return whether a file in the directory of a store belongs to it, by its name."""
    return name.endswith(".toml") and not name.startswith(".")


def refuse_lake(name: str) -> None:
    """Raise UsageError if a name is that of a lake."""
    if is_lake(name):
        raise UsageError(f"{name}: a lake answers queries only; change its stores, and run `autotimeline lake` again")


def _expand_directory(name: str) -> list[str]:
    refuse_lake(name)
    if name == STDIN or not os.path.isdir(name):
        return [name]
    try:
        files = sorted(filter(is_store_file, os.listdir(name)))
    except OSError as error:
        raise StoreError(f"{name}: {error_reason(error)}") from None
    if not files:
        command = f"autotimeline init {os.path.join(name, DEFAULT_FILE_NAME)}"
        raise StoreError(f"{name}: no *.toml in this directory; start a store with `{command}`")
    return [os.path.join(name, file) for file in files]


def _find_default_file() -> str:
    directory = os.getcwd()
    while True:
        path = os.path.join(directory, DEFAULT_FILE_NAME)
        if os.path.isfile(path):
            return os.path.relpath(path)
        parent = os.path.dirname(directory)
        if parent == directory:
            raise StoreError(f"no {DEFAULT_FILE_NAME} in this directory or above; {_REMEDY}")
        directory = parent


def stat_file(path: str) -> os.stat_result:
    """Return the status of a file of the store.

    Raises:
        StoreError: If it is missing or not accessible.
    """
    try:
        return os.stat(path)
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: {error_reason(error)}; {_REMEDY}") from None


def file_stamp(status: os.stat_result, read_ns: int | None = None) -> str:
    """Return a stamp that changes with the file; one that no file has if `read_ns` is too close to the last change."""
    if read_ns is not None and status.st_ctime_ns > read_ns - SETTLED_NS:
        return UNSETTLED_STAMP
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
