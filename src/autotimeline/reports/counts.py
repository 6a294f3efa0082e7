"""How many events fall in each cell of one field, or of two: a year, an actor, a kind and a status.

A cell is a term of the query language (of two fields: both terms), added to the query: as many events are *possible*
in it as the query with the term finds, and as many are *certain* as surely match it. So an imprecise date is
possible in each cell that it may fall in, and a period is in each cell that it meets.

The numbers come from GROUP BY. Dates are grouped by the cells that they may reach, and become numbers of cells here;
of a whole store these groups are kept in the index.
"""

from __future__ import annotations

from itertools import accumulate, chain

from autotimeline.dates.span import BEGIN, END, month_number
from autotimeline.index.month_buckets import merge_ranges
from autotimeline.query.facets import FACETS, TIME_FIELDS, name_lookup, parse_fields
from autotimeline.reports.grouping import GroupedCounts
from autotimeline.text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection

    # The keys of other fields, the first cell and the last, and how many events.
    CellRange = tuple[tuple[Any, ...], int, int, int]
    # The keys of a cell, one for each field; how many events are certain in it, and how many possible.
    CountsByKeys = dict[tuple[Any, ...], tuple[int, int]]

# The months that stand where there is no bound.
_BEFORE, _AFTER = month_number(BEGIN), month_number(END)
# Two cells in one number, for few columns are quick to group by: this times the first, and the last. An inner reach
# is often none, or the outer one turned round, as it is of every date that is no period.
_PACKING_FACTOR, _NO_CELLS, _REVERSED = 200_000, -1, -2
# The months of an event, as the index has them.
_OUTER_MONTHS, _INNER_MONTHS = ("e.month_first", "e.month_last"), ("e.month_inside_first", "e.month_inside_last")


class CountCell:
    """One cell: its keys, a value for each field, and the names behind those that are ids, else None.

    `certain` is how many events surely match and surely fall in it, `possible` how many may, those among them.
    """

    __slots__ = ("certain", "keys", "names", "possible")

    def __init__(self, keys: Sequence[Any], names: Sequence[str | None], numbers: tuple[int, int]) -> None:
        self.keys = tuple(keys)
        self.names = tuple(names)
        self.certain, self.possible = numbers


class CountTable:
    """The cells of a selection by its fields, in order, and what its cells cannot say.

    Times and eras come in their own order, the cells of other fields with the most frequent first. By a time or by
    eras alone there is each cell from the first to the last that holds an event; else there are those that hold one.

    Attributes:
        by: The fields, of `axes.FIELDS`; at most two, at most one of them a time.
        axes: For each field its keys, in order.
        cells: The cells in the order of the first field, then of the second; without a field one, of all events.
    """

    __slots__ = ("_grouped", "cells", "fields", "ordered_keys")

    def __init__(self, selection: Selection, by: Sequence[str]) -> None:
        self.fields = tuple(by)
        facets = [FACETS[field](selection.resolver) for field in by if field not in TIME_FIELDS]
        self._grouped = grouped = GroupedCounts(selection, facets)
        time_field = next((field for field in by if field in TIME_FIELDS), None)
        counts = (
            _count_by_time(grouped, TIME_FIELDS[time_field])
            if time_field
            else {keys: numbers for keys, _, numbers in grouped.rows()}
        )
        if time_field and by[0] != time_field:
            counts = {(key, cell): numbers for (cell, key), numbers in counts.items()}
        orders, labels, name_lookups = [], [], []
        remaining = zip(facets, grouped.labels, strict=True)
        for index, field in enumerate(by):
            facet, spellings = (None, {}) if field in TIME_FIELDS else next(remaining)
            orders.append(_order_keys(counts, index, facet.order if facet else None))
            labels.append({key: _key_label(field, key, spellings.get(key)) for key in orders[-1]})
            name_lookups.append(name_lookup(field, selection.resolver, selection.names))
        if len(by) == 1:
            counts = {(key,): counts.get((key,), (0, 0)) for key in orders[0]}
        ranks = [{key: place for place, key in enumerate(order)} for order in orders]
        self.ordered_keys = [[show[key] for key in order] for show, order in zip(labels, orders, strict=True)]
        self.cells = [
            CountCell(
                [show[key] for show, key in zip(labels, keys, strict=True)],
                [name(key) for name, key in zip(name_lookups, keys, strict=True)],
                counts[keys],
            )
            for keys in sorted(counts, key=lambda keys: [place[key] for place, key in zip(ranks, keys, strict=True)])
        ]

    def total(self) -> tuple[int, int]:
        """Return how many events surely match, and how many may, each counted once."""
        return self._grouped.total()

    def count_outside(self, field: str) -> tuple[int, int]:
        """Return how many events surely, and how many possibly, match and fall in no cell of a field of `by`."""
        if field in TIME_FIELDS:
            return self._grouped.total("e.overlap_first IS NULL")
        return self._grouped.total(
            outside_index=[other for other in self.fields if other not in TIME_FIELDS].index(field)
        )


