"""`show`: one card per event, with all its fields, sources, disputes, and links."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.query.columns import COLUMNS
from autotimeline.render.canvas import MARK_LABELS, STATUS_MARKS
from autotimeline.render.text_layout import blank, grid, paragraph, rule, section
from autotimeline.reports.elapsed import SLIPS_COLUMN, find_slips
from autotimeline.table import Column, citation_to_text, figure_to_text
from autotimeline.text import split_items
from autotimeline.views._event_rows import RowCounter, event_table
from autotimeline.views._event_text import DISPUTED, POSSIBLE, citation_note, claim_text, figure_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from autotimeline.model import Citation, Event
    from autotimeline.query.columns import DisplayNames
    from autotimeline.query.selection import Selection
    from autotimeline.render.text_layout import Block, Piece
    from autotimeline.table import Note, Table, TableRow

DEFAULT_FIELDS = ("id", "field", "value")
EXTRA_FIELDS = (SLIPS_COLUMN.name,)

_RECORD_FIELDS = ("figures", "sources")
_CARD_FIELDS = ("date", "earliest", "latest", "known", "match", "figures", "mark")
_PHRASES = {"contrasts": "contrasts with", "related": "related to", "has-part": "consists of"}


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return one row per event with these fields, or with DEFAULT_FIELDS one row per value of each of its fields."""
    counter = RowCounter(selection)
    if tuple(fields) != DEFAULT_FIELDS:
        return event_table(counter, fields, _rows(counter, fields), _draw(counter), SLIPS_COLUMN)
    table = event_table(counter, fields, _record_rows(counter), _draw(counter), _value_column(selection.names))
    return table.replace(text_rows=lambda: _value_rows(counter), json_rows=None)


def _rows(counter: RowCounter, fields: Sequence[str]) -> Iterator[TableRow]:
    if SLIPS_COLUMN.name not in fields:
        yield from counter.rows(fields)
        return
    event_fields = [field for field in fields if field != SLIPS_COLUMN.name]
    for *cells, id in counter.rows((*event_fields, "id")):
        event = {**dict(zip(event_fields, cells, strict=True)), SLIPS_COLUMN.name: find_slips(counter.selection, id)}
        yield [event[field] for field in fields]


def _value_rows(counter: RowCounter) -> Iterator[Sequence[str]]:
    """Yield the rows of DEFAULT_FIELDS as texts."""
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


def _record_rows(counter: RowCounter) -> Iterator[TableRow]:
    """Yield the rows of DEFAULT_FIELDS with the figures and the citations as records."""
    rows = groupby(_value_rows(counter), key=itemgetter(0))
    for (id, values), lists in zip(rows, counter.selection.rows(_RECORD_FIELDS), strict=True):
        records = {field: iter(items) for field, items in zip(_RECORD_FIELDS, lists, strict=True)}
        yield from ((id, field, next(records[field]) if field in records else text) for _, field, text in values)


def _value_column(names: DisplayNames) -> Column:
    """Return the column of values, which are texts, and records of figures and of citations."""

    def is_figure(cell: str | dict[str, Any]) -> bool:
        return "metric" in cell

    def to_text(record: dict[str, Any]) -> str:
        return figure_to_text(record) if is_figure(record) else citation_to_text(record)

    def to_words(cell: str | dict[str, Any]) -> str:
        if isinstance(cell, str):
            return cell
        return figure_words([cell], names) if is_figure(cell) else citation_to_text(cell)

    def to_notes(cell: str | dict[str, Any]) -> list[Note]:
        return [] if isinstance(cell, str) or is_figure(cell) else [citation_note(cell, names)]

    return Column("value", to_text, cell_to_words=to_words, cell_to_notes=to_notes)


def _draw(counter: RowCounter) -> Iterator[Block]:
    selection = counter.selection
    for number, (event, row) in enumerate(zip(selection.events(), selection.rows(_CARD_FIELDS), strict=True)):
        facts: dict[str, Any] = dict(zip(_CARD_FIELDS, row, strict=True))
        counter.count_row(facts["match"])
        if number:
            yield from (blank, rule, blank)
        yield paragraph([(event.title, "title")])
        yield paragraph(*_heading_pieces(event, facts))
        yield blank
        for label, blocks in _EventCard(event, facts, selection).sections():
            yield section(label, blocks)


def _heading_pieces(event: Event, facts: dict[str, Any]) -> Iterator[Piece]:
    mark = facts["mark"]
    yield [(event.id, "muted")]
    yield [(f"{STATUS_MARKS[mark]} {MARK_LABELS[mark]}", mark)]
    if event.reported and mark != "reported":
        yield [("reported", "reported")]
    if event.kind:
        yield [(event.kind, "")]
    if facts["match"] == "possible":
        yield [(f"{POSSIBLE} {MARK_LABELS['possible']}", "possible")]
    if event.disputed:
        yield [(f"{DISPUTED} disputed: {', '.join(event.disputed)}", "disputed")]


