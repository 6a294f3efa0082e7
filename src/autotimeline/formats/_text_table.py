"""A table as rows of text, for `table`, `markdown`, and `svg`."""

from __future__ import annotations

from decimal import Decimal

from autotimeline.render.table_layout import TextTable, table_lines
from autotimeline.table import cell_to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Table


def text_lines(table: Table, canvas: Canvas) -> Iterator[str]:
    """Yield the lines that the view draws, or else the rows of the table below a header."""
    return table.draw(canvas) if table.draw else table_lines(text_table(table, canvas, canvas.sanitize), canvas)


def text_table(table: Table, canvas: Canvas, clean: Callable[[str], str]) -> TextTable:
    """Return the rows as text, each cleaned by `clean`, without the columns that are empty in each row."""
    table = table.display_table(canvas) if table.display_table else table
    rows = []
    number_columns: set[int] = set()
    text_columns: set[int] = set()
    for row in table.rows:
        texts = []
        for position, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            text = cell if isinstance(cell, str) else cell_to_text(cell, column)
            if column.marks:
                text = column.marks.get(text, text)
            texts.append(clean(text))
            if texts[-1]:
                is_number = isinstance(cell, (int, Decimal)) and not isinstance(cell, bool)
                (number_columns if is_number else text_columns).add(position)
        rows.append(texts)
    visible = sorted(number_columns | text_columns) or range(len(table.columns))
    columns = [table.columns[i] for i in visible]
    return TextTable(
        [column.name for column in columns],
        [column.marks for column in columns],
        [
            column.align_right or (i not in text_columns and i in number_columns)
            for i, column in zip(visible, columns, strict=True)
        ],
        [[texts[i] for i in visible] for texts in rows],
    )
