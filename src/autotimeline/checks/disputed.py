"""A date, status or figure that cannot be true together with what one of the event's own sources says."""

from __future__ import annotations

from autotimeline.checks._finding import Finding, of
from autotimeline.model import differ, exclude

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.model import Citation, Event
    from autotimeline.query.selection import Selection

LEVEL = "problem"


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each thing that a source contradicts."""
    for event in everything.ask("is:disputed").events():
        for citation in event.citations:
            for claim in _claims(event, citation):
                yield of(event, f'{claim} says source "{citation.source}"; settle it, or accept.disputed = "why"')


def _claims(event: Event, citation: Citation) -> Iterator[str]:
    if event.date and citation.date and exclude(event.date, citation.date, event.throughout):
        yield f"disputed: date {event.date.shown}, but {citation.date.shown}"
    if citation.status and citation.status != event.status:
        yield f"disputed: status {event.status}, but {citation.status}"
    for own in event.figures:
        for other in citation.figures:
            if differ(own, other):
                yield f"disputed: {own.metric} {own.text}, but {other.text}"
