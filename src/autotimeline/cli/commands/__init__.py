"""The commands, one per file."""

from __future__ import annotations

from autotimeline.cli.environment import Environment
from autotimeline.cli.options import Argument, Option, Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Command", "Environment", "Request"]


class Command:
    """A command: a line of help, a function that returns the exit code, options, and arguments.

    For completion and help of fields, `view` names a view with `FIELDS` or `EXTRA_FIELDS`; if they depend on other
    options, `fields` is a function.
    """

    def __init__(
        self,
        help: str,
        run: Callable[[Request, Environment], int],
        options: tuple[Option, ...],
        arguments: tuple[Argument, ...] = (),
        *,
        view: str = "list",
        fields: Callable[[Request], Sequence[str]] | None = None,
    ) -> None:
        self.help = help
        self.run = run
        self.options = options
        self.arguments = arguments
        self.view = view
        self.fields = fields
