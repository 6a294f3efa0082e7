"""Timelines from top to bottom: of one selection, or of several sides whose events are drawn once each."""

from __future__ import annotations

from itertools import groupby, zip_longest
from operator import attrgetter

from autotimeline.render.canvas import STATUS_MARKS, flag_texts
from autotimeline.render.side_by_side import MIN_COLUMN_WIDTH, side_letter
from autotimeline.render.text_layout import align_right, beside, flow, join_pieces, piece_width, style_piece, wrap_piece
from autotimeline.text import is_slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Block, Column, Line, Piece

UNDATED = "undated"
"""The heading of events without a date."""
_ALL_FLAGS = "".join(text for text, _ in flag_texts(True, True))
_NARROW = 60  # columns; below this width the date is above the title
_WIDE_DATES = 100  # columns; from this width on, a span of two months fits in one line
_MARK_INDENT = 6  # columns of a year and the gap after it
_YEAR_WIDTH = 4


def timeline_gap(text: str) -> Block:
    """Return the line of the time between two events."""

    def lines(canvas: Canvas, width: int) -> Iterator[str]:
        if _is_narrow(canvas, width):
            yield from (canvas.stylize(f"┆ {line}", "muted") for line in canvas.wrap(text, width - 2))
        else:
            yield " " * _MARK_INDENT + canvas.stylize("┆" + " " * _mark_width(canvas) + text, "muted")

    return lines


def timeline_event(
    heading: str,
    mark: Piece,
    date: str | None,
    title: Piece,
    id: str,
    details: Sequence[Sequence[Piece]],
    *,
    is_dimmed: bool = False,
) -> Block:
    """Return the lines of an event: its year ("" if a heading has it), its mark and flags, date, and paragraphs."""
    date_style = "muted" if is_dimmed else "date"
    if is_dimmed:
        mark, title = _dim(mark), _dim(title)
        details = [[_dim(piece) for piece in pieces] for pieces in details]

    def wide_lines(canvas: Canvas, width: int) -> Iterator[str]:
        """Yield year, mark, date, and text side by side; the id is at the right edge if it fits beside the text."""
        date_width = 11 if canvas.width is not None and width < _WIDE_DATES else 15
        mark_width = _mark_width(canvas)
        width -= _MARK_INDENT + mark_width + 1 + date_width + 2
        titles = list(wrap_piece(canvas, title, width))
        paragraphs = [line for pieces in details for line in flow(canvas, pieces, width)]
        texts = [*titles[:-1], *_add_id(canvas, [titles[-1], *paragraphs], id, width, title)]
        dates = [date or ""]
        # A long span breaks after its slash.
        if canvas.measure(spaced := dates[0].replace("/", "/ ")) > date_width + 1:
            dates = canvas.wrap(spaced, date_width)
        year = style_piece(canvas, [(heading if date is not None else "", "year")])
        rail = style_piece(canvas, [("│" if date is not None else "", "muted")])
        yield from beside(
            ([year], _MARK_INDENT, 0),
            ([style_piece(canvas, mark), *[rail] * (max(len(texts), len(dates)) - 1)], mark_width, 1),
            ([style_piece(canvas, [(day, date_style)]) for day in dates], date_width, 2),
            (texts, 0, 0),
        )

    def narrow_lines(canvas: Canvas, width: int) -> Iterator[str]:
        """Yield date and title one below the other; the id is beside the date if it fits."""
        mark_width = max(2, piece_width(canvas, mark) + (len(mark) > 2))
        rail = style_piece(canvas, [("│" if date else "", "muted")])
        dates = list(wrap_piece(canvas, [(date or "", date_style)], width - mark_width))
        dates = list(_add_id(canvas, dates, id, width - mark_width, title))
        yield from beside(([style_piece(canvas, mark), *[rail] * (len(dates) - 1)], mark_width, 0), (dates, 0, 0))
        texts = [line for pieces in ([title], *details) for line in flow(canvas, pieces, width - 2)]
        yield from beside(([rail] * len(texts), 2, 0), (texts, 0, 0))

    def lines(canvas: Canvas, width: int) -> Iterator[str]:
        is_narrow = _is_narrow(canvas, width)
        if heading and (is_narrow or date is None):
            yield canvas.stylize(heading, "year")
        yield from narrow_lines(canvas, width) if is_narrow else wide_lines(canvas, width)

    return lines


def _dim(piece: Piece) -> Piece:
    return [(text, "muted") for text, _ in piece]


def _is_narrow(canvas: Canvas, width: int) -> bool:
    return canvas.width is not None and width < _NARROW


