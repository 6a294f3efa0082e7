"""A file of a store that is to be changed, as it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from autotimeline.errors import StoreError
from autotimeline.store import edit
from autotimeline.store.blocks import MalformedError, decode
from autotimeline.store.whole_file import parts, things

if TYPE_CHECKING:
    from autotimeline.store.whole_file import Thing

    # Which of a file's lines (from 0) are replaced; between two lines, where both are the same.
    Spot = tuple[int, int]


class File:
    """A file as it is, cut into lines."""

    def __init__(self, path: str, number: int) -> None:
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.path = path
        self.number = number
        try:
            self.text = decode(self.bytes)
        except MalformedError as error:
            raise StoreError(f"{path}:{error.line + 1}: {error}") from None
        self.lines = edit.cut(self.text)
        # Of a file that is taken whole, once it is asked: what it says, and which lines say what by themselves.
        self.whole: Counter[Thing] = Counter()
        self._parts: dict[tuple[str, str], list[Spot]] | None = None

    def parts(self, kind: str, id: str) -> list[Spot]:
        """Return which lines of a file taken whole say all of a thing by themselves; all of what is no TOML."""
        if self._parts is None:
            self._parts = {}
            self.whole = things(self.text)
            for first, last, text in parts(self.lines) if self.whole else ():
                for thing in (things(text) & self.whole).elements():
                    self._parts.setdefault(thing[:2], []).append((first, last))
        return self._parts.get((kind, id), []) if self.whole else [(0, edit.body_end(self.lines, ended=True))]
