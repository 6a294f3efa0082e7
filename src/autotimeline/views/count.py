"""How many events: by year, by actor, by kind and status; bars for one field, rows against columns for two."""

from __future__ import annotations

from autotimeline.query.facets import ENTITY_FIELDS, TIME_FIELDS
from autotimeline.reports.counts import count_events
from autotimeline.table import Column, Table
from autotimeline.text import count_range, format_count
from autotimeline.views._row_counter import omitted_notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.reports.counts import CountTable
    from autotimeline.table import TableRow

DEFAULT_FIELDS = ("certain", "possible")
_DEFAULT_BAR = 20  # columns of the longest bar, where nothing limits them
_MIN_BAR, _MAX_BAR = 8, 60  # where a terminal does
_MAX_COLUMNS_PER_EVENT = 4  # columns at most that one event takes
_MIN_LABEL = 16  # a label is not made narrower for the sake of the bars
_MISSING_NOUNS = {"actor": "an actor", "era": "an era", "group": "an actor", "is": "any state"}


def FIELDS(by: Sequence[str]) -> tuple[str, ...]:  # noqa: N802  as the constant that it is of other views
    """Return the fields of a row: what is counted by, `actor_name` beside `actor`, and the numbers."""
    keys = [name for field in by for name in ((field, f"{field}_name") if field in ENTITY_FIELDS else (field,))]
    return (*keys, *DEFAULT_FIELDS)


def table(selection: Selection, fields: Sequence[str], by: Sequence[str]) -> Table:
    """Return a row for each cell: its keys, the names behind those that are ids, and how many events are in it.

    `certain` are those that surely match and surely fall in it; `possible` those that may, the certain among them.
    People get bars of one field, and of two the first one's values down and the second one's across.
    """
    count_table = count_events(selection, ",".join(by))
    rows: list[TableRow] = []
    for cell in count_table.cells:
        named_keys = zip(by, cell.keys, cell.names, strict=True)
        keys = [text for field, key, name in named_keys for text in ((key, name) if field in ENTITY_FIELDS else (key,))]
        rows.append([*keys, cell.certain, cell.possible])
    result = Table([Column(field) for field in FIELDS(by)], iter(rows), footer=lambda: _footer(selection, count_table))
    result.display_table = lambda canvas: _display_table(count_table, list(result.rows), canvas)
    return result


def _display_table(count_table: CountTable, rows: Sequence[TableRow], canvas: Canvas) -> Table:
    """Return what people see of the rows, in their order."""
    by = count_table.fields
    ranges = [count_range(*row[-2:]) for row in rows]  # type: ignore[arg-type]  # numbers, as every row ends
    if not by:
        return Table([Column("events", align_right=True)], iter([[text] for text in ranges]))
    key_columns = [FIELDS(by).index(field) for field in by]
    labels = {
        (field, row[at]): _cell_label(field, row[at + 1 if field in ENTITY_FIELDS else at])
        for row in rows
        for field, at in zip(by, key_columns, strict=True)
    }
    if len(by) == 1:
        return _bar_table(by[0], [labels[by[0], row[0]] for row in rows], rows, ranges, canvas)
    keys = [tuple(row[at] for at in key_columns) for row in rows]
    down, across = (_without_holes(count_table, at, [key[at] for key in keys]) for at in (0, 1))
    rank_by_key = {key: place for place, key in enumerate(count_table.ordered_keys[1])}
    return _cross_table(
        by,
        {key: labels.get((by[0], key)) or _cell_label(by[0], key) for key in down},
        {
            key: labels.get((by[1], key)) or _cell_label(by[1], key)
            for key in sorted(across, key=rank_by_key.__getitem__)
        },
        dict(zip(keys, ranges, strict=True)),
        canvas,
    )


