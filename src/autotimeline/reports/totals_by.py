"""Totals divided by one field or two: by year, by actor, by kind and quarter.

The parts of a total have the same figures as the total: what adds is decided before. A figure counts in its own
period, or else on the date of its event. In a part to which it only possibly belongs, it counts from 0 to its value.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from autotimeline.dates.edtf import parse_date
from autotimeline.dates.span import BEGIN, END, month_number
from autotimeline.query.facets import COUNT_FIELDS, FACETS, TIME_FIELDS, entity_kind, pairs_roles, parse_fields
from autotimeline.query.selection import Selection
from autotimeline.query.slices import build_role_slices, build_slices
from autotimeline.reports.counts import label_keys
from autotimeline.reports.figures import StatedFigure
from autotimeline.reports.grouping import GroupedCounts
from autotimeline.reports.totals import Total

# The keys of a part, one per field, and whether a figure certainly belongs to it.
_Cells = dict[tuple[Any, ...], bool]

FIGURE_FIELDS = ("metric", "of", "holder", "status")
"""The fields that a figure has itself, each with one value."""
SUM_FIELDS = (*COUNT_FIELDS, "of", "holder")
"""The fields to divide totals by."""


class PartialTotal:
    """The part of a total in one cell: a key per field (None: no value), with the name if the key is an id."""

    __slots__ = ("keys", "names", "total")

    def __init__(self, keys: Sequence[Any], names: Sequence[str | None], total: Total) -> None:
        self.keys = tuple(keys)
        self.names = tuple(names)
        self.total = total


def parse_sum_fields(text: str) -> tuple[str, ...]:
    """Parse a text such as `year,of` into at most two of SUM_FIELDS.

    Raises:
        UsageError: If a field is unknown, or there are more than two, or both mean the same.
    """
    return parse_fields(text, SUM_FIELDS, "add up")


class TotalDivider:
    """Divides the totals of a selection by fields.

    Attributes:
        repeats: Whether some figure certainly belongs to several parts, such as one for each of its actors.
    """

    def __init__(self, selection: Selection, by: Sequence[str], figures: Iterable[StatedFigure]) -> None:
        self.by = tuple(by)
        self.repeats = False
        self._selection = selection
        self._orders: dict[str, Sequence[Any]] = {}
        self._cells_by_event = self._read_cells()
        members = list(figures)
        self._cells = {figure.figure_id: self._find_cells(figure) for figure in members}
        self._widen_open_ends(members)
        self._ranks = [self._rank_keys(index, field) for index, field in enumerate(self.by)]

    def divide(self, totals: Iterable[Total]) -> list[PartialTotal]:
        """Return the parts of some totals, in the order of the keys."""
        parts = [part for total in totals for part in self._divide_one(total)]
        parts.sort(key=lambda part: self._sort_key(part[0]))
        return [self._part(keys, total) for keys, total in parts]

    def _divide_one(self, total: Total) -> Iterator[tuple[tuple[Any, ...], Total]]:
        addends: dict[tuple[Any, ...], list[StatedFigure]] = {}
        outside: dict[tuple[Any, ...], set[Any]] = {}
        for figure in total.addends:
            cells = self._cells[figure.figure_id]
            self.repeats = self.repeats or sum(cells.values()) > 1
            for keys, is_certain in cells.items():
                addends.setdefault(keys, []).append(figure)
                if not is_certain:
                    outside.setdefault(keys, set()).add(figure.figure_id)
        return ((keys, Total(members, outside.get(keys, ()))) for keys, members in addends.items())

    def cell_of(self, figure: StatedFigure) -> Sequence[Any]:
        """Return the labels of the part of a figure; all None unless it certainly belongs to only one."""
        cells = self._find_cells(figure)
        keys = next(iter(cells)) if len(cells) == 1 and True in cells.values() else (None,) * len(self.by)
        return self._labels([None if isinstance(key, tuple) else key for key in keys])

    def _sort_key(self, keys: tuple[Any, ...]) -> list[tuple[bool, Any]]:
        return [(key is None, ranks.get(key, 0)) for key, ranks in zip(keys, self._ranks, strict=True)]

    def _part(self, keys: tuple[Any, ...], total: Total) -> PartialTotal:
        names = [
            self._selection.names.of_kind(kind).get(key) if (kind := entity_kind(field)) else None
            for field, key in zip(self.by, keys, strict=True)
        ]
        return PartialTotal(self._labels(keys), names, total)

    def _labels(self, keys: Sequence[Any]) -> list[Any]:
        resolver = self._selection.resolver
        labels = [FACETS[field].labels(resolver) if field in FACETS else {} for field in self.by]
        return [
            None if key is None else label_keys(field, [key], spellings)[key]
            for field, key, spellings in zip(self.by, keys, labels, strict=True)
        ]

    def _rank_keys(self, index: int, field: str) -> dict[Any, Any]:
        """Return the ranks of the keys of a field: times and eras in order, others by their number of figures."""
        counts = Counter(key for cells in self._cells.values() for key in {keys[index] for keys in cells})
        counts.pop(None, None)
        if field in TIME_FIELDS:
            return {key: key for key in counts}
        if order := self._orders.get(field):
            return {key: rank for rank, key in enumerate(order)}
        return {key: rank for rank, key in enumerate(sorted(counts, key=lambda key: (-counts[key], key)))}

    def _read_cells(self) -> list[tuple[list[int], dict[str, _Cells]]]:
        """Return one pair for each facet of events: the positions of its fields in `by`, and the keys by event."""
        resolver = self._selection.resolver
        event_fields = [field for field in self.by if field not in TIME_FIELDS and field not in FIGURE_FIELDS]
        if pairs_roles(self.by):
            facets = [(list(range(len(self.by))), build_role_slices(self.by, resolver))]
        else:
            facets = [([self.by.index(field)], build_slices(field, resolver)) for field in event_fields]
        result: list[tuple[list[int], dict[str, _Cells]]] = []
        for positions, slices in facets:
            self._orders[self.by[positions[0]]] = slices.order
            cells: dict[str, _Cells] = {}
            for keys, (event,), (certain, _) in GroupedCounts(self._selection, [slices]).rows(["e.id"]):
                cells.setdefault(event, {})[tuple(keys)] = bool(certain)
            result.append((positions, cells))
        return result

    def _find_cells(self, figure: StatedFigure) -> _Cells:
        """Return the keys of each cell to which a figure may belong; open ends of time are `BEGIN` or `END`."""
        options: list[tuple[list[int], _Cells]] = []
        for positions, cells_by_event in self._cells_by_event:
            no_value: _Cells = {(None,) * len(positions): True}
            options.append((positions, cells_by_event.get(figure.event) or no_value))
        for index, field in enumerate(self.by):
            if field in TIME_FIELDS:
                options.append(([index], self._time_cells(figure, TIME_FIELDS[field])))
            elif field in FIGURE_FIELDS:
                options.append(([index], {(getattr(figure, field),): True}))
        cells: _Cells = {}
        for combination in product(*(choices.items() for _, choices in options)):
            keys: list[Any] = [None] * len(self.by)
            for (places, _), (values, _) in zip(options, combination, strict=True):
                for place, value in zip(places, values, strict=True):
                    keys[place] = value
            cells[tuple(keys)] = all(is_certain for _, is_certain in combination)
        return cells

    def _time_cells(self, figure: StatedFigure, months: int) -> _Cells:
        """Return the times to which a figure may belong; a range with an open end is a key (first, last) by itself."""
        ranges = list(figure.possible_days)
        if not figure.period_span:
            # The query restricts the date of the event, but not another period.
            first, last = self._selection.compiled.window
            ranges = [(max(a, first), min(b, last)) for a, b in ranges if a <= last and b >= first] or ranges
        cells: set[Any] = set()
        for first, last in ranges:
            if first == BEGIN or last == END:
                cells.add((_cell(first, months), _cell(last, months)))
            else:
                cells.update(range(month_number(first) // months, month_number(last) // months + 1))
        is_certain = len(cells) == 1 and not _is_doubtful(figure)
        return {(cell,): is_certain for cell in cells} or {(None,): True}

    def _widen_open_ends(self, figures: Sequence[StatedFigure]) -> None:
        """Replace each range with an open end by the cells that other figures have in it."""
        index = next((index for index, field in enumerate(self.by) if field in TIME_FIELDS), None)
        if index is None:
            return
        times = [key for cells in self._cells.values() for keys in cells for key in _bounded(keys[index])]
        for figure in figures:
            cells: _Cells = {}
            for keys, is_certain in self._cells[figure.figure_id].items():
                for time in _cells_of(keys[index], times):
                    widened = (*keys[:index], time, *keys[index + 1 :])
                    is_open = isinstance(keys[index], tuple) and time is not None
                    cells[widened] = cells.get(widened, False) or (is_certain and not is_open)
            self._cells[figure.figure_id] = cells


def _cell(day: int, months: int) -> int | None:
    """Return the cell of a day, None for an open end."""
    return None if day in (BEGIN, END) else month_number(day) // months


def _bounded(key: Any) -> Sequence[int]:
    """Return the bounded ends of a time."""
    return [end for end in (key if isinstance(key, tuple) else (key,)) if end is not None]


def _cells_of(key: Any, times: Sequence[int]) -> Iterable[int | None]:
    """Return the cells of a time; of a range with an open end, those up to the outermost of `times`."""
    if not isinstance(key, tuple):
        return [key]
    first, last = key
    if not times:
        return [None]
    return range(min(times) if first is None else first, (max(times) if last is None else last) + 1)


def _is_doubtful(figure: StatedFigure) -> bool:
    """Return whether the date of a figure is qualified, disputed, or inferred: then no time is certain."""
    if figure.period_span:
        return figure.period_span.qualified
    span = parse_date(figure.date) if figure.date else None
    is_inferred = span is not None and span.within[0] == BEGIN and (figure.event_days or (BEGIN,))[0] != BEGIN
    return "date" in figure.disputed_fields or is_inferred or (span is not None and span.qualified)
