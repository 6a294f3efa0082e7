"""How many events fall in each cell of one field, or of two: a year, an actor, a kind and a status.

A cell is a term of the query language (of two fields: both terms), added to the query: as many events are *possible*
in it as the query with the term finds, and as many are *certain* as surely match it. So an imprecise date is
possible in each cell that it may fall in, and a period is in each cell that it meets.

The numbers come from GROUP BY. Dates are grouped by the cells that they may reach, and become numbers of cells here;
of a whole store these groups are kept in the index.
"""

from __future__ import annotations

from itertools import accumulate, chain

from autotimeline.dates.span import BEGIN, END, month
from autotimeline.index.month_buckets import union
from autotimeline.query.facets import AXES, TIMES, fields, names
from autotimeline.reports.grouping import Groups
from autotimeline.text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection

    # The keys of other fields, the first cell and the last, and how many events.
    Reach = tuple[tuple[Any, ...], int, int, int]
    # The keys of a cell, one for each field; how many events are certain in it, and how many possible.
    Found = dict[tuple[Any, ...], tuple[int, int]]

# The months that stand where there is no bound.
_BEFORE, _AFTER = month(BEGIN), month(END)
# Two cells in one number, for few columns are quick to group by: this times the first, and the last. An inner reach
# is often none, or the outer one turned round, as it is of every date that is no period.
_FACTOR, _NEVER, _TURNED = 200_000, -1, -2
# The months of an event, as the index has them.
_OUTER, _INNER = ("e.m_lo", "e.m_hi"), ("e.mi_lo", "e.mi_hi")


class Cell:
    """One cell: its keys, a value for each field, and the names behind those that are ids, else None.

    `certain` is how many events surely match and surely fall in it, `possible` how many may, those among them.
    """

    __slots__ = ("certain", "keys", "names", "possible")

    def __init__(self, keys: Sequence[Any], names: Sequence[str | None], numbers: tuple[int, int]) -> None:
        self.keys = tuple(keys)
        self.names = tuple(names)
        self.certain, self.possible = numbers


class Count:
    """The cells of a selection by its fields, in order, and what its cells cannot say.

    Times and eras come in their own order, the cells of other fields with the most frequent first. By a time or by
    eras alone there is each cell from the first to the last that holds an event; else there are those that hold one.

    Attributes:
        by: The fields, of `axes.FIELDS`; at most two, at most one of them a time.
        axes: For each field its keys, in order.
        cells: The cells in the order of the first field, then of the second; without a field one, of all events.
    """

    __slots__ = ("_groups", "axes", "by", "cells")

    def __init__(self, selection: Selection, by: Sequence[str]) -> None:
        self.by = tuple(by)
        values = [AXES[field](selection.scope) for field in by if field not in TIMES]
        self._groups = groups = Groups(selection, values)
        time = next((field for field in by if field in TIMES), None)
        found = _by_time(groups, TIMES[time]) if time else {keys: numbers for keys, _, numbers in groups.rows()}
        if time and by[0] != time:
            found = {(key, cell): numbers for (cell, key), numbers in found.items()}
        orders, told, called = [], [], []
        left = zip(values, groups.words, strict=True)
        for at, field in enumerate(by):
            axis, spelled = (None, {}) if field in TIMES else next(left)
            orders.append(_ordered(found, at, axis.order if axis else None))
            told.append({key: _told(field, key, spelled.get(key)) for key in orders[-1]})
            called.append(names(field, selection.scope, selection.names))
        if len(by) == 1:
            found = {(key,): found.get((key,), (0, 0)) for key in orders[0]}
        places = [{key: place for place, key in enumerate(order)} for order in orders]
        self.axes = [[show[key] for key in order] for show, order in zip(told, orders, strict=True)]
        self.cells = [
            Cell(
                [show[key] for show, key in zip(told, keys, strict=True)],
                [name(key) for name, key in zip(called, keys, strict=True)],
                found[keys],
            )
            for keys in sorted(found, key=lambda keys: [place[key] for place, key in zip(places, keys, strict=True)])
        ]

    def total(self) -> tuple[int, int]:
        """Return how many events surely match, and how many may, each counted once."""
        return self._groups.total()

    def without(self, field: str) -> tuple[int, int]:
        """Return how many events surely, and how many possibly, match and fall in no cell of a field of `by`."""
        if field in TIMES:
            return self._groups.total("e.w_lo IS NULL")
        return self._groups.total(outside=[other for other in self.by if other not in TIMES].index(field))


