"""An event that happened, by its date, after all its sources had appeared."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.dates.span import iso
from autotimeline.reports.integrity import written
from autotimeline.store.read import entity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
A source cannot report what had not happened when it appeared. The date of the event or of the
source is wrong, or the source describes a plan. The event must certainly begin after every source
that it cites. An undated source or a date with "?" proves nothing.

Correct the date, write status = "planned", or cite the source that reports the event."""
BAD = """\
[source.report]
title = "Annual report"
published = "2025-03"

[[event]]
id = "plant-opens"
date = "2025-09"
title = "The plant opens"
sources = ["report"]
"""
GOOD = """\
[source.report]
title = "Annual report"
published = "2025-03"

[[event]]
id = "plant-opens"
date = "2026-09"
title = "The plant is to open"
status = "planned"
sources = ["report"]

[[event]]
id = "results"
date = "2025-03"
title = "The results are published"
sources = ["report"]
"""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each event that its sources could not know."""
    last: dict[str, int] = {}
    for _, id, _, _, keys in written(everything, "source"):
        published = entity("source", id, keys).published
        if published and not published.uncertain:
            last[id] = published.within[1]
    if not last:
        return
    fields = ("id", "file", "line", "status", "disputed", "uncertain", "outer_lo", "date", "sources")
    for id, file, line, status, disputed, uncertain, low, date, sources in everything.rows(fields):
        if status != "happened" or "status" in disputed or uncertain or low is None or not sources:
            continue
        appeared = [last.get(source["id"]) for source in sources]
        known = max(day for day in appeared if day is not None) if None not in appeared else None
        if known is not None and low > known:
            what = f"happened {date}, but its last source had appeared by {iso(known)}"
            remedy = 'correct the date, write status = "planned"'
            yield Finding(file, line, id, f"{what}; {remedy}")
