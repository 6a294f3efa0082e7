"""A plan whose time is past, and whose outcome is not in the store."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
The latest day on which the plan could have begun is past (--today sets the day), and no event
fulfills or replaces it. The store is not wrong, but incomplete.

Add the event that completed it, with links = { fulfils = ["…"] }, or the new plan, with links = {
replaces = ["…"] }. Otherwise, write status = "cancelled", or the new date with its source."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each plan that is certainly overdue."""
    for id, file, line, match, date in everything.derive("is:overdue").rows(("id", "file", "line", "match", "date")):
        if match == "certain":
            what = f"planned for {date}, which is past, and no event fulfills it"
            yield Finding(file, line, id, f"{what}; add the outcome")
