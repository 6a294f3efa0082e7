"""A link that runs backwards in time, such as an event that leads to an earlier one."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import (
    FORWARD_LINKS,
    find_completed_before_known,
    find_link_cycles,
    find_reversed_links,
)

LEVEL = "problem"
EXPLAIN = """\
An event that leads to another, or that another follows, fulfills, or replaces, cannot certainly
begin after the other is over. A plan may be completed early, so it is reported only if its own
`known` is later than the event that fulfills it. Links must not form a circle: two plans cannot
replace each other.

Reverse the link, or correct a date."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each link between events in the wrong order."""
    problems = []
    for id, type, other_id, date, own_date in find_reversed_links(everything):
        order = "was over before" if type in FORWARD_LINKS else "began after"
        problems.append((id, other_id, f"links.{type}: {other_id} ({date}) {order} this one ({own_date})"))
    for id, type, other_id, date in find_completed_before_known(everything):
        what = "was not known as a plan yet" if type == "fulfils" else "came before this plan was known"
        problems.append((id, other_id, f"links.{type}: {other_id} {what} (it happened {date})"))
    circles = list(find_link_cycles(everything))
    locations = (
        {id: location for id, *location in everything.rows(("id", "file", "line"))} if problems or circles else {}
    )
    for id, other_id, what in problems:
        # The database compares the links of all events, also of those outside the selection.
        if id in locations:
            file, line = locations[id]
            yield Finding(file, line, id, f"{what}; reverse the link, correct a date", (other_id,))
    for type, ids in circles:
        if ids[0] in locations:
            file, line = locations[ids[0]]
            yield Finding(file, line, ids[0], f"links.{type}: {', '.join(ids)} is a circle; remove a link", ids[1:-1])
