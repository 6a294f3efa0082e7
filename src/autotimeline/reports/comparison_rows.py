"""The points on which sides are compared, each with what every side has there."""

from __future__ import annotations

from itertools import permutations

from autotimeline.query.columns import COLUMNS
from autotimeline.query.fields import STATUSES
from autotimeline.reports.comparison import StoryPace, compare_figures
from autotimeline.reports.counts import count_events
from autotimeline.reports.elapsed import WINDOW_FIELDS, duration_text, elapsed_cells, window_of_row
from autotimeline.reports.figures import stated_figures
from autotimeline.table import cell_to_text
from autotimeline.text import count_range, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.selection import Selection
    from autotimeline.reports.comparison import FigureComparison, Side
    from autotimeline.table import TableRow

FIELDS = (
    *("section", "what", "name", "side", "against", "value", "low", "high", "unit"),
    *("of", "basis", "status", "why", "differs"),
)

COMPARED_STATES = ("planned", "overdue", "disputed")
# What tells where an event stands in its file is no fact.
_LOCATION_FIELDS = ("id", "file", "line")


class ComparedValue:
    """What a side has: as text, and as bounds where it is a number; `why` it stands alone; and as its view has it."""

    __slots__ = ("high", "item", "low", "reason", "text", "unit")

    def __init__(
        self,
        text: str,
        low: int | Decimal | None = None,
        high: int | Decimal | None = None,
        unit: str | None = None,
        *,
        reason: str | None = None,
        item: Any = None,
    ) -> None:
        self.text = text
        self.low = low
        self.high = high
        self.unit = unit
        self.reason = reason
        self.item = item

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two values the same."""
        return self.text, self.low, self.high, self.unit


class ComparisonPoint:
    """A point of comparison, and the values that each side has there: one, several or none.

    `more` are whose figures they are, their basis, and the status of their events.
    """

    __slots__ = ("name", "section", "terms", "values", "what")

    def __init__(
        self,
        section: str,
        what: str,
        values: Iterable[Sequence[ComparedValue]],
        *,
        name: str | None = None,
        terms: Sequence[str | None] = (None, None, None),
    ) -> None:
        self.section = section
        self.what = what
        self.name = name
        self.values = [list(several) for several in values]
        self.terms = tuple(terms)

    @property
    def is_differing(self) -> bool:
        """Whether the sides differ in it."""
        shared = self._shared_keys()
        return any(key not in shared for side in self._keys() for key in side)

    def rows(self) -> Iterator[TableRow]:
        """Yield a row of FIELDS for each value of each side, and one for a side without any."""
        shared_keys = self._shared_keys()
        for index, side in enumerate(self.values):
            for value in _values_or_none(side):
                cells = (value.text, value.low, value.high, value.unit) if value else (None,) * 4
                yield [
                    *(self.section, self.what, self.name, index + 1, None, *cells, *self.terms),
                    *(value.reason if value else None, (value and value.key) not in shared_keys),
                ]

    def _keys(self) -> list[set[Any]]:
        return [{one and one.key for one in _values_or_none(side)} for side in self.values]

    def _shared_keys(self) -> set[Any]:
        """Return what all sides have, None where none has any: a value that is not in it differs."""
        return set.intersection(*self._keys())


def _values_or_none(side: Sequence[ComparedValue]) -> Sequence[ComparedValue | None]:
    return side or [None]


def compare_stories(sides: Sequence[Side]) -> Iterator[ComparisonPoint]:
    """Yield the points of stories: events, time, status, state, kind, actors, figures."""
    yield _label_point(sides)
    yield ComparisonPoint("events", "events", ([_count_value(*count_events(side.selection).total())] for side in sides))
    ends = [_first_and_last(side.selection) for side in sides]
    paces = [StoryPace(side.selection) for side in sides]
    times = {
        "first": [first for first, _ in ends],
        "last": [last for _, last in ends],
        "span": [_duration_value(pace.span, is_certain=pace.has_certain_dates) for pace in paces],
        "pace": [
            _duration_value(pace.gap, is_certain=pace.has_certain_dates and pace.has_certain_events) for pace in paces
        ],
    }
    for what, values in times.items():
        if any(values):
            yield ComparisonPoint("time", what, ([value] if value else [] for value in values))
    yield from _count_points(sides, "status", "status", STATUSES)
    yield from _count_points(sides, "state", "is", COMPARED_STATES)
    yield from _count_points(sides, "kind", "kind")
    yield from _count_points(sides, "actor", "actor")
    yield from _figure_points(sides)


def _label_point(sides: Sequence[Side]) -> ComparisonPoint:
    return ComparisonPoint(
        "side", "event" if all(side.event for side in sides) else "query", ([ComparedValue(s.label)] for s in sides)
    )


def _count_value(certain: int, possible: int) -> ComparedValue:
    return ComparedValue(count_range(certain, possible), certain, possible)


def _first_and_last(selection: Selection) -> tuple[ComparedValue | None, ComparedValue | None]:
    """Return the date of the first event and of the last; where another may be it, the certain one and that."""
    possible_span = selection.span()
    if possible_span is None:
        return None, None
    certain_span = selection.span(certain=True) or ("", "")
    first, last = (
        ComparedValue(date if date == sure else ", ".join(filter(None, (sure, f"perhaps {date}"))))
        for date, sure in zip(possible_span, certain_span, strict=True)
    )
    return first, last


def _duration_value(days: tuple[int, int | None] | None, *, is_certain: bool) -> ComparedValue | None:
    if days is None:
        return None
    text = duration_text(*days)
    return ComparedValue(text if is_certain else f"perhaps {text}", *days, "days")


def _count_points(
    sides: Sequence[Side], section: str, field: str, words: Sequence[str] = ()
) -> Iterator[ComparisonPoint]:
    """Yield how many events of each side are in each cell of a field: of these words, else the most frequent first."""
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
        order.sort(key=lambda key: (-sum(found.get(key, (0, 0))[1] for found in counts_by_side), key))
    for key in order:
        word, name = spelling_by_word[key]
        yield ComparisonPoint(
            section, word, ([_count_value(*found.get(key, (0, 0)))] for found in counts_by_side), name=name
        )


def _figure_points(sides: Sequence[Side]) -> Iterator[ComparisonPoint]:
    """Yield what the figures of each side come to, by metric, owner, unit, basis and status."""
    totals_by_side = [side.totals_by_key() for side in sides]
    for key in sorted(
        {key for groups in totals_by_side for key in groups}, key=lambda key: [part or "" for part in key]
    ):
        metric, of, _, _, basis, status = key
        values = []
        for groups in totals_by_side:
            totals, excluded = groups.get(key, ((), ()))
            values.append([_quantity_value(one.quantity, item=one) for one in totals])
            values[-1] += [
                ComparedValue(figure.text, figure.low, figure.high, figure.unit, reason=why) for figure, why in excluded
            ]
        yield ComparisonPoint("figure", metric, values, terms=(of, basis, status))


def _quantity_value(quantity: Quantity, **options: Any) -> ComparedValue:
    from autotimeline.reports.rates import rounded_bounds

    unit = f"{quantity.unit}/{quantity.per}" if quantity.per else quantity.unit
    return ComparedValue(quantity.shown, *rounded_bounds(quantity), unit or None, **options)


def compare_events(sides: Sequence[Side]) -> Iterator[ComparisonPoint]:
    """Yield the points of single events: each field, of a list each item of it."""
    fields = [field for field in COLUMNS if field not in _LOCATION_FIELDS]
    rows = [next(iter(side.selection.rows(fields)), None) for side in sides]
    yield _label_point(sides)
    yield ComparisonPoint("events", "events", ([_count_value(*count_events(side.selection).total())] for side in sides))
    for index, field in enumerate(fields):
        column = COLUMNS[field].column
        values = []
        for row in rows:
            cell = None if row is None else row[index]
            if isinstance(cell, list):
                values.append([ComparedValue(column.item_to_text(item), item=item) for item in cell])
            else:
                values.append(
                    [] if cell is None or cell is False else [ComparedValue(cell_to_text(cell, column), item=cell)]
                )
        if any(values):
            yield ComparisonPoint("field", field, values)


class EventPair:
    """What lies between two sides that are events, `at` and `against`: their places; the gap is from the latter on."""

    __slots__ = ("comparisons", "gap", "new_index", "old_index")

    def __init__(
        self, old_index: int, new_index: int, gap: ComparedValue | None, comparisons: list[FigureComparison]
    ) -> None:
        self.old_index = old_index
        self.new_index = new_index
        self.gap = gap
        self.comparisons = comparisons

    def rows(self) -> Iterator[TableRow]:
        """Yield a row of FIELDS for the gap, and for each pair of figures their difference, ratio and change."""
        yield self._row("gap", "gap", self.gap, "undated")
        for comparison in self.comparisons:
            terms = [_shared_term(comparison, name) for name in ("of", "basis", "status")]
            values = {
                "difference": _quantity_value(comparison.difference) if comparison.difference else None,
                "ratio": _quantity_value(comparison.ratio) if comparison.ratio else None,
                "change": ComparedValue(comparison.change) if comparison.change else None,
            }
            for section, value in values.items():
                yield self._row(
                    section, comparison.new.metric, value, comparison.reason or "the divisor may be 0", terms
                )

    def _row(
        self,
        section: str,
        what: str,
        value: ComparedValue | None,
        reason: str,
        terms: Sequence[str | None] = (None,) * 3,
    ) -> TableRow:
        cells = (value.text, value.low, value.high, value.unit) if value else (None,) * 4
        return [
            section,
            what,
            None,
            self.new_index + 1,
            self.old_index + 1,
            *cells,
            *terms,
            None if value else reason,
            None,
        ]


def _shared_term(comparison: FigureComparison, name: str) -> str | None:
    """Return what both figures have alike, None where they have not."""
    value: str | None = getattr(comparison.new, name)
    return value if value == getattr(comparison.old, name) else None


def event_pairs(sides: Sequence[Side]) -> Iterator[EventPair]:
    """Yield what lies between each two of the sides, of which both are events and not the same one; either way."""
    figures = [list(stated_figures(side.selection)) for side in sides]
    windows = [[window_of_row(row) for row in side.selection.rows(WINDOW_FIELDS)] for side in sides]
    for new_index, old_index in permutations(range(len(sides)), 2):
        if sides[new_index].event == sides[old_index].event or not (windows[new_index] and windows[old_index]):
            continue
        elapsed = elapsed_cells("gap", windows[new_index][0], windows[old_index][0])
        text, low, high = elapsed.values()
        gap = None if text is None else ComparedValue(str(text), low, high, "days")  # type: ignore[arg-type]  # days, as numbers
        yield EventPair(new_index, old_index, gap, compare_figures(figures[new_index], figures[old_index]))
