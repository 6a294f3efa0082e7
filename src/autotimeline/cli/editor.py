"""A text in the editor of a person, again and again until it fits or is given up; it is never lost."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autotimeline.cli import environment
from autotimeline.editing.draft import RejectedChangeError
from autotimeline.errors import AutotimelineError, error_reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_MESSAGE_PREFIX = "#! "


def normalize_line_ends(text: str) -> str:
    """Return a text as editors give it back: lines end in a newline alone, the last one too."""
    text = text.replace("\r\n", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


class EditSession:
    """Iterate over what a person makes of a text; what is refused in an `attempt` is shown above it the next time.

    Lines end in a newline alone. The text stands in a file of its own, which is gone once an attempt succeeds; where
    none does, errors say where it is.
    """

    def __init__(self, name: str, text: str) -> None:
        self.path = os.path.join(tempfile.mkdtemp(prefix="autotimeline-"), name)
        self._text = self._original = normalize_line_ends(text)
        self._messages: list[str] = []
        self._done = False

    def __enter__(self) -> EditSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._delete_file()

    def __iter__(self) -> Iterator[str]:
        while not self._done:
            previous = self._text
            self._write("".join(f"{_MESSAGE_PREFIX}{line}\n" for line in self._messages) + previous)
            self._run_editor()
            lines = normalize_line_ends(self._read()).split("\n")
            # Only above the text: a comment of theirs may begin so too.
            while lines[0].startswith(_MESSAGE_PREFIX):
                del lines[0]
            self._text = "\n".join(lines)
            if self._messages and self._text == previous:
                raise self._abandoned_error(self._messages[:-1])
            yield self._text

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Try what was written; where it is refused, it is shown again with why, or given up where nobody is asked.

        Raises:
            AutotimelineError: where it is given up.
        """
        try:
            yield
            self._done = True
        except AutotimelineError as error:
            messages = str(error).splitlines()
            if isinstance(error, RejectedChangeError):
                # As the editor counts, where this stands above.
                offset = len(error.problems) + 1 if environment.is_interactive() else 0
                messages = [f"line {line + offset}: {text}" if name else text for name, line, _, text in error.problems]
            if not environment.is_interactive():
                raise self._abandoned_error(messages) from None
            self._messages = [*messages, "Correct it below; leave all as it is to give up."]

    def _abandoned_error(self, messages: list[str]) -> AutotimelineError:
        return AutotimelineError("\n".join([*messages, f"nothing was written; your text is in {self.path}"]))

    def _editor_error(self, message: str) -> AutotimelineError:
        """Return why the editor is of no use; where nothing was typed before, nothing of it is kept."""
        if self._text != self._original or normalize_line_ends(self._read()) != self._original:
            return self._abandoned_error([message])
        self._delete_file()
        return AutotimelineError(f"{message}\nnothing was written")

    def _delete_file(self) -> None:
        os.unlink(self.path)
        os.rmdir(os.path.dirname(self.path))

    def _run_editor(self) -> None:
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
        # Ctrl-C is a key of some editors; what it is to do there is theirs to know.
        previous_handler = signal.signal(signal.SIGINT, lambda number, frame: None)
        try:
            code = subprocess.run([*shlex.split(editor), self.path], check=False).returncode  # noqa: S603  their own command
        except (OSError, ValueError) as error:
            raise self._editor_error(
                f"{editor}: {error_reason(error)}; set EDITOR to the command of an editor"
            ) from None
        finally:
            signal.signal(signal.SIGINT, previous_handler)
        if code:
            raise self._editor_error(f"{editor} ended with {code}")

    def _write(self, text: str) -> None:
        with open(self.path, "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def _read(self) -> str:
        try:
            with open(self.path, encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise self._abandoned_error([f"what was written cannot be read: {error}"]) from None
