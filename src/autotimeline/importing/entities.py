"""The actors, sources, and other entities (not events) that imported files refer to or define."""

from collections.abc import Iterator
from dataclasses import replace
from shlex import quote
from typing import Any

from autotimeline import knowledge, model
from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.editing.draft import Draft
from autotimeline.editing.ids import IdAllocator, make_entity_id, split_url
from autotimeline.errors import UnknownNameError
from autotimeline.importing.plan import CreatedEntity, ImportPlan, NewBlock
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

_SEPARATORS = (";", ",", "/", "|", "&", "+", " and ", "\n")


class EntityResolver:
    """The entities of a store, and those that an import adds or updates.

    Attributes:
        bodies: The keys of each entity, by kind and id.
        messages: Messages for the user, in order.
    """

    def __init__(self, draft: Draft, plan: ImportPlan, allocator: IdAllocator, update_hint: str) -> None:
        index, kinds = draft.timeline.index, KINDS[1:-1]
        self.allocator = allocator
        self.bodies = {kind: dict(locations.read_entities(index, kind)) for kind in kinds}
        self.plan = plan
        plan.new_entity_counts = dict.fromkeys(kinds, 0)
        self.messages: dict[str, None] = {}
        self._draft = draft
        self._update_hint = update_hint
        self._store_headers = [body for _, body in locations.read_entities(index, "store")]
        self._unreadable_ids = {kind: set(locations.list_ids(index, kind)) - self.bodies[kind].keys() for kind in kinds}
        self._locations: dict[tuple[str, str], str] = {}
        self._new_blocks: list[NewBlock] = []
        self._ids_by_name: dict[tuple[str, str], list[str]] = {}
        self._parsed_sources: dict[str, model.Source] = {}
        for kind in ("actor", "source"):
            for id, body in self.bodies[kind].items():
                self._index_names(kind, id, body)

    def _index_names(self, kind: str, id: str, body: dict[str, Any]) -> None:
        for name in _names(body):
            ids = self._ids_by_name.setdefault((kind, name), [])
            if id not in ids:
                ids.append(id)

    def exists(self, kind: str, id: str) -> bool:
        """Return whether an entity exists, even if it is invalid."""
        return id in self.bodies[kind] or id in self._unreadable_ids[kind]

    def find(self, kind: str, name: str) -> list[str]:
        """Return the ids of the entities with an id, or else with a name, alias, title, or URL, as queries do."""
        id = name.lower()
        return [id] if self.exists(kind, id) else self._ids_by_name.get((kind, _fold_name(name)), [])

    def require(self, kind: str, name: str) -> None:
        """Raise UnknownNameError if an entity does not exist."""
        if not self.find(kind, name):
            command = "--source-title" if kind == "source" else f"`autotimeline add actor:{name}`"
            hint = suggest(name, self.bodies[kind]) or f"; create it with {command}"
            raise UnknownNameError(f'no {kind} "{name}"{hint}')

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
            what = f'{kind} "{id}" in the store is invalid; run `autotimeline check`, and fix it'
            raise InvalidRecordError(ImportProblem(record.location, what))
        if id not in self.bodies[kind]:
            self.add(kind, id, body, str(record.location))
            self.plan.new_ids += [id] if kind != "alias" else []
            return
        existing, location = self.bodies[kind][id], self._locations.get((kind, id))
        changes = {key: (existing.get(key), value) for key, value in body.items() if existing.get(key) != value}
        if changes and (location or not update):
            message = conflict_message(kind, id, location, changes, self._update_hint)
            raise InvalidRecordError(ImportProblem(record.location, message))
        if not changes:
            return
        if kind == "alias":
            self.plan.aliases[id] = body["query"]
        else:
            written = self.plan.updates.get((kind, id)) or self._draft.read_body(kind, id)
            self.plan.updates[kind, id] = {**written, **{key: body[key] for key in changes}}
        self._locations[kind, id] = str(record.location)
        self.plan.updated_records[f'{kind} "{id}"'] = record
        self.messages[f'{record.location}: {kind} "{id}" is updated: {change_summary(changes)}'] = None
        self.bodies[kind][id] = {**existing, **body}
        self._parsed_sources.pop(id, None)

    def _set_title(self, body: dict[str, Any], record: ImportRecord) -> None:
        """Set the title of the store, if it has none."""
        if not body or any(header.get("title") for header in self._store_headers):
            return
        if len(self._store_headers) > 1:
            what = "several files have a [store] without a title; add it to one of them"
            self.messages[f'{record.location}: title "{body["title"]}" not imported: {what}'] = None
            return
        if self._store_headers:
            self.plan.updates["store", ""] = {**self._draft.read_body("store", ""), **body}
        else:
            self._new_blocks.append(("store", format_block("store", {"format": 1, **body}), "store"))
        self._store_headers = [body]

    def add(self, kind: str, id: str, body: dict[str, Any], label: str) -> None:
        """Add a new entity; `label` is that of its problems."""
        self.bodies[kind][id] = body
        self.plan.new_entity_counts[kind] += 1
        self._locations[kind, id] = label
        self.allocator.add(id)
        if kind == "alias":
            self.plan.aliases[id] = body["query"]
            return
        if kind != "era":
            self._index_names(kind, id, body)
        self._new_blocks.append((kind, format_block(f"{kind}.{id}", body), label))

    def composite_names(self) -> Iterator[str]:
        """Yield a message for each created entity whose name consists of known names, such as "Canada, Sweden"."""
        for entity in self.plan.created:
            for separator in _SEPARATORS:
                parts = [part.strip() for part in entity.name.split(separator)]
                if len(parts) > 1 and all(part and self.find(entity.kind, part) for part in parts):
                    option = f"--split {entity.kind}={quote(separator)}"
                    yield f'new {entity.kind} "{entity.name}" consists of known names; if it is several, add {option}'
                    break

    def spelling_variants(self) -> Iterator[str]:
        """Yield a message for each created actor whose name has the letters of another one, such as "ACME Inc."."""
        names: dict[str, list[tuple[str, str]]] = {}
        for id, body in self.bodies["actor"].items():
            for name in filter(None, (body.get("name"), *body.get("aliases", ()))):
                names.setdefault("".join(filter(str.isalnum, fold(name))), []).append((id, name))
        for entity in self.plan.created:
            same = names.get("".join(filter(str.isalnum, fold(entity.name))), [])
            if entity.kind == "actor" and (other := next(((id, name) for id, name in same if id < entity.id), None)):
                command = f"autotimeline merge actor:{other[0]} actor:{entity.id}"
                yield f'new actor "{entity.name}" is spelled like "{other[1]}"; if they are one, write {command}'

    def collect_blocks(self) -> list[NewBlock]:
        """Return the blocks of new entities, with all new aliases in one unless the store has some."""
        if self.plan.aliases and not locations.list_ids(self._draft.timeline.index, "alias"):
            return [*self._new_blocks, ("alias", format_block("alias", self.plan.aliases), "alias")]
        return self._new_blocks


