"""`show actor:ID`, `source:ID`, `era:ID`: one card per item: keys, roles, plans, disputes, figures, events."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autotimeline.query.columns import DisplayNames
from autotimeline.query.parser import Term
from autotimeline.query.selection import Selection
from autotimeline.render.text_layout import Block, blank, grid, paragraph, rule, section
from autotimeline.reports.entity_facts import EntityEvent, EntityFacts
from autotimeline.table import Column, Table, record_to_text
from autotimeline.text import format_count
from autotimeline.views._event_text import POSSIBLE

FIELDS = DEFAULT_FIELDS = ("id", "field", "value")


def table(selection: Selection, fields: Sequence[str], entities: Sequence[Term]) -> Table:
    """Return one row per value of the entities: their keys, dates, roles, plans, disputes, figures, and events."""
    all_facts = [EntityFacts(selection, term.field, term.value) for term in entities]
    return Table([Column(field) for field in fields], _rows(all_facts), drawing=_draw(all_facts, selection.names))


def _rows(all_facts: Sequence[EntityFacts]) -> Iterator[Sequence[Any]]:
    for facts in all_facts:
        yield from ([facts.id, key, value] for key, values in facts.keys.items() for value in values)
        for field, event in facts.span.items():
            yield [facts.id, field, _event_to_text(event)]
        yield from ([facts.id, "role", record_to_text(role, events=number)] for role, number in facts.roles.items())
        for field, events in (
            ("plan", facts.open_plans()),
            ("disputed", facts.disputed()),
            ("single-source", facts.single_source()),
        ):
            for event in events:
                disputed = ", ".join(event.disputed) if field == "disputed" else None
                yield [facts.id, field, record_to_text(event.id, date=event.date, fields=disputed)]
        for figure in facts.figures():
            basis = None if figure.basis == "actual" else figure.basis
            details = {
                "of": figure.of,
                "holder": figure.holder,
                "period": figure.period,
                "basis": basis,
                "event": figure.event,
            }
            yield [facts.id, "figure", record_to_text(f"{figure.metric}={figure.text}", **details)]
        yield from ([facts.id, "rate", f"{rate.id} ({rate})"] for rate in facts.rates())
        yield from ([facts.id, "event", _event_to_text(event)] for event in facts.events())


def _event_to_text(event: EntityEvent) -> str:
    match = event.match if event.match == "possible" else None
    return record_to_text(event.id, date=event.date, role=event.role, match=match, title=event.title)


def _draw(all_facts: Sequence[EntityFacts], names: DisplayNames) -> Iterator[Block]:
    for number, facts in enumerate(all_facts):
        if number:
            yield from (blank, rule, blank)
        keys = dict(facts.keys)
        yield paragraph([(", ".join(keys.pop("name", keys.pop("title", [facts.id]))), "title")])
        yield paragraph([(facts.id, "muted")], [(facts.kind, "")], *([(kind, "")] for kind in keys.pop("kind", ())))
        yield blank
        for key, values in keys.items():
            yield section(key.replace("_", " "), [paragraph(*([(value, "")] for value in values))])
        for field, event in facts.span.items():
            yield section(field, [_event_grid([event])])
        yield section("roles", [paragraph(*([(f"{role} {number}", "")] for role, number in facts.roles.items()))])
        yield section("plans", [_event_grid(facts.open_plans())])
        yield section("disputed", [_event_grid(facts.disputed())])
        yield section("single source", _single_source_blocks(facts))
        figures = [
            [
                [(figure.metric, "")],
                [(figure.text, "figure")],
                [(", ".join(names.actor(id) for id in (figure.of, figure.holder) if id and id != facts.id), "")],
                [(figure.period or "", "date")],
                [("" if figure.basis == "actual" else figure.basis, "muted")],
                [(figure.event, "muted")],
            ]
            for figure in facts.figures()
        ]
        yield section("figures", [grid(figures)])
        yield section(
            "rates", [paragraph([(str(rate), "figure"), (f" ({rate.id})", "muted")]) for rate in facts.rates()]
        )
        yield section("events", [_event_grid(facts.events())])


def _event_grid(events: Iterable[EntityEvent]) -> Block:
    return grid(
        [
            [
                [(POSSIBLE if event.match == "possible" else "", "possible")],
                [(event.date or "undated", "date" if event.date else "muted")],
                [(event.role, "muted")],
                [(event.title, ""), (f" ({event.id})", "muted")],
            ]
            for event in events
        ]
    )


def _single_source_blocks(facts: EntityFacts) -> Iterator[Block]:
    """Yield how many events rest on a source alone, and the query that lists them."""
    number, total = len(list(facts.single_source())), len(list(facts.events()))
    if number:
        query = f"autotimeline list source:{facts.id} is:single-source"
        yield paragraph([(f"{number:,} of its {format_count(total, 'event')}", "")], [(query, "link")])
