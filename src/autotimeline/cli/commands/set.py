"""`autotimeline set`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autotimeline.editing.draft import Draft


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli.days import day_resolver
    from autotimeline.editing.assignments import apply_assignments, parse_assignment

    assignments = [parse_assignment(word) for word in values["assignments"]]

    def edit_draft(draft: Draft) -> None:
        kind, id = draft.resolve_reference(values["thing"])
        draft.set_body(
            kind,
            id,
            apply_assignments(kind, draft.read_body(kind, id), assignments, day_resolver(draft.timeline.today)),
        )

    with write_commands.open_writer(values, "set", values["thing"], *values["assignments"]) as writer:
        files = writer.change(edit_draft)
    write_commands.report_change(values, files, f"{values['thing']} is changed")
    return 0


ASSIGNMENTS = options.Argument(
    "assignments",
    "FIELD=VALUE...",
    "kind=deal, tags+=ev, tags-=ev, actors.buyer=ID, figures.investment=…; FIELD= takes it out.",
    min_count=1,
    completion="assignment",
)
COMMAND = options.Command(
    "Change fields of an event, actor, source or era.",
    _run,
    write_commands.WRITE_OPTIONS,
    (write_commands.ID_ARGUMENT, ASSIGNMENTS),
)
