"""An import into a draft of a store, one record after another."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any

from autotimeline import model
from autotimeline.editing.draft import Draft
from autotimeline.editing.ids import IdAllocator, make_event_id
from autotimeline.editing.printed import keep_words
from autotimeline.editing.references import resolve_references
from autotimeline.errors import AutotimelineError
from autotimeline.importing.entities import EntityResolver, NewBlock, PendingEntities
from autotimeline.importing.load import LoadedFiles
from autotimeline.importing.merge import IncomingEvent, apply_changes, flatten_changes
from autotimeline.importing.native_rows import CellError, flatten_roles, group_by_role
from autotimeline.importing.records import (
    ImportProblem,
    ImportRecord,
    InvalidRecordError,
    SourceLocation,
    change_summary,
    conflict_message,
)
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


class DuplicateEventError(AutotimelineError):
    """A new event that is likely a duplicate; each of the `lines` names an event and the reason."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__(*lines, "nothing was written; add it anyway with --force")


@dataclass
class ImportPlan:
    """The records and the options of an import.

    Attributes:
        update: Whether to overwrite existing values.
        skip_invalid: Whether to skip invalid records.
        target_file: The file of the store that new blocks are added to.
        must_be_new: Whether to reject existing events and likely duplicates.
        allow_duplicates: Whether to add likely duplicates all the same.
        create: Whether to create missing actors and sources that records name.
        rejections: The problems that a record would cause in the store, by its location.
    """

    loaded: LoadedFiles
    _: KW_ONLY
    update: bool = False
    skip_invalid: bool = False
    target_file: str | None = None
    must_be_new: bool = False
    allow_duplicates: bool = False
    create: bool = True
    rejections: dict[str, list[ImportProblem]] = field(default_factory=dict)


