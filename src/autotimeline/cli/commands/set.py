"""`autotimeline set`."""

from __future__ import annotations

from autotimeline.cli import changing, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autotimeline.changes.draft import Draft


def _run(values: dict[str, Any]) -> int:
    from autotimeline.changes import assign
    from autotimeline.cli.days import day

    words = [assign.read(word) for word in values["assignments"]]

    def make(draft: Draft) -> None:
        kind, id = draft.kind(values["thing"])
        draft.rewrite(kind, id, assign.assigned(kind, draft.body(kind, id), words, day(draft.story.today)))

    with changing.changer(values, "set", values["thing"], *values["assignments"]) as changer:
        files = changer.change(make)
    changing.tell(values, files, f"{values['thing']} is changed")
    return 0


ASSIGNMENTS = options.Words(
    "assignments",
    "FIELD=VALUE...",
    "kind=deal, tags+=ev, tags-=ev, actors.buyer=ID, figures.investment=…; FIELD= takes it out.",
    at_least=1,
    complete="assignment",
)
COMMAND = options.Command(
    "Change fields of an event, actor, source or era.", _run, changing.WRITE, (changing.THING, ASSIGNMENTS)
)
