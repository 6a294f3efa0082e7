"""An event that is said to have happened, on a day that is still to come."""

from __future__ import annotations

from autotimeline.checks._finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
Without a status, an event has happened. An event that certainly begins after today (--today sets
the day) is a plan, or its date is wrong.

Write status = "planned", or correct the date."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each event that surely lies in the future."""
    today = everything.resolver.today
    fields = ("id", "file", "line", "status", "uncertain", "outer_first", "date")
    for id, file, line, status, uncertain, first_day, date in everything.rows(fields):
        if status == "happened" and not uncertain and first_day is not None and first_day > today:
            remedy = 'write status = "planned", correct the date'
            yield Finding(file, line, id, f"happened {date}, which is still to come; {remedy}")
