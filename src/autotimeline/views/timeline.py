"""The story from top to bottom: years, marks by status, gaps between events, figures."""

from __future__ import annotations

from itertools import zip_longest

from autotimeline.dates.gap import gap_between
from autotimeline.render.text_layout import flow, piece_width, style_piece, wrap_piece
from autotimeline.reports.elapsed import WINDOW_FIELDS, elapsed_cells, event_window, window_of_row
from autotimeline.table import Table
from autotimeline.views._elapsed_rows import elapsed_rows
from autotimeline.views._event_text import (
    DISPUTED,
    POSSIBLE,
    UNDATED,
    dispute_pieces,
    figure_pieces,
    legend_pieces,
    mark_piece,
    year_heading,
)
from autotimeline.views._row_counter import RowCounter, event_columns, text_rows
from autotimeline.views._store_blocks import store_blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.dates.gap import Gap
    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.elapsed import EventWindow

DEFAULT_FIELDS = ("id", "date", "match", "status", "title", "figures")

_EVENT_FIELDS = (
    *("id", "date", "match", "title", "figures", "reported", "disputed"),
    *("mark", "uncertain", "start_first", "start_last", "end_first", "end_last"),
)
_NARROW = 60  # below it the date stands above the title
_WIDE_DATES = 100  # from it on there is room for a span of two months in one line
_MIN_GAP_DAYS = 30  # days: a shorter silence is not worth a line
_MAX_GAP_RATIO = 4  # times: a gap that may be longer still is not known well enough to be one


def table(selection: Selection, fields: Sequence[str], *, exact: bool = False, since: str | None = None) -> Table:
    """Return a row for each event, in the order of their dates, with these fields; those of ELAPSED too, `since` it.

    Drawn, an event stands under the year of its earliest day (of its latest, where it has no earliest),
    so that the years run in the order of the events; undated ones come last, under `undated`.

    A gap is told between two neighbours where at least 30 days surely lie between the end of the one
    and the start of the other, and at most four times what surely does: "2–19 months" says little. Where
    the rows are sorted by a field, or a date is disputed or uncertain, none is told. With the field `gap`
    each is. `exact` tells them in days.
    """
    counter = RowCounter(selection)
    anchor = event_window(selection, since) if since else None
    return Table(
        event_columns(fields),
        elapsed_rows(counter, fields, anchor),
        footer=counter.footer,
        draw=lambda canvas: _draw(
            selection, counter, canvas, exact=exact, show_every_gap="gap" in fields, since=anchor
        ),
        store_blocks=lambda: store_blocks(selection),
        text_rows=text_rows(selection, fields),
    )


def _draw(
    selection: Selection,
    counter: RowCounter,
    canvas: Canvas,
    *,
    exact: bool,
    show_every_gap: bool,
    since: EventWindow | None,
) -> Iterator[str]:
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
        if (
            previous
            and previous_window
            and window
            and (gap := previous_window.gap_to(window) if show_every_gap else _gap_to_show(previous, event, selection))
        ):
            yield from layout.gap_lines(previous_window.qualify(window, gap.exact if exact else gap.text))
        elif previous and year != heading and UNDATED in (year, heading):
            yield ""
        elapsed = elapsed_cells("since_event", since, window)["since"]
        details = _detail_pieces(event, selection, [str(elapsed)] if elapsed else [])
        yield from layout.event_lines(event, year if year != heading else "", details)
        seen |= {event["mark"], event["match"], *(["disputed"] if event["disputed"] else [])}
        previous, previous_window, heading = event, window, year
    if previous:
        yield ""
        for line, _ in flow(canvas, legend_pieces(seen), canvas.width or 0, "   "):
            yield line


def _gap_to_show(previous: dict[str, Any], event: dict[str, Any], selection: Selection) -> Gap | None:
    """Return the time between two neighbours, where it is worth a line."""
    neighbors = (previous, event)
    is_uncertain = any(one["start_first"] is None or one["uncertain"] or "date" in one["disputed"] for one in neighbors)
    if selection.sort or is_uncertain:
        return None
    first, then = (event, previous) if selection.reverse else (previous, event)
    gap = gap_between((first["end_first"], first["end_last"]), (then["start_first"], then["start_last"]))
    if gap.low is None or gap.high is None or not _MIN_GAP_DAYS <= gap.low <= gap.high <= _MAX_GAP_RATIO * gap.low:
        return None
    return gap


