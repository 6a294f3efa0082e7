"""New entries: the id, the text, and likely duplicates."""

from typing import Any

from autotimeline.editing.draft import Draft
from autotimeline.editing.ids import IdAllocator, make_event_id, split_reference
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.index import locations
from autotimeline.keys import KEYS
from autotimeline.reports.duplicates import find_duplicates
from autotimeline.schema import KINDS, SETTABLE_KINDS
from autotimeline.store.parse import parse_entry
from autotimeline.store.table_reader import ID_PATTERN, id_hint
from autotimeline.store.toml_writer import format_block


class DuplicateEventError(AutotimelineError):
    """A new event that is likely a duplicate; each of the `lines` names an event and the reason."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join([*lines, "nothing was written; --force adds it all the same"]))


def parse_target(text: str) -> tuple[str, str]:
    """Return ("actor", "byd") for `actor:byd` and ("event", "") for a title, or raise UsageError for an invalid id."""
    kind, id = split_reference(text)
    if kind not in SETTABLE_KINDS or kind == "event" or not id or " " in id or "\n" in id:
        return "event", ""
    if not ID_PATTERN.fullmatch(id):
        raise UsageError(f'"{id}" is no id; {id_hint(id)}')
    return kind, id


def add_to_draft(
    draft: Draft,
    kind: str,
    id: str,
    body: dict[str, Any],
    *,
    target_file: str | None = None,
    allow_duplicate: bool = False,
) -> str:
    """Add an entry with keys as in the store, and return its id; an empty id of an event makes one.

    Raises:
        UsageError: If a key is invalid or the id exists.
        DuplicateEventError: If the event is likely a duplicate, unless `allow_duplicate`.
    """
    index = draft.timeline.index
    if id in locations.list_ids(index, kind):
        raise UsageError(f'the id "{id}" of {kind} is taken; choose another, or change it with `autotimeline set`')
    value, problems = parse_entry(kind, id, {"id": id or "new", **body} if kind == "event" else body)
    if problems:
        label = f'{kind} "{id}"' if id else f"the {kind}"
        raise UsageError("\n".join(f"{label}: {text}" for _, text in problems))
    header, keys = f"{kind}.{id}", sort_keys(kind, body)
    if kind == "event":
        if not id:
            existing_ids = {existing_id for name in KINDS for existing_id in locations.list_ids(index, name)}
            id = make_event_id(value.title, value.date, IdAllocator(existing_ids | draft.new_event_ids))
        if not allow_duplicate and (duplicates := find_duplicates(draft.timeline.select(), value)):
            lines = [f'likely a twin of event "{other_id}": {reason}' for other_id, reason in duplicates]
            raise DuplicateEventError(lines)
        draft.new_event_ids.add(id)
        header, keys = kind, {"id": id, **keys}
    draft.insert(kind, format_block(header, keys), f'{kind} "{id}"', target_file)
    return id


def sort_keys(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the keys in the order of the store."""
    return {key: body[key] for key in KEYS[kind] if key in body} | body
