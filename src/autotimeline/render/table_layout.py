"""Rows of text as aligned columns under a header, or as paragraphs if the width is too small; tables of counts."""

from __future__ import annotations

from autotimeline.render.canvas import STYLES
from autotimeline.render.event_list import TITLE, event_lines
from autotimeline.render.text_layout import align_right, beside, paragraph, section
from autotimeline.render.text_table import ELLIPSIS, TextTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Column

    # A table whose cells depend on the width of the canvas.
    CanvasTable = Callable[[Canvas], "TextTable"]

_GAP = 2  # columns between two columns
_MAX_UNWRAPPED = 16  # narrower columns are never wrapped: a date, a kind, a number
_MAX_UNBROKEN = 32  # longer words may be broken: a web address, not an id
_DEFAULT_BAR = 20  # columns of the longest bar without a width
_MIN_BAR, _MAX_BAR = 8, 60  # columns of the longest bar in a terminal
_MAX_COLUMNS_PER_EVENT = 4
_MIN_LABEL = 16  # columns; narrower labels would not make room for bars


def table_lines(table: TextTable, canvas: Canvas) -> Iterator[str]:
    """Yield the lines of a table under its header; a table without rows has none.

    The widest columns wrap first. If that takes more than two lines per row, events have their values below the title.
    If the columns still do not fit, each row becomes a paragraph of names and values.
    """
    if not table.rows:
        return
    # Marks need no header, which would be wider than they are.
    header = ["" if marks else canvas.sanitize(name) for name, marks in zip(table.names, table.marks, strict=True)]
    widths = _fit_widths(list(zip(header, *table.rows, strict=True)), canvas)
    # A mark has the color of its value.
    styles = [
        {canvas.sanitize(mark): value for value, mark in (marks or {}).items() if value in STYLES}
        for marks in table.marks
    ]
    if widths is None or _has_high_rows(table, widths, canvas):
        lines = event_lines(table, styles, canvas) if TITLE in table.names else None
        if lines or widths is None:
            yield from lines or _record_paragraphs(table, canvas)
            return
    for line in beside(*_cell_columns(header, widths, table.numeric, styles, canvas)):
        yield canvas.stylize(line, "muted")
    for number, row in enumerate(table.rows):
        default_style = "muted" if number in table.dimmed else ""
        yield from beside(*_cell_columns(row, widths, table.numeric, styles, canvas, default_style))


def _has_high_rows(table: TextTable, widths: Sequence[int], canvas: Canvas) -> bool:
    """Return whether the rows have more than two lines on average."""
    if canvas.width is None:
        return False
    heights = (
        max(len(canvas.wrap(cell, width)) for cell, width in zip(row, widths, strict=True)) for row in table.rows
    )
    return sum(heights) > 2 * len(table.rows)


def _cell_columns(
    row: Sequence[str],
    widths: Sequence[int],
    numeric: Sequence[bool],
    styles: Sequence[Mapping[str, str]],
    canvas: Canvas,
    default_style: str = "",
) -> Iterator[Column]:
    for cell, width, is_numeric, style in zip(row, widths, numeric, styles, strict=True):
        parts = [cell] if len(cell) * 2 <= width else canvas.wrap(cell, width)
        lines = [(canvas.stylize(part, style.get(part, default_style)), canvas.measure(part)) for part in parts]
        yield align_right(lines, width) if is_numeric else lines, width, _GAP


