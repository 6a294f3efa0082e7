"""An event with status happened and a date in the future."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAPPENED_AFTER

LEVEL = "problem"
EXPLAIN = """\
Without a status, an event has happened. An event that certainly begins after today (--today sets
the day) is a plan, or its date is wrong.

Write status = "planned", or correct the date."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each event that is certainly in the future."""
    today = everything.resolver.today
    for id, file, line, date in everything.rows(("id", "file", "line", "date"), where=HAPPENED_AFTER.format(day=today)):
        remedy = 'write status = "planned", correct the date'
        yield Finding(file, line, id, f"happened {date}, which is in the future; {remedy}")
