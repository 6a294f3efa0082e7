"""A table as rows of text, for `table`, `markdown`, and `svg`."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from autotimeline.render.canvas import Canvas
from autotimeline.render.table_layout import table_lines
from autotimeline.render.text_layout import draw
from autotimeline.render.text_table import TextTable
from autotimeline.table import Table, cell_to_text


def text_lines(table: Table, canvas: Canvas) -> Iterator[str]:
    """Yield the lines of the drawing, or else the rows of the table below a header."""
    if table.drawing is not None:
        return draw(table.drawing, canvas)
    return table_lines(text_table(table, canvas, canvas.sanitize), canvas)


def text_table(table: Table, canvas: Canvas, clean: Callable[[str], str]) -> TextTable:
    """Return the rows as text, each cleaned by `clean`."""
    if table.display:
        shown = table.display(table.rows)(canvas)
        return TextTable(shown.names, [list(map(clean, row)) for row in shown.rows], shown.numeric)
    rows: list[list[str]] = []
    dimmed: set[int] = set()
    number_columns: set[int] = set()
    text_columns: set[int] = set()
    for row in table.rows:
        texts = []
        for position, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            words = column.cell_to_words
            text = words(cell) if words else cell if isinstance(cell, str) else cell_to_text(cell, column)
            if column.marks:
                text = column.marks.get(text, text)
            texts.append(clean(text))
            if column.dims_row and cell:
                dimmed.add(len(rows))
            if texts[-1]:
                is_number = isinstance(cell, (int, Decimal)) and not isinstance(cell, bool)
                (number_columns if is_number else text_columns).add(position)
        rows.append(texts)
    return TextTable(
        [column.name for column in table.columns],
        rows,
        [position in number_columns - text_columns for position in range(len(table.columns))],
        [column.marks for column in table.columns],
        dimmed,
    )
