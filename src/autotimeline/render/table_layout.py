"""Rows of text as aligned columns under a header, or as paragraphs if the width is too small."""

from __future__ import annotations

from itertools import zip_longest

from autotimeline.render.canvas import STYLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from autotimeline.render.canvas import Paper

_GAP = "  "
_SLIM = 16  # a column so slim is never wrapped: a date, a kind, a number
_WORD = 32  # a longer word may break: a web address, not an id


class TextTable:
    """Rows of text, and for each column its name, the marks of its values (if any), and whether it holds numbers."""

    __slots__ = ("marks", "names", "numeric", "rows")

    def __init__(
        self,
        names: Sequence[str],
        marks: Sequence[Mapping[str, str] | None],
        numeric: Sequence[bool],
        rows: list[list[str]],
    ) -> None:
        self.names = names
        self.marks = marks
        self.numeric = numeric
        self.rows = rows


def table_lines(grid: TextTable, paper: Paper) -> Iterator[str]:
    """Yield the lines of a table under its header; a table without rows has none.

    The width of the paper is kept: the widest columns wrap first, and if even narrow columns do not fit, each row
    becomes a paragraph of names and values.
    """
    if not grid.rows:
        return
    # Marks speak for themselves, and are narrower than their column's name.
    header = ["" if marks else paper.clean(name) for name, marks in zip(grid.names, grid.marks, strict=True)]
    columns = list(zip(header, *grid.rows, strict=True))
    widths = _fitting(columns, paper)
    if widths is None:
        yield from _paragraphs(grid, paper)
        return
    # A mark has the colour of the value that it stands for, where that has one.
    styles = [
        {paper.clean(mark): value for value, mark in (marks or {}).items() if value in STYLES} for marks in grid.marks
    ]
    padded = [
        _padded(cells, width, number, style, paper)
        for cells, width, number, style in zip(columns, widths, grid.numeric, styles, strict=True)
    ]
    blanks = [" " * width for width in widths]
    for row, parts in enumerate(zip(*padded, strict=True)):
        for cells in zip_longest(*parts):
            line = _GAP.join([cell or blank for cell, blank in zip(cells, blanks, strict=True)]).rstrip()
            yield line if row else paper.ink(line, "muted")


def _padded(cells: Sequence[str], width: int, number: bool, style: dict[str, str], paper: Paper) -> Iterator[list[str]]:
    """Yield each cell of a column as lines that are as wide as the column."""
    measure = _measure(cells, paper)

    def pad(text: str) -> str:
        space = " " * (width - measure(text))
        inked = paper.ink(text, style[text]) if text in style else text
        return space + inked if number else inked + space

    for cell in cells:
        yield [pad(cell)] if measure(cell) <= width else list(map(pad, paper.wrap(cell, width)))


def _measure(cells: Iterable[str], paper: Paper) -> Callable[[str], int]:
    """Return what measures these texts: of ASCII their length is the columns they take."""
    return len if "".join(cells).isascii() else paper.measure


def _fitting(columns: Sequence[Sequence[str]], paper: Paper) -> list[int] | None:
    """Return the columns' widths, the widest made narrower until all fit; None where they cannot."""
    widths = [paper.column(map(_measure(cells, paper), cells)) for cells in columns]
    if paper.width is None:
        return widths
    room = paper.width - len(_GAP) * (len(columns) - 1)
    if sum(widths) <= room:
        return widths
    words = [max(map(_measure(cells, paper), " ".join(cells).split(" "))) for cells in columns]
    least = [min(width, max(_SLIM, min(_WORD, word))) for width, word in zip(widths, words, strict=True)]
    if sum(least) > room:
        return None
    widths = [min(width, room) for width in widths]
    while sum(widths) > room:
        widest = max((i for i in range(len(widths)) if widths[i] > least[i]), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _paragraphs(grid: TextTable, paper: Paper) -> Iterator[str]:
    """Yield each row as lines of name and value, a blank line between rows; absent values are left out."""
    names = [paper.cut(name, paper.width or 0) for name in grid.names]
    indent = max(map(paper.measure, names)) + len(_GAP)
    width = paper.width or 0
    beside = indent * 2 <= width  # else a value stands below its name
    for number, row in enumerate(grid.rows):
        if number:
            yield ""
        for name, cell in zip(names, row, strict=True):
            if not cell:
                continue
            lines = paper.wrap(cell, width - (indent if beside else len(_GAP)))
            if beside:
                yield paper.ink(paper.pad(name, indent), "muted") + lines.pop(0)
            else:
                yield paper.ink(name, "muted")
            yield from (" " * (indent if beside else len(_GAP)) + line for line in lines)
