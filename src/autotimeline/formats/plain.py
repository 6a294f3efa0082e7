r"""`plain`: tab-separated lines without a header, for pipes. Escapes are `\t`, `\n`, `\\`, `\x1b`."""

from __future__ import annotations

from autotimeline.formats._lines import tab_separated_lines, write_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = (".txt",)
ALL_FIELDS_BY_DEFAULT = False
FILLS_EMPTY_CELLS = True  # `--empty`


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write one line per row."""
    write_lines(tab_separated_lines(table), out)
