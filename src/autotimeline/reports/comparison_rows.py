"""The points of a comparison with the values of each side, and the differences between two events."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any, NamedTuple

from autotimeline.dates.gap import duration_text
from autotimeline.quantities.quantity import Quantity
from autotimeline.query.columns import COLUMNS
from autotimeline.query.selection import Selection
from autotimeline.reports.comparison import FigureComparison, Side, StoryPace, compare_figures
from autotimeline.reports.counts import count_events
from autotimeline.reports.elapsed import WINDOW_FIELDS, elapsed_cells, window_of_row
from autotimeline.reports.figures import stated_figures
from autotimeline.schema import STATUSES
from autotimeline.table import Column, cell_to_text
from autotimeline.text import count_range, fold

FIELDS = (
    *("section", "what", "name", "side", "against", "value", "low", "high", "unit"),
    *("of", "basis", "status", "why", "differs", "holder"),
)

COMPARED_STATES = ("planned", "overdue", "disputed")
# The location of an event in its file is not a fact.
_LOCATION_FIELDS = ("id", "file", "line")


class ComparedValue(NamedTuple):
    """A value of one side: as text, with bounds if it is a number, and the typed `item` that it was made of.

    `reason` says why a figure is excluded from the total.
    """

    text: str
    low: int | Decimal | None = None
    high: int | Decimal | None = None
    unit: str | None = None
    reason: str | None = None
    item: Any = None


_NO_CELLS = (None, None, None, None)
# What figures have in common; the contract has the holder last.
_TERMS = ("of", "basis", "status", "holder")
_NO_TERMS = (None,) * len(_TERMS)


class ComparisonPoint:
    """A point of comparison, and the values of each side; `terms` are those of _TERMS, for figures."""

    def __init__(
        self,
        section: str,
        what: str,
        values: Iterable[Sequence[ComparedValue]],
        *,
        name: str | None = None,
        terms: Sequence[str | None] = _NO_TERMS,
    ) -> None:
        self.section = section
        self.what = what
        self.name = name
        self.values = [list(side) for side in values]
        self.terms = tuple(terms)

    @property
    def is_differing(self) -> bool:
        """Whether the sides have different values."""
        first, *others = self._keys()
        return any(keys != first for keys in others)

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield one row of FIELDS per value of each side, or one row without a value for a side that has none."""
        shared_keys = set.intersection(*self._keys())
        *terms, holder = self.terms
        for number, side in enumerate(self.values, 1):
            values: list[ComparedValue | None] = [*side] or [None]
            for value in values:
                cells, reason = (value[:4], value.reason) if value else (_NO_CELLS, None)
                row = (self.section, self.what, self.name, number, None, *cells, *terms, reason)
                yield *row, cells not in shared_keys, holder

    def _keys(self) -> list[set[Any]]:
        """Return for each side what identifies its values."""
        return [{value[:4] for value in side} or {_NO_CELLS} for side in self.values]


def compare_stories(sides: Sequence[Side]) -> Iterator[ComparisonPoint]:
    """Yield the points of queries: events, time, status, state, kind, actors, figures."""
    yield from _general_points(sides)
    ends = [_first_and_last(side.selection) for side in sides]
    paces = [StoryPace(side.selection) for side in sides]
    times = {
        "first": [first for first, _ in ends],
        "last": [last for _, last in ends],
        "span": [_duration_value(pace.span, is_certain=pace.has_certain_dates) for pace in paces],
        "pace": [_duration_value(p.gap, is_certain=p.has_certain_dates and p.has_certain_events) for p in paces],
    }
    for what, values in times.items():
        if any(values):
            yield ComparisonPoint("time", what, ([value] if value else [] for value in values))
    yield from _count_points(sides, "status", "status", STATUSES)
    yield from _count_points(sides, "state", "is", COMPARED_STATES)
    yield from _count_points(sides, "kind", "kind")
    yield from _count_points(sides, "actor", "actor")
    yield from _figure_points(sides)


def _general_points(sides: Sequence[Side]) -> Iterator[ComparisonPoint]:
    """Yield the labels of the sides, and their numbers of events."""
    what = "event" if all(side.event for side in sides) else "query"
    yield ComparisonPoint("side", what, ([ComparedValue(side.label)] for side in sides))
    yield ComparisonPoint("events", "events", ([_count_value(*count_events(side.selection).total())] for side in sides))


def _count_value(certain: int, possible: int) -> ComparedValue:
    return ComparedValue(count_range(certain, possible), certain, possible)


def _first_and_last(selection: Selection) -> tuple[ComparedValue | None, ComparedValue | None]:
    """Return the dates of the first and the last event; each with the possible one if that differs."""
    possible_span = selection.span()
    if possible_span is None:
        return None, None
    certain_span = selection.span(certain=True) or ("", "")
    first, last = (
        ComparedValue(date if date == certain else ", ".join(filter(None, (certain, f"perhaps {date}"))))
        for date, certain in zip(possible_span, certain_span, strict=True)
    )
    return first, last


def _duration_value(days: tuple[int, int | None] | None, *, is_certain: bool) -> ComparedValue | None:
    if days is None:
        return None
    text = duration_text(*days)
    return ComparedValue(text if is_certain or days == (0, None) else f"perhaps {text}", *days, "days")


