"""An event that happened, by its date, after all its sources had appeared."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.dates.span import END, format_iso
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAPPENED_AFTER, read_bodies
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
    fields = ("id", "file", "line", "disputed", "outer_first", "date", "cited")
    after_a_source = HAPPENED_AFTER.format(day=min(last_days.values()))
    for id, file, line, disputed, first_day, date, sources in everything.rows(fields, where=after_a_source):
        if "status" in disputed or not last_days.keys() >= set(sources):
            continue
        known = max((last_days[source] for source in sources), default=END)
        if first_day > known:
            what = f"happened {date}, but its last source had appeared by {format_iso(known)}"
            remedy = 'correct the date, write status = "planned"'
            yield Finding(file, line, id, f"{what}; {remedy}")
