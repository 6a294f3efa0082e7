"""The manifest of a lake, `lake.json`: its version, its files, and the names of its stores and feeds."""

import json
import os
from dataclasses import asdict, dataclass, field
from typing import Any

from autotimeline.errors import AutotimelineError, StoreError, error_reason
from autotimeline.store.locate import LAKE_MANIFEST
from autotimeline.version import __version__

FORMAT = 2


@dataclass
class Manifest:
    """The content of a lake.

    Attributes:
        files: The stores and feeds, in order; a location in the lake has the position of one.
        parts: The number of parts that were added so far; a part has numbers of its own.
        tables: The Parquet files of each table with their sizes, relative to the directory.
        columns: The columns of each table with their types, as in SQL.
    """

    files: list[str] = field(default_factory=list)
    parts: int = 0
    tables: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    lake: int = FORMAT
    program: str = __version__

    def publish(self, directory: str) -> None:
        """Write the manifest, which makes its files the lake."""
        path = os.path.join(directory, LAKE_MANIFEST)
        with open(f"{path}.part", "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{path}.part", path)

    def paths(self, table: str) -> list[str]:
        """Return the files of a table; none in a new lake."""
        return [path for path, _ in self.tables.get(table, [])]


def parse_manifest(text: str, directory: str) -> Manifest:
    """Return the manifest of a lake.

    Raises:
        StoreError: If it is damaged, or of a newer version.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        version = values["lake"]
        if version == FORMAT:
            return Manifest(**values)
    except (ValueError, TypeError, KeyError):
        raise StoreError(f"{directory}: damaged {LAKE_MANIFEST}; build it again with `autotimeline lake`") from None
    raise StoreError(
        f"{directory}: a lake of version {version}, and this program reads {FORMAT}; "
        + ("update autotimeline" if version > FORMAT else "build it again with `autotimeline lake`")
    )


def read_manifest(directory: str) -> Manifest:
    """Return the manifest of a lake in a directory, whose files must have the size that they were written with."""
    try:
        with open(os.path.join(directory, LAKE_MANIFEST), encoding="utf-8") as file:
            manifest = parse_manifest(file.read(), directory)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{directory}: {error_reason(error)}; build it again with `autotimeline lake`") from None
    for path, size in (file for files in manifest.tables.values() for file in files):
        _check_size(os.path.join(directory, path), size)
    return manifest


def _check_size(path: str, size: int) -> None:
    try:
        actual = os.path.getsize(path)
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}; build the lake again") from None
    if actual != size:
        raise AutotimelineError(f"{path}: truncated to {actual:,} of {size:,} bytes; build the lake again")
