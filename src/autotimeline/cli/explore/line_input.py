"""A line that the user types, with a history and completion."""

from __future__ import annotations

import os

from autotimeline.cli.explore.terminal import PASTED
from autotimeline.cli.word_completion import CONTINUING_SUFFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autotimeline.render.canvas import Canvas

class LineInput:
    """A line of text that keys edit.

    Attributes:
        label: What is shown before the text.
        completions: The words that Tab found if there were several; any other key removes them.
    """

    def __init__(
        self,
        label: str,
        text: str = "",
        history: Sequence[str] = (),
        complete: Callable[[str], Sequence[str]] = lambda word: (),
    ) -> None:
        self.label = label
        self.completions: Sequence[str] = ()
        self._before, self._after = text, ""
        # Up and Down move in the history, whose last line is the one that is typed.
        self._lines, self._original = [*history, text], text
        self._position = len(history)
        self._complete = complete

    @property
    def text(self) -> str:
        """The text."""
        return self._before + self._after

    def restore(self) -> None:
        """Return to the first text."""
        self._before, self._after = self._original, ""

    def edit(self, key: str) -> None:
        """Apply a key; others than those that edit a line have no effect."""
        self.completions = ()
        before, after = self._before, self._after
        if key == "Tab":
            self._complete_word()
        elif key in ("Up", "Down"):
            self._lines[self._position] = self.text
            self._position = max(0, min(len(self._lines) - 1, self._position + (1 if key == "Down" else -1)))
            self._before, self._after = self._lines[self._position], ""
        elif key == "Backspace":
            self._before = before[:-1]
        elif key == "Delete":
            self._after = after[1:]
        elif key == "Clear":
            self._before = ""
        elif key == "Left":
            self._before, self._after = before[:-1], before[-1:] + after
        elif key == "Right":
            self._before, self._after = before + after[:1], after[1:]
        elif key in ("Home", "End"):
            self._before, self._after = ("", self.text) if key == "Home" else (self.text, "")
        elif len(key) == 1 or key.startswith(PASTED):
            self._before += "".join(c if c.isprintable() else " " * c.isspace() for c in key.removeprefix(PASTED))

    def _complete_word(self) -> None:
        word = self._before[max(self._before.rfind(c) for c in " (") + 1 :]
        words = self._complete(word)
        completed = os.path.commonprefix(words)
        if len(words) == 1 and not completed.endswith(CONTINUING_SUFFIXES):
            completed += " "
        if words:
            self._before = self._before[: len(self._before) - len(word)] + completed
        self.completions = words if len(words) > 1 else ()

    def draw(self, canvas: Canvas, width: int) -> tuple[str, int]:
        """Return the line, scrolled to the cursor, and the column of the cursor."""
        label, text = canvas.sanitize(self.label), canvas.sanitize(self._before)
        while text and canvas.measure(label + text) >= width:
            text = text[1:]
        column = canvas.measure(label + text)
        return canvas.truncate(label + text + canvas.sanitize(self._after), width), column
