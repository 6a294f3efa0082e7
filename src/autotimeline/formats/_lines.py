"""Lines of output: tab-separated rows, and writing lines as they come."""

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
    """Write the lines, which include their line ends; flush the first one, because a reader may wait for it."""
    for first_line in lines:
        out.write(first_line)
        out.flush()
        break
    while batch := "".join(islice(lines, _BATCH)):
        out.write(batch)


def tab_separated_lines(table: Table) -> Iterator[str]:
    r"""Yield one line per row; tabs, line ends, and `\` in cells become `\t`, `\n`, `\r`, and `\\`, controls `\x1b`."""
    for cells in table.text_rows():
        # Most rows need no escapes, and one test per row is faster than one per cell.
        joined = "".join(cells)
        if "\\" in joined or not joined.isprintable():
            cells = [_escape_cell(cell) for cell in cells]
        yield "\t".join(cells) + "\n"


def _escape_cell(cell: str) -> str:
    cell = cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return escape_control(cell)
