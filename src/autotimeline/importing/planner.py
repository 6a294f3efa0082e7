"""Planning of an import: each record is validated, compared with the store, and merged or added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autotimeline import model
from autotimeline.editing.draft import Draft
from autotimeline.editing.ids import IdAllocator, make_event_id
from autotimeline.editing.printed import keep_words
from autotimeline.editing.references import resolve_references
from autotimeline.errors import AutotimelineError
from autotimeline.importing.entities import EntityResolver, PendingEntities
from autotimeline.importing.load import LoadedFiles
from autotimeline.importing.merge import IncomingEvent, apply_changes, flatten_changes
from autotimeline.importing.plan import DuplicateEventError, ImportPlan, ImportPolicy, NewBlock
from autotimeline.importing.records import (
    NO_VALUE,
    ImportProblem,
    ImportRecord,
    InvalidRecordError,
    SourceLocation,
    change_summary,
    conflict_message,
)
from autotimeline.importing.row_reader import CellError, flatten_roles, group_by_role
from autotimeline.index import locations
from autotimeline.keys import EVENT
from autotimeline.reports.duplicates import EventTraits, event_traits, find_duplicates
from autotimeline.schema import KINDS
from autotimeline.store.read import event_from_body
from autotimeline.store.serialize import event_to_toml, explicit_defaults
from autotimeline.store.toml_writer import format_block

# Each check for duplicates is a query.
_MAX_DUPLICATE_CHECKS = 1000
_MAX_REPEATED_SHOWN = 5
_ID_TAKEN = "is taken; choose another, or change it with `autotimeline set`"


def plan_import(
    loaded: LoadedFiles,
    policy: ImportPolicy,
    draft: Draft,
    rejections: Mapping[str, Sequence[ImportProblem]] | None = None,
    progress: Callable[..., object] | None = None,
) -> ImportPlan:
    """Return the changes that records make to a store; `rejections` are known problems of records, by location.

    Raises:
        DuplicateEventError: If events are likely duplicates, and the policy does not allow them.
    """
    planner = _Planner(loaded, policy, draft)
    # Events refer to entities.
    records = sorted(loaded.records, key=lambda record: record.kind == "event")
    planner.require_entities(records)
    for number, record in enumerate(records):
        if progress:
            progress(number, len(records), "Reading the rows")
        planner.add(record, (rejections or {}).get(str(record.location), ()))
    return planner.finish()


class _Planner:
    """Plans one record after another: validates it, finds the existing entry, and merges or adds it."""

    def __init__(self, loaded: LoadedFiles, policy: ImportPolicy, draft: Draft) -> None:
        index = draft.timeline.index
        self._plan = ImportPlan([*loaded.problems], [*loaded.messages])
        self._loaded = loaded
        self._policy = policy
        self._draft = draft
        self._duplicate_messages: list[str] = []
        self._imported_traits: list[EventTraits] = []
        self._all_events = draft.timeline.select()
        self._event_ids = set(locations.list_ids(index, "event"))
        self._allocator = IdAllocator(id for kind in KINDS for id in locations.list_ids(index, kind))
        update_hint = "`autotimeline import - --update`" if policy.must_be_new else "--update"
        self._entities = EntityResolver(draft, self._plan, self._allocator, update_hint)
        self._imported_events: dict[str, tuple[SourceLocation, model.Event]] = {}
        self._unchanged_locations: dict[str, SourceLocation] = {}
        self._ids_by_content: dict[tuple[object, ...], list[str]] | None = None
        self._event_blocks: list[NewBlock] = []

    def require_entities(self, records: Sequence[ImportRecord]) -> None:
        """Raise UnknownNameError if an entity does not exist that an option names."""
        defined = {(record.kind, record.id) for record in records}
        for kind, name in self._loaded.required_entities:
            if (kind, name) not in defined:
                self._entities.require(kind, name)

    def add(self, record: ImportRecord, rejections: Sequence[ImportProblem]) -> None:
        """Add a record to the plan, or its problems."""
        if rejections:
            self._plan.problems += rejections
            return
        try:
            if record.kind == "event":
                self._import_event(record)
            else:
                self._import_entity(record)
        except InvalidRecordError as error:
            self._plan.problems += error.problems

    def finish(self) -> ImportPlan:
        """Return the plan, or raise DuplicateEventError."""
        plan, entities = self._plan, self._entities
        if self._duplicate_messages and not self._policy.allow_duplicates and not plan.problems:
            raise DuplicateEventError(self._duplicate_messages)
        if plan.repeated_count > _MAX_REPEATED_SHOWN:
            rest = plan.repeated_count - _MAX_REPEATED_SHOWN
            plan.messages.append(f"{rest:,} more repeat earlier rows and are not imported again")
        plan.messages += [*entities.messages, *entities.composite_names(), *entities.spelling_variants()]
        plan.blocks = sorted([*entities.collect_blocks(), *self._event_blocks], key=lambda block: KINDS.index(block[0]))
        plan.new_event_ids = [id for id in self._imported_events if id not in self._event_ids]
        plan.new_ids += plan.new_event_ids
        return plan

    def _import_entity(self, record: ImportRecord) -> None:
        if record.is_typed and self._entities.exists(record.kind, record.id):
            what = f'the id "{record.id}" of {record.kind} {_ID_TAKEN}'
            raise InvalidRecordError(ImportProblem(record.location, what))
        self._entities.upsert(record, update=self._policy.update)

    def _import_event(self, record: ImportRecord) -> None:
        pending = PendingEntities(self._entities, record, create=self._policy.create)
        body = self._resolve_names(record, pending)
        event = record.parse_event(body)
        if record.is_output_row and event.known and event.known == pending.known_since(event):
            # The output has `known` also if it only follows from the sources.
            event = replace(event, known=None)
        worded = event
        if (keys := keep_words(body, record.date_words)) != body:
            worded = replace(record.parse_event(keys), known=event.known)
        id = record.id or ("" if self._policy.must_be_new else self._find_identical(record, event))
        if id:
            event, worded = replace(event, id=id), replace(worded, id=id)
            existing = self._find_existing(record, id)
            if existing and self._policy.must_be_new:
                reason = f"is also in {existing[0]}; give each an id of its own" if existing[0] else _ID_TAKEN
                raise InvalidRecordError(ImportProblem(record.location, f'the id "{id}" of event {reason}'))
            if existing:
                self._merge_event(record, event, worded, *existing)
                return
        else:
            worded = replace(worded, id=make_event_id(event.title, event.date, self._allocator))
        # The dates and the lists of a person stay as they are typed.
        keys = {"id": worded.id, **_sort_keys(keys)} if record.is_typed else event_to_toml(worded)
        self._add_event(record, worded, keys, pending)

    def _resolve_names(self, record: ImportRecord, pending: PendingEntities) -> dict[str, Any]:
        if record.is_typed:
            return resolve_references("event", record.body, pending.resolve)
        body = dict(record.body)
        if record.named_actors:
            actors = [(role, pending.resolve("actor", name)) for role, name in record.named_actors]
            try:
                body["actors"] = group_by_role([*flatten_roles(body.get("actors")), *actors])
            except CellError as error:
                raise InvalidRecordError(record.make_problem("actors", str(error))) from None
        if record.cited_sources:
            existing = body.get("sources", [])
            ids = list(dict.fromkeys(pending.resolve("source", name) for name in record.cited_sources))
            added = [{"id": id, "quote": record.quote} if record.quote else id for id in ids]
            body["sources"] = [*([existing] if isinstance(existing, str) else existing), *added]
        return body

    def _find_identical(self, record: ImportRecord, event: model.Event) -> str:
        """Return the id of an event that has all values of one without an id; empty if there is none."""
        if self._ids_by_content is None:
            self._ids_by_content = {}
            for id, title, date, extent in self._all_events.rows(("id", "title", "edtf", "extent")):
                self._ids_by_content.setdefault((title, date, extent == "throughout"), []).append(id)
        incoming = self._make_incoming(record, event)
        for id in self._ids_by_content.get(_content_key(event), ()):
            existing = self._find_existing(record, id)
            if existing and not incoming.find_changes(event_to_toml(existing[1])):
                return id
        return ""

    def _find_existing(self, record: ImportRecord, id: str) -> tuple[SourceLocation | None, model.Event] | None:
        """Return the event with an id, and its location if it is imported; None if it does not exist."""
        if id in self._imported_events:
            return self._imported_events[id]
        if id not in self._event_ids:
            return None
        event = self._all_events.catalog.event(id)
        if event is None:
            what = f'event "{id}" in the store is invalid; run `autotimeline check`, and fix it'
            raise InvalidRecordError(record.make_problem("id", what))
        return None, event

    def _merge_event(
        self,
        record: ImportRecord,
        event: model.Event,
        worded: model.Event,
        location: SourceLocation | None,
        existing: model.Event,
    ) -> None:
        """Merge an event into an existing one; the words of its date and amounts alone change nothing."""
        changes = self._make_incoming(record, event).find_changes(event_to_toml(existing))
        incoming = self._make_incoming(record, worded)
        changes = incoming.find_changes(event_to_toml(existing)) if changes else changes
        if changes and location is None:
            # A figure may repeat another, whose value only the index has.
            as_written = event_from_body(self._read_body(event.id))
            written_changes = incoming.find_changes(event_to_toml(as_written))
            changes = {path: written_changes[path] for path in changes if path in written_changes}
        if not changes and (first := location or self._unchanged_locations.get(event.id)):
            self._note_repeated(record.location, first)
        elif not changes:
            self._plan.unchanged_count += 1
            self._unchanged_locations[event.id] = record.location
        elif location is not None or not self._policy.update:
            what = conflict_message("event", event.id, str(location) if location else None, flatten_changes(changes, 1))
            self._plan.problems.append(ImportProblem(record.location, what))
        else:
            body = self._read_body(event.id)
            try:
                apply_changes(body, changes)
            except CellError as error:
                raise InvalidRecordError(record.make_problem("actors", str(error))) from None
            self._plan.updates["event", event.id] = body
            self._plan.updated_records[f'event "{event.id}"'] = record
            # Other records of the event must not differ from this one.
            self._imported_events[event.id] = record.location, event_from_body(body)
            summary = change_summary(flatten_changes(changes, 2))
            self._plan.messages.append(f'{record.location}: event "{event.id}" is updated: {summary}')

    def _read_body(self, id: str) -> dict[str, Any]:
        """Return the keys of an event as written, or as updated by earlier records."""
        return dict(self._plan.updates.get(("event", id)) or self._draft.read_body("event", id))

    def _note_repeated(self, location: SourceLocation, first: SourceLocation) -> None:
        """Report a record that states the same event as an earlier one."""
        self._plan.repeated_count += 1
        if self._plan.repeated_count <= _MAX_REPEATED_SHOWN:
            earlier = f"row {first.row}" if first.row and first.file == location.file else str(first)
            what = f"it repeats {earlier} and is not imported again"
            self._plan.messages.append(f"{location}: {what}; if both happened, give each an id of its own")

    def _make_incoming(self, record: ImportRecord, event: model.Event) -> IncomingEvent:
        """Return the values in a record of an event; defaults count if they are explicit."""
        body = event_to_toml(event) | explicit_defaults(event, record.body)
        del body["id"]
        roles = {role for role, _ in flatten_roles(record.body.get("actors"))}
        words = [note.text for note in record.notes if note.effect == NO_VALUE]
        return IncomingEvent(
            body,
            record.body.keys() - record.partial_keys,
            roles,
            is_output_row=record.is_output_row,
            missing_texts=[*words, ", ".join(dict.fromkeys(words))],
        )

    def _add_event(
        self, record: ImportRecord, event: model.Event, keys: dict[str, Any], pending: PendingEntities
    ) -> None:
        try:
            text = format_block("event", keys)
        except AutotimelineError as error:
            raise InvalidRecordError(ImportProblem(record.location, str(error))) from None
        pending.commit()
        self._event_blocks.append(("event", text, str(record.location)))
        self._imported_events[event.id] = record.location, event
        self._allocator.add(event.id)
        if self._ids_by_content is not None:
            self._ids_by_content.setdefault(_content_key(event), []).append(event.id)
        self._plan.new_count += 1
        if self._policy.must_be_new:
            self._note_duplicates(record, event)
        elif self._event_ids and self._plan.new_count <= _MAX_DUPLICATE_CHECKS:
            prefix = f'{record.location}: event "{event.id}" is likely a duplicate of event'
            self._plan.messages += (f'{prefix} "{id}": {why}' for id, why in find_duplicates(self._all_events, event))
        elif self._event_ids and self._plan.new_count == _MAX_DUPLICATE_CHECKS + 1:
            what = f"only the first {_MAX_DUPLICATE_CHECKS:,} events were compared with existing ones"
            self._plan.messages.append(f"{what}; run `autotimeline check --strict`")

    def _note_duplicates(self, record: ImportRecord, event: model.Event) -> None:
        """Compare an event with all existing and imported ones."""
        for id, reason in find_duplicates(self._all_events, event, self._imported_traits[-_MAX_DUPLICATE_CHECKS:]):
            prefix = "" if record.is_typed else f"{record.location}: "
            self._duplicate_messages.append(f'{prefix}likely a duplicate of event "{id}": {reason}')
        self._imported_traits.append(event_traits(self._all_events, event))


def _sort_keys(body: dict[str, Any]) -> dict[str, Any]:
    return {key: body[key] for key in EVENT if key in body}


def _content_key(event: model.Event) -> tuple[object, ...]:
    return event.title, event.date.edtf if event.date else None, event.throughout and event.date is not None
