"""`show`: one card per event, with all its fields, sources, disputes, and links."""

from __future__ import annotations

from itertools import chain

from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.query.columns import COLUMNS
from autotimeline.render import text_layout
from autotimeline.render.canvas import STATUS_MARKS
from autotimeline.reports.elapsed import SLIPS_COLUMN, find_slips
from autotimeline.text import split_items
from autotimeline.views import _event_text
from autotimeline.views._event_rows import RowCounter, event_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from autotimeline.model import Citation, Event
    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece
    from autotimeline.table import Table, TableRow

DEFAULT_FIELDS = ("id", "field", "value")
EXTRA_FIELDS = (SLIPS_COLUMN.name,)

_CARD_FIELDS = ("date", "earliest", "latest", "known", "match", "figures", "mark")
_LABEL_WIDTH = 11
_NARROW = 60  # columns; below this width a label is above its lines
_PHRASES = {"contrasts": "contrasts with", "related": "related to", "has-part": "consists of"}


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return one row per event with these fields, or with DEFAULT_FIELDS one row per value of each of its fields."""
    counter = RowCounter(selection)
    rows = _value_rows(counter) if tuple(fields) == DEFAULT_FIELDS else _rows(counter, fields)
    return event_table(counter, fields, rows, lambda canvas: _draw(counter, canvas), SLIPS_COLUMN)


def _rows(counter: RowCounter, fields: Sequence[str]) -> Iterator[TableRow]:
    if SLIPS_COLUMN.name not in fields:
        yield from counter.rows(fields)
        return
    event_fields = [field for field in fields if field != SLIPS_COLUMN.name]
    for *cells, id in counter.rows((*event_fields, "id")):
        event = {**dict(zip(event_fields, cells, strict=True)), SLIPS_COLUMN.name: find_slips(counter.selection, id)}
        yield [event[field] for field in fields]


def _value_rows(counter: RowCounter) -> Iterator[TableRow]:
    for row in counter.selection.texts(tuple(COLUMNS)):
        event = dict(zip(COLUMNS, row, strict=True))
        counter.count_row(event["match"])
        id = event.pop("id")
        if event["reported"] == "false":
            del event["reported"]
        for field, text in event.items():
            for item in split_items(text) if COLUMNS[field].is_list else [text]:
                if item:
                    yield id, field, item
        for slip in find_slips(counter.selection, id):
            yield id, SLIPS_COLUMN.name, SLIPS_COLUMN.item_to_text(slip)


def _draw(counter: RowCounter, canvas: Canvas) -> Iterator[str]:
    selection = counter.selection
    for number, (event, row) in enumerate(zip(selection.events(), selection.rows(_CARD_FIELDS), strict=True)):
        facts: dict[str, Any] = dict(zip(_CARD_FIELDS, row, strict=True))
        counter.count_row(facts["match"])
        if number:
            yield from ("", canvas.stylize("─" * (canvas.width or 80), "muted"), "")
        yield from _EventCard(event, facts, selection, canvas).lines()


class _EventCard:
    """One event drawn as a card; `facts` are its values that the index computes."""

    def __init__(self, event: Event, facts: dict[str, Any], selection: Selection, canvas: Canvas) -> None:
        self.event = event
        self.facts = facts
        self.selection = selection
        self.names = selection.names
        self.links = selection.catalog.links(event.id)
        self.canvas = canvas
        self.is_narrow = canvas.width is not None and canvas.width < _NARROW
        self.width = (canvas.width or 0) - (2 if self.is_narrow else _LABEL_WIDTH)

    def lines(self) -> Iterator[str]:
        event, canvas = self.event, self.canvas
        for line, _ in text_layout.wrap_piece(canvas, [(event.title, "title")], canvas.width or 0):
            yield line
        for line, _ in text_layout.flow(canvas, list(self._heading_pieces()), canvas.width or 0):
            yield line
        yield ""
        sections = {
            "date": self._flow_lines(*self._date_pieces()),
            "printed": self._text_lines(event.printed and f"“{event.printed}”", "quote"),
            "plan": self._plan_lines(),
            "known": self._flow_lines(self._known_piece()) if self.facts["known"] else (),
            "actors": self._actor_lines(),
            "places": self._word_lines(event.places),
            "tags": self._word_lines(event.tags),
            "figures": self._figure_lines(),
            "sources": self._source_lines(),
            "accepted": chain.from_iterable(
                self._flow_lines([(f"{rule}: {reason}", "")]) for rule, reason in event.accept.items()
            ),
            "links": self._link_lines(),
            "note": self._text_lines(event.note),
            "file": self._flow_lines([(f"{event.file}:{event.line}", "muted")]),
        }
        for label, lines in sections.items():
            yield from self._section_lines(label, lines)

    def _section_lines(self, label: str, lines: Iterable[str]) -> Iterator[str]:
        prefix = self.canvas.stylize(self.canvas.pad(label, _LABEL_WIDTH), "muted")
        for line in lines:
            if self.is_narrow and label:
                yield self.canvas.stylize(label, "muted")
            yield ("  " if self.is_narrow else prefix) + line if line else ""
            label, prefix = "", " " * _LABEL_WIDTH

    def _flow_lines(self, *pieces: Piece) -> Iterator[str]:
        """Yield lines of pieces, as many pieces per line as fit."""
        return (line for line, _ in text_layout.flow(self.canvas, pieces, self.width))

    def _text_lines(self, text: str | None, style: str = "") -> Iterable[str]:
        return self._flow_lines([(text, style)]) if text else ()

    def _word_lines(self, words: Iterable[str]) -> Iterator[str]:
        return self._flow_lines(*([(word, "")] for word in words))

    def _heading_pieces(self) -> Iterator[Piece]:
        event, mark = self.event, self.facts["mark"]
        yield [(event.id, "muted")]
        yield [(f"{STATUS_MARKS[mark]} {mark}", mark)]
        if event.status != mark and event.status != "happened":
            yield [(event.status, "")]
        if event.reported and mark != "reported":
            yield [("reported", "reported")]
        if event.kind:
            yield [(event.kind, "")]
        if self.facts["match"] == "possible":
            yield [(f"{_event_text.POSSIBLE} may not match", "possible")]
        if event.disputed:
            yield [(f"{_event_text.DISPUTED} disputed: {', '.join(event.disputed)}", "disputed")]

    def _date_pieces(self) -> Iterator[Piece]:
        date = self.event.date
        if date is None:
            yield [("undated", "muted")]
            return
        yield [(self.facts["date"], "date")]
        first, last = self.facts["earliest"], self.facts["latest"]
        if self.event.throughout:
            start, start_late, end_early, end = date.throughout
            if start == start_late and end_early == end:
                yield [(f"throughout {_day_range(start, end)}", "")]
            else:
                yield [("no start" if start_late == BEGIN else f"starts {_day_range(start, start_late)}", "")]
                yield [("no end" if end_early == END else f"ends {_day_range(end_early, end)}", "")]
        elif first is None and last is None:
            yield [("no day is the earliest or the latest", "")]
        elif first != last:
            low, high = date.within
            # A plan that has only a deadline cannot be earlier than the day on which it became known.
            period = f"{first}..{last}" if low == BEGIN and first else _day_range(low, high)
            yield [(f"some time within {period}", "")]
        if date.qualified:
            qualifiers = ["approximate"] * date.approximate + ["uncertain"] * date.uncertain
            yield [(" and ".join(qualifiers), "")]

    def _plan_lines(self) -> Iterator[str]:
        """Yield the planned date, the actual date, and the slip, for each pair of a plan and its fulfillment."""
        for slip in find_slips(self.selection, self.event.id):
            happened = (slip["happened"], "date") if slip["happened"] else ("undated", "muted")
            dates = [[("planned ", "muted"), (slip["planned"], "date")], [("happened ", "muted"), happened]]
            yield from self._flow_lines(*dates, *([[(slip["slip"], "")]] if slip["slip"] else []))

    def _known_piece(self) -> Piece:
        derived = [] if self.event.known else [(", when its earliest source appeared", "muted")]
        return [(self.facts["known"], ""), *derived]

    def _actor_lines(self) -> Iterator[str]:
        roles: dict[str, list[str]] = {}
        for participant in self.event.actors:
            roles.setdefault(participant.role or "", []).append(self.names.actor(participant.actor))
        if list(roles) == [""]:
            return self._word_lines(roles[""])
        return self._grid_lines([[(role, "muted")], [(", ".join(names), "")]] for role, names in roles.items())

    def _grid_lines(self, rows: Iterable[Sequence[Piece]]) -> Iterator[str]:
        return text_layout.align_columns(self.canvas, list(rows), self.width)

    def _figure_lines(self) -> Iterator[str]:
        rows, notes = [], []
        for figure, cell in zip(self.event.figures, self.facts["figures"], strict=True):
            details = [
                self.names.actor(figure.of) if figure.of else "",
                cell["period"] if cell["period"] not in (None, self.facts["date"]) else "",
                cell["basis"] if cell["basis"] != "actual" else "",
                f"in “{self.names.source(figure.source)[0]}”" if figure.source else "",
            ]
            number = [[(cell["text"], "figure")], [(_bounds_text(figure.quantity), "muted")]]
            rows.append([[(figure.metric, "")], *number, *([(text, "")] for text in details)])
            if figure.repeats:
                notes.append(f"{figure.metric}: the figure of {figure.repeats}, not counted again")
            if figure.printed and figure.quantity:
                notes.append(f"{figure.metric}: printed “{figure.printed}”")
            if figure.note:
                notes.append(f"{figure.metric}: {figure.note}")
        yield from self._grid_lines(rows)
        for note in dict.fromkeys(notes):
            yield from self._flow_lines([(note, "muted")])

    def _source_lines(self) -> Iterator[str]:
        for number, citation in enumerate(self.event.citations):
            if number:
                yield ""
            yield from self._citation_lines(citation)

    def _citation_lines(self, citation: Citation) -> Iterator[str]:
        source = self.selection.catalog.source(citation.source)
        title = source.title if source else citation.source
        source_pieces: list[Piece] = [[(title, "")], [(citation.source, "muted")]]
        if source and source.published:
            source_pieces.append([(f"published {source.published.shown}", "muted")])
        if source and source.status:
            source_pieces.append([(source.status.upper(), "disputed")])
        yield from self._flow_lines(*source_pieces)
        if citation.quote:
            speaker = [(f" — {self.names.actor(citation.by)}", "")] if citation.by else []
            yield from self._flow_lines([(f"“{citation.quote}”", "quote"), *speaker])
        yield from self._claim_lines(citation)
        for text in (citation.note, *((source.note, source.url, source.file) if source else ())):
            yield from self._flow_lines([(text, "muted")]) if text else ()

    def _claim_lines(self, citation: Citation) -> Iterator[str]:
        """Yield the claims of a source that differ from the event: first those that contradict it."""
        from autotimeline.model import find_contradictions

        contradicting = [(field, claim) for field, by, claim, _ in find_contradictions(self.event) if by is citation]
        for field, claim in contradicting:
            label = (f"{_event_text.DISPUTED} disputed: {field}", "disputed")
            yield from self._flow_lines([label, (f" — {_event_text.claim_text(claim)}", "")])
        agreed = {self.event.date, *self.event.figures, *(claim for _, claim in contradicting)}
        if citation.date and citation.date not in agreed:
            yield from self._flow_lines([("date ", "muted"), (citation.date.shown, "")])
        for figure in citation.figures:
            if figure not in agreed:
                yield from self._flow_lines([(_event_text.claim_text(figure), "")])

    def _link_lines(self) -> Iterator[str]:
        return self._grid_lines(
            [
                [(_PHRASES.get(type, type.replace("-", " ")), "muted")],
                [(date or "", "date")],
                [(title, ""), (f" ({id})", "muted")] if title else [(f"{id}, not in this store", "overdue")],
            ]
            for type, id, date, title in self.links
        )


def _day_range(first: int, last: int) -> str:
    return f"{format_iso(first) or ''}..{format_iso(last) or ''}" if first != last else format_iso(first) or ""


def _bounds_text(quantity: Any) -> str:
    """Return the range of an approximate number; return "" for other numbers, whose text states it already."""
    if quantity is None or not quantity.about or quantity.low is None or quantity.high is None:
        return ""
    from autotimeline.quantities.quantity import format_range, format_unit

    ends = (quantity.low, quantity.high, quantity.low_open, quantity.high_open)
    return format_range(*ends, quantity.unit, False) + format_unit(quantity.unit, quantity.per)
