"""`ics`: a calendar of all-day events, by RFC 5545, that no imprecise date is made precise for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.errors import AutotimelineError
from autotimeline.formats._lines import pour
from autotimeline.text import count, safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TextIO

    from autotimeline.model import Citation, Event
    from autotimeline.render.canvas import Paper
    from autotimeline.reports.snapshot import Snapshot

ENDINGS = (".ics",)

_STATUS = {"happened": "CONFIRMED", "planned": "TENTATIVE", "cancelled": "CANCELLED"}


def write(snapshot: Snapshot, out: TextIO, paper: Paper, flags: frozenset[str]) -> Sequence[str]:
    """Write the calendar, an event after the other; return how many it cannot hold, and why.

    Raises:
        AutotimelineError: where the package `icalendar` is not installed.
    """
    calendar = _Calendar(snapshot)
    pour(calendar.components(), out)
    return calendar.left_out()


class _Calendar:
    def __init__(self, snapshot: Snapshot) -> None:
        try:
            import icalendar
        except ImportError:
            what = "a calendar is written with the package icalendar; install it: pip install 'autotimeline[ics]'"
            raise AutotimelineError(what) from None
        self.icalendar = icalendar
        self.selection = snapshot.selection
        self.read = snapshot.read
        self.undated = self.unbounded = 0

    def left_out(self) -> list[str]:
        """Return what is not in the calendar."""
        left = [f"{count(self.undated, 'event')} without a date"] if self.undated else []
        left += [f"{count(self.unbounded, 'event')} without a first or a last day"] if self.unbounded else []
        return [f"left out of the calendar: {', '.join(left)}"] if left else []

    def components(self) -> Iterator[str]:
        calendar = self.icalendar.Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//autotimeline//export//EN")
        if title := self.selection.title():
            calendar.add("x-wr-calname", self.icalendar.vText(_text(title)), encode=False)
        head, end, _ = _ical(calendar).partition("END:VCALENDAR")
        yield head
        days = self.selection.rows(("earliest", "latest"))
        for event, (earliest, latest) in zip(self.selection.events(), days, strict=True):
            if event.date is None:
                self.undated += 1
            elif earliest is None or latest is None:
                self.unbounded += 1
            else:
                yield _ical(self.event(event, earliest, latest))
        yield f"{end}\r\n"

    def event(self, event: Event, earliest: str, latest: str) -> Any:
        from datetime import UTC, date, datetime, time, timedelta

        first, last = date.fromisoformat(earliest), date.fromisoformat(latest)
        entry = self.icalendar.Event()
        entry.add("uid", f"{event.id}@autotimeline")
        entry.add("dtstamp", datetime.combine(date.fromordinal(self.read), time(), UTC))
        entry.add("dtstart", first)
        # The end is the day behind the last; none is behind the last of all days, and one day needs no end.
        if last < date.max and last > first:
            entry.add("dtend", last + timedelta(1))
        entry.add("summary", _text(_summary(event)))
        entry.add("status", _STATUS[event.status])
        # Nobody is busy because of a fact.
        entry.add("transp", "TRANSPARENT")
        if event.places:
            entry.add("location", _text("; ".join(event.places)))
        if words := [word for word in (event.kind, *event.tags) if word]:
            entry.add("categories", [_text(word) for word in words])
        entry.add("description", _text("\n".join(self.description(event))))
        return entry

    def description(self, event: Event) -> Iterator[str]:
        """Yield what else is known of an event, a line each."""
        yield f"{'Throughout' if event.throughout else 'Date'}: {_shown(event)}"
        if event.printed:
            yield f"“{event.printed}”"
        yield f"Status: {event.status}" + (" (reported)" if event.reported else "")
        if event.match == "possible":
            yield f"May fall outside of: {self.selection.compiled.text}"
        if event.disputed:
            yield f"Disputed: {', '.join(event.disputed)}"
        for participant in event.actors:
            name = self.selection.names.actor(participant.actor)
            yield f"{participant.role}: {name}" if participant.role else name
        for figure in event.figures:
            yield f"{figure.metric}: {figure.text}" + ("" if figure.basis == "actual" else f" ({figure.basis})")
        if event.note:
            yield event.note
        for citation in event.citations:
            yield self.citation(citation)
        yield event.id

    def citation(self, citation: Citation) -> str:
        source = self.selection.source(citation.source)
        told = [source.title if source else citation.source]
        if source and source.published:
            told.append(source.published.shown)
        if citation.date or citation.status:
            date = citation.date.shown if citation.date else None
            told.append(f"has {' '.join(filter(None, (date, citation.status)))}")
        if citation.quote:
            told.append(
                f"“{citation.quote}”" + (f" ({self.selection.names.actor(citation.by)})" if citation.by else "")
            )
        if source and source.url:
            told.append(source.url)
        return f"Source: {', '.join(told)}"


def _summary(event: Event) -> str:
    """Return the title, with the date behind it where the days of the calendar are more than are known."""
    if _exact(event):
        return event.title
    return f"{event.title} ({_shown(event)}{', disputed' if 'date' in event.disputed else ''})"


def _shown(event: Event) -> str:
    return event.date.shown if event.date else "undated"


def _exact(event: Event) -> bool:
    """Whether the days of the event are known to the day, and no source says others."""
    if event.date is None or event.date.qualified or "date" in event.disputed:
        return False
    s1, s2, e1, e2 = event.date.throughout
    earliest, latest = event.date.within
    return (s1 == s2 and e1 == e2) if event.throughout else earliest == latest


def _text(text: str) -> str:
    # A calendar's text holds no control characters but the line break (RFC 5545, 3.3.11).
    return safe(text.replace("\r\n", "\n"), keep="\n")


def _ical(component: Any) -> str:
    return str(component.to_ical().decode())
