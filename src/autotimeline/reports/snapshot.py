"""What a query finds, with all that it uses, as a store of its own that says what it is."""

from __future__ import annotations

from functools import cached_property
from json import loads
from typing import TYPE_CHECKING

from autotimeline.dates.span import format_iso
from autotimeline.query.catalog import ENTITY_LOCATIONS
from autotimeline.store.checksum import checksum

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.table import StoreBlock


class SelectionSnapshot:
    """The events of a selection, in its order, and the sources, actors, eras and aliases that belong to them.

    `read` is the day (an ordinal) on which the store was read, `as_of` the one as of which it is asked, None for as it
    stands. Nothing is held but what is no event: the events are read from the index, once for the sum and once more
    each time that they are asked for.
    """

    def __init__(self, selection: Selection, *, read_day: int, as_of: int | None = None) -> None:
        self.selection = selection
        self.read_day = read_day
        self.as_of = as_of

    @cached_property
    def entity_blocks(self) -> list[StoreBlock]:
        """The blocks of the store that are no events: the head, sources, actors, eras, aliases."""
        return list(self.selection.catalog.entities())

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The same as tables: `store` and `alias` with their keys, `source`, `actor` and `era` with theirs by id."""
        tables: dict[str, Any] = {}
        for header, keys in self.entity_blocks:
            kind, _, id = header.partition(".")
            tables.setdefault(kind, {}).update({id: keys} if id else keys)
        return tables

    def blocks(self) -> Iterator[StoreBlock]:
        """Yield the blocks of the snapshot in TOML: its header, the entities, the events."""
        yield "snapshot", self.header
        yield from self.entity_blocks
        yield from (("event", body) for body in self.event_bodies())

    def event_bodies(self) -> Iterator[dict[str, Any]]:
        """Yield the keys of each event, as a store has them."""
        return (row[0] for row in self.selection.rows(("body",)))

    @cached_property
    def header(self) -> dict[str, Any]:
        """What was asked, as of which day, when the store was read, how many events matched, and the sum of it all."""
        selection = self.selection
        events = possible = 0

        def counted_bodies() -> Iterator[dict[str, Any]]:
            nonlocal events, possible
            for body, match in selection.rows(("body", "match")):
                events += 1
                possible += match == "possible"
                yield body

        digest = checksum(counted_bodies(), self.tables)
        options = {
            "query": selection.compiled.text or None,
            "certain": selection.certain or None,
            "sort": selection.sort,
            "reverse": selection.reverse or None,
            "limit": selection.limit,
            "as_of": format_iso(self.as_of) if self.as_of is not None else None,
        }
        return {
            **{key: value for key, value in options.items() if value is not None},
            "today": format_iso(selection.resolver.today),
            "read": format_iso(self.read_day),
            "events": events,
            "possible": possible,
            "sha256": digest,
        }


def stored_checksums(selection: Selection) -> list[tuple[str, int, str]]:
    """Return (file, line from 1, SHA-256) of each file of a store that says of itself that it is a snapshot."""
    rows = selection.db.execute(
        f"SELECT c.file, c.line + b.line + x.line, x.body FROM {ENTITY_LOCATIONS} WHERE x.kind = 'snapshot' ORDER BY 1"
    )
    return [(selection.names.paths[file], line, loads(body)["sha256"]) for file, line, body in rows]
