"""`autotimeline undo`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.editing.transaction import undo

    with write_commands.open_writer(values, "undo") as writer:
        command, files = undo(writer)
    if values["dry_run"]:
        write_commands.report_change(values, files, "")
    elif environment.stderr_is_tty():
        environment.print_note(f"taken back: {command}")
    return 0


COMMAND = options.Command(
    "Take back the last change of the store, then the one before.", _run, write_commands.WRITE_OPTIONS
)