def _fit_widths(columns: Sequence[Sequence[str]], canvas: Canvas) -> list[int] | None:
    """Return the widths of the columns, with the widest ones reduced until all fit; None if they cannot fit."""
    widths = [canvas.column(map(canvas.measure, cells)) for cells in columns]
    if canvas.width is None:
        return widths
    available = canvas.width - _GAP * (len(columns) - 1)
    if sum(widths) <= available:
        return widths
    word_widths = [max(map(canvas.measure, " ".join(cells).split(" "))) for cells in columns]
    minimums = [
        min(width, max(_MAX_UNWRAPPED, min(_MAX_UNBROKEN, word)))
        for width, word in zip(widths, word_widths, strict=True)
    ]
    if sum(minimums) > available:
        return None
    widths = [min(width, available) for width in widths]
    while sum(widths) > available:
        widest = max((i for i in range(len(widths)) if widths[i] > minimums[i]), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _record_paragraphs(table: TextTable, canvas: Canvas) -> Iterator[str]:
    """Yield each row as lines of name and value, with a blank line between rows; empty values are skipped."""
    widest = _max_width(table.names, canvas)
    for number, row in enumerate(table.rows):
        if number:
            yield ""
        for name, cell in zip(table.names, row, strict=True):
            values = [paragraph([(cell, "muted" if number in table.dimmed else "")])] if cell else []
            yield from section(name, values, min_label=widest, min_width=widest + 2)(canvas, canvas.width or 0)


def number_table(name: str, numbers: Iterable[str], canvas: Canvas) -> TextTable:
    """Return one column of numbers."""
    return TextTable([name], [[number] for number in numbers], [True])


def bar_table(field: str, rows: Sequence[tuple[str, str, int, int]], canvas: Canvas) -> TextTable:
    """Return one row per (label, text, certain, possible) with a bar of the two numbers if there is enough width."""
    largest = max((possible for *_, possible in rows), default=0)
    available = _DEFAULT_BAR
    if canvas.width is not None:
        label_width = _max_width([field, *(label for label, *_ in rows)], canvas)
        remaining = canvas.width - 4 - _max_width(["events", *(text for _, text, *_ in rows)], canvas)
        available = min(_MAX_BAR, remaining - min(label_width, max(_MIN_LABEL, remaining - _MIN_BAR)))
    cells = [[label, text] for label, text, *_ in rows]
    if largest and available >= _MIN_BAR:
        for row, (*_, certain, possible) in zip(cells, rows, strict=True):
            row.append(draw_bar(certain, possible, largest, available))
        legend = "█ certain  ░ possible" if any(certain < possible for *_, certain, possible in rows) else ""
        return TextTable([field, "events", legend], cells, [False, True, False])
    return TextTable([field, "events"], cells, [False, True])


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


def cross_table(
    by: Sequence[str],
    down: Mapping[Any, str],
    across: Mapping[Any, str],
    cells: Mapping[tuple[Any, ...], str],
    canvas: Canvas,
) -> TextTable:
    """Return a row for each label down and a column for each label across; adjacent empty columns become one.

    If that is too wide, rows and columns are swapped, and in the end one column lists all cells.
    """
    swapped = {(key, row): cell for (row, key), cell in cells.items()}
    for name, rows, labels, values in ((by[0], down, across, cells), (by[1], across, down, swapped)):
        columns = _join_empty(labels, values)
        if _fits_grid(name, rows, columns, values, canvas):
            return _grid(name, rows, columns, values)
    lists = [
        "; ".join(f"{label} {cells[row, key]}" for key, label in across.items() if (row, key) in cells) for row in down
    ]
    return TextTable(by, list(zip(down.values(), lists, strict=True)), [False, False])


def _grid(
    name: str, down: Mapping[Any, str], across: Mapping[Any, str], cells: Mapping[tuple[Any, ...], str]
) -> TextTable:
    rows = [[label, *(cells.get((row, key), "") for key in across)] for row, label in down.items()]
    return TextTable([name, *across.values()], rows, [False, *(True for _ in across)])


def _fits_grid(
    name: str,
    down: Mapping[Any, str],
    across: Mapping[Any, str],
    cells: Mapping[tuple[Any, ...], str],
    canvas: Canvas,
) -> bool:
    if canvas.width is None:
        return True
    row_labels = [name, *down.values()]
    # The first column may wrap between its words.
    words = max(len(word) for label in row_labels for word in label.split(" "))
    needed = min(_max_width(row_labels, canvas), max(_MIN_LABEL, words))
    for key, label in across.items():
        needed += _GAP + max(_max_width([label], canvas), *(len(cells.get((row, key), "")) for row in down))
    return needed <= canvas.width


def _join_empty(across: Mapping[Any, str], cells: Mapping[tuple[Any, ...], str]) -> dict[Any, str]:
    """Return the labels across with one ellipsis for each run of columns without cells."""
    used = {key for _, key in cells}
    joined: dict[Any, str] = {}
    for key, label in across.items():
        if key in used:
            joined[key] = label
        elif not joined or list(joined.values())[-1] != ELLIPSIS:
            joined[key] = ELLIPSIS
    return joined


def _max_width(texts: Iterable[str], canvas: Canvas) -> int:
    return max(canvas.measure(canvas.sanitize(text)) for text in texts)
