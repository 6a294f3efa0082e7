"""The story from top to bottom: years, marks by status, gaps between events, figures."""

from __future__ import annotations

from itertools import zip_longest

from autotimeline.dates.gap import between
from autotimeline.render.text_layout import flow, ink, length, wrap
from autotimeline.reports.elapsed import MOMENT, cells, dated, moment
from autotimeline.table import Table
from autotimeline.views._elapsed_rows import rows
from autotimeline.views._event_text import DISPUTED, POSSIBLE, UNDATED, anchored, dispute, figures, legend, marks
from autotimeline.views._row_counter import Tally, columns, texts
from autotimeline.views._store_blocks import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.dates.gap import Gap
    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.elapsed import Moment

BRIEF = ("id", "date", "match", "status", "title", "figures")

_DRAWN = (
    *("id", "date", "match", "title", "figures", "reported", "disputed"),
    *("mark", "uncertain", "start_lo", "start_hi", "end_lo", "end_hi"),
)
_NARROW = 60  # below it the date stands above the title
_BROAD = 100  # from it on there is room for a span of two months in one line
_MONTH = 30  # days: a shorter silence is not worth a line
_VAGUE = 4  # times: a gap that may be longer still is not known well enough to be one


def table(selection: Selection, fields: Sequence[str], *, exact: bool = False, since: str | None = None) -> Table:
    """Return a row for each event, in the order of their dates, with these fields; those of ELAPSED too, `since` it.

    Drawn, an event stands under the year of its earliest day (of its latest, where it has no earliest),
    so that the years run in the order of the events; undated ones come last, under `undated`.

    A gap is told between two neighbours where at least 30 days surely lie between the end of the one
    and the start of the other, and at most four times what surely does: "2–19 months" says little. Where
    the rows are sorted by a field, or a date is disputed or uncertain, none is told. With the field `gap`
    each is. `exact` tells them in days.
    """
    tally = Tally(selection)
    anchor = moment(selection, since) if since else None
    return Table(
        columns(fields),
        rows(tally, fields, anchor),
        footer=tally.footer,
        draw=lambda paper: _draw(selection, tally, paper, exact=exact, every="gap" in fields, since=anchor),
        blocks=lambda: blocks(selection),
        texts=texts(selection, fields),
    )


def _draw(
    selection: Selection, tally: Tally, paper: Paper, *, exact: bool, every: bool, since: Moment | None
) -> Iterator[str]:
    layout = _Narrow(paper) if paper.width is not None and paper.width < _NARROW else _Wide(paper)
    seen: set[str] = set()
    before: dict[str, Any] | None = None
    above: Moment | None = None
    anchor = ""
    for row in selection.rows((*_DRAWN, *MOMENT)):
        event: dict[str, Any] = dict(zip(_DRAWN, row, strict=False))
        here = dated(row[len(_DRAWN) :])
        tally.count(event["match"])
        year = anchored(event)
        if before and above and here and (gap := above.until(here) if every else _gap(before, event, selection)):
            yield from layout.gap(above.hedged(here, gap.exact if exact else gap.text))
        elif before and year != anchor and UNDATED in (year, anchor):
            yield ""
        elapsed = cells("since_event", since, here)["since"]
        details = _details(event, selection, [str(elapsed)] if elapsed else [])
        yield from layout.event(event, year if year != anchor else "", details)
        seen |= {event["mark"], event["match"], *(["disputed"] if event["disputed"] else [])}
        before, above, anchor = event, here, year
    if before:
        yield ""
        for line, _ in flow(paper, legend(seen), paper.width or 0, "   "):
            yield line


def _gap(before: dict[str, Any], event: dict[str, Any], selection: Selection) -> Gap | None:
    """Return the time between two neighbours, where it is worth a line."""
    both = (before, event)
    doubted = any(one["start_lo"] is None or one["uncertain"] or "date" in one["disputed"] for one in both)
    if selection.sort or doubted:
        return None
    first, then = (event, before) if selection.reverse else (before, event)
    gap = between((first["end_lo"], first["end_hi"]), (then["start_lo"], then["start_hi"]))
    if gap.low is None or gap.high is None or not _MONTH <= gap.low <= gap.high <= _VAGUE * gap.low:
        return None
    return gap


