"""Invalid content: broken TOML, unknown keys, wrong types, invalid dates."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "error"
EXPLAIN = """\
Every key, type, date, and quantity is checked. Every other command refuses a store with such an
error, because nothing is guessed.

Follow the remedy in the finding."""


def find(everything: Selection) -> Findings:
    """Yield the problems from the index."""
    return (Finding(*problem) for problem in everything.catalog.problems("form"))
