"""A snapshot: the events of a selection with all that they refer to, as a store that describes itself."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from autotimeline.dates.span import format_iso
from autotimeline.errors import UsageError
from autotimeline.query.selection import Selection
from autotimeline.store.checksum import checksum
from autotimeline.table import StoreBlock

# So far from today that no relative date has the same days.
_OTHER_DAY = 500_000


class SelectionSnapshot:
    """The events of a selection in order, and the entities and aliases that belong to them.

    `stated_today` is the ordinal of `--today`, and `as_of` that of `--as-of`, or None. The day of the clock is not part
    of a snapshot unless the query depends on it.

    Events are not kept in memory: they are read from the index once for the checksum, and again for each use.
    """

    def __init__(self, selection: Selection, *, stated_today: int | None = None, as_of: int | None = None) -> None:
        self.selection = selection
        self.stated_today = stated_today
        self.as_of = as_of

    @cached_property
    def entity_blocks(self) -> list[StoreBlock]:
        """The blocks of the store other than events: the head, the entities, and the aliases."""
        return list(self.selection.catalog.entities())

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The entity blocks as tables: `store` and `alias` with their keys; the others by id."""
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
        """Yield the keys of each event in the store."""
        return (row[0] for row in self.selection.rows(("body",)))

    def event_texts(self) -> Iterator[str]:
        """Yield what `event_bodies` yields as JSON."""
        return (row[0] for row in self.selection.rows(("body_text",)))

    @cached_property
    def header(self) -> dict[str, Any]:
        """The query and its options, the dates, the numbers of events, and the checksum."""
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
            "today": format_iso(selection.resolver.today) if self._needs_today() else None,
        }
        return {
            **{key: value for key, value in options.items() if value is not None},
            "events": events,
            "possible": possible,
            "sha256": digest,
        }

    def _needs_today(self) -> bool:
        """Return whether today was stated, or the query has another meaning on another day."""
        if self.stated_today is not None:
            return True
        today, query = self.selection.resolver.today, self.selection.compiled.text
        other_day = today + (_OTHER_DAY if today < _OTHER_DAY else -_OTHER_DAY)
        try:
            first, second = (self.selection.derive(query, today=day).where() for day in (today, other_day))
        except UsageError:
            # On the other day, a period from a year until today ends before it begins.
            return True
        return (first.text, first.params) != (second.text, second.params)
