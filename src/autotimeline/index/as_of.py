"""What was known on a day, as an index of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from autotimeline import knowledge, model
from autotimeline.index.builder import Builder, schema_statements
from autotimeline.store import read

if TYPE_CHECKING:
    import sqlite3


def build_index_as_of(db: sqlite3.Connection, target: sqlite3.Connection, day: int) -> int:
    """Fill a new index with what was known on a day (an ordinal); return how many events are not known since when.

    Everything is derived by the same code as the index itself, from the events as they were known.
    """
    for statement in schema_statements():
        target.execute(statement)
    for table in ("file", "chunk", "block", "entity", "actor_name", "actor_parent"):
        rows = db.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    builder = Builder(target)
    bodies = db.execute("SELECT id, body FROM entity WHERE kind = 'source'")
    sources = {id: read.entity_from_body("source", id, json.loads(body)) for id, body in bodies}
    events: list[tuple[int, int, model.Event]] = []
    unknown_count = 0
    select_events = (
        "SELECT e.block, e.line, IFNULL(d.stored_body, d.body) FROM event e JOIN detail d ON d.event = e.number"
    )
    for block, line, text in db.execute(select_events):
        event = read.event_from_body(json.loads(text))
        known_event = knowledge.event_as_of(event, day, sources)
        unknown_count += knowledge.known_since(event, sources) is None
        if known_event:
            events.append((block, line, known_event))
    known_events = {event.id: event for _, _, event in events}

    def resolvable(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
        return tuple(figure for figure in figures if builder.event_indexer.find_original(figure, known_events))

    for block, line, event in events:
        links = tuple(link for link in event.links if link.event in known_events)
        citations = tuple(replace(citation, figures=resolvable(citation.figures)) for citation in event.citations)
        restricted = replace(event, links=links, figures=resolvable(event.figures), citations=citations)
        builder.event_indexer.add(block, line, restricted)
    builder.finish()
    return unknown_count
