"""The data of a page: its events, what they refer to, and what its queries need. `_page/query.js` reads it."""

from typing import Any

from autotimeline.dates.span import format_iso
from autotimeline.model import Citation, Event, Figure, find_contradictions
from autotimeline.query.columns import MARK_NAMES
from autotimeline.reports.page_index import PageIndex, fold_table, query_language
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.text import fold
from autotimeline.views._event_text import claim_text, figure_terms


class _Numbering(dict[Any, int]):
    """Numbers values in the order of their first occurrence."""

    def __missing__(self, value: Any) -> int:
        self[value] = number = len(self)
        return number


def page_data(snapshot: SelectionSnapshot) -> dict[str, Any]:
    """Return the data of a page; an event is a list, in the order of `_PageEvents.row`."""
    selection, tables = snapshot.selection, snapshot.tables
    index = PageIndex(selection)
    events = _PageEvents(snapshot, index)
    facts = selection.rows(("id", "mark"))
    rows = [events.row(event, mark) for event, (_, mark) in zip(selection.events(), facts, strict=True)]
    names, members = index.actor_names(), index.group_members()
    linked = (id for links in events.links.values() for _, id in links)
    data = {
        "snapshot": snapshot.header,
        "language": query_language(),
        "certain": index.certain_events(),
        "sets": index.word_sets(),
        "windows": index.era_windows(),
        "actors": {
            id: [body["name"], names.get(id, []), members.get(id, [id])] for id, body in tables.get("actor", {}).items()
        },
        "sources": {
            id: [body["title"], selection.names.source(id)[1], *(body.get(key) for key in ("url", "status", "note"))]
            for id, body in tables.get("source", {}).items()
        },
        "eras": {id: [body["name"]] for id, body in tables.get("era", {}).items()},
        "dates": list(events.dates),
        "known": list(events.known),
        "kinds": [[word, fold(word)] for word in events.kinds],
        "roles": [[word, fold(word)] for word in events.roles],
        "tags": [[word, fold(word)] for word in events.tags],
        "metrics": [[word, fold(word)] for word in events.metrics],
        "places": [[place, *sorted({fold(part) for part in (place, *place.split(","))})] for place in events.places],
        "outside": index.outside_events(linked),
        "marks": MARK_NAMES,
        "events": rows,
    }
    return {**data, **fold_table("".join(_texts(data)))}


def _texts(value: Any) -> list[str]:
    """Return all texts of the data."""
    if isinstance(value, str):
        return [value]
    items = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for item in items for text in _texts(item)]


class _PageEvents:
    """The events of a page as lists, and the values that they refer to by number."""

    def __init__(self, snapshot: SelectionSnapshot, index: PageIndex) -> None:
        self.names = snapshot.selection.names
        self.sources = {id: number for number, id in enumerate(snapshot.tables.get("source", {}))}
        self.actors = {id: number for number, id in enumerate(snapshot.tables.get("actor", {}))}
        self.dates, self.known = _Numbering(), _Numbering()
        self.kinds, self.roles, self.tags, self.places, self.metrics = (_Numbering() for _ in range(5))
        self.index = index
        self.days, self.known_days = index.event_days(), index.known_days()
        self.texts, self.last_starts = index.search_texts(), index.last_starts()
        self.index_metrics = index.metrics()
        self.links = {id: links for id, links in index.links().items() if id in index.positions}

    def row(self, event: Event, mark: str) -> list[Any]:
        """Return an event; values that few events have are by name in its last item."""
        date, id = event.date, event.id
        return [
            id,
            event.title,
            self.dates[date.shown, *self.days[id], event.throughout] if date else None,
            self.known[self.known_days[id]] if id in self.known_days else None,
            MARK_NAMES.index(mark),
            self.kinds[event.kind] if event.kind else None,
            [self.actors[p.actor] for p in event.actors],
            [self.roles[p.role] if p.role else -1 for p in event.actors],
            [self.places[place] for place in event.places],
            [self.tags[tag] for tag in event.tags],
            [self._figure(figure, event) for figure in event.figures],
            self._citations(event),
            self.links.get(id, []),
            *self.texts[id],
            {key: value for key, value in self._details(event).items() if value},
        ]

    def _details(self, event: Event) -> dict[str, Any]:
        is_plan = event.status == "planned"
        stated = {figure.metric for figure in event.figures}
        return {
            "printed": event.printed,
            "note": event.note,
            "texts": dict(event.texts),
            "reported": event.reported,
            "disputed": event.disputed,
            "accept": dict(event.accept),
            "due": is_plan and format_iso(self.last_starts.get(event.id, 0)),
            "slips": is_plan and self.index.slips(event.id),
            "claimed": [
                self.metrics[metric] for metric in self.index_metrics.get(event.id, ()) if metric not in stated
            ],
        }

    def _figure(self, figure: Figure, event: Event) -> list[Any]:
        details = figure_terms(self.names, figure.of, figure.basis, None, figure.holder)
        if figure.period and figure.period != event.date:
            details.append(figure.period.shown)
        if figure.source:
            details.append(f"in “{self.names.source(figure.source)[0]}”")
        if figure.printed and figure.quantity:
            details.append(f"printed “{figure.printed}”")
        details += [figure.note] if figure.note else []
        return [self.metrics[figure.metric], figure.text, *([", ".join(details)] if details else [])]

    def _citations(self, event: Event) -> list[Any]:
        contradictions: dict[int, list[str]] = {}
        for field, citation, claim, _ in find_contradictions(event):
            contradictions.setdefault(id(citation), []).append(f"{field}: {claim_text(claim)}")
        return [self._citation(citation, contradictions.get(id(citation), [])) for citation in event.citations]

    def _citation(self, citation: Citation, contradictions: list[str]) -> list[Any]:
        claims = [claim_text(claim) for claim in (citation.date, citation.status, *citation.figures) if claim]
        by = self.names.actor(citation.by) if citation.by else None
        cells = [citation.quote, by, contradictions, claims, citation.note]
        return [self.sources[citation.source], *(cells if any(cells) else ())]
