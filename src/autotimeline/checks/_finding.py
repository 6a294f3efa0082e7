"""The findings of a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autotimeline.model import Event


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding at a line (from 1), with the id of its event, if any; the text ends with a remedy.

    It is accepted if its event or one of the other events accepts the rule. `check` adds that remedy to the text.
    """

    file: str
    line: int
    event: str | None
    text: str
    other_events: Sequence[str] = ()


Findings = Iterator[Finding]


def event_finding(event: Event, text: str) -> Finding:
    """Return a finding at the first line of an event."""
    return Finding(event.file, event.line, event.id, text)
