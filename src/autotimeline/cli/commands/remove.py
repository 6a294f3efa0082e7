"""`autotimeline remove`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.editing.draft import Draft


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.editing import references

    words = request.texts(IDS)
    query_messages: list[str] = []

    def edit_draft(draft: Draft) -> None:
        removed = list(dict.fromkeys(draft.resolve_reference(word) for word in words))
        remaining = [
            (kind, id, holder, name, keys)
            for kind, id in removed
            if kind != "metric"  # Figures do not need the table of their metric.
            for holder, name, keys in references.find_referencing_keys(draft, kind, id)
            if (holder, name) not in removed
        ]
        query_messages[:] = [
            f'alias {name} asks for {kind} "{id}"' for kind, id, holder, name, _ in remaining if holder == "alias"
        ]
        if remaining and not request.flag(write_commands.FORCE):
            lines = [
                f'{kind} "{id}" is referenced by {holder} {name}: {", ".join(keys)}'
                for kind, id, holder, name, keys in remaining
            ]
            exception = ", except in saved queries" if query_messages else ""
            lines.append(f"nothing was removed; remove the references too with --force{exception}")
            raise AutotimelineError(*lines)
        for kind, id, holder, name, _ in remaining:
            body, _ = references.replace_references(holder, draft.read_body(holder, name), kind, id, None)
            draft.set_body(holder, name, body)
        for kind, id in removed:
            draft.remove(kind, id)

    with write_commands.open_writer(request, environment, "remove", *words) as writer:
        files = writer.change(edit_draft)
    for line in query_messages:
        environment.error(f"{line}, which no longer exists; fix or remove the alias")
    write_commands.report_change(request, environment, files, f"{', '.join(words)}: removed")
    return 0


IDS = options.Argument("things", "ID...", "Events, actors, sources, eras, metrics, or rates.", "thing", min_count=1)
COMMAND = Command(
    "Remove events or other entries.",
    _run,
    (*write_commands.WRITE_OPTIONS, write_commands.FORCE),
    (IDS,),
)