class PendingEntities:
    """The missing entities that a record refers to; `commit` adds them once the record is valid."""

    def __init__(self, resolver: EntityResolver, record: ImportRecord, *, create: bool = True) -> None:
        self._resolver = resolver
        self._record = record
        self._create_missing = create
        self._bodies: dict[tuple[str, str], dict[str, Any]] = {}
        self._created: list[CreatedEntity] = []
        for (kind, id), details in record.entity_details.items():
            self._add_details(kind, id, details)

    def _add_details(self, kind: str, id: str, details: dict[str, Any]) -> None:
        key = "name" if kind == "actor" else "title"
        if not self._resolver.exists(kind, id):
            self._define(kind, id, {key: id, **details})
            return
        existing = self._resolver.bodies[kind].get(id, {}).get(key)
        if existing is not None and details.get(key, existing) != existing:
            what = f'{kind} "{id}" is "{existing}" in the store and "{details[key]}" in {self._record.location.file}'
            self._resolver.messages[f"{what}: the store's {key} stays"] = None

    def _define(self, kind: str, id: str, body: dict[str, Any]) -> None:
        entity, problems = parse_entry(kind, id, body)
        if problems:
            messages = [f'{kind} "{id}": {text}' for _, text in problems]
            raise InvalidRecordError(*(self._record.make_problem(f"{kind}s", message) for message in messages))
        if kind == "source" and entity.published:
            body = {**body, "published": edtf.date_to_toml(entity.published)}
        self._bodies[kind, id] = body

    def known_since(self, event: model.Event) -> Span | None:
        """Return the date since which an event is known from its sources alone."""
        sources = {}
        for id in {citation.source for citation in event.citations}:
            if source := self._resolver.load_source(id):
                sources[id] = source
            elif ("source", id) in self._bodies:
                sources[id] = entry_from_body("source", id, self._bodies["source", id])
        return knowledge.known_since(replace(event, known=None), sources)

    def resolve(self, kind: str, name: str) -> str:
        """Return the id of an actor or source by its id, name, alias, title, or URL; create a missing one.

        The id of an event is returned as it is.

        Raises:
            InvalidRecordError: If several have the name, or if none has it and missing ones are not created.
        """
        if kind == "event":
            return name
        details = self._record.details_by_name.get(name, {}) if kind == "source" else {}
        if id := self._find_pending(kind, name):
            return id
        ids = self._resolver.find(kind, name)
        if not ids:
            return self._create(kind, name, details)
        if len(ids) > 1:
            what = f'"{name}" names several {kind}s: {", ".join(ids)}; write the id of one'
            raise InvalidRecordError(self._record.make_problem(f"{kind}s", what))
        existing = self._resolver.bodies[kind].get(ids[0], {})
        for key, value in details.items():
            if value != existing.get(key):
                what = f'{kind} "{ids[0]}" exists, and its {key} stays; change it with `autotimeline set`'
                self._resolver.messages[what] = None
        return ids[0]

    def _find_pending(self, kind: str, name: str) -> str | None:
        folded = _fold_name(name)
        own = {id: body for (body_kind, id), body in self._bodies.items() if body_kind == kind}
        return name if name in own else next((id for id, body in own.items() if folded in _names(body)), None)

    def _create(self, kind: str, name: str, details: dict[str, Any]) -> str:
        hint = suggest(name, self._resolver.bodies[kind]) if self._record.is_typed else ""
        if not self._create_missing:
            raise InvalidRecordError(self._record.make_problem(f"{kind}s", f'no {kind} "{name}"{hint}'))
        url = split_url(name) if kind == "source" else None
        body = {"name" if kind == "actor" else "title": name, **details, **({"url": name} if url else {})}
        label = f"{url[0]} {details['title']}" if url and "title" in details else name
        id = make_entity_id(kind, label, self._resolver.allocator, {id for _, id in self._bodies})
        self._define(kind, id, body)
        self._created.append(CreatedEntity(kind, id, name, hint))
        return id

    def commit(self) -> None:
        """Add the entities."""
        created_ids = {entity.id for entity in self._created}
        for (kind, id), body in self._bodies.items():
            self._resolver.add(kind, id, body, str(self._record.location))
            self._resolver.plan.new_ids += [id] if id not in created_ids else []
        self._resolver.plan.created += self._created


def _names(body: dict[str, Any]) -> set[str]:
    """Return the folded names of an actor, or the title and the URL of a source."""
    texts = (body.get("name"), *body.get("aliases", ()), body.get("title"), body.get("url"))
    return {_fold_name(text) for text in texts if text}


def _fold_name(name: str) -> str:
    """Return a name for comparisons: a URL without the parts that do not count, or a folded text."""
    return "//" + "".join(url) if (url := split_url(name)) else fold(name)
