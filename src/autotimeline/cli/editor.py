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
from autotimeline.editing.draft import RefusedError
from autotimeline.errors import AutotimelineError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_MARK = "#! "


def as_edited(text: str) -> str:
    """Return a text as editors give it back: lines end in a newline alone, the last one too."""
    text = text.replace("\r\n", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


class Edited:
    """Iterate over what a person makes of a text; what is refused in an `attempt` is shown above it the next time.

    Lines end in a newline alone. The text stands in a file of its own, which is gone once an attempt succeeds; where
    none does, errors say where it is.
    """

    def __init__(self, name: str, text: str) -> None:
        self.path = os.path.join(tempfile.mkdtemp(prefix="autotimeline-"), name)
        self._text = self._given = as_edited(text)
        self._said: list[str] = []
        self._done = False

    def __enter__(self) -> Edited:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._remove()

    def __iter__(self) -> Iterator[str]:
        while not self._done:
            before = self._text
            self._write("".join(f"{_MARK}{line}\n" for line in self._said) + before)
            self._open()
            lines = as_edited(self._read()).split("\n")
            # Only above the text: a comment of theirs may begin so too.
            while lines[0].startswith(_MARK):
                del lines[0]
            self._text = "\n".join(lines)
            if self._said and self._text == before:
                raise self._given_up(self._said[:-1])
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
            said = str(error).splitlines()
            if isinstance(error, RefusedError):
                # As the editor counts, where this stands above.
                above = len(error.problems) + 1 if environment.asks() else 0
                said = [f"line {line + above}: {text}" if name else text for name, line, _, text in error.problems]
            if not environment.asks():
                raise self._given_up(said) from None
            self._said = [*said, "Correct it below; leave all as it is to give up."]

    def _given_up(self, said: list[str]) -> AutotimelineError:
        return AutotimelineError("\n".join([*said, f"nothing was written; your text is in {self.path}"]))

    def _failed(self, said: str) -> AutotimelineError:
        """Return why the editor is of no use; where nothing was typed before, nothing of it is kept."""
        if self._text != self._given or as_edited(self._read()) != self._given:
            return self._given_up([said])
        self._remove()
        return AutotimelineError(f"{said}\nnothing was written")

    def _remove(self) -> None:
        os.unlink(self.path)
        os.rmdir(os.path.dirname(self.path))

    def _open(self) -> None:
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
        # Ctrl-C is a key of some editors; what it is to do there is theirs to know.
        before = signal.signal(signal.SIGINT, lambda number, frame: None)
        try:
            code = subprocess.run([*shlex.split(editor), self.path], check=False).returncode  # noqa: S603  their own command
        except (OSError, ValueError) as error:
            raise self._failed(f"{editor}: {reason(error)}; set EDITOR to the command of an editor") from None
        finally:
            signal.signal(signal.SIGINT, before)
        if code:
            raise self._failed(f"{editor} ended with {code}")

    def _write(self, text: str) -> None:
        with open(self.path, "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def _read(self) -> str:
        try:
            with open(self.path, encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise self._given_up([f"what was written cannot be read: {error}"]) from None