def _details(event: dict[str, Any], selection: Selection, elapsed: list[str]) -> list[list[Piece]]:
    """Return what is told below the title: how the event stands and its figures, and each dispute by itself."""
    names = selection.names
    states = [event["mark"]] if event["mark"] in ("cancelled", "overdue") else []
    states += ["reported"] if event["reported"] else []
    told: list[Piece] = [*([(words, "muted")] for words in elapsed), *([(state, state)] for state in states)]
    told += figures(event["figures"], names, event["date"])
    full = selection.event(event["id"]) if event["disputed"] else None
    return [told, *([piece] for piece in (dispute(full, names) if full else ()))]


class _Wide:
    """Year, mark, date and text beside each other; the id at the right edge, where the text leaves room."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.date = 11 if paper.width is not None and paper.width < _BROAD else 15
        # The mark, and both signs that may stand beside it.
        self.marks = paper.measure(paper.clean(f"● {POSSIBLE}{DISPUTED}"))
        self.indent = 6 + self.marks + 1 + self.date + 2
        self.width = (paper.width or 0) - self.indent
        rails = {True: "│", False: " "}
        self.rails = {
            dated: self._year("") + ink(paper, [(rail, "muted")], self.marks + 1) for dated, rail in rails.items()
        }

    def gap(self, words: str) -> Iterator[str]:
        yield " " * 6 + self.paper.ink("┆" + " " * self.marks + words, "muted")

    def event(self, event: dict[str, Any], anchor: str, details: list[list[Piece]]) -> Iterator[str]:
        paper = self.paper
        dated = event["date"] is not None
        if not dated and anchor:
            yield paper.ink(anchor, "year")
        title = list(wrap(paper, [(event["title"], "")], self.width))
        rest = [line for pieces in details for line in flow(paper, pieces, self.width)]
        lines = [line for line, _ in title[:-1]]
        lines += _with_id(paper, [title[-1], *rest], event["id"], self.width)
        # A long span is broken behind its stroke.
        date = (event["date"] or "").replace("/", "/ ")
        dates = paper.wrap(date, self.date) if paper.measure(date) > self.date + 1 else [event["date"] or ""]
        lead = self._year(anchor if dated else "") + ink(paper, marks(event), self.marks + 1)
        for line, day in zip_longest(lines, dates, fillvalue=""):
            space = " " * max(2, self.date + 2 - paper.measure(day))
            yield (lead + paper.ink(day, "date") + space + line).rstrip()
            lead = self.rails[dated]

    def _year(self, year: str) -> str:
        return (self.paper.ink(self.paper.pad(year, 4), "year") if year else " " * 4) + "  "


class _Narrow:
    """Year, date and title below each other; the id beside the date, where there is room."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.width = paper.width or 0

    def gap(self, words: str) -> Iterator[str]:
        for line in self.paper.wrap(words, self.width - 2):
            yield self.paper.ink(f"┆ {line}", "muted")

    def event(self, event: dict[str, Any], anchor: str, details: list[list[Piece]]) -> Iterator[str]:
        paper = self.paper
        if anchor:
            yield paper.ink(anchor, "year")
        signs = marks(event)
        size = max(2, length(paper, signs) + (len(signs) > 2))
        rail = ink(paper, [("│" if event["date"] else "", "muted")], 2)
        dates = list(wrap(paper, [(event["date"] or "", "date")], self.width - size))
        for number, line in enumerate(_with_id(paper, dates, event["id"], self.width - size)):
            yield (rail + " " * (size - 2) if number else ink(paper, signs, size)) + line
        for line, _ in wrap(paper, [(event["title"], "")], self.width - 2):
            yield rail + line
        for pieces in details:
            for line, _ in flow(paper, pieces, self.width - 2):
                yield rail + line


def _with_id(paper: Paper, texts: list[tuple[str, int]], id: str, width: int) -> Iterator[str]:
    """Yield the lines with the id at the right edge of the first that has room, else on a line of its own."""
    wanted = paper.measure(id) + 2
    placed = False
    for line, size in texts:
        if not placed and (paper.width is None or size + wanted <= width):
            placed = True
            space = 2 if paper.width is None else width - size - wanted + 2
            yield line + " " * space + paper.ink(id, "muted")
        else:
            yield line
    for piece in paper.wrap(id, width) if not placed else ():
        yield " " * max(0, width - paper.measure(piece)) + paper.ink(piece, "muted")
