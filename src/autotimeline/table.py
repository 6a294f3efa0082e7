"""Tables of typed cells, which views produce and formats write."""

from __future__ import annotations

from itertools import islice

from autotimeline.errors import UsageError
from autotimeline.text import join_items, suggest_or_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from typing import Any, Final

    from autotimeline.render.table_layout import CanvasTable
    from autotimeline.render.text_layout import Block

    # A list has strings, or dicts with the keys in the order of the contract.
    # A text in pieces, each with its address or "".
    Note = tuple[tuple[str, str], ...]
    Cell = None | bool | str | int | Decimal | list[Any] | dict[str, Any]
    TableRow = Sequence[Cell]

# One block of a store: its header ("source.turn-2025", "event") and its keys with TOML values.
StoreBlock = tuple[str, dict[str, "Any"]]


class Column:
    """A column: its name, and how its cells are displayed and sorted.

    `item_to_text` formats one item of a list cell, or a dict. `marks` replace values in tables for people.
    `sort_key` is for cells that do not sort as they are: dates. `dims_row` is whether a true cell dims its row.
    For people, `cell_to_words` returns the text of a cell, and `cell_to_notes` what documents show as notes instead.
    """

    __slots__ = ("cell_to_notes", "cell_to_words", "dims_row", "item_to_text", "marks", "name", "sort_key")

    def __init__(
        self,
        name: str,
        item_to_text: Callable[[Any], str] = str,
        marks: Mapping[str, str] | None = None,
        sort_key: Callable[[Any], Any] | None = None,
        *,
        dims_row: bool = False,
        cell_to_words: Callable[[Any], str] | None = None,
        cell_to_notes: Callable[[Any], list[Note]] | None = None,
    ) -> None:
        self.name: Final = name
        self.cell_to_words: Final = cell_to_words
        self.cell_to_notes: Final = cell_to_notes
        self.item_to_text: Final = item_to_text
        self.marks: Final = marks
        self.sort_key: Final = sort_key
        self.dims_row: Final = dims_row


class Table:
    """Columns and a one-shot iterator of rows; either `rows`, `text_rows()`, `json_rows()`, or `drawing` is read, once.

    All other attributes are optional:

    - `footer()` returns notes for people, after the rows have been read.
    - `drawing` are the blocks that people see instead of the rows.
    - `display(rows)` returns a function from a canvas to the table that people see instead of the rows.
    - `store_blocks()` yields the part of the store behind the rows, for formats that write stores.
    - `title()` describes the contents.
    - `sorted_by` is the name of the column by which the rows are sorted.
    - `is_summary(row)` is whether a row summarizes the others: it comes after them in any order.
    """

    __slots__ = (
        *("_json_rows", "_text_rows", "columns", "display", "drawing", "footer", "is_summary", "rows", "sorted_by"),
        *("store_blocks", "title"),
    )

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterator[TableRow],
        *,
        footer: Callable[[], list[str]] = list,
        drawing: Iterable[Block] | None = None,
        display: Callable[[Iterator[TableRow]], CanvasTable] | None = None,
        store_blocks: Callable[[], Iterator[StoreBlock]] | None = None,
        text_rows: Callable[[], Iterator[Sequence[str]]] | None = None,
        json_rows: Callable[[], Iterator[Sequence[str]]] | None = None,
        title: Callable[[], str] = str,
        sorted_by: str = "",
        is_summary: Callable[[TableRow], bool] | None = None,
    ) -> None:
        self.columns: Final = tuple(columns)
        self.rows: Final = rows
        self.footer: Final = footer
        self.drawing: Final = drawing
        self.display: Final = display
        self.store_blocks: Final = store_blocks
        self._text_rows: Final = text_rows
        self._json_rows: Final = json_rows
        self.title: Final = title
        self.sorted_by: Final = sorted_by
        self.is_summary: Final = is_summary

    def replace(self, **changes: Any) -> Table:
        """Return a table with other values of some attributes."""
        return Table(**{name.lstrip("_"): getattr(self, name) for name in Table.__slots__} | changes)

    def text_rows(self) -> Iterator[Sequence[str]]:
        """Yield each row as plain texts; `footer` reports only on `rows`."""
        if self._text_rows:
            return self._text_rows()
        columns = self.columns
        # Most cells are texts or empty: tests are faster than a call.
        return (
            [
                cell if type(cell) is str else "" if cell is None else cell_to_text(cell, column)
                for cell, column in zip(row, columns, strict=True)
            ]
            for row in self.rows
        )

    def json_rows(self) -> Iterator[Sequence[str]]:
        """Yield each row as the JSON of its cells; `footer` reports only on `rows`."""
        if self._json_rows:
            return self._json_rows()
        from autotimeline.json_text import encode_json  # not on the fast path

        return (list(map(encode_json, row)) for row in self.rows)

    def fill_empty_cells(self, text: str) -> Table:
        """Return a table whose plain texts have this text instead of an empty one."""
        return self.replace(text_rows=lambda: ([cell or text for cell in row] for row in self.text_rows()))

    def arrange(
        self, fields: Sequence[str], sort: str | None = None, reverse: bool | None = None, limit: int | None = None
    ) -> Table:
        """Return a table of the columns `fields` with sorted or reversed rows, of which it has the first `limit`.

        Empty cells come last, even if the order is reversed. Unless it changes, rows are still read one by one.

        Raises:
            UsageError: If the table has no column `sort`.
        """
        names = [column.name for column in self.columns]
        rows: Iterable[TableRow] = self.rows
        if sort is not None and sort not in names:
            raise UsageError(f'cannot sort by "{sort}"{suggest_or_list(sort, names)}')
        if sort is not None or reverse:
            rows = list(rows)
            summaries = list(filter(self.is_summary, rows)) if self.is_summary else []
            rows = [row for row in rows if not self.is_summary(row)] if self.is_summary else rows
            if sort is not None:
                index = names.index(sort)
                key = self.columns[index].sort_key or (lambda cell: cell)
                absent = [row for row in rows if row[index] is None]
                present = [row for row in rows if row[index] is not None]
                rows = sorted(present, key=lambda row: key(row[index]), reverse=bool(reverse)) + absent
            else:
                rows.reverse()
                if self.sorted_by:
                    index = names.index(self.sorted_by)
                    rows.sort(key=lambda row: row[index] is None)
            rows += summaries
        positions = list(map(names.index, fields))
        return self.replace(
            columns=[self.columns[position] for position in positions],
            rows=([row[position] for position in positions] for row in islice(rows, limit)),
            text_rows=None,
            json_rows=None,
        )


