"""`show actor:ID`, `source:ID`, `era:ID`: one card per item, with its keys and its events."""

from collections.abc import Iterator, Sequence
from typing import Any

from autotimeline.index.cell_text import record_to_text
from autotimeline.query.parser import Term
from autotimeline.query.selection import Selection
from autotimeline.render.text_layout import Block, blank, grid, paragraph, rule, section
from autotimeline.reports.entity_facts import EntityFacts
from autotimeline.table import Column, Table
from autotimeline.views._event_text import POSSIBLE

FIELDS = DEFAULT_FIELDS = ("id", "field", "value")


def table(selection: Selection, fields: Sequence[str], entities: Sequence[Term]) -> Table:
    """Return one row per value of the entities: their keys, their first and last event, and all their events."""
    all_facts = [EntityFacts(selection, term.field, term.value) for term in entities]
    return Table([Column(field) for field in fields], _rows(all_facts), drawing=_draw(all_facts))


def _rows(all_facts: Sequence[EntityFacts]) -> Iterator[Sequence[Any]]:
    for facts in all_facts:
        yield from ([facts.id, key, value] for key, values in facts.keys.items() for value in values)
        yield from ([facts.id, field, date] for field, date in zip(("first", "last"), facts.span or (), strict=False))
        for event in facts.events():
            match = event.match if event.match == "possible" else None
            text = record_to_text(event.id, date=event.date, role=event.role, match=match, title=event.title)
            yield [facts.id, "event", text]


def _draw(all_facts: Sequence[EntityFacts]) -> Iterator[Block]:
    for number, facts in enumerate(all_facts):
        if number:
            yield from (blank, rule, blank)
        keys = dict(facts.keys)
        yield paragraph([(", ".join(keys.pop("name", keys.pop("title", [facts.id]))), "title")])
        yield paragraph([(facts.id, "muted")], [(facts.kind, "")], *([(kind, "")] for kind in keys.pop("kind", ())))
        yield blank
        for key, values in keys.items():
            yield section(key.replace("_", " "), [paragraph(*([(value, "")] for value in values))])
        for field, date in zip(("first", "last"), facts.span or (), strict=False):
            yield section(field, [paragraph([(date, "date")])])
        events = [
            [
                [(POSSIBLE if event.match == "possible" else "", "possible")],
                [(event.date or "undated", "date" if event.date else "muted")],
                [(event.role, "muted")],
                [(event.title, ""), (f" ({event.id})", "muted")],
            ]
            for event in facts.events()
        ]
        yield section("events", [grid(events)])
