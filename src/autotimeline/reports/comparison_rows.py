"""The points on which sides are compared, each with what every side has there."""

from __future__ import annotations

from itertools import permutations

from autotimeline.query.columns import COLUMNS
from autotimeline.query.fields import STATUSES
from autotimeline.reports.comparison import Pace, contrasts
from autotimeline.reports.counts import count_events
from autotimeline.reports.elapsed import MOMENT, cells, dated, lasting
from autotimeline.reports.figures import stated_figures
from autotimeline.table import plain
from autotimeline.text import fold, ranged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.selection import Selection
    from autotimeline.reports.comparison import Contrast, Side
    from autotimeline.table import Row

FIELDS = (
    *("section", "what", "name", "side", "against", "value", "low", "high", "unit"),
    *("of", "basis", "status", "why", "differs"),
)

STATES = ("planned", "overdue", "disputed")
# What tells where an event stands in its file is no fact.
_PLACE = ("id", "file", "line")


class Value:
    """What a side has: as text, and as bounds where it is a number; `why` it stands alone; and as its view has it."""

    __slots__ = ("high", "item", "low", "text", "unit", "why")

    def __init__(
        self,
        text: str,
        low: int | Decimal | None = None,
        high: int | Decimal | None = None,
        unit: str | None = None,
        *,
        why: str | None = None,
        item: Any = None,
    ) -> None:
        self.text = text
        self.low = low
        self.high = high
        self.unit = unit
        self.why = why
        self.item = item

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two values the same."""
        return self.text, self.low, self.high, self.unit


class Point:
    """A point of comparison, and the values that each side has there: one, several or none.

    `more` are whose figures they are, their basis, and the status of their events.
    """

    __slots__ = ("more", "name", "section", "values", "what")

    def __init__(
        self,
        section: str,
        what: str,
        values: Iterable[Sequence[Value]],
        *,
        name: str | None = None,
        more: Sequence[str | None] = (None, None, None),
    ) -> None:
        self.section = section
        self.what = what
        self.name = name
        self.values = [list(several) for several in values]
        self.more = tuple(more)

    @property
    def differing(self) -> bool:
        """Whether the sides differ in it."""
        shared = self._shared()
        return any(key not in shared for side in self._keys() for key in side)

    def rows(self) -> Iterator[Row]:
        """Yield a row of FIELDS for each value of each side, and one for a side without any."""
        shared = self._shared()
        for at, side in enumerate(self.values):
            for one in _each(side):
                cells = (one.text, one.low, one.high, one.unit) if one else (None,) * 4
                yield [
                    *(self.section, self.what, self.name, at + 1, None, *cells, *self.more),
                    *(one.why if one else None, (one and one.key) not in shared),
                ]

    def _keys(self) -> list[set[Any]]:
        return [{one and one.key for one in _each(side)} for side in self.values]

    def _shared(self) -> set[Any]:
        """Return what all sides have, None where none has any: a value that is not in it differs."""
        return set.intersection(*self._keys())


def _each(side: Sequence[Value]) -> Sequence[Value | None]:
    return side or [None]


def stories(sides: Sequence[Side]) -> Iterator[Point]:
    """Yield the points of stories: events, time, status, state, kind, actors, figures."""
    yield _labels(sides)
    yield Point("events", "events", ([_number(*count_events(side.selection).total())] for side in sides))
    ends = [_ends(side.selection) for side in sides]
    paces = [Pace(side.selection) for side in sides]
    times = {
        "first": [first for first, _ in ends],
        "last": [last for _, last in ends],
        "span": [_days(pace.span, sure=pace.sure) for pace in paces],
        "pace": [_days(pace.gap, sure=pace.sure and pace.whole) for pace in paces],
    }
    for what, values in times.items():
        if any(values):
            yield Point("time", what, ([value] if value else [] for value in values))
    yield from _counted(sides, "status", "status", STATUSES)
    yield from _counted(sides, "state", "is", STATES)
    yield from _counted(sides, "kind", "kind")
    yield from _counted(sides, "actor", "actor")
    yield from _figures(sides)


def _labels(sides: Sequence[Side]) -> Point:
    return Point("side", "event" if all(side.event for side in sides) else "query", ([Value(s.label)] for s in sides))


def _number(certain: int, possible: int) -> Value:
    return Value(ranged(certain, possible), certain, possible)


def _ends(selection: Selection) -> tuple[Value | None, Value | None]:
    """Return the date of the first event and of the last; where another may be it, the certain one and that."""
    may = selection.span()
    if may is None:
        return None, None
    must = selection.span(certain=True) or ("", "")
    first, last = (
        Value(date if date == sure else ", ".join(filter(None, (sure, f"perhaps {date}"))))
        for date, sure in zip(may, must, strict=True)
    )
    return first, last


def _days(days: tuple[int, int | None] | None, *, sure: bool) -> Value | None:
    if days is None:
        return None
    told = lasting(*days)
    return Value(told if sure else f"perhaps {told}", *days, "days")


def _counted(sides: Sequence[Side], section: str, field: str, words: Sequence[str] = ()) -> Iterator[Point]:
    """Yield how many events of each side are in each cell of a field: of these words, else the most frequent first."""
    named: dict[str, tuple[str, str | None]] = {fold(word): (word, None) for word in words}
    numbers: list[dict[str, tuple[int, int]]] = []
    for side in sides:
        numbers.append({})
        for cell in count_events(side.selection, field).cells:
            word = str(cell.keys[0])
            if not words or fold(word) in named:
                spelled = min(word, named.get(fold(word), (word, None))[0])
                named[fold(word)] = spelled, cell.names[0]
                numbers[-1][fold(word)] = cell.certain, cell.possible
    order = list(named)
    if not words:
        order.sort(key=lambda key: (-sum(found.get(key, (0, 0))[1] for found in numbers), key))
    for key in order:
        word, name = named[key]
        yield Point(section, word, ([_number(*found.get(key, (0, 0)))] for found in numbers), name=name)


def _figures(sides: Sequence[Side]) -> Iterator[Point]:
    """Yield what the figures of each side come to, by metric, owner, unit, basis and status."""
    found = [side.figures() for side in sides]
    for key in sorted({key for groups in found for key in groups}, key=lambda key: [part or "" for part in key]):
        metric, of, _, _, basis, status = key
        values = []
        for groups in found:
            added, apart = groups.get(key, ((), ()))
            values.append([_quantity(one.quantity, item=one) for one in added])
            values[-1] += [Value(figure.text, figure.low, figure.high, figure.unit, why=why) for figure, why in apart]
        yield Point("figure", metric, values, more=(of, basis, status))


def _quantity(quantity: Quantity, **more: Any) -> Value:
    from autotimeline.reports.rates import outward

    unit = f"{quantity.unit}/{quantity.per}" if quantity.per else quantity.unit
    return Value(quantity.shown, *outward(quantity), unit or None, **more)


def events(sides: Sequence[Side]) -> Iterator[Point]:
    """Yield the points of single events: each field, of a list each item of it."""
    fields = [field for field in COLUMNS if field not in _PLACE]
    rows = [next(iter(side.selection.rows(fields)), None) for side in sides]
    yield _labels(sides)
    yield Point("events", "events", ([_number(*count_events(side.selection).total())] for side in sides))
    for at, field in enumerate(fields):
        column = COLUMNS[field].column
        values = []
        for row in rows:
            cell = None if row is None else row[at]
            if isinstance(cell, list):
                values.append([Value(column.flat(item), item=item) for item in cell])
            else:
                values.append([] if cell is None or cell is False else [Value(plain(cell, column), item=cell)])
        if any(values):
            yield Point("field", field, values)


class Pair:
    """What lies between two sides that are events, `at` and `against`: their places; the gap is from the latter on."""

    __slots__ = ("against", "at", "contrasts", "gap")

    def __init__(self, against: int, at: int, gap: Value | None, found: list[Contrast]) -> None:
        self.against = against
        self.at = at
        self.gap = gap
        self.contrasts = found

    def rows(self) -> Iterator[Row]:
        """Yield a row of FIELDS for the gap, and for each pair of figures their difference, ratio and change."""
        yield self._row("gap", "gap", self.gap, "undated")
        for one in self.contrasts:
            more = [_shared(one, name) for name in ("of", "basis", "status")]
            told = {
                "difference": _quantity(one.difference) if one.difference else None,
                "ratio": _quantity(one.ratio) if one.ratio else None,
                "change": Value(one.change) if one.change else None,
            }
            for section, value in told.items():
                yield self._row(section, one.new.metric, value, one.why or "the divisor may be 0", more)

    def _row(
        self, section: str, what: str, value: Value | None, why: str, more: Sequence[str | None] = (None,) * 3
    ) -> Row:
        cells = (value.text, value.low, value.high, value.unit) if value else (None,) * 4
        return [section, what, None, self.at + 1, self.against + 1, *cells, *more, None if value else why, None]


def _shared(pair: Contrast, name: str) -> str | None:
    """Return what both figures have alike, None where they have not."""
    value: str | None = getattr(pair.new, name)
    return value if value == getattr(pair.old, name) else None


def pairs(sides: Sequence[Side]) -> Iterator[Pair]:
    """Yield what lies between each two of the sides, of which both are events and not the same one; either way."""
    figures = [list(stated_figures(side.selection)) for side in sides]
    moments = [[dated(row) for row in side.selection.rows(MOMENT)] for side in sides]
    for one, other in permutations(range(len(sides)), 2):
        if sides[one].event == sides[other].event or not (moments[one] and moments[other]):
            continue
        told = cells("gap", moments[one][0], moments[other][0])
        text, low, high = told.values()
        gap = None if text is None else Value(str(text), low, high, "days")  # type: ignore[arg-type]  # days, as numbers
        yield Pair(one, other, gap, contrasts(figures[one], figures[other]))
