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

    asking: list[str] = []

    def make(draft: Draft) -> None:
        gone = list(dict.fromkeys(draft.kind(word) for word in values["things"]))
        left = [
            (thing, holder, name, keys)
            for thing in gone
            for holder, name, keys in references.naming(draft, *thing)
            if (holder, name) not in gone
        ]
        asking[:] = [
            f'alias {name} asks for {kind} "{id}"' for (kind, id), holder, name, _ in left if holder == "alias"
        ]
        if left and not values["force"]:
            lines = [
                f'{kind} "{id}" is named by {holder} {name}: {", ".join(keys)}'
                for (kind, id), holder, name, keys in left
            ]
            but = ", but not out of saved queries" if asking else ""
            raise AutotimelineError("\n".join([*lines, f"nothing was removed; --force takes it out of these too{but}"]))
        for (kind, id), holder, name, _ in left:
            body, _ = references.replaced(holder, draft.body(holder, name), kind, id, None)
            draft.rewrite(holder, name, body)
        for kind, id in gone:
            draft.remove(kind, id)

    with write_commands.changer(values, "remove", *values["things"]) as changer:
        files = changer.change(make)
    for line in asking:
        environment.complain(f"{line}, which is gone: mend or remove it by hand")
    write_commands.tell(values, files, f"{', '.join(values['things'])}: removed")
    return 0


THINGS = options.Words("things", "ID...", "Events, actors, sources or eras.", at_least=1, complete="thing")
COMMAND = options.Command(
    "Take events, actors, sources or eras out of the store.",
    _run,
    (*write_commands.WRITE, write_commands.FORCE),
    (THINGS,),
)
