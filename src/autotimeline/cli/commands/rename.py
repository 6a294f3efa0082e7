"""`autotimeline rename`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.editing.draft import Draft


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.editing import references
    from autotimeline.editing.ids import require_valid_id
    from autotimeline.index import locations

    old, new = request.required(write_commands.ID_ARGUMENT), request.required(NEW)
    updated: list[str] = []

    def edit_draft(draft: Draft) -> None:
        kind, id = draft.resolve_reference(old)
        require_valid_id(new, kind)
        if new in locations.list_ids(draft.timeline.index, kind):
            raise UsageError(f'the id "{new}" of {kind} is taken; choose another')
        updated.clear()
        for holder, name, _ in references.find_referencing_keys(draft, kind, id):
            body, _ = references.replace_references(holder, draft.read_body(holder, name), kind, id, new)
            draft.set_body(holder, name, body)
            updated.append(f"{holder} {name}")
        draft.rename(kind, id, new)

    with write_commands.open_writer(request, environment, "rename", old, new) as writer:
        files = writer.change(edit_draft)
    suffix = f", also in {', '.join(updated)}" if updated else ""
    write_commands.report_change(request, environment, files, f"{old} is {new} now{suffix}")
    return 0


NEW = options.Argument("new", "NEW", "The new id.", min_count=1, max_count=1)
COMMAND = Command(
    "Change an id, and all references to it.", _run, write_commands.WRITE_OPTIONS, (write_commands.ID_ARGUMENT, NEW)
)
