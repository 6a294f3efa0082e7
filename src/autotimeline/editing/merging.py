"""Merging of duplicates in a draft: one entry, and its id, takes the place of the others."""

from collections.abc import Sequence

from autotimeline.editing.draft import Draft
from autotimeline.editing.entry_merger import EntryMerger
from autotimeline.editing.event_merger import EventMerger
from autotimeline.editing.references import find_referencing_keys, replace_references
from autotimeline.errors import AutotimelineError
from autotimeline.store.blocks import find_comments

MERGED_KINDS = ("event", "actor", "source")


def merge_in_draft(draft: Draft, kind: str, id: str, other_ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """Merge entries into the one with `id`, and return the lines about what was dropped, and what else was changed.

    References to the others become references to `id`.

    Raises:
        AutotimelineError: If values contradict each other, and no source states them.
    """
    bodies = {each: draft.read_body(kind, each) for each in (id, *other_ids)}
    dropped: list[str] = []
    changed: dict[str, None] = {}
    for other_id in other_ids:
        comments = find_comments(draft.read_text(kind, other_id))
        dropped += [f'{kind} "{other_id}": dropped the comment {comment}' for comment in comments]
        for each, body in bodies.items():
            bodies[each], _ = replace_references(kind, body, kind, other_id, id)
        for holder, name, _ in find_referencing_keys(draft, kind, other_id):
            if holder != kind or name not in bodies:
                body, _ = replace_references(holder, draft.read_body(holder, name), kind, other_id, id)
                draft.set_body(holder, name, body)
                changed[f"{holder} {name}"] = None
    merger_class = EventMerger if kind == "event" else EntryMerger
    conflicts: list[str] = []
    for other_id in other_ids:
        merger = merger_class(kind, id, bodies[id], other_id, bodies[other_id])
        merger.merge()
        bodies[id] = merger.body
        dropped += merger.dropped
        conflicts += merger.conflicts
    if conflicts:
        raise AutotimelineError(*conflicts, "nothing was written")
    draft.set_body(kind, id, bodies[id])
    for other_id in other_ids:
        draft.remove(kind, other_id)
    return dropped, list(changed)
