"""`timeline`: events from top to bottom, with years, status marks, gaps, and figures."""

from __future__ import annotations

from itertools import zip_longest

from autotimeline.dates.gap import gap_between
from autotimeline.render.text_layout import flow, piece_width, style_piece, wrap_piece
from autotimeline.reports.elapsed import WINDOW_FIELDS, elapsed_cells, event_window, window_of_row
from autotimeline.views._elapsed_rows import elapsed_rows
from autotimeline.views._event_rows import RowCounter, event_table
from autotimeline.views._event_text import (
    DISPUTED,
    POSSIBLE,
    UNDATED,
    dispute_pieces,
    figure_pieces,
    legend_lines,
    mark_piece,
    year_heading,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.dates.gap import Gap
    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.elapsed import EventWindow
    from autotimeline.table import Table

DEFAULT_FIELDS = ("id", "date", "match", "status", "title", "figures")

_EVENT_FIELDS = (
    *("id", "date", "match", "title", "figures", "reported", "disputed"),
    *("mark", "uncertain", "sort_day", "start_first", "start_last", "end_first", "end_last"),
)
_NARROW = 60  # columns; below this width the date is above the title
_WIDE_DATES = 100  # columns; from this width on, a span of two months fits in one line
_MIN_GAP_DAYS = 30
_MAX_GAP_RATIO = 4  # of the longest to the shortest possible gap: "2–19 months" is not informative


def table(selection: Selection, fields: Sequence[str], *, exact: bool = False, since: str | None = None) -> Table:
    """Return one row per event in the order of dates; fields of ELAPSED_COLUMNS count from the event `since`.

    The drawing shows the gap between two neighbors if it is certain, long, and well known (see `_gap_to_show`), or
    every gap if `gap` is a field; `exact` shows gaps in days.
    """
    counter = RowCounter(selection)
    anchor = event_window(selection, since) if since else None
    every_gap = "gap" in fields

    def draw(canvas: Canvas) -> Iterator[str]:
        return _draw(counter, canvas, exact=exact, every_gap=every_gap, since=anchor)

    return event_table(counter, fields, elapsed_rows(counter, fields, anchor), draw)


def _draw(
    counter: RowCounter, canvas: Canvas, *, exact: bool, every_gap: bool, since: EventWindow | None
) -> Iterator[str]:
    selection = counter.selection
    layout = _NarrowLayout(canvas) if canvas.width is not None and canvas.width < _NARROW else _WideLayout(canvas)
    seen: set[str] = set()
    previous: dict[str, Any] | None = None
    previous_window: EventWindow | None = None
    heading = ""
    for row in selection.rows((*_EVENT_FIELDS, *WINDOW_FIELDS)):
        event: dict[str, Any] = dict(zip(_EVENT_FIELDS, row, strict=False))
        window = window_of_row(row[len(_EVENT_FIELDS) :])
        counter.count_row(event["match"])
        year = year_heading(event)
        gap = None
        if previous and previous_window and window:
            gap = previous_window.gap_to(window) if every_gap else _gap_to_show(previous, event, selection)
        if gap and previous_window and window:
            yield from layout.gap_lines(previous_window.qualify(window, gap.exact if exact else gap.text))
        elif previous and year != heading and UNDATED in (year, heading):
            yield ""
        elapsed = elapsed_cells("since_event", since, window)["since"]
        details = _detail_pieces(event, selection, str(elapsed or ""))
        yield from layout.event_lines(event, year if year != heading else "", details)
        seen |= {event["mark"], event["match"], *(["disputed"] if event["disputed"] else [])}
        previous, previous_window, heading = event, window, year
    if previous:
        yield ""
        yield from legend_lines(canvas, seen)


def _gap_to_show(previous: dict[str, Any], event: dict[str, Any], selection: Selection) -> Gap | None:
    """Return the gap if it is worth a line: at least 30 days, and at most 4 times as long as it certainly is.

    No gap is shown beside undated, uncertain, and disputed dates, nor in rows that are sorted by a field.
    """
    if selection.sort or any(
        neighbor["start_first"] is None or neighbor["uncertain"] or "date" in neighbor["disputed"]
        for neighbor in (previous, event)
    ):
        return None
    first, then = (event, previous) if selection.reverse else (previous, event)
    gap = gap_between((first["end_first"], first["end_last"]), (then["start_first"], then["start_last"]))
    if gap.low is None or gap.high is None or not _MIN_GAP_DAYS <= gap.low <= gap.high <= _MAX_GAP_RATIO * gap.low:
        return None
    return gap


def _detail_pieces(event: dict[str, Any], selection: Selection, elapsed: str) -> list[list[Piece]]:
    """Return the paragraphs below the title: elapsed time, status, and figures in one; then each dispute."""
    names = selection.names
    states = [event["mark"]] if event["mark"] in ("cancelled", "overdue") else []
    states += ["reported"] if event["reported"] else []
    pieces: list[Piece] = [*([[(elapsed, "muted")]] if elapsed else []), *([(state, state)] for state in states)]
    pieces += figure_pieces(event["figures"], names, event["date"])
    full_event = selection.catalog.event(event["id"]) if event["disputed"] else None
    return [pieces, *([piece] for piece in (dispute_pieces(full_event, names) if full_event else ()))]


class _WideLayout:
    """Year, mark, date, and text side by side; the id is at the right edge if it fits beside the text."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.date_width = 11 if canvas.width is not None and canvas.width < _WIDE_DATES else 15
        self.mark_width = canvas.measure(canvas.sanitize(f"● {POSSIBLE}{DISPUTED}"))
        self.indent = 6 + self.mark_width + 1 + self.date_width + 2
        self.width = (canvas.width or 0) - self.indent

    def gap_lines(self, text: str) -> Iterator[str]:
        yield " " * 6 + self.canvas.stylize("┆" + " " * self.mark_width + text, "muted")

    def event_lines(self, event: dict[str, Any], heading: str, details: list[list[Piece]]) -> Iterator[str]:
        canvas = self.canvas
        is_dated = event["date"] is not None
        if not is_dated and heading:
            yield canvas.stylize(heading, "year")
        title = list(wrap_piece(canvas, [(event["title"], "")], self.width))
        detail_lines = [line for pieces in details for line in flow(canvas, pieces, self.width)]
        lines = [line for line, _ in title[:-1]]
        lines += _add_id(canvas, [title[-1], *detail_lines], event["id"], self.width)
        dates = [event["date"] or ""]
        # A long span breaks after its slash.
        if canvas.measure(spaced := dates[0].replace("/", "/ ")) > self.date_width + 1:
            dates = canvas.wrap(spaced, self.date_width)
        year = style_piece(canvas, [(heading if is_dated else "", "year")], 4) + "  "
        prefix = year + style_piece(canvas, mark_piece(event), self.mark_width + 1)
        rail = " " * 6 + style_piece(canvas, [("│" if is_dated else " ", "muted")], self.mark_width + 1)
        for line, day in zip_longest(lines, dates, fillvalue=""):
            space = " " * max(2, self.date_width + 2 - canvas.measure(day))
            yield (prefix + canvas.stylize(day, "date") + space + line).rstrip()
            prefix = rail


class _NarrowLayout:
    """Year, date, and title one below the other; the id is beside the date if it fits."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.width = canvas.width or 0

    def gap_lines(self, text: str) -> Iterator[str]:
        for line in self.canvas.wrap(text, self.width - 2):
            yield self.canvas.stylize(f"┆ {line}", "muted")

    def event_lines(self, event: dict[str, Any], heading: str, details: list[list[Piece]]) -> Iterator[str]:
        canvas = self.canvas
        if heading:
            yield canvas.stylize(heading, "year")
        mark = mark_piece(event)
        mark_width = max(2, piece_width(canvas, mark) + (len(mark) > 2))
        rail = style_piece(canvas, [("│" if event["date"] else "", "muted")], 2)
        dates = list(wrap_piece(canvas, [(event["date"] or "", "date")], self.width - mark_width))
        for number, line in enumerate(_add_id(canvas, dates, event["id"], self.width - mark_width)):
            yield (rail + " " * (mark_width - 2) if number else style_piece(canvas, mark, mark_width)) + line
        title: list[Piece] = [[(event["title"], "")]]
        for pieces in (title, *details):
            for line, _ in flow(canvas, pieces, self.width - 2):
                yield rail + line


def _add_id(canvas: Canvas, texts: list[tuple[str, int]], id: str, width: int) -> Iterator[str]:
    """Yield the lines with the id at the right edge of the first one where it fits, or else on an extra line."""
    id_width = canvas.measure(id) + 2
    is_placed = False
    for line, size in texts:
        if not is_placed and (canvas.width is None or size + id_width <= width):
            is_placed = True
            space = 2 if canvas.width is None else width - size - id_width + 2
            yield line + " " * space + canvas.stylize(id, "muted")
        else:
            yield line
    for piece in canvas.wrap(id, width) if not is_placed else ():
        yield " " * max(0, width - canvas.measure(piece)) + canvas.stylize(piece, "muted")
