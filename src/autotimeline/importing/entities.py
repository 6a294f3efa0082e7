"""The actors, sources, and other entities (not events) that imported files refer to or define."""

from dataclasses import replace
from typing import Any

from autotimeline import knowledge, model
from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.editing.draft import Draft
from autotimeline.editing.ids import URL_PATTERN, IdAllocator, make_entity_id
from autotimeline.errors import UnknownNameError
from autotimeline.importing.records import (
    ImportProblem,
    ImportRecord,
    InvalidRecordError,
    change_summary,
    conflict_message,
)
from autotimeline.index import locations
from autotimeline.schema import KINDS
from autotimeline.store.parse import parse_entry
from autotimeline.store.read import entry_from_body
from autotimeline.store.toml_writer import format_block
from autotimeline.text import fold, suggest

# The kind, the text, and the label of its problems.
NewBlock = tuple[str, str, str]


class EntityResolver:
    """The entities of a store, and those that an import adds or updates.

    Attributes:
        bodies: The keys of each entity, by kind and id.
        new_counts: The number of new entities, by kind.
        new_ids: Their ids.
        messages: Messages for the user, in order.
        updated_records: The record that updates an entity, by the label of its problems.
    """

    def __init__(self, draft: Draft, allocator: IdAllocator, update_hint: str = "--update") -> None:
        index, kinds = draft.timeline.index, KINDS[1:-1]
        self.allocator = allocator
        self.bodies = {kind: dict(locations.read_entities(index, kind)) for kind in kinds}
        self.new_counts = dict.fromkeys(kinds, 0)
        self.new_ids: list[str] = []
        self.messages: dict[str, None] = {}
        self.updated_records: dict[str | None, ImportRecord] = {}
        self._draft = draft
        self._update_hint = update_hint
        self._store_headers = [body for _, body in locations.read_entities(index, "store")]
        self._unreadable_ids = {kind: set(locations.list_ids(index, kind)) - self.bodies[kind].keys() for kind in kinds}
        self._locations: dict[tuple[str, str], str] = {}
        self._new_blocks: list[NewBlock] = []
        self._pending_aliases: dict[str, str] = {}
        self._actor_ids_by_name: dict[str, list[str]] = {}
        self._source_id_by_name: dict[str, str] = {}
        self._parsed_sources: dict[str, model.Source] = {}
        for kind in ("actor", "source"):
            for id, body in self.bodies[kind].items():
                self._index_names(kind, id, body)

    def _index_names(self, kind: str, id: str, body: dict[str, Any]) -> None:
        if kind == "actor":
            for name in (body["name"], *body.get("aliases", ())):
                ids = self._actor_ids_by_name.setdefault(fold(name), [])
                if id not in ids:
                    ids.append(id)
        elif kind == "source":
            for name in filter(None, (body.get("url"), fold(body["title"]))):
                self._source_id_by_name.setdefault(name, id)

    def exists(self, kind: str, id: str) -> bool:
        """Return whether an entity exists, even if it is invalid."""
        return id in self.bodies[kind] or id in self._unreadable_ids[kind]

    def find_actors(self, name: str) -> list[str]:
        """Return the ids of the actors with a name or an alias."""
        return self._actor_ids_by_name.get(fold(name), [])

    def find_source(self, name: str) -> str | None:
        """Return the id of the source with a URL or a title."""
        return self._source_id_by_name.get(name) or self._source_id_by_name.get(fold(name))

    def require(self, kind: str, name: str) -> None:
        """Raise UnknownNameError if an entity does not exist."""
        if not self.exists(kind, name) and not (kind == "actor" and self.find_actors(name)):
            hint = "; --source-title makes it" if kind == "source" else "; `autotimeline add` makes it"
            raise UnknownNameError(f'no {kind} "{name}"{suggest(name, self.bodies[kind]) or hint}')

    def load_source(self, id: str) -> model.Source | None:
        """Return the source with an id."""
        if id not in self._parsed_sources and id in self.bodies["source"]:
            self._parsed_sources[id] = entry_from_body("source", id, self.bodies["source"][id])
        return self._parsed_sources.get(id)

    def upsert(self, record: ImportRecord, *, update: bool) -> None:
        """Add or update an entity, or raise InvalidRecordError if it has other values and may not be updated."""
        kind, id, body = record.kind, record.id, record.body
        if kind == "store":
            self._set_title(body, record)
            return
        if id in self._unreadable_ids[kind]:
            what = f'{kind} "{id}" is in the store and cannot be read: `autotimeline check` says why; mend it first'
            raise InvalidRecordError(ImportProblem(record.location, what))
        if id not in self.bodies[kind]:
            self.add(kind, id, body, str(record.location))
            return
        existing, location = self.bodies[kind][id], self._locations.get((kind, id))
        changes = {key: (existing.get(key), value) for key, value in body.items() if existing.get(key) != value}
        if changes and (location or not update):
            message = conflict_message(kind, id, location, changes, self._update_hint)
            raise InvalidRecordError(ImportProblem(record.location, message))
        if not changes:
            return
        if kind == "alias":
            self._pending_aliases[id] = body["query"]
        else:
            self._draft.set_body(kind, id, {**self._draft.read_body(kind, id), **{key: body[key] for key in changes}})
        self._locations[kind, id] = str(record.location)
        self.updated_records[f'{kind} "{id}"'] = record
        self.messages[f'{record.location}: {kind} "{id}" is updated: {change_summary(changes)}'] = None
        self.bodies[kind][id] = {**existing, **body}
        self._parsed_sources.pop(id, None)

    def _set_title(self, body: dict[str, Any], record: ImportRecord) -> None:
        """Set the title of the store, if it has none."""
        if not body or any(header.get("title") for header in self._store_headers):
            return
        if len(self._store_headers) > 1:
            what = "several files have a [store] and none a title: write it into one of them"
            self.messages[f'{record.location}: the title "{body["title"]}" is not taken: {what}'] = None
            return
        if self._store_headers:
            self._draft.set_body("store", "", {**self._draft.read_body("store", ""), **body})
        else:
            self._new_blocks.append(("store", format_block("store", {"format": 1, **body}), "store"))
        self._store_headers = [body]

    def add(self, kind: str, id: str, body: dict[str, Any], label: str) -> None:
        """Add a new entity; `label` is that of its problems."""
        self.bodies[kind][id] = body
        self.new_counts[kind] += 1
        self._locations[kind, id] = label
        self.allocator.add(id)
        self._index_names(kind, id, body)
        if kind == "alias":
            self._pending_aliases[id] = body["query"]
        else:
            self._new_blocks.append((kind, format_block(f"{kind}.{id}", body), label))
            self.new_ids.append(id)

    def collect_blocks(self) -> list[NewBlock]:
        """Return the blocks of new entities, after adding new aliases to an existing block in the draft."""
        existing = locations.list_ids(self._draft.timeline.index, "alias")
        if self._pending_aliases and not existing:
            return [*self._new_blocks, ("alias", format_block("alias", self._pending_aliases), "alias")]
        for name, query in self._pending_aliases.items():
            # A new alias is added to the file of the first one.
            holder = name if name in existing else existing[0]
            self._draft.set_body("alias", holder, {**self._draft.read_body("alias", holder), name: query})
        return self._new_blocks


