"""An actor, a source, or a figure's event that nothing defines."""

from __future__ import annotations

from autotimeline.checks._finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "error"
EXPLAIN = """\
Actors and sources are defined once and named by id, so that a misspelled id does not create a new
one. A figure can be repeated only from an event that has it.

Correct the id, or define it: [actor.ID], [source.ID]."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield what the reader found."""
    for file, line, event, text in everything.catalog.problems("unknown"):
        yield Finding(file, line, event, text)
