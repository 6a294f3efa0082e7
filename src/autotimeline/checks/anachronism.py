"""An event that happened, by its date, after all its sources had appeared."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.dates.span import format_iso
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import read_bodies
from autotimeline.store.read import entry_from_body

LEVEL = "problem"
EXPLAIN = """\
A source cannot report what had not happened when it appeared. The event must certainly begin after
every source that it cites. An undated source or a date with "?" proves nothing.

Correct the date, write status = "planned", or cite the source that reports the event."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each event that its sources cannot report."""
    last_days: dict[str, int] = {}
    for _, id, _, _, keys in read_bodies(everything, "source"):
        published = entry_from_body("source", id, keys).published
        if published and not published.uncertain:
            last_days[id] = published.within[1]
    if not last_days:
        return
    fields = ("id", "file", "line", "status", "disputed", "uncertain", "outer_first", "date", "sources")
    for id, file, line, status, disputed, uncertain, first_day, date, sources in everything.rows(fields):
        if status != "happened" or "status" in disputed or uncertain or first_day is None or not sources:
            continue
        source_days = [last_days.get(source["id"]) for source in sources]
        known = max(day for day in source_days if day is not None) if None not in source_days else None
        if known is not None and first_day > known:
            what = f"happened {date}, but its last source had appeared by {format_iso(known)}"
            remedy = 'correct the date, write status = "planned"'
            yield Finding(file, line, id, f"{what}; {remedy}")
