"""The plan of an import: what it adds to a store and updates in it, and what is to be reported."""

from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from autotimeline.editing.draft import Draft
from autotimeline.errors import AutotimelineError
from autotimeline.importing.records import ImportProblem, ImportRecord
from autotimeline.index import locations

# The kind, the text, and the label of its problems.
NewBlock = tuple[str, str, str]


class DuplicateEventError(AutotimelineError):
    """A new event that is likely a duplicate; each of the `lines` names an event and the reason."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__(*lines, "nothing was written; add it anyway with --force")


@dataclass(frozen=True)
class ImportPolicy:
    """What an import does with existing entries, missing ones, and invalid records.

    Attributes:
        update: Whether to overwrite existing values.
        skip_invalid: Whether to skip invalid records.
        target_file: The file of the store that new blocks are added to.
        must_be_new: Whether to reject existing events and likely duplicates.
        allow_duplicates: Whether to add likely duplicates all the same.
        create: Whether to create missing actors and sources that records name.
    """

    _: KW_ONLY
    update: bool = False
    skip_invalid: bool = False
    target_file: str | None = None
    must_be_new: bool = False
    allow_duplicates: bool = False
    create: bool = True


@dataclass(frozen=True, slots=True)
class CreatedEntity:
    """An actor or source that is created because a record refers to it by this name.

    If a person typed the name, `hint` suggests a similar id.
    """

    kind: str
    id: str
    name: str
    hint: str


@dataclass
class ImportPlan:
    """The changes of an import.

    Attributes:
        problems: The skipped records and why.
        messages: Other messages for the user.
        blocks: The texts of everything new, in the order of the store.
        updates: The keys of changed entries, by kind and id.
        aliases: The queries of new and changed aliases.
        updated_records: The record that updates an entry, by the label of its problems.
        new_count: The number of new events.
        unchanged_count: The number of records that existing events have.
        repeated_count: The number of records that repeat an earlier one.
        new_entity_counts: The number of new entities, by kind.
        new_ids: The ids of the new events and entities that records define.
        new_event_ids: Those of the events.
        created: The new entities that records only refer to.
    """

    problems: list[ImportProblem]
    messages: list[str]
    blocks: list[NewBlock] = field(default_factory=list)
    updates: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    updated_records: dict[str, ImportRecord] = field(default_factory=dict)
    new_count: int = 0
    unchanged_count: int = 0
    repeated_count: int = 0
    new_entity_counts: dict[str, int] = field(default_factory=dict)
    new_ids: list[str] = field(default_factory=list)
    new_event_ids: list[str] = field(default_factory=list)
    created: list[CreatedEntity] = field(default_factory=list)

    def apply(self, draft: Draft, target_file: str | None) -> None:
        """Edit a draft of the store for which the plan was made; new blocks are added to `target_file`."""
        for (kind, id), body in self.updates.items():
            draft.set_body(kind, id, body)
        existing_aliases = locations.list_ids(draft.timeline.index, "alias") if self.aliases else []
        for name, query in self.aliases.items() if existing_aliases else ():
            # A new alias is added to the file of the first one.
            holder = name if name in existing_aliases else existing_aliases[0]
            draft.set_body("alias", holder, {**draft.read_body("alias", holder), name: query})
        for block in self.blocks:
            draft.insert(*block, target_file)
