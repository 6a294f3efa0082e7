"""An entry that a person typed as options and assignments: added as an import of one record, which must be new."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass

from autotimeline.editing.assignments import Assignment, apply_assignments
from autotimeline.editing.draft import Draft
from autotimeline.errors import UsageError
from autotimeline.importing.load import LoadedFiles
from autotimeline.importing.plan import ImportPlan, ImportPolicy
from autotimeline.importing.planner import plan_import
from autotimeline.importing.records import ImportProblem, ImportRecord, SourceLocation
from autotimeline.keys import EVENT
from autotimeline.store.parse import parse_entry
from autotimeline.store.serialize import entry_to_toml


@dataclass
class TypedEntry:
    """A new entry in the words of a person: actors and sources have ids, names, aliases, titles, or URLs.

    Attributes:
        kind: `event`, `actor`, `source`, or `era`.
        id: Its id; for an event, an empty one is derived from the title.
        assignments: Its keys.
        source_details: The keys of missing sources, by the name that the event cites.
        target_file: The file of the store that new blocks are added to.
        allow_duplicates: Whether to add a likely duplicate all the same.
        create: Whether to create missing actors and sources.
    """

    kind: str
    id: str
    assignments: Sequence[Assignment]
    _: KW_ONLY
    source_details: Mapping[str, Sequence[Assignment]]
    target_file: str | None = None
    allow_duplicates: bool = False
    create: bool = True

    def add(self, draft: Draft, resolve_day: Callable[[str], str | None]) -> ImportPlan:
        """Add the entry to a draft of a store; `resolve_day` is that of `apply_assignments`.

        Raises:
            UsageError: If the entry is invalid.
            DuplicateEventError: If it is an event and likely a duplicate, unless duplicates are allowed.
        """
        body = apply_assignments(self.kind, {}, self.assignments, resolve_day)
        if self.kind != "event":
            value, problems = parse_entry(self.kind, self.id, body)
            if problems:
                raise UsageError(*(f'{self.kind} "{self.id}": {text}' for _, text in problems))
            body = entry_to_toml(self.kind, value)
        details = {
            name: apply_assignments("source", {}, assignments, resolve_day)
            for name, assignments in self.source_details.items()
        }
        location = SourceLocation("", label=f"the {self.kind}")
        record = ImportRecord(self.kind, self.id, body, location, details_by_name=details)
        policy = ImportPolicy(must_be_new=True, allow_duplicates=self.allow_duplicates, create=self.create)
        plan = plan_import(LoadedFiles([], [record]), policy, draft)
        if plan.problems:
            raise UsageError(*map(_format_problem, plan.problems))
        plan.apply(draft, self.target_file)
        return plan


def _format_problem(problem: ImportProblem) -> str:
    """Return the message of a problem, which begins with its key."""
    begins_so = not problem.column or problem.text.startswith(f"{problem.column}.")
    return problem.text if begins_so else f"{problem.column}: {problem.text}"


def parse_option(key: str, text: str) -> Assignment:
    """Return the assignment of one value, as in `--actor ROLE=NAME`, or raise UsageError.

    The part before the first "=" is the role of an actor, the metric of a figure, or the type of a link.
    """
    metavar = EVENT[key].metavar
    if "=" not in metavar:
        return Assignment((key,), "=", text)
    name, equals, value = (part.strip() for part in text.partition("="))
    is_optional = metavar.startswith("[")
    if not (value if equals else is_optional) or not (name or is_optional):
        raise UsageError(f'{EVENT[key].singular} "{text}": write {metavar}')
    return Assignment((key, name) if name and equals else (key,), "=", value if equals else name)
