r"""`tsv`: tab-separated lines below a header. Escapes are `\t`, `\n`, `\\`, `\x1b`."""

from __future__ import annotations

from autotimeline.formats._lines import tab_separated_lines, write_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = (".tsv", ".tab")
ALL_FIELDS_BY_DEFAULT = True
FILLS_EMPTY_CELLS = True  # `--empty`


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the header, then one line per row; the flag `bom` writes a byte order mark first."""
    if "bom" in flags:
        out.write("\ufeff")
    out.write("\t".join(column.name for column in table.columns) + "\n")
    write_lines(tab_separated_lines(table), out)
