"""Rows as cells of text for people: what `table` and `markdown` share."""

from __future__ import annotations

from decimal import Decimal

from autotimeline.table import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Column, Table


class Grid:
    """The columns that have something to show (else all), rows as texts, and which columns are of numbers.

    They are those of the table's sheet for a paper, where it has one. Marks stand in place of their values;
    every text has gone through `clean`.
    """

    __slots__ = ("columns", "numeric", "rows")

    def __init__(self, table: Table, paper: Paper, clean: Callable[[str], str]) -> None:
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
        self.columns: list[Column] = [table.columns[i] for i in shown]
        self.numeric = [table.columns[i].right or (i not in words and i in numbers) for i in shown]
        self.rows: list[list[str]] = [[texts[i] for i in shown] for texts in rows]
