"""Blocks of styled text: views yield them, and each block lays itself out in lines that fit a width."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from operator import itemgetter

from autotimeline.render.canvas import Canvas

# Texts with their styles (see canvas.STYLES), on one line.
Piece = Sequence[tuple[str, str]]
# Styled text and its width in columns.
Line = tuple[str, int]
# Lines, the width that they are padded to, and the gap after them.
Column = tuple[Sequence[Line], int, int]

# Part of a drawing: yields its lines, which fit the width if the canvas has one.
Block = Callable[[Canvas, int], Iterator[str]]

_MIN_LAST_WIDTH = 24  # if the last column would be narrower, rows become paragraphs
_RULE_WIDTH = 80  # on a canvas without a width


def draw(blocks: Iterable[Block], canvas: Canvas) -> Iterator[str]:
    """Yield the lines of the blocks."""
    for block in blocks:
        yield from block(canvas, canvas.width or 0)


def blank(canvas: Canvas, width: int) -> Iterator[str]:
    """Yield an empty line."""
    yield ""


def rule(canvas: Canvas, width: int) -> Iterator[str]:
    """Yield a line across the canvas."""
    yield canvas.stylize("─" * (width or _RULE_WIDTH), "muted")


def hanging(*pieces: Piece, indent: int = 0) -> Block:
    """Return a block of pieces on one line, whose further lines are indented by two columns if it is too wide."""

    def lines(canvas: Canvas, width: int) -> Iterator[str]:
        for number, (line, _) in enumerate(wrap_piece(canvas, join_pieces(pieces, " "), width - indent - 2)):
            yield " " * (indent + 2 * bool(number)) + line

    return lines


def truncated(text: str, style: str) -> Block:
    """Return a block of one line that is cut at the width."""
    return lambda canvas, width: iter([canvas.stylize(canvas.truncate(text, width), style)])


def paragraph(*pieces: Piece, separator: str = " · ", indent: int = 0) -> Block:
    """Return a block of pieces that fill lines; a piece is split only if it is wider than a line."""
    return lambda canvas, width: (" " * indent + line for line, _ in flow(canvas, pieces, width - indent, separator))


def grid(rows: Sequence[Sequence[Piece]], *, indent: int = 0, joins: bool = False) -> Block:
    """Return a block of rows in aligned columns without the empty ones; the last column wraps.

    If the width is too small for the last column, each row becomes a paragraph with a hanging indent. If `joins` is
    true, columns that do not fit are joined to one, except for the first one and the first visible one after it.
    """

    def lines(canvas: Canvas, width: int) -> Iterator[str]:
        sizes = [[piece_width(canvas, cell) for cell in row] for row in rows]
        widths = [canvas.column(column) for column in zip(*sizes, strict=True)]
        visible = [index for index in range(len(widths)) if any(row[index] for row in sizes)]
        if not visible:
            return
        last = visible.pop()
        last_width = width - indent - sum(widths[index] + 2 for index in visible)
        is_bounded = canvas.width is not None
        if joins and is_bounded and last_width < widths[last]:
            first = next(index for index in (*visible, last) if index)
            joined = [[row[0], row[first], join_pieces(row[first + 1 :])] for row in rows]
            yield from grid(joined, indent=indent)(canvas, width)
        elif is_bounded and last_width < min(widths[last], _MIN_LAST_WIDTH):
            for row in rows:
                cells = [cell for cell in row if piece_width(canvas, cell)]
                flowed = flow(canvas, cells, width - indent - 2, "  ")
                yield from (" " * (indent + 2 * bool(number)) + line for number, (line, _) in enumerate(flowed))
        else:
            for row in rows:
                columns = [([style_piece(canvas, row[index])], widths[index], 2) for index in visible]
                end = list(wrap_piece(canvas, row[last], last_width))
                yield from beside(([], indent, 0), *columns, (end, 0, 0))

    return lines


def section(
    label: str, blocks: Iterable[Block], style: str = "muted", indent: int = 0, min_label: int = 9, min_width: int = 49
) -> Block:
    """Return blocks with a label beside them, or above if they would have less than `min_width` columns."""

    def lines(canvas: Canvas, width: int) -> Iterator[str]:
        styled, size = style_piece(canvas, [(label, style)])
        label_width = max(min_label, size) + 2
        is_beside = canvas.width is None or width - indent - label_width >= min_width
        prefix = " " * indent + styled + " " * (label_width - size)
        label_width = indent + (label_width if is_beside else 2)
        for number, line in enumerate(line for block in blocks for line in block(canvas, width - label_width)):
            if not (number or is_beside):
                yield from paragraph([(label, style)], indent=indent)(canvas, width)
            yield (" " * label_width if number or not is_beside else prefix) + line if line else ""

    return lines


def beside(*columns: Column) -> Iterator[str]:
    """Yield the lines of the columns side by side."""
    for lines in zip_longest(*(lines for lines, _, _ in columns), fillvalue=("", 0)):
        cells = zip(lines, columns, strict=True)
        yield "".join([f"{text}{' ' * (width - size)}{' ' * gap}" for (text, size), (_, width, gap) in cells]).rstrip()


def align_right(lines: Iterable[Line], width: int) -> list[Line]:
    """Return the lines with spaces before them up to the width."""
    return [(" " * (width - size) + line, max(size, width)) for line, size in lines]


def wrap_piece(canvas: Canvas, piece: Piece, width: int) -> Iterator[Line]:
    """Yield the styled piece in lines of at most the width."""
    piece = [(canvas.sanitize(part), style) for part, style in piece]
    whole = "".join([part for part, _ in piece])
    size = canvas.measure(whole)
    if canvas.width is None or size <= width:
        yield "".join([canvas.stylize(part, style) for part, style in piece]), size
        return
    if len(piece) == 1:
        yield from ((canvas.stylize(line, piece[0][1]), canvas.measure(line)) for line in canvas.wrap(whole, width))
        return
    styles = [style for part, style in piece for _ in part]
    position = 0
    for line in canvas.wrap(whole, width):
        styled = []
        for character in line:
            # Wrapping removes only spaces.
            position = whole.index(character, position) + 1
            styled.append((styles[position - 1], character))
        runs = ((style, "".join(c for _, c in run)) for style, run in groupby(styled, key=itemgetter(0)))
        yield "".join(canvas.stylize(run, style) for style, run in runs), canvas.measure(line)


def piece_width(canvas: Canvas, piece: Piece) -> int:
    """Return the width of the piece in columns."""
    return sum(canvas.measure(canvas.sanitize(text)) for text, _ in piece)


def style_piece(canvas: Canvas, piece: Piece) -> Line:
    """Return the styled piece on one line."""
    return "".join([canvas.stylize(text, style) for text, style in piece]), piece_width(canvas, piece)


def join_pieces(pieces: Iterable[Piece], separator: str = " · ") -> list[tuple[str, str]]:
    """Return one piece of all pieces that are not empty."""
    joined: list[tuple[str, str]] = []
    for piece in pieces:
        if any(text for text, _ in piece):
            joined += [*([(separator, "muted")] if joined else []), *piece]
    return joined


def flow(canvas: Canvas, pieces: Iterable[Piece], width: int, separator: str = " · ") -> Iterator[Line]:
    """Yield lines of pieces; a piece is split only if it is wider than a line."""
    line: list[tuple[str, str]] = []
    for piece in pieces:
        extended = join_pieces([line, piece], separator)
        if canvas.width is not None and line and piece_width(canvas, extended) > width:
            yield from wrap_piece(canvas, line, width)
            extended = list(piece)
        line = extended
    if line:
        yield from wrap_piece(canvas, line, width)
