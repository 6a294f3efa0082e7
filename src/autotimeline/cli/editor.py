"""Edit a text in the user's editor until it is valid or abandoned; it is never lost."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from autotimeline.cli.environment import Environment
from autotimeline.editing.draft import RejectedChangeError
from autotimeline.errors import AutotimelineError, error_reason

_MESSAGE_PREFIX = "#! "


def normalize_line_ends(text: str) -> str:
    """Return a text as editors save it: every line, the last one too, ends in a line feed."""
    text = text.replace("\r\n", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


class EditSession:
    """The versions of a text that the user saves, with the errors of the last `attempt` above the text.

    Every line ends in a line feed. A temporary file contains the text. It is deleted if an attempt succeeds; otherwise,
    errors name it.
    """

    def __init__(self, environment: Environment, name: str, text: str) -> None:
        self._environment = environment
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
            # Only above the text: comments in it may begin in the same way.
            while lines[0].startswith(_MESSAGE_PREFIX):
                del lines[0]
            self._text = "\n".join(lines)
            if self._messages and self._text == previous:
                raise self._abandoned_error(self._messages[:-1])
            yield self._text

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Try a version; if it is rejected, show it again with the reason, or abandon it if the user cannot be asked.

        Raises:
            AutotimelineError: If it is abandoned.
        """
        try:
            yield
            self._done = True
        except AutotimelineError as error:
            messages = str(error).splitlines()
            if isinstance(error, RejectedChangeError):
                # The lines of the message above shift the line numbers in the editor.
                offset = len(error.problems) + 1 if self._environment.is_interactive() else 0
                messages = [f"line {line + offset}: {text}" if name else text for name, line, _, text in error.problems]
            if not self._environment.is_interactive():
                raise self._abandoned_error(messages) from None
            self._messages = [*messages, "Correct it below; leave all as it is to give up."]

    def _abandoned_error(self, messages: list[str]) -> AutotimelineError:
        return AutotimelineError("\n".join([*messages, f"nothing was written; your text is in {self.path}"]))

    def _editor_error(self, message: str) -> AutotimelineError:
        """Return an error of the editor; delete the file if it was never edited."""
        if self._text != self._original or normalize_line_ends(self._read()) != self._original:
            return self._abandoned_error([message])
        self._delete_file()
        return AutotimelineError(f"{message}\nnothing was written")

    def _delete_file(self) -> None:
        os.unlink(self.path)
        os.rmdir(os.path.dirname(self.path))

    def _run_editor(self) -> None:
        variables = self._environment.variables
        editor = variables.get("VISUAL") or variables.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
        # Some editors use Ctrl-C as a key.
        previous_handler = signal.signal(signal.SIGINT, lambda number, frame: None)
        try:
            code = subprocess.run([*shlex.split(editor), self.path], check=False).returncode  # noqa: S603  the user's own command
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
