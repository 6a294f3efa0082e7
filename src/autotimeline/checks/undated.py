"""An event without a date."""

from __future__ import annotations

from autotimeline.checks._finding import Finding, of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "note"


def find(everything: Selection) -> Iterator[Finding]:
    """Yield the undated events."""
    for event in everything.ask("is:undated").events():
        yield of(event, "undated; write date or period as soon as a source gives one")
