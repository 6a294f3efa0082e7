"""Sides beside each other: a row a point of comparison, a column a side; where it is narrow, one below the other."""

from __future__ import annotations

from itertools import zip_longest

from autotimeline.render.text_layout import flow, ink, length, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece

    # What a side has in a row: pieces below each other.
    Cell = Sequence[Piece]

DIFFERS = "~"
LEAST = 16  # a column narrower than this is none any more
_LABEL = 20  # nor is a label wider, where it can wrap


class Row:
    """A label, whether people see that the sides differ, and a cell a side; `also` stands below the label.

    Without cells it is a heading.
    """

    __slots__ = ("also", "cells", "differs", "label")

    def __init__(self, label: str, differs: bool = False, cells: Sequence[Cell] = (), also: str = "") -> None:
        self.label = label
        self.cells = [list(cell) for cell in cells]
        self.differs = differs and any(cell != self.cells[0] for cell in self.cells)
        self.also = also


def letter(at: int) -> str:
    """Return what a side is called where it has no column: A, B, … and behind Z its number."""
    return chr(ord("A") + at) if at < 26 else str(at + 1)


def labelled(paper: Paper, label: str, pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield pieces beside each other behind their label."""
    label = paper.clean(label)
    size = 2 + max(10, paper.measure(label)) + 2
    if paper.width is not None and paper.width - size < LEAST:
        yield from (f"  {line}" for line in paper.wrap(label, paper.width - 2))
        size, label = 4, ""
    for number, (line, _) in enumerate(flow(paper, pieces, (paper.width or 0) - size)):
        lead = paper.ink(f"  {label}", "muted") if not number else ""
        yield lead + " " * (size - (0 if number else 2 + paper.measure(label))) + line


def abreast(paper: Paper, labels: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Yield the labels of the sides above their columns, and the rows below; each row in lines, where it is narrow."""
    natural = [
        paper.column(
            [
                paper.measure(paper.clean(text)),
                *(length(paper, piece) for row in rows if row.cells for piece in row.cells[at]),
            ]
        )
        for at, text in enumerate(labels)
    ]
    label = 2 + paper.column(paper.measure(paper.clean(text)) for row in rows for text in (row.label, row.also))
    if paper.width is not None:
        label = min(label, 2 + _LABEL)
        widths = _shared_out(paper.width - label - 2 * len(labels), natural)
        if min(width - min(LEAST, own) for width, own in zip(widths, natural, strict=True)) < 0:
            yield from _folded(paper, labels, rows)
            return
    else:
        widths = natural
    yield from _line(paper, label, widths, [], [[[(text, "title")]] for text in labels])
    for row in rows:
        lead = [[(f"{DIFFERS} " if row.differs else "  ", "changed"), (row.label, "muted" if row.cells else "year")]]
        lead += [[("  ", ""), (row.also, "muted")]] if row.also else []
        yield from _line(paper, label, widths, lead, row.cells)


def _shared_out(room: int, natural: Sequence[int]) -> list[int]:
    """Return a width for each column: its own where there is room, else an equal share of what is left."""
    widths = [0] * len(natural)
    left = sorted(range(len(natural)), key=lambda at: natural[at])
    while left:
        at = left.pop(0)
        widths[at] = min(natural[at], max(0, room // (len(left) + 1)))
        room -= widths[at]
    return widths


def _line(
    paper: Paper, label: int, widths: Sequence[int], lead: Sequence[Piece], cells: Sequence[Cell]
) -> Iterator[str]:
    columns = [[line for piece in lead for line in _hung(paper, piece, label)]]
    columns += [
        [line for piece in cell for line in wrap(paper, piece, width)]
        for cell, width in zip(cells, widths, strict=False)
    ]
    for lines in zip_longest(*columns, fillvalue=("", 0)):
        told = "".join(
            text + " " * (width - size + 2) for (text, size), width in zip(lines, (label, *widths), strict=False)
        )
        yield told.rstrip()


def _hung(paper: Paper, piece: Piece, width: int) -> Iterator[tuple[str, int]]:
    """Yield a label behind the two columns of its mark."""
    (mark, style), *text = piece
    for number, (line, size) in enumerate(wrap(paper, text, width - 2)):
        yield paper.ink(mark if not number else "  ", style) + line, 2 + size


def _folded(paper: Paper, labels: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Yield each point below its label, and the sides by their letters; those that have the same together."""
    width = paper.width or 0
    for at, text in enumerate(labels):
        yield from (line for line, _ in wrap(paper, [(f"{letter(at)} ", "changed"), (text, "title")], width))
    indent = 3 + sum(len(letter(at)) for at in range(len(labels)))
    for row in rows:
        mark = (f"{DIFFERS} " if row.differs else "  ", "changed")
        for line, _ in _hung(paper, [mark, (row.label, "muted" if row.cells else "year")], width):
            yield line.rstrip()
        if row.also:
            yield from (f"  {line}" for line, _ in wrap(paper, [(row.also, "muted")], width - 2))
        told: list[tuple[str, list[Piece]]] = []
        for at, cell in enumerate(row.cells):
            same = next((place for place, (_, other) in enumerate(told) if other == cell), None)
            if same is None:
                told.append((letter(at), cell))
            else:
                told[same] = told[same][0] + letter(at), cell
        for letters, cell in told:
            lines = [line for piece in cell for line, _ in wrap(paper, piece, width - indent)]
            for number, line in enumerate(lines):
                lead = ink(paper, [("  ", ""), (letters if not number else "", "changed")], indent)
                yield (lead + line).rstrip()
