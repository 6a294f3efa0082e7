"""An actor that no event names, nor any other actor."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.reports import integrity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
Such an actor is left over from a removed event, or occurs twice under two ids. An actor that others
are part of is in use.

Name it in its event, or remove it."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each actor that is not used."""
    for id, file, line in integrity.find_unused_actors(everything):
        yield Finding(file, line, None, f'actor "{id}": nothing names it; name it in an event, or take it out')
