"""Numbers of events per cell of one field or two: per year, per actor, or per kind and status.

A cell corresponds to one or two terms of the query language; an actor with its own role is one term. It contains the
same numbers of possible and certain events as the query with these terms. So an event with an imprecise date is
possible in several cells, and a period is in all cells that it overlaps. SQL groups events by ranges of cells, which
become numbers per cell here; the index contains these groups for the whole store.
"""

from __future__ import annotations

from itertools import accumulate, chain

from autotimeline.dates.span import BEGIN, END, month_number
from autotimeline.index.month_buckets import merge_ranges
from autotimeline.query.facets import FACETS, TIME_FIELDS, entity_kind, pairs_roles, parse_fields
from autotimeline.query.predicates import Sql, integer_quotient
from autotimeline.query.slices import build_role_slices, build_slices
from autotimeline.reports.grouping import GroupedCounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection

    # The keys of other fields, the first and the last cell, and the number of events.
    CellRange = tuple[tuple[Any, ...], int, int, int]
    # The keys of a cell, one per field, and its numbers of certain and possible events.
    CountsByKeys = dict[tuple[Any, ...], tuple[int, int]]

# The months of open bounds.
_BEFORE, _AFTER = month_number(BEGIN), month_number(END)
# One number for the first cell (times this factor) and the last one, because SQL groups fewer columns faster. Most
# inner ranges are empty or, for dates that are not periods, the outer range reversed.
_PACKING_FACTOR, _NO_CELLS, _REVERSED = 200_000, -1, -2
# The columns of the index that contain the months of an event.
_OUTER_MONTHS, _INNER_MONTHS = ("e.month_first", "e.month_last"), ("e.month_inside_first", "e.month_inside_last")


class CountCell:
    """One cell: a key per field, with the name if the key is an id, or else None.

    `possible` is the number of events that possibly match and are in the cell; `certain` is part of it.
    """

    __slots__ = ("certain", "keys", "names", "possible")

    def __init__(self, keys: Sequence[Any], names: Sequence[str | None], numbers: tuple[int, int]) -> None:
        self.keys = tuple(keys)
        self.names = tuple(names)
        self.certain, self.possible = numbers


class CountTable:
    """The cells of a selection by at most two fields, and the total numbers.

    Times and eras are in chronological order, other keys are ordered by frequency. If the only field is a time or an
    era, empty cells between others are included.

    Attributes:
        fields: The fields, at most one of them a time.
        ordered_keys: The keys of each field in order.
        cells: The cells in the order of the first field, then of the second; without fields one cell of all events.
    """

    __slots__ = ("_grouped", "_slices", "cells", "fields", "ordered_keys")

    def __init__(self, selection: Selection, by: Sequence[str]) -> None:
        self.fields = tuple(by)
        resolver = selection.resolver
        self._slices = slices = {field: build_slices(field, resolver) for field in by if field not in TIME_FIELDS}
        joined = [build_role_slices(by, resolver)] if pairs_roles(by) else list(slices.values())
        self._grouped = grouped = GroupedCounts(selection, joined)
        time_field = next((field for field in by if field in TIME_FIELDS), None)
        if time_field:
            counts = _count_by_time(grouped, TIME_FIELDS[time_field])
            if by[0] != time_field:
                counts = {(key, cell): numbers for (cell, key), numbers in counts.items()}
        else:
            counts = {keys: numbers for keys, _, numbers in grouped.rows()}
        orders = [
            _order_keys(counts, n, slices[field].order if field in slices else None) for n, field in enumerate(by)
        ]
        labels = [
            label_keys(field, order, FACETS[field].labels(resolver) if field in FACETS else {})
            for field, order in zip(by, orders, strict=True)
        ]
        names = [selection.names.of_kind(entity_kind(field)) for field in by]
        if len(by) == 1:
            counts = {(key,): counts.get((key,), (0, 0)) for key in orders[0]}
            ordered = list(counts)
        else:
            ranks = [{key: rank for rank, key in enumerate(order)} for order in orders]
            ordered = sorted(counts, key=lambda keys: [rank[key] for rank, key in zip(ranks, keys, strict=True)])
        self.ordered_keys = [[label[key] for key in order] for label, order in zip(labels, orders, strict=True)]
        self.cells = [
            CountCell(
                [label[key] for label, key in zip(labels, keys, strict=True)],
                [name.get(key) for name, key in zip(names, keys, strict=True)],
                counts[keys],
            )
            for keys in ordered
        ]

    def total(self) -> tuple[int, int]:
        """Return the numbers of certain and of possible events, each counted once."""
        return self._grouped.total()

    def count_outside(self, field: str) -> tuple[int, int]:
        """Return the numbers of certain and of possible events that are in no cell of this field."""
        if field in TIME_FIELDS:
            return self._grouped.total(Sql("e.overlap_first IS NULL"))
        return self._grouped.total_outside(self._slices[field])