def _cross_table(
    by: Sequence[str],
    down: Mapping[Any, str],
    across: Mapping[Any, str],
    cells: Mapping[tuple[Any, ...], str],
    canvas: Canvas,
) -> Table:
    """Return a row for each label down and a column for each one across; too wide, a row is one list of its cells."""
    if canvas.width is not None:
        sizes = {label: canvas.measure(canvas.sanitize(label)) for label in (*by, *down.values(), *across.values())}
        # The first column may wrap between its words.
        words = max(len(word) for label in (by[0], *down.values()) for word in label.split(" "))
        available = canvas.width - min(max(sizes[label] for label in (by[0], *down.values())), max(_MIN_LABEL, words))
        for key, label in across.items():
            available -= 2 + max(sizes[label], *(len(cells.get((row, key), "")) for row in down))
            if available < 0:
                cell_lists = [
                    "; ".join(f"{across[to]} {cells[row, to]}" for to in across if (row, to) in cells) for row in down
                ]
                return Table([Column(by[0]), Column(by[1])], zip(down.values(), cell_lists, strict=True))
    columns = [Column(by[0]), *(Column(label, align_right=True) for label in across.values())]
    return Table(columns, iter([[label, *(cells.get((row, key)) for key in across)] for row, label in down.items()]))


def _cell_label(field: str, key: Any) -> str:
    return f"{key:04}" if field == "year" else str(key)


def _without_holes(count_table: CountTable, field_index: int, keys: Sequence[Any]) -> list[Any]:
    """Return each key once; those of a time, where they are in order, without the holes between them."""
    distinct_keys = list(dict.fromkeys(keys))
    if count_table.fields[field_index] not in TIME_FIELDS or not distinct_keys:
        return distinct_keys
    ordered_keys = count_table.ordered_keys[field_index]
    rank_by_key = {key: place for place, key in enumerate(ordered_keys)}
    ranks = [rank_by_key[key] for key in distinct_keys]
    if ranks == sorted(ranks):
        return ordered_keys[ranks[0] : ranks[-1] + 1]
    return ordered_keys[ranks[-1] : ranks[0] + 1][::-1] if ranks == sorted(ranks, reverse=True) else distinct_keys


def _bar_table(
    field: str, labels: Sequence[str], rows: Sequence[TableRow], ranges: Sequence[str], canvas: Canvas
) -> Table:
    """Return a row for each label, with a bar where there is room."""
    numbers: list[Any] = [row[-2:] for row in rows]
    columns = [Column(field), Column("events", align_right=True)]
    largest = max((possible for _, possible in numbers), default=0)
    available = _DEFAULT_BAR
    if canvas.width is not None:
        remaining = (
            canvas.width - 2 * len(columns) - max(map(canvas.measure, map(canvas.sanitize, (*ranges, "events"))))
        )
        label = max(map(canvas.measure, map(canvas.sanitize, (*labels, field))))
        available = min(_MAX_BAR, remaining - min(label, max(_MIN_LABEL, remaining - _MIN_BAR)))
    if not largest or available < _MIN_BAR:
        return Table(columns, zip(labels, ranges, strict=True))
    bars = [draw_bar(certain, possible, largest, available) for certain, possible in numbers]
    return Table([*columns, Column("")], zip(labels, ranges, bars, strict=True))


def draw_bar(certain: int, possible: int, largest: int, available: int) -> str:
    """Return a bar to scale: whole columns for each event where there is room, at least one for whatever there is."""
    columns_per_event = min(_MAX_COLUMNS_PER_EVENT, available // largest)
    certain_columns, possible_columns = (
        number * columns_per_event or number * available // largest for number in (certain, possible)
    )
    min_certain, min_uncertain = int(certain > 0), int(possible > certain)
    possible_columns = max(possible_columns, min_certain + min_uncertain)
    certain_columns = max(min_certain, min(certain_columns, possible_columns - min_uncertain))
    return "█" * certain_columns + "░" * (possible_columns - certain_columns)


def _footer(selection: Selection, count_table: CountTable) -> list[str]:
    """Return how many events there are, each once, and how many are in no row, in one line."""
    certain, possible = count_table.total()
    notes = [format_count(possible, "event") if certain == possible else f"{count_range(certain, possible)} events"]
    missing_counts = []
    for field in count_table.fields:
        certain, missing = count_table.count_outside(field)
        missing_counts.append(missing)
        if missing and field in TIME_FIELDS:
            notes.append(f"{count_range(certain, missing)} of them undated")
        elif missing:
            notes.append(f"{count_range(certain, missing)} without {_MISSING_NOUNS.get(field, f'a {field}')}")
    if sum(cell.possible for cell in count_table.cells) > possible - max([0, *missing_counts]):
        notes.append("one may stand in several rows")
    notes += omitted_notes(selection)
    return ["; ".join(notes)] if possible else omitted_notes(selection)
