"""The sum over what a store says, whatever its layout (docs/export.md): a snapshot carries it, `check` verifies it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from autotimeline.store.blocks import MalformedError, blocks, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Tables = dict[str, Any]

# A day of TOML is its ISO text.
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


def checksum(events: Iterable[Tables], rest: Tables) -> str:
    """Return the SHA-256, in hexadecimal, of the events in their order and of the other tables as one.

    Each is a line of UTF-8, ended by LF: JSON with sorted keys and without white space. `events` is read
    first, as it comes, `rest` then: it may come to be what it is meanwhile.
    """
    total = sha256()
    for event in events:
        total.update(_line(event))
    total.update(_line(rest))
    return total.hexdigest()


def checksum_of(data: bytes) -> str | None:
    """Return the sum over a file's parsed data without its table `snapshot`; None where it is no TOML."""
    rest: Tables = {}
    try:
        return checksum(_events(data, rest), rest)
    except MalformedError:
        return None


def _events(data: bytes, rest: Tables) -> Iterator[Tables]:
    """Yield the events of a file, and put all else of it into `rest`."""
    for _, tables in blocks(decode(data)):
        if isinstance(tables, MalformedError):
            raise tables
        for kind, content in (tables or {}).items():
            if kind == "event" and isinstance(content, list):
                yield from content
            elif isinstance(content, dict) and kind != "snapshot":
                rest.setdefault(kind, {}).update(content)


def _line(part: Tables) -> bytes:
    return _ENCODE(part).encode() + b"\n"
