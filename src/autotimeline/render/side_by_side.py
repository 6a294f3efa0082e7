"""Comparisons with one column per side; on a narrow canvas the sides follow below each other."""

from collections.abc import Iterator, Sequence

from autotimeline.render.canvas import Canvas
from autotimeline.render.text_layout import (
    Block,
    Column,
    Piece,
    beside,
    paragraph,
    piece_width,
    style_piece,
    wrap_piece,
)

# The pieces of one side in a row, below each other.
SideCell = Sequence[Piece]

SAME_MARK = "="
MIN_COLUMN_WIDTH = 16  # if a column would be narrower, the sides follow below each other
_MAX_LABEL_WIDTH = 20  # longer labels wrap


class SideRow:
    """A label, an optional second label below it, and one cell per side; a heading if there are no cells.

    A row is muted if its sides do not differ.
    """

    def __init__(self, label: str, differs: bool = False, cells: Sequence[SideCell] = (), sublabel: str = "") -> None:
        self.label = label
        self.differs = differs and any(list(cell) != list(cells[0]) for cell in cells)
        self.cells = [list(cell) if self.differs else [mute(piece) for piece in cell] for cell in cells]
        self.sublabel = sublabel

    def label_columns(self, canvas: Canvas, width: int) -> list[Column]:
        """Return the mark of a row without differences, and the labels, which wrap within the rest of the width."""
        if not self.cells:
            return [(list(wrap_piece(canvas, [(self.label, "year")], width)), width, 0)]
        labels = [(self.label, "title" if self.differs else "muted"), (self.sublabel, "muted")]
        lines = [line for label in labels if label[0] for line in wrap_piece(canvas, [label], width - 2)]
        mark = style_piece(canvas, [(SAME_MARK if self.label and not self.differs else "", "muted")])
        return [([mark], 2, 0), (lines, width, 0)]


def mute(piece: Piece) -> Piece:
    """Return the piece in the muted style."""
    return [(text, "muted") for text, _ in piece]


def side_letter(index: int) -> str:
    """Return the letter of a side (A, B, …), or its number after Z."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def side_by_side(labels: Sequence[str], rows: Sequence[SideRow]) -> Block:
    """Return the rows below the labels of their sides, in columns if the canvas is wide enough."""

    def lines(canvas: Canvas, width: int) -> Iterator[str]:
        widths = [
            canvas.column(
                piece_width(canvas, piece)
                for piece in ([(label, "")], *(piece for row in rows if row.cells for piece in row.cells[index]))
            )
            for index, label in enumerate(labels)
        ]
        label_width = 2 + canvas.column(
            canvas.measure(canvas.sanitize(label)) for row in rows for label in (row.label, row.sublabel)
        )
        if canvas.width is not None:
            label_width = min(label_width, 2 + _MAX_LABEL_WIDTH)
            natural_widths = widths
            widths = _distribute_width(width - label_width - 2 * len(labels), natural_widths)
            if any(size < min(MIN_COLUMN_WIDTH, fit) for size, fit in zip(widths, natural_widths, strict=True)):
                yield from _stacked_lines(canvas, width, labels, rows)
                return
        titles = [
            (list(wrap_piece(canvas, [(text, "title")], size)), size + 2, 0)
            for text, size in zip(labels, widths, strict=True)
        ]
        yield from beside(([], label_width + 2, 0), *titles)
        yield ""
        for row in rows:
            if not row.cells:
                yield ""
            cells = [
                [line for piece in cell for line in wrap_piece(canvas, piece, size)]
                for cell, size in zip(row.cells, widths, strict=False)
            ]
            columns = [(cell, size + 2, 0) for cell, size in zip(cells, widths, strict=False)]
            yield from beside(*row.label_columns(canvas, label_width), *columns)

    return lines


def _stacked_lines(canvas: Canvas, width: int, labels: Sequence[str], rows: Sequence[SideRow]) -> Iterator[str]:
    """Yield each row as its label and the cells below it, with the letters of the sides that have the same cell."""
    letters = [side_letter(index) for index in range(len(labels))]
    for letter, label in zip(letters, labels, strict=True):
        yield from paragraph([(f"{letter} ", "changed"), (label, "title")])(canvas, width)
    yield ""
    indent = len("".join(letters)) + 1
    for row in rows:
        if not row.cells:
            yield ""
        yield from beside(*row.label_columns(canvas, width))
        for index, cell in enumerate(row.cells):
            if cell not in row.cells[:index]:
                same = "".join(letters[number] for number, other in enumerate(row.cells) if other == cell)
                lines = [line for piece in cell for line in wrap_piece(canvas, piece, width - indent - 2)]
                marks = [style_piece(canvas, [(same, "changed")])] if lines else []
                yield from beside(([], 2, 0), (marks, indent, 0), (lines, 0, 0))


def _distribute_width(available: int, natural_widths: Sequence[int]) -> list[int]:
    """Return the width of each column: its natural width if it fits, else an equal share of the rest."""
    widths = [0] * len(natural_widths)
    remaining = sorted(range(len(natural_widths)), key=natural_widths.__getitem__)
    while remaining:
        index = remaining.pop(0)
        widths[index] = min(natural_widths[index], max(0, available // (len(remaining) + 1)))
        available -= widths[index]
    return widths
