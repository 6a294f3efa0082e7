"""The fact card: everything that is known of an event, who says so, and what it is tied to."""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END, iso
from autotimeline.query.columns import COLUMNS
from autotimeline.render import text_layout
from autotimeline.render.canvas import MARKS
from autotimeline.reports.elapsed import SLIPS, slips
from autotimeline.table import Column, Table
from autotimeline.text import unlisted
from autotimeline.views import _event_text
from autotimeline.views._row_counter import Tally, columns, texts
from autotimeline.views._store_blocks import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from autotimeline.model import Citation, Event
    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece
    from autotimeline.table import Row

BRIEF = ("id", "field", "value")
MORE = (SLIPS.name,)

_DRAWN = ("date", "earliest", "latest", "known", "match", "figures", "mark")
_LABEL = 11
_NARROW = 60  # below it a label stands above its lines
_PHRASES = {"contrasts": "contrasts with", "related": "related to", "has-part": "consists of"}


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return a row for each event with these fields; with `BRIEF`, a row for each thing known of it.

    The rows of `BRIEF` are the event's id, a field's name and one value: a field without a value has
    no row, one with several has a row each, flattened as in CSV but not joined.
    """
    tally = Tally(selection)
    long = tuple(fields) == BRIEF
    own = [SLIPS if column.name == SLIPS.name else column for column in columns(fields)]
    return Table(
        [Column(name) for name in BRIEF] if long else own,
        _long(tally) if long else _rows(tally, fields),
        footer=tally.footer,
        draw=lambda paper: _draw(selection, tally, paper),
        blocks=lambda: blocks(selection),
        texts=None if long else texts(selection, fields),
    )


def _rows(tally: Tally, fields: Sequence[str]) -> Iterator[Row]:
    if SLIPS.name not in fields:
        yield from tally.rows(fields)
        return
    given = [field for field in fields if field != SLIPS.name]
    for *cells, id in tally.rows((*given, "id")):
        event = {**dict(zip(given, cells, strict=True)), SLIPS.name: slips(tally.selection, id)}
        yield [event[field] for field in fields]


def _long(tally: Tally) -> Iterator[Row]:
    for row in tally.selection.texts(tuple(COLUMNS)):
        event = dict(zip(COLUMNS, row, strict=True))
        tally.count(event["match"])
        id = event.pop("id")
        if event["reported"] == "false":
            del event["reported"]
        for field, text in event.items():
            for item in unlisted(text) if COLUMNS[field].several else [text]:
                if item:
                    yield id, field, item
        for one in slips(tally.selection, id):
            yield id, SLIPS.name, SLIPS.flat(one)


def _draw(selection: Selection, tally: Tally, paper: Paper) -> Iterator[str]:
    for number, (event, row) in enumerate(zip(selection.events(), selection.rows(_DRAWN), strict=True)):
        facts: dict[str, Any] = dict(zip(_DRAWN, row, strict=True))
        tally.count(facts["match"])
        if number:
            yield from ("", paper.ink("─" * (paper.width or 80), "muted"), "")
        yield from _Card(event, facts, selection, paper).lines()


class _Card:
    """One event drawn as a card: `facts` are what the index works out about it."""

    def __init__(self, event: Event, facts: dict[str, Any], selection: Selection, paper: Paper) -> None:
        self.event = event
        self.facts = facts
        self.selection = selection
        self.names = selection.names
        self.ties = selection.ties(event.id)
        self.paper = paper
        self.narrow = paper.width is not None and paper.width < _NARROW
        self.width = (paper.width or 0) - (2 if self.narrow else _LABEL)

    def lines(self) -> Iterator[str]:
        event, paper = self.event, self.paper
        for line, _ in text_layout.wrap(paper, [(event.title, "title")], paper.width or 0):
            yield line
        for line, _ in text_layout.flow(paper, list(self._head()), paper.width or 0):
            yield line
        yield ""
        parts = {
            "date": self._text(*self._date()),
            "printed": self._text([(f"“{event.printed}”", "quote")]) if event.printed else (),
            "plan": self._plan(),
            "known": self._text(self._known()) if self.facts["known"] else (),
            "actors": self._actors(),
            "places": self._list(event.places),
            "tags": self._list(event.tags),
            "figures": self._figures(),
            "sources": self._sources(),
            "accepted": (line for rule, why in event.accept.items() for line in self._text([(f"{rule}: {why}", "")])),
            "links": self._links(),
            "note": self._text([(event.note, "")]) if event.note else (),
            "file": self._text([(f"{event.file}:{event.line}", "muted")]),
        }
        for label, lines in parts.items():
            yield from self._part(label, lines)

    def _part(self, label: str, lines: Iterable[str]) -> Iterator[str]:
        lead = self.paper.ink(self.paper.pad(label, _LABEL), "muted")
        for line in lines:
            if self.narrow and label:
                yield self.paper.ink(label, "muted")
            yield ("  " if self.narrow else lead) + line if line else ""
            label, lead = "", " " * _LABEL

    def _text(self, *pieces: Piece) -> Iterator[str]:
        """Yield pieces beside each other, as far as they fit."""
        return (line for line, _ in text_layout.flow(self.paper, pieces, self.width))

    def _list(self, words: Iterable[str]) -> Iterator[str]:
        return self._text(*([(word, "")] for word in words))

    def _head(self) -> Iterator[Piece]:
        event, mark = self.event, self.facts["mark"]
        yield [(event.id, "muted")]
        yield [(f"{MARKS[mark]} {mark}", mark)]
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

    def _date(self) -> Iterator[Piece]:
        date = self.event.date
        if date is None:
            yield [("undated", "muted")]
            return
        yield [(self.facts["date"], "date")]
        first, last = self.facts["earliest"], self.facts["latest"]
        if self.event.throughout:
            start, start_late, soon, end = date.throughout
            if start == start_late and soon == end:
                yield [(f"throughout {_days(start, end)}", "")]
            else:
                yield [("no start" if start_late == BEGIN else f"starts {_days(start, start_late)}", "")]
                yield [("no end" if soon == END else f"ends {_days(soon, end)}", "")]
        elif first is None and last is None:
            yield [("no day is the earliest or the latest", "")]
        elif first != last:
            low, high = date.within
            # A plan with a deadline alone cannot be earlier than the day on which it became known.
            since = f"{first}..{last}" if low == BEGIN and first else _days(low, high)
            yield [(f"some time within {since}", "")]
        if date.qualified:
            words = [*(["approximate"] if date.approximate else []), *(["uncertain"] if date.uncertain else [])]
            yield [(" and ".join(words), "")]

    def _plan(self) -> Iterator[str]:
        """Yield for this plan and what fulfils it, or for what this fulfils, both dates, and how late that was."""
        for one in slips(self.selection, self.event.id):
            dates = [
                [("planned ", "muted"), (one["planned"], "date")],
                [("happened ", "muted"), _dated(one["happened"])],
            ]
            yield from self._text(*dates, *([[(one["slip"], "")]] if one["slip"] else []))

    def _known(self) -> Piece:
        derived = [] if self.event.known else [(", when its earliest source appeared", "muted")]
        return [(self.facts["known"], ""), *derived]

    def _actors(self) -> Iterator[str]:
        roles: dict[str, list[str]] = {}
        for participant in self.event.actors:
            roles.setdefault(participant.role or "", []).append(self.names.actor(participant.actor))
        if list(roles) == [""]:
            return self._list(roles[""])
        return self._grid([[(role, "muted")], [(", ".join(names), "")]] for role, names in roles.items())

    def _grid(self, rows: Iterable[Sequence[Piece]]) -> Iterator[str]:
        return text_layout.grid(self.paper, list(rows), self.width)

    def _figures(self) -> Iterator[str]:
        rows, notes = [], []
        for figure, cell in zip(self.event.figures, self.facts["figures"], strict=True):
            more = [
                self.names.actor(figure.of) if figure.of else "",
                cell["period"] if cell["period"] not in (None, self.facts["date"]) else "",
                cell["basis"] if cell["basis"] != "actual" else "",
                f"in “{self.names.source(figure.source)[0]}”" if figure.source else "",
            ]
            number = [[(cell["text"], "figure")], [(_bounds(figure.quantity), "muted")]]
            rows.append([[(figure.metric, "")], *number, *([(text, "")] for text in more)])
            if figure.repeats:
                notes.append(f"{figure.metric}: the figure of {figure.repeats}, not counted again")
            if figure.printed and figure.quantity:
                notes.append(f"{figure.metric}: printed “{figure.printed}”")
            if figure.note:
                notes.append(f"{figure.metric}: {figure.note}")
        yield from self._grid(rows)
        for note in dict.fromkeys(notes):
            yield from self._text([(note, "muted")])

    def _sources(self) -> Iterator[str]:
        for number, citation in enumerate(self.event.citations):
            if number:
                yield ""
            yield from self._source(citation)

    def _source(self, citation: Citation) -> Iterator[str]:
        source = self.selection.source(citation.source)
        title = source.title if source else citation.source
        about: list[Piece] = [[(title, "")], [(citation.source, "muted")]]
        if source and source.published:
            about.append([(f"published {source.published.shown}", "muted")])
        if source and source.status:
            about.append([(source.status.upper(), "disputed")])
        yield from self._text(*about)
        if citation.quote:
            by = [(f" — {self.names.actor(citation.by)}", "")] if citation.by else []
            yield from self._text([(f"“{citation.quote}”", "quote"), *by])
        yield from self._claims(citation)
        for text in (citation.note, *((source.note, source.url, source.file) if source else ())):
            yield from self._text([(text, "muted")]) if text else ()

    def _claims(self, citation: Citation) -> Iterator[str]:
        """Yield what the source says otherwise than the event: what cannot be true with it, then what can."""
        from autotimeline.model import contradictions

        against = [(field, claim) for field, who, claim, _ in contradictions(self.event) if who is citation]
        for field, claim in against:
            told = f" — {_event_text.told(claim)}"
            yield from self._text([(f"{_event_text.DISPUTED} disputed: {field}", "disputed"), (told, "")])
        own = {self.event.date, *self.event.figures, *(claim for _, claim in against)}
        if citation.date and citation.date not in own:
            yield from self._text([("date ", "muted"), (citation.date.shown, "")])
        for figure in citation.figures:
            if figure not in own:
                yield from self._text([(_event_text.told(figure), "")])

    def _links(self) -> Iterator[str]:
        return self._grid(
            [
                [(_PHRASES.get(type, type.replace("-", " ")), "muted")],
                [(date or "", "date")],
                [(title, ""), (f" ({other})", "muted")] if title else [(f"{other}, not in this store", "overdue")],
            ]
            for type, other, date, title in self.ties
        )


def _dated(date: str | None) -> tuple[str, str]:
    return (date, "date") if date else ("undated", "muted")


def _days(first: int, last: int) -> str:
    return f"{iso(first) or ''}..{iso(last) or ''}" if first != last else iso(first) or ""


def _bounds(quantity: Any) -> str:
    """Return the bounds of an approximate number, which say more than its words; of others nothing."""
    if quantity is None or not quantity.about or quantity.low is None or quantity.high is None:
        return ""
    from autotimeline.quantities.quantity import show_span, show_unit

    ends = (quantity.low, quantity.high, quantity.low_open, quantity.high_open)
    return show_span(*ends, quantity.unit, False) + show_unit(quantity.unit, quantity.per)
