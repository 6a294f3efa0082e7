"""Stories on one axis: time runs down, each event on the side that has it, what several have once."""

from __future__ import annotations

from itertools import groupby, zip_longest

from autotimeline.render.canvas import STATUS_MARKS
from autotimeline.render.side_by_side import MIN_COLUMN_WIDTH, side_letter
from autotimeline.render.text_layout import flow, piece_width, style_piece, wrap_piece
from autotimeline.reports.comparison import merge_sides
from autotimeline.views._event_text import DISPUTED, POSSIBLE, UNDATED, legend_pieces, year_heading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.comparison import Side

    SizedLine = tuple[str, int]

_EVENT_FIELDS = ("id", "date", "title", "disputed", "mark", "start_first", "end_last")
_YEAR_WIDTH = 4


def draw_merged_timeline(canvas: Canvas, sides: Sequence[Side]) -> Iterator[str]:
    """Yield the merged story: with two sides left and right of the axis, with more a column each; narrow, one column.

    Events stand under years as in a timeline, on one line where their dates are the same.
    """
    layout = _choose_layout(canvas, sides)
    seen: set[str] = set()
    heading = ""
    yield from layout.header_lines([side.label for side in sides])
    for _, group in groupby(merge_sides(sides, _EVENT_FIELDS), key=lambda found: found[0]):
        single_side_events: list[list[dict[str, Any]]] = [[] for _ in sides]
        for _, cells, matches in group:
            event: dict[str, Any] = dict(zip(_EVENT_FIELDS, cells, strict=True))
            event["matches"] = matches
            seen |= {event["mark"], *filter(None, matches), *(["disputed"] if event["disputed"] else [])}
            year = year_heading(event)
            if year != heading:
                yield from layout.heading_lines(year)
                heading = year
            side_indexes = [at for at, match in enumerate(matches) if match]
            if len(side_indexes) == 1 and layout.has_columns:
                single_side_events[side_indexes[0]].append(event)
            else:
                yield from layout.shared_lines(event, side_indexes)
        for events in zip_longest(*single_side_events):
            yield from layout.single_side_lines(events)
    yield ""
    for line, _ in flow(canvas, legend_pieces(seen), canvas.width or 0, "   "):
        yield line


def _choose_layout(canvas: Canvas, sides: Sequence[Side]) -> Any:
    mark_width = canvas.measure(canvas.sanitize(f"●{POSSIBLE}{DISPUTED}"))
    if canvas.width is None:
        text_widths = [
            canvas.column(
                [
                    canvas.measure(canvas.sanitize(side.label)),
                    *(
                        piece_width(canvas, _event_text(dict(zip(("date", "title"), row, strict=True))))
                        for row in side.selection.rows(("date", "title"))
                    ),
                ]
            )
            for side in sides
        ]
        return (
            _TwoSided(canvas, mark_width, max(text_widths))
            if len(sides) == 2
            else _MultiColumn(canvas, mark_width, text_widths)
        )
    if len(sides) == 2:
        text_width = (canvas.width - 3) // 2 - 1 - mark_width
        return (
            _TwoSided(canvas, mark_width, text_width)
            if text_width >= MIN_COLUMN_WIDTH
            else _SingleColumn(canvas, len(sides))
        )
    text_width = (canvas.width - _YEAR_WIDTH) // len(sides) - 3 - mark_width
    return (
        _MultiColumn(canvas, mark_width, [text_width] * len(sides))
        if text_width >= MIN_COLUMN_WIDTH
        else _SingleColumn(canvas, len(sides))
    )


def _event_text(event: dict[str, Any]) -> Piece:
    return [(event["date"] or "", "date"), (" " if event["date"] else "", ""), (event["title"], "")]


def _sign_pieces(event: dict[str, Any], *matches: str | None) -> list[tuple[str, str]]:
    signs = [(POSSIBLE, "possible")] if "possible" in matches else []
    return signs + ([(DISPUTED, "disputed")] if event["disputed"] else [])


