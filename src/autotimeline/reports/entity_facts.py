"""What a store says about an actor, a source, or an era: its own keys, and the events that name it."""

from collections.abc import Iterator
from typing import NamedTuple

from autotimeline.query.parser import Term
from autotimeline.query.selection import Selection


class EntityEvent(NamedTuple):
    """An event of an entity; `role` are the roles of an actor in it, joined by commas."""

    id: str
    date: str | None
    title: str
    role: str
    match: str


class EntityFacts:
    """The keys of an entity as in the store, and its events among those of a selection."""

    def __init__(self, selection: Selection, kind: str, name: str) -> None:
        self.kind, self.id = kind, selection.resolver.resolve_entity(kind, name)
        self._events = selection.derive(f"({selection.compiled.text}) {Term(kind, self.id)}")
        self._events.certain = selection.certain
        body = selection.catalog.entity_body(kind, self.id)
        self.keys: dict[str, list[str]] = {
            key: [str(item) for item in (value if isinstance(value, list) else [value])] for key, value in body.items()
        }
        self.span = self._events.span()
        """The dates of the event that begins first and of the one that ends last; None without dated events."""

    def events(self) -> Iterator[EntityEvent]:
        """Yield the events in the order of dates."""
        for id, date, title, actors, match in self._events.rows(("id", "date", "title", "actors", "match")):
            roles = (actor["role"] for actor in actors if self.kind == "actor" and actor["id"] == self.id)
            yield EntityEvent(id, date, title, ", ".join(filter(None, roles)), match)
