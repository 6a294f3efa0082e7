"""`ics`: a calendar of all-day events (RFC 5545), which states imprecise dates in the titles."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TextIO

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import AutotimelineError
from autotimeline.formats._lines import write_lines
from autotimeline.knowledge import has_only_deadline
from autotimeline.model import Citation, Event
from autotimeline.render.canvas import Canvas
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.text import escape_control, format_count
from autotimeline.views._event_text import figure_terms

EXTENSIONS = (".ics",)

_EPOCH = 719_163  # 1970-01-01
_STATUS = {"happened": "CONFIRMED", "planned": "TENTATIVE", "cancelled": "CANCELLED"}


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the calendar, and return a note about the events that cannot be in it.

    Raises:
        AutotimelineError: If the package `icalendar` is not installed.
    """
    calendar = _CalendarWriter(snapshot)
    write_lines(calendar.components(), out)
    return calendar.omitted_notes()


class _CalendarWriter:
    def __init__(self, snapshot: SelectionSnapshot) -> None:
        try:
            import icalendar
        except ImportError:
            message = "a calendar is written with the package icalendar; install it: pip install 'autotimeline[ics]'"
            raise AutotimelineError(message) from None
        self.icalendar = icalendar
        self.selection = snapshot.selection
        self.find_source = cache(self.selection.catalog.source)
        # RFC 5545 requires a time; without a stated day, it is the same on each day.
        self.stamp_day = snapshot.stated_today or _EPOCH
        self.undated = self.unbounded = 0

    def omitted_notes(self) -> list[str]:
        omitted = [f"{format_count(self.undated, 'event')} without a date"] if self.undated else []
        omitted += [f"{format_count(self.unbounded, 'event')} without a first or a last day"] if self.unbounded else []
        return [f"left out of the calendar: {', '.join(omitted)}"] if omitted else []

    def components(self) -> Iterator[str]:
        calendar = self.icalendar.Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//autotimeline//export//EN")
        if title := self.selection.catalog.title():
            calendar.add("x-wr-calname", self.icalendar.vText(_calendar_text(title)), encode=False)
        head, end, _ = _to_ical(calendar).partition("END:VCALENDAR")
        yield head
        for event in self.selection.events():
            if event.date is None:
                self.undated += 1
                continue
            first, last = event.date.bounds(event.throughout)
            if has_only_deadline(event):
                first = last = event.date.nominal[1]
            if BEGIN < first <= last < END:
                yield _to_ical(self.to_component(event, first, last))
            else:
                self.unbounded += 1
        yield f"{end}\r\n"

    def to_component(self, event: Event, first_day: int, last_day: int) -> Any:
        from datetime import UTC, date, datetime, time, timedelta

        first, last = date.fromordinal(first_day), date.fromordinal(last_day)
        entry = self.icalendar.Event()
        entry.add("uid", f"{event.id}@autotimeline")
        entry.add("dtstamp", datetime.combine(date.fromordinal(self.stamp_day), time(), UTC))
        entry.add("dtstart", first)
        # The end is exclusive. A single day needs no end, and the last day of the calendar has none.
        if last < date.max and last > first:
            entry.add("dtend", last + timedelta(1))
        entry.add("summary", _calendar_text(_summary(event)))
        entry.add("status", _STATUS[event.status])
        # Facts do not make anybody busy.
        entry.add("transp", "TRANSPARENT")
        if event.places:
            entry.add("location", _calendar_text("; ".join(event.places)))
        if categories := [word for word in (event.kind, *event.tags) if word]:
            entry.add("categories", [_calendar_text(word) for word in categories])
        entry.add("description", _calendar_text("\n".join(self.description_lines(event))))
        return entry

    def description_lines(self, event: Event) -> Iterator[str]:
        yield f"{'Throughout' if event.throughout else 'Date'}: {_date_text(event)}"
        if event.printed:
            yield f"“{event.printed}”"
        yield f"Status: {event.status}" + (" (reported)" if event.reported else "")
        if event.match == "possible":
            yield f"Matches only possibly: {self.selection.compiled.text}"
        if event.disputed:
            yield f"Disputed: {', '.join(event.disputed)}"
        for participant in event.actors:
            name = self.selection.names.actor(participant.actor)
            yield f"{participant.role}: {name}" if participant.role else name
        for figure in event.figures:
            terms = figure_terms(self.selection.names, figure.of, figure.basis, None, figure.holder)
            yield f"{figure.metric}: {figure.text}" + (f" ({', '.join(terms)})" if terms else "")
        if event.note:
            yield event.note
        yield from (f"{name}: {text}" for name, text in event.texts.items())
        for citation in event.citations:
            yield self.citation_line(citation)
        yield event.id

    def citation_line(self, citation: Citation) -> str:
        source = self.find_source(citation.source)
        details = [source.title if source else citation.source]
        if source and source.published:
            details.append(source.published.shown)
        if citation.date or citation.status:
            date = citation.date.shown if citation.date else None
            details.append(f"has {' '.join(filter(None, (date, citation.status)))}")
        if citation.quote:
            speaker = f" ({self.selection.names.actor(citation.by)})" if citation.by else ""
            details.append(f"“{citation.quote}”{speaker}")
        if source and source.url:
            details.append(source.url)
        return f"Source: {', '.join(details)}"


def _summary(event: Event) -> str:
    """Return the title, followed by the date if the days in the calendar are more precise than the date."""
    if _has_exact_days(event):
        return event.title
    return f"{event.title} ({_date_text(event)}{', disputed' if 'date' in event.disputed_fields else ''})"


def _date_text(event: Event) -> str:
    return event.date.shown if event.date else "undated"


def _has_exact_days(event: Event) -> bool:
    """Return whether the days of the event are exact and undisputed."""
    if event.date is None or event.date.qualified or has_only_deadline(event) or "date" in event.disputed_fields:
        return False
    s1, s2, e1, e2 = event.date.throughout
    earliest, latest = event.date.within
    return (s1 == s2 and e1 == e2) if event.throughout else earliest == latest


def _calendar_text(text: str) -> str:
    # RFC 5545, 3.3.11, allows no control characters except for line breaks.
    return escape_control(text.replace("\r\n", "\n"), keep="\n")


def _to_ical(component: Any) -> str:
    return str(component.to_ical().decode())
