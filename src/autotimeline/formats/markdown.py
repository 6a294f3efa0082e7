"""`markdown`: a table in GitHub Flavored Markdown, with aligned columns."""

import re
from collections.abc import Iterable
from typing import TextIO

from autotimeline.formats._text_table import text_table
from autotimeline.render.canvas import Canvas
from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = (".md", ".markdown")
ALL_FIELDS_BY_DEFAULT = False

# Characters that GitHub would interpret; `<29000`, `R&D`, and `~20%` are not among them.
_MARKUP = re.compile(
    r"""[\\`*_\[\]|$]
    | <(?=[a-z/!?])                # a tag
    | &(?=\#?\w+;)                 # an entity
    | (?<!^)(?<!\s)~ | ~(?!\d)     # struck through
    | :(?=//) | (?<=www)\.         # a link
    | :(?=[\w+-]+:)                # an emoji
    """,
    re.IGNORECASE | re.VERBOSE,
)


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the table with padded columns, and below it the footer."""

    def to_markdown(text: str) -> str:
        return "<br>".join(_MARKUP.sub(r"\\\g<0>", canvas.sanitize(line)) for line in text.splitlines())

    # The width of the terminal does not limit a document.
    page = Canvas(None)
    grid = text_table(table, page, to_markdown)
    header = [to_markdown(name) for name in grid.names]
    widths = [max(3, page.column(map(page.measure, cells))) for cells in zip(header, *grid.rows, strict=True)]
    rule = ["-" * (width - 1) + (":" if number else "-") for width, number in zip(widths, grid.numeric, strict=True)]

    def format_row(cells: Iterable[str]) -> str:
        padded = []
        for cell, width, number in zip(cells, widths, grid.numeric, strict=True):
            space = " " * (width - canvas.measure(cell))
            padded.append(space + cell if number else cell + space)
        return f"| {' | '.join(padded)} |\n"

    out.writelines(format_row(cells) for cells in (header, rule, *grid.rows))
    if footer := table.footer():
        out.write("\n" + "<br>\n".join(f"*{to_markdown(text)}*" for text in footer) + "\n")
