"""SQL that counts events in groups, by facets and by columns."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.facets import Facet
    from autotimeline.query.selection import Selection


class GroupedCounts:
    """The numbers of events of a selection by the values of some facets.

    Attributes:
        labels: For each facet the spellings of its keys read so far; of several spellings the first in sort order.
    """

    __slots__ = ("certain", "facets", "labels", "matches_all", "parameters", "possible", "selection", "with_clause")

    def __init__(self, selection: Selection, facets: Sequence[Facet]) -> None:
        self.selection = selection
        self.facets = facets
        self.labels: list[dict[Any, str]] = [{} for _ in facets]
        self.possible = selection.where()
        self.certain = selection.compiled.certain
        # Without conditions on the event, its row is not needed.
        self.matches_all = selection.compiled.possible == selection.compiled.certain == ("1", ())
        relations = [(f"v{n}", facet.relation) for n, facet in enumerate(facets) if facet.relation]
        with_parts = [f"{v}({columns}) AS ({sql})" for v, (columns, (sql, _)) in relations]
        self.with_clause = f"WITH {', '.join(with_parts)} " if with_parts else ""
        self.parameters = [p for _, (_, (_, parameters)) in relations for p in parameters]

    def rows(
        self, columns: Sequence[str] = (), *, table: str = "event", first_table: str = "", where: str = "1 = 1"
    ) -> Iterator[Any]:
        """Yield (keys, values of `columns`, (certain, possible)) for each group.

        `first_table` is joined first, which is faster if it selects few events. Rows of the table `month_bucket` each
        represent several events.
        """
        aliased_facets = [(f"v{n}", facet) for n, facet in enumerate(self.facets)]
        keys = [facet.key.format(v=v) for v, facet in aliased_facets]
        labeled = [(self.labels[n], n) for n, facet in enumerate(self.facets) if facet.label]
        label_columns = [f"MIN({self.facets[n].label.format(v=f'v{n}')})" for _, n in labeled]
        relations = [v for v, facet in aliased_facets if facet.relation]
        is_per_event = all(facet.is_per_event for facet in self.facets)
        skips_events = self.matches_all and relations and not columns and is_per_event
        event = "v0.event" if skips_events else "e.number"
        (possible_sql, possible_parameters), (certain_sql, certain_parameters) = self.possible, self.certain
        matches = [facet.matches.format(v=v) for v, facet in aliased_facets if facet.matches]
        joined = [v for v, facet in aliased_facets if facet.is_per_event and f"{v}.event" != event]
        matches += [f"{v}.event = {event}" for v in joined]
        certain_conditions = [facet.certain.format(v=v) for v, facet in aliased_facets if facet.certain]
        has_uncertain = self.certain != self.selection.compiled.possible
        certain_conditions += [certain_sql] if has_uncertain else []
        may_repeat = any(facet.may_repeat for facet in self.facets)
        possible_count = (
            f"COUNT(DISTINCT {event})" if may_repeat else "SUM(e.events)" if table == "month_bucket" else "COUNT(*)"
        )
        certain_count = "NULL"
        if certain_conditions:
            all_certain = " AND ".join(f"({part})" for part in certain_conditions)
            counter = ("COUNT(DISTINCT CASE", event) if may_repeat else ("COUNT(CASE", "1")
            certain_count = f"{counter[0]} WHEN {all_certain} THEN {counter[1]} END)"
        group_columns = ", ".join(str(n) for n in range(1, len(keys) + len(columns) + 1))
        # SQLite does not reorder a CROSS JOIN: reading events in order is fastest.
        tables = [*([first_table] if first_table else ()), *(() if skips_events else [f"{table} e"]), *relations]
        sql = (
            f"{self.with_clause}SELECT {', '.join([*keys, *columns, *label_columns, certain_count, possible_count])}"
            f" FROM {' CROSS JOIN '.join(tables)}"
            f" WHERE {' AND '.join(f'({part})' for part in (possible_sql, *matches, where))}"
            + (f" GROUP BY {group_columns}" if group_columns else "")
        )
        parameters = [*self.parameters, *(certain_parameters if has_uncertain else ()), *possible_parameters]
        key_count, values_end = len(keys), len(keys) + len(columns)
        for row in self.selection.db.execute(sql, parameters):
            for (labels_by_key, n), label in zip(labeled, row[values_end:-2], strict=True):
                labels_by_key[row[n]] = min(label, labels_by_key.get(row[n], label))
            yield row[:key_count], row[key_count:values_end], (row[-1] if row[-2] is None else row[-2], row[-1])

    def total(self, where: str = "1 = 1", *, outside_index: int | None = None) -> tuple[int, int]:
        """Return (certain, possible) numbers of the events with a condition, or outside all cells of one facet."""
        parameters: list[object] = []
        if outside_index is not None:
            facet, alias = self.facets[outside_index], f"v{outside_index}"
            matches = facet.matches.format(v=alias) if facet.matches else "1 = 1"
            if facet.relation:
                columns, (sql, facet_parameters) = facet.relation
                matches += f" AND {alias}.event = e.number" if facet.is_per_event else ""
                matches = f"EXISTS (WITH {alias}({columns}) AS ({sql}) SELECT 1 FROM {alias} WHERE {matches})"
                parameters += facet_parameters
            where = f"NOT ({matches})"
        (certain_sql, certain_parameters), (possible_sql, possible_parameters) = self.certain, self.possible
        certain_count = f"SUM(CASE WHEN {certain_sql} THEN 1 ELSE 0 END)"
        sql = f"SELECT {certain_count}, COUNT(*) FROM event e WHERE {where} AND ({possible_sql})"
        parameters = [*certain_parameters, *parameters, *possible_parameters]
        certain, possible = self.selection.db.execute(sql, parameters).fetchone()
        return certain or 0, possible
