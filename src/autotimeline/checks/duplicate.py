"""An id, or a table of which there is one, that stands twice."""

from __future__ import annotations

from autotimeline.checks._finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "error"


def find(everything: Selection) -> Iterator[Finding]:
    """Yield what the reader found."""
    for file, line, event, text in everything.problems("duplicate"):
        yield Finding(file, line, event, text)
