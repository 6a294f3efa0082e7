"""A file of a store that is to be changed, as it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from autotimeline.errors import StoreError
from autotimeline.store import edit
from autotimeline.store.blocks import TomlSyntaxError, decode_text
from autotimeline.store.whole_file import count_definitions, find_parts

if TYPE_CHECKING:
    from autotimeline.store.whole_file import Definition

    # Which of a file's lines (from 0) are replaced; between two lines, where both are the same.
    LineRange = tuple[int, int]


class SourceFile:
    """A file as it is, cut into lines."""

    def __init__(self, path: str, number: int) -> None:
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.path = path
        self.number = number
        try:
            self.text = decode_text(self.bytes)
        except TomlSyntaxError as error:
            raise StoreError(f"{path}:{error.line + 1}: {error}") from None
        self.lines = edit.split_lines(self.text)
        # Of a file that is taken whole, once it is asked: what it says, and which lines say what by themselves.
        self.definitions: Counter[Definition] = Counter()
        self._definition_ranges: dict[tuple[str, str], list[LineRange]] | None = None

    def find_definitions(self, kind: str, id: str) -> list[LineRange]:
        """Return which lines of a file taken whole say all of a thing by themselves; all of what is no TOML."""
        if self._definition_ranges is None:
            self._definition_ranges = {}
            self.definitions = count_definitions(self.text)
            for first, last, text in find_parts(self.lines) if self.definitions else ():
                for definition in (count_definitions(text) & self.definitions).elements():
                    self._definition_ranges.setdefault(definition[:2], []).append((first, last))
        return (
            self._definition_ranges.get((kind, id), [])
            if self.definitions
            else [(0, edit.body_line_count(self.lines, at_file_end=True))]
        )
