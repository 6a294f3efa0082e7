"""`autotimeline edit`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autotimeline.editing.draft import Draft


def _run(values: dict[str, Any]) -> int:
    from functools import partial

    from autotimeline.cli.editor import Edited, as_edited
    from autotimeline.errors import AutotimelineError
    from autotimeline.store import edit

    kind, id, before = "", "", ""

    def find(draft: Draft) -> None:
        nonlocal kind, id, before
        kind, id = draft.kind(values["thing"])
        before = draft.text(kind, id)

    def make(text: str, draft: Draft) -> None:
        if draft.text(kind, id) != before:
            raise AutotimelineError(f'{kind} "{id}" has changed while you edited it; edit it anew')
        if text == as_edited(before):
            return
        if not edit.alone(text, kind, id):
            what = f'this has to be {kind} "{id}" and no more'
            raise AutotimelineError(f"{what}; `autotimeline rename` gives another id, `add` adds, `remove` removes")
        draft.replace(kind, id, edit.as_before(before, text))

    with write_commands.changer(values, "edit", values["thing"]) as changer:
        changer.look(find)
        with Edited(f"{id}.toml", before) as edited:
            for text in edited:
                with edited.attempt():
                    files = changer.change(partial(make, text))
    write_commands.tell(values, files, f"{id} is changed")
    return 0


COMMAND = options.Command(
    "Open an event, actor, source or era in your editor.",
    _run,
    write_commands.WRITE,
    (write_commands.THING,),
)