def _by_time(groups: Groups, size: int) -> Found:
    """Return the numbers by (cell of so many months, *other key)."""
    may: list[Reach] = []
    sure: list[Reach] = []
    for keys, (outer, inner), (certain, possible) in _reaches(groups, size):
        low, high = divmod(outer, _FACTOR)
        may.append((keys, low, high, possible))
        if inner == _TURNED:
            sure.append((keys, high, low, certain))
        elif inner != _NEVER:
            sure.append((keys, *divmod(inner, _FACTOR), certain))
    claimed: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for keys, (event, low, high), _ in _claims(groups, size):
        claimed.setdefault((*keys, event), []).append((low, high))
    named = chain(((low, high) for _, low, high, _ in may), *claimed.values())
    span = _span({cell for reach in named for cell in reach}, size)
    asked = _within(span, *(month(day) // size for day in groups.selection.compiled.window()))
    # Claims may meet two windows that are asked for, and none of them both.
    if all(any(_meets(reach, asked) for reach in reaches) for reaches in claimed.values()):
        span = asked
    for (*keys, _), reaches in claimed.items():
        may += [(tuple(keys), low, high, 1) for low, high in union(reaches)]
    possible, certain = _levels(may, *span), _levels(sure, *span)
    return {keys: (certain.get(keys, 0), number) for keys, number in possible.items()}


def _reaches(groups: Groups, size: int) -> Iterator[Any]:
    """Yield the groups of undisputed events by the cells, of so many months, that their dates may reach.

    The values of a group are the outer reach and the inner one, as numbers (see `_FACTOR`).
    """
    if _kept(groups):
        outer, inner = f"e.low * {_FACTOR} + e.high", f"e.inner_low * {_FACTOR} + e.inner_high"
        inner = f"CASE WHEN e.inner_low < 0 THEN {_NEVER} ELSE {inner} END"
        return groups.rows([outer, inner], of="span", where=f"e.size = {size}")
    outer, inner = (f"{low} / {size} * {_FACTOR} + {high} / {size}" for low, high in (_OUTER, _INNER))
    turned = f"{_INNER[0]} = {_OUTER[1]} AND {_INNER[1]} = {_OUTER[0]}"
    inner = f"CASE WHEN {_INNER[0]} < 0 THEN {_NEVER} WHEN {turned} THEN {_TURNED} ELSE {inner} END"
    return groups.rows([outer, inner], where=f"{_OUTER[0]} IS NOT NULL")


def _kept(groups: Groups) -> bool:
    """Whether the index keeps the counts: of a whole store by time, disputed events among them."""
    return groups.free and all(axis.kept for axis in groups.axes)


def _claims(groups: Groups, size: int) -> Iterator[Any]:
    """Yield (event, first cell, last cell) for each claim of the disputed events."""
    if _kept(groups):
        return iter(())
    cells = [f"{bound} / {size}" for bound in ("c.m_lo", "c.m_hi")]
    return groups.rows(["e.n", *cells], first="claim c", where="c.event = e.n AND c.m_lo IS NOT NULL")


def _span(ends: set[int], size: int) -> tuple[int, int]:
    """Return the first and the last of the cells that some date names; where none does, a span of no cell."""
    named = [cell for cell in ends if _BEFORE // size < cell < _AFTER // size]
    return (min(named), max(named)) if named else (0, -1)


def _within(span: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    """Return what of a span lies within what is asked for; beyond it the nearest cell, which what is open reaches."""
    first, last = max(span[0], low), min(span[1], high)
    if first <= last or span[0] > span[1]:
        return first, last
    return (low, low) if span[1] < low else (high, high)


def _meets(reach: tuple[int, int], span: tuple[int, int]) -> bool:
    return reach[0] <= span[1] and reach[1] >= span[0]


def _levels(ranges: Sequence[Reach], first: int, last: int) -> dict[tuple[Any, ...], int]:
    """Return how many there are by (cell, *keys), from ranges of cells with so many each; without those of none."""
    # How many more than in the cell before: a range of a thousand cells costs no more than one of two.
    steps: dict[tuple[Any, ...], dict[int, int]] = {}
    for keys, low, high, number in ranges:
        low, high = max(low, first), min(high, last)
        if low <= high:
            step = steps.setdefault(keys, {})
            step[low] = step.get(low, 0) + number
            step[high + 1] = step.get(high + 1, 0) - number
    found = {}
    for keys, step in steps.items():
        changes = sorted(step)
        for low, high, level in zip(changes, changes[1:], accumulate(step[cell] for cell in changes), strict=False):
            if level:
                found.update(dict.fromkeys(((cell, *keys) for cell in range(low, high)), level))
    return found


def _ordered(found: Found, at: int, order: Sequence[Any] | None) -> list[Any]:
    """Return the keys of a field in order: of a time (`order` is None) all from first to last, of eras too."""
    keys = {keys[at] for keys in found}
    if not keys:
        return []
    if order is None:
        return list(range(min(keys), max(keys) + 1))
    if order:
        places = [place for place, key in enumerate(order) if key in keys]
        return list(order[places[0] : places[-1] + 1])
    sums: dict[Any, list[int]] = {key: [0, 0] for key in keys}
    for cell, (certain, possible) in found.items():
        sums[cell[at]][0] -= possible
        sums[cell[at]][1] -= certain
    return sorted(keys, key=lambda key: (sums[key], key))


def _told(field: str, key: Any, word: str | None) -> Any:
    """Return a key as it is told: a year is a number, `2023Q4`, `2023-10`; a word is spelled as in the store."""
    if field == "year":
        return key
    if field == "quarter":
        return f"{key // 4:04}Q{key % 4 + 1}"
    if field == "month":
        return f"{key // 12:04}-{key % 12 + 1:02}"
    if field == "place" and word:
        return next((part.strip() for part in (word, *word.split(",")) if fold(part) == key), key)
    return word or key


def count_events(selection: Selection, by: str = "") -> Count:
    """Return how many of the events, whatever the limit, fall in each cell of a field or two: `year,kind`.

    Raises:
        UsageError: where one is no field to count by.
    """
    return Count(selection, fields(by))
