"""A table as rows of text for people: `table`, `markdown`, and `svg` share it."""

from __future__ import annotations

from decimal import Decimal

from autotimeline.render.table_layout import TextTable, table_lines
from autotimeline.table import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Table


def lines(table: Table, paper: Paper) -> Iterator[str]:
    """Yield the lines of the view's own drawing, or those of the table under a header if the view has none."""
    return table.draw(paper) if table.draw else table_lines(text_table(table, paper, paper.clean), paper)


def text_table(table: Table, paper: Paper, clean: Callable[[str], str]) -> TextTable:
    """Return the rows as text, without the columns that are empty in each row (all columns if every row is empty).

    The rows are those of the table's sheet for a paper, if it has one. Marks replace their values. `clean` is applied
    to each text.
    """
    table = table.sheet(paper) if table.sheet else table
    rows = []
    numbers: set[int] = set()
    words: set[int] = set()
    for row in table.rows:
        texts = []
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            text = cell if isinstance(cell, str) else plain(cell, column)
            if column.marks:
                text = column.marks.get(text, text)
            texts.append(clean(text))
            if texts[-1]:
                is_number = isinstance(cell, (int, Decimal)) and not isinstance(cell, bool)
                (numbers if is_number else words).add(place)
        rows.append(texts)
    shown = sorted(numbers | words) or range(len(table.columns))
    columns = [table.columns[i] for i in shown]
    return TextTable(
        [column.name for column in columns],
        [column.marks for column in columns],
        [column.right or (i not in words and i in numbers) for i, column in zip(shown, columns, strict=True)],
        [[texts[i] for i in shown] for texts in rows],
    )
