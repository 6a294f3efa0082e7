"""`ics`: a calendar of all-day events (RFC 5545), which states imprecise dates in the titles."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.formats._lines import write_lines
from autotimeline.knowledge import has_only_deadline
from autotimeline.model import Citation, Event
from autotimeline.render.canvas import Canvas
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.text import escape_control, format_count
from autotimeline.views._event_text import figure_terms

EXTENSIONS = (".ics",)

_LINE_BREAK = r"\n"
# RFC 5545, 3.1, allows 75, with the space before all lines but the first.
_MAX_BYTES = 74
_EPOCH = 719_163  # 1970-01-01
_STATUS = {"happened": "CONFIRMED", "planned": "TENTATIVE", "cancelled": "CANCELLED"}


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the calendar, and return a note about the events that cannot be in it."""
    calendar = _CalendarWriter(snapshot)
    write_lines(map(_fold, calendar.content_lines()), out)
    return calendar.omitted_notes()


class _CalendarWriter:
    def __init__(self, snapshot: SelectionSnapshot) -> None:
        self.selection = snapshot.selection
        # RFC 5545 requires a time; without a stated day, it is the same on each day.
        self.stamp_day = snapshot.stated_today or _EPOCH
        self.undated = self.unbounded = 0

    def omitted_notes(self) -> list[str]:
        omitted = [f"{format_count(self.undated, 'event')} without a date"] if self.undated else []
        omitted += [f"{format_count(self.unbounded, 'event')} without a first or a last day"] if self.unbounded else []
        return [f"left out of the calendar: {', '.join(omitted)}"] if omitted else []

    def content_lines(self) -> Iterator[str]:
        yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//autotimeline//export//EN")
        if title := self.selection.catalog.title():
            yield f"X-WR-CALNAME:{_escape(title)}"
        for event in self.selection.events():
            if event.date is None:
                self.undated += 1
                continue
            first, last = event.date.bounds(event.throughout)
            if has_only_deadline(event):
                first = last = event.date.nominal[1]
            if BEGIN < first <= last < END:
                yield from self.event_lines(event, first, last)
            else:
                self.unbounded += 1
        yield "END:VCALENDAR"

    def event_lines(self, event: Event, first_day: int, last_day: int) -> Iterator[str]:
        yield "BEGIN:VEVENT"
        yield f"SUMMARY:{_escape(_summary(event))}"
        yield f"DTSTART;VALUE=DATE:{_format_day(first_day)}"
        # The end is exclusive. A single day needs no end, and the last day of the calendar has none.
        if first_day < last_day < END - 1:
            yield f"DTEND;VALUE=DATE:{_format_day(last_day + 1)}"
        yield f"DTSTAMP:{_format_day(self.stamp_day)}T000000Z"
        yield f"UID:{event.id}@autotimeline"
        if categories := [word for word in (event.kind, *event.tags) if word]:
            yield f"CATEGORIES:{','.join(map(_escape, categories))}"
        yield f"DESCRIPTION:{_LINE_BREAK.join(map(_escape, self.description_lines(event)))}"
        if event.places:
            yield f"LOCATION:{_escape('; '.join(event.places))}"
        yield f"STATUS:{_STATUS[event.status]}"
        # Facts do not make anybody busy.
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")

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
        title, published = self.selection.names.source(citation.source)
        url, _ = self.selection.names.source_origin(citation.source)
        details = [title]
        if published:
            details.append(published)
        if citation.date or citation.status:
            date = citation.date.shown if citation.date else None
            details.append(f"has {' '.join(filter(None, (date, citation.status)))}")
        if citation.quote:
            speaker = f" ({self.selection.names.actor(citation.by)})" if citation.by else ""
            details.append(f"“{citation.quote}”{speaker}")
        if url:
            details.append(url)
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


def _format_day(day: int) -> str:
    return (format_iso(day) or "").replace("-", "")


def _escape(text: str) -> str:
    # RFC 5545, 3.3.11, allows no control characters except for line breaks.
    text = escape_control(text.replace("\r\n", "\n"), keep="\n")
    return text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", _LINE_BREAK)


def _fold(line: str) -> str:
    """Return a content line as lines of at most _MAX_BYTES; none ends within a character or after a backslash."""
    data = line.encode()
    parts, start = [], 0
    while len(data) - start > _MAX_BYTES:
        end = start + _MAX_BYTES
        while data[end] & 0xC0 == 0x80:
            end -= 1
        if data[end - 1] == ord("\\"):
            end -= 1
        parts.append(data[start:end])
        start = end
    return b"\r\n ".join((*parts, data[start:])).decode() + "\r\n"
