"""What a store says about an actor, a source, or an era: its own keys, and the events that name it."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from autotimeline.model import Rate
from autotimeline.query.parser import Term
from autotimeline.query.selection import Selection
from autotimeline.reports.figures import StatedFigure, stated_figures


class EntityEvent(NamedTuple):
    """An event of an entity; `role` are the roles of an actor in it, joined by commas."""

    id: str
    date: str | None
    title: str
    role: str
    match: str
    disputed: list[str]


class EntityFacts:
    """The keys of an entity as in the store, and its events among those of a selection.

    Attributes:
        keys: The values of each key, as texts.
        span: The event that begins first and the one that ends last, as `first` and `last`; empty without dated events.
        roles: The number of events of an actor by role, the most frequent first; empty for sources and eras.
    """

    def __init__(self, selection: Selection, kind: str, name: str) -> None:
        self.kind, self.id = kind, selection.resolver.resolve_entity(kind, name)
        self._selection = selection
        body = selection.catalog.entity_body(kind, self.id)
        self.keys: dict[str, list[str]] = {
            key: [str(item) for item in (value if isinstance(value, list) else [value])] for key, value in body.items()
        }
        ends = self._derive("").first_and_last() or ()
        fields_by_id = [(id, field) for field, (id, _) in zip(("first", "last"), ends, strict=False)]
        found: dict[str, EntityEvent] = {}
        roles: Counter[str] = Counter()
        for event in self.events():
            found |= {field: event for id, field in fields_by_id if id == event.id}
            roles.update(filter(None, event.role.split(", ")))
        self.span = {field: found[field] for _, field in fields_by_id}
        self.roles = dict(sorted(roles.items(), key=lambda item: (-item[1], item[0])))

    def events(self, condition: str = "") -> Iterator[EntityEvent]:
        """Yield the events that also match a condition, in the order of dates."""
        fields = ("id", "date", "title", "actors", "match", "disputed")
        for id, date, title, actors, match, disputed in self._derive(condition).rows(fields):
            roles = (actor["role"] for actor in actors if self.kind == "actor" and actor["id"] == self.id)
            yield EntityEvent(id, date, title, ", ".join(filter(None, roles)), match, disputed)

    def open_plans(self) -> Iterator[EntityEvent]:
        """Yield the plans that nothing has fulfilled or replaced."""
        return self.events("is:planned not is:fulfilled not is:replaced")

    def disputed(self) -> Iterator[EntityEvent]:
        """Yield the events whose sources contradict them or each other."""
        return self.events("is:disputed")

    def single_source(self) -> Iterator[EntityEvent]:
        """Yield the events that rest on this source alone; none for an actor or an era."""
        return self.events("is:single-source") if self.kind == "source" else iter(())

    def rates(self) -> list[Rate]:
        """Return the exchange rates of a source; none for an actor or an era."""
        return [rate for rate in self._selection.catalog.rates() if (self.kind, self.id) == ("source", rate.source)]

    def figures(self) -> Iterator[StatedFigure]:
        """Yield the figures of the events; for an actor, only those about it or about no actor."""
        for figure in stated_figures(self._derive("")):
            if self.kind != "actor" or self.id in (figure.of, figure.holder) or not (figure.of or figure.holder):
                yield figure

    def _derive(self, condition: str) -> Selection:
        events = self._selection.derive(f"({self._selection.compiled.text}) {Term(self.kind, self.id)} {condition}")
        events.certain = self._selection.certain
        return events
