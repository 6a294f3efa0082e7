"""The commands, one per file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Argument, Option, Request


class Command:
    """A command: a line of help, a function that returns the exit code, options, and arguments.

    For completion, `fields` returns the fields of rows that are not events, and `extra_fields` extra ones of events.
    """

    __slots__ = ("arguments", "extra_fields", "fields", "help", "options", "run")

    def __init__(
        self,
        help: str,
        run: Callable[[Request, Environment], int],
        options: tuple[Option, ...],
        arguments: tuple[Argument, ...] = (),
        *,
        fields: Callable[[Request], Sequence[str]] | None = None,
        extra_fields: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self.help = help
        self.run = run
        self.options = options
        self.arguments = arguments
        self.fields = fields
        self.extra_fields = extra_fields
