"""Where answers go: to a terminal, a pipe or a file, and what each of them can show."""

from __future__ import annotations

import io
import os
import sys

from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.render.canvas import Canvas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from typing import Any, TextIO

    from autotimeline.cli.progress import ProgressBar

COLOR_CHOICES = ("auto", "always", "never")


def print_note(text: str) -> None:
    """Tell a person something, on stderr, with nothing in it that steers a terminal."""
    from autotimeline.text import escape_control

    if sys.stderr is not None:
        try:
            print(escape_control(text, keep="\n"), file=sys.stderr)
        except OSError:
            # Nobody can be told; what is done, and its exit code, stay the same.
            sys.stderr = None


def print_error(text: str) -> None:
    """Tell what went wrong, each line with the program's name, but for those that begin with a place in a file."""
    print_note("\n".join(line if _has_location(line) else f"autotimeline: {line}" for line in text.split("\n")))


def _has_location(text: str) -> bool:
    parts = text.split(":", 2)
    return len(parts) == 3 and parts[1].isdigit() and parts[2].startswith(" ")


def stderr_is_tty() -> bool:
    """Whether a person reads stderr: only then is it told what a script would not want to hear."""
    return sys.stderr is not None and sys.stderr.isatty()


def is_interactive() -> bool:
    """Whether a person can be asked something: one who reads stderr, and types."""
    return stderr_is_tty() and sys.stdin is not None and sys.stdin.isatty()


def make_progress_bar(choice: str | None) -> ProgressBar | None:
    """Return what shows a person how far a long reading has come; None where nobody would see it."""
    if not stderr_is_tty():
        return None
    from autotimeline.cli.progress import ProgressBar

    return ProgressBar(color=use_color(choice, terminal=True))


def use_color(choice: str | None, *, terminal: bool) -> bool:
    """Decide whether there is colour, the one place where that is.

    `--color` first, then NO_COLOR, then FORCE_COLOR (of which 0 is no), else what a terminal is.

    Raises:
        UsageError: where the choice is none.
    """
    choice = choice or "auto"
    if choice not in COLOR_CHOICES:
        raise UsageError(f'--color "{choice}": write {", ".join(COLOR_CHOICES)}')
    forced = os.environ.get("FORCE_COLOR", "")
    enabled = choice == "always"
    if choice == "auto" and not os.environ.get("NO_COLOR"):
        enabled = forced not in ("", "0") or (terminal and forced != "0" and os.environ.get("TERM") != "dumb")
    return enabled


def configure_streams() -> None:
    """Make the standard streams carry any text: UTF-8 off a terminal, escapes for what a terminal cannot show."""
    _Answer.begun = False
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")


def stdout_is_tty() -> bool:
    """Whether the answer is read by a person as it comes."""
    return sys.stdout is not None and sys.stdout.isatty()


def make_canvas(choice: str | None, *, file: bool = False, unicode: bool = True) -> Canvas:
    """Return the page for the answer: as wide as the terminal, or without width off one or into a file.

    It is drawn on in ASCII where `unicode` is not wanted, or the terminal has none.
    """
    terminal = stdout_is_tty() and not file
    width = None
    if terminal:
        import shutil

        width = shutil.get_terminal_size().columns
    encoding = (sys.stdout.encoding or "") if terminal else "utf-8"
    color = use_color(choice, terminal=terminal)
    unicode = unicode and encoding.lower().startswith("utf")
    return Canvas(width, color=color, unicode=unicode, is_terminal=terminal)


class _Answer:
    """Standard output, which remembers whether anything was written: an answer that has begun cannot be given again."""

    begun = False

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __enter__(self) -> _Answer:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None:
            self._out.flush()

    def write(self, text: str) -> int:
        _Answer.begun = _Answer.begun or bool(text)
        return self._out.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def begun() -> bool:
    """Whether any part of the answer was written to standard output."""
    return _Answer.begun


def is_file_output(path: str | None) -> bool:
    """Whether the answer goes into a file that stays: not to standard output, a device or a pipe."""
    return path not in (None, "-") and (os.path.isfile(path) or not os.path.exists(path))


def open_output(path: str | None, sources: list[str], *, must_be_new: bool = False) -> AbstractContextManager[TextIO]:
    """Open where the answer goes, last of all: standard output, or a file that appears when it is whole.

    Raises:
        AutotimelineError: where standard output is closed, or the file cannot be written, or is there already and has
            to be `new`.
        UsageError: where the file is part of the store itself.
    """
    if path is None or path == "-":
        if sys.stdout is None:
            raise AutotimelineError("standard output is closed")
        return _Answer(sys.stdout)  # type: ignore[return-value]  # a TextIO in all that it does
    from autotimeline.cli.output_file import open_atomically

    return open_atomically(path, sources, new=must_be_new)
