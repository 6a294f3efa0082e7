"""Derivation of the rows of a chunk of a feed: JSON lines or CSV to the tables of an index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autotimeline import model
from autotimeline.engines import sqlite
from autotimeline.importing.import_options import ImportOptions
from autotimeline.importing.load import load_files
from autotimeline.importing.records import ImportProblem, ImportRecord, InvalidRecordError
from autotimeline.importing.row_reader import CellError, flatten_roles, group_by_role
from autotimeline.index import event_rows
from autotimeline.index.builder import Builder
from autotimeline.index.event_indexer import EventIndexer
from autotimeline.index.tables import create_tables
from autotimeline.lake.tables import EVENT_TABLES, INDEX_TABLES, dump
from autotimeline.store.read import entry_from_body
from autotimeline.store.table_reader import slugify
from autotimeline.text import fold

Entities = dict[tuple[str, str], dict[str, Any]]
"""The keys of actors and sources, by kind and id."""
LocatedEvent = tuple[int, int, model.Event]
"""An event with the number of its file and its line, from 1."""
_FILE_BITS = 48


@dataclass
class ChunkResult:
    """What became of a chunk.

    Attributes:
        events: The number of valid events.
        problems: What makes other records invalid, with file and line.
        entities: The actors and sources that the records define.
        pending: Events that repeat a figure of an event in another chunk; they are not in the tables yet.
    """

    events: int = 0
    problems: list[str] = field(default_factory=list)
    entities: Entities = field(default_factory=dict)
    pending: list[LocatedEvent] = field(default_factory=list)

    def merge(self, other: "ChunkResult") -> None:
        """Add the results of another chunk."""
        self.events += other.events
        self.problems += other.problems
        self.pending += other.pending
        for key, body in other.entities.items():
            if self.entities.setdefault(key, body) != body:
                names = " and ".join(str(next(iter(each.values()))) for each in (self.entities[key], body))
                self.problems.append(f'{key[0]} "{key[1]}" has several names: {names}; define it in a store')


class FeedIndexer:
    """Indexes chunks of feeds, given the actors and sources that are already defined."""

    def __init__(self, options: Mapping[str, Sequence[str]], entities: Entities) -> None:
        self._options = ImportOptions(options)
        self._entities = entities
        self._ids = {
            (kind, fold(name)): id
            for (kind, id), body in entities.items()
            for name in (id, body.get("name"), *body.get("aliases", ()), body.get("title"), body.get("url"))
            if name
        }

    def index_records(
        self, name: str, data: bytes, location: tuple[int, int], directory: str, part: int
    ) -> ChunkResult:
        """Write the tables of the events in a part of a feed to a directory.

        `location` is the number of the feed and the line, from 1, where the data begins.
        """
        result = ChunkResult()
        file, first_line = location
        loaded = load_files([(name, data, None)], self._options, skip_invalid=True)
        problems = list(loaded.problems)
        events: list[LocatedEvent] = []
        for record in loaded.records:
            try:
                event = self._parse_event(record, result.entities)
                events.append((file, (record.location.line or 0) + first_line - 1, event))
            except InvalidRecordError as error:
                problems += error.problems
        result.problems = [_describe(problem, first_line) for problem in problems]
        result.events = len(events)
        ids = {event.id for *_, event in events}
        is_pending = [not ids.issuperset(repeated_ids(event)) for *_, event in events]
        result.pending = [event for event, pending in zip(events, is_pending, strict=True) if pending]
        direct = [event for event, pending in zip(events, is_pending, strict=True) if not pending]
        write_events(direct, {**self._entities, **result.entities}, directory, part)
        return result

    def _parse_event(self, record: ImportRecord, entities: Entities) -> model.Event:
        """Return the event of a record, and add the actors and sources that it defines; raise InvalidRecordError."""
        if record.kind != "event":
            raise InvalidRecordError(record.make_problem("", f"{record.kind} in a feed; define it in a store"))
        if not record.id:
            raise InvalidRecordError(record.make_problem("id", "missing id; map a column with --map id=COLUMN"))
        defined: Entities = {}
        for (kind, id), details in record.entity_details.items():
            defined[kind, id] = {"name" if kind == "actor" else "title": id, **details}
        body = dict(record.body)
        try:
            actors = [(role, self._find("actor", name, defined)) for role, name in record.named_actors]
            if actors:
                body["actors"] = group_by_role([*flatten_roles(body.get("actors")), *actors])
        except CellError as error:
            raise InvalidRecordError(record.make_problem("actors", str(error))) from None
        sources = [self._find("source", name, defined) for name in record.cited_sources]
        if sources:
            cited = [{"id": id, "quote": record.quote} if record.quote else id for id in dict.fromkeys(sources)]
            body["sources"] = [*body.get("sources", []), *cited]
        event = replace(record.parse_event(body), id=record.id)
        known = (defined, entities, self._entities)
        for key, kind, id in event_rows.referenced_ids(event):
            if kind in ("actor", "source") and not any((kind, id) in each for each in known):
                raise InvalidRecordError(record.make_problem(key, f'no {kind} "{id}"; define it in a store'))
        entities.update((key, body) for key, body in defined.items() if key not in self._entities)
        return event

    def _find(self, kind: str, name: str, defined: Entities) -> str:
        """Return the id of an actor or source by a name; one that is not defined gets an id from its name."""
        if id := self._ids.get((kind, fold(name))):
            return id
        if not (id := slugify(name)):
            raise CellError(f'no {kind} "{name}"; define it in a store: its name has no Latin letters for an id')
        if (kind, id) not in self._entities:
            defined[kind, id] = {"name" if kind == "actor" else "title": name}
        return id


def repeated_ids(event: model.Event) -> Iterator[str]:
    """Yield the ids of the events whose figures an event repeats without their values."""
    for figure in event_rows.all_figures(event):
        if event_rows.needs_original(figure):
            yield figure.repeats or ""


def write_events(
    events: Iterable[LocatedEvent],
    entities: Entities,
    directory: str,
    part: int,
    originals: Mapping[str, model.Event] | None = None,
) -> None:
    """Write the tables of events to a directory; `originals` are other events whose figures they repeat."""
    builder = _empty_index()
    builder.event_indexer = indexer = EventIndexer(builder.db, originals)
    for (kind, id), body in entities.items():
        if kind == "source":
            builder.add_entity(0, 0, kind, id, entry_from_body(kind, id, body))
    files = set()
    for file, line, event in events:
        indexer.add(file, line, (file << _FILE_BITS) + line, event)
        files.add(file)
    indexer.flush()
    for file in files:
        _add_file(builder, file)
    dump(builder.db, directory, part, EVENT_TABLES)
    builder.db.close()


def write_entities(entities: Entities, file: int, directory: str) -> None:
    """Write the tables of actors and sources to a directory; their location is the first line of a file."""
    builder = _empty_index()
    _add_file(builder, file)
    for (kind, id), body in sorted(entities.items()):
        builder.add_entity(file, 1, kind, id, entry_from_body(kind, id, body))
    dump(builder.db, directory, 0, [table for table in INDEX_TABLES if table not in EVENT_TABLES])
    builder.db.close()


def _empty_index() -> Builder:
    db = sqlite.connect(":memory:")
    create_tables(db)
    db.execute("BEGIN")
    return Builder(db)


def _add_file(builder: Builder, file: int) -> None:
    """Add a file whose lines are counted from its start, as one block."""
    builder.db.execute("INSERT INTO block VALUES (?, ?, 0, '', x'')", (file, file))
    sql = "INSERT INTO chunk (number, file, line, lines, length, digest, position) VALUES (?, ?, 0, 0, 0, x'', 0)"
    builder.db.execute(sql, (file, file))


def _describe(problem: ImportProblem, first_line: int) -> str:
    line = problem.location.line
    location = replace(problem.location, line=line and line + first_line - 1, row=None)
    return str(replace(problem, location=location))
