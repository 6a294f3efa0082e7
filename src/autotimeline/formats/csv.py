"""`csv`: comma-separated values by RFC 4180, under a header, that no spreadsheet runs."""

from __future__ import annotations

from autotimeline.formats._lines import pour
from autotimeline.text import GUARDED, guard, safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = (".csv",)
COMPLETE = True


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    r"""Write the header, then a record a row, as it comes, each ended by CR LF.

    A cell that a spreadsheet would run gets a leading `'`, unless the flag `raw` is there; the flag
    `bom` puts a byte order mark first. Cells keep every character, save on a terminal, which control
    characters would steer.
    """
    if "bom" in flags:
        out.write("\ufeff")
    out.write(_record([column.name for column in table.columns]))
    pour(map(_record, _cells(table, raw="raw" in flags, terminal=paper.terminal)), out)


def _cells(table: Table, *, raw: bool, terminal: bool) -> Iterator[Sequence[str]]:
    for cells in table.texts():
        # Hardly a row has a cell that a spreadsheet would run.
        if not raw and not GUARDED.isdisjoint([cell[:1] for cell in cells]):
            cells = [guard(cell) for cell in cells]
        yield [safe(cell, keep="\t\n") for cell in cells] if terminal else cells


def _record(cells: Sequence[str]) -> str:
    # The standard library's writer takes three times as long.
    quoted = [
        '"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell or "\n" in cell or "\r" in cell else cell
        for cell in cells
    ]
    # A line without anything on it would be no record of one empty cell.
    return (",".join(quoted) or '""') + "\r\n"