def _count_points(
    sides: Sequence[Side], section: str, field: str, words: Sequence[str] = ()
) -> Iterator[ComparisonPoint]:
    """Yield the numbers of events per value of a field: these words in order, or all values, most frequent first."""
    spelling_by_word: dict[str, tuple[str, str | None]] = {fold(word): (word, None) for word in words}
    counts_by_side: list[dict[str, tuple[int, int]]] = []
    for side in sides:
        counts_by_side.append({})
        for cell in count_events(side.selection, field).cells:
            word = str(cell.keys[0])
            if not words or fold(word) in spelling_by_word:
                spelling = min(word, spelling_by_word.get(fold(word), (word, None))[0])
                spelling_by_word[fold(word)] = spelling, cell.names[0]
                counts_by_side[-1][fold(word)] = cell.certain, cell.possible
    order = list(spelling_by_word)
    if not words:
        order.sort(key=lambda key: (-sum(counts.get(key, (0, 0))[1] for counts in counts_by_side), key))
    for key in order:
        word, name = spelling_by_word[key]
        values = ([_count_value(*counts.get(key, (0, 0)))] for counts in counts_by_side)
        yield ComparisonPoint(section, word, values, name=name)


def _figure_points(sides: Sequence[Side]) -> Iterator[ComparisonPoint]:
    """Yield the totals and the excluded figures of each side, by metric, actors, unit, basis, and status."""
    totals_by_side = [side.totals_by_key() for side in sides]
    keys = {key for groups in totals_by_side for key in groups}
    for key in sorted(keys, key=lambda key: [part or "" for part in key]):
        metric, of, _, _, basis, status, holder = key
        values = []
        for groups in totals_by_side:
            totals, excluded = groups.get(key, ((), ()))
            values.append([_quantity_value(total.quantity)._replace(item=total) for total in totals])
            values[-1] += [ComparedValue(f.text, f.low, f.high, f.unit, reason) for f, reason in excluded]
        yield ComparisonPoint("figure", metric, values, terms=(of, basis, status, holder))


def _quantity_value(quantity: Quantity) -> ComparedValue:
    from autotimeline.reports.rates import rounded_bounds

    unit = f"{quantity.unit}/{quantity.per}" if quantity.per else quantity.unit
    return ComparedValue(quantity.shown, *rounded_bounds(quantity), unit or None)


def compare_events(sides: Sequence[Side]) -> Iterator[ComparisonPoint]:
    """Yield the points of single events: one per field; each item of a list is a value."""
    fields = [field for field in COLUMNS if field not in _LOCATION_FIELDS]
    rows = [next(iter(side.selection.rows(fields)), None) for side in sides]
    yield from _general_points(sides)
    for index, field in enumerate(fields):
        values = [_cell_values(row[index] if row else None, COLUMNS[field].column) for row in rows]
        if any(values):
            yield ComparisonPoint("field", field, values)


def _cell_values(cell: Any, column: Column) -> list[ComparedValue]:
    if isinstance(cell, list):
        return [ComparedValue(column.item_to_text(item), item=item) for item in cell]
    return [] if cell is None or cell is False else [ComparedValue(cell_to_text(cell, column), item=cell)]


class EventPair(NamedTuple):
    """The gap from an old to a new event, and the comparisons of their figures; the events are given by side index."""

    old_index: int
    new_index: int
    gap: ComparedValue | None
    comparisons: list[FigureComparison]

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield one row of FIELDS for the gap, and rows for difference, ratio, and change of each pair of figures."""
        yield self._row("gap", "gap", self.gap, "undated")
        for comparison in self.comparisons:
            terms = [_shared_term(comparison, name) for name in _TERMS]
            values = {
                "difference": _quantity_value(comparison.difference) if comparison.difference else None,
                "ratio": _quantity_value(comparison.ratio) if comparison.ratio else None,
                "change": ComparedValue(comparison.change) if comparison.change else None,
            }
            reason = comparison.reason or "the divisor may be 0"
            for section, value in values.items():
                yield self._row(section, comparison.new.metric, value, reason, terms)

    def _row(
        self,
        section: str,
        what: str,
        value: ComparedValue | None,
        reason: str,
        terms: Sequence[str | None] = _NO_TERMS,
    ) -> Sequence[Any]:
        cells = value[:4] if value else _NO_CELLS
        sides = (self.new_index + 1, self.old_index + 1)
        *terms, holder = terms
        return [section, what, None, *sides, *cells, *terms, None if value else reason, None, holder]


def _shared_term(comparison: FigureComparison, name: str) -> str | None:
    """Return the value that both figures have, or None if they differ."""
    value: str | None = getattr(comparison.new, name)
    return value if value == getattr(comparison.old, name) else None


def event_pairs(sides: Sequence[Side]) -> Iterator[EventPair]:
    """Yield both directions of each pair of sides that are two different events."""
    figures = [list(stated_figures(side.selection)) for side in sides]
    windows = [[window_of_row(row) for row in side.selection.rows(WINDOW_FIELDS)] for side in sides]
    for old, new in permutations(range(len(sides)), 2):
        if sides[old].event != sides[new].event and windows[old] and windows[new]:
            text, low, high = elapsed_cells("gap", windows[old][0], windows[new][0]).values()
            gap = None if text is None else ComparedValue(str(text), low, high, "days")  # type: ignore[arg-type]  # int
            yield EventPair(old, new, gap, compare_figures(figures[old], figures[new]))
