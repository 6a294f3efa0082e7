"""The index of a past state: the store as of a day."""

import json
from dataclasses import replace

from autotimeline import knowledge, model
from autotimeline.engines.sqlite import sqlite3
from autotimeline.index.builder import Builder
from autotimeline.index.event_indexer import SELECT_STORED
from autotimeline.index.locations import read_entities
from autotimeline.index.tables import create_tables
from autotimeline.store import read


def build_index_as_of(db: sqlite3.Connection, target: sqlite3.Connection, day: int) -> tuple[int, int]:
    """Fill an empty index with what was known on a day (an ordinal).

    Return the number of events that became known later, and the number of those whose known date is missing.
    """
    create_tables(target)
    for table in ("file", "chunk", "block", "entity", "actor_name", "actor_parent"):
        rows = db.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    builder = Builder(target)
    sources = _read_sources(db)
    for id, body in read_entities(db, "rate"):
        if not knowledge.is_rate_known(read.entry_from_body("rate", id, body), day, sources):
            target.execute("DELETE FROM entity WHERE kind = 'rate' AND id = ?", (id,))
    events: list[tuple[int, int, int, model.Event]] = []
    later_count = unknown_count = 0
    for block, line, position, text in db.execute(SELECT_STORED):
        event = read.event_from_body(json.loads(text))
        known_event = knowledge.event_as_of(event, day, sources)
        if known_event:
            events.append((block, line, position, known_event))
        elif knowledge.known_since(event, sources) is None:
            unknown_count += 1
        else:
            later_count += 1
    known_events = {event.id: event for *_, event in events}

    def resolvable(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
        return tuple(figure for figure in figures if builder.event_indexer.find_original(figure, known_events))

    for block, line, position, event in events:
        links = tuple(link for link in event.links if link.event in known_events)
        citations = tuple(replace(citation, figures=resolvable(citation.figures)) for citation in event.citations)
        restricted = replace(event, links=links, figures=resolvable(event.figures), citations=citations)
        builder.event_indexer.add(block, line, position, restricted)
    builder.finish()
    return later_count, unknown_count


def list_days_of_news(db: sqlite3.Connection) -> list[int]:
    """Return the sorted days (ordinals) on which something about an event became known."""
    sources = _read_sources(db)
    events = (read.event_from_body(json.loads(text)) for *_, text in db.execute(SELECT_STORED))
    return sorted({day for event in events for day in knowledge.days_of_news(event, sources)})


def _read_sources(db: sqlite3.Connection) -> dict[str, model.Source]:
    return {id: read.entry_from_body("source", id, body) for id, body in read_entities(db, "source")}
