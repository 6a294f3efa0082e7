"""Lanes of a chart: the fields that divide events into lanes, and the events of a selection in each lane.

An event is in the lane of each of its values. It is possible, as for the term `FIELD:VALUE`, in the lane of an era that
it may overlap, and in the lane of a status that a source claims.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.query.columns import MARK_NAMES, ORDER_SQL, mark_case_sql
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
    """The SQL of a field that divides events into lanes.

    `members` is a SELECT of (event, value, certain), joined as `m`, for a field of which an event may have several
    values.
    `entity_kind` is the kind of entity whose ids the values are, if any.
    """

    __slots__ = ("certain_sql", "entity_kind", "members", "value_sql")

    def __init__(
        self, members: str | Callable[[NameResolver], Sql] = "", entity_kind: str = "", value_sql: str = "m.value"
    ) -> None:
        self.members = members
        self.entity_kind = entity_kind
        self.value_sql = value_sql
        self.certain_sql = "IFNULL(m.certain, 1)" if members else "1"


def _lane_values(table: str, value: str) -> str:
    return f"SELECT DISTINCT event, {value} AS value, 1 AS certain FROM {table} WHERE {value} IS NOT NULL"


_GROUPS = """
WITH RECURSIVE up(part, parent) AS (
  SELECT actor, parent FROM actor_parent
  UNION SELECT u.part, p.parent FROM up u JOIN actor_parent p ON p.actor = u.parent
)
SELECT event, actor AS value, 1 AS certain FROM participant
UNION SELECT y.event, u.parent, 1 FROM participant y JOIN up u ON u.part = y.actor
"""
_STATUSES = """
SELECT number AS event, status AS value, NOT disputed_status AS certain FROM event
UNION SELECT c.event, c.status, 0 FROM claim c JOIN event x ON x.number = c.event WHERE c.status <> x.status
"""


def _era_lanes(resolver: NameResolver) -> Sql:
    """Return a SELECT of (event, value, certain) that compares each event with all eras at once."""
    windows = [(id, *resolver.era_window(id)) for id in resolver.list_ids("era")]
    if not windows:
        return "SELECT NULL AS event, NULL AS value, 0 AS certain WHERE 0", ()
    condition = date_in(("w.outer_low", "w.outer_high", "w.inner_low", "w.inner_high"))
    possible, certain = (
        sql.replace("?", "{}").format(*columns) for sql, columns in (condition.possible, condition.certain)
    )
    rows = ", ".join(f"(?, {', '.join(map(str, bounds))})" for _, *bounds in windows)
    sql = (
        f"WITH w(id, outer_low, outer_high, inner_low, inner_high) AS (VALUES {rows})"
        f" SELECT e.number AS event, w.id AS value, ({certain}) AS certain FROM event e JOIN w ON {possible}"
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
    """The events of a selection, divided by a field of LANE_FIELDS.

    The lanes with the most events come first, then the ones that start first; the events without a value have the last
    lane, whose value is None. `limit` is the maximum number of lanes.

    Raises:
        UsageError: If the field is not in LANE_FIELDS.
    """

    def __init__(self, selection: Selection, by: str, limit: int | None = None) -> None:
        if by not in LANE_FIELDS:
            raise UsageError(f'no lanes by "{by}"{suggest(by, LANE_FIELDS)}; there are {", ".join(LANE_FIELDS)}')
        self.selection = selection
        self.limit = limit
        field = LANE_FIELDS[by]
        members, parameters = field.members(selection.resolver) if callable(field.members) else (field.members, ())
        certain_join = " AND m.certain" if selection.certain else ""
        join = f" LEFT JOIN ({members}) m ON m.event = e.number{certain_join}" if members else ""
        where, where_parameters = selection.where()
        self._from_sql = f"FROM event e{join} WHERE ({where})"
        self._parameters = [*parameters, *where_parameters]
        self._value_sql = field.value_sql
        self._certain_sql = field.certain_sql
        self._entity_kind = field.entity_kind

    def lane_name(self, value: str | None) -> str | None:
        """Return the name of the entity whose id the value is, or None if it is not an id."""
        return self._names.get(value or "")

    @cached_property
    def _names(self) -> dict[str, str]:
        rows = self.selection.db.execute("SELECT id, name FROM entity WHERE kind = ?", (self._entity_kind,))
        return dict(rows.fetchall())

    def lane_totals(self) -> list[tuple[str | None, int, int, int | None, int | None, int | None, int | None]]:
        """Return for each lane its value, its numbers of events and of undated ones, and four days.

        The days are the first and the last one to draw, and the first and the last possible one (BEGIN and END if
        open); they are None if all events are undated.
        """
        return self.selection.db.execute(
            f"SELECT {self._value_sql}, COUNT(*), COUNT(*) - COUNT(e.overlap_first),"
            f" MIN(e.axis_first), MAX(e.axis_last), MIN(e.overlap_first), MAX(e.overlap_last) {self._from_sql}"
            f" GROUP BY {self._value_sql}"
            f" ORDER BY {self._value_sql} IS NULL, COUNT(*) DESC, MIN(e.sort_day), {self._value_sql}",
            self._parameters,
        ).fetchall()

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield for each event in each lane the lane's value, its name, and the cells of these fields."""
        cells, cell_parameters, decoders = self.selection.cells_sql(fields, "l.certain")
        limit = "" if self.limit is None else f" WHERE l.rank <= {self.limit}"
        result = self.selection.db.execute(
            f"WITH laned AS (SELECT e.number, e.sort_day, {self._value_sql} AS lane,"
            f" {self._certain_sql} AS certain {self._from_sql}),"
            " counted AS (SELECT number, lane, certain, COUNT(*) OVER (PARTITION BY lane) AS events,"
            " MIN(sort_day) OVER (PARTITION BY lane) AS first FROM laned),"
            " ranked AS (SELECT number, lane, certain,"
            " DENSE_RANK() OVER (ORDER BY lane IS NULL, events DESC, first, lane) AS rank FROM counted)"
            f" SELECT l.lane, {cells} FROM ranked l JOIN event e ON e.number = l.number"
            f" LEFT JOIN detail d ON d.event = e.number{limit}"
            f" ORDER BY l.rank, {ORDER_SQL}",
            [*self._parameters, *cell_parameters],
        )
        names = self.selection.names
        for value, *row in result:
            decoded = (v if decode is None else decode(v, names) for v, decode in zip(row, decoders, strict=True))
            yield value, self.lane_name(value), *decoded

    def groups(
        self, first: int, days: int, cells: int, *, with_titles: bool = False, with_certain: bool = True
    ) -> Iterator[tuple[str | None, Sequence[Sequence[Any]]]]:
        """Yield the value of each lane, and its dated events in BarGroups, which look alike in this number of cells.

        The cells divide the `days` from `first` on. `with_titles` adds date, id, and title of a single event, and
        `with_certain` the certain range.
        """
        match, match_parameters, _ = self.selection.cells_sql(("match",), self._certain_sql)
        mark = mark_case_sql(range(len(MARK_NAMES))).format(today=self.selection.resolver.today)
        # One number encodes the look of an event.
        base = cells + 2

        def cell_sql(day: str) -> str:
            # Integer division; 0 and the last number are open bounds.
            return (
                f"(CASE WHEN {day} <= {BEGIN} THEN 0 WHEN {day} >= {END} THEN {cells + 1}"
                f" ELSE ({day} - {first}) * {cells} / {days} + 1 END)"
            )

        def cell_range_sql(low: str, high: str) -> str:
            return f"{cell_sql(low)} * {base} + {cell_sql(high)}"

        look_sql = cell_range_sql("e.overlap_first", "e.overlap_last")
        if with_certain:
            certain_range_sql = cell_range_sql("e.certain_first", "e.certain_last")
            # After the numbers of ranges come those of a written day, as of a deadline.
            day_sql = (
                f"CASE WHEN e.sort_tiebreak = -e.sort_day AND e.sort_day < {END}"
                f" THEN {base * base} + {cell_sql('e.sort_day')} ELSE 0 END"
            )
            certain_sql = f"CASE WHEN e.certain_first IS NULL THEN {day_sql} ELSE {certain_range_sql} + 1 END"
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
            single_events = {(lane, number): one for lane, number, *one in rows}
        looks: dict[str, Sequence[Any]] = {}
        # GROUP BY with the number would sort all events.
        sql = f"SELECT {self._value_sql}, GROUP_CONCAT({look_sql}) {dated_sql} GROUP BY 1"
        for lane, numbers in self.selection.db.execute(sql, parameters):
            look_counts = Counter(numbers.split(","))
            looks.update((number, _decode_look(int(number), base)) for number in look_counts.keys() - looks.keys())
            counted = look_counts.items()
            yield lane, [(*looks[number], n, *single_events.get((lane, number), ())) for number, n in counted]

    def count_events(self) -> tuple[int, int, int]:
        """Return the numbers of events, of those that match only possibly, and of undated ones."""
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
    """Return the range of possible cells, that of certain cells (or None and the cell of a day), and the look."""
    number, states = divmod(number, 4)
    number, mark = divmod(number, len(MARK_NAMES))
    certain_range, number = divmod(number, base * base)
    low, high = divmod(number, base)
    begin, end = divmod(certain_range - 1, base) if certain_range else (0, 0)
    certain_cells: tuple[int | None, int | None] = (begin - 1, end - 1) if certain_range else (None, None)
    if certain_range > base * base:
        certain_cells = None, certain_range - base * base - 1
    return low - 1, high - 1, *certain_cells, _LOOKS[mark * 4 + states]
