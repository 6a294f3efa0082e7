"""Tables of typed cells, which views produce and formats write."""

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

    # A list has strings, or dicts with the keys in the order of the contract.
    Cell = None | bool | str | int | Decimal | list[Any] | dict[str, Any]
    TableRow = Sequence[Cell]
    # One block of a store: its header ("source.turn-2025", "event") and its keys with TOML values.
    StoreBlock = tuple[str, dict[str, Any]]


class Column:
    """A column: its name, and how its cells are displayed and sorted.

    `item_to_text` formats one item of a list cell, or a dict. `marks` replace values in tables for people, and
    `align_right` is for texts there that are numbers. `sort_key` is for cells that do not sort as they are: dates.
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
    """Columns and a one-shot iterator of rows; either `rows` or `text_rows()` is read, once.

    All other attributes are optional:

    - `footer()` returns notes for people, after the rows have been read.
    - `draw(canvas)` yields the lines for people; without it, they see `display_table(canvas)`, or else this table.
    - `chart_layout(cells, text_width)` returns a chart, for formats that draw shapes.
    - `store_blocks()` yields the part of the store behind the rows, for formats that write stores.
    - `title()` describes the contents.
    - `sorted_by` is the name of the column by which the rows are sorted.
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
        """Yield each row as plain texts; `footer` reports only on `rows`."""
        if self._text_rows:
            return self._text_rows()
        columns = self.columns
        return ([cell_to_text(cell, column) for cell, column in zip(row, columns, strict=True)] for row in self.rows)


def reorder(
    table: Table, fields: Sequence[str], sort: str | None = None, reverse: bool | None = None, limit: int | None = None
) -> None:
    """Sort or reverse the rows, keep the first `limit`, and select the columns `fields`.

    Empty cells come last, even if the order is reversed. Unless it changes, rows are still read one by one.

    Raises:
        UsageError: If the table has no column `sort`.
    """
    names = [column.name for column in table.columns]
    rows = table.rows
    if sort is not None:
        if sort not in names:
            raise UsageError(f'cannot sort by "{sort}"{suggest(sort, names)}; there are {", ".join(names)}')
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
    positions = list(map(names.index, fields))
    table.columns = tuple(table.columns[position] for position in positions)
    table.rows = ([row[position] for position in positions] for row in islice(rows, limit))
    table._text_rows = None


def track_rows(table: Table) -> Callable[[], bool | None]:
    """Return a function that returns, after the table has been written, whether it had any rows.

    None if only its drawing was read, and was not empty.
    """
    seen = set()

    def track(what: str, items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            seen.add(what)
            yield item

    rows, draw = table.rows, table.draw
    table.rows = track("rows", rows)
    if draw:
        table.draw = lambda canvas: track("lines", draw(canvas))

    def has_rows() -> bool | None:
        if "lines" in seen and "rows" not in seen:
            return None
        # Some formats read neither.
        return bool(seen) or next(rows, None) is not None

    return has_rows


def cell_to_text(cell: Cell, column: Column) -> str:
    r"""Return the cell as plain text.

    None is empty, a boolean is `true` or `false`, items are joined by `; ` with `;` and `\` in them escaped by `\`,
    and a number is an exact decimal without an exponent.
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
