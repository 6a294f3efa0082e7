"""Text of several styles in lines that fit a width, and cells in aligned columns."""

from __future__ import annotations

from itertools import groupby, zip_longest
from operator import itemgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.render.canvas import Paper

    # Text and its style (see paper.STYLES), several of them making one piece.
    Piece = Sequence[tuple[str, str]]

_LAST = 24  # a last column narrower than this is no column any more


def wrap(paper: Paper, piece: Piece, width: int) -> Iterator[tuple[str, int]]:
    """Yield the piece in its styles in lines of at most the width, each with the columns it takes."""
    piece = [(paper.clean(text), style) for text, style in piece]
    text = "".join([text for text, _ in piece])
    size = paper.measure(text)
    if paper.width is None or size <= width:
        yield ink(paper, piece), size
        return
    if len(piece) == 1:
        yield from ((paper.ink(line, piece[0][1]), paper.measure(line)) for line in paper.wrap(text, width))
        return
    styles = [style for text, style in piece for _ in text]
    at = 0
    for line in paper.wrap(text, width):
        styled = []
        for character in line:
            # Wrapping leaves out spaces, and nothing else.
            at = text.index(character, at) + 1
            styled.append((styles[at - 1], character))
        runs = ((style, "".join(c for _, c in run)) for style, run in groupby(styled, key=itemgetter(0)))
        yield "".join(paper.ink(run, style) for style, run in runs), paper.measure(line)


def length(paper: Paper, piece: Piece) -> int:
    """Return how many columns the piece takes."""
    return sum(paper.measure(paper.clean(text)) for text, _ in piece)


def flow(paper: Paper, pieces: Sequence[Piece], width: int, between: str = " · ") -> Iterator[tuple[str, int]]:
    """Yield lines of pieces, each with the columns it takes: a piece is whole on a line where it can be."""
    line: list[tuple[str, str]] = []
    for piece in pieces:
        joined = [*line, (between, "muted"), *piece] if line else list(piece)
        if line and paper.width is not None and length(paper, joined) > width:
            yield from wrap(paper, line, width)
            joined = list(piece)
        line = joined
    if line:
        yield from wrap(paper, line, width)


def grid(paper: Paper, rows: Sequence[Sequence[Piece]], width: int) -> Iterator[str]:
    """Yield rows of cells as aligned columns without the empty ones; the last cell wraps.

    Where the width leaves too little for the last column, each row is a paragraph with a hanging indent.
    """
    if not rows:
        return
    shown = [at for at in range(len(rows[0])) if any(length(paper, row[at]) for row in rows)]
    if not shown:
        return
    rows = [[row[at] for at in shown] for row in rows]
    *widths, last = [paper.column(length(paper, row[at]) for row in rows) for at in range(len(shown))]
    indent = sum(widths) + 2 * len(widths)
    if paper.width is not None and width - indent < min(last, _LAST):
        for row in rows:
            cells = [cell for cell in row if length(paper, cell)]
            for number, (line, _) in enumerate(flow(paper, cells, width - 2, "  ")):
                yield ("  " if number else "") + line
        return
    for *cells, end in rows:
        padded = "".join(ink(paper, cell, size + 2) for cell, size in zip(cells, widths, strict=True))
        lines = [line for line, _ in wrap(paper, end, width - indent)]
        for head, line in zip_longest([padded], lines, fillvalue=" " * indent):
            yield (head + line).rstrip()


def ink(paper: Paper, piece: Piece, width: int = 0) -> str:
    """Return the piece on one line in its styles, with spaces up to the width."""
    inked = "".join([paper.ink(text, style) for text, style in piece])
    return inked + " " * (width - length(paper, piece)) if width else inked
