"""A Selection: the events that a query matches, read from the index row by row."""

from __future__ import annotations

from itertools import chain

from autotimeline.dates.span import END
from autotimeline.errors import UsageError
from autotimeline.query.columns import (
    COLUMNS,
    EVENT_JOINS,
    EVENT_TABLES,
    ORDER_KEYS,
    ORDER_SQL,
    DisplayNames,
    decode_json,
    event_column,
    list_sortable_fields,
)
from autotimeline.query.compiler import CompiledQuery
from autotimeline.query.parser import And, parse_query
from autotimeline.query.predicates import Sql, and_, compose
from autotimeline.query.resolver import NameResolver
from autotimeline.text import suggest_or_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.engines.database import Database
    from autotimeline.model import Event
    from autotimeline.query.catalog import Catalog
    from autotimeline.query.parser import Not, Or, Term


class Selection:
    """The events that certainly or possibly match a query, in date order. Every call reads the index again.

    Attributes:
        certain: Whether only events that certainly match are selected.
        sort: A column to sort by instead of the date.
        limit: The maximum number of rows.
        had_rows: Whether the last read had any rows; None before one.
    """

    __slots__ = ("certain", "compiled", "db", "had_rows", "limit", "names", "resolver", "reverse", "sort")

    def __init__(
        self,
        db: Database,
        paths: Sequence[str],
        query: Sequence[str] | str = (),
        *,
        today: int,
        extra_terms: Sequence[Term | Not | And | Or] = (),
        certain: bool = False,
        sort: str | None = None,
        reverse: bool = False,
        limit: int | None = None,
        vocabulary_db: Database | None = None,
    ) -> None:
        self.db = db
        self.names = DisplayNames(db, paths)
        self.resolver = NameResolver(db, today, vocabulary_db, paths)
        tree = parse_query(query)
        # The operands of a plain list of terms are extended, and an empty query adds no operand.
        operands = [*(tree.operands if type(tree) is And else [tree]), *extra_terms]
        self.compiled = CompiledQuery(operands[0] if len(operands) == 1 else And(operands), self.resolver)
        self.certain = certain
        self.reverse = reverse
        self.limit = limit
        self.had_rows: bool | None = None
        sortable = list_sortable_fields()
        if sort is not None and sort not in sortable:
            raise UsageError(f'cannot sort by "{sort}"{suggest_or_list(sort, sortable)}')
        self.sort = sort

    def rows(
        self, fields: Sequence[str], *, where: str = "", order: str = "", context: int | None = None
    ) -> Iterator[Sequence[Any]]:
        """Yield the cells of these columns (of COLUMNS, or internal ones) for each event.

        `order` is SQL, and so is `where`, a further condition. Instead of both, `context` includes that many events
        before and after each match. Their column `context` is true.
        """
        cells, decoders = self.cells(fields)
        return self.decode_rows(self._fetch(cells, where, order, context), decoders)

    def texts(self, fields: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield what `rows` yields as plain text (see `table.cell_to_text`), mostly without decoding."""
        columns = [COLUMNS[field] for field in fields]
        cells = self._fill_placeholders(fields, [column.text_sql or column.sql for column in columns])
        decoders = [None if column.text_sql else column.decode for column in columns]
        return self.decode_rows(self._fetch(cells), decoders)

    def json_texts(self, fields: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield what `rows` yields as JSON, mostly without decoding."""
        from autotimeline.query.json_cells import json_rows  # not on the fast path

        return json_rows(self._fetch(self.cells(fields)[0]), fields, self.names)

    def decode_rows(self, rows: Iterator[Sequence[Any]], decoders: Sequence[Any]) -> Iterator[Sequence[Any]]:
        """Return rows with their cells decoded, each by the decoder of its position; None keeps the value."""
        needed = [(index, decode) for index, decode in enumerate(decoders) if decode]
        return (self._decode_row(list(row), needed) for row in rows) if needed else rows

    def _decode_row(self, cells: list[Any], needed: list[tuple[int, Any]]) -> list[Any]:
        for index, decode in needed:
            cells[index] = decode(cells[index], self.names)
        return cells

    def cells(self, fields: Sequence[str], extra_condition: str = "") -> tuple[Sql, list[Any]]:
        """Return the SQL of these columns and their decoders.

        A certain match must also fulfill the extra condition.
        """
        columns = [event_column(field) for field in fields]
        cells = self._fill_placeholders(fields, [column.sql for column in columns], extra_condition)
        return cells, [column.decode for column in columns]

    def _fill_placeholders(self, fields: Sequence[str], cells: Sequence[str], extra_condition: str = "") -> Sql:
        certain_sql, params = self.compiled.certain.text, self.compiled.certain.params
        certain_sql = f"({certain_sql}) AND {extra_condition}" if extra_condition else certain_sql
        filled = [
            cell.format(must=certain_sql, today=self.resolver.today) if field in ("match", "mark") else cell
            for field, cell in zip(fields, cells, strict=True)
        ]
        return Sql(", ".join(filled), [p for field in fields if field == "match" for p in params])

    def events(self) -> Iterator[Event]:
        """Yield the events as frozen values, with `file`, `line`, and `match`."""
        from dataclasses import replace

        from autotimeline.store.read import event_from_body

        cells, _ = self.cells(("body", "file", "line", "match"))
        for body, file, line, match in self._fetch(cells):
            yield replace(event_from_body(decode_json(body), self.names.paths[file], line), match=match)

    def _ids(self) -> Sql:
        """Return the statement that yields the numbers of the selected events."""
        if self.limit is None:
            return compose("SELECT e.number FROM event e WHERE {}", self.where())
        return self._statement(Sql("e.number"))

    def order_sql(self) -> str:
        """Return the SQL to sort by the column, then by date; missing values come last in both directions."""
        down = " DESC" if self.reverse else ""
        key = event_column(self.sort).sort_sql if self.sort else ""
        keys = [f"({key}) IS NULL", f"{key}{down}"] if key else []
        # Ascending, sort_day puts undated events last, and an index has that order.
        keys += ["e.date IS NULL"] if self.reverse else []
        return ", ".join((*keys, *(f"{key}{down}" for key in ORDER_KEYS)))

    def _statement(self, cells: Sql, condition: str = "", order: str = "") -> Sql:
        order, where = order or self.order_sql(), self.where()
        if self.limit is not None:
            if self.db.is_columnar and not self.sort:
                where = and_(where, self._is_near_first(where))
            # The numbers first: the detail of all events is too wide to sort.
            tables = EVENT_TABLES if self.sort else "event e"
            first = f"SELECT e.number FROM {tables} WHERE {{}} ORDER BY {order} LIMIT {self.limit}"
            where = compose(f"e.number IN ({first})", where)
        where = and_(where, Sql(condition)) if condition else where
        return compose(f"SELECT {{}} FROM {EVENT_TABLES} WHERE {{}} ORDER BY {order}", cells, where)

    def _is_near_first(self, where: Sql) -> Sql:
        """Return the condition that the day of an event is as near as those of the first, which needs few columns."""
        days = f"SELECT e.sort_day FROM event e WHERE ({{}}) AND {{}} ORDER BY e.sort_day{{}} LIMIT {self.limit}"
        if self.reverse:
            days = days.format("{}", "e.date IS NOT NULL", " DESC")
            return compose(f"e.sort_day >= (SELECT COALESCE(MIN(sort_day), 0) FROM ({days}) d)", where)
        days = days.format("{}", "TRUE", "")
        return compose(f"e.sort_day <= (SELECT MAX(sort_day) FROM ({days}) d)", where)

    def _statement_with_context(self, cells: Sql, context: int) -> Sql:
        """Return the statement that yields the selected events, and `context` others before and after each of them."""
        # No row follows the last selected event beyond the limit: a match between them would be missing.
        within = (
            "TRUE"
            if self.limit is None
            else f"COUNT(CASE WHEN matches THEN 1 END) OVER (ORDER BY position) <= {self.limit}"
        )
        placed = f"ROW_NUMBER() OVER (ORDER BY {self.order_sql()}) AS position FROM {EVENT_TABLES}"
        nearby = f"ORDER BY position ROWS BETWEEN {context} PRECEDING AND {context} FOLLOWING"
        return compose(
            "SELECT {} FROM (SELECT number, position, NOT matches AS is_context,"
            f" is_within AND MAX(matches AND is_within) OVER ({nearby}) AS is_shown"
            f" FROM (SELECT number, position, matches, {within} AS is_within"
            f" FROM (SELECT e.number, COALESCE({{}}, FALSE) AS matches, {placed}))) c"
            f" JOIN event e ON e.number = c.number {EVENT_JOINS} WHERE c.is_shown ORDER BY c.position",
            cells,
            self.where(),
        )

    def _fetch(self, cells: Sql, where: str = "", order: str = "", context: int | None = None) -> Iterator[Any]:
        if context is None:
            statement = self._statement(cells, where, order)
        else:
            statement = self._statement_with_context(cells, context)
        rows = statement.execute(self.db)
        first_row = rows.fetchone()
        self.had_rows = first_row is not None
        return chain((first_row,), rows) if self.had_rows else rows

    def where(self, *, certain: bool = False) -> Sql:
        """Return the condition of the selected rows of `event e`; `certain` excludes possible ones."""
        possible = self.compiled.possible
        return and_(possible, self.compiled.certain) if certain or self.certain else possible

    @property
    def catalog(self) -> Catalog:
        """Look-ups in the store, for what is not a row of the selection."""
        from autotimeline.query.catalog import Catalog  # not on the fast path

        complete = not self.compiled.text and self.limit is None and self.resolver.vocabulary_db is self.db
        return Catalog(self.resolver, self.names, self._ids(), complete=complete)

    def derive(self, query: str, *, today: int | None = None) -> Selection:
        """Return another selection of the same store; by default with the same `today`."""
        resolver = self.resolver
        return Selection(
            self.db,
            self.names.paths,
            query,
            today=today or resolver.today,
            vocabulary_db=resolver.vocabulary_db,
        )

    def total(self, *, certain: bool = False) -> int:
        """Return how many events match, without the limit; `certain` excludes possible matches."""
        return self._count(self.where(certain=certain))

    def _count(self, where: Sql) -> int:
        return int(compose("SELECT COUNT(*) FROM event e WHERE {}", where).execute(self.db).fetchone()[0])

    def span(self, *, certain: bool = False) -> tuple[str, str] | None:
        """Return the dates, as displayed, of the first and the last event; None if no event is dated."""
        events = self.first_and_last(certain=certain)
        return (events[0][1], events[1][1]) if events else None

    def first_and_last(self, *, certain: bool = False) -> tuple[tuple[str, str], tuple[str, str]] | None:
        """Return the id and the date of the first event in the order, and of the one that ends last as written.

        Of several that end last, it is the last in the order. An event without an end counts by its start. None if no
        event is dated; `certain` excludes possible matches.
        """
        dated = compose(
            "SELECT e.id, e.date FROM event e WHERE e.date IS NOT NULL AND ({})", self.where(certain=certain)
        )
        last_day = f"CASE -e.sort_tiebreak WHEN {END} THEN e.sort_day ELSE -e.sort_tiebreak END"
        first, last = (
            compose(f"{{}} ORDER BY {order} LIMIT 1", dated).execute(self.db).fetchone()
            for order in (ORDER_SQL, ", ".join(f"{key} DESC" for key in (last_day, *ORDER_KEYS)))
        )
        return (first, last) if first else None

    def undated(self) -> int:
        """Return how many undated events are excluded only by the date terms."""
        return self._count(self.compiled.undated(certain=self.certain)) if self.compiled.has_date_term else 0
