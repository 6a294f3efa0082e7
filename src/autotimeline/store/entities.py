"""Conversion of the tables of a store (header with format version, sources, actors, eras) to frozen values.

Problems are added to the reader. `events` converts events.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline import model

if TYPE_CHECKING:
    from autotimeline.store.table_reader import TableReader

FORMAT_VERSION = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


def parse_store_header(reader: TableReader, id: str) -> model.StoreHeader:
    """Parse the table `store`."""
    version = reader.get("format")
    if isinstance(version, int) and version > FORMAT_VERSION:
        text = f"{version} is not supported (the newest is {FORMAT_VERSION}); install a newer autotimeline"
        reader.add_problem("format", text)
    elif version is not None and (version != FORMAT_VERSION or isinstance(version, bool)):
        reader.add_problem("format", f"must be {FORMAT_VERSION}; write format = {FORMAT_VERSION}")
    value = model.StoreHeader(reader.get_text("title"))
    reader.reject_unknown_keys()
    return value


def parse_snapshot_header(reader: TableReader, id: str) -> model.SnapshotHeader:
    """Parse the table `snapshot`; the check `snapshot` compares it with the data."""
    digest = reader.get_text("sha256", required=True) or ""
    if digest and not _SHA256.fullmatch(digest):
        reader.add_problem("sha256", "is not a SHA-256; write 64 digits of 0-9 and a-f, as `export` does")
    value = model.SnapshotHeader(
        reader.get_text("query"),
        reader.get_flag("certain"),
        reader.get_text("sort"),
        reader.get_flag("reverse"),
        reader.get_number("limit"),
        reader.get_date("as_of"),
        reader.get_date("today"),
        reader.get_date("read"),
        reader.get_number("events"),
        reader.get_number("possible"),
        digest,
    )
    reader.reject_unknown_keys()
    return value


def parse_source(reader: TableReader, id: str) -> model.Source:
    """Parse a source."""
    value = model.Source(
        id,
        reader.get_text("title", required=True) or id,
        reader.get_date("published"),
        reader.get_text("url"),
        reader.get_text("file"),
        reader.get_text("origin"),
        reader.get_text("status", allowed=model.SOURCE_STATUSES),
        reader.get_text("note"),
    )
    reader.reject_unknown_keys()
    return value


def parse_actor(reader: TableReader, id: str) -> model.Actor:
    """Parse an actor."""
    value = model.Actor(
        id,
        reader.get_text("name", required=True) or id,
        reader.get_texts("aliases"),
        reader.get_text("kind"),
        reader.get_texts("part_of", ids=True),
        reader.get_text("note"),
    )
    reader.reject_unknown_keys()
    return value


def parse_era(reader: TableReader, id: str) -> model.Era | None:
    """Parse an era; None if its period is missing or invalid."""
    name, period = reader.get_text("name", required=True), reader.get_date("period")
    if period is None and "period" not in reader.body:
        reader.add_problem("period", 'missing; write period = "2023/2025-06"')
    value = model.Era(id, name or id, period, reader.get_text("note")) if period else None
    reader.reject_unknown_keys()
    return value


def parse_alias(reader: TableReader, id: str) -> str | None:
    """Parse an alias, and return its query."""
    return reader.get_text("query", required=True)


PARSERS = {
    "store": parse_store_header,
    "snapshot": parse_snapshot_header,
    "source": parse_source,
    "actor": parse_actor,
    "era": parse_era,
    "alias": parse_alias,
}
