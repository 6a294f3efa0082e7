"""`autotimeline remove`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autotimeline.editing.draft import Draft


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.editing import references
    from autotimeline.errors import AutotimelineError

    query_messages: list[str] = []

    def edit_draft(draft: Draft) -> None:
        removed = list(dict.fromkeys(draft.resolve_reference(word) for word in values["things"]))
        references_left = [
            (target, holder, name, keys)
            for target in removed
            for holder, name, keys in references.find_referencing_keys(draft, *target)
            if (holder, name) not in removed
        ]
        query_messages[:] = [
            f'alias {name} asks for {kind} "{id}"'
            for (kind, id), holder, name, _ in references_left
            if holder == "alias"
        ]
        if references_left and not values["force"]:
            lines = [
                f'{kind} "{id}" is named by {holder} {name}: {", ".join(keys)}'
                for (kind, id), holder, name, keys in references_left
            ]
            exception = ", but not out of saved queries" if query_messages else ""
            raise AutotimelineError(
                "\n".join([*lines, f"nothing was removed; --force takes it out of these too{exception}"])
            )
        for (kind, id), holder, name, _ in references_left:
            body, _ = references.replace_references(holder, draft.read_body(holder, name), kind, id, None)
            draft.set_body(holder, name, body)
        for kind, id in removed:
            draft.remove(kind, id)

    with write_commands.open_writer(values, "remove", *values["things"]) as writer:
        files = writer.change(edit_draft)
    for line in query_messages:
        environment.print_error(f"{line}, which is gone: mend or remove it by hand")
    write_commands.report_change(values, files, f"{', '.join(values['things'])}: removed")
    return 0


IDS = options.Argument("things", "ID...", "Events, actors, sources or eras.", min_count=1, completion="thing")
COMMAND = options.Command(
    "Take events, actors, sources or eras out of the store.",
    _run,
    (*write_commands.WRITE_OPTIONS, write_commands.FORCE),
    (IDS,),
)
