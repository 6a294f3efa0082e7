"""A fact with several sources that all have the same origin."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
Three papers that print one agency's report are one witness, so sources with the same origin count
once.

Look for a source of another origin. Nothing has to be corrected."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each event whose sources count as one."""
    for id, file, line, cited in everything.derive("is:single-source").rows(("id", "file", "line", "cited")):
        if len(cited) > 1:
            what = f"its sources {', '.join(cited)} have one origin and count as one"
            yield Finding(file, line, id, f"{what}; cite another")
