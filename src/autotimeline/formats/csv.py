"""`csv`: comma-separated values by RFC 4180, under a header, that no spreadsheet runs."""

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
    r"""Write the header, then a record a row, as it comes, each ended by CR LF.

    A cell that a spreadsheet would run gets a leading `'`, unless the flag `raw` is there; the flag
    `bom` puts a byte order mark first. Cells keep every character, save on a terminal, which control
    characters would steer.
    """
    if "bom" in flags:
        out.write("\ufeff")
    out.write(_format_record([column.name for column in table.columns]))
    write_lines(map(_format_record, _safe_cells(table, raw="raw" in flags, terminal=canvas.is_terminal)), out)


def _safe_cells(table: Table, *, raw: bool, terminal: bool) -> Iterator[Sequence[str]]:
    for cells in table.text_rows():
        # Hardly a row has a cell that a spreadsheet would run.
        if not raw and not GUARDED_FIRST_CHARS.isdisjoint([cell[:1] for cell in cells]):
            cells = [guard_formula(cell) for cell in cells]
        yield [escape_control(cell, keep="\t\n") for cell in cells] if terminal else cells


def _format_record(cells: Sequence[str]) -> str:
    # The standard library's writer takes three times as long.
    quoted = [
        '"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell or "\n" in cell or "\r" in cell else cell
        for cell in cells
    ]
    # A line without anything on it would be no record of one empty cell.
    return (",".join(quoted) or '""') + "\r\n"
