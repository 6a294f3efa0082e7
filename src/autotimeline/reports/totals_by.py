"""Totals divided by one field or two: by year, by actor, by kind and quarter.

The parts of a total have the same figures as the total: what adds is decided before. A figure counts in its own
period, or else on the date of its event. In a part to which it only possibly belongs, it counts from 0 to its value.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from autotimeline.dates.span import BEGIN, END, month_number
from autotimeline.query.facets import COUNT_FIELDS, FACETS, TIME_FIELDS, entity_kind, pairs_roles, parse_fields
from autotimeline.query.selection import Selection
from autotimeline.query.slices import build_role_slices, build_slices
from autotimeline.reports.counts import label_keys
from autotimeline.reports.figures import StatedFigure
from autotimeline.reports.grouping import GroupedCounts
from autotimeline.reports.totals import Total

# The keys of a part, one per field, and whether a figure certainly belongs to it.
_Parts = dict[tuple[Any, ...], bool]

OWN_FIELDS = ("metric", "of", "holder", "status")
"""The fields that a figure has itself, each with one value."""
SUM_FIELDS = (*COUNT_FIELDS, "of", "holder")
"""The fields to divide totals by."""


class PartialTotal:
    """The part of a total with certain keys: one per field (None: no value), with the name if the key is an id."""

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
        self._parts_by_event = self._read_parts()
        members = list(figures)
        self._parts = {figure.figure_id: self._find_parts(figure) for figure in members}
        self._widen_open_ends(members)
        self._ranks = [self._rank_keys(index, field) for index, field in enumerate(self.by)]

    def divide(self, totals: Iterable[Total]) -> list[PartialTotal]:
        """Return the parts of some totals, in the order of the keys."""
        parts = [part for total in totals for part in self._divide_one(total)]
        parts.sort(key=lambda part: self._sort_key(part[0]))
        return [PartialTotal(self._labels(keys), self._names(keys), total) for keys, total in parts]

    def _divide_one(self, total: Total) -> Iterator[tuple[tuple[Any, ...], Total]]:
        addends: dict[tuple[Any, ...], list[StatedFigure]] = {}
        outside: dict[tuple[Any, ...], set[Any]] = {}
        for figure in total.addends:
            parts = self._parts[figure.figure_id]
            self.repeats = self.repeats or sum(parts.values()) > 1
            for keys, is_certain in parts.items():
                addends.setdefault(keys, []).append(figure)
                if not is_certain:
                    outside.setdefault(keys, set()).add(figure.figure_id)
        return ((keys, Total(members, outside.get(keys, ()))) for keys, members in addends.items())

    def part_of(self, figure: StatedFigure) -> tuple[Sequence[Any], Sequence[str | None]]:
        """Return the label and the name of a figure in each field; None unless it certainly has only one."""
        own_keys: list[Any] = [None] * len(self.by)
        for positions, parts in self._find_options(figure):
            for index, position in enumerate(positions):
                keys = {values[index] for values in parts}
                if len(keys) == 1 and all(parts.values()):
                    own_keys[position] = keys.pop()
        bounded_keys = [None if isinstance(key, tuple) else key for key in own_keys]
        return self._labels(bounded_keys), self._names(bounded_keys)

    def _sort_key(self, keys: tuple[Any, ...]) -> list[tuple[bool, Any]]:
        return [(key is None, ranks.get(key, 0)) for key, ranks in zip(keys, self._ranks, strict=True)]

    def _names(self, keys: Sequence[Any]) -> list[str | None]:
        names = self._selection.names
        return [names.of_kind(entity_kind(field)).get(key) for field, key in zip(self.by, keys, strict=True)]

    def _labels(self, keys: Sequence[Any]) -> list[Any]:
        resolver = self._selection.resolver
        labels = [FACETS[field].labels(resolver) if field in FACETS else {} for field in self.by]
        return [
            None if key is None else label_keys(field, [key], spellings)[key]
            for field, key, spellings in zip(self.by, keys, labels, strict=True)
        ]

    def _rank_keys(self, index: int, field: str) -> dict[Any, Any]:
        """Return the ranks of the keys of a field: times and eras in order, others by their number of figures."""
        counts = Counter(key for parts in self._parts.values() for key in {keys[index] for keys in parts})
        counts.pop(None, None)
        if field in TIME_FIELDS:
            return {key: key for key in counts}
        if order := self._orders.get(field):
            return {key: rank for rank, key in enumerate(order)}
        return {key: rank for rank, key in enumerate(sorted(counts, key=lambda key: (-counts[key], key)))}

    def _read_parts(self) -> list[tuple[list[int], dict[str, _Parts]]]:
        """Return one pair for each facet of events: the positions of its fields in `by`, and the keys by event."""
        resolver = self._selection.resolver
        event_fields = [field for field in self.by if field not in TIME_FIELDS and field not in OWN_FIELDS]
        if pairs_roles(self.by):
            facets = [(list(range(len(self.by))), build_role_slices(self.by, resolver))]
        else:
            facets = [([self.by.index(field)], build_slices(field, resolver)) for field in event_fields]
        result: list[tuple[list[int], dict[str, _Parts]]] = []
        for positions, slices in facets:
            self._orders[self.by[positions[0]]] = slices.order
            parts: dict[str, _Parts] = {}
            for keys, (event,), (certain, _) in GroupedCounts(self._selection, [slices]).rows(["e.id"]):
                parts.setdefault(event, {})[tuple(keys)] = bool(certain)
            result.append((positions, parts))
        return result

    def _find_options(self, figure: StatedFigure) -> list[tuple[list[int], _Parts]]:
        """Return the keys to which a figure may belong, by the positions of their fields in `by`."""
        options: list[tuple[list[int], _Parts]] = []
        for positions, parts_by_event in self._parts_by_event:
            no_value: _Parts = {(None,) * len(positions): True}
            options.append((positions, parts_by_event.get(figure.event) or no_value))
        for index, field in enumerate(self.by):
            if field in TIME_FIELDS:
                options.append(([index], self._time_parts(figure, TIME_FIELDS[field])))
            elif field in OWN_FIELDS:
                options.append(([index], {(getattr(figure, field),): True}))
        return options

    def _find_parts(self, figure: StatedFigure) -> _Parts:
        """Return the parts to which a figure may belong; a range of time with an open end is a key by itself."""
        options = self._find_options(figure)
        parts: _Parts = {}
        for combination in product(*(choices.items() for _, choices in options)):
            keys: list[Any] = [None] * len(self.by)
            for (positions, _), (values, _) in zip(options, combination, strict=True):
                for position, value in zip(positions, values, strict=True):
                    keys[position] = value
            parts[tuple(keys)] = all(is_certain for _, is_certain in combination)
        return parts

    def _time_parts(self, figure: StatedFigure, months: int) -> _Parts:
        """Return the times to which a figure may belong; a range with an open end is a key (first, last) by itself."""
        ranges = list(figure.possible_days)
        if not figure.period_span:
            # The query restricts the date of the event, but not another period.
            first, last = self._selection.compiled.window
            ranges = [(max(a, first), min(b, last)) for a, b in ranges if a <= last and b >= first] or ranges
        times: set[Any] = set()
        for first, last in ranges:
            if first == BEGIN or last == END:
                times.add((_time_number(first, months), _time_number(last, months)))
            else:
                times.update(range(month_number(first) // months, month_number(last) // months + 1))
        is_certain = len(times) == 1 and not figure.has_doubtful_time
        return {(time,): is_certain for time in times} or {(None,): True}

    def _widen_open_ends(self, figures: Sequence[StatedFigure]) -> None:
        """Replace each range with an open end by the times that other figures have in it."""
        index = next((index for index, field in enumerate(self.by) if field in TIME_FIELDS), None)
        if index is None:
            return
        times = [key for parts in self._parts.values() for keys in parts for key in _bounded(keys[index])]
        for figure in figures:
            parts: _Parts = {}
            for keys, is_certain in self._parts[figure.figure_id].items():
                for time in _times_in(keys[index], times):
                    widened = (*keys[:index], time, *keys[index + 1 :])
                    is_open = isinstance(keys[index], tuple) and time is not None
                    parts[widened] = parts.get(widened, False) or (is_certain and not is_open)
            self._parts[figure.figure_id] = parts


def _time_number(day: int, months: int) -> int | None:
    """Return the number of the year, quarter, or month of a day; None for an open end."""
    return None if day in (BEGIN, END) else month_number(day) // months


def _bounded(key: Any) -> Sequence[int]:
    """Return the bounded ends of a time."""
    return [end for end in (key if isinstance(key, tuple) else (key,)) if end is not None]


def _times_in(key: Any, times: Sequence[int]) -> Iterable[int | None]:
    """Return the times of a key; of a range with an open end, those up to the outermost of `times`."""
    if not isinstance(key, tuple):
        return [key]
    first, last = key
    if not times:
        return [None]
    return range(min(times) if first is None else first, (max(times) if last is None else last) + 1)
