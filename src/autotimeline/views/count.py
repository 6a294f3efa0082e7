"""`count`: numbers of events by one field, drawn as bars, or by two fields, drawn as rows and columns."""

from __future__ import annotations

from functools import partial

from autotimeline.query.facets import TIME_FIELDS, entity_kind, with_names
from autotimeline.render.table_layout import bar_table, cross_table, number_table
from autotimeline.reports.counts import count_events
from autotimeline.table import Column, Table
from autotimeline.text import count_range, format_count
from autotimeline.views._event_rows import omitted_notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.table_layout import CanvasTable
    from autotimeline.reports.counts import CountTable

FIELDS = DEFAULT_FIELDS = ("certain", "possible")
_MISSING_NOUNS = {"actor": "an actor", "era": "an era", "group": "an actor", "is": "any state"}


def arrange_fields(fields: Sequence[str], by: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of the keys in `by` (`actor` with `actor_name`), then the numbers."""
    columns = _key_columns(by)
    return (*with_names(by, columns, [f"{column}_name" for column in columns]), *fields)


def _key_columns(by: Sequence[str]) -> Sequence[str]:
    """Return the columns of the keys: `actor` for `actor@buyer`, unless another key would have the same."""
    names = [field.partition("@")[0] for field in by]
    return names if len(set(names)) == len(names) else by


def table(selection: Selection, fields: Sequence[str], by: Sequence[str]) -> Table:
    """Return one row per cell: its keys, with names for ids, and its numbers of certain and possible events."""
    count_table = count_events(selection, ",".join(by))
    # The only row of a count may be 0.
    selection.had_rows = any(cell.possible for cell in count_table.cells)
    return Table(
        [Column(field) for field in arrange_fields(FIELDS, by)],
        ([*with_names(by, cell.keys, cell.names), cell.certain, cell.possible] for cell in count_table.cells),
        footer=lambda: _footer(selection, count_table),
        display=lambda rows: _display(count_table, list(rows)),
    )


def _display(count_table: CountTable, rows: Sequence[Any]) -> CanvasTable:
    """Return the layout of these rows in their order: bars, or a cross table."""
    by = count_table.fields
    ranges = [count_range(*row[-2:]) for row in rows]
    if not by:
        return partial(number_table, "events", ranges)
    key_columns = [arrange_fields(FIELDS, by).index(key) for key in _key_columns(by)]
    labels = {
        (field, row[index]): _cell_label(field, row[index + 1 if entity_kind(field) else index])
        for row in rows
        for field, index in zip(by, key_columns, strict=True)
    }
    if len(by) == 1:
        bars = [(labels[by[0], row[0]], text, *row[-2:]) for row, text in zip(rows, ranges, strict=True)]
        return partial(bar_table, by[0], bars)
    keys = [tuple(row[index] for index in key_columns) for row in rows]
    down, across = (_without_gaps(count_table, index, [key[index] for key in keys]) for index in (0, 1))
    ranks = {key: rank for rank, key in enumerate(count_table.ordered_keys[1])}
    across.sort(key=ranks.__getitem__)
    down_labels, across_labels = (
        {key: labels.get((field, key)) or _cell_label(field, key) for key in axis}
        for field, axis in zip(by, (down, across), strict=True)
    )
    return partial(cross_table, by, down_labels, across_labels, dict(zip(keys, ranges, strict=True)))


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
            name, at, role = field.partition("@")
            noun = _MISSING_NOUNS.get(name, f"a {name}") + at + role
            notes.append(f"{count_range(certain, missing)} without {noun}")
    if sum(cell.possible for cell in count_table.cells) > possible - max([0, *missing_counts]):
        notes.append(f"an event may be in several {'cells' if len(count_table.fields) > 1 else 'rows'}")
    if example := next((cell for cell in count_table.cells if cell.certain < cell.possible), None):
        numbers = example.certain, example.possible
        notes.append("{}: {} certain, at most {}".format(count_range(*numbers), *numbers))
    notes += omitted_notes(selection)
    return ["; ".join(notes)] if possible else omitted_notes(selection)
