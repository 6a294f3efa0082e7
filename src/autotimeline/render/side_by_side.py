"""Comparisons with one column per side; on a narrow canvas the sides follow below each other."""

from __future__ import annotations

from itertools import zip_longest

from autotimeline.render.text_layout import flow, piece_width, style_piece, wrap_piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece

    # The pieces of one side in a row, below each other.
    SideCell = Sequence[Piece]

DIFFERENCE_MARK = "~"
MIN_COLUMN_WIDTH = 16  # if a column would be narrower, the sides follow below each other
_MAX_LABEL_WIDTH = 20  # longer labels wrap


class SideRow:
    """A label, an optional second label below it, and one cell per side; a heading if there are no cells."""

    __slots__ = ("cells", "differs", "label", "sublabel")

    def __init__(self, label: str, differs: bool = False, cells: Sequence[SideCell] = (), sublabel: str = "") -> None:
        self.label = label
        self.cells = [list(cell) for cell in cells]
        self.differs = differs and any(cell != self.cells[0] for cell in self.cells)
        self.sublabel = sublabel


def side_letter(index: int) -> str:
    """Return the letter of a side (A, B, …), or its number after Z."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def label_with_values(canvas: Canvas, label: str, pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the label and the pieces after it, wrapped with a hanging indent."""
    label = canvas.sanitize(label)
    label_width = 2 + max(10, canvas.measure(label)) + 2
    if canvas.width is not None and canvas.width - label_width < MIN_COLUMN_WIDTH:
        yield from (f"  {line}" for line in canvas.wrap(label, canvas.width - 2))
        label_width, label = 4, ""
    for number, (line, _) in enumerate(flow(canvas, pieces, (canvas.width or 0) - label_width)):
        prefix = canvas.stylize(f"  {label}", "muted") if not number else ""
        yield prefix + " " * (label_width - (0 if number else 2 + canvas.measure(label))) + line


def side_by_side(canvas: Canvas, labels: Sequence[str], rows: Sequence[SideRow]) -> Iterator[str]:
    """Yield the labels of the sides and the rows, in columns if the canvas is wide enough."""
    natural_widths = [
        canvas.column(
            piece_width(canvas, piece)
            for piece in ([(text, "")], *(part for row in rows if row.cells for part in row.cells[index]))
        )
        for index, text in enumerate(labels)
    ]
    label_width = 2 + canvas.column(
        canvas.measure(canvas.sanitize(text)) for row in rows for text in (row.label, row.sublabel)
    )
    if canvas.width is not None:
        label_width = min(label_width, 2 + _MAX_LABEL_WIDTH)
        widths = _distribute_width(canvas.width - label_width - 2 * len(labels), natural_widths)
        if any(width < min(MIN_COLUMN_WIDTH, natural) for width, natural in zip(widths, natural_widths, strict=True)):
            yield from _stacked_lines(canvas, labels, rows)
            return
    else:
        widths = natural_widths
    yield from _row_lines(canvas, label_width, widths, [], [[[(text, "title")]] for text in labels])
    for row in rows:
        label_pieces = [
            [(f"{DIFFERENCE_MARK} " if row.differs else "  ", "changed"), (row.label, "muted" if row.cells else "year")]
        ]
        label_pieces += [[("  ", ""), (row.sublabel, "muted")]] if row.sublabel else []
        yield from _row_lines(canvas, label_width, widths, label_pieces, row.cells)


def _distribute_width(available: int, natural_widths: Sequence[int]) -> list[int]:
    """Return the width of each column: its natural width if it fits, else an equal share of the rest."""
    widths = [0] * len(natural_widths)
    remaining = sorted(range(len(natural_widths)), key=natural_widths.__getitem__)
    while remaining:
        index = remaining.pop(0)
        widths[index] = min(natural_widths[index], max(0, available // (len(remaining) + 1)))
        available -= widths[index]
    return widths


def _row_lines(
    canvas: Canvas, label_width: int, widths: Sequence[int], label_pieces: Sequence[Piece], cells: Sequence[SideCell]
) -> Iterator[str]:
    columns = [[line for piece in label_pieces for line in _hanging_label(canvas, piece, label_width)]]
    columns += [
        [line for piece in cell for line in wrap_piece(canvas, piece, width)]
        for cell, width in zip(cells, widths, strict=False)
    ]
    for lines in zip_longest(*columns, fillvalue=("", 0)):
        text_line = "".join(
            text + " " * (width - size + 2) for (text, size), width in zip(lines, (label_width, *widths), strict=False)
        )
        yield text_line.rstrip()


def _hanging_label(canvas: Canvas, piece: Piece, width: int) -> Iterator[tuple[str, int]]:
    """Yield the lines of a label after the two columns of its mark, each with its width."""
    (mark, style), *text = piece
    for number, (line, size) in enumerate(wrap_piece(canvas, text, width - 2)):
        yield canvas.stylize(mark if not number else "  ", style) + line, 2 + size


def _stacked_lines(canvas: Canvas, labels: Sequence[str], rows: Sequence[SideRow]) -> Iterator[str]:
    """Yield each row as its label and the cells below it, with the letters of the sides that have the same cell."""
    width = canvas.width or 0
    for index, text in enumerate(labels):
        yield from (
            line for line, _ in wrap_piece(canvas, [(f"{side_letter(index)} ", "changed"), (text, "title")], width)
        )
    indent = 3 + sum(len(side_letter(index)) for index in range(len(labels)))
    for row in rows:
        mark = (f"{DIFFERENCE_MARK} " if row.differs else "  ", "changed")
        for line, _ in _hanging_label(canvas, [mark, (row.label, "muted" if row.cells else "year")], width):
            yield line.rstrip()
        if row.sublabel:
            yield from (f"  {line}" for line, _ in wrap_piece(canvas, [(row.sublabel, "muted")], width - 2))
        letters_by_cell: list[tuple[str, list[Piece]]] = []
        for index, cell in enumerate(row.cells):
            if cell not in row.cells[:index]:
                same = [side_letter(number) for number, other in enumerate(row.cells) if other == cell]
                letters_by_cell.append(("".join(same), cell))
        for letters, cell in letters_by_cell:
            lines = [line for piece in cell for line, _ in wrap_piece(canvas, piece, width - indent)]
            for number, line in enumerate(lines):
                prefix = style_piece(canvas, [("  ", ""), (letters if not number else "", "changed")], indent)
                yield (prefix + line).rstrip()
