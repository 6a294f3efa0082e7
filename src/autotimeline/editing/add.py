"""What is new in a store: the text of its block, its id, and what it may be a twin of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from autotimeline.editing.assignments import SETTABLE_KEYS
from autotimeline.editing.ids import IdAllocator, make_event_id
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.index import locations
from autotimeline.reports.duplicates import find_duplicates
from autotimeline.store import entities, events
from autotimeline.store.table_reader import ID_PATTERN, TableReader, id_hint
from autotimeline.store.toml_writer import format_block

if TYPE_CHECKING:
    from autotimeline.editing.draft import Draft

_ENTITY_REFERENCE = re.compile(r"(source|actor|era):(.+)")


class DuplicateEventError(AutotimelineError):
    """What is new is likely to be there already; `lines` tell which events are like it, and why."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join([*lines, "nothing was written; --force adds it all the same"]))


def parse_target(text: str) -> tuple[str, str]:
    """Return the kind and the id of what a word names to be added: `actor:byd`; of an event ("event", "").

    Raises:
        UsageError: where it names a source, an actor or an era by what is no id.
    """
    match = _ENTITY_REFERENCE.fullmatch(text)
    if not match or " " in text:
        return "event", ""
    if not ID_PATTERN.fullmatch(match[2]):
        raise UsageError(f'"{match[2]}" is no id; {id_hint(match[2])}')
    return match[1], match[2]


def add_to_draft(
    draft: Draft,
    kind: str,
    id: str,
    body: dict[str, Any],
    *,
    target_file: str | None = None,
    allow_duplicate: bool = False,
) -> str:
    """Add a thing to a draft and return its id; an event without one is given one.

    Args:
        draft: The change.
        kind: `event`, `source`, `actor` or `era`.
        id: Its id, empty for an event that is to get one.
        body: Its keys as the store has them; an event's `id` is not among them.
        target_file: Which file of the store takes it.
        allow_duplicate: Whether it may be a likely duplicate of another event.

    Raises:
        UsageError: where the keys do not fit, or the id is taken.
        TwinError: where it is a likely twin.
    """
    index = draft.timeline.index
    if id in locations.list_ids(index, kind):
        raise UsageError(f'the id "{id}" of {kind} is taken; choose another, or change it with `autotimeline set`')
    keys = {key: body[key] for key in SETTABLE_KEYS[kind] if key in body} | body
    if kind != "event":
        fields = TableReader(keys)
        entities.PARSERS[kind](fields, id)
        _require_valid(f'{kind} "{id}"', fields)
        draft.insert(kind, format_block(f"{kind}.{id}", keys), f'{kind} "{id}"', target_file)
        return id
    fields = TableReader({"id": id or "new", **keys})
    value = events.parse_event(fields)
    _require_valid(f'event "{id}"' if id else "the event", fields)
    if not id:
        taken_ids = {
            existing_id for each_kind in locations.KINDS for existing_id in locations.list_ids(index, each_kind)
        }
        id = make_event_id(value.title, value.date, IdAllocator(taken_ids | draft.new_event_ids))
    if not allow_duplicate and (duplicates := find_duplicates(draft.timeline.select(), value)):
        raise DuplicateEventError([f'likely a twin of event "{other_id}": {reason}' for other_id, reason in duplicates])
    draft.new_event_ids.add(id)
    draft.insert("event", format_block("event", {"id": id, **keys}), f'event "{id}"', target_file)
    return id


def _require_valid(label: str, fields: TableReader) -> None:
    if fields.problems:
        raise UsageError("\n".join(f"{label}: {text}" for _, text in fields.problems))
