"""Styled text in lines that fit a width, and cells in aligned columns."""

from __future__ import annotations

from itertools import groupby, zip_longest
from operator import itemgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.render.canvas import Canvas

    # Texts with their styles (see canvas.STYLES), on one line.
    Piece = Sequence[tuple[str, str]]

_MIN_LAST_WIDTH = 24  # if the last column would be narrower, rows become paragraphs


def wrap_piece(canvas: Canvas, piece: Piece, width: int) -> Iterator[tuple[str, int]]:
    """Yield the styled piece in lines of at most the width, each with its width in columns."""
    piece = [(canvas.sanitize(text), style) for text, style in piece]
    text = "".join([text for text, _ in piece])
    size = canvas.measure(text)
    if canvas.width is None or size <= width:
        yield style_piece(canvas, piece), size
        return
    if len(piece) == 1:
        yield from ((canvas.stylize(line, piece[0][1]), canvas.measure(line)) for line in canvas.wrap(text, width))
        return
    styles = [style for text, style in piece for _ in text]
    position = 0
    for line in canvas.wrap(text, width):
        styled = []
        for character in line:
            # Wrapping removes only spaces.
            position = text.index(character, position) + 1
            styled.append((styles[position - 1], character))
        runs = ((style, "".join(c for _, c in run)) for style, run in groupby(styled, key=itemgetter(0)))
        yield "".join(canvas.stylize(run, style) for style, run in runs), canvas.measure(line)


def piece_width(canvas: Canvas, piece: Piece) -> int:
    """Return the width of the piece in columns."""
    return sum(canvas.measure(canvas.sanitize(text)) for text, _ in piece)


def flow(canvas: Canvas, pieces: Sequence[Piece], width: int, separator: str = " · ") -> Iterator[tuple[str, int]]:
    """Yield lines of pieces, each with its width in columns; a piece is split only if it is wider than a line."""
    line: list[tuple[str, str]] = []
    for piece in pieces:
        extended = [*line, (separator, "muted"), *piece] if line else list(piece)
        if line and canvas.width is not None and piece_width(canvas, extended) > width:
            yield from wrap_piece(canvas, line, width)
            extended = list(piece)
        line = extended
    if line:
        yield from wrap_piece(canvas, line, width)


def align_columns(canvas: Canvas, rows: Sequence[Sequence[Piece]], width: int) -> Iterator[str]:
    """Yield rows of cells in aligned columns without the empty ones; the last column wraps.

    If the width is too small for the last column, each row becomes a paragraph with a hanging indent.
    """
    columns = [column for column in zip(*rows, strict=True) if any(piece_width(canvas, cell) for cell in column)]
    if not columns:
        return
    *widths, last = [canvas.column(piece_width(canvas, cell) for cell in column) for column in columns]
    indent = sum(widths) + 2 * len(widths)
    if canvas.width is not None and width - indent < min(last, _MIN_LAST_WIDTH):
        for row in rows:
            cells = [cell for cell in row if piece_width(canvas, cell)]
            for number, (line, _) in enumerate(flow(canvas, cells, width - 2, "  ")):
                yield ("  " if number else "") + line
        return
    for *cells, end in zip(*columns, strict=True):
        padded = "".join(style_piece(canvas, cell, size + 2) for cell, size in zip(cells, widths, strict=True))
        lines = [line for line, _ in wrap_piece(canvas, end, width - indent)]
        for head, line in zip_longest([padded], lines, fillvalue=" " * indent):
            yield (head + line).rstrip()


def style_piece(canvas: Canvas, piece: Piece, width: int = 0) -> str:
    """Return the styled piece on one line, with spaces up to the width."""
    styled = "".join([canvas.stylize(text, style) for text, style in piece])
    return styled + " " * (width - piece_width(canvas, piece)) if width else styled
