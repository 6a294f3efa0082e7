"""A file of a store before a change, and the lines of its blocks."""

from bisect import bisect_right
from collections import Counter
from functools import cached_property
from operator import itemgetter

from autotimeline.api import Timeline
from autotimeline.errors import StoreError
from autotimeline.index import locations
from autotimeline.store import edit
from autotimeline.store.blocks import TomlSyntaxError, decode_text
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
        try:
            self.text = decode_text(self.bytes)
        except TomlSyntaxError as error:
            raise StoreError(f"{self.path}:{error.line + 1}: {error}") from None
        # Inside a string of several lines, markers are valid TOML.
        if line := conflict_line(self.text):
            raise StoreError(f"{self.path}:{line}: {MERGE_CONFLICT}")
        self.lines = edit.split_lines(self.text)
        # Filled by `find_definitions`, for a file that was indexed without blocks.
        self.definitions: Counter[Definition] = Counter()
        self._definition_ranges: dict[tuple[str, str], list[LineRange]] | None = None
        self._insertion_lines: dict[str, int] = {}
        self._db = timeline.index
        if locations.compute_digest(self.bytes) != locations.indexed_digest(self._db, number):
            raise StaleIndexError

    def find_definitions(self, kind: str, id: str) -> list[LineRange]:
        """Return the lines that define an id by themselves, in a file without blocks; all lines if it is invalid."""
        if self._definition_ranges is None:
            self._definition_ranges = {}
            self.definitions = count_definitions(self.text)
            for first, last, text in find_parts(self.lines) if self.definitions else ():
                for definition in (count_definitions(text) & self.definitions).elements():
                    self._definition_ranges.setdefault(definition[:2], []).append((first, last))
        if self.definitions:
            return self._definition_ranges.get((kind, id), [])
        return [(0, edit.body_line_count(self.lines, at_file_end=True))]

    def insertion_line(self, kind: str) -> int:
        """Return the line, from 0, before which a new block of a kind is inserted."""
        if kind not in self._insertion_lines:
            line = locations.insertion_line(self._block_starts, kind)
            height = self.block_height(line) if line else 0
            # Comments at the start of the file belong to what follows them.
            self._insertion_lines[kind] = line - 1 + height if line and height else len(self.lines)
        return self._insertion_lines[kind]

    def block_height(self, first: int) -> int:
        """Return the number of lines of the block that begins at a line, from 1."""
        index = bisect_right(self._block_starts, first, key=itemgetter(0))
        is_last = index == len(self._block_starts)
        end = None if is_last else self._block_starts[index][0] - 1
        return edit.body_line_count(self.lines[first - 1 : end], at_file_end=is_last)

    @cached_property
    def _block_starts(self) -> list[tuple[int, str]]:
        return locations.block_starts(self._db, self.number)
