"""Events side by side: the fields that part them into lanes, and what a selection has in each lane.

An event stands in the lane of each value that it has, in the words of the store. In the lane of an era
that it may fall in, or of a status that a source claims against it, it stands possibly, as the term
`FIELD:VALUE` finds it.
"""

from __future__ import annotations

from collections import Counter

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.query.columns import MARK_NAMES, mark_case_sql
from autotimeline.query.conditions import date_in
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.resolver import NameResolver
    from autotimeline.query.selection import Selection

    Sql = tuple[str, tuple[object, ...]]


class LaneField:
    """A field to part events by: the lane of `event e`, as SQL.

    `members` is a statement of (event, value, sure), for what an event may have several of: `lane` and
    `sure` are then of its rows `m`. `kind` is the kind of entity whose ids the values are, if any.
    """

    __slots__ = ("certain_sql", "entity_kind", "members", "value_sql")

    def __init__(
        self, members: str | Callable[[NameResolver], Sql] = "", entity_kind: str = "", value_sql: str = "m.value"
    ) -> None:
        self.members = members
        self.entity_kind = entity_kind
        self.value_sql = value_sql
        self.certain_sql = "IFNULL(m.sure, 1)" if members else "1"


def _lane_values(table: str, value: str) -> str:
    return f"SELECT DISTINCT event, {value} AS value, 1 AS sure FROM {table} WHERE {value} IS NOT NULL"


_GROUPS = """
WITH RECURSIVE up(part, parent) AS (
  SELECT actor, parent FROM actor_parent
  UNION SELECT u.part, p.parent FROM up u JOIN actor_parent p ON p.actor = u.parent
)
SELECT event, actor AS value, 1 AS sure FROM participant
UNION SELECT y.event, u.parent, 1 FROM participant y JOIN up u ON u.part = y.actor
"""
_STATUSES = """
SELECT number AS event, status AS value, NOT disputed_status AS sure FROM event
UNION SELECT c.event, c.status, 0 FROM claim c JOIN event x ON x.number = c.event WHERE c.status <> x.status
"""


def _era_lanes(resolver: NameResolver) -> Sql:
    """Set each event against the windows of all eras at once, whose bounds stand in columns."""
    windows = [(id, *resolver.era_window(id)) for id in resolver.list_ids("era")]
    if not windows:
        return "SELECT NULL AS event, NULL AS value, 0 AS sure WHERE 0", ()
    condition = date_in(("w.outer_low", "w.outer_high", "w.inner_low", "w.inner_high"))
    possible, certain = (
        sql.replace("?", "{}").format(*columns) for sql, columns in (condition.possible, condition.certain)
    )
    rows = ", ".join(f"(?, {', '.join(map(str, bounds))})" for _, *bounds in windows)
    sql = (
        f"WITH w(id, outer_low, outer_high, inner_low, inner_high) AS (VALUES {rows})"
        f" SELECT e.number AS event, w.id AS value, ({certain}) AS sure FROM event e JOIN w ON {possible}"
    )
    return sql, tuple(id for id, *_ in windows)


LANE_FIELDS = {
    "actor": LaneField(_lane_values("participant", "actor"), "actor"),
    "era": LaneField(_era_lanes, "era"),
    "group": LaneField(_GROUPS, "actor"),
    "id": LaneField(value_sql="e.id"),
    "kind": LaneField(value_sql="e.kind"),
    "metric": LaneField(_lane_values("figure", "metric")),
    "place": LaneField(_lane_values("place", "name")),
    "role": LaneField(_lane_values("participant", "role")),
    "source": LaneField(_lane_values("citation", "source"), "source"),
    "status": LaneField(_STATUSES),
    "tag": LaneField(_lane_values("tag", "name")),
}


