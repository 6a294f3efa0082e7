"""An actor, a source, or a figure's event that nothing defines."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "error"
EXPLAIN = """\
Actors and sources are defined once and named by id, so that a misspelled id does not create a new
one. A figure can be repeated only from an event that has it.

Correct the id, or define it: [actor.ID], [source.ID]."""


def find(everything: Selection) -> Findings:
    """Yield the problems from the index."""
    return (Finding(*problem) for problem in everything.catalog.problems("unknown"))
