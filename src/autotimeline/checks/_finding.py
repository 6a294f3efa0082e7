"""What a rule finds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.model import Event


class Finding:
    """Something that a rule found: where (file and line from 1, the event's id if any), and what."""

    __slots__ = ("event", "file", "line", "text")

    def __init__(self, file: str, line: int, event: str | None, text: str) -> None:
        self.file = file
        self.line = line
        self.event = event
        self.text = text


def of(event: Event, text: str) -> Finding:
    """Return a finding of an event."""
    return Finding(event.file, event.line, event.id, text)
