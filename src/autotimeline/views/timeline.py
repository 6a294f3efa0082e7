"""`timeline`: events from top to bottom, with years, status marks, gaps, and figures."""

from __future__ import annotations

from autotimeline.dates.gap import gap_between
from autotimeline.render.canvas import STATUS_MARKS, flag_texts
from autotimeline.render.text_layout import blank
from autotimeline.render.timeline_layout import UNDATED, timeline_event, timeline_gap
from autotimeline.reports.elapsed import WINDOW_FIELDS, elapsed_cells, elapsed_rows, event_window, window_of_row
from autotimeline.views._event_rows import RowCounter, event_table
from autotimeline.views._event_text import dispute_pieces, figure_pieces, legend, year_heading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.dates.gap import Gap
    from autotimeline.query.selection import Selection
    from autotimeline.render.text_layout import Block, Piece
    from autotimeline.reports.elapsed import EventWindow
    from autotimeline.table import Table

DEFAULT_FIELDS = ("id", "date", "match", "status", "title", "figures")
NOTE_FIELDS = ("sources",)

_EVENT_FIELDS = (
    *("id", "date", "match", "title", "figures", "reported", "disputed"),
    *("mark", "uncertain", "sort_day", "start_first", "start_last", "end_first", "end_last"),
)
_MIN_GAP_DAYS = 30
_MAX_GAP_RATIO = 4  # of the longest to the shortest possible gap: "2–19 months" is not informative


def table(
    selection: Selection,
    fields: Sequence[str],
    *,
    exact: bool = False,
    since: str | None = None,
    context: int | None = None,
) -> Table:
    """Return one row per event in the order of dates; fields of ELAPSED_COLUMNS count from the event `since`.

    The drawing shows the gap between two neighbors if it is certain, long, and well known (see `_gap_to_show`), or
    every gap if `gap` is a field; `exact` shows gaps in days. With `context`, so many events before and after each
    event are shown too, dimmed.
    """
    counter = RowCounter(selection, context)
    anchor = event_window(selection, since) if since else None
    drawing = _draw(counter, exact=exact, every_gap="gap" in fields, since=anchor)
    return event_table(counter, fields, elapsed_rows(counter.rows, fields, anchor), drawing)


def _draw(counter: RowCounter, *, exact: bool, every_gap: bool, since: EventWindow | None) -> Iterator[Block]:
    selection = counter.selection
    seen: set[str] = set()
    previous: dict[str, Any] | None = None
    previous_window: EventWindow | None = None
    heading = ""
    for row in counter.rows((*_EVENT_FIELDS, *WINDOW_FIELDS)):
        event: dict[str, Any] = dict(zip(_EVENT_FIELDS, row, strict=False))
        window = window_of_row(row[len(_EVENT_FIELDS) :])
        is_context = event["match"] is None
        year = year_heading(event)
        gap = None
        if previous and previous_window and window:
            gap = previous_window.gap_to(window) if every_gap else _gap_to_show(previous, event, selection)
        if gap and previous_window and window:
            yield timeline_gap(f"{previous_window.qualify(window, gap.exact if exact else gap.text)} between")
        elif previous and year != heading and UNDATED in (year, heading):
            yield blank
        elapsed = elapsed_cells("since_event", since, window)["since"]
        flags = flag_texts(event["match"] == "possible", event["disputed"])
        yield timeline_event(
            year if year != heading else "",
            [(STATUS_MARKS[event["mark"]], event["mark"]), (" ", ""), *flags],
            event["date"],
            [(event["title"], "")],
            event["id"],
            _detail_pieces(event, selection, str(elapsed or "")),
            is_dimmed=is_context,
        )
        seen |= {event["mark"], event["match"] or "", *(["disputed"] if event["disputed"] else [])}
        previous, previous_window, heading = event, window, year
    if previous:
        yield blank
        yield legend(seen)


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
    words = [*(["context"] if event["match"] is None else []), *([elapsed] if elapsed else [])]
    pieces: list[Piece] = [*([(word, "muted")] for word in words), *([(state, state)] for state in states)]
    pieces += figure_pieces(event["figures"], names, event["date"])
    full_event = selection.catalog.event(event["id"]) if event["disputed"] else None
    return [pieces, *([piece] for piece in (dispute_pieces(full_event, names) if full_event else ()))]
