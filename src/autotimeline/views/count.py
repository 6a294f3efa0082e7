"""How many events: by year, by actor, by kind and status; bars for one field, rows against columns for two."""

from __future__ import annotations

from autotimeline.query.facets import NAMED, TIMES
from autotimeline.reports.counts import count_events
from autotimeline.table import Column, Table
from autotimeline.text import count, ranged
from autotimeline.views._row_counter import left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.reports.counts import Count
    from autotimeline.table import Row

BRIEF = ("certain", "possible")
_FREE = 20  # columns of the longest bar, where nothing limits them
_LEAST, _MOST = 8, 60  # where a terminal does
_ONE = 4  # columns at most that one event takes
_LABEL = 16  # a label is not made narrower for the sake of the bars
_LACKING = {"actor": "an actor", "era": "an era", "group": "an actor", "is": "any state"}


def FIELDS(by: Sequence[str]) -> tuple[str, ...]:  # noqa: N802  as the constant that it is of other views
    """Return the fields of a row: what is counted by, `actor_name` beside `actor`, and the numbers."""
    keys = [name for field in by for name in ((field, f"{field}_name") if field in NAMED else (field,))]
    return (*keys, *BRIEF)


def table(selection: Selection, fields: Sequence[str], by: Sequence[str]) -> Table:
    """Return a row for each cell: its keys, the names behind those that are ids, and how many events are in it.

    `certain` are those that surely match and surely fall in it; `possible` those that may, the certain among them.
    People get bars of one field, and of two the first one's values down and the second one's across.
    """
    counted = count_events(selection, ",".join(by))
    rows: list[Row] = []
    for cell in counted.cells:
        named = zip(by, cell.keys, cell.names, strict=True)
        keys = [text for field, key, name in named for text in ((key, name) if field in NAMED else (key,))]
        rows.append([*keys, cell.certain, cell.possible])
    made = Table([Column(field) for field in FIELDS(by)], iter(rows), footer=lambda: _footer(selection, counted))
    made.sheet = lambda paper: _sheet(counted, list(made.rows), paper)
    return made


def _sheet(counted: Count, rows: Sequence[Row], paper: Paper) -> Table:
    """Return what people see of the rows, in their order."""
    by = counted.by
    told = [ranged(*row[-2:]) for row in rows]  # type: ignore[arg-type]  # numbers, as every row ends
    if not by:
        return Table([Column("events", right=True)], iter([[text] for text in told]))
    places = [FIELDS(by).index(field) for field in by]
    labels = {
        (field, row[at]): _label(field, row[at + 1 if field in NAMED else at])
        for row in rows
        for field, at in zip(by, places, strict=True)
    }
    if len(by) == 1:
        return _bars(by[0], [labels[by[0], row[0]] for row in rows], rows, told, paper)
    keys = [tuple(row[at] for at in places) for row in rows]
    down, across = (_whole(counted, at, [key[at] for key in keys]) for at in (0, 1))
    order = {key: place for place, key in enumerate(counted.axes[1])}
    return _cross(
        by,
        {key: labels.get((by[0], key)) or _label(by[0], key) for key in down},
        {key: labels.get((by[1], key)) or _label(by[1], key) for key in sorted(across, key=order.__getitem__)},
        dict(zip(keys, told, strict=True)),
        paper,
    )


def _cross(
    by: Sequence[str],
    down: Mapping[Any, str],
    across: Mapping[Any, str],
    cells: Mapping[tuple[Any, ...], str],
    paper: Paper,
) -> Table:
    """Return a row for each label down and a column for each one across; too wide, a row is one list of its cells."""
    if paper.width is not None:
        sizes = {label: paper.measure(paper.clean(label)) for label in (*by, *down.values(), *across.values())}
        # The first column may wrap between its words.
        words = max(len(word) for label in (by[0], *down.values()) for word in label.split(" "))
        room = paper.width - min(max(sizes[label] for label in (by[0], *down.values())), max(_LABEL, words))
        for key, label in across.items():
            room -= 2 + max(sizes[label], *(len(cells.get((row, key), "")) for row in down))
            if room < 0:
                told = [
                    "; ".join(f"{across[to]} {cells[row, to]}" for to in across if (row, to) in cells) for row in down
                ]
                return Table([Column(by[0]), Column(by[1])], zip(down.values(), told, strict=True))
    columns = [Column(by[0]), *(Column(label, right=True) for label in across.values())]
    return Table(columns, iter([[label, *(cells.get((row, key)) for key in across)] for row, label in down.items()]))


def _label(field: str, key: Any) -> str:
    return f"{key:04}" if field == "year" else str(key)


def _whole(counted: Count, at: int, keys: Sequence[Any]) -> list[Any]:
    """Return each key once; those of a time, where they are in order, without the holes between them."""
    found = list(dict.fromkeys(keys))
    if counted.by[at] not in TIMES or not found:
        return found
    axis = counted.axes[at]
    order = {key: place for place, key in enumerate(axis)}
    places = [order[key] for key in found]
    if places == sorted(places):
        return axis[places[0] : places[-1] + 1]
    return axis[places[-1] : places[0] + 1][::-1] if places == sorted(places, reverse=True) else found


def _bars(field: str, labels: Sequence[str], rows: Sequence[Row], told: Sequence[str], paper: Paper) -> Table:
    """Return a row for each label, with a bar where there is room."""
    numbers: list[Any] = [row[-2:] for row in rows]
    columns = [Column(field), Column("events", right=True)]
    most = max((possible for _, possible in numbers), default=0)
    room = _FREE
    if paper.width is not None:
        left = paper.width - 2 * len(columns) - max(map(paper.measure, map(paper.clean, (*told, "events"))))
        label = max(map(paper.measure, map(paper.clean, (*labels, field))))
        room = min(_MOST, left - min(label, max(_LABEL, left - _LEAST)))
    if not most or room < _LEAST:
        return Table(columns, zip(labels, told, strict=True))
    bars = [_bar(certain, possible, most, room) for certain, possible in numbers]
    return Table([*columns, Column("")], zip(labels, told, bars, strict=True))


def _bar(certain: int, possible: int, most: int, room: int) -> str:
    """Return a bar to scale: whole columns for each event where there is room, at least one for whatever there is."""
    one = min(_ONE, room // most)
    sure, may = (number * one or number * room // most for number in (certain, possible))
    least, doubted = int(certain > 0), int(possible > certain)
    may = max(may, least + doubted)
    sure = max(least, min(sure, may - doubted))
    return "█" * sure + "░" * (may - sure)


def _footer(selection: Selection, counted: Count) -> list[str]:
    """Return how many events there are, each once, and how many are in no row, in one line."""
    certain, possible = counted.total()
    words = [count(possible, "event") if certain == possible else f"{ranged(certain, possible)} events"]
    without = []
    for field in counted.by:
        certain, lacking = counted.without(field)
        without.append(lacking)
        if lacking and field in TIMES:
            words.append(f"{ranged(certain, lacking)} of them undated")
        elif lacking:
            words.append(f"{ranged(certain, lacking)} without {_LACKING.get(field, f'a {field}')}")
    if sum(cell.possible for cell in counted.cells) > possible - max([0, *without]):
        words.append("one may stand in several rows")
    words += left_out(selection)
    return ["; ".join(words)] if possible else left_out(selection)
