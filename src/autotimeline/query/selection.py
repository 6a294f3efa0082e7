"""A Selection: the events that a query finds, handed out as views need them."""

from __future__ import annotations

from autotimeline.errors import UsageError
from autotimeline.query.columns import COLUMNS, MATCH, Names
from autotimeline.query.fields import INVERSE
from autotimeline.query.parse import And, parse
from autotimeline.query.scope import Scope
from autotimeline.query.sql import Compiled
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.model import Event
    from autotimeline.query.parse import Not, Or, Term
    from autotimeline.table import Row


class Selection:
    """The events that may match a query, in the order of their dates; each surely or only possibly.

    `certain` leaves only those that surely match. `sort` is a field to order by instead of the date,
    `reverse` turns the order round, `limit` is how many rows at most. `rows` and `events` read from
    the index as they are iterated, and may be called again.
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
    ) -> None:
        self.db = db
        self.names = Names(db, paths)
        self.scope = Scope(db, today)
        asked = parse(query)
        self.compiled = Compiled(And([asked, *more]) if more else asked, self.scope)
        self.certain = certain
        self.reverse = reverse
        self.limit = limit
        self.unknown = unknown
        single = [name for name, source in COLUMNS.items() if not source.several and name != "match"]
        if sort is not None and sort not in single:
            raise UsageError(f'cannot sort by "{sort}"{nearest(sort, single)}; there are {", ".join(single)}')
        self.sort = sort

    def rows(self, fields: Sequence[str]) -> Iterator[Row]:
        """Yield a row for each event: the cells of these fields, in this order."""
        sources = [COLUMNS[field] for field in fields]
        cells = [source.sql for source in sources]
        must, parameters = self.compiled.must
        cells = [
            cell.format(must=must) if field == "match" else cell for field, cell in zip(fields, cells, strict=True)
        ]
        before = [p for field in fields if field == "match" for p in parameters]
        found = self._found(", ".join(cells), before)
        decoders = [source.decode for source in sources]
        if not any(decoders):
            return found
        names = self.names
        return (
            [value if decode is None else decode(value, names) for value, decode in zip(row, decoders, strict=True)]
            for row in found
        )

    def events(self) -> Iterator[Event]:
        """Yield the events as frozen values, with `file`, `line` and how each matches."""
        import json
        from dataclasses import replace

        from autotimeline.store.read import event

        must, parameters = self.compiled.must
        cells = ", ".join(("e.body", COLUMNS["file"].sql, COLUMNS["line"].sql, MATCH.format(must=must)))
        for body, file, line, match in self._found(cells, list(parameters)):
            yield replace(event(json.loads(body), self.names.paths[file], line), match=match)

    def _found(self, cells: str, parameters: list[object]) -> Iterator[Any]:
        where, more = self._where()
        down = " DESC" if self.reverse else ""
        order = ", ".join(f"{key}{down}" for key in ("e.o1", "e.o2", "e.id"))
        if self.sort:
            key = COLUMNS[self.sort].sql
            order = f"({key}) IS NULL, {key}{down}, {order}"
        sql = f"SELECT {cells} FROM event e WHERE {where} ORDER BY {order}"
        if self.limit is not None:
            sql += f" LIMIT {self.limit}"
        return self.db.execute(sql, [*parameters, *more])

    def _where(self) -> tuple[str, list[object]]:
        may, parameters = self.compiled.may
        if not self.certain:
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

    def total(self) -> int:
        """Return how many events match, whatever the limit."""
        where, parameters = self._where()
        return int(self.db.execute(f"SELECT COUNT(*) FROM event e WHERE {where}", parameters).fetchone()[0])

    def span(self) -> tuple[int, int] | None:
        """Return the first and the last day (ordinals, BEGIN and END where unbounded), None where all are undated."""
        where, parameters = self._where()
        sql = (
            f"SELECT MIN(NULLIF(e.earliest, 0)), MAX(e.latest) FROM event e WHERE e.earliest IS NOT NULL AND ({where})"
        )
        first, last = self.db.execute(sql, parameters).fetchone()
        return None if last is None else (first or 0, last)

    def undated(self) -> int:
        """Return how many undated events are left out only because a date is asked for."""
        if not self.compiled.dated:
            return 0
        where, parameters = self.compiled.undated
        sql = f"SELECT COUNT(*) FROM event e WHERE e.date IS NULL AND ({where})"
        return int(self.db.execute(sql, parameters).fetchone()[0])
