"""How many events fall in each cell of one field, or of two: a year, an actor, a kind and a status.

A cell is a term of the query language (of two fields: both terms), added to the query: as many events are *possible*
in it as the query with the term finds, and as many are *certain* as surely match it. So an imprecise date is
possible in each cell that it may fall in, and a period is in each cell that it meets.

The numbers come from GROUP BY. Dates are grouped by months, for no year, quarter or month asks for more, and
become cells here. **What could be kept** of a whole store is what `_reaches` asks for where nothing is restricted:
how many undisputed events there are for each first and last month that their date may reach, and first and last of
the inner reach; and beside it `_claims`, the months of the few disputed ones.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from autotimeline.dates.span import BEGIN, END
from autotimeline.query.axes import AXES, TIMES, names
from autotimeline.text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.axes import Axis
    from autotimeline.query.selection import Selection

    # The keys of a cell, one for each field; how many events are certain in it, and how many possible.
    Found = dict[tuple[Any, ...], tuple[int, int]]

# Months are counted from January of the year 0, as in `dates.point`; these stand where there is no bound.
_BEFORE, _AFTER = 11, 120_000
# An inner reach that is the outer one turned round, as of every date that is no period.
_TURNED = -1


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

    __slots__ = ("_statement", "axes", "by", "cells")

    def __init__(self, selection: Selection, by: Sequence[str]) -> None:
        self.by = tuple(by)
        values = [AXES[field](selection.scope) for field in by if field not in TIMES]
        self._statement = statement = _Statement(selection, values)
        words: list[dict[Any, str]] = [{} for _ in values]
        time = next((field for field in by if field in TIMES), None)
        found = _by_time(statement, TIMES[time], words) if time else _by_value(statement, words)
        if time and by[0] != time:
            found = {(key, cell): numbers for (cell, key), numbers in found.items()}
        orders, told, called = [], [], []
        left = zip(values, words, strict=True)
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
        return self._statement.total()

    def without(self, field: str) -> tuple[int, int]:
        """Return how many events surely, and how many possibly, match and fall in no cell of a field of `by`."""
        if field in TIMES:
            return self._statement.total("e.w_lo IS NULL")
        return self._statement.total(outside=[other for other in self.by if other not in TIMES].index(field))


def _by_value(statement: _Statement, words: list[dict[Any, str]]) -> Found:
    found = {}
    for keys, _, spelled, numbers in statement.groups():
        found[keys] = numbers
        for known, key, word in zip(words, keys, spelled, strict=True):
            known[key] = word
    return found


def _by_time(statement: _Statement, size: int, words: list[dict[Any, str]]) -> Found:
    """Return the numbers by (cell of so many months, *other key)."""
    # (keys, first cell and last, numbers): the cells in which so many are possible, and those in which they are certain.
    may: list[tuple[tuple[Any, ...], int, int, int]] = []
    sure: list[tuple[tuple[Any, ...], int, int, int]] = []
    claimed: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for keys, (low, high, inner_low, inner_high), spelled, (certain, possible) in _reaches(statement):
        may.append((keys, low // size, high // size, possible))
        if inner_low is not None:
            inner = (high, low) if inner_low == _TURNED else (inner_low, inner_high)
            sure.append((keys, inner[0] // size, inner[1] // size, certain))
        for known, key, word in zip(words, keys, spelled, strict=True):
            known[key] = word
    for keys, (event, low, high), spelled, _ in _claims(statement):
        claimed.setdefault((*keys, event), []).append((low // size, high // size))
        for known, key, word in zip(words, keys, spelled, strict=True):
            known[key] = word
    span = _span([*((low, high) for _, low, high, _ in may), *sum(claimed.values(), [])], size)
    asked = _within(span, *(_month(day) // size for day in statement.selection.compiled.window()))
    # Claims may meet two windows that are asked for, and none of them both.
    if all(any(_meets(reach, asked) for reach in reaches) for reaches in claimed.values()):
        span = asked
    for (*keys, _), reaches in claimed.items():
        may += [(tuple(keys), low, high, 1) for low, high in _union(reaches)]
    possible, certain = _levels(may, *span), _levels(sure, *span)
    return {keys: (certain.get(keys, 0), number) for keys, number in possible.items()}


def _reaches(statement: _Statement) -> Iterator[Any]:
    """Yield the groups of undisputed events by the months (first, last, first and last of the inner reach).

    Of a qualified date, which is never certain, the inner reach is None; `_TURNED` where it is (last, first).
    """
    turned = "WHEN e.i_lo = e.w_hi AND e.i_hi = e.w_lo THEN"
    inner = [
        f"CASE WHEN e.qualified THEN NULL {turned} {_TURNED} ELSE {month(f'e.{bound}')} END"
        for bound in ("i_lo", "i_hi")
    ]
    return statement.groups(
        [month("e.w_lo"), month("e.w_hi"), *inner], where="e.w_lo IS NOT NULL AND NOT e.disputed_date"
    )


def _claims(statement: _Statement) -> Iterator[Any]:
    """Yield (event, first month, last month) for each claim of the disputed events."""
    return statement.groups(
        ["e.n", month("c.w_lo"), month("c.w_hi")],
        join="JOIN claim c ON c.event = e.n AND c.w_lo IS NOT NULL",
        where="e.w_lo IS NOT NULL AND e.disputed_date",
    )


class _Statement:
    """The SQL of a selection's events by the values of some fields."""

    __slots__ = ("axes", "free", "parameters", "selection", "surely", "where", "with_")

    def __init__(self, selection: Selection, axes: Sequence[Axis]) -> None:
        self.selection = selection
        self.axes = axes
        self.where = selection.where()
        self.surely = selection.compiled.must
        # Nothing is asked of the event itself, so that its row is not needed either.
        self.free = selection.compiled.may == selection.compiled.must == ("1", ())
        relations = [(f"v{n}", axis.relation) for n, axis in enumerate(axes) if axis.relation]
        parts = [f"{v}({columns}) AS ({sql})" for v, (columns, (sql, _)) in relations]
        self.with_ = f"WITH {', '.join(parts)} " if parts else ""
        self.parameters = [p for _, (_, (_, parameters)) in relations for p in parameters]

    def groups(self, columns: Sequence[str] = (), *, join: str = "", where: str = "1 = 1") -> Iterator[Any]:
        """Yield (keys, values of `columns`, words of the keys, (certain, possible)) for each group of both."""
        axes = [(f"v{n}", axis) for n, axis in enumerate(self.axes)]
        keys = [axis.key.format(v=v) for v, axis in axes]
        words = [f"MIN({axis.word.format(v=v)})" for v, axis in axes]
        own = bool(columns) or not self.free or not all(axis.of_events for axis in self.axes) or not axes
        tables, event = ["event e"] if own else [], "e.n" if own else "v0.event"
        for v, axis in axes:
            if axis.of_events:
                tables.append(f"JOIN {v} ON {v}.event = {event}" if tables else v)
            elif axis.relation:
                # The events one after another: these are few.
                tables.append(f"CROSS JOIN {v}")
        must, musts = self.surely
        sure = " AND ".join([*(f"({axis.sure.format(v=v)})" for v, axis in axes if axis.sure), f"({must})"])
        falls = " AND ".join(f"({axis.falls.format(v=v)})" for v, axis in axes if axis.falls)
        may, mays = self.where
        several = any(axis.several for axis in self.axes)
        possible = f"COUNT(DISTINCT {event})" if several else "COUNT(*)"
        certain = (
            f"COUNT(DISTINCT CASE WHEN {sure} THEN {event} END)"
            if several
            else f"SUM(CASE WHEN {sure} THEN 1 ELSE 0 END)"
        )
        grouped = ", ".join(str(n) for n in range(1, len(keys) + len(columns) + 1))
        sql = (
            f"{self.with_}SELECT {', '.join([*keys, *columns, *words, certain, possible])} FROM {' '.join(tables)} {join}"
            f" WHERE ({may}) AND {falls or '1 = 1'} AND {where}" + (f" GROUP BY {grouped}" if grouped else "")
        )
        width, end = len(keys), len(keys) + len(columns)
        for row in self.selection.db.execute(sql, [*self.parameters, *musts, *mays]):
            yield row[:width], row[width:end], row[end:-2], (row[-2] or 0, row[-1])

    def total(self, where: str = "1 = 1", *, outside: int | None = None) -> tuple[int, int]:
        """Return (certain, possible) of the events where something holds, or that are outside of a field's cells."""
        parameters: list[object] = []
        if outside is not None:
            axis, v = self.axes[outside], f"v{outside}"
            falls = axis.falls.format(v=v) if axis.falls else "1 = 1"
            if axis.relation:
                columns, (sql, given) = axis.relation
                falls += f" AND {v}.event = e.n" if axis.of_events else ""
                falls = f"EXISTS (WITH {v}({columns}) AS ({sql}) SELECT 1 FROM {v} WHERE {falls})"
                parameters += given
            where = f"NOT ({falls})"
        (must, musts), (may, mays) = self.surely, self.where
        sql = f"SELECT SUM(CASE WHEN {must} THEN 1 ELSE 0 END), COUNT(*) FROM event e WHERE {where} AND ({may})"
        certain, possible = self.selection.db.execute(sql, [*musts, *parameters, *mays]).fetchone()
        return certain or 0, possible


