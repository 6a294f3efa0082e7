"""`markdown`: a table in GitHub Flavored Markdown, with aligned columns and numbered notes."""

import re
from collections.abc import Iterable
from typing import Any, TextIO

from autotimeline.formats._text_table import text_table
from autotimeline.render.canvas import Canvas
from autotimeline.table import Column, Table, cell_to_text

EXTENSIONS: tuple[str, ...] = (".md", ".markdown")
ALL_FIELDS_BY_DEFAULT = False
HAS_NOTES = True
"""Without `--fields`, the fields that a view names in `NOTE_FIELDS` are shown too."""

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
_WEB_ADDRESS = re.compile("https?://", re.IGNORECASE)
# What ends the target of a link, or could be markup there.
_NOT_IN_TARGET = re.compile(r"[^\w.~:/?#@!$&'+,=%-]", re.ASCII)


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the table with padded columns, and below it the notes and the footer."""

    def to_markdown(text: str) -> str:
        if isinstance(text, _Markup):
            return text
        return "<br>".join(_MARKUP.sub(r"\\\g<0>", canvas.sanitize(line)) for line in text.splitlines())

    # The width of the terminal does not limit a document.
    page = Canvas(None)
    notes = _Notes()
    table = table.replace(columns=[notes.number_column(column) for column in table.columns])
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
    for note, number in notes.numbers.items():
        pieces = [(to_markdown(text), _link_target(address)) for text, address in note]
        text = "".join(f"[{text}]({target})" if target else text for text, target in pieces)
        out.write(f"\n[^{number}]: {text}\n")
    if footer := table.footer():
        out.write("\n" + "<br>\n".join(f"*{to_markdown(text)}*" for text in footer) + "\n")


class _Markup(str):
    """A text that is Markdown already."""

    __slots__ = ()


class _Notes:
    """The notes of a document, numbered from 1 in the order of their first use."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def number_column(self, column: Column) -> Column:
        """Return the column with the numbers of its notes instead of its cells; of a column without any, itself."""
        if column.cell_to_notes is None:
            return column
        to_notes, to_words = column.cell_to_notes, column.cell_to_words

        def to_numbers(cell: Any) -> str:
            notes = dict.fromkeys(to_notes(cell))
            if not notes:
                return to_words(cell) if to_words else cell_to_text(cell, column)
            return _Markup(" ".join(f"[^{self.numbers.setdefault(note, len(self.numbers) + 1)}]" for note in notes))

        return Column(column.name, column.item_to_text, column.marks, column.sort_key, cell_to_words=to_numbers)


def _link_target(address: str) -> str:
    """Return the address as the target of a link; "" if it is not one of the web."""
    if not _WEB_ADDRESS.match(address):
        return ""
    return _NOT_IN_TARGET.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), address)
