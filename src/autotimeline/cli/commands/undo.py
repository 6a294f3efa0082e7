"""`autotimeline undo`."""

from autotimeline.cli import write_commands
from autotimeline.cli.commands import Command, Environment, Request


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.editing.transaction import undo

    with write_commands.open_writer(request, environment, "undo") as writer:
        command, files = undo(writer)
    if request.flag(write_commands.DRY_RUN):
        write_commands.report_change(request, environment, files, "")
    elif environment.stderr_is_tty():
        environment.note(f"reverted: {command}")
    return 0


COMMAND = Command("Undo the last change of the store.", _run, write_commands.WRITE_OPTIONS)
