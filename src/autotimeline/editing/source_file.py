"""A file of a store before a change, and the lines of its blocks."""

import os
from collections import Counter

from autotimeline.api import Timeline
from autotimeline.errors import StoreError
from autotimeline.index import locations
from autotimeline.store import edit
from autotimeline.store.blocks import BOM, TomlSyntaxError, decode_text
from autotimeline.store.locate import file_stamp
from autotimeline.store.text_lines import TextLines
from autotimeline.store.three_way import conflict_line
from autotimeline.store.toml_errors import MERGE_CONFLICT
from autotimeline.store.whole_file import Definition, count_definitions, find_parts

# The first line, from 0, and the line after the last; an insertion has an empty range.
LineRange = tuple[int, int]


class StaleIndexError(Exception):
    """A file has changed since it was indexed."""


class SourceFile:
    """A file of a store before a change.

    Raises:
        StoreError: If it is not UTF-8, or has conflict markers.
        StaleIndexError: If it has changed since it was indexed.
    """

    def __init__(self, timeline: Timeline, number: int) -> None:
        self.path = timeline.files[number]
        self.number = number
        with open(self.path, "rb") as file:
            self.bytes = file.read()
            stamp = file_stamp(os.fstat(file.fileno()))
        try:
            text = decode_text(self.bytes)
        except TomlSyntaxError as error:
            raise StoreError(f"{self.path}:{error.line + 1}: {error}") from None
        # Inside a string of several lines, markers are valid TOML.
        if line := conflict_line(text):
            raise StoreError(f"{self.path}:{line}: {MERGE_CONFLICT}")
        self.lines = TextLines(self.bytes.removeprefix(BOM))
        # Filled by `find_definitions`, for a file that was indexed without blocks.
        self.definitions: Counter[Definition] = Counter()
        self._definition_ranges: dict[tuple[str, str], list[LineRange]] | None = None
        self._insertion_lines: dict[str, int] = {}
        self._db = timeline.index
        if not locations.is_indexed(self._db, number, self.bytes, stamp):
            raise StaleIndexError

    def find_definitions(self, kind: str, id: str) -> list[LineRange]:
        """Return the lines that define an id by themselves, in a file without blocks; all lines if it is invalid."""
        if self._definition_ranges is None:
            self._definition_ranges = {}
            lines = edit.split_lines(self.lines.text(0))
            self.definitions = count_definitions("".join(lines))
            for first, last, text in find_parts(lines) if self.definitions else ():
                for definition in (count_definitions(text) & self.definitions).elements():
                    self._definition_ranges.setdefault(definition[:2], []).append((first, last))
        if self.definitions:
            return self._definition_ranges.get((kind, id), [])
        return [(0, edit.body_line_count(edit.split_lines(self.lines.text(0)), at_file_end=True))]

    def insertion_line(self, kind: str) -> int:
        """Return the line, from 0, before which a new block of a kind is inserted."""
        if kind not in self._insertion_lines:
            line = locations.insertion_line(self._db, self.number, kind)
            height = self.block_height(line) if line else 0
            # Comments at the start of the file belong to what follows them.
            self._insertion_lines[kind] = line - 1 + height if line and height else len(self.lines)
        return self._insertion_lines[kind]

    def block_height(self, first: int) -> int:
        """Return the number of lines of the block that begins at a line, from 1."""
        following = locations.next_block_line(self._db, self.number, first)
        lines = edit.split_lines(self.lines.text(first - 1, following and following - 1))
        return edit.body_line_count(lines, at_file_end=following is None)