def _detail_pieces(event: dict[str, Any], selection: Selection, elapsed: list[str]) -> list[list[Piece]]:
    """Return what is told below the title: how the event stands and its figures, and each dispute by itself."""
    names = selection.names
    states = [event["mark"]] if event["mark"] in ("cancelled", "overdue") else []
    states += ["reported"] if event["reported"] else []
    pieces: list[Piece] = [*([(words, "muted")] for words in elapsed), *([(state, state)] for state in states)]
    pieces += figure_pieces(event["figures"], names, event["date"])
    full_event = selection.catalog.event(event["id"]) if event["disputed"] else None
    return [pieces, *([piece] for piece in (dispute_pieces(full_event, names) if full_event else ()))]


class _WideLayout:
    """Year, mark, date and text beside each other; the id at the right edge, where the text leaves room."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.date_width = 11 if canvas.width is not None and canvas.width < _WIDE_DATES else 15
        # The mark, and both signs that may stand beside it.
        self.mark_width = canvas.measure(canvas.sanitize(f"● {POSSIBLE}{DISPUTED}"))
        self.indent = 6 + self.mark_width + 1 + self.date_width + 2
        self.width = (canvas.width or 0) - self.indent
        rails = {True: "│", False: " "}
        self.rail_by_dated = {
            dated: self._year_text("") + style_piece(canvas, [(rail, "muted")], self.mark_width + 1)
            for dated, rail in rails.items()
        }

    def gap_lines(self, words: str) -> Iterator[str]:
        yield " " * 6 + self.canvas.stylize("┆" + " " * self.mark_width + words, "muted")

    def event_lines(self, event: dict[str, Any], heading: str, details: list[list[Piece]]) -> Iterator[str]:
        canvas = self.canvas
        is_dated = event["date"] is not None
        if not is_dated and heading:
            yield canvas.stylize(heading, "year")
        title = list(wrap_piece(canvas, [(event["title"], "")], self.width))
        detail_lines = [line for pieces in details for line in flow(canvas, pieces, self.width)]
        lines = [line for line, _ in title[:-1]]
        lines += _add_id(canvas, [title[-1], *detail_lines], event["id"], self.width)
        # A long span is broken behind its stroke.
        date = (event["date"] or "").replace("/", "/ ")
        dates = (
            canvas.wrap(date, self.date_width) if canvas.measure(date) > self.date_width + 1 else [event["date"] or ""]
        )
        prefix = self._year_text(heading if is_dated else "") + style_piece(
            canvas, mark_piece(event), self.mark_width + 1
        )
        for line, day in zip_longest(lines, dates, fillvalue=""):
            space = " " * max(2, self.date_width + 2 - canvas.measure(day))
            yield (prefix + canvas.stylize(day, "date") + space + line).rstrip()
            prefix = self.rail_by_dated[is_dated]

    def _year_text(self, year: str) -> str:
        return (self.canvas.stylize(self.canvas.pad(year, 4), "year") if year else " " * 4) + "  "


class _NarrowLayout:
    """Year, date and title below each other; the id beside the date, where there is room."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.width = canvas.width or 0

    def gap_lines(self, words: str) -> Iterator[str]:
        for line in self.canvas.wrap(words, self.width - 2):
            yield self.canvas.stylize(f"┆ {line}", "muted")

    def event_lines(self, event: dict[str, Any], heading: str, details: list[list[Piece]]) -> Iterator[str]:
        canvas = self.canvas
        if heading:
            yield canvas.stylize(heading, "year")
        signs = mark_piece(event)
        mark_width = max(2, piece_width(canvas, signs) + (len(signs) > 2))
        rail = style_piece(canvas, [("│" if event["date"] else "", "muted")], 2)
        dates = list(wrap_piece(canvas, [(event["date"] or "", "date")], self.width - mark_width))
        for number, line in enumerate(_add_id(canvas, dates, event["id"], self.width - mark_width)):
            yield (rail + " " * (mark_width - 2) if number else style_piece(canvas, signs, mark_width)) + line
        for line, _ in wrap_piece(canvas, [(event["title"], "")], self.width - 2):
            yield rail + line
        for pieces in details:
            for line, _ in flow(canvas, pieces, self.width - 2):
                yield rail + line


def _add_id(canvas: Canvas, texts: list[tuple[str, int]], id: str, width: int) -> Iterator[str]:
    """Yield the lines with the id at the right edge of the first that has room, else on a line of its own."""
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
