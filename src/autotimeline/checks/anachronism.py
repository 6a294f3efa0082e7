"""An event that happened, by its date, after the last of its sources had appeared."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.dates.span import iso
from autotimeline.query.suspects import written
from autotimeline.store.read import entity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
No source can tell of what was still to come when it appeared. Either the date of the event or that
of the source is wrong, or the source tells of a plan. It is found where the event surely began
after every source that it cites, each of them with a date: a date with "?" or an undated source
proves nothing.

Correct the date, write status = "planned", or cite the source that tells of it."""
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
