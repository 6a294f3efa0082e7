"""Column and Table: typed cells on their way from a view to a format."""

from __future__ import annotations

from itertools import islice

from autotimeline.errors import UsageError
from autotimeline.text import listed, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.render.canvas import Paper
    from autotimeline.render.chart_layout import Room, Scene

    # A list holds strings, or records: dicts with string keys in the order of the contract.
    Cell = None | bool | str | int | Decimal | list[Any] | dict[str, Any]
    Row = Sequence[Cell]
    # One block of a store: its header ("source.turn-2025", "event") and its keys as TOML would have them.
    Block = tuple[str, dict[str, Any]]


class Column:
    """One column: its name in the contract, and how an item of it reads as text.

    `flat` turns one item of a list cell into text; a column of plain values needs none. `marks` are
    what people see in a drawn table in place of the values, where that is not the values themselves;
    texts that read as numbers stand at the `right` there.
    `key` gives what the values sort by, where that is not they themselves: dates are in no order of letters.
    """

    __slots__ = ("flat", "key", "marks", "name", "right")

    def __init__(
        self,
        name: str,
        flat: Callable[[Any], str] = str,
        marks: Mapping[str, str] | None = None,
        key: Callable[[Any], Any] | None = None,
        *,
        right: bool = False,
    ) -> None:
        self.name = name
        self.flat = flat
        self.marks = marks
        self.key = key
        self.right = right


class Table:
    """Columns and a one-shot iterator of rows, each a sequence of as many cells.

    `texts()` yields the same rows with each cell as `plain` text; a view that has them quicker than by way of the
    cells says how. One of the two is read, once. The rows are in the order of the column `order`, if that has a name.

    `footer()` tells, once the rows have been read, what was left out or may not belong: lines for
    people. `draw(paper)` is how the view draws itself for people, a line at a time; without it a
    table is drawn as a table: `sheet(paper)`, where people read its rows more easily in other columns, once;
    else the table itself. `scene(cells, room)` is the view's picture to scale on so many cells, for formats
    that draw shapes; `room` says how many cells a text takes. `blocks()` is the part of the store behind the
    rows, for formats that write stores. `title()` says what it all is about.
    """

    __slots__ = ("_texts", "blocks", "columns", "draw", "footer", "order", "rows", "scene", "sheet", "title")

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterator[Row],
        *,
        footer: Callable[[], list[str]] | None = None,
        draw: Callable[[Paper], Iterator[str]] | None = None,
        sheet: Callable[[Paper], Table] | None = None,
        scene: Callable[[int, Room], Scene] | None = None,
        blocks: Callable[[], Iterator[Block]] | None = None,
        texts: Callable[[], Iterator[Sequence[str]]] | None = None,
        order: str = "",
    ) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self.footer = footer or list
        self.draw = draw
        self.sheet = sheet
        self.scene = scene
        self.blocks = blocks
        self.title: Callable[[], str] = str
        self._texts = texts
        self.order = order

    def texts(self) -> Iterator[Sequence[str]]:
        """Yield each row as plain texts, in place of `rows`; what `footer` tells is about `rows`."""
        if self._texts:
            return self._texts()
        columns = self.columns
        return ([plain(cell, column) for cell, column in zip(row, columns, strict=True)] for row in self.rows)


def arrange(
    table: Table, fields: Sequence[str], sort: str | None = None, reverse: bool | None = None, limit: int | None = None
) -> None:
    """Order a table's rows by a field of it or turn them round, keep the first `limit`, and leave the columns `fields`.

    Absent values come last, in either direction. Rows that keep their order are read as they are asked for.

    Raises:
        UsageError: where the table has no such field to order by.
    """
    names = [column.name for column in table.columns]
    if sort is not None and sort not in names:
        raise UsageError(f'cannot sort by "{sort}"{nearest(sort, names)}; there are {", ".join(names)}')
    rows = table.rows
    if sort is not None:
        at = names.index(sort)
        key = table.columns[at].key or (lambda cell: cell)
        present: list[Any] = []
        absent: list[Row] = []
        for row in rows:
            (absent if row[at] is None else present).append(row)
        present.sort(key=lambda row: key(row[at]), reverse=bool(reverse))
        rows = iter([*present, *absent])
    elif reverse:
        turned = list(rows)[::-1]
        if table.order:
            at = names.index(table.order)
            turned.sort(key=lambda row: row[at] is None)
        rows = iter(turned)
    kept = [names.index(field) for field in fields]
    table.columns = tuple(table.columns[at] for at in kept)
    table.rows = ([row[at] for at in kept] for row in islice(rows, limit))
    table._texts = None


def watch(table: Table) -> Callable[[], bool]:
    """Return what tells, once the table has been written, whether there was anything in it to write."""
    shown = False

    def seen(items: Iterator[Any]) -> Iterator[Any]:
        nonlocal shown
        for item in items:
            shown = True
            yield item

    rows, draw = table.rows, table.draw
    table.rows = seen(rows)
    if draw:
        table.draw = lambda paper: seen(draw(paper))
    # Where neither was asked for, the first row tells.
    return lambda: shown or next(rows, None) is not None


def plain(cell: Cell, column: Column) -> str:
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
        return listed(map(column.flat, cell))
    if isinstance(cell, int):
        return str(cell)
    return column.flat(cell) if isinstance(cell, dict) else f"{cell:f}"
