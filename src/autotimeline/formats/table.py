"""`table`: what people see on a terminal: the view's own picture, else columns under a header."""

from __future__ import annotations

from autotimeline.formats._lines import pour
from autotimeline.formats._text_table import lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = ()
COMPLETE = False


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write the picture that the view draws, or the table; under it, on a terminal, the footer.

    A terminal's width is kept; elsewhere nothing is wrapped. No rows print nothing.
    """
    pour(_page(table, paper), out)


def _page(table: Table, paper: Paper) -> Iterator[str]:
    drawn = False
    for line in lines(table, paper):
        drawn = True
        yield line + "\n"
    if drawn and paper.terminal and (footer := table.footer()):
        yield "\n"
        for text in footer:
            for line in paper.wrap(text, paper.width or 0):
                yield paper.ink(line, "muted") + "\n"
