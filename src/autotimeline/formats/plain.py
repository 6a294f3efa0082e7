r"""`plain`: tab-separated lines without a header, for pipes. Escapes are `\t`, `\n`, `\\`, `\x1b`."""

from __future__ import annotations

from autotimeline.formats._lines import lines, pour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = (".txt",)
COMPLETE = False


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write one line a row, as it comes."""
    pour(lines(table), out)
