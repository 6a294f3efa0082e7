"""The checksum of the data of a store, whatever its layout (docs/export.md); snapshots contain it."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from autotimeline.store.blocks import TomlSyntaxError, decode_text, parse_blocks

TomlTable = dict[str, Any]

# `str` is for the dates of TOML.
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


def checksum(events: Iterable[TomlTable], rest: TomlTable) -> str:
    """Return the SHA-256, in hexadecimal, of the events in order, followed by all other tables as one.

    Each is a line of JSON with sorted keys and without white space, in UTF-8. `rest` is read after all events.
    """
    digest = sha256()
    for event in events:
        digest.update(_canonical_line(event))
    digest.update(_canonical_line(rest))
    return digest.hexdigest()


def file_checksum(data: bytes) -> str | None:
    """Return the checksum of the data of a file without its table `snapshot`; None if it is not TOML."""
    rest: TomlTable = {}
    try:
        return checksum(_iterate_events(data, rest), rest)
    except TomlSyntaxError:
        return None


def _iterate_events(data: bytes, rest: TomlTable) -> Iterator[TomlTable]:
    """Yield the events of a file, and add its other tables to `rest`."""
    for _, tables in parse_blocks(decode_text(data)):
        if isinstance(tables, TomlSyntaxError):
            raise tables
        for kind, content in (tables or {}).items():
            if kind == "event" and isinstance(content, list):
                yield from content
            elif isinstance(content, dict) and kind != "snapshot":
                rest.setdefault(kind, {}).update(content)


def _canonical_line(table: TomlTable) -> bytes:
    return _ENCODE(table).encode() + b"\n"
