"""What was known on a day, as an index of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from autotimeline import model
from autotimeline.index.builder import Builder, schema
from autotimeline.store import read

if TYPE_CHECKING:
    import sqlite3


def as_of(db: sqlite3.Connection, new: sqlite3.Connection, day: int) -> int:
    """Fill a new index with what was known on a day (an ordinal); return how many events are not known since when.

    Everything is derived by the same code as the index itself, from the events as they were known.
    """
    for statement in schema():
        new.execute(statement)
    for table in ("file", "segment", "block", "entity", "name", "part"):
        rows = db.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            new.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    builder = Builder(new)
    bodies = db.execute("SELECT id, body FROM entity WHERE kind = 'source'")
    sources = {id: read.entity("source", id, json.loads(body)) for id, body in bodies}
    events: list[tuple[int, int, model.Event]] = []
    unknown = 0
    written = "SELECT e.block, e.line, IFNULL(d.written, d.body) FROM event e JOIN detail d ON d.event = e.n"
    for block, line, text in db.execute(written):
        event = read.event(json.loads(text))
        seen = model.as_of(event, day, sources)
        unknown += model.known(event, sources) is None
        if seen:
            events.append((block, line, seen))
    present = {event.id: event for _, _, event in events}

    def told(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
        return tuple(figure for figure in figures if builder.events.original(figure, present))

    for block, line, event in events:
        links = tuple(link for link in event.links if link.event in present)
        citations = tuple(replace(citation, figures=told(citation.figures)) for citation in event.citations)
        whole = replace(event, links=links, figures=told(event.figures), citations=citations)
        builder.events.add(block, line, whole)
    builder.settle()
    return unknown
