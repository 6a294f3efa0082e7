"""`csv`: comma-separated values by RFC 4180, under a header, that no spreadsheet runs."""

from __future__ import annotations

import csv

from autotimeline.table import plain
from autotimeline.text import guard, safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from autotimeline.paper import Paper
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
    # With CR and LF both in the line end, Python 3.11 too puts a cell that holds either in quotes.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    records = _records(table, raw="raw" in flags, terminal=paper.terminal)
    for first in records:
        writer.writerow(first)
        out.flush()
        break
    writer.writerows(records)


def _records(table: Table, *, raw: bool, terminal: bool) -> Iterator[list[str]]:
    for row in table.rows:
        cells = [plain(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        if not raw:
            cells = [guard(cell) for cell in cells]
        yield [safe(cell, keep="\t\n") for cell in cells] if terminal else cells
