"""`autotimeline undo`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.editing.transaction import undo

    with write_commands.changer(values, "undo") as changer:
        command, files = undo(changer)
    if values["dry_run"]:
        write_commands.tell(values, files, "")
    elif environment.talks():
        environment.say(f"taken back: {command}")
    return 0


COMMAND = options.Command("Take back the last change of the store, then the one before.", _run, write_commands.WRITE)
