"""The merged timeline of `compare`: time runs down, and each event is drawn once, in the column of its side."""

from __future__ import annotations

from itertools import groupby, zip_longest
from operator import itemgetter

from autotimeline.render.canvas import STATUS_MARKS
from autotimeline.render.side_by_side import MIN_COLUMN_WIDTH, side_letter
from autotimeline.render.text_layout import piece_width, style_piece, wrap_piece
from autotimeline.reports.comparison import merge_sides
from autotimeline.views._event_text import DISPUTED, POSSIBLE, UNDATED, legend_lines, year_heading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.comparison import Side

    SizedLine = tuple[str, int]

_EVENT_FIELDS = ("id", "date", "title", "disputed", "mark", "sort_day")
_YEAR_WIDTH = 4


def draw_merged_timeline(canvas: Canvas, sides: Sequence[Side]) -> Iterator[str]:
    """Yield the lines of the merged timeline: two sides around an axis, more sides in columns, or all in one column.

    Events have year headings as in `timeline`; events of the same date share a line.
    """
    layout = _choose_layout(canvas, sides)
    seen: set[str] = set()
    heading = ""
    yield from layout.header_lines([side.label for side in sides])
    for _, group in groupby(merge_sides(sides, _EVENT_FIELDS), key=itemgetter(0)):
        single_side_events: list[list[dict[str, Any]]] = [[] for _ in sides]
        for _, cells, matches in group:
            event: dict[str, Any] = dict(zip(_EVENT_FIELDS, cells, strict=True))
            event["matches"] = matches
            seen |= {event["mark"], *filter(None, matches), *(["disputed"] if event["disputed"] else [])}
            year = year_heading(event)
            if year != heading:
                yield from layout.heading_lines(year)
                heading = year
            side_indexes = [index for index, match in enumerate(matches) if match]
            if len(side_indexes) == 1 and layout.has_columns:
                single_side_events[side_indexes[0]].append(event)
            else:
                yield from layout.shared_lines(event, side_indexes)
        for events in zip_longest(*single_side_events):
            yield from layout.single_side_lines(events)
    yield ""
    yield from legend_lines(canvas, seen)


def _choose_layout(canvas: Canvas, sides: Sequence[Side]) -> Any:
    mark_width = canvas.measure(canvas.sanitize(f"●{POSSIBLE}{DISPUTED}"))
    is_two_sided = len(sides) == 2
    if canvas.width is None:
        text_widths = []
        for side in sides:
            pieces = [[(side.label, "")], *(_text_piece(*row) for row in side.selection.rows(("date", "title")))]
            text_widths.append(canvas.column(piece_width(canvas, piece) for piece in pieces))
    else:
        column_width = (canvas.width - 3) // 2 - 1 if is_two_sided else (canvas.width - _YEAR_WIDTH) // len(sides) - 3
        if column_width - mark_width < MIN_COLUMN_WIDTH:
            return _SingleColumn(canvas, len(sides))
        text_widths = [column_width - mark_width] * len(sides)
    if is_two_sided:
        return _TwoSided(canvas, mark_width, max(text_widths))
    return _MultiColumn(canvas, mark_width, text_widths)


def _text_piece(date: str | None, title: str) -> list[tuple[str, str]]:
    return [(date or "", "date"), (" " if date else "", ""), (title, "")]


def _text_lines(canvas: Canvas, event: dict[str, Any] | None, width: int) -> list[SizedLine]:
    return list(wrap_piece(canvas, _text_piece(event["date"], event["title"]), width)) if event else []


def _mark_pieces(event: dict[str, Any], side_index: int) -> list[tuple[str, str]]:
    """Return the mark and the flags of an event on one side."""
    return [_mark(event), *_flag_pieces(event, event["matches"][side_index])]


def _mark(event: dict[str, Any]) -> tuple[str, str]:
    return STATUS_MARKS[event["mark"]], event["mark"]


def _flag_pieces(event: dict[str, Any], *matches: str | None) -> list[tuple[str, str]]:
    flags = [(POSSIBLE, "possible")] if "possible" in matches else []
    return flags + ([(DISPUTED, "disputed")] if event["disputed"] else [])


