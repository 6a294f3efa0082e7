"""What is new in a store: the text of its block, its id, and what it may be a twin of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from autotimeline.editing.assignments import KEYS
from autotimeline.editing.ids import Taken, event_id
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.index import locations
from autotimeline.reports.duplicates import twins
from autotimeline.store import entities, events
from autotimeline.store.table_reader import ID, Fields, made_of
from autotimeline.store.toml_writer import block

if TYPE_CHECKING:
    from autotimeline.editing.draft import Draft

_ENTITY = re.compile(r"(source|actor|era):(.+)")


class TwinError(AutotimelineError):
    """What is new is likely to be there already; `lines` tell which events are like it, and why."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join([*lines, "nothing was written; --force adds it all the same"]))


def thing(word: str) -> tuple[str, str]:
    """Return the kind and the id of what a word names to be added: `actor:byd`; of an event ("event", "").

    Raises:
        UsageError: where it names a source, an actor or an era by what is no id.
    """
    found = _ENTITY.fullmatch(word)
    if not found or " " in word:
        return "event", ""
    if not ID.fullmatch(found[2]):
        raise UsageError(f'"{found[2]}" is no id; {made_of(found[2])}')
    return found[1], found[2]


def add(draft: Draft, kind: str, id: str, body: dict[str, Any], *, into: str | None = None, twin: bool = False) -> str:
    """Add a thing to a draft and return its id; an event without one is given one.

    Args:
        draft: The change.
        kind: `event`, `source`, `actor` or `era`.
        id: Its id, empty for an event that is to get one.
        body: Its keys as the store has them; an event's `id` is not among them.
        into: Which file of the store takes it.
        twin: Whether it may be a likely twin of another event.

    Raises:
        UsageError: where the keys do not fit, or the id is taken.
        TwinError: where it is a likely twin.
    """
    index = draft.story.index
    if id in locations.ids(index, kind):
        raise UsageError(f'the id "{id}" of {kind} is taken; choose another, or change it with `autotimeline set`')
    keys = {key: body[key] for key in KEYS[kind] if key in body} | body
    if kind != "event":
        fields = Fields(keys)
        entities.READERS[kind](fields, id)
        _fit(f'{kind} "{id}"', fields)
        draft.append(kind, block(f"{kind}.{id}", keys), f'{kind} "{id}"', into)
        return id
    fields = Fields({"id": id or "new", **keys})
    value = events.event(fields)
    _fit(f'event "{id}"' if id else "the event", fields)
    if not id:
        taken = {one for each in locations.KINDS for one in locations.ids(index, each)}
        id = event_id(value.title, value.date, Taken(taken | draft.new))
    if not twin and (found := twins(draft.story.select(), value)):
        raise TwinError([f'likely a twin of event "{other}": {why}' for other, why in found])
    draft.new.add(id)
    draft.append("event", block("event", {"id": id, **keys}), f'event "{id}"', into)
    return id


def _fit(name: str, fields: Fields) -> None:
    if fields.problems:
        raise UsageError("\n".join(f"{name}: {what}" for _, what in fields.problems))
