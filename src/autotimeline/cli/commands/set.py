"""`autotimeline set`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.editing.draft import Draft


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli.days import day_resolver
    from autotimeline.editing.assignments import apply_assignments, parse_assignment

    word, texts = request.required(write_commands.ID_ARGUMENT), request.texts(ASSIGNMENTS)
    assignments = [parse_assignment(text) for text in texts]

    def edit_draft(draft: Draft) -> None:
        kind, id = draft.resolve_reference(word)
        resolve_day = day_resolver(draft.timeline.today)
        draft.set_body(kind, id, apply_assignments(kind, draft.read_body(kind, id), assignments, resolve_day))

    with write_commands.open_writer(request, environment, "set", word, *texts) as writer:
        files = writer.change(edit_draft)
    write_commands.report_change(request, environment, files, f"{word} is changed")
    return 0


ASSIGNMENTS = options.Argument(
    "assignments",
    "FIELD=VALUE...",
    "kind=deal, tags+=ev, tags-=ev, actors.buyer=ID, figures.investment=…; FIELD= removes it.",
    "assignment",
    min_count=1,
)
COMMAND = Command(
    "Change fields of an event or another entry.",
    _run,
    write_commands.WRITE_OPTIONS,
    (write_commands.ID_ARGUMENT, ASSIGNMENTS),
)
