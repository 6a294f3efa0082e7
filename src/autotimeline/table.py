"""Column and Table: typed cells on their way from a view to a format."""

from __future__ import annotations

from itertools import islice

from autotimeline.errors import UsageError
from autotimeline.text import join_items, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.chart_layout import ChartLayout, TextWidth

    # A list holds strings, or records: dicts with string keys in the order of the contract.
    Cell = None | bool | str | int | Decimal | list[Any] | dict[str, Any]
    TableRow = Sequence[Cell]
    # One block of a store: its header ("source.turn-2025", "event") and its keys as TOML would have them.
    StoreBlock = tuple[str, dict[str, Any]]


class Column:
    """One column: its name in the contract, and how an item of it reads as text.

    `flat` turns one item of a list cell into text; a column of plain values needs none. `marks` are
    what people see in a drawn table in place of the values, where that is not the values themselves;
    texts that read as numbers stand at the `right` there.
    `key` gives what the values sort by, where that is not they themselves: dates are in no order of letters.
    """

    __slots__ = ("align_right", "item_to_text", "marks", "name", "sort_key")

    def __init__(
        self,
        name: str,
        item_to_text: Callable[[Any], str] = str,
        marks: Mapping[str, str] | None = None,
        sort_key: Callable[[Any], Any] | None = None,
        *,
        align_right: bool = False,
    ) -> None:
        self.name = name
        self.item_to_text = item_to_text
        self.marks = marks
        self.sort_key = sort_key
        self.align_right = align_right


class Table:
    """Columns and a one-shot iterator of rows, each a sequence of as many cells.

    `texts()` yields the same rows with each cell as `plain` text; a view that has them quicker than by way of the
    cells says how. One of the two is read, once. The rows are in the order of the column `order`, if that has a name.

    `footer()` tells, once the rows have been read, what was left out or may not belong: lines for
    people. `draw(canvas)` is how the view draws itself for people, a line at a time; without it a
    table is drawn as a table: `sheet(canvas)`, where people read its rows more easily in other columns, once;
    else the table itself. `scene(cells, room)` is the view's picture to scale on so many cells, for formats
    that draw shapes; `room` says how many cells a text takes. `blocks()` is the part of the store behind the
    rows, for formats that write stores. `title()` says what it all is about.
    """

    __slots__ = (
        "_text_rows",
        "chart_layout",
        "columns",
        "display_table",
        "draw",
        "footer",
        "rows",
        "sorted_by",
        "store_blocks",
        "title",
    )

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterator[TableRow],
        *,
        footer: Callable[[], list[str]] | None = None,
        draw: Callable[[Canvas], Iterator[str]] | None = None,
        display_table: Callable[[Canvas], Table] | None = None,
        chart_layout: Callable[[int, TextWidth], ChartLayout] | None = None,
        store_blocks: Callable[[], Iterator[StoreBlock]] | None = None,
        text_rows: Callable[[], Iterator[Sequence[str]]] | None = None,
        sorted_by: str = "",
    ) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self.footer = footer or list
        self.draw = draw
        self.display_table = display_table
        self.chart_layout = chart_layout
        self.store_blocks = store_blocks
        self.title: Callable[[], str] = str
        self._text_rows = text_rows
        self.sorted_by = sorted_by

    def text_rows(self) -> Iterator[Sequence[str]]:
        """Yield each row as plain texts, in place of `rows`; what `footer` tells is about `rows`."""
        if self._text_rows:
            return self._text_rows()
        columns = self.columns
        return ([cell_to_text(cell, column) for cell, column in zip(row, columns, strict=True)] for row in self.rows)


def reorder(
    table: Table, fields: Sequence[str], sort: str | None = None, reverse: bool | None = None, limit: int | None = None
) -> None:
    """Order a table's rows by a field of it or turn them round, keep the first `limit`, and leave the columns `fields`.

    Absent values come last, in either direction. Rows that keep their order are read as they are asked for.

    Raises:
        UsageError: where the table has no such field to order by.
    """
    names = [column.name for column in table.columns]
    if sort is not None and sort not in names:
        raise UsageError(f'cannot sort by "{sort}"{suggest(sort, names)}; there are {", ".join(names)}')
    rows = table.rows
    if sort is not None:
        index = names.index(sort)
        key = table.columns[index].sort_key or (lambda cell: cell)
        present: list[Any] = []
        absent: list[TableRow] = []
        for row in rows:
            (absent if row[index] is None else present).append(row)
        present.sort(key=lambda row: key(row[index]), reverse=bool(reverse))
        rows = iter([*present, *absent])
    elif reverse:
        reversed_rows = list(rows)[::-1]
        if table.sorted_by:
            index = names.index(table.sorted_by)
            reversed_rows.sort(key=lambda row: row[index] is None)
        rows = iter(reversed_rows)
    selected = [names.index(field) for field in fields]
    table.columns = tuple(table.columns[position] for position in selected)
    table.rows = ([row[position] for position in selected] for row in islice(rows, limit))
    table._text_rows = None


def track_rows(table: Table) -> Callable[[], bool]:
    """Return what tells, once the table has been written, whether there was anything in it to write."""
    any_rows = False

    def track(items: Iterator[Any]) -> Iterator[Any]:
        nonlocal any_rows
        for item in items:
            any_rows = True
            yield item

    rows, draw = table.rows, table.draw
    table.rows = track(rows)
    if draw:
        table.draw = lambda canvas: track(draw(canvas))
    # Where neither was asked for, the first row tells.
    return lambda: any_rows or next(rows, None) is not None


def cell_to_text(cell: Cell, column: Column) -> str:
    r"""Return the cell as plain text: the one place where a typed cell becomes text.

    Nothing for an absent value, `true` and `false`, items joined by `; ` with `;` and `\` in them
    escaped by `\`. Numbers are exact decimals without exponent.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        return join_items(map(column.item_to_text, cell))
    if isinstance(cell, int):
        return str(cell)
    return column.item_to_text(cell) if isinstance(cell, dict) else f"{cell:f}"
