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
    """A line of text behind a label; `accept` is called with the text after Enter, and `change` after keys.

    Attributes:
        original: The text at the beginning.
        hint: What keys do.
        is_changed: Whether a key was typed since `change` was called.
        completions: The words that Tab has found if there are several.
    """

    def __init__(
        self,
        label: str,
        text: str,
        accept: Callable[[str], object],
        change: Callable[[str], object] = str,
        history: Sequence[str] = (),
        complete: Callable[[str], Sequence[str]] = lambda word: (),
        hint: str = "Enter accept · Esc cancel",
    ) -> None:
        self.label, self.original, self.accept, self.change, self.hint = label, text, accept, change, hint
        self.completions: Sequence[str] = ()
        self.is_changed = False
        self._before, self._after = text, ""
        # Up and Down move in the history, whose last line is the one that is typed.
        self._lines, self._position = [*history, text], len(history)
        self._complete = complete

    @property
    def text(self) -> str:
        """The text."""
        return self._before + self._after

    def edit(self, key: str) -> None:
        """Apply a key; a key that does not edit a line has no effect."""
        self.completions, self.is_changed = (), True
        before, after = self._before, self._after
        if key == "Tab":
            self._complete_word()
        elif key in ("Up", "Down"):
            self._lines[self._position] = self.text
            self._position = max(0, min(len(self._lines) - 1, self._position + (1 if key == "Down" else -1)))
            self._before, self._after = self._lines[self._position], ""
        elif len(key) == 1 or key.startswith(PASTED):
            self._before += "".join(c if c.isprintable() else " " * c.isspace() for c in key.removeprefix(PASTED))
        else:
            moves = {
                "Backspace": (before[:-1], after),
                "Delete": (before, after[1:]),
                "Ctrl-U": ("", after),
                "Left": (before[:-1], before[-1:] + after),
                "Right": (before + after[:1], after[1:]),
                "Home": ("", self.text),
                "End": (self.text, ""),
            }
            self._before, self._after = moves.get(key, (before, after))

    def _complete_word(self) -> None:
        word = self._before[max(self._before.rfind(c) for c in " (") + 1 :]
        words = self._complete(word)
        completed = os.path.commonprefix(words) or word  # noqa: RUF071  words are not paths
        if len(words) == 1 and not completed.endswith(CONTINUING_SUFFIXES):
            completed += " "
        self._before = self._before.removesuffix(word) + completed
        self.completions = words if len(words) > 1 else ()

    def draw(self, canvas: Canvas, width: int) -> tuple[str, int]:
        """Return the line, scrolled to the cursor, and the column of the cursor."""
        label, text = canvas.sanitize(self.label), canvas.sanitize(self._before)
        while text and canvas.measure(label + text) >= width:
            text = text[1:]
        return canvas.truncate(label + text + canvas.sanitize(self._after), width), canvas.measure(label + text)
