"""An event without a date."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
A query by date never finds an undated event, and it is sorted last. That is right if no source
gives a date.

Write date or period when a source gives one. "by 2026", "before 2024", and "about 2010" are dates."""


def find(everything: Selection) -> Findings:
    """Yield the undated events."""
    for id, file, line in everything.derive("is:undated").rows(("id", "file", "line")):
        yield Finding(file, line, id, "undated; write date or period as soon as a source gives one")
