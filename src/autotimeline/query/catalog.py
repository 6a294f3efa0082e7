"""Look-ups in the store of a selection: single events and sources, links, problems, and aliases."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS, EVENT_TABLES, decode_json
from autotimeline.query.fields import QUERY_FIELDS
from autotimeline.query.predicates import compose, date_in, param
from autotimeline.schema import ENTITY_KINDS, LINK_INVERSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.model import Event, Rate, Source
    from autotimeline.query.columns import DisplayNames
    from autotimeline.query.predicates import Sql
    from autotimeline.query.resolver import NameResolver

ENTITY_LOCATIONS = "entity x JOIN block b ON b.number = x.block JOIN chunk c ON c.number = b.chunk"
"""The entities with their positions: `c.file`, `c.line + b.line + x.line`."""


class Catalog:
    """Look-ups in the store of a selection. All but `entities` ignore which events are selected."""

    def __init__(self, resolver: NameResolver, names: DisplayNames, ids: Sql, *, complete: bool) -> None:
        self.resolver = resolver
        self.db = resolver.db
        self.paths = names.paths
        # The numbers of the selected events, and whether these are all events of today's store.
        self._ids, self._complete = ids, complete

    def title(self) -> str | None:
        """Return the title of the store."""
        sql = f"SELECT x.name FROM {ENTITY_LOCATIONS} WHERE x.kind = 'store' AND x.name IS NOT NULL"
        return self.resolver.scalar(f"{sql} ORDER BY c.file, c.line, b.line")

    def event(self, id: str) -> Event | None:
        """Return an event by its id; None if it is missing."""
        from autotimeline.store.read import event_from_body

        cells = ", ".join(("d.body", COLUMNS["file"].sql, COLUMNS["line"].sql))
        row = self.db.execute(f"SELECT {cells} FROM {EVENT_TABLES} WHERE e.id = ?", (id,)).fetchone()
        return event_from_body(decode_json(row[0]), self.paths[row[1]], row[2]) if row else None

    def event_body(self, id: str) -> dict[str, Any]:
        """Return the keys of an event as in a store; empty if it is missing."""
        row = self.db.execute(f"SELECT d.body FROM {EVENT_TABLES} WHERE e.id = ?", (id,)).fetchone()
        return dict(decode_json(row[0])) if row else {}

    def entity_body(self, kind: str, id: str) -> dict[str, Any]:
        """Return the keys of an actor, source, or era as in a store; empty if it is missing."""
        row = self.db.execute("SELECT body FROM entity WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        return dict(decode_json(row[0])) if row else {}

    def source(self, id: str) -> Source | None:
        """Return a source by its id; None if it is missing."""
        from autotimeline.store.read import entry_from_body

        body = self.entity_body("source", id)
        source: Source | None = entry_from_body("source", id, body) if body else None
        return source

    def links(self, id: str) -> list[tuple[str, str, str | None, str | None]]:
        """Return an event's links in both directions, in date order: (type as seen from it, other id, date, title).

        Date and title are None if the other event is missing.
        """
        rows = self.db.execute(
            "SELECT l.type, 0, l.target, x.date, x.title, x.sort_day, x.sort_tiebreak"
            " FROM link l JOIN event e ON e.number = l.event LEFT JOIN event x ON x.id = l.target WHERE e.id = ?"
            " UNION SELECT l.type, 1, x.id, x.date, x.title, x.sort_day, x.sort_tiebreak"
            " FROM link l JOIN event x ON x.number = l.event WHERE l.target = ? ORDER BY 6, 7, 3",
            (id, id),
        )
        return list(dict.fromkeys((LINK_INVERSES[type] if back else type, *x[:3]) for type, back, *x in rows))

    def problems(self, rule: str = "") -> Iterator[tuple[str, int, str | None, str]]:
        """Yield (file, line from 1, event's id, text) of what makes the store invalid, by one rule or by any."""
        rows = self.db.execute(
            "SELECT c.file, c.line + b.line + p.line, p.event, p.text, g.file, g.line + f.line + p.first_line"
            " FROM problem p JOIN block b ON b.number = p.block JOIN chunk c ON c.number = b.chunk"
            " LEFT JOIN block f ON f.number = p.first_block LEFT JOIN chunk g ON g.number = f.chunk"
            " WHERE ? IN ('', p.rule) ORDER BY 1, 2, 4",
            (rule,),
        )
        for file, line, event, text, first_file, first_line in rows:
            message = text if first_file is None else text.replace("{first}", f"{self.paths[first_file]}:{first_line}")
            yield self.paths[file], line, event, message

    def entity_locations(self, kind: str) -> list[tuple[str, str, int]]:
        """Return (id, file, line from 1) of every entity of a kind, or alias, in the order of the store."""
        sql = f"SELECT x.id, c.file, c.line + b.line + x.line FROM {ENTITY_LOCATIONS} WHERE x.kind = ? ORDER BY 2, 3"
        return [(id, self.paths[file], line) for id, file, line in self.db.execute(sql, (kind,))]

    def parent_actors(self, actor: str) -> list[str]:
        """Return the ids in an actor's `part_of`."""
        return [row[0] for row in self.db.execute("SELECT parent FROM actor_parent WHERE actor = ?", (actor,))]

    def completion_values(self, field: str) -> list[str]:
        """Return the values in the store of a field of the query language; none if it takes any text."""
        return QUERY_FIELDS[field].values(self.resolver)

    def measures(self) -> dict[str, str]:
        """Return what the store states that its metrics measure, by metric."""
        return {id: body["measures"] for id, body in self._bodies("metric")}

    def aliases(self) -> list[tuple[str, str]]:
        """Return (name, query) of every alias."""
        return self.db.execute("SELECT id, name FROM entity WHERE kind = 'alias' ORDER BY id").fetchall()

    def rates(self) -> list[Rate]:
        """Return the exchange rates in the order of their ids."""
        from autotimeline.store.read import entry_from_body

        return [entry_from_body("rate", id, body) for id, body in self._bodies("rate")]

    def _bodies(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """Return (id, keys) of each entity of a kind, in the order of the ids."""
        rows = self.db.execute("SELECT id, body FROM entity WHERE kind = ? ORDER BY id", (kind,))
        return [(id, decode_json(body)) for id, body in rows]

    def entities(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (header, keys) of the head, the entities, and the aliases that a store of these events needs.

        If every event is selected, these are all that exist.
        """
        statement = compose(
            "WITH selected AS ({}),"
            " used (kind, id) AS (SELECT kind, id FROM reference WHERE event IN (SELECT number FROM selected)"
            " UNION SELECT 'metric', metric FROM figure WHERE event IN (SELECT number FROM selected)"
            # A conversion may need a chain of rates: all of them are used.
            " UNION SELECT 'source', json_extract(body, '$.source') FROM entity WHERE kind = 'rate'"
            " UNION SELECT 'actor', g.parent FROM actor_group g JOIN reference r ON r.kind = 'actor' AND r.id = g.actor"
            " WHERE r.event IN (SELECT number FROM selected))"
            f" SELECT x.kind, x.id, x.body FROM {ENTITY_LOCATIONS}"
            " WHERE x.kind IN ('store', 'era', 'rate', 'alias')"
            " OR {} AND x.kind IN ('source', 'actor', 'metric')"
            " OR EXISTS (SELECT 1 FROM used u WHERE u.kind = x.kind AND u.id = x.id)"
            " ORDER BY INSTR('store source actor era metric rate alias', x.kind), c.file, c.line + b.line + x.line",
            self._ids,
            param(self._complete),
        )
        rows = [(kind, id, decode_json(body)) for kind, id, body in statement.execute(self.db)]
        head: dict[str, Any] = next((body for kind, _, body in rows if kind == "store" and body.get("title")), {})
        yield "store", {"format": 1, **head}
        for kind, id, body in rows:
            if kind in ENTITY_KINDS and (kind != "era" or self._complete or self._is_era_used(id)):
                yield f"{kind}.{id}", body
        if queries := {id: body["query"] for kind, id, body in rows if kind == "alias"}:
            yield "alias", queries

    def _is_era_used(self, era: str) -> bool:
        """Return whether a selected event possibly is in an era."""
        is_inside = date_in(self.resolver.era_window(era)).possible
        statement = compose("SELECT 1 FROM event e WHERE {} AND e.number IN ({}) LIMIT 1", is_inside, self._ids)
        return statement.execute(self.db).fetchone() is not None