def _count_by_time(grouped: GroupedCounts, months_per_cell: int) -> CountsByKeys:
    """Return the numbers of events by (cell of this many months, *other keys)."""
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
    cell_range = _bounded_range({cell for bounds in all_ranges for cell in bounds}, months_per_cell)
    query_range = _clip_range(
        cell_range, *(month_number(day) // months_per_cell for day in grouped.selection.compiled.window)
    )
    # Several dates in the query may each overlap another claim of an event, and then no claim overlaps the window.
    if all(any(_ranges_overlap(claim, query_range) for claim in claims) for claims in claimed.values()):
        cell_range = query_range
    for (*keys, _), claim_ranges in claimed.items():
        possible_ranges += [(tuple(keys), low, high, 1) for low, high in merge_ranges(claim_ranges)]
    possible, certain = _running_counts(possible_ranges, *cell_range), _running_counts(certain_ranges, *cell_range)
    return {keys: (certain.get(keys, 0), number) for keys, number in possible.items()}


def _undisputed_ranges(grouped: GroupedCounts, months_per_cell: int) -> Iterator[Any]:
    """Yield the groups of undisputed events by their outer and inner ranges of cells (see _PACKING_FACTOR)."""
    if _can_use_buckets(grouped):
        outer, inner = f"e.first * {_PACKING_FACTOR} + e.last", f"e.inside_first * {_PACKING_FACTOR} + e.inside_last"
        inner = f"CASE WHEN e.inside_first < 0 THEN {_NO_CELLS} ELSE {inner} END"
        return grouped.rows([outer, inner], table="month_bucket", where=f"e.size = {months_per_cell}")
    outer, inner = (
        f"{integer_quotient(low, months_per_cell)} * {_PACKING_FACTOR} + {integer_quotient(high, months_per_cell)}"
        for low, high in (_OUTER_MONTHS, _INNER_MONTHS)
    )
    is_reversed = f"{_INNER_MONTHS[0]} = {_OUTER_MONTHS[1]} AND {_INNER_MONTHS[1]} = {_OUTER_MONTHS[0]}"
    inner = f"CASE WHEN {_INNER_MONTHS[0]} < 0 THEN {_NO_CELLS} WHEN {is_reversed} THEN {_REVERSED} ELSE {inner} END"
    return grouped.rows([outer, inner], where=f"{_OUTER_MONTHS[0]} IS NOT NULL")


def _can_use_buckets(grouped: GroupedCounts) -> bool:
    """Return whether the month buckets of the index can be used; they include disputed events."""
    return grouped.matches_all and all(slices.in_buckets for slices in grouped.slices)


def _claimed_ranges(grouped: GroupedCounts, months_per_cell: int) -> Iterator[Any]:
    """Yield (event, first cell, last cell) for each claim of the disputed events."""
    if _can_use_buckets(grouped):
        return iter(())
    cells = [integer_quotient(bound, months_per_cell) for bound in ("c.month_first", "c.month_last")]
    return grouped.rows(
        ["e.number", *cells], first_table="claim c", where="c.event = e.number AND c.month_first IS NOT NULL"
    )


def _bounded_range(cells: set[int], months_per_cell: int) -> tuple[int, int]:
    """Return the first and the last of the cells that are not open bounds, or (0, -1) if all are."""
    bounded_cells = [cell for cell in cells if _BEFORE // months_per_cell < cell < _AFTER // months_per_cell]
    return (min(bounded_cells), max(bounded_cells)) if bounded_cells else (0, -1)


def _clip_range(cell_range: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    """Return the range within these bounds, or the nearest cell within them if they do not overlap."""
    first, last = max(cell_range[0], low), min(cell_range[1], high)
    if first <= last or cell_range[0] > cell_range[1]:
        return first, last
    return (low, low) if cell_range[1] < low else (high, high)


def _ranges_overlap(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[0] <= second[1] and first[1] >= second[0]


def _running_counts(ranges: Sequence[CellRange], first: int, last: int) -> dict[tuple[Any, ...], int]:
    """Return the nonzero numbers of events by (cell, *keys), added up from ranges of cells."""
    # Differences from the previous cell: a range of a thousand cells costs as much as a range of two.
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
        levels = accumulate(changes_by_cell[cell] for cell in cells)
        for low, high, level in zip(cells, cells[1:], levels, strict=False):
            if level:
                counts.update(dict.fromkeys(((cell, *keys) for cell in range(low, high)), level))
    return counts


def _order_keys(counts: CountsByKeys, index: int, order: Sequence[Any] | None) -> list[Any]:
    """Return the keys of a field in order; times (`order` is None) and eras include the ones between others."""
    distinct_keys = {keys[index] for keys in counts}
    if not distinct_keys:
        return []
    if order is None:
        return list(range(min(distinct_keys), max(distinct_keys) + 1))
    if order:
        ranks = [rank for rank, key in enumerate(order) if key in distinct_keys]
        return list(order[ranks[0] : ranks[-1] + 1])
    totals: dict[Any, list[int]] = {key: [0, 0] for key in distinct_keys}
    for cell, (certain, possible) in counts.items():
        totals[cell[index]][0] -= possible
        totals[cell[index]][1] -= certain
    return sorted(distinct_keys, key=lambda key: (totals[key], key))


def label_keys(field: str, keys: Sequence[Any], labels: Mapping[str, str]) -> dict[Any, Any]:
    """Return keys for people: years (ints), `2023Q4`, `2023-10`, ids, or words in one spelling."""
    if field == "quarter":
        return {key: f"{key // 4:04}Q{key % 4 + 1}" for key in keys}
    if field == "month":
        return {key: f"{key // 12:04}-{key % 12 + 1:02}" for key in keys}
    return {key: labels.get(key, key) for key in keys}


def count_events(selection: Selection, by: str = "") -> CountTable:
    """Return the numbers of events per cell of at most two fields, as in "year,kind", without the limit.

    Raises:
        UsageError: If events cannot be counted by a field.
    """
    return CountTable(selection, parse_fields(by))
