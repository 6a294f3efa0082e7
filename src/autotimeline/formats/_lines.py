"""Lines of text: rows as tab-separated lines, and how lines are written."""

from __future__ import annotations

from itertools import islice

from autotimeline.text import escape_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from autotimeline.table import Table

_BATCH = 256


def write_lines(lines: Iterator[str], out: TextIO) -> None:
    """Write the lines, each with its own line end, none held back while a reader waits for the first."""
    for first_line in lines:
        out.write(first_line)
        out.flush()
        break
    while batch := "".join(islice(lines, _BATCH)):
        out.write(batch)


def tab_separated_lines(table: Table) -> Iterator[str]:
    r"""Yield a line for each row: cells parted by tabs, and nothing in them that parts or steers.

    Tab, newline, carriage return and `\` are `\t`, `\n`, `\r` and `\\`; every other control and
    invisible format character is `\x1b` or `\u202e`. Undoing the escapes gives the cells back.
    """
    for cells in table.text_rows():
        # One look at the whole row spares the ordinary one a look at every cell.
        joined = "".join(cells)
        if "\\" in joined or not joined.isprintable():
            cells = [_escape_cell(cell) for cell in cells]
        yield "\t".join(cells) + "\n"


def _escape_cell(cell: str) -> str:
    cell = cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return escape_control(cell)
