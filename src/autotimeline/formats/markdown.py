"""`markdown`: a table as GitHub renders it, and as it can be read in the source."""

from __future__ import annotations

import re

from autotimeline.formats._text_table import text_table
from autotimeline.render.canvas import Paper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = (".md", ".markdown")
COMPLETE = False

# What would be markup; but `<29000`, `R&D` and `~20%` are none, and stay as people write them.
_SPECIAL = re.compile(
    r"""[\\`*_\[\]|$]
    | <(?=[a-z/!?])                # a tag
    | &(?=\#?\w+;)                 # an entity
    | (?<!^)(?<!\s)~ | ~(?!\d)     # struck through
    | :(?=//) | (?<=www)\.         # a link
    | :(?=[\w+-]+:)                # an emoji
    """,
    re.IGNORECASE | re.VERBOSE,
)


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write the table, its columns padded to one width (see `Paper.column`), and what the footer says below it."""

    def literal(text: str) -> str:
        return "<br>".join(_literal(paper.clean(line)) for line in text.splitlines())

    # A document is as wide as it likes, wherever it is written.
    page = Paper(None)
    grid = text_table(table, page, literal)
    header = [literal(name) for name in grid.names]
    widths = [max(3, page.column(map(page.measure, cells))) for cells in zip(header, *grid.rows, strict=True)]
    rule = ["-" * (width - 1) + (":" if number else "-") for width, number in zip(widths, grid.numeric, strict=True)]

    def line(cells: Iterable[str]) -> str:
        padded = []
        for cell, width, number in zip(cells, widths, grid.numeric, strict=True):
            space = " " * (width - paper.measure(cell))
            padded.append(space + cell if number else cell + space)
        return f"| {' | '.join(padded)} |\n"

    out.writelines(line(cells) for cells in (header, rule, *grid.rows))
    if footer := table.footer():
        out.write("\n" + "<br>\n".join(f"*{literal(text)}*" for text in footer) + "\n")


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)
