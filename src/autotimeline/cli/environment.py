"""The environment of a run: its streams, the terminal, environment variables, and today."""

from __future__ import annotations

import io

from autotimeline.cli import options
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.render.canvas import Canvas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Any, TextIO

    from autotimeline.api import Timeline
    from autotimeline.cli.options import Request
    from autotimeline.cli.progress import ProgressBar

MIN_WIDTH, MAX_WIDTH = 20, 1000
"""The range of `--width`."""
COLOR_CHOICES = ("auto", "always", "never")


class Environment:
    """The streams of a run (None if closed) and the settings outside its command line.

    `width` is the width of the terminal, None to ask the terminal. `today` is an ISO date, None for the clock's.
    `output_started` is True once anything was written to stdout. `run_command` runs another command line. `timelines`
    are the stores that were opened.
    """

    run_command: Callable[[Sequence[str], Environment], int]

    def __init__(
        self,
        stdin: TextIO | None,
        stdout: TextIO | None,
        stderr: TextIO | None,
        variables: Mapping[str, str],
        *,
        width: int | None = None,
        today: str | None = None,
    ) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.variables = variables
        self.width = width
        self.today = today
        self.output_started = False
        self.timelines: list[Timeline] = []

    def with_streams(self, stdin: TextIO, stdout: TextIO | None, stderr: TextIO | None) -> Environment:
        """Return a copy with other streams."""
        copy = Environment(stdin, stdout, stderr, self.variables, width=self.width, today=self.today)
        copy.run_command = self.run_command
        return copy

    def configure_streams(self) -> None:
        """Let stdout and stderr carry any text: as UTF-8 off a terminal, as escapes if a terminal cannot show it."""
        self.output_started = False
        for stream in (self.stdout, self.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        if isinstance(self.stdout, io.TextIOWrapper) and not self.stdout.isatty():
            self.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")

    def stdout_is_tty(self) -> bool:
        """Return whether stdout is a terminal."""
        return self.stdout is not None and self.stdout.isatty()

    def stderr_is_tty(self) -> bool:
        """Return whether stderr is a terminal: only then are notes written that scripts do not need."""
        return self.stderr is not None and self.stderr.isatty()

    def is_interactive(self) -> bool:
        """Return whether the user can answer a prompt on stderr."""
        return self.stderr_is_tty() and self.stdin is not None and self.stdin.isatty()

    def require_stdin(self) -> Any:
        """Return standard input as bytes.

        Raises:
            AutotimelineError: If it is closed.
        """
        if self.stdin is None:
            raise AutotimelineError("standard input is closed")
        return self.stdin.buffer

    def note(self, text: str) -> None:
        """Write a message to stderr, with control characters escaped."""
        from autotimeline.text import escape_control

        if self.stderr is not None:
            try:
                print(escape_control(text, keep="\n"), file=self.stderr)
            except OSError:
                # A message that nobody can read changes neither the result nor the exit code.
                return

    def warn(self, line: str) -> None:
        """Write one line to stderr after the program's name; a line break in it is escaped."""
        self.note(f"autotimeline: {line}".replace("\n", r"\x0a"))

    def error(self, text: str) -> None:
        """Write an error to stderr: each line after the program's name or its own position in a file."""
        self.note("\n".join(line if _has_location(line) else f"autotimeline: {line}" for line in text.split("\n")))

    def use_color(self, request: Request, *, terminal: bool) -> bool:
        """Return whether to color: `--color` first, then NO_COLOR, FORCE_COLOR (0 means no), and the terminal.

        Raises:
            UsageError: If `--color` is not one of COLOR_CHOICES.
        """
        choice = request.text(options.COLOR) or "auto"
        if choice not in COLOR_CHOICES:
            raise UsageError(f'--color "{choice}": write {", ".join(COLOR_CHOICES)}')
        if choice != "auto" or self.variables.get("NO_COLOR"):
            return choice == "always"
        forced = self.variables.get("FORCE_COLOR", "")
        return forced not in ("", "0") or (terminal and forced != "0" and self.variables.get("TERM") != "dumb")

    def progress_bar(self, request: Request) -> ProgressBar | None:
        """Return a progress bar on stderr; None off a terminal."""
        if not self.stderr_is_tty():
            return None
        from autotimeline.cli.progress import ProgressBar

        return ProgressBar(self.stderr, color=self.use_color(request, terminal=True))

    def canvas(self, request: Request) -> Canvas:
        """Return the canvas for the output of a request: as wide as `--width`, else as the terminal, else unlimited.

        Raises:
            UsageError: If `--width` is out of range.
        """
        terminal = request.text(options.OUTPUT) in (None, "-") and self.stdout_is_tty()
        width, encoding = request.number(options.WIDTH), "utf-8"
        if width is not None and not MIN_WIDTH <= width <= MAX_WIDTH:
            raise UsageError(f"--width {width}: out of range; write a number from {MIN_WIDTH} to {MAX_WIDTH}")
        if terminal and self.stdout is not None:
            import shutil

            width = width or self.width or shutil.get_terminal_size().columns
            encoding = self.stdout.encoding or ""
        unicode = not request.flag(options.ASCII) and encoding.lower().startswith("utf")
        color = self.use_color(request, terminal=terminal)
        return Canvas(width, color=color, unicode=unicode, is_terminal=terminal)

    def open_output(
        self, path: str | None = None, sources: Sequence[str] = (), *, must_be_new: bool = False
    ) -> AbstractContextManager[TextIO]:
        """Open stdout, or a file that appears when it is complete.

        Raises:
            AutotimelineError: If stdout is closed, the file cannot be written, or it exists and `must_be_new`.
            UsageError: If the file is one of `sources`, the files of the store.
        """
        if path is None or path == "-":
            if self.stdout is None:
                raise AutotimelineError("standard output is closed")
            return _Output(self, self.stdout)  # type: ignore[return-value]  # a TextIO in all that it does
        from autotimeline.cli.output_file import open_atomically

        return open_atomically(path, sources, new=must_be_new)


class _Output:
    """Standard output that records whether anything was written."""

    def __init__(self, environment: Environment, out: TextIO) -> None:
        self._environment = environment
        self._out = out

    def __enter__(self) -> _Output:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None:
            self._out.flush()

    def write(self, text: str) -> int:
        if text:
            self._environment.output_started = True
        return self._out.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def _has_location(text: str) -> bool:
    parts = text.split(":", 2)
    return len(parts) == 3 and parts[1].isdigit() and parts[2].startswith(" ")