class _TwoSided:
    """Two sides, left and right of the axis."""

    has_columns = True

    def __init__(self, canvas: Canvas, mark_width: int, text_width: int) -> None:
        self.canvas = canvas
        self.mark_width = mark_width
        self.text_width = text_width
        self.axis_column = text_width + mark_width + 2
        self.has_rail = True

    def header_lines(self, labels: Sequence[str]) -> Iterator[str]:
        left, right = (list(wrap_piece(self.canvas, [(label, "title")], self.text_width)) for label in labels)
        yield from self._row_lines(left, [], right, [], "")

    def heading_lines(self, year: str) -> Iterator[str]:
        self.has_rail = year != UNDATED
        year = self.canvas.sanitize(year)
        yield " " * max(0, self.axis_column - len(year) // 2) + self.canvas.stylize(year, "year")

    def single_side_lines(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        left, right = (_text_lines(self.canvas, event, self.text_width) for event in events)
        marks = [_mark_pieces(event, index) if event else [] for index, event in enumerate(events)]
        yield from self._row_lines(left, marks[0][::-1], right, marks[1], "│" if self.has_rail else " ")

    def _row_lines(
        self, left: list[SizedLine], left_marks: Piece, right: list[SizedLine], right_marks: Piece, rail: str
    ) -> Iterator[str]:
        canvas = self.canvas
        for (left_line, size), (right_line, _) in zip_longest(left, right, fillvalue=("", 0)):
            marks = " " * (self.mark_width - piece_width(canvas, left_marks)) + style_piece(canvas, left_marks)
            left_half = " " * (self.text_width - size) + left_line + " " + marks
            right_half = style_piece(canvas, right_marks, self.mark_width) + " " + right_line
            yield f"{left_half} {canvas.stylize(rail or ' ', 'muted')} {right_half}".rstrip()
            left_marks, right_marks = [], []

    def shared_lines(self, event: dict[str, Any], side_indexes: Sequence[int]) -> Iterator[str]:
        """Yield an event of both sides: a rule across the axis, and the title below, centered on the axis."""
        canvas = self.canvas
        left, right = (_flag_pieces(event, match) for match in event["matches"])
        left = [flag for flag in left if flag[0] != DISPUTED]
        right = [(" " if right else "", ""), *right]
        width = 2 * self.axis_column + 1
        with_date = [*right, (f" {event['date']}" if event["date"] else "", "date")]
        text = [(event["title"], "")]
        if self.axis_column + 2 + piece_width(canvas, with_date) < width:
            right = with_date
        else:
            # A long date precedes the title.
            text = _text_piece(event["date"], event["title"])
        left_rule = canvas.stylize("─" * (self.axis_column - 1 - piece_width(canvas, left)), "muted")
        right_rule = canvas.stylize("─" * (width - self.axis_column - 2 - piece_width(canvas, right)), "muted")
        yield f"{left_rule} {style_piece(canvas, [*left, _mark(event), *right])} {right_rule}"
        for line, size in wrap_piece(canvas, text, width - 4):
            yield " " * max(0, self.axis_column - size // 2) + line


class _MultiColumn:
    """One column per side, with the years to their left."""

    has_columns = True

    def __init__(self, canvas: Canvas, mark_width: int, text_widths: Sequence[int]) -> None:
        self.canvas = canvas
        self.mark_width = mark_width
        self.text_widths = text_widths
        self.year = ""

    def header_lines(self, labels: Sequence[str]) -> Iterator[str]:
        sized_labels = zip(labels, self.text_widths, strict=True)
        cells = [list(wrap_piece(self.canvas, [(label, "title")], width)) for label, width in sized_labels]
        yield from self._row_lines(cells, {})

    def heading_lines(self, year: str) -> Iterator[str]:
        self.year = year
        if year == UNDATED:
            yield self.canvas.stylize(year, "year")
            self.year = ""

    def single_side_lines(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        sized_events = zip(events, self.text_widths, strict=True)
        cells = [_text_lines(self.canvas, event, width) for event, width in sized_events]
        marks = {index: _mark_pieces(event, index) for index, event in enumerate(events) if event}
        yield from self._row_lines(cells, marks)

    def shared_lines(self, event: dict[str, Any], side_indexes: Sequence[int]) -> Iterator[str]:
        """Yield an event of several sides: its text in the first of their columns, its mark in all of them."""
        cells: list[list[SizedLine]] = [[] for _ in self.text_widths]
        for index in side_indexes:
            cells[index] = list(wrap_piece(self.canvas, [("← the same", "muted")], self.text_widths[index]))
        cells[side_indexes[0]] = _text_lines(self.canvas, event, self.text_widths[side_indexes[0]])
        yield from self._row_lines(cells, {index: _mark_pieces(event, index) for index in side_indexes})

    def _row_lines(self, cells: Sequence[list[SizedLine]], marks: dict[int, list[tuple[str, str]]]) -> Iterator[str]:
        for lines in zip_longest(*cells, fillvalue=("", 0)):
            text_line = style_piece(self.canvas, [(self.year, "year")], _YEAR_WIDTH)
            for index, (line, size) in enumerate(lines):
                mark = style_piece(self.canvas, marks.get(index, []), self.mark_width)
                text_line += f"  {mark} {line}" + " " * (self.text_widths[index] - size)
            yield text_line.rstrip()
            self.year, marks = "", {}


class _SingleColumn:
    """One column, with the letters of its sides before each event."""

    has_columns = False

    def __init__(self, canvas: Canvas, sides: int) -> None:
        self.canvas = canvas
        self.letters = [side_letter(index) for index in range(sides)]
        self.indent = sum(map(len, self.letters)) + 1
        self.width = (canvas.width or 0) - self.indent

    def header_lines(self, labels: Sequence[str]) -> Iterator[str]:
        return iter(())

    def heading_lines(self, year: str) -> Iterator[str]:
        yield self.canvas.stylize(year, "year")

    def single_side_lines(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        return iter(())

    def shared_lines(self, event: dict[str, Any], side_indexes: Sequence[int]) -> Iterator[str]:
        letters = "".join(
            letter if index in side_indexes else " " * len(letter) for index, letter in enumerate(self.letters)
        )
        flags = _flag_pieces(event, *event["matches"])
        text = _text_piece(event["date"], event["title"])
        piece = [_mark(event), (" ", ""), *flags, (" " if flags else "", ""), *text]
        for number, (line, _) in enumerate(wrap_piece(self.canvas, piece, self.width)):
            yield style_piece(self.canvas, [(letters if not number else "", "changed")], self.indent) + line
