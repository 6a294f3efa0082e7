"""What a rule finds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.model import Event


class Finding:
    """Something that a rule found: where (file and line from 1, the event's id if any), what, and what to do.

    `others` are further events that it is as much about: what any of them accepts is accepted. What is said of an event
    goes on `, or accept.RULE = "why"`, unless it is an error.
    """

    __slots__ = ("event", "file", "line", "other_events", "text")

    def __init__(self, file: str, line: int, event: str | None, text: str, other_events: Sequence[str] = ()) -> None:
        self.file = file
        self.line = line
        self.event = event
        self.text = text
        self.other_events = other_events


def event_finding(event: Event, text: str) -> Finding:
    """Return a finding of an event."""
    return Finding(event.file, event.line, event.id, text)
