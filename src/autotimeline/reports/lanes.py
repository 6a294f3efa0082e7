"""Events side by side: the fields that part them into lanes, and what a selection has in each lane.

An event stands in the lane of each value that it has, in the words of the store. In the lane of an era
that it may fall in, or of a status that a source claims against it, it stands possibly, as the term
`FIELD:VALUE` finds it.
"""

from __future__ import annotations

from collections import Counter

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.query.columns import MARKS, marked
from autotimeline.query.conditions import dated
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.resolver import Scope
    from autotimeline.query.selection import Selection

    Sql = tuple[str, tuple[object, ...]]


class Field:
    """A field to part events by: the lane of `event e`, as SQL.

    `members` is a statement of (event, value, sure), for what an event may have several of: `lane` and
    `sure` are then of its rows `m`. `kind` is the kind of entity whose ids the values are, if any.
    """

    __slots__ = ("kind", "lane", "members", "sure")

    def __init__(self, members: str | Callable[[Scope], Sql] = "", kind: str = "", lane: str = "m.value") -> None:
        self.members = members
        self.kind = kind
        self.lane = lane
        self.sure = "IFNULL(m.sure, 1)" if members else "1"


def _of(table: str, value: str) -> str:
    return f"SELECT DISTINCT event, {value} AS value, 1 AS sure FROM {table} WHERE {value} IS NOT NULL"


_GROUPS = """
WITH RECURSIVE up(part, whole) AS (
  SELECT actor, whole FROM part UNION SELECT u.part, p.whole FROM up u JOIN part p ON p.actor = u.whole
)
SELECT event, actor AS value, 1 AS sure FROM party
UNION SELECT y.event, u.whole, 1 FROM party y JOIN up u ON u.part = y.actor
"""
_STATUSES = """
SELECT n AS event, status AS value, NOT disputed_status AS sure FROM event
UNION SELECT c.event, c.status, 0 FROM claim c JOIN event x ON x.n = c.event WHERE c.status <> x.status
"""


def _eras(scope: Scope) -> Sql:
    """Set each event against the windows of all eras at once, whose bounds stand in columns."""
    windows = [(id, *scope.era(id)) for id in scope.ids("era")]
    if not windows:
        return "SELECT NULL AS event, NULL AS value, 0 AS sure WHERE 0", ()
    condition = dated(("w.outer_low", "w.outer_high", "w.inner_low", "w.inner_high"))
    may, must = (sql.replace("?", "{}").format(*columns) for sql, columns in (condition.may, condition.must))
    rows = ", ".join(f"(?, {', '.join(map(str, bounds))})" for _, *bounds in windows)
    sql = (
        f"WITH w(id, outer_low, outer_high, inner_low, inner_high) AS (VALUES {rows})"
        f" SELECT e.n AS event, w.id AS value, ({must}) AS sure FROM event e JOIN w ON {may}"
    )
    return sql, tuple(id for id, *_ in windows)


FIELDS = {
    "actor": Field(_of("party", "actor"), "actor"),
    "era": Field(_eras, "era"),
    "group": Field(_GROUPS, "actor"),
    "id": Field(lane="e.id"),
    "kind": Field(lane="e.kind"),
    "metric": Field(_of("figure", "metric")),
    "place": Field(_of("place", "name")),
    "role": Field(_of("party", "role")),
    "source": Field(_of("citation", "source"), "source"),
    "status": Field(_STATUSES),
    "tag": Field(_of("tag", "name")),
}