class _EventCard:
    """One event in labelled sections; `facts` are its values that the index computes."""

    def __init__(self, event: Event, facts: dict[str, Any], selection: Selection) -> None:
        self.event = event
        self.facts = facts
        self.selection = selection
        self.names = selection.names

    def sections(self) -> Iterator[tuple[str, Iterable[Block]]]:
        """Yield each label and its blocks, of which there may be none."""
        event, known = self.event, self.facts["known"]
        yield "date", [paragraph(*self._date_pieces())]
        yield "printed", _texts(f"“{event.printed}”" if event.printed else None, style="quote")
        yield "plan", self._plan_blocks()
        derived = "" if event.known else ", when its earliest source appeared"
        yield "known", [paragraph([(known, ""), (derived, "muted")])] if known else []
        yield "actors", [self._actor_block()]
        yield "places", [_words(event.places)]
        yield "tags", [_words(event.tags)]
        yield "figures", self._figure_blocks()
        yield "sources", self._source_blocks()
        yield "accepted", _texts(*(f"{rule}: {reason}" for rule, reason in event.accept.items()))
        yield "links", [self._link_block()]
        yield "note", _texts(event.note)
        yield "file", _texts(f"{event.file}:{event.line}", style="muted")

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
            from autotimeline.dates.edtf import parse_date
            from autotimeline.knowledge import event_bounds

            known = parse_date(self.facts["known"]) if self.facts["known"] else None
            low, high = event_bounds(self.event, known) or date.within
            yield [(f"some time within {_day_range(low, high)}", "")]
        if date.qualified:
            qualifiers = ["approximate"] * date.approximate + ["uncertain"] * date.uncertain
            yield [(" and ".join(qualifiers), "")]

    def _plan_blocks(self) -> Iterator[Block]:
        """Yield the planned date, the actual date, and the slip, for each pair of a plan and its fulfillment."""
        for slip in find_slips(self.selection, self.event.id):
            happened = (slip["happened"], "date") if slip["happened"] else ("undated", "muted")
            dates = [[("planned ", "muted"), (slip["planned"], "date")], [("happened ", "muted"), happened]]
            yield paragraph(*dates, *([[(slip["slip"], "")]] if slip["slip"] else []))

    def _actor_block(self) -> Block:
        roles: dict[str, list[str]] = {}
        for participant in self.event.actors:
            roles.setdefault(participant.role or "", []).append(self.names.actor(participant.actor))
        if list(roles) == [""]:
            return _words(roles[""])
        return grid([[[(role, "muted")], [(", ".join(names), "")]] for role, names in roles.items()])

    def _figure_blocks(self) -> Iterator[Block]:
        rows, notes = [], []
        for figure, cell in zip(self.event.figures, self.facts["figures"], strict=True):
            details = [
                self.names.actor(figure.of) if figure.of else "",
                f"held by {self.names.actor(figure.holder)}" if figure.holder else "",
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
        yield grid(rows)
        yield from _texts(*dict.fromkeys(notes), style="muted")

    def _source_blocks(self) -> Iterator[Block]:
        for number, citation in enumerate(self.event.citations):
            if number:
                yield blank
            yield from self._citation_blocks(citation)

    def _citation_blocks(self, citation: Citation) -> Iterator[Block]:
        source = self.selection.catalog.source(citation.source)
        title = source.title if source else citation.source
        source_pieces: list[Piece] = [[(title, "")], [(citation.source, "muted")]]
        if source and source.published:
            source_pieces.append([(f"published {source.published.shown}", "muted")])
        if source and source.status:
            source_pieces.append([(source.status.upper(), "disputed")])
        yield paragraph(*source_pieces)
        if citation.quote:
            speaker = [(f" — {self.names.actor(citation.by)}", "")] if citation.by else []
            yield paragraph([(f"“{citation.quote}”", "quote"), *speaker])
        yield from self._claim_blocks(citation)
        notes = (source.note, source.url, source.file) if source else ()
        yield from _texts(citation.note, *notes, style="muted")

    def _claim_blocks(self, citation: Citation) -> Iterator[Block]:
        """Yield the claims of a source that differ from the event: first those that contradict it."""
        from autotimeline.model import find_contradictions

        contradicting = [(field, claim) for field, by, claim, _ in find_contradictions(self.event) if by is citation]
        for field, claim in contradicting:
            label = (f"{DISPUTED} disputed: {field}", "disputed")
            yield paragraph([label, (f" — {claim_text(claim)}", "")])
        agreed = {self.event.date, *self.event.figures, *(claim for _, claim in contradicting)}
        if citation.date and citation.date not in agreed:
            yield paragraph([("date ", "muted"), (citation.date.shown, "")])
        for figure in citation.figures:
            if figure not in agreed:
                yield paragraph([(claim_text(figure), "")])

    def _link_block(self) -> Block:
        rows = [
            [
                [(_PHRASES.get(type, type.replace("-", " ")), "muted")],
                [(date or "", "date")],
                [(title, ""), (f" ({id})", "muted")] if title else [(f"{id}, not in this store", "overdue")],
            ]
            for type, id, date, title in self.selection.catalog.links(self.event.id)
        ]
        return grid(rows)


def _texts(*texts: str | None, style: str = "") -> Iterator[Block]:
    """Yield one block per text that is not empty."""
    return (paragraph([(text, style)]) for text in texts if text)


def _words(words: Iterable[str]) -> Block:
    return paragraph(*([(word, "")] for word in words))


def _day_range(first: int, last: int) -> str:
    return f"{format_iso(first) or ''}..{format_iso(last) or ''}" if first != last else format_iso(first) or ""


def _bounds_text(quantity: Any) -> str:
    """Return the range of an approximate number; return "" for other numbers, whose text states it already."""
    if quantity is None or not quantity.about or quantity.low is None or quantity.high is None:
        return ""
    from autotimeline.quantities.quantity import format_range, format_unit

    ends = (quantity.low, quantity.high, quantity.low_open, quantity.high_open)
    return f"read as {format_range(*ends, quantity.unit, False)}{format_unit(quantity.unit, quantity.per)}"
