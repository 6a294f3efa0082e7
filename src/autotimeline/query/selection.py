"""A Selection: the events that a query finds, handed out as views need them."""

from __future__ import annotations

from autotimeline.errors import UsageError
from autotimeline.query.columns import COLUMNS, EVENT_TABLES, INTERNAL_COLUMNS, MATCH_SQL, DisplayNames
from autotimeline.query.compiler import CompiledQuery
from autotimeline.query.conditions import date_in
from autotimeline.query.fields import INVERSE_LINKS, QUERY_FIELDS
from autotimeline.query.parser import And, parse_query
from autotimeline.query.resolver import NameResolver
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.model import Event, Source
    from autotimeline.query.parser import Not, Or, Term

ENTITY_LOCATIONS = "entity x JOIN block b ON b.n = x.block JOIN segment s ON s.n = b.segment"
"""What is no event, and where it stands."""


class Selection:
    """The events that may match a query, in the order of their dates; each surely or only possibly.

    `certain` leaves only those that surely match. `sort` is a field to order by instead of the date,
    `reverse` turns the order round, `limit` is how many rows at most; `unknown` is how many events are left out
    because nobody says since when they are known, `words` the index to look words up in (see `Scope`).
    `rows` and `events` read from the index as they are iterated, and may be called again.
    """

    __slots__ = ("certain", "compiled", "db", "limit", "names", "omitted_unknown", "resolver", "reverse", "sort")

    def __init__(
        self,
        db: sqlite3.Connection,
        paths: Sequence[str],
        query: Sequence[str] | str = (),
        *,
        today: int,
        extra_terms: Sequence[Term | Not | And | Or] = (),
        certain: bool = False,
        sort: str | None = None,
        reverse: bool = False,
        limit: int | None = None,
        omitted_unknown: int = 0,
        vocabulary_db: sqlite3.Connection | None = None,
    ) -> None:
        self.db = db
        self.names = DisplayNames(db, paths)
        self.resolver = NameResolver(db, today, vocabulary_db)
        tree = parse_query(query)
        # What stands side by side already takes the rest in beside it, and what asks for nothing leaves none behind.
        operands = [*(tree.operands if type(tree) is And else [tree]), *extra_terms]
        self.compiled = CompiledQuery(operands[0] if len(operands) == 1 else And(operands), self.resolver)
        self.certain = certain
        self.reverse = reverse
        self.limit = limit
        self.omitted_unknown = omitted_unknown
        sortable = [name for name, source in COLUMNS.items() if not source.is_list and name != "match"]
        if sort is not None and sort not in sortable:
            raise UsageError(
                f'cannot sort by "{sort}"{suggest(sort, sortable) or "; there are " + ", ".join(sortable)}'
            )
        self.sort = sort

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield a row for each event: the cells of these fields, of COLUMNS or DRAWN, in this order."""
        cells, parameters, decoders = self.cells_sql(fields)
        return self._decode_rows(self._fetch(cells, parameters), decoders)

    def texts(self, fields: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield what `rows` does as plain text (see `table.plain`), as the index has it, without a cell in between."""
        event_columns = [COLUMNS[field] for field in fields]
        cells, parameters = self._fill_placeholders(fields, [source.text_sql or source.sql for source in event_columns])
        return self._decode_rows(
            self._fetch(cells, parameters), [None if source.text_sql else source.decode for source in event_columns]
        )

    def _decode_rows(self, rows: Iterator[Sequence[Any]], decoders: Sequence[Any]) -> Iterator[Sequence[Any]]:
        needed = {at: decode for at, decode in enumerate(decoders) if decode}
        return self._decode_each(rows, needed) if needed else rows

    def _decode_each(self, rows: Iterator[Sequence[Any]], decoders: dict[int, Any]) -> Iterator[Sequence[Any]]:
        names = self.names
        for row in rows:
            cells = list(row)
            for index, decode in decoders.items():
                cells[index] = decode(cells[index], names)
            yield cells

    def cells_sql(self, fields: Sequence[str], extra_condition: str = "") -> tuple[str, list[object], list[Any]]:
        """Return the SQL of these fields of a row of ROWS, its parameters, and how each value becomes a cell.

        `sure` is SQL that has to hold besides for an event to match certainly.
        """
        event_columns = [COLUMNS.get(field) or INTERNAL_COLUMNS[field] for field in fields]
        return *self._fill_placeholders(fields, [source.sql for source in event_columns], extra_condition), [
            source.decode for source in event_columns
        ]

    def _fill_placeholders(
        self, fields: Sequence[str], cells: Sequence[str], extra_condition: str = ""
    ) -> tuple[str, list[object]]:
        certain_sql, parameters = self.compiled.certain
        certain_sql = f"({certain_sql}) AND {extra_condition}" if extra_condition else certain_sql
        placeholders: dict[str, dict[str, object]] = {
            "match": {"must": certain_sql},
            "mark": {"today": self.resolver.today},
        }
        filled = [
            cell.format(**placeholders[field]) if field in placeholders else cell
            for field, cell in zip(fields, cells, strict=True)
        ]
        return ", ".join(filled), [p for field in fields if field == "match" for p in parameters]

    def events(self) -> Iterator[Event]:
        """Yield the events as frozen values, with `file`, `line` and how each matches."""
        import json
        from dataclasses import replace

        from autotimeline.store.read import event_from_body

        certain_sql, parameters = self.compiled.certain
        cells = ", ".join(("d.body", COLUMNS["file"].sql, COLUMNS["line"].sql, MATCH_SQL.format(must=certain_sql)))
        for body, file, line, match in self._fetch(cells, list(parameters)):
            yield replace(event_from_body(json.loads(body), self.names.paths[file], line), match=match)

    def load_event(self, id: str) -> Event | None:
        """Return one event of the store by its id, whether it matches or not; None where there is none."""
        import json

        from autotimeline.store.read import event_from_body

        cells = ", ".join(("d.body", COLUMNS["file"].sql, COLUMNS["line"].sql))
        row = self.db.execute(f"SELECT {cells} FROM {EVENT_TABLES} WHERE e.id = ?", (id,)).fetchone()
        return event_from_body(json.loads(row[0]), self.names.paths[row[1]], row[2]) if row else None

    def event_body(self, id: str) -> dict[str, Any] | None:
        """Return the keys of one event as a store has them; None where there is none."""
        import json

        row = self.db.execute(f"SELECT d.body FROM {EVENT_TABLES} WHERE e.id = ?", (id,)).fetchone()
        body: dict[str, Any] | None = json.loads(row[0]) if row else None
        return body

    def load_source(self, id: str) -> Source | None:
        """Return a source of the store by its id; None where there is none."""
        import json

        from autotimeline.store.read import entity_from_body

        row = self.db.execute("SELECT body FROM entity WHERE kind = 'source' AND id = ?", (id,)).fetchone()
        source: Source | None = entity_from_body("source", id, json.loads(row[0])) if row else None
        return source

    @property
    def is_everything(self) -> bool:
        """Whether it is all that the store holds, as it stands."""
        return not self.compiled.text and self.limit is None and self.resolver.vocabulary_db is self.db

    def entities(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (header, keys) of the head, sources, actors, eras and aliases that a store of these events needs.

        Where nothing is left out of the events, nothing is of these.
        """
        import json

        ids_sql, parameters = self._id_subquery()
        sql = (
            f"WITH RECURSIVE found AS ({ids_sql}), used(kind, id) AS ("
            " SELECT kind, id FROM refers WHERE event IN (SELECT n FROM found)"
            " UNION SELECT 'actor', p.whole FROM part p JOIN used u ON u.kind = 'actor' AND u.id = p.actor)"
            f" SELECT x.kind, x.id, x.body FROM {ENTITY_LOCATIONS}"
            " WHERE x.kind IN ('store', 'era', 'alias')"
            " OR ? AND x.kind IN ('source', 'actor')"
            " OR EXISTS (SELECT 1 FROM used u WHERE u.kind = x.kind AND u.id = x.id)"
            " ORDER BY INSTR('store source actor era alias', x.kind), s.file, s.line + b.line + x.line"
        )
        rows = self.db.execute(sql, [*parameters, self.is_everything]).fetchall()
        heads = [json.loads(body) for kind, _, body in rows if kind == "store"]
        yield "store", {"format": 1, **next((head for head in heads if head.get("title")), {})}
        for kind, id, body in rows:
            if kind in ("source", "actor") or (kind == "era" and (self.is_everything or self._count_in_era(id))):
                yield f"{kind}.{id}", json.loads(body)
        if queries := {id: json.loads(body)["query"] for kind, id, body in rows if kind == "alias"}:
            yield "alias", queries

    def _count_in_era(self, era: str) -> int:
        """Return how many of the events may fall in an era."""
        possible_sql, bounds = date_in(self.resolver.era_window(era)).possible
        ids_sql, parameters = self._id_subquery()
        sql = f"SELECT COUNT(*) FROM event e WHERE {possible_sql} AND e.n IN ({ids_sql})"
        return int(self.db.execute(sql, [*bounds, *parameters]).fetchone()[0])

    def vocabulary(self, field: str) -> Iterator[tuple[str, str | None, int | None]]:
        """Yield (id or word, name, how many of the events) for a field of `vocabulary.FIELDS`, the most frequent first.

        Raises:
            UsageError: where there is no such field.
        """
        from autotimeline.query import vocabulary

        if field not in vocabulary.VOCABULARIES:
            known = vocabulary.VOCABULARIES
            raise UsageError(f'no vocabulary "{field}"{suggest(field, known)}; there are {", ".join(known)}')
        if field == "eras":
            rows = self.db.execute("SELECT id, name FROM entity WHERE kind = 'era'").fetchall()
            counted = [(id, name, self._count_in_era(id)) for id, name in rows]
            return iter(sorted(counted, key=lambda era: (-era[2], era[0])))
        ids_sql, parameters = self._id_subquery()
        return self.db.execute(f"WITH found AS ({ids_sql}) {vocabulary.VOCABULARIES[field]}", parameters)

    def completion_values(self, field: str) -> Iterator[str]:
        """Yield the words of the store that a field of the query language takes, of one that takes any text none."""
        statement = QUERY_FIELDS[field].completion_sql
        return (row[0] for row in self.db.execute(statement)) if statement else iter(())

    def _id_subquery(self) -> tuple[str, list[object]]:
        where, parameters = self.where()
        if self.limit is None:
            return f"SELECT e.n FROM event e WHERE {where}", parameters
        return (
            f"SELECT e.n FROM {EVENT_TABLES} WHERE {where} ORDER BY {self.order_sql()} LIMIT {self.limit}",
            parameters,
        )

    def order_sql(self) -> str:
        """Order by the field that is asked for, then by date; what has neither comes last, in either direction."""
        down = " DESC" if self.reverse else ""
        key = COLUMNS[self.sort].sort_sql if self.sort else ""
        keys = [f"({key}) IS NULL", f"{key}{down}"] if key else []
        # Forwards o1 puts the undated last by itself, and an index has that order.
        keys += ["e.date IS NULL"] if self.reverse else []
        return ", ".join((*keys, *(f"{key}{down}" for key in ("e.o1", "e.o2", "e.id"))))

    def _fetch(self, cells: str, parameters: list[object]) -> Iterator[Any]:
        where, where_parameters = self.where()
        sql = f"SELECT {cells} FROM {EVENT_TABLES} WHERE {where} ORDER BY {self.order_sql()}"
        if self.limit is not None:
            sql += f" LIMIT {self.limit}"
        return self.db.execute(sql, [*parameters, *where_parameters])

    def where(self, *, certain: bool = False) -> tuple[str, list[object]]:
        """Return which of `event e` are selected, whatever the limit, as SQL and its parameters.

        Those that surely match, where that is asked or `certain`.
        """
        possible_sql, parameters = self.compiled.possible
        if not (certain or self.certain):
            return possible_sql, list(parameters)
        certain_sql, certain_parameters = self.compiled.certain
        return f"({possible_sql}) AND ({certain_sql})", [*parameters, *certain_parameters]

    def links(self, id: str) -> list[tuple[str, str, str | None, str | None]]:
        """Return an event's links both ways: (type as seen from it, other id, its date, its title), in date order.

        Date and title are None where the other event is not in the store.
        """
        rows = self.db.execute(
            "SELECT l.type, 0, l.target, x.date, x.title, x.o1, x.o2 FROM link l JOIN event e ON e.n = l.event"
            " LEFT JOIN event x ON x.id = l.target WHERE e.id = ?"
            " UNION SELECT l.type, 1, x.id, x.date, x.title, x.o1, x.o2 FROM link l JOIN event x ON x.n = l.event"
            " WHERE l.target = ? ORDER BY 6, 7, 3",
            (id, id),
        )
        links = [(INVERSE_LINKS.get(row[0], row[0]) if row[1] else row[0], *row[2:5]) for row in rows]
        return list(dict.fromkeys(links))

    def problems(self, rule: str = "") -> Iterator[tuple[str, int, str | None, str]]:
        """Yield (file, line from 1, event's id, text) of what makes the store invalid, by one rule or by any."""
        rows = self.db.execute(
            "SELECT s.file, s.line + b.line + p.line, p.event, p.text, t.file, t.line + c.line + p.first_line"
            " FROM problem p JOIN block b ON b.n = p.block JOIN segment s ON s.n = b.segment"
            " LEFT JOIN block c ON c.n = p.first_block LEFT JOIN segment t ON t.n = c.segment"
            " WHERE ? IN ('', p.rule) ORDER BY 1, 2, 4",
            (rule,),
        )
        paths = self.names.paths
        for file, line, event, text, first_file, first_line in rows:
            message = text if first_file is None else text.replace("{first}", f"{paths[first_file]}:{first_line}")
            yield paths[file], line, event, message

    def entity_locations(self, kind: str) -> list[tuple[str, str, int]]:
        """Return (id, file, line from 1) of every source, actor, era or alias, in the order of the store."""
        rows = self.db.execute(
            f"SELECT x.id, s.file, s.line + b.line + x.line FROM {ENTITY_LOCATIONS} WHERE x.kind = ? ORDER BY 2, 3",
            (kind,),
        )
        return [(id, self.names.paths[file], line) for id, file, line in rows]

    def parent_actors(self, actor: str) -> list[str]:
        """Return the ids of the actors that an actor is part of, by its own words."""
        return [row[0] for row in self.db.execute("SELECT whole FROM part WHERE actor = ?", (actor,))]

    def derive(self, query: str) -> Selection:
        """Return another selection from the same store, on the same day."""
        resolver = self.resolver
        return Selection(
            self.db,
            self.names.paths,
            query,
            today=resolver.today,
            omitted_unknown=self.omitted_unknown,
            vocabulary_db=resolver.vocabulary_db,
        )

    def title(self) -> str | None:
        """Return the title of the store."""
        return self.resolver.scalar(
            f"SELECT x.name FROM {ENTITY_LOCATIONS} WHERE x.kind = 'store' AND x.name IS NOT NULL ORDER BY s.file, s.line, b.line"
        )

    def total(self) -> int:
        """Return how many events match, whatever the limit."""
        where, parameters = self.where()
        return int(self.db.execute(f"SELECT COUNT(*) FROM event e WHERE {where}", parameters).fetchone()[0])

    def span(self, *, certain: bool = False) -> tuple[str, str] | None:
        """Return the date of the first event and of the one that ends last, as shown; None where all are undated.

        Of those that surely match, where `certain`.
        """
        where, parameters = self.where(certain=certain)
        sql = f"SELECT e.date FROM event e WHERE e.date IS NOT NULL AND ({where}) ORDER BY "
        first = self.db.execute(sql + "e.o1, e.o2, e.id LIMIT 1", parameters).fetchone()
        last = self.db.execute(sql + "e.latest DESC, e.o1 DESC, e.o2, e.id LIMIT 1", parameters).fetchone()
        return (first[0], last[0]) if first else None

    def undated(self) -> int:
        """Return how many undated events are left out only because a date is asked for."""
        if not self.compiled.has_date_term:
            return 0
        where, parameters = self.compiled.undated("certain" if self.certain else "possible")
        sql = f"SELECT COUNT(*) FROM event e WHERE {where}"
        return int(self.db.execute(sql, parameters).fetchone()[0])