def _mark_piece(event: dict[str, Any]) -> tuple[str, str]:
    return STATUS_MARKS[event["mark"]], event["mark"]


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
        left, right = (
            [(line, size) for line, size in wrap_piece(self.canvas, [(label, "title")], self.text_width)]
            for label in labels
        )
        yield from self._row_lines(left, [], right, [], "")

    def heading_lines(self, year: str) -> Iterator[str]:
        self.has_rail = year != UNDATED
        year = self.canvas.sanitize(year)
        yield " " * max(0, self.axis_column - len(year) // 2) + self.canvas.stylize(year, "year")

    def single_side_lines(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        left, right = (
            [] if event is None else list(wrap_piece(self.canvas, _event_text(event), self.text_width))
            for event in events
        )
        signs: list[Piece] = [
            [] if event is None else [_mark_piece(event), *_sign_pieces(event, event["matches"][at])]
            for at, event in enumerate(events)
        ]
        yield from self._row_lines(left, signs[0][::-1], right, signs[1], "│" if self.has_rail else " ")

    def _row_lines(
        self, left: list[SizedLine], left_marks: Piece, right: list[SizedLine], right_marks: Piece, rail: str
    ) -> Iterator[str]:
        canvas = self.canvas
        for (left_line, size), (right_line, _) in zip_longest(left, right, fillvalue=("", 0)):
            marks = " " * (self.mark_width - piece_width(canvas, left_marks)) + style_piece(canvas, left_marks)
            text_line = (
                " " * (self.text_width - size) + left_line + " " + marks + " " + canvas.stylize(rail or " ", "muted")
            )
            yield (text_line + " " + style_piece(canvas, right_marks, self.mark_width) + " " + right_line).rstrip()
            left_marks, right_marks = [], []

    def shared_lines(self, event: dict[str, Any], side_indexes: Sequence[int]) -> Iterator[str]:
        """Yield an event that both have: a rule through the axis, and its title below, around it."""
        canvas = self.canvas
        left, right = (_sign_pieces(event, match) for match in event["matches"])
        left = [sign for sign in left if sign[0] != DISPUTED]
        right_pieces: list[tuple[str, str]] = [(" " if right else "", ""), *right]
        width = 2 * self.axis_column + 1
        date_pieces = [*right_pieces, (f" {event['date']}" if event["date"] else "", "date")]
        # A long date stands before the title.
        text = (
            [(event["title"], "")]
            if self.axis_column + 2 + piece_width(canvas, date_pieces) < width
            else _event_text(event)
        )
        right_pieces = date_pieces if len(text) == 1 else right_pieces
        rule_width = width - self.axis_column - 2 - piece_width(canvas, right_pieces)
        left_rule = (
            canvas.stylize("─" * (self.axis_column - 1 - piece_width(canvas, left)), "muted")
            + " "
            + style_piece(canvas, [*left, _mark_piece(event)])
        )
        yield left_rule + style_piece(canvas, right_pieces) + " " + canvas.stylize("─" * rule_width, "muted")
        for line, size in wrap_piece(canvas, text, width - 4):
            yield " " * max(0, self.axis_column - size // 2) + line


class _MultiColumn:
    """A column for each side, the years left of them."""

    has_columns = True

    def __init__(self, canvas: Canvas, mark_width: int, text_widths: Sequence[int]) -> None:
        self.canvas = canvas
        self.mark_width = mark_width
        self.text_widths = text_widths
        self.year = ""

    def header_lines(self, labels: Sequence[str]) -> Iterator[str]:
        yield from self._row_lines(
            [
                [*wrap_piece(self.canvas, [(label, "title")], size)]
                for label, size in zip(labels, self.text_widths, strict=True)
            ],
            {},
        )

    def heading_lines(self, year: str) -> Iterator[str]:
        self.year = year
        if year == UNDATED:
            yield self.canvas.stylize(year, "year")
            self.year = ""

    def single_side_lines(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        cells = [
            [] if event is None else list(wrap_piece(self.canvas, _event_text(event), size))
            for event, size in zip(events, self.text_widths, strict=True)
        ]
        yield from self._row_lines(
            cells,
            {
                at: [_mark_piece(event), *_sign_pieces(event, event["matches"][at])]
                for at, event in enumerate(events)
                if event
            },
        )

    def shared_lines(self, event: dict[str, Any], side_indexes: Sequence[int]) -> Iterator[str]:
        """Yield an event of several sides: its text in the first column that has it, its mark in the others."""
        first = side_indexes[0]
        cells: list[list[SizedLine]] = [[] for _ in self.text_widths]
        cells[first] = list(wrap_piece(self.canvas, _event_text(event), self.text_widths[first]))
        for index in side_indexes[1:]:
            cells[index] = list(wrap_piece(self.canvas, [("← the same", "muted")], self.text_widths[index]))
        yield from self._row_lines(
            cells, {at: [_mark_piece(event), *_sign_pieces(event, event["matches"][at])] for at in side_indexes}
        )

    def _row_lines(self, cells: Sequence[list[SizedLine]], signs: dict[int, Piece]) -> Iterator[str]:
        for lines in zip_longest(*cells, fillvalue=("", 0)):
            text_line = style_piece(self.canvas, [(self.year, "year")], _YEAR_WIDTH)
            for index, (line, size) in enumerate(lines):
                text_line += (
                    "  "
                    + style_piece(self.canvas, signs.get(index, []), self.mark_width)
                    + " "
                    + line
                    + " " * (self.text_widths[index] - size)
                )
            yield text_line.rstrip()
            self.year, signs = "", {}


class _SingleColumn:
    """One column: the letters of the sides that have an event stand before it."""

    has_columns = False

    def __init__(self, canvas: Canvas, sides: int) -> None:
        self.canvas = canvas
        self.letters = [side_letter(at) for at in range(sides)]
        self.indent = sum(map(len, self.letters)) + 1
        self.width = (canvas.width or 0) - self.indent

    def header_lines(self, labels: Sequence[str]) -> Iterator[str]:
        return iter(())

    def heading_lines(self, year: str) -> Iterator[str]:
        yield self.canvas.stylize(year, "year")

    def single_side_lines(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        return iter(())

    def shared_lines(self, event: dict[str, Any], side_indexes: Sequence[int]) -> Iterator[str]:
        letters = "".join(text if at in side_indexes else " " * len(text) for at, text in enumerate(self.letters))
        signs = _sign_pieces(event, *event["matches"])
        piece = [_mark_piece(event), (" ", ""), *signs, (" " if signs else "", ""), *_event_text(event)]
        for number, (line, _) in enumerate(wrap_piece(self.canvas, piece, self.width)):
            yield style_piece(self.canvas, [(letters if not number else "", "changed")], self.indent) + line
