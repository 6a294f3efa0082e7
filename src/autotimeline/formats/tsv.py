r"""`tsv`: tab-separated lines under a header. Escapes are `\t`, `\n`, `\\`, `\x1b`."""

from __future__ import annotations

from autotimeline.formats._lines import lines, pour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = (".tsv", ".tab")
COMPLETE = True


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write the header, then one line a row, as it comes; the flag `bom` puts a byte order mark first."""
    if "bom" in flags:
        out.write("\ufeff")
    out.write("\t".join(column.name for column in table.columns) + "\n")
    pour(lines(table), out)
