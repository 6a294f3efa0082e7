"""Lanes of a chart: the events of a selection in the slices of a facet.

An event is in the lane of each of its values. It is possible, as for the term `FIELD:VALUE`, in the lane of an era that
it may overlap, and in the lane of a status that a source claims.
"""

from __future__ import annotations

from collections import Counter

from autotimeline.dates.span import BEGIN, END
from autotimeline.query.columns import EVENT_JOINS, MARK_NAMES, ORDER_SQL, mark_case_sql
from autotimeline.query.facets import FACETS, entity_kind, parse_field
from autotimeline.query.predicates import Sql, and_, compose, integer_quotient
from autotimeline.query.slices import build_slices
from autotimeline.reports.grouping import GroupedCounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection


class Lanes:
    """The events of a selection, divided by a field of FACETS, perhaps with a role.

    The lanes with the most events come first, then the ones that start first; the events without a value have the last
    lane, whose value is None. `limit` is the maximum number of lanes.

    Raises:
        UsageError: If the field is not in FACETS.
    """

    def __init__(self, selection: Selection, by: str, limit: int | None = None) -> None:
        self.selection = selection
        self.by = parse_field(by, FACETS, "chart")
        self.limit = limit
        slices = build_slices(self.by, selection.resolver)
        self._labels = FACETS[self.by.partition("@")[0]].labels(selection.resolver)
        self._names = selection.names.of_kind(entity_kind(self.by))
        certain = slices.certain.format(v="v")
        self._certain_sql = f"COALESCE({certain}, TRUE)" if certain else "TRUE"
        on = and_(*map(Sql, (slices.join_condition("v"), *([certain] if certain and selection.certain else ()))))
        if slices.is_per_event:
            # A relation may have several rows for an event in one slice.
            rows = compose("SELECT DISTINCT * FROM ({})", slices.relation or "")
        else:
            # Spark accepts no subquery about both sides in the condition of a join.
            selected = and_(selection.where(), on)
            rows = compose(
                "SELECT e.number AS event, v.* FROM event e CROSS JOIN ({}) v WHERE {}", slices.relation or "", selected
            )
            on = Sql("v.event = e.number")
        join = compose(" LEFT JOIN ({}) v ON {}", rows, on) if slices.relation else ""
        (self._key,) = slices.aliased_keys("v")
        self._from = compose("FROM event e{} WHERE {}", join, and_(selection.where()))

    def label(self, key: str | None) -> str | None:
        """Return the value of a lane, an id or a word, by its key."""
        return self._labels.get(key, key) if key else key

    def lane_name(self, value: str | None) -> str | None:
        """Return the name of the entity whose id the value is, or None if it is not an id."""
        return self._names.get(value or "")

    def lane_totals(self) -> list[tuple[str | None, int, int, int | None, int | None, int | None, int | None]]:
        """Return for each lane its value, its numbers of events and of undated ones, and four days.

        The days are the first and the last one to draw, and the first and the last possible one (BEGIN and END if
        open); they are None if all events are undated.
        """
        rows = compose(
            "SELECT {} AS lane, COUNT(*), COUNT(*) - COUNT(e.overlap_first), MIN(e.axis_first), MAX(e.axis_last),"
            " MIN(e.overlap_first), MAX(e.overlap_last) {}"
            " GROUP BY lane ORDER BY lane IS NULL, COUNT(*) DESC, MIN(e.sort_day), lane",
            self._key,
            self._from,
        ).execute(self.selection.db)
        return [(self.label(key), *totals) for key, *totals in rows]

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield for each event in each lane the lane's value, its name, and the cells of these fields."""
        cells, decoders = self.selection.cells(fields, "l.certain")
        limit = "" if self.limit is None else f" WHERE l.rank <= {self.limit}"
        rows = compose(
            f"WITH laned AS (SELECT e.number, e.sort_day, {{}} AS lane, {self._certain_sql} AS certain {{}}),"
            " counted AS (SELECT number, lane, certain, COUNT(*) OVER (PARTITION BY lane) AS events,"
            " MIN(sort_day) OVER (PARTITION BY lane) AS first FROM laned),"
            " ranked AS (SELECT number, lane, certain,"
            " DENSE_RANK() OVER (ORDER BY lane IS NULL, events DESC, first, lane) AS rank FROM counted)"
            " SELECT l.lane, {} FROM ranked l JOIN event e ON e.number = l.number"
            f" {EVENT_JOINS}{limit}"
            f" ORDER BY l.rank, {ORDER_SQL}",
            self._key,
            self._from,
            cells,
        ).execute(self.selection.db)
        names = self.selection.names
        for key, *row in rows:
            decoded = (v if decode is None else decode(v, names) for v, decode in zip(row, decoders, strict=True))
            value = self.label(key)
            yield value, self.lane_name(value), *decoded

    def groups(
        self, first: int, days: int, cells: int, *, with_titles: bool = False, with_certain: bool = True
    ) -> Iterator[tuple[str | None, Sequence[Sequence[Any]]]]:
        """Yield the value of each lane, and its dated events in BarGroups, which look alike in this number of cells.

        The cells divide the `days` from `first` on. `with_titles` adds date, id, and title of a single event, and
        `with_certain` the certain range.
        """
        match, _ = self.selection.cells(("match",), self._certain_sql)
        mark = mark_case_sql(range(len(MARK_NAMES))).format(today=self.selection.resolver.today)
        # One number encodes the look of an event.
        base = cells + 2

        def cell_sql(day: str) -> str:
            # 0 and the last number are open bounds.
            cell = integer_quotient(f"(({day} - {first}) * {cells})", days)
            return f"(CASE WHEN {day} <= {BEGIN} THEN 0 WHEN {day} >= {END} THEN {cells + 1} ELSE {cell} + 1 END)"

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
        states = compose(
            "{} * 4 + CASE {} WHEN 'possible' THEN 2 ELSE 0 END + CASE WHEN e.disputed IS NULL THEN 0 ELSE 1 END",
            mark,
            match,
        )
        look = compose(f"({look_sql}) * {4 * len(MARK_NAMES)} + {{}}", states)
        dated = compose("{} AND e.overlap_first IS NOT NULL", self._from)
        single_events: dict[tuple[str | None, str], Sequence[Any]] = {}
        if with_titles:
            titles = compose("SELECT {}, '' || ({}), e.date, e.id, e.title {}", self._key, look, dated)
            single_events = {(key, number): one for key, number, *one in titles.execute(self.selection.db)}
        looks: dict[str, Sequence[Any]] = {}
        # GROUP BY with the number would sort all events.
        groups = compose("SELECT {}, GROUP_CONCAT('' || ({}), ',') {} GROUP BY 1", self._key, look, dated)
        for key, numbers in groups.execute(self.selection.db):
            look_counts = Counter(numbers.split(","))
            looks.update((number, _decode_look(int(number), base)) for number in look_counts.keys() - looks.keys())
            counted = look_counts.items()
            yield (
                self.label(key),
                [(*looks[number], n, *single_events.get((key, number), ())) for number, n in counted],
            )

    def count_events(self) -> tuple[int, int, int]:
        """Return the numbers of events, of those that match only possibly, and of undated ones."""
        grouped = GroupedCounts(self.selection, ())
        certain, events = grouped.total()
        return events, events - certain, grouped.total(Sql("e.overlap_first IS NULL"))[1]


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
