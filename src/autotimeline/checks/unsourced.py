"""An event that cites no source."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
A fact without a source cannot be looked up. Without a `known` of its own, --as-of cannot date it
either.

Cite a source."""


def find(everything: Selection) -> Findings:
    """Yield the events without a source."""
    for id, file, line in everything.derive("is:unsourced").rows(("id", "file", "line")):
        yield Finding(file, line, id, 'unsourced; write sources = ["…"]')