def track_rows(table: Table) -> tuple[Table, Callable[[], bool | None]]:
    """Return the table, and a function that returns, after it has been written, whether it had any rows.

    None if only its drawing was read, and was not empty.
    """
    seen = set()

    def track(what: str, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            seen.add(what)
            yield item

    def has_rows() -> bool | None:
        if "drawing" in seen and "rows" not in seen:
            return None
        # Some formats read neither.
        return bool(seen) or next(rows, None) is not None

    rows = table.rows
    drawing = None if table.drawing is None else track("drawing", table.drawing)
    return table.replace(rows=track("rows", rows), drawing=drawing), has_rows


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


def record_to_text(label: str, **fields: object) -> str:
    """Return a label followed by ` | key=value` for each field that has a value."""
    suffixes = [f" | {key}={_escape_pipe(str(value))}" for key, value in fields.items() if value]
    return _escape_pipe(label) + "".join(suffixes)


def _escape_pipe(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def actor_to_text(actor: dict[str, Any]) -> str:
    """Format an actor as in a query: `stellantis@buyer`."""
    return f"{actor['id']}@{actor['role']}" if actor["role"] else str(actor["id"])


def figure_to_text(figure: dict[str, Any]) -> str:
    """Format a figure: `stake=~20% | of=leapmotor | basis=expected | holder=stellantis`."""
    fields = {key: figure[key] for key in ("of", "period", "source")}
    basis = figure["basis"] if figure["basis"] != "actual" else None
    return record_to_text(f"{figure['metric']}={figure['text']}", **fields, basis=basis, holder=figure["holder"])


def citation_to_text(citation: dict[str, Any]) -> str:
    """Format a citation: `turn-2025 | quote=… | by=tavares`."""
    fields = {key: citation[key] for key in ("quote", "by", "date", "status")}
    return record_to_text(citation["id"], **fields, figures=join_items(map(figure_to_text, citation["figures"])))


def link_to_text(link: dict[str, Any]) -> str:
    """Format a link as in a query: `leads-to@leapmotor-zaragoza`."""
    return f"{link['type']}@{link['event']}"
