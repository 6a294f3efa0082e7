"""A Selection: the events that a query finds, handed out as views need them."""

from __future__ import annotations

from autotimeline.errors import UsageError
from autotimeline.query.columns import COLUMNS, DRAWN, MATCH, ROWS, Names
from autotimeline.query.compiler import Compiled
from autotimeline.query.conditions import dated
from autotimeline.query.fields import FIELDS, INVERSE
from autotimeline.query.parser import And, parse
from autotimeline.query.resolver import Scope
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.model import Event, Source
    from autotimeline.query.parser import Not, Or, Term

PLACED = "entity x JOIN block b ON b.n = x.block JOIN segment s ON s.n = b.segment"
"""What is no event, and where it stands."""


class Selection:
    """The events that may match a query, in the order of their dates; each surely or only possibly.

    `certain` leaves only those that surely match. `sort` is a field to order by instead of the date,
    `reverse` turns the order round, `limit` is how many rows at most; `unknown` is how many events are left out
    because nobody says since when they are known, `words` the index to look words up in (see `Scope`).
    `rows` and `events` read from the index as they are iterated, and may be called again.
    """

    __slots__ = ("certain", "compiled", "db", "limit", "names", "reverse", "scope", "sort", "unknown")

    def __init__(
        self,
        db: sqlite3.Connection,
        paths: Sequence[str],
        query: Sequence[str] | str = (),
        *,
        today: int,
        more: Sequence[Term | Not | And | Or] = (),
        certain: bool = False,
        sort: str | None = None,
        reverse: bool = False,
        limit: int | None = None,
        unknown: int = 0,
        words: sqlite3.Connection | None = None,
    ) -> None:
        self.db = db
        self.names = Names(db, paths)
        self.scope = Scope(db, today, words)
        asked = parse(query)
        # What stands side by side already takes the rest in beside it, and what asks for nothing leaves none behind.
        parts = [*(asked.parts if type(asked) is And else [asked]), *more]
        self.compiled = Compiled(parts[0] if len(parts) == 1 else And(parts), self.scope)
        self.certain = certain
        self.reverse = reverse
        self.limit = limit
        self.unknown = unknown
        single = [name for name, source in COLUMNS.items() if not source.several and name != "match"]
        if sort is not None and sort not in single:
            raise UsageError(f'cannot sort by "{sort}"{nearest(sort, single) or "; there are " + ", ".join(single)}')
        self.sort = sort

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield a row for each event: the cells of these fields, of COLUMNS or DRAWN, in this order."""
        cells, before, decoders = self.cells(fields)
        return self._decoded(self._found(cells, before), decoders)

    def texts(self, fields: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield what `rows` does as plain text (see `table.plain`), as the index has it, without a cell in between."""
        sources = [COLUMNS[field] for field in fields]
        cells, before = self._filled(fields, [source.text or source.sql for source in sources])
        return self._decoded(self._found(cells, before), [None if source.text else source.decode for source in sources])

    def _decoded(self, rows: Iterator[Sequence[Any]], decoders: Sequence[Any]) -> Iterator[Sequence[Any]]:
        needed = {at: decode for at, decode in enumerate(decoders) if decode}
        return self._each(rows, needed) if needed else rows

    def _each(self, rows: Iterator[Sequence[Any]], decoders: dict[int, Any]) -> Iterator[Sequence[Any]]:
        names = self.names
        for row in rows:
            cells = list(row)
            for at, decode in decoders.items():
                cells[at] = decode(cells[at], names)
            yield cells

    def cells(self, fields: Sequence[str], sure: str = "") -> tuple[str, list[object], list[Any]]:
        """Return the SQL of these fields of a row of ROWS, its parameters, and how each value becomes a cell.

        `sure` is SQL that has to hold besides for an event to match certainly.
        """
        sources = [COLUMNS.get(field) or DRAWN[field] for field in fields]
        return *self._filled(fields, [source.sql for source in sources], sure), [source.decode for source in sources]

    def _filled(self, fields: Sequence[str], cells: Sequence[str], sure: str = "") -> tuple[str, list[object]]:
        must, parameters = self.compiled.must
        must = f"({must}) AND {sure}" if sure else must
        holes: dict[str, dict[str, object]] = {"match": {"must": must}, "mark": {"today": self.scope.today}}
        filled = [
            cell.format(**holes[field]) if field in holes else cell for field, cell in zip(fields, cells, strict=True)
        ]
        return ", ".join(filled), [p for field in fields if field == "match" for p in parameters]

    def events(self) -> Iterator[Event]:
        """Yield the events as frozen values, with `file`, `line` and how each matches."""
        import json
        from dataclasses import replace

        from autotimeline.store.read import event

        must, parameters = self.compiled.must
        cells = ", ".join(("d.body", COLUMNS["file"].sql, COLUMNS["line"].sql, MATCH.format(must=must)))
        for body, file, line, match in self._found(cells, list(parameters)):
            yield replace(event(json.loads(body), self.names.paths[file], line), match=match)

    def event(self, id: str) -> Event | None:
        """Return one event of the store by its id, whether it matches or not; None where there is none."""
        import json

        from autotimeline.store.read import event

        cells = ", ".join(("d.body", COLUMNS["file"].sql, COLUMNS["line"].sql))
        row = self.db.execute(f"SELECT {cells} FROM {ROWS} WHERE e.id = ?", (id,)).fetchone()
        return event(json.loads(row[0]), self.names.paths[row[1]], row[2]) if row else None

    def body(self, id: str) -> dict[str, Any] | None:
        """Return the keys of one event as a store has them; None where there is none."""
        import json

        row = self.db.execute(f"SELECT d.body FROM {ROWS} WHERE e.id = ?", (id,)).fetchone()
        found: dict[str, Any] | None = json.loads(row[0]) if row else None
        return found

    def source(self, id: str) -> Source | None:
        """Return a source of the store by its id; None where there is none."""
        import json

        from autotimeline.store.read import entity

        row = self.db.execute("SELECT body FROM entity WHERE kind = 'source' AND id = ?", (id,)).fetchone()
        found: Source | None = entity("source", id, json.loads(row[0])) if row else None
        return found

    @property
    def whole(self) -> bool:
        """Whether it is all that the store holds, as it stands."""
        return not self.compiled.text and self.limit is None and self.scope.words is self.db

    def entities(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (header, keys) of the head, sources, actors, eras and aliases that a store of these events needs.

        Where nothing is left out of the events, nothing is of these.
        """
        import json

        found, parameters = self._numbers()
        sql = (
            f"WITH RECURSIVE found AS ({found}), used(kind, id) AS ("
            " SELECT kind, id FROM refers WHERE event IN (SELECT n FROM found)"
            " UNION SELECT 'actor', p.whole FROM part p JOIN used u ON u.kind = 'actor' AND u.id = p.actor)"
            f" SELECT x.kind, x.id, x.body FROM {PLACED}"
            " WHERE x.kind IN ('store', 'era', 'alias')"
            " OR ? AND x.kind IN ('source', 'actor')"
            " OR EXISTS (SELECT 1 FROM used u WHERE u.kind = x.kind AND u.id = x.id)"
            " ORDER BY INSTR('store source actor era alias', x.kind), s.file, s.line + b.line + x.line"
        )
        rows = self.db.execute(sql, [*parameters, self.whole]).fetchall()
        heads = [json.loads(body) for kind, _, body in rows if kind == "store"]
        yield "store", {"format": 1, **next((head for head in heads if head.get("title")), {})}
        for kind, id, body in rows:
            if kind in ("source", "actor") or (kind == "era" and (self.whole or self._falls_in(id))):
                yield f"{kind}.{id}", json.loads(body)
        if queries := {id: json.loads(body)["query"] for kind, id, body in rows if kind == "alias"}:
            yield "alias", queries

    def _falls_in(self, era: str) -> int:
        """Return how many of the events may fall in an era."""
        may, bounds = dated(self.scope.era(era)).may
        found, parameters = self._numbers()
        sql = f"SELECT COUNT(*) FROM event e WHERE {may} AND e.n IN ({found})"
        return int(self.db.execute(sql, [*bounds, *parameters]).fetchone()[0])

    def vocabulary(self, field: str) -> Iterator[tuple[str, str | None, int | None]]:
        """Yield (id or word, name, how many of the events) for a field of `vocabulary.FIELDS`, the most frequent first.

        Raises:
            UsageError: where there is no such field.
        """
        from autotimeline.query import vocabulary

        if field not in vocabulary.FIELDS:
            known = vocabulary.FIELDS
            raise UsageError(f'no vocabulary "{field}"{nearest(field, known)}; there are {", ".join(known)}')
        if field == "eras":
            rows = self.db.execute("SELECT id, name FROM entity WHERE kind = 'era'").fetchall()
            counted = [(id, name, self._falls_in(id)) for id, name in rows]
            return iter(sorted(counted, key=lambda era: (-era[2], era[0])))
        found, parameters = self._numbers()
        return self.db.execute(f"WITH found AS ({found}) {vocabulary.FIELDS[field]}", parameters)

    def words(self, field: str) -> Iterator[str]:
        """Yield the words of the store that a field of the query language takes, of one that takes any text none."""
        statement = FIELDS[field].vocabulary
        return (row[0] for row in self.db.execute(statement)) if statement else iter(())

    def _numbers(self) -> tuple[str, list[object]]:
        where, parameters = self.condition()
        if self.limit is None:
            return f"SELECT e.n FROM event e WHERE {where}", parameters
        return f"SELECT e.n FROM {ROWS} WHERE {where} ORDER BY {self._order()} LIMIT {self.limit}", parameters

    def _order(self) -> str:
        """Order by the field that is asked for, then by date; what has neither comes last, in either direction."""
        down = " DESC" if self.reverse else ""
        key = COLUMNS[self.sort].order if self.sort else ""
        keys = [f"({key}) IS NULL", f"{key}{down}"] if key else []
        # Forwards o1 puts the undated last by itself, and an index has that order.
        keys += ["e.date IS NULL"] if self.reverse else []
        return ", ".join((*keys, *(f"{key}{down}" for key in ("e.o1", "e.o2", "e.id"))))

    def _found(self, cells: str, parameters: list[object]) -> Iterator[Any]:
        where, more = self.condition()
        sql = f"SELECT {cells} FROM {ROWS} WHERE {where} ORDER BY {self._order()}"
        if self.limit is not None:
            sql += f" LIMIT {self.limit}"
        return self.db.execute(sql, [*parameters, *more])

    def condition(self, *, certain: bool = False) -> tuple[str, list[object]]:
        """Return which of `event e` are selected, whatever the limit, as SQL and its parameters.

        Those that surely match, where that is asked or `certain`.
        """
        may, parameters = self.compiled.may
        if not (certain or self.certain):
            return may, list(parameters)
        must, more = self.compiled.must
        return f"({may}) AND ({must})", [*parameters, *more]

    def ties(self, id: str) -> list[tuple[str, str, str | None, str | None]]:
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
        found = [(INVERSE.get(row[0], row[0]) if row[1] else row[0], *row[2:5]) for row in rows]
        return list(dict.fromkeys(found))

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
            told = text if first_file is None else text.replace("{first}", f"{paths[first_file]}:{first_line}")
            yield paths[file], line, event, told

    def places(self, kind: str) -> list[tuple[str, str, int]]:
        """Return (id, file, line from 1) of every source, actor, era or alias, in the order of the store."""
        rows = self.db.execute(
            f"SELECT x.id, s.file, s.line + b.line + x.line FROM {PLACED} WHERE x.kind = ? ORDER BY 2, 3",
            (kind,),
        )
        return [(id, self.names.paths[file], line) for id, file, line in rows]

    def wholes(self, actor: str) -> list[str]:
        """Return the ids of the actors that an actor is part of, by its own words."""
        return [row[0] for row in self.db.execute("SELECT whole FROM part WHERE actor = ?", (actor,))]

    def ask(self, query: str) -> Selection:
        """Return another selection from the same store, on the same day."""
        scope = self.scope
        return Selection(self.db, self.names.paths, query, today=scope.today, unknown=self.unknown, words=scope.words)

    def title(self) -> str | None:
        """Return the title of the store."""
        return self.scope.one(
            f"SELECT x.name FROM {PLACED} WHERE x.kind = 'store' AND x.name IS NOT NULL ORDER BY s.file, s.line, b.line"
        )

    def total(self) -> int:
        """Return how many events match, whatever the limit."""
        where, parameters = self.condition()
        return int(self.db.execute(f"SELECT COUNT(*) FROM event e WHERE {where}", parameters).fetchone()[0])

    def span(self, *, certain: bool = False) -> tuple[str, str] | None:
        """Return the date of the first event and of the one that ends last, as shown; None where all are undated.

        Of those that surely match, where `certain`.
        """
        where, parameters = self.condition(certain=certain)
        sql = f"SELECT e.date FROM event e WHERE e.date IS NOT NULL AND ({where}) ORDER BY "
        first = self.db.execute(sql + "e.o1, e.o2, e.id LIMIT 1", parameters).fetchone()
        last = self.db.execute(sql + "e.latest DESC, e.o1 DESC, e.o2, e.id LIMIT 1", parameters).fetchone()
        return (first[0], last[0]) if first else None

    def undated(self) -> int:
        """Return how many undated events are left out only because a date is asked for."""
        if not self.compiled.dated:
            return 0
        where, parameters = self.compiled.undated("must" if self.certain else "may")
        sql = f"SELECT COUNT(*) FROM event e WHERE {where}"
        return int(self.db.execute(sql, parameters).fetchone()[0])
