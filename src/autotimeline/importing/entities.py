"""Who takes part and who says so, as files name them: found in the store by id or name, or made of what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autotimeline import knowledge, model
from autotimeline.editing.ids import URL_PATTERN, make_entity_id
from autotimeline.errors import UnknownNameError
from autotimeline.importing.records import (
    ImportProblem,
    ImportRecord,
    InvalidRecordError,
    change_summary,
    conflict_message,
)
from autotimeline.index import locations
from autotimeline.store.entities import PARSERS
from autotimeline.store.read import entity_from_body
from autotimeline.store.table_reader import TableReader
from autotimeline.store.toml_writer import format_block
from autotimeline.text import fold, suggest

if TYPE_CHECKING:
    from autotimeline.dates.span import Span
    from autotimeline.editing.draft import Draft
    from autotimeline.editing.ids import IdAllocator

    # Kind, text of the block, and what its problems are told under.
    NewBlock = tuple[str, str, str]


class EntityResolver:
    """The actors, sources, eras, aliases and the head of a store, and what files add to them.

    `taken` are the ids that there are; those that are made join them, and `ids`. `how` says what updates. `told` is
    what there is to say, `made` how many are new by kind, `updated` how many say something else now, and `changed` by
    whose wish, by what their problems are told under.
    """

    def __init__(self, draft: Draft, allocator: IdAllocator, update_hint: str = "--update") -> None:
        self.allocator = allocator
        self.update_hint = update_hint
        self.messages: dict[str, None] = {}
        self.updated_count = 0
        self.updated_records: dict[str | None, ImportRecord] = {}
        self.new_ids: list[str] = []
        self._draft = draft
        index, kinds = draft.timeline.index, locations.KINDS[1:-1]
        self.bodies: dict[str, dict[str, dict[str, Any]]] = {
            kind: dict(locations.read_entities(index, kind)) for kind in kinds
        }
        self.new_counts = dict.fromkeys(kinds, 0)
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
        """Note under which names a thing is found."""
        if kind == "actor":
            for name in (body["name"], *body.get("aliases", ())):
                ids = self._actor_ids_by_name.setdefault(fold(name), [])
                if id not in ids:
                    ids.append(id)
        elif kind == "source":
            for name in filter(None, (body.get("url"), fold(body["title"]))):
                self._source_id_by_name.setdefault(name, id)

    def exists(self, kind: str, id: str) -> bool:
        """Whether there is such a thing."""
        return id in self.bodies[kind] or id in self._unreadable_ids[kind]

    def find_actors(self, name: str) -> list[str]:
        """Return the ids of the actors of a name or an alias."""
        return self._actor_ids_by_name.get(fold(name), [])

    def find_source(self, name: str) -> str | None:
        """Return the id of the source of an address or a title."""
        return self._source_id_by_name.get(name) or self._source_id_by_name.get(fold(name))

    def require(self, kind: str, name: str) -> None:
        """Refuse what is named for every row, and is not there.

        Raises:
            UnknownError: naming the one that is most like it.
        """
        if not self.exists(kind, name) and not (kind == "actor" and self.find_actors(name)):
            hint = "; --source-title makes it" if kind == "source" else "; `autotimeline add` makes it"
            raise UnknownNameError(f'no {kind} "{name}"{suggest(name, self.bodies[kind]) or hint}')

    def known_since(self, event: model.Event, pending: PendingEntities | None = None) -> Span | None:
        """Return when an event became public by its sources alone."""
        sources = {}
        for citation in event.citations:
            if citation.source in self.bodies["source"]:
                if citation.source not in self._parsed_sources:
                    self._parsed_sources[citation.source] = entity_from_body(
                        "source", citation.source, self.bodies["source"][citation.source]
                    )
                sources[citation.source] = self._parsed_sources[citation.source]
            elif pending and ("source", citation.source) in pending.bodies:
                sources[citation.source] = entity_from_body(
                    "source", citation.source, pending.bodies["source", citation.source]
                )
        return knowledge.known_since(replace(event, known=None), sources)

    def upsert(self, record: ImportRecord, *, update: bool) -> None:
        """Take a thing from a file.

        Raises:
            BadRowError: where there is another by its id.
        """
        kind, id, body = record.kind, record.id, record.body
        if kind == "store":
            self._set_title(body, record)
            return
        existing = self.bodies[kind].get(id)
        if id in self._unreadable_ids[kind]:
            what = f'{kind} "{id}" is in the store and cannot be read: `autotimeline check` says why; mend it first'
            raise InvalidRecordError(ImportProblem(record.location, what))
        if existing is None:
            self.add(kind, id, body, str(record.location))
            return
        changes = {key: (existing.get(key), value) for key, value in body.items() if existing.get(key) != value}
        if not changes:
            return
        body = {**existing, **body}
        if not update or (kind, id) in self._locations:
            raise InvalidRecordError(
                ImportProblem(
                    record.location,
                    conflict_message(kind, id, self._locations.get((kind, id)), changes, self.update_hint),
                )
            )
        if kind == "alias":
            self._pending_aliases[id] = body["query"]
        else:
            self._draft.set_body(kind, id, {**self._draft.read_body(kind, id), **{key: body[key] for key in changes}})
        self._locations[kind, id] = str(record.location)
        self.updated_records[f'{kind} "{id}"'] = record
        self.updated_count += 1
        self.messages[f'{record.location}: {kind} "{id}" is updated: {change_summary(changes)}'] = None
        self.bodies[kind][id] = body
        self._parsed_sources.pop(id, None)

    def _set_title(self, body: dict[str, Any], record: ImportRecord) -> None:
        """Let the store be called as a file is, where it has no name."""
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
        """Let a thing be there that is new; its problems are told under `name`."""
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
        """Return the blocks of what is new; those that had to be are changed in the draft."""
        blocks = list(self._new_blocks)
        if self._pending_aliases:
            existing = locations.list_ids(self._draft.timeline.index, "alias")
            for name, query in self._pending_aliases.items() if existing else ():
                # What is new stands with the first; the others each with those of its file.
                holder = name if name in existing else existing[0]
                self._draft.set_body("alias", holder, {**self._draft.read_body("alias", holder), name: query})
            if not existing:
                blocks.append(("alias", format_block("alias", self._pending_aliases), "alias"))
        return blocks


class PendingEntities:
    """What an entry names and the store lacks: it is there once the entry is taken."""

    def __init__(self, resolver: EntityResolver, record: ImportRecord) -> None:
        self._resolver = resolver
        self._record = record
        self.bodies: dict[tuple[str, str], dict[str, Any]] = {}
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
        fields = TableReader(body)
        value: Any = PARSERS[kind](fields, id)
        if fields.problems:
            key = f"{kind}s"
            raise InvalidRecordError(
                *(self._record.make_problem(key, f'{kind} "{id}": {text}') for _, text in fields.problems)
            )
        if kind == "source" and value.published:
            body = {**body, "published": value.published.edtf}
        self.bodies[kind, id] = body
        return id

    def resolve_actor(self, name: str) -> str:
        """Return the id of who is called so, by id, name or alias."""
        if self._resolver.exists("actor", name):
            return name
        ids = self._resolver.find_actors(name)
        if len(ids) > 1:
            what = f'"{name}" names several actors: {", ".join(ids)}; write the id of one'
            raise InvalidRecordError(self._record.make_problem("actors", what))
        return ids[0] if ids else self._get_or_create("actor", name, {"name": name})

    def resolve_source(self, name: str) -> str:
        """Return the id of what has this id, address or title."""
        if self._resolver.exists("source", name):
            return name
        id = self._resolver.find_source(name)
        url = {"url": name} if URL_PATTERN.fullmatch(name) else {}
        return id or self._get_or_create("source", name, {"title": name, **url})

    def _get_or_create(self, kind: str, name: str, body: dict[str, Any]) -> str:
        key = "name" if kind == "actor" else "title"
        for (other_kind, id), other_body in self.bodies.items():
            if other_kind == kind and other_body[key] == name:
                return id
        pending_ids = {id for _, id in self.bodies}
        return self._create(kind, make_entity_id(kind, name, self._resolver.allocator, pending_ids), body)

    def commit(self) -> None:
        """Let all of it be there."""
        for (kind, id), body in self.bodies.items():
            self._resolver.add(kind, id, body, str(self._record.location))
