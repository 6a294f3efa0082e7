"""`table`: the drawing of the view, or else aligned columns below a header."""

from collections.abc import Iterator
from typing import TextIO

from autotimeline.formats._lines import write_lines
from autotimeline.formats._text_table import text_lines
from autotimeline.render.canvas import Canvas
from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = ()
ALL_FIELDS_BY_DEFAULT = False


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the drawing or the columns, and on a terminal the footer; write nothing if there are no rows."""
    write_lines(_page_lines(table, canvas), out)


def _page_lines(table: Table, canvas: Canvas) -> Iterator[str]:
    has_lines = False
    for line in text_lines(table, canvas):
        has_lines = True
        yield line + "\n"
    if has_lines and canvas.is_terminal and (footer := table.footer()):
        yield "\n"
        for text in footer:
            for line in canvas.wrap(text, canvas.width or 0):
                yield canvas.stylize(line) + "\n"
