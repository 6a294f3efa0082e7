"""SQL that counts events in groups, by facets and by columns."""

from __future__ import annotations

from autotimeline.query.predicates import TRUE, Sql, and_, compose, not_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.query.slices import Slices


class GroupedCounts:
    """The numbers of events of a selection by the slices of some facets; `matches_all` if it is the whole store."""

    __slots__ = ("certain", "matches_all", "possible", "selection", "slices")

    def __init__(self, selection: Selection, slices: Sequence[Slices]) -> None:
        self.selection = selection
        self.slices = slices
        self.possible = selection.where()
        self.certain = selection.compiled.certain
        # Without conditions on the event, its row is not needed.
        self.matches_all = selection.compiled.possible == selection.compiled.certain == TRUE

    def rows(
        self, columns: Sequence[str] = (), *, table: str = "event", first_table: str = "", where: str = "1 = 1"
    ) -> Iterator[Any]:
        """Yield (keys, values of `columns`, (certain, possible)) for each group.

        `first_table` is joined first, which is faster if it selects few events. Rows of the table `month_bucket` each
        represent several events.
        """
        aliased = [(f"v{n}", slices) for n, slices in enumerate(self.slices)]
        keys = [key for v, slices in aliased for key in slices.aliased_keys(v)]
        relations = [(v, slices.relation) for v, slices in aliased if slices.relation]
        is_per_event = [slices.is_per_event for slices in self.slices]
        skips_events = self.matches_all and bool(relations) and not columns and all(is_per_event)
        event = "v0.event" if skips_events else "e.number"
        conditions = [slices.join_condition(v, event) for v, slices in aliased if not (skips_events and v == "v0")]
        matches = and_(self.possible, *map(Sql, (*conditions, where)))
        certain = [Sql(slices.certain.format(v=v)) for v, slices in aliased if slices.certain]
        certain += [self.certain] if self.certain != self.selection.compiled.possible else []
        # A relation may have several rows for an event in one slice.
        distinct_event = f"DISTINCT {event}" if any(is_per_event) else "*"
        possible_count = "SUM(e.events)" if table == "month_bucket" else f"COUNT({distinct_event})"
        certain_count = Sql("NULL")
        if certain:
            counted = ("DISTINCT ", event) if any(is_per_event) else ("", "1")
            certain_count = compose(f"COUNT({counted[0]}CASE WHEN {{}} THEN {counted[1]} END)", and_(*certain))
        cells = [*keys, *map(Sql, columns), certain_count, Sql(possible_count)]
        # SQLite does not reorder a CROSS JOIN: reading events in order is fastest.
        event_tables = [*([first_table] if first_table else ()), *(() if skips_events else [f"{table} e"])]
        tables = " CROSS JOIN ".join([*event_tables, *(v for v, _ in relations)])
        group_by = ", ".join(str(n) for n in range(1, len(keys) + len(columns) + 1))
        template = f"SELECT {', '.join(['{}'] * len(cells))} FROM {tables} WHERE {{}}"
        template += f" GROUP BY {group_by}" if group_by else ""
        if relations:
            template = f"WITH {', '.join(f'{v} AS ({{}})' for v, _ in relations)} {template}"
        statement = compose(template, *(relation for _, relation in relations), *cells, matches)
        key_count = len(keys)
        for row in statement.execute(self.selection.db):
            yield row[:key_count], row[key_count:-2], (row[-1] if row[-2] is None else row[-2], row[-1])

    def total(self, where: Sql = TRUE) -> tuple[int, int]:
        """Return (certain, possible) numbers of the events with a condition."""
        counts = "SELECT SUM(CASE WHEN {} THEN 1 ELSE 0 END), COUNT(*) FROM event e WHERE {}"
        statement = compose(counts, self.certain, and_(where, self.possible))
        certain, possible = statement.execute(self.selection.db).fetchone()
        return certain or 0, possible

    def total_outside(self, slices: Slices) -> tuple[int, int]:
        """Return (certain, possible) numbers of the events outside all slices of a facet."""
        matches = Sql(slices.join_condition("v"))
        if slices.relation:
            matches = compose("EXISTS (WITH v AS ({}) SELECT 1 FROM v WHERE {})", slices.relation, matches)
        return self.total(not_(matches))
