"""Records of the last changes, one file per change, so that they can be undone."""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from autotimeline.index.cache_directory import open_private, trusted_directory

MAX_RECORDS = 100
"""The number of changes that are recorded, for all stores of a user together."""
MAX_BYTES = 1 << 26
"""The total size of the records; the last one may exceed it."""
_FILE_KEYS = {"path": str, "before": str, "after": str, "at": int, "old": str, "new": str}


@dataclass(frozen=True)
class UndoRecord:
    """A change: its command line, its time (ISO 8601), and the replaced text of each file.

    `invalid` means that the store had problems before the change.
    """

    path: str
    command: str
    timestamp: str
    files: list[dict[str, Any]]
    invalid: bool

    def restore(self, path: str, data: bytes) -> bytes | None:
        """Return the bytes of a file before the change; None if `data` is not its state after the change."""
        file = self._find_file(path)
        if file is None or _sha256_hex(data) != file["after"]:
            return None
        offset, old, new = file["at"], *(file[key].encode(errors="replace") for key in ("old", "new"))
        restored = data[:offset] + old + data[offset + len(new) :]
        return restored if _sha256_hex(restored) == file["before"] else None

    def is_undone(self, path: str, data: bytes) -> bool:
        """Return whether a file is in its state before the change."""
        file = self._find_file(path)
        return file is not None and _sha256_hex(data) == file["before"]

    def delete(self) -> None:
        """Delete the record."""
        with suppress(OSError):
            os.unlink(self.path)

    def _find_file(self, path: str) -> dict[str, Any] | None:
        real_path = os.path.realpath(path)
        return next((file for file in self.files if file["path"] == real_path), None)


def save_record(command: str, files: Mapping[str, tuple[bytes, bytes]], *, invalid: bool) -> UndoRecord:
    """Record a change, (bytes before, bytes after) by path, before it is made, or raise OSError."""
    directory = trusted_directory("undo", make=True)
    # Names are in order even if the clock was set back.
    newest = next((int(name) for path in _record_paths() if (name := os.path.basename(path)[:-5]).isdecimal()), 0)
    record = UndoRecord(
        os.path.join(directory, f"{max(time.time_ns(), newest + 1):020d}.json"),
        command,
        time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        [_describe_file_change(path, old, new) for path, (old, new) in files.items()],
        invalid,
    )
    values = {"command": command, "when": record.timestamp, "files": record.files, "invalid": invalid}
    try:
        with open(record.path, "x", encoding="utf-8", opener=open_private) as file:
            # json.dumps escapes paths that are not UTF-8.
            file.write(json.dumps(values))
    except BaseException:
        record.delete()
        raise
    _delete_old_records()
    return record


def read_records(paths: Iterable[str]) -> Iterator[UndoRecord]:
    """Yield the records that contain any of these files, the last one first."""
    real_paths = {os.path.realpath(path) for path in paths}
    for path in _record_paths():
        try:
            with open(path, encoding="utf-8", opener=open_private) as file:
                values = json.load(file)
            files = [{key: kind(item[key]) for key, kind in _FILE_KEYS.items()} for item in values["files"]]
            command, when, invalid = (values.get(key) for key in ("command", "when", "invalid"))
        except (OSError, ValueError, ArithmeticError, KeyError, TypeError, RecursionError):
            continue  # The process was killed while it wrote the record.
        if real_paths.intersection(item["path"] for item in files):
            yield UndoRecord(path, str(command), str(when), files, invalid is True)


def _record_paths() -> list[str]:
    try:
        directory = trusted_directory("undo")
        names = sorted((name for name in os.listdir(directory) if name.endswith(".json")), reverse=True)
    except OSError:
        return []
    return [os.path.join(directory, name) for name in names]


def _delete_old_records() -> None:
    size = 0
    for number, path in enumerate(_record_paths()):
        with suppress(OSError):
            size += os.stat(path).st_size
            if number >= MAX_RECORDS or (number and size > MAX_BYTES):
                os.unlink(path)


def _describe_file_change(path: str, old: bytes, new: bytes) -> dict[str, Any]:
    """Return the change of a file: the text from the first to the last differing line, and hashes of the whole."""
    shorter = min(len(old), len(new))
    head = _common_length(shorter, lambda low, high: old[low:high] == new[low:high])
    head = old.rfind(b"\n", 0, head) + 1
    # The line end before the head's end may be common to both tails, too: a tail begins after a line end.
    tail = _common_length(
        shorter - max(head - 1, 0),
        lambda low, high: old[len(old) - high : len(old) - low] == new[len(new) - high : len(new) - low],
    )
    end = old.find(b"\n", len(old) - tail) + 1
    tail = len(old) - end if end else 0
    return {
        "path": os.path.realpath(path),
        "before": _sha256_hex(old),
        "after": _sha256_hex(new),
        "at": head,
        "old": old[head : len(old) - tail].decode(),
        "new": new[head : len(new) - tail].decode(),
    }


def _common_length(limit: int, is_common: Callable[[int, int], bool]) -> int:
    """Return the largest length up to a limit that is common, by bisection; `is_common` gets two lengths."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if is_common(low, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _sha256_hex(data: bytes) -> str:
    return sha256(data).hexdigest()