class Lanes:
    """The events of a selection, parted by a field of FIELDS: the lanes with the most events first.

    Of lanes with as many, the one that begins first comes first; the events without a value have the last
    lane, whose value is None. `limit` is how many lanes at most; that of the selection does not count.

    Raises:
        UsageError: where events cannot be parted by the field.
    """

    __slots__ = ("_events", "_kind", "_lane", "_names", "_parameters", "_sure", "limit", "selection")

    def __init__(self, selection: Selection, by: str, limit: int | None = None) -> None:
        if by not in FIELDS:
            raise UsageError(f'no lanes by "{by}"{nearest(by, FIELDS)}; there are {", ".join(FIELDS)}')
        self.selection = selection
        self.limit = limit
        field = FIELDS[by]
        members, parameters = field.members(selection.scope) if callable(field.members) else (field.members, ())
        surely = " AND m.sure" if selection.certain else ""
        join = f" LEFT JOIN ({members}) m ON m.event = e.n{surely}" if members else ""
        where, more = selection.condition()
        self._events = f"FROM event e{join} WHERE ({where})"
        self._parameters = [*parameters, *more]
        self._lane = field.lane
        self._sure = field.sure
        self._kind = field.kind
        self._names: dict[str, str] | None = None

    def name(self, value: str | None) -> str | None:
        """Return what the thing is called whose id a lane's value is; None where it is the id of nothing."""
        if self._names is None:
            rows = self.selection.db.execute("SELECT id, name FROM entity WHERE kind = ?", (self._kind,))
            self._names = dict(rows.fetchall()) if self._kind else {}
        return self._names.get(value or "")

    def found(self) -> list[tuple[str | None, int, int, int | None, int | None, int | None, int | None]]:
        """Return all lanes: value, events, how many of them are undated, and days.

        These are the first and the last day that bound any event, and the first and the last that any may
        reach to, BEGIN and END where unbounded; None where all are undated.
        """
        return self.selection.db.execute(
            f"SELECT {self._lane}, COUNT(*), COUNT(*) - COUNT(e.w_lo),"
            f" MIN(e.b_lo), MAX(e.b_hi), MIN(e.w_lo), MAX(e.w_hi) {self._events} GROUP BY {self._lane}"
            f" ORDER BY {self._lane} IS NULL, COUNT(*) DESC, MIN(e.o1), {self._lane}",
            self._parameters,
        ).fetchall()

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield a lane's value, its name and the cells of these fields (of COLUMNS or DRAWN) for each of its events."""
        cells, before, decoders = self.selection.cells(fields, "l.sure")
        limit = "" if self.limit is None else f" WHERE l.place <= {self.limit}"
        found = self.selection.db.execute(
            f"WITH laned AS (SELECT e.n AS n, e.o1 AS o1, {self._lane} AS lane, {self._sure} AS sure {self._events}),"
            " counted AS (SELECT n, lane, sure, COUNT(*) OVER (PARTITION BY lane) AS events,"
            " MIN(o1) OVER (PARTITION BY lane) AS first FROM laned),"
            " placed AS (SELECT n, lane, sure,"
            " DENSE_RANK() OVER (ORDER BY lane IS NULL, events DESC, first, lane) AS place FROM counted)"
            f" SELECT l.lane, {cells} FROM placed l JOIN event e ON e.n = l.n"
            f" LEFT JOIN detail d ON d.event = e.n{limit}"
            " ORDER BY l.place, e.o1, e.o2, e.id",
            [*self._parameters, *before],
        )
        names = self.selection.names
        for value, *row in found:
            decoded = (v if decode is None else decode(v, names) for v, decode in zip(row, decoders, strict=True))
            yield value, self.name(value), *decoded

    def groups(
        self, first: int, days: int, cells: int, *, told: bool = False, cores: bool = True
    ) -> Iterator[tuple[str | None, Sequence[Sequence[Any]]]]:
        """Yield the value of each lane, and its dated events: together those that look alike in so many cells.

        A group is as scene.Group says, with date, id and title of an event alone where `told`, and without where events
        surely are but for `cores`. The cells are those of so many days, from the day `first`.
        """
        match, before, _ = self.selection.cells(("match",), self._sure)
        mark = marked(range(len(MARKS))).format(today=self.selection.scope.today)
        # All of a look in one number.
        most = cells + 2

        def reach(low: str, high: str) -> str:
            # Whole numbers, divided without remainder; 0 and the last one are without a bound.
            low, high = (
                f"CASE WHEN {bound} <= {BEGIN} THEN 0 WHEN {bound} >= {END} THEN {cells + 1}"
                f" ELSE ({bound} - {first}) * {cells} / {days} + 1 END"
                for bound in (low, high)
            )
            return f"({low}) * {most} + {high}"

        number = reach("e.w_lo", "e.w_hi")
        if cores:
            core = f"CASE WHEN e.core_lo IS NULL THEN 0 ELSE {reach('e.core_lo', 'e.core_hi')} + 1 END"
            number = f"{core} * {most * most} + {number}"
        number = f"(({number}) * {len(MARKS)} + {mark}) * 4 + ({match} = 'possible') * 2 + (e.disputed IS NOT NULL)"
        dated, parameters = f"{self._events} AND e.w_lo IS NOT NULL", [*before, *self._parameters]
        alone: dict[tuple[str | None, str], Sequence[Any]] = {}
        if told:
            sql = f"SELECT {self._lane}, CAST({number} AS TEXT), e.date, e.id, e.title {dated}"
            rows = self.selection.db.execute(sql, parameters)
            # Of those that look alike the last one; they are told by their number.
            alone = {(lane, number): one for lane, number, *one in rows}
        seen: dict[str, Sequence[Any]] = {}
        # SQLite would sort them to group them.
        sql = f"SELECT {self._lane}, GROUP_CONCAT({number}) {dated} GROUP BY 1"
        for lane, numbers in self.selection.db.execute(sql, parameters):
            found = Counter(numbers.split(","))
            seen.update((number, _look(int(number), most)) for number in found.keys() - seen.keys())
            yield lane, [(*seen[number], events, *alone.get((lane, number), ())) for number, events in found.items()]

    def tally(self) -> tuple[int, int, int]:
        """Return how many events there are, how many of them only possibly match, and how many are undated."""
        match, before, _ = self.selection.cells(("match",))
        where, parameters = self.selection.condition()
        events, possible, undated = self.selection.db.execute(
            f"SELECT COUNT(*), IFNULL(SUM({match} = 'possible'), 0), COUNT(*) - COUNT(e.w_lo)"
            f" FROM event e WHERE {where}",
            [*before, *parameters],
        ).fetchone()
        return events, possible, undated


_LOOKS = [(mark, match, disputed) for mark in MARKS for match in ("certain", "possible") for disputed in (False, True)]


def _look(number: int, most: int) -> Sequence[Any]:
    """Return the cells where events may be, those where they surely are, and their look."""
    number, states = divmod(number, 4)
    number, mark = divmod(number, len(MARKS))
    core, number = divmod(number, most * most)
    low, high = divmod(number, most)
    begin, end = divmod(core - 1, most) if core else (0, 0)
    within = (begin - 1, end - 1) if core else (None, None)
    return low - 1, high - 1, *within, _LOOKS[mark * 4 + states]
