"""`count`: numbers of events by one field, drawn as bars, or by two fields, drawn as rows and columns."""

from __future__ import annotations

from autotimeline.query.facets import ENTITY_FIELDS, TIME_FIELDS
from autotimeline.reports.counts import count_events
from autotimeline.table import Column, Table
from autotimeline.text import count_range, format_count
from autotimeline.views._event_rows import omitted_notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.reports.counts import CountTable
    from autotimeline.table import TableRow

DEFAULT_FIELDS = ("certain", "possible")
_DEFAULT_BAR = 20  # columns of the longest bar without a width
_MIN_BAR, _MAX_BAR = 8, 60  # columns of the longest bar in a terminal
_MAX_COLUMNS_PER_EVENT = 4
_MIN_LABEL = 16  # columns; narrower labels would not make room for bars
_MISSING_NOUNS = {"actor": "an actor", "era": "an era", "group": "an actor", "is": "any state"}


def FIELDS(by: Sequence[str]) -> tuple[str, ...]:  # noqa: N802  in other views it is a constant
    """Return the fields of a row: the fields in `by` (`actor` with `actor_name`), then the numbers."""
    keys = [name for field in by for name in ((field, f"{field}_name") if field in ENTITY_FIELDS else (field,))]
    return (*keys, *DEFAULT_FIELDS)


def table(selection: Selection, fields: Sequence[str], by: Sequence[str]) -> Table:
    """Return one row per cell: its keys, with names for ids, and its numbers of certain and possible events."""
    count_table = count_events(selection, ",".join(by))
    # The only row of a count may be 0.
    selection.had_rows = any(cell.possible for cell in count_table.cells)
    rows: list[TableRow] = []
    for cell in count_table.cells:
        named_keys = zip(by, cell.keys, cell.names, strict=True)
        keys = [text for field, key, name in named_keys for text in ((key, name) if field in ENTITY_FIELDS else (key,))]
        rows.append([*keys, cell.certain, cell.possible])
    result = Table([Column(field) for field in FIELDS(by)], iter(rows), footer=lambda: _footer(selection, count_table))
    result.display_table = lambda canvas: _display_table(count_table, list(result.rows), canvas)
    return result


def _display_table(count_table: CountTable, rows: Sequence[TableRow], canvas: Canvas) -> Table:
    """Return the bars or the cross table of these rows, in their order."""
    by = count_table.fields
    ranges = [count_range(*row[-2:]) for row in rows]  # type: ignore[arg-type]  # numbers, as every row ends
    if not by:
        return Table([Column("events", align_right=True)], iter([[text] for text in ranges]))
    key_columns = [FIELDS(by).index(field) for field in by]
    labels = {
        (field, row[index]): _cell_label(field, row[index + 1 if field in ENTITY_FIELDS else index])
        for row in rows
        for field, index in zip(by, key_columns, strict=True)
    }
    if len(by) == 1:
        return _bar_table(by[0], [labels[by[0], row[0]] for row in rows], rows, ranges, canvas)
    keys = [tuple(row[index] for index in key_columns) for row in rows]
    down, across = (_without_gaps(count_table, index, [key[index] for key in keys]) for index in (0, 1))
    ranks = {key: rank for rank, key in enumerate(count_table.ordered_keys[1])}
    across.sort(key=ranks.__getitem__)
    down_labels, across_labels = (
        {key: labels.get((field, key)) or _cell_label(field, key) for key in axis}
        for field, axis in zip(by, (down, across), strict=True)
    )
    return _cross_table(by, down_labels, across_labels, dict(zip(keys, ranges, strict=True)), canvas)


