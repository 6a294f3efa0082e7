"""`csv`: comma-separated values with a header (RFC 4180), in which no cell is a formula."""

from __future__ import annotations

from autotimeline.formats._lines import write_lines
from autotimeline.text import GUARDED_FIRST_CHARS, escape_control, guard_formula

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = (".csv",)
ALL_FIELDS_BY_DEFAULT = True


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the header and one record per row, with CR LF.

    A cell that a spreadsheet would run as a formula gets a leading `'`, unless the flag `raw` is set. The flag `bom`
    writes a byte order mark first. Control characters are escaped only on a terminal.
    """
    if "bom" in flags:
        out.write("\ufeff")
    out.write(_format_record([column.name for column in table.columns]))
    write_lines(map(_format_record, _safe_cells(table, raw="raw" in flags, terminal=canvas.is_terminal)), out)


def _safe_cells(table: Table, *, raw: bool, terminal: bool) -> Iterator[Sequence[str]]:
    for cells in table.text_rows():
        # Most rows have no formula, and one test per row is faster than one per cell.
        if not raw and not GUARDED_FIRST_CHARS.isdisjoint([cell[:1] for cell in cells]):
            cells = [guard_formula(cell) for cell in cells]
        yield [escape_control(cell, keep="\t\n") for cell in cells] if terminal else cells


def _format_record(cells: Sequence[str]) -> str:
    # The csv module takes three times as long. Few cells are quoted, and most rows have only commas to quote for.
    record = ",".join(cells)
    if '"' in record or "\n" in record or "\r" in record:
        record = ",".join(
            [
                '"' + cell.replace('"', '""') + '"'
                if "," in cell or '"' in cell or "\n" in cell or "\r" in cell
                else cell
                for cell in cells
            ]
        )
    elif record.count(",") >= len(cells):
        record = ",".join([f'"{cell}"' if "," in cell else cell for cell in cells])
    # A blank line is not a record of one empty cell.
    return (record or '""') + "\r\n"
