"""An event with status happened and a date in the future."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
Without a status, an event has happened. An event that certainly begins after today (--today sets
the day) is a plan, or its date is wrong.

Write status = "planned", or correct the date."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each event that is certainly in the future."""
    today = everything.resolver.today
    fields = ("id", "file", "line", "status", "uncertain", "outer_first", "date")
    for id, file, line, status, uncertain, first_day, date in everything.rows(fields):
        if status == "happened" and not uncertain and first_day is not None and first_day > today:
            remedy = 'write status = "planned", correct the date'
            yield Finding(file, line, id, f"happened {date}, which is in the future; {remedy}")