def _cross_table(
    by: Sequence[str],
    down: Mapping[Any, str],
    across: Mapping[Any, str],
    cells: Mapping[tuple[Any, ...], str],
    canvas: Canvas,
) -> Table:
    """Return one row per label down and one column per label across; if too wide, one column lists all cells."""
    if canvas.width is not None:
        sizes = {label: canvas.measure(canvas.sanitize(label)) for label in (*by, *down.values(), *across.values())}
        row_labels = (by[0], *down.values())
        # The first column may wrap between its words.
        words = max(len(word) for label in row_labels for word in label.split(" "))
        available = canvas.width - min(max(sizes[label] for label in row_labels), max(_MIN_LABEL, words))
        for key, label in across.items():
            available -= 2 + max(sizes[label], *(len(cells.get((row, key), "")) for row in down))
            if available < 0:
                lists = [
                    "; ".join(f"{text} {cells[row, key]}" for key, text in across.items() if (row, key) in cells)
                    for row in down
                ]
                return Table([Column(by[0]), Column(by[1])], zip(down.values(), lists, strict=True))
    columns = [Column(by[0]), *(Column(label, align_right=True) for label in across.values())]
    return Table(columns, iter([[label, *(cells.get((row, key)) for key in across)] for row, label in down.items()]))


def _cell_label(field: str, key: Any) -> str:
    return f"{key:04}" if field == "year" else str(key)


def _without_gaps(count_table: CountTable, field_index: int, keys: Sequence[Any]) -> list[Any]:
    """Return each key once; times that are in order, ascending or descending, include the ones between them."""
    distinct_keys = list(dict.fromkeys(keys))
    if count_table.fields[field_index] not in TIME_FIELDS or not distinct_keys:
        return distinct_keys
    ordered_keys = count_table.ordered_keys[field_index]
    rank_by_key = {key: rank for rank, key in enumerate(ordered_keys)}
    ranks = [rank_by_key[key] for key in distinct_keys]
    if ranks == sorted(ranks):
        return ordered_keys[ranks[0] : ranks[-1] + 1]
    return ordered_keys[ranks[-1] : ranks[0] + 1][::-1] if ranks == sorted(ranks, reverse=True) else distinct_keys


def _bar_table(
    field: str, labels: Sequence[str], rows: Sequence[TableRow], ranges: Sequence[str], canvas: Canvas
) -> Table:
    """Return one row per label, with a bar if there is enough width."""
    numbers: list[Any] = [row[-2:] for row in rows]
    columns = [Column(field), Column("events", align_right=True)]
    largest = max((possible for _, possible in numbers), default=0)
    available = _DEFAULT_BAR
    if canvas.width is not None:
        label_width, range_width = (
            max(canvas.measure(canvas.sanitize(text)) for text in texts)
            for texts in ((*labels, field), (*ranges, "events"))
        )
        remaining = canvas.width - 2 * len(columns) - range_width
        available = min(_MAX_BAR, remaining - min(label_width, max(_MIN_LABEL, remaining - _MIN_BAR)))
    if not largest or available < _MIN_BAR:
        return Table(columns, zip(labels, ranges, strict=True))
    bars = [draw_bar(certain, possible, largest, available) for certain, possible in numbers]
    return Table([*columns, Column("")], zip(labels, ranges, bars, strict=True))


def draw_bar(certain: int, possible: int, largest: int, available: int) -> str:
    """Return a bar to scale: whole columns per event if they fit, and at least one column per nonzero part."""
    columns_per_event = min(_MAX_COLUMNS_PER_EVENT, available // largest)
    certain_columns, possible_columns = (
        number * columns_per_event or number * available // largest for number in (certain, possible)
    )
    min_certain, min_uncertain = int(certain > 0), int(possible > certain)
    possible_columns = max(possible_columns, min_certain + min_uncertain)
    certain_columns = max(min_certain, min(certain_columns, possible_columns - min_uncertain))
    return "█" * certain_columns + "░" * (possible_columns - certain_columns)


def _footer(selection: Selection, count_table: CountTable) -> list[str]:
    """Return one line with the number of events, each counted once, and the numbers of those outside all rows."""
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
        notes.append("one may be in several rows")
    notes += omitted_notes(selection)
    return ["; ".join(notes)] if possible else omitted_notes(selection)