def _mark_width(canvas: Canvas) -> int:
    """Return the width of a mark, a space, and all flags."""
    return canvas.measure(canvas.sanitize(f"● {_ALL_FLAGS}"))


def _add_id(canvas: Canvas, texts: Sequence[Line], id: str, width: int, title: Piece) -> Iterator[Line]:
    """Yield the lines with the id at the right edge of the first one where it fits, or else on an extra line.

    An id that only repeats the title has no extra line.
    """
    id_width = canvas.measure(id) + 2
    is_placed = False
    for line, size in texts:
        if not is_placed and (canvas.width is None or size + id_width <= width):
            is_placed = True
            space = 2 if canvas.width is None else width - size - id_width + 2
            yield line + " " * space + canvas.stylize(id, "muted"), width
        else:
            yield line, size
    repeats_title = not is_placed and is_slug(id, "".join(text for text, _ in title))
    for piece in () if is_placed or repeats_title else canvas.wrap(id, width):
        yield " " * max(0, width - canvas.measure(piece)) + canvas.stylize(piece, "muted"), width


class MergedEvent:
    """An event of one or more sides.

    Attributes:
        order: The position in time; events of the same position share a line.
        heading: The year, or UNDATED.
        matches: How the event matches each side ("certain", "possible", None).
    """

    def __init__(self, order: object, heading: str, event: Mapping[str, Any], matches: Sequence[str | None]) -> None:
        self.order = order
        self.heading = heading
        self.mark = event["mark"]
        self.date = event["date"]
        self.title = event["title"]
        self.disputed = event["disputed"]
        self.matches = matches

    @property
    def text(self) -> Piece:
        """The date and the title."""
        return join_pieces([[(self.date or "", "date")], [(self.title, "")]], " ")

    def mark_piece(self, *matches: str | None) -> Piece:
        """Return the mark, and the flags for these matches."""
        return [(STATUS_MARKS[self.mark], self.mark), *flag_texts("possible" in matches, self.disputed)]


def merged_timeline(labels: Sequence[str], events: Callable[[], Iterable[MergedEvent]]) -> Block:
    """Return a timeline of sides: two around an axis, more in columns, or all in one column if these are too narrow.

    `events` yields the events in order; it is called twice if the canvas has no width.
    """

    def lines(canvas: Canvas, width: int) -> Iterator[str]:
        layout = _choose_layout(canvas, width, labels, events)
        heading = ""
        yield from layout.side_lines([[(label, "title")] for label in labels], [[] for _ in labels], "")
        for _, group in groupby(events(), key=attrgetter("order")):
            events_by_side: list[list[MergedEvent]] = [[] for _ in labels]
            for event in group:
                if event.heading != heading:
                    heading = event.heading
                    yield from layout.heading_lines(heading)
                sides = [index for index, match in enumerate(event.matches) if match]
                if len(sides) == 1 and not isinstance(layout, _SingleColumn):
                    events_by_side[sides[0]].append(event)
                else:
                    yield from layout.shared_lines(event, sides)
            for row in zip_longest(*events_by_side):
                texts = [event.text if event else [] for event in row]
                marks = [event.mark_piece(event.matches[side]) if event else [] for side, event in enumerate(row)]
                yield from layout.side_lines(texts, marks, "" if heading == UNDATED else "│")

    return lines


def _choose_layout(
    canvas: Canvas, width: int, labels: Sequence[str], events: Callable[[], Iterable[MergedEvent]]
) -> _SingleColumn | _TwoSided | _MultiColumn:
    mark_width = _mark_width(canvas) - 1
    count = len(labels)
    if canvas.width is None:
        sizes = [[piece_width(canvas, [(label, "")])] for label in labels]
        for event in events():
            for side_sizes, match in zip(sizes, event.matches, strict=True):
                side_sizes += [piece_width(canvas, event.text)] if match else []
        text_widths = list(map(canvas.column, sizes))
    else:
        column_width = (width - 3) // 2 - 1 if count == 2 else (width - _YEAR_WIDTH) // count - 3
        text_widths = [column_width - mark_width] * count
        if text_widths[0] < MIN_COLUMN_WIDTH:
            return _SingleColumn(canvas, mark_width, [width] * count)
    layout = _TwoSided if count == 2 else _MultiColumn
    return layout(canvas, mark_width, text_widths)