class ImportRun:
    """An attempt of an import into a draft.

    Attributes:
        new_count, unchanged_count, updated_count: The numbers of events; updated entities count too.
        repeated_count: The number of records that repeat an earlier one.
        new_entity_counts: The number of new entities, by kind.
        new_ids: The ids of the new events and entities that records define.
        new_event_ids: Those of the events.
        created: The new entities that records only refer to.
        new_blocks: (kind, text) of everything new, in the order of the store.
        problems: The skipped records and why.
        messages: Other messages for the user.
        updated_records: The record that updates an entry, by the label of its problems.
    """

    def __init__(self, plan: ImportPlan, draft: Draft) -> None:
        index = draft.timeline.index
        self.problems: list[ImportProblem] = [*plan.loaded.problems]
        self.messages: list[str] = [*plan.loaded.messages]
        self.new_count = self.unchanged_count = self.repeated_count = 0
        self.new_blocks: list[tuple[str, str]] = []
        self.new_ids: list[str] = []
        self.new_event_ids: list[str] = []
        self._plan = plan
        self._draft = draft
        self._duplicate_messages: list[str] = []
        self._imported_traits: list[EventTraits] = []
        self._all_events = draft.timeline.select()
        self._event_ids = set(locations.list_ids(index, "event"))
        self._allocator = IdAllocator(id for kind in KINDS for id in locations.list_ids(index, kind))
        update_hint = "`autotimeline import - --update`" if plan.must_be_new else "--update"
        self._entities = EntityResolver(draft, self._allocator, update_hint)
        self.updated_records = self._entities.updated_records
        self.new_entity_counts = self._entities.new_counts
        self.created = self._entities.created
        self._imported_events: dict[str, tuple[SourceLocation, model.Event]] = {}
        self._unchanged_locations: dict[str, SourceLocation] = {}
        self._ids_by_content: dict[tuple[object, ...], list[str]] | None = None
        self._event_blocks: list[NewBlock] = []

    @property
    def updated_count(self) -> int:
        """The number of updated events and entities."""
        return len(self.updated_records)

    def run(self, progress: Callable[..., object] | None) -> None:
        """Import all records, or raise DuplicateEventError; `problems` lists the skipped ones."""
        # Events refer to entities.
        records = sorted(self._plan.loaded.records, key=lambda record: record.kind == "event")
        defined = {(record.kind, record.id) for record in records}
        for kind, name in self._plan.loaded.required_entities:
            if (kind, name) not in defined:
                self._entities.require(kind, name)
        for number, record in enumerate(records):
            if progress:
                progress(number, len(records), "Reading the rows")
            if rejections := self._plan.rejections.get(str(record.location)):
                self.problems += rejections
                continue
            try:
                if record.kind == "event":
                    self._import_event(record)
                else:
                    self._import_entity(record)
            except InvalidRecordError as error:
                self.problems += error.problems
        if self._duplicate_messages and not self._plan.allow_duplicates and not self.problems:
            raise DuplicateEventError(self._duplicate_messages)
        if self.repeated_count > _MAX_REPEATED_SHOWN:
            rest = self.repeated_count - _MAX_REPEATED_SHOWN
            self.messages.append(f"{rest:,} more repeat earlier rows and are not imported again")
        self._insert_blocks()

    def _import_entity(self, record: ImportRecord) -> None:
        if record.is_typed and self._entities.exists(record.kind, record.id):
            what = f'the id "{record.id}" of {record.kind} {_ID_TAKEN}'
            raise InvalidRecordError(ImportProblem(record.location, what))
        self._entities.upsert(record, update=self._plan.update)

    def _import_event(self, record: ImportRecord) -> None:
        pending = PendingEntities(self._entities, record, create=self._plan.create)
        body = self._resolve_names(record, pending)
        event = record.parse_event(body)
        if record.is_output_row and event.known and event.known == pending.known_since(event):
            # The output has `known` also if it only follows from the sources.
            event = replace(event, known=None)
        worded = event
        if (keys := keep_words(body, record.date_words)) != body:
            worded = replace(record.parse_event(keys), known=event.known)
        id = record.id or ("" if self._plan.must_be_new else self._find_identical(record, event))
        if id:
            event, worded = replace(event, id=id), replace(worded, id=id)
            existing = self._find_existing(record, id)
            if existing and self._plan.must_be_new:
                reason = f"stands in {existing[0]} too; give each an id of its own" if existing[0] else _ID_TAKEN
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
            what = f'event "{id}" is in the store and cannot be read: `autotimeline check` says why; mend it first'
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
            as_written = event_from_body(self._draft.read_body("event", event.id))
            written_changes = incoming.find_changes(event_to_toml(as_written))
            changes = {path: written_changes[path] for path in changes if path in written_changes}
        if not changes and (first := location or self._unchanged_locations.get(event.id)):
            self._note_repeated(record.location, first)
        elif not changes:
            self.unchanged_count += 1
            self._unchanged_locations[event.id] = record.location
        elif location is not None or not self._plan.update:
            what = conflict_message("event", event.id, str(location) if location else None, flatten_changes(changes, 1))
            self.problems.append(ImportProblem(record.location, what))
        else:
            body = self._draft.read_body("event", event.id)
            try:
                apply_changes(body, changes)
            except CellError as error:
                raise InvalidRecordError(record.make_problem("actors", str(error))) from None
            self._draft.set_body("event", event.id, body)
            self.updated_records[f'event "{event.id}"'] = record
            # Other records of the event must not differ from this one.
            self._imported_events[event.id] = record.location, event_from_body(body)
            summary = change_summary(flatten_changes(changes, 2))
            self.messages.append(f'{record.location}: event "{event.id}" is updated: {summary}')

    def _note_repeated(self, location: SourceLocation, first: SourceLocation) -> None:
        """Report a record that states the same event as an earlier one."""
        self.repeated_count += 1
        if self.repeated_count <= _MAX_REPEATED_SHOWN:
            earlier = f"row {first.row}" if first.row and first.file == location.file else str(first)
            what = f"it repeats {earlier} and is not imported again"
            self.messages.append(f"{location}: {what}; if both happened, give each an id of its own")

    def _make_incoming(self, record: ImportRecord, event: model.Event) -> IncomingEvent:
        """Return the values in a record of an event; defaults count if they are explicit."""
        body = event_to_toml(event) | explicit_defaults(event, record.body)
        del body["id"]
        roles = {role for role, _ in flatten_roles(record.body.get("actors"))}
        return IncomingEvent(body, record.body.keys() - record.partial_keys, roles, is_output_row=record.is_output_row)

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
        self.new_count += 1
        if self._plan.must_be_new:
            self._note_duplicates(record, event)
        elif self._event_ids and self.new_count <= _MAX_DUPLICATE_CHECKS:
            prefix = f'{record.location}: event "{event.id}" is likely a duplicate of event'
            self.messages += (f'{prefix} "{id}": {why}' for id, why in find_duplicates(self._all_events, event))
        elif self._event_ids and self.new_count == _MAX_DUPLICATE_CHECKS + 1:
            what = f"no twins are looked for after {_MAX_DUPLICATE_CHECKS:,} events"
            self.messages.append(f"{what}; `autotimeline check --strict` finds them")

    def _note_duplicates(self, record: ImportRecord, event: model.Event) -> None:
        """Compare an event with all existing and imported ones."""
        for id, reason in find_duplicates(self._all_events, event, self._imported_traits[-_MAX_DUPLICATE_CHECKS:]):
            prefix = "" if record.is_typed else f"{record.location}: "
            self._duplicate_messages.append(f'{prefix}likely a duplicate of event "{id}": {reason}')
        self._imported_traits.append(event_traits(self._all_events, event))

    def _insert_blocks(self) -> None:
        blocks = [*self._entities.collect_blocks(), *self._event_blocks]
        self.new_event_ids = [id for id in self._imported_events if id not in self._event_ids]
        self.new_ids = [*self._entities.new_ids, *self.new_event_ids]
        self.messages += self._entities.messages
        for kind in KINDS:
            for block_kind, text, label in blocks:
                if block_kind == kind:
                    self.new_blocks.append((kind, text))
                    self._draft.insert(kind, text, label, self._plan.target_file)


def _sort_keys(body: dict[str, Any]) -> dict[str, Any]:
    return {key: body[key] for key in EVENT if key in body}


def _content_key(event: model.Event) -> tuple[object, ...]:
    return event.title, event.date.edtf if event.date else None, event.throughout and event.date is not None
