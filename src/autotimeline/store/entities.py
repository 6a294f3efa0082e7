"""Turn the tables of a store's heads, its sources, actors, eras and aliases into frozen values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline import model

if TYPE_CHECKING:
    from autotimeline.store.table_reader import Fields

FORMAT = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


def store(fields: Fields, id: str) -> model.Store:
    """Return the head of a store."""
    number = fields.take("format")
    if isinstance(number, int) and number > FORMAT:
        fields.wrong(
            "format",
            f"{number} is newer than this autotimeline reads ({FORMAT}); install a newer autotimeline",
        )
    elif number is not None and (number != FORMAT or isinstance(number, bool)):
        fields.wrong("format", f"must be {FORMAT}")
    value = model.Store(fields.text("title"))
    fields.end()
    return value


def snapshot(fields: Fields, id: str) -> model.Snapshot:
    """Return what a snapshot says of itself; whether it is true is for `check` to find."""
    digest = fields.text("sha256", required=True) or ""
    if digest and not _SHA256.fullmatch(digest):
        fields.wrong("sha256", "is no SHA-256: 64 digits of 0-9 and a-f, as `export` writes them")
    value = model.Snapshot(
        fields.text("query"),
        fields.flag("certain"),
        fields.text("sort"),
        fields.flag("reverse"),
        fields.number("limit"),
        fields.date("as_of"),
        fields.date("today"),
        fields.date("read"),
        fields.number("events"),
        fields.number("possible"),
        digest,
    )
    fields.end()
    return value


def source(fields: Fields, id: str) -> model.Source:
    """Return a source."""
    value = model.Source(
        id,
        fields.text("title", required=True) or id,
        fields.date("published"),
        fields.text("url"),
        fields.text("file"),
        fields.text("origin"),
        fields.text("status", word=model.SOURCE_STATUSES),
        fields.text("note"),
    )
    fields.end()
    return value


def actor(fields: Fields, id: str) -> model.Actor:
    """Return an actor."""
    value = model.Actor(
        id,
        fields.text("name", required=True) or id,
        fields.texts("aliases"),
        fields.text("kind"),
        fields.texts("part_of", ids=True),
        fields.text("note"),
    )
    fields.end()
    return value


def era(fields: Fields, id: str) -> model.Era | None:
    """Return an era, None where its period is wrong."""
    name, period = fields.text("name", required=True), fields.date("period")
    if period is None and "period" not in fields.body:
        fields.wrong("period", 'missing; write period = "2023/2025-06"')
    value = model.Era(id, name or id, period, fields.text("note")) if period else None
    fields.end()
    return value


def alias(fields: Fields, id: str) -> str | None:
    """Return the query that an alias stands for."""
    return fields.text("query", required=True)


READERS = {
    "store": store,
    "snapshot": snapshot,
    "source": source,
    "actor": actor,
    "era": era,
    "alias": alias,
}
"""By kind, what reads a table; each notes in the fields what does not fit."""