class _Layout:
    """A layout of several sides, with marks and texts of a width for each side."""

    def __init__(self, canvas: Canvas, mark_width: int, text_widths: Sequence[int]) -> None:
        self.canvas = canvas
        self.mark_width = mark_width
        self.text_widths = text_widths
        self.text_width = max(text_widths)
        self.axis_column = self.text_width + mark_width + 2
        self.year = ""

    def wrap(self, piece: Piece, width: int) -> list[Line]:
        return list(wrap_piece(self.canvas, piece, width)) if piece else []

    def style(self, piece: Piece) -> list[Line]:
        return [style_piece(self.canvas, piece)]

    def heading_lines(self, year: str) -> Iterator[str]:
        yield self.canvas.stylize(year, "year")


class _SingleColumn(_Layout):
    """One column, with the letters of its sides before each event; `text_widths` are of whole lines."""

    def side_lines(self, texts: Sequence[Piece], marks: Sequence[Piece], rail: str) -> Iterator[str]:
        return iter(())

    def shared_lines(self, event: MergedEvent, sides: Sequence[int]) -> Iterator[str]:
        letters = "".join(
            side_letter(index) if index in sides else " " * len(side_letter(index))
            for index in range(len(self.text_widths))
        )
        mark, *flags = event.mark_piece(*event.matches)
        piece = join_pieces([[mark], flags, event.text], " ")
        lines = self.wrap(piece, self.text_width - len(letters) - 1)
        yield from beside((self.style([(letters, "changed")]), len(letters), 1), (lines, 0, 0))


class _TwoSided(_Layout):
    """Two sides, left and right of the axis."""

    def heading_lines(self, year: str) -> Iterator[str]:
        year = self.canvas.sanitize(year)
        yield " " * max(0, self.axis_column - len(year) // 2) + self.canvas.stylize(year, "year")

    def side_lines(self, texts: Sequence[Piece], marks: Sequence[Piece], rail: str) -> Iterator[str]:
        left, right = (self.wrap(text, self.text_width) for text in texts)
        yield from beside(
            (align_right(left, self.text_width), self.text_width, 1),
            (align_right(self.style(marks[0][::-1]), self.mark_width), self.mark_width, 1),
            (self.style([(rail, "muted")]) * max(len(left), len(right)), 1, 1),
            (self.style(marks[1]), self.mark_width, 1),
            (right, 0, 0),
        )

    def shared_lines(self, event: MergedEvent, sides: Sequence[int]) -> Iterator[str]:
        """Yield an event of both sides: a rule across the axis, and the title below, centered on the axis."""
        canvas = self.canvas
        left = flag_texts(event.matches[0] == "possible", False)
        mark, *flags = event.mark_piece(event.matches[1])
        right = [(" " if flags else "", ""), *flags]
        width = 2 * self.axis_column + 1
        with_date = [*right, (f" {event.date}" if event.date else "", "date")]
        fits = self.axis_column + 2 + piece_width(canvas, with_date) < width
        right = with_date if fits else right
        left_rule = canvas.stylize("─" * (self.axis_column - 1 - piece_width(canvas, left)), "muted")
        right_rule = canvas.stylize("─" * (width - self.axis_column - 2 - piece_width(canvas, right)), "muted")
        yield f"{left_rule} {style_piece(canvas, [*left, mark, *right])[0]} {right_rule}"
        # A long date precedes the title.
        for line, size in wrap_piece(canvas, [(event.title, "")] if fits else event.text, width - 4):
            yield " " * max(0, self.axis_column - size // 2) + line


class _MultiColumn(_Layout):
    """One column per side, with the years to their left."""

    def heading_lines(self, year: str) -> Iterator[str]:
        self.year = "" if year == UNDATED else year
        return super().heading_lines(year) if year == UNDATED else iter(())

    def side_lines(self, texts: Sequence[Piece], marks: Sequence[Piece], rail: str) -> Iterator[str]:
        columns: list[Column] = [(self.style([(self.year, "year")]), _YEAR_WIDTH, 2)]
        for text, mark, width in zip(texts, marks, self.text_widths, strict=True):
            columns += [(self.style(mark), self.mark_width, 1), (self.wrap(text, width), width, 2)]
        yield from beside(*columns)
        self.year = ""

    def shared_lines(self, event: MergedEvent, sides: Sequence[int]) -> Iterator[str]:
        """Yield an event of several sides: its text in the first of their columns, its mark in all of them."""
        texts: list[Piece] = [[] for _ in self.text_widths]
        marks = list(texts)
        for index in sides:
            texts[index] = event.text if index == sides[0] else [("← the same", "muted")]
            marks[index] = event.mark_piece(event.matches[index])
        yield from self.side_lines(texts, marks, "")