def _count_by_time(grouped: GroupedCounts, months_per_cell: int) -> CountsByKeys:
    """Return the numbers by (cell of so many months, *other key)."""
    possible_ranges: list[CellRange] = []
    certain_ranges: list[CellRange] = []
    for keys, (outer, inner), (certain, possible) in _undisputed_ranges(grouped, months_per_cell):
        low, high = divmod(outer, _PACKING_FACTOR)
        possible_ranges.append((keys, low, high, possible))
        if inner == _REVERSED:
            certain_ranges.append((keys, high, low, certain))
        elif inner != _NO_CELLS:
            certain_ranges.append((keys, *divmod(inner, _PACKING_FACTOR), certain))
    claimed: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for keys, (event, low, high), _ in _claimed_ranges(grouped, months_per_cell):
        claimed.setdefault((*keys, event), []).append((low, high))
    all_ranges = chain(((low, high) for _, low, high, _ in possible_ranges), *claimed.values())
    cell_range = _bounded_range({cell for reach in all_ranges for cell in reach}, months_per_cell)
    query_range = _clip_range(
        cell_range, *(month_number(day) // months_per_cell for day in grouped.selection.compiled.window())
    )
    # Claims may meet two windows that are asked for, and none of them both.
    if all(any(_ranges_overlap(reach, query_range) for reach in reaches) for reaches in claimed.values()):
        cell_range = query_range
    for (*keys, _), claim_ranges in claimed.items():
        possible_ranges += [(tuple(keys), low, high, 1) for low, high in merge_ranges(claim_ranges)]
    possible, certain = _running_counts(possible_ranges, *cell_range), _running_counts(certain_ranges, *cell_range)
    return {keys: (certain.get(keys, 0), number) for keys, number in possible.items()}


def _undisputed_ranges(grouped: GroupedCounts, months_per_cell: int) -> Iterator[Any]:
    """Yield the groups of undisputed events by the cells, of so many months, that their dates may reach.

    The values of a group are the outer reach and the inner one, as numbers (see `_FACTOR`).
    """
    if _can_use_buckets(grouped):
        outer, inner = f"e.first * {_PACKING_FACTOR} + e.last", f"e.inside_first * {_PACKING_FACTOR} + e.inside_last"
        inner = f"CASE WHEN e.inside_first < 0 THEN {_NO_CELLS} ELSE {inner} END"
        return grouped.rows([outer, inner], table="month_bucket", where=f"e.size = {months_per_cell}")
    outer, inner = (
        f"{low} / {months_per_cell} * {_PACKING_FACTOR} + {high} / {months_per_cell}"
        for low, high in (_OUTER_MONTHS, _INNER_MONTHS)
    )
    is_reversed = f"{_INNER_MONTHS[0]} = {_OUTER_MONTHS[1]} AND {_INNER_MONTHS[1]} = {_OUTER_MONTHS[0]}"
    inner = f"CASE WHEN {_INNER_MONTHS[0]} < 0 THEN {_NO_CELLS} WHEN {is_reversed} THEN {_REVERSED} ELSE {inner} END"
    return grouped.rows([outer, inner], where=f"{_OUTER_MONTHS[0]} IS NOT NULL")


def _can_use_buckets(grouped: GroupedCounts) -> bool:
    """Whether the index keeps the counts: of a whole store by time, disputed events among them."""
    return grouped.matches_all and all(axis.in_buckets for axis in grouped.facets)


def _claimed_ranges(grouped: GroupedCounts, months_per_cell: int) -> Iterator[Any]:
    """Yield (event, first cell, last cell) for each claim of the disputed events."""
    if _can_use_buckets(grouped):
        return iter(())
    cells = [f"{bound} / {months_per_cell}" for bound in ("c.month_first", "c.month_last")]
    return grouped.rows(
        ["e.number", *cells], first_table="claim c", where="c.event = e.number AND c.month_first IS NOT NULL"
    )


def _bounded_range(cells: set[int], months_per_cell: int) -> tuple[int, int]:
    """Return the first and the last of the cells that some date names; where none does, a span of no cell."""
    bounded_cells = [cell for cell in cells if _BEFORE // months_per_cell < cell < _AFTER // months_per_cell]
    return (min(bounded_cells), max(bounded_cells)) if bounded_cells else (0, -1)


def _clip_range(cell_range: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    """Return what of a span lies within what is asked for; beyond it the nearest cell, which what is open reaches."""
    first, last = max(cell_range[0], low), min(cell_range[1], high)
    if first <= last or cell_range[0] > cell_range[1]:
        return first, last
    return (low, low) if cell_range[1] < low else (high, high)


def _ranges_overlap(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[0] <= second[1] and first[1] >= second[0]


def _running_counts(ranges: Sequence[CellRange], first: int, last: int) -> dict[tuple[Any, ...], int]:
    """Return how many there are by (cell, *keys), from ranges of cells with so many each; without those of none."""
    # How many more than in the cell before: a range of a thousand cells costs no more than one of two.
    changes_by_keys: dict[tuple[Any, ...], dict[int, int]] = {}
    for keys, low, high, number in ranges:
        low, high = max(low, first), min(high, last)
        if low <= high:
            changes_by_cell = changes_by_keys.setdefault(keys, {})
            changes_by_cell[low] = changes_by_cell.get(low, 0) + number
            changes_by_cell[high + 1] = changes_by_cell.get(high + 1, 0) - number
    counts = {}
    for keys, changes_by_cell in changes_by_keys.items():
        cells = sorted(changes_by_cell)
        for low, high, level in zip(
            cells, cells[1:], accumulate(changes_by_cell[cell] for cell in cells), strict=False
        ):
            if level:
                counts.update(dict.fromkeys(((cell, *keys) for cell in range(low, high)), level))
    return counts


def _order_keys(counts: CountsByKeys, index: int, order: Sequence[Any] | None) -> list[Any]:
    """Return the keys of a field in order: of a time (`order` is None) all from first to last, of eras too."""
    distinct_keys = {keys[index] for keys in counts}
    if not distinct_keys:
        return []
    if order is None:
        return list(range(min(distinct_keys), max(distinct_keys) + 1))
    if order:
        ranks = [place for place, key in enumerate(order) if key in distinct_keys]
        return list(order[ranks[0] : ranks[-1] + 1])
    totals: dict[Any, list[int]] = {key: [0, 0] for key in distinct_keys}
    for cell, (certain, possible) in counts.items():
        totals[cell[index]][0] -= possible
        totals[cell[index]][1] -= certain
    return sorted(distinct_keys, key=lambda key: (totals[key], key))


def _key_label(field: str, key: Any, spelling: str | None) -> Any:
    """Return a key as it is told: a year is a number, `2023Q4`, `2023-10`; a word is spelled as in the store."""
    if field == "year":
        return key
    if field == "quarter":
        return f"{key // 4:04}Q{key % 4 + 1}"
    if field == "month":
        return f"{key // 12:04}-{key % 12 + 1:02}"
    if field == "place" and spelling:
        return next((part.strip() for part in (spelling, *spelling.split(",")) if fold(part) == key), key)
    return spelling or key


def count_events(selection: Selection, by: str = "") -> CountTable:
    """Return how many of the events, whatever the limit, fall in each cell of a field or two: `year,kind`.

    Raises:
        UsageError: where one is no field to count by.
    """
    return CountTable(selection, parse_fields(by))