class Lanes:
    """The events of a selection, parted by a field of FIELDS: the lanes with the most events first.

    Of lanes with as many, the one that begins first comes first; the events without a value have the last
    lane, whose value is None. `limit` is how many lanes at most; that of the selection does not count.

    Raises:
        UsageError: where events cannot be parted by the field.
    """

    __slots__ = (
        "_certain_sql",
        "_entity_kind",
        "_from_sql",
        "_names",
        "_parameters",
        "_value_sql",
        "limit",
        "selection",
    )

    def __init__(self, selection: Selection, by: str, limit: int | None = None) -> None:
        if by not in LANE_FIELDS:
            raise UsageError(f'no lanes by "{by}"{suggest(by, LANE_FIELDS)}; there are {", ".join(LANE_FIELDS)}')
        self.selection = selection
        self.limit = limit
        field = LANE_FIELDS[by]
        members, parameters = field.members(selection.resolver) if callable(field.members) else (field.members, ())
        certain_join = " AND m.sure" if selection.certain else ""
        join = f" LEFT JOIN ({members}) m ON m.event = e.number{certain_join}" if members else ""
        where, where_parameters = selection.where()
        self._from_sql = f"FROM event e{join} WHERE ({where})"
        self._parameters = [*parameters, *where_parameters]
        self._value_sql = field.value_sql
        self._certain_sql = field.certain_sql
        self._entity_kind = field.entity_kind
        self._names: dict[str, str] | None = None

    def lane_name(self, value: str | None) -> str | None:
        """Return what the thing is called whose id a lane's value is; None where it is the id of nothing."""
        if self._names is None:
            rows = self.selection.db.execute("SELECT id, name FROM entity WHERE kind = ?", (self._entity_kind,))
            self._names = dict(rows.fetchall()) if self._entity_kind else {}
        return self._names.get(value or "")

    def lane_totals(self) -> list[tuple[str | None, int, int, int | None, int | None, int | None, int | None]]:
        """Return all lanes: value, events, how many of them are undated, and days.

        These are the first and the last day that bound any event, and the first and the last that any may
        reach to, BEGIN and END where unbounded; None where all are undated.
        """
        return self.selection.db.execute(
            f"SELECT {self._value_sql}, COUNT(*), COUNT(*) - COUNT(e.overlap_first),"
            f" MIN(e.axis_first), MAX(e.axis_last), MIN(e.overlap_first), MAX(e.overlap_last) {self._from_sql}"
            f" GROUP BY {self._value_sql}"
            f" ORDER BY {self._value_sql} IS NULL, COUNT(*) DESC, MIN(e.sort_day), {self._value_sql}",
            self._parameters,
        ).fetchall()

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield a lane's value, its name and the cells of these fields (of COLUMNS or DRAWN) for each of its events."""
        cells, cell_parameters, decoders = self.selection.cells_sql(fields, "l.sure")
        limit = "" if self.limit is None else f" WHERE l.place <= {self.limit}"
        result = self.selection.db.execute(
            f"WITH laned AS (SELECT e.number, e.sort_day, {self._value_sql} AS lane,"
            f" {self._certain_sql} AS sure {self._from_sql}),"
            " counted AS (SELECT number, lane, sure, COUNT(*) OVER (PARTITION BY lane) AS events,"
            " MIN(sort_day) OVER (PARTITION BY lane) AS first FROM laned),"
            " placed AS (SELECT number, lane, sure,"
            " DENSE_RANK() OVER (ORDER BY lane IS NULL, events DESC, first, lane) AS place FROM counted)"
            f" SELECT l.lane, {cells} FROM placed l JOIN event e ON e.number = l.number"
            f" LEFT JOIN detail d ON d.event = e.number{limit}"
            " ORDER BY l.place, e.sort_day, e.sort_tiebreak, e.id",
            [*self._parameters, *cell_parameters],
        )
        names = self.selection.names
        for value, *row in result:
            decoded = (v if decode is None else decode(v, names) for v, decode in zip(row, decoders, strict=True))
            yield value, self.lane_name(value), *decoded

    def groups(
        self, first: int, days: int, cells: int, *, with_titles: bool = False, with_certain: bool = True
    ) -> Iterator[tuple[str | None, Sequence[Sequence[Any]]]]:
        """Yield the value of each lane, and its dated events: together those that look alike in so many cells.

        A group is as scene.Group says, with date, id and title of an event alone where `told`, and without where events
        surely are but for `cores`. The cells are those of so many days, from the day `first`.
        """
        match, match_parameters, _ = self.selection.cells_sql(("match",), self._certain_sql)
        mark = mark_case_sql(range(len(MARK_NAMES))).format(today=self.selection.resolver.today)
        # All of a look in one number.
        base = cells + 2

        def cell_range_sql(low: str, high: str) -> str:
            # Whole numbers, divided without remainder; 0 and the last one are without a bound.
            low, high = (
                f"CASE WHEN {bound} <= {BEGIN} THEN 0 WHEN {bound} >= {END} THEN {cells + 1}"
                f" ELSE ({bound} - {first}) * {cells} / {days} + 1 END"
                for bound in (low, high)
            )
            return f"({low}) * {base} + {high}"

        look_sql = cell_range_sql("e.overlap_first", "e.overlap_last")
        if with_certain:
            certain_range_sql = cell_range_sql("e.certain_first", "e.certain_last")
            certain_sql = f"CASE WHEN e.certain_first IS NULL THEN 0 ELSE {certain_range_sql} + 1 END"
            look_sql = f"{certain_sql} * {base * base} + {look_sql}"
        look_sql = (
            f"(({look_sql}) * {len(MARK_NAMES)} + {mark}) * 4 + ({match} = 'possible') * 2 + (e.disputed IS NOT NULL)"
        )
        dated_sql, parameters = (
            f"{self._from_sql} AND e.overlap_first IS NOT NULL",
            [*match_parameters, *self._parameters],
        )
        single_events: dict[tuple[str | None, str], Sequence[Any]] = {}
        if with_titles:
            sql = f"SELECT {self._value_sql}, CAST({look_sql} AS TEXT), e.date, e.id, e.title {dated_sql}"
            rows = self.selection.db.execute(sql, parameters)
            # Of those that look alike the last one; they are told by their number.
            single_events = {(lane, number): one for lane, number, *one in rows}
        looks: dict[str, Sequence[Any]] = {}
        # SQLite would sort them to group them.
        sql = f"SELECT {self._value_sql}, GROUP_CONCAT({look_sql}) {dated_sql} GROUP BY 1"
        for lane, numbers in self.selection.db.execute(sql, parameters):
            look_counts = Counter(numbers.split(","))
            looks.update((number, _decode_look(int(number), base)) for number in look_counts.keys() - looks.keys())
            yield (
                lane,
                [
                    (*looks[number], events, *single_events.get((lane, number), ()))
                    for number, events in look_counts.items()
                ],
            )

    def count_events(self) -> tuple[int, int, int]:
        """Return how many events there are, how many of them only possibly match, and how many are undated."""
        match, match_parameters, _ = self.selection.cells_sql(("match",))
        where, parameters = self.selection.where()
        events, possible, undated = self.selection.db.execute(
            f"SELECT COUNT(*), IFNULL(SUM({match} = 'possible'), 0), COUNT(*) - COUNT(e.overlap_first)"
            f" FROM event e WHERE {where}",
            [*match_parameters, *parameters],
        ).fetchone()
        return events, possible, undated


_LOOKS = [
    (mark, match, disputed) for mark in MARK_NAMES for match in ("certain", "possible") for disputed in (False, True)
]


def _decode_look(number: int, base: int) -> Sequence[Any]:
    """Return the cells where events may be, those where they surely are, and their look."""
    number, states = divmod(number, 4)
    number, mark = divmod(number, len(MARK_NAMES))
    certain_range, number = divmod(number, base * base)
    low, high = divmod(number, base)
    begin, end = divmod(certain_range - 1, base) if certain_range else (0, 0)
    certain_cells = (begin - 1, end - 1) if certain_range else (None, None)
    return low - 1, high - 1, *certain_cells, _LOOKS[mark * 4 + states]
