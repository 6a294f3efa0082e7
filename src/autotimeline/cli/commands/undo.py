"""`autotimeline undo`."""

from __future__ import annotations

from autotimeline.cli import changing, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.changes.change import undo
    from autotimeline.cli import output

    with changing.changer(values, "undo") as changer:
        command, files = undo(changer)
    if values["dry_run"]:
        changing.tell(values, files, "")
    elif output.talks():
        output.say(f"taken back: {command}")
    return 0


COMMAND = options.Command("Take back the last change of the store, then the one before.", _run, changing.WRITE)