def month(day: str) -> str:
    """Return the month of a day (a column) as SQL: whole numbers divided, for dialects differ in functions of dates.

    Four times the days are cut into centuries of 146,097 and years of 1,461 that begin in March, as leap days end them.
    """
    days = f"(4 * ({day} + 305) + 3)"
    rest = f"({days} % 146097 / 4 * 4 + 3)"
    return f"(1200 * ({days} / 146097) + 12 * ({rest} / 1461) + (5 * ({rest} % 1461 / 4) + 2) / 153 + 2)"


def _month(day: int) -> int:
    if not BEGIN < day < END:
        return _BEFORE if day <= BEGIN else _AFTER
    that = date.fromordinal(day)
    return that.year * 12 + that.month - 1


def _span(reaches: Sequence[tuple[int, int]], size: int) -> tuple[int, int]:
    """Return the first and the last of the cells that some date names; where none does, a span of no cell."""
    named = {cell for reach in reaches for cell in reach if _BEFORE // size < cell < _AFTER // size}
    return (min(named), max(named)) if named else (0, -1)


def _within(span: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    """Return what of a span lies within what is asked for; beyond it the nearest cell, which what is open reaches."""
    first, last = max(span[0], low), min(span[1], high)
    if first <= last or span[0] > span[1]:
        return first, last
    return (low, low) if span[1] < low else (high, high)


def _meets(reach: tuple[int, int], span: tuple[int, int]) -> bool:
    return reach[0] <= span[1] and reach[1] >= span[0]


def _union(reaches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same cells, none of them twice: claims may overlap, and the event is still one."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(reaches):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def _levels(
    ranges: Sequence[tuple[tuple[Any, ...], int, int, int]], first: int, last: int
) -> dict[tuple[Any, ...], int]:
    """Return how many there are by (cell, *keys), from ranges of cells with so many each; cells with none are absent."""
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
