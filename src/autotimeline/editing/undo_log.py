"""What was changed, kept beside the indexes, so that it can be taken back: a file for each change, not without end."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from autotimeline.index.cache_directory import private, trusted
from autotimeline.store import edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KEPT = 100
"""How many changes are kept, of all stores of a user together."""
KEPT_BYTES = 1 << 26
"""How many bytes they have at most; the last one is kept however large it is."""
_KEYS = {"path": str, "before": str, "after": str, "at": int, "old": str, "new": str}


class Entry:
    """A change: what made it, when (ISO 8601), and of each file (its resolved path) what was put in whose place.

    The store may have been invalid before it.
    """

    def __init__(self, path: str, command: str, when: str, files: list[dict[str, Any]], *, invalid: bool) -> None:
        self.path = path
        self.command = command
        self.when = when
        self.files = files
        self.invalid = invalid

    def before(self, path: str, data: bytes) -> bytes | None:
        """Return what a file was before the change; None where it is not what the change made of it."""
        file = self._of(path)
        if file is None or _digest(data) != file["after"]:
            return None
        at, old, new = file["at"], *(file[key].encode(errors="replace") for key in ("old", "new"))
        found = data[:at] + old + data[at + len(new) :]
        return found if _digest(found) == file["before"] else None

    def undone(self, path: str, data: bytes) -> bool:
        """Tell whether a file is what it was before the change, which then was never made, or is taken back."""
        file = self._of(path)
        return file is not None and _digest(data) == file["before"]

    def drop(self) -> None:
        """Forget the change."""
        with suppress(OSError):
            os.unlink(self.path)

    def _of(self, path: str) -> dict[str, Any] | None:
        real = os.path.realpath(path)
        return next((file for file in self.files if file["path"] == real), None)


def keep(command: str, files: Mapping[str, tuple[bytes, bytes]], *, invalid: bool) -> Entry:
    """Note a change before it is made; `files` are the bytes before and after, by path.

    Raises:
        OSError: where it cannot be noted.
    """
    directory = trusted("undo", make=True)
    # Behind the newest record also if the clock was set back.
    newest = next((int(name) for path in _kept() if (name := os.path.basename(path)[:-5]).isdecimal()), 0)
    entry = Entry(
        os.path.join(directory, f"{max(time.time_ns(), newest + 1):020d}.json"),
        command,
        time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        [_file(path, old, new) for path, (old, new) in files.items()],
        invalid=invalid,
    )
    values = {"command": command, "when": entry.when, "files": entry.files, "invalid": invalid}
    try:
        # What a killed process leaves of it is no JSON, and passed over.
        with open(entry.path, "x", encoding="utf-8", opener=private) as file:
            # A path may hold bytes that are not UTF-8.
            file.write(json.dumps(values))
    except BaseException:
        entry.drop()
        raise
    _evict()
    return entry


def entries(paths: Iterable[str]) -> Iterator[Entry]:
    """Yield the changes of any of these files, the last one first."""
    real = {os.path.realpath(path) for path in paths}
    for path in _kept():
        try:
            with open(path, encoding="utf-8", opener=private) as file:
                values = json.load(file)
            files = [{key: kind(item[key]) for key, kind in _KEYS.items()} for item in values["files"]]
            command, when, invalid = (values.get(key) for key in ("command", "when", "invalid"))
            entry = Entry(path, str(command), str(when), files, invalid=invalid is True)
        except (OSError, ValueError, ArithmeticError, KeyError, TypeError, RecursionError):
            continue
        if real.intersection(item["path"] for item in files):
            yield entry


def _kept() -> list[str]:
    try:
        place = trusted("undo")
        names = sorted((name for name in os.listdir(place) if name.endswith(".json")), reverse=True)
    except OSError:
        return []
    return [os.path.join(place, name) for name in names]


def _evict() -> None:
    size = 0
    for number, path in enumerate(_kept()):
        with suppress(OSError):
            size += os.stat(path).st_size
            if number >= KEPT or (number and size > KEPT_BYTES):
                os.unlink(path)


def _file(path: str, old: bytes, new: bytes) -> dict[str, Any]:
    """Return what a change makes of a file: the lines from the first to the last that differ."""
    before, after = edit.cut(old.decode()), edit.cut(new.decode())
    head, tail = edit.same(before, after)
    return {
        "path": os.path.realpath(path),
        "before": _digest(old),
        "after": _digest(new),
        "at": len("".join(before[:head]).encode()),
        "old": "".join(before[head : len(before) - tail]),
        "new": "".join(after[head : len(after) - tail]),
    }


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
