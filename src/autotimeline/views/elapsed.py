"""`elapsed`: the time between linked events, one row per pair, then the median, the minimum, and the maximum."""

from collections.abc import Iterator, Sequence
from typing import Any

from autotimeline.query.selection import Selection
from autotimeline.render.canvas import flag_texts
from autotimeline.render.text_layout import Block, Piece, blank, grid
from autotimeline.reports.linked_gaps import linked_gaps, summarize_gaps
from autotimeline.table import Column, Table
from autotimeline.views._event_rows import omitted_notes
from autotimeline.views._event_text import legend

FIELDS = DEFAULT_FIELDS = ("what", "from", "to", "from_date", "to_date", "elapsed", "low", "high", "match")


def table(selection: Selection, fields: Sequence[str], link: str) -> Table:
    """Return one row per selected event and event that it is linked to, then one row per summary of these pairs."""
    return Table(
        [Column(field) for field in FIELDS],
        _rows(selection, link),
        footer=lambda: omitted_notes(selection),
        drawing=_draw(selection, link),
        is_summary=lambda row: row[0] != "pair",
    )


def _rows(selection: Selection, link: str) -> Iterator[Sequence[Any]]:
    gaps = list(linked_gaps(selection, link))
    for gap in gaps:
        yield "pair", *gap[:-1]
    for summary in summarize_gaps(gaps):
        yield summary.what, None, None, None, None, summary.text, summary.low, summary.high, None


def _draw(selection: Selection, link: str) -> Iterator[Block]:
    """Yield the pairs and the summaries as rows: signs, time in words, days, and the two events."""
    gaps = list(linked_gaps(selection, link))
    rows: list[list[Piece]] = []
    for gap in gaps:
        ends = [(gap.start_date, gap.start), (gap.end_date, gap.end)]
        events = [[(date or "undated", "date"), (f" {id}", "")] for date, id in ends]
        time: Piece = [(gap.text or "not known", "figure")]
        flags = flag_texts(gap.match == "possible", disputed=False)
        rows.append([flags, time, _days(gap.low, gap.high), [*events[0], (" → ", "muted"), *events[1]]])
    for summary in summarize_gaps(gaps):
        days = _days(summary.low, summary.high)
        rows.append([[], [(summary.text, "figure")], days, [(summary.what, "year")]])
    if rows:
        header = ("elapsed", "days", f"{link}: from → to")
        yield grid([[[], *([(name, "muted")] for name in header)], *rows])
    if any(gap.match == "possible" for gap in gaps):
        yield blank
        yield legend({"possible"})


def _days(low: int | None, high: int | None) -> Piece:
    """Return the least and the most days, as in `244..760 days`; an unlimited end is empty."""
    if low is None and high is None:
        return []
    ends = [f"{low:,}" if low is not None else "", f"{high:,}" if high is not None else ""]
    return [(ends[0] if low == high else "..".join(ends), "muted"), (" day" if low == high == 1 else " days", "muted")]
