"""An actor that neither an event nor another actor names."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports import integrity

LEVEL = "note"
EXPLAIN = """\
Such an actor is left over from a removed event, or occurs twice under two ids. An actor that others
are part of is in use.

Name it in its event, or remove it."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each unused actor."""
    for id, file, line in integrity.find_unused_actors(everything):
        yield Finding(file, line, None, f'actor "{id}" is not used; name it in an event, or remove it')
