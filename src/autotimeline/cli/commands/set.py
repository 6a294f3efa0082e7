"""`autotimeline set`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autotimeline.editing.draft import Draft


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli.days import day
    from autotimeline.editing import assignments

    words = [assignments.read(word) for word in values["assignments"]]

    def make(draft: Draft) -> None:
        kind, id = draft.kind(values["thing"])
        draft.rewrite(kind, id, assignments.assigned(kind, draft.body(kind, id), words, day(draft.story.today)))

    with write_commands.changer(values, "set", values["thing"], *values["assignments"]) as changer:
        files = changer.change(make)
    write_commands.tell(values, files, f"{values['thing']} is changed")
    return 0


ASSIGNMENTS = options.Words(
    "assignments",
    "FIELD=VALUE...",
    "kind=deal, tags+=ev, tags-=ev, actors.buyer=ID, figures.investment=…; FIELD= takes it out.",
    at_least=1,
    complete="assignment",
)
COMMAND = options.Command(
    "Change fields of an event, actor, source or era.", _run, write_commands.WRITE, (write_commands.THING, ASSIGNMENTS)
)
