"""`autotimeline edit`."""

from __future__ import annotations

from autotimeline.cli import write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.editing.draft import Draft


def _run(request: Request, environment: Environment) -> int:
    from functools import partial

    from autotimeline.cli.editor import edit_until_accepted, normalize_line_ends
    from autotimeline.store import edit

    word = request.required(write_commands.ID_ARGUMENT)
    kind, id, original = "", "", ""

    def load_definition(draft: Draft) -> None:
        nonlocal kind, id, original
        kind, id = draft.resolve_reference(word)
        original = draft.read_text(kind, id)

    def edit_draft(text: str, draft: Draft) -> None:
        if draft.read_text(kind, id) != original:
            raise AutotimelineError(f'{kind} "{id}" has changed while you edited it; edit it anew')
        if text == normalize_line_ends(original):
            return
        if not edit.defines_only(text, kind, id):
            what = f'this has to be {kind} "{id}" and no more'
            raise AutotimelineError(f"{what}; `autotimeline rename` gives another id, `add` adds, `remove` removes")
        draft.replace(kind, id, edit.keep_line_endings(original, text))

    with write_commands.open_writer(request, environment, "edit", word) as writer:
        writer.preview(load_definition)
        files = edit_until_accepted(
            environment, f"{id}.toml", original, lambda text: writer.change(partial(edit_draft, text))
        )
    write_commands.report_change(request, environment, files, f"{id} is changed")
    return 0


COMMAND = Command(
    "Edit an event or another entry in your editor.",
    _run,
    write_commands.WRITE_OPTIONS,
    (write_commands.ID_ARGUMENT,),
)
