"""`elapsed`: the time between linked events, one row per pair, then the median, the minimum, and the maximum."""

from collections.abc import Iterator, Sequence
from typing import Any

from autotimeline.query.selection import Selection
from autotimeline.reports.linked_gaps import linked_gaps, summarize_gaps
from autotimeline.table import Column, Table
from autotimeline.views._event_rows import omitted_notes

FIELDS = DEFAULT_FIELDS = ("what", "from", "to", "from_date", "to_date", "elapsed", "low", "high", "match")


def table(selection: Selection, fields: Sequence[str], link: str) -> Table:
    """Return one row per selected event and event that it is linked to, then one row per summary of these pairs."""
    return Table(
        [Column(field) for field in FIELDS],
        _rows(selection, link),
        footer=lambda: omitted_notes(selection),
        is_summary=lambda row: row[0] != "pair",
    )


def _rows(selection: Selection, link: str) -> Iterator[Sequence[Any]]:
    gaps = list(linked_gaps(selection, link))
    for gap in gaps:
        yield "pair", *gap[:-1]
    for summary in summarize_gaps(gaps):
        yield summary.what, None, None, None, None, summary.text, summary.low, summary.high, None