class PendingEntities:
    """The missing entities that a record refers to; `commit` adds them once the record is valid."""

    def __init__(self, resolver: EntityResolver, record: ImportRecord) -> None:
        self._resolver = resolver
        self._record = record
        self._bodies: dict[tuple[str, str], dict[str, Any]] = {}
        for (kind, id), details in record.entity_details.items():
            self._add_details(kind, id, details)

    def _add_details(self, kind: str, id: str, details: dict[str, Any]) -> None:
        key = "name" if kind == "actor" else "title"
        if not self._resolver.exists(kind, id):
            self._create(kind, id, {key: id, **details})
            return
        existing = self._resolver.bodies[kind].get(id, {}).get(key)
        if existing is not None and details.get(key, existing) != existing:
            what = f'{kind} "{id}" is "{existing}" in the store and "{details[key]}" in {self._record.location.file}'
            self._resolver.messages[f"{what}: the store's {key} stays"] = None

    def _create(self, kind: str, id: str, body: dict[str, Any]) -> str:
        entity, problems = parse_entry(kind, id, body)
        if problems:
            messages = [f'{kind} "{id}": {text}' for _, text in problems]
            raise InvalidRecordError(*(self._record.make_problem(f"{kind}s", message) for message in messages))
        if kind == "source" and entity.published:
            body = {**body, "published": edtf.date_to_toml(entity.published)}
        self._bodies[kind, id] = body
        return id

    def known_since(self, event: model.Event) -> Span | None:
        """Return the date since which an event is known from its sources alone."""
        sources = {}
        for id in {citation.source for citation in event.citations}:
            if source := self._resolver.load_source(id):
                sources[id] = source
            elif ("source", id) in self._bodies:
                sources[id] = entry_from_body("source", id, self._bodies["source", id])
        return knowledge.known_since(replace(event, known=None), sources)

    def resolve_actor(self, name: str) -> str:
        """Return the id of an actor by id, name, or alias; create a missing one, and reject an ambiguous name."""
        if self._resolver.exists("actor", name):
            return name
        ids = self._resolver.find_actors(name)
        if len(ids) > 1:
            what = f'"{name}" names several actors: {", ".join(ids)}; write the id of one'
            raise InvalidRecordError(self._record.make_problem("actors", what))
        return ids[0] if ids else self._get_or_create("actor", name, {"name": name})

    def resolve_source(self, name: str) -> str:
        """Return the id of a source by its id, URL, or title; a missing source is created."""
        if self._resolver.exists("source", name):
            return name
        url = {"url": name} if URL_PATTERN.fullmatch(name) else {}
        return self._resolver.find_source(name) or self._get_or_create("source", name, {"title": name, **url})

    def _get_or_create(self, kind: str, name: str, body: dict[str, Any]) -> str:
        key = "name" if kind == "actor" else "title"
        for (pending_kind, id), pending_body in self._bodies.items():
            if pending_kind == kind and pending_body[key] == name:
                return id
        pending_ids = {id for _, id in self._bodies}
        return self._create(kind, make_entity_id(kind, name, self._resolver.allocator, pending_ids), body)

    def commit(self) -> None:
        """Add the entities."""
        for (kind, id), body in self._bodies.items():
            self._resolver.add(kind, id, body, str(self._record.location))
