"""An id that occurs twice, or a second table where only one is allowed."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection

LEVEL = "error"
EXPLAIN = """\
An id identifies one item, and a table such as [store] occurs once in a file.

Choose another id for one of them, or merge the two."""


def find(everything: Selection) -> Findings:
    """Yield the problems from the index."""
    return (Finding(*problem) for problem in everything.catalog.problems("duplicate"))
