"""A change of a store as it is being made: texts of blocks, of which the whole is tried before a file is touched."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from autotimeline.editing.source_file import SourceFile
from autotimeline.errors import AutotimelineError, UnknownNameError, UsageError
from autotimeline.index import locations
from autotimeline.store import edit
from autotimeline.store.blocks import TomlSyntaxError, decode_text, parse_toml
from autotimeline.store.whole_file import count_definitions
from autotimeline.text import escape_control, suggest

if TYPE_CHECKING:
    from typing import Any

    from autotimeline.api import Timeline
    from autotimeline.editing.source_file import LineRange

    # What its problems are told under, and a text.
    NamedText = tuple[str | None, str]

_BOM = b"\xef\xbb\xbf"
_LINE_NUMBER = re.compile(r"(?<=:)\d+|(?<=\bline )\d+|(?<=\bcolumn )\d+")


class RejectedChangeError(AutotimelineError):
    """A change would bring problems; nothing was written.

    `problems` are (name, line from 1, event's id, text): `name` is the piece of the change that has it, and `line`
    counts in that piece's text; or `name` is None, and the line is that of the file in `text`.
    """

    def __init__(self, problems: list[tuple[str | None, int, str | None, str]], message: str = "") -> None:
        self.problems = problems
        lines = [(f'event "{event}": ' if event else "") + text for _, _, event, text in problems]
        super().__init__(message or "\n".join(["nothing was written; the change would bring problems", *lines]))


class StaleIndexError(Exception):
    """The files have changed since the index was asked about them."""


class Draft:
    """What is to be changed in a store that is open and whose writers are kept away.

    Things are named by kind (`event`, `source`, `actor`, `era`; `alias`) and id. What is done to one thing adds
    up; nothing touches a file.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.new_event_ids: set[str] = set()  # ids of events that are added
        self.restores_invalid = False  # the store had problems before the change that is undone
        self._files: dict[int, SourceFile] = {}
        self._block_starts: dict[int, list[tuple[int, str]]] = {}
        # Per file: what is replaced, by which pieces.
        self._replacements: dict[int, dict[LineRange, list[NamedText]]] = {}
        self._insertion_lines: dict[tuple[int, str], int] = {}
        self._layouts: dict[int, tuple[list[int], list[str | None]]] = {}

    # What there is

    def resolve_reference(self, reference: str) -> tuple[str, str]:
        """Return the kind and the id that a word names: `actor:byd`, or an id of one kind alone.

        Raises:
            UnknownError: where nothing has the id.
            UsageError: where several kinds have it.
        """
        kind, colon, id = reference.partition(":")
        if colon and kind in locations.KINDS[1:]:
            if kind in locations.kinds_of_id(self.timeline.index, id):
                return kind, id
            known = locations.list_ids(self.timeline.index, kind)
            raise UnknownNameError(f'no {kind} "{id}"{suggest(id, known)}')
        kinds = locations.kinds_of_id(self.timeline.index, reference)
        if len(kinds) == 1:
            return kinds[0], reference
        if kinds:
            raise UsageError(
                f'"{reference}" is {" and ".join(kinds)}; write {" or ".join(f"{k}:{reference}" for k in kinds)}'
            )
        known = [
            id for kind in ("event", "actor", "source", "era") for id in locations.list_ids(self.timeline.index, kind)
        ]
        raise UnknownNameError(f'no event, actor, source or era "{reference}"{suggest(reference, known)}')

    def read_text(self, kind: str, id: str) -> str:
        """Return the text of a thing: its block, without what follows it that is not its own."""
        number, line_range = self._find_range(kind, id)
        return self._current_text(number, line_range)

    def read_body(self, kind: str, id: str) -> dict[str, Any]:
        """Return the keys of a thing as they are written; of an alias those of all aliases of the file."""
        return edit.parse_body(self.read_text(kind, id), kind, id)

    # What is to be

    def set_body(self, kind: str, id: str, body: dict[str, Any]) -> None:
        """Let a thing say something else."""
        text = self.read_text(kind, id)
        self.replace(kind, id, edit.update_block(text, kind, id, body))

    def rename(self, kind: str, old: str, new: str) -> None:
        """Give a thing another id; what names it is not touched."""
        if kind == "event":
            self.set_body(kind, old, {**self.read_body(kind, old), "id": new})
        else:
            self.replace(kind, old, edit.rename_header(self.read_text(kind, old), kind, old, new))

    def replace(self, kind: str, id: str, text: str) -> None:
        """Put a text in the place of a thing.

        Raises:
            RefusedError: where it is no TOML by itself: a string without its end would swallow what follows.
        """
        number, line_range = self._find_range(kind, id)
        name, tables = f'{kind} "{id}"', parse_toml(text)
        if isinstance(tables, TomlSyntaxError):
            raise RejectedChangeError([(name, tables.line + 1, id if kind == "event" else None, str(tables))])
        self._replacements.setdefault(number, {})[line_range] = [(name, text)]

    def remove(self, kind: str, id: str) -> None:
        """Take a thing out, and a blank line with it; comments above it stay."""
        number, (first, last) = self._find_range(kind, id)
        file = self._load_file(number)
        if kind == "alias" or not edit.defines_only(self._current_text(number, (first, last)), kind, id):
            raise AutotimelineError(f'{kind} "{id}" has no block of its own; take it out by hand')
        end = last
        while end < len(file.lines) and not file.lines[end].strip():
            end += 1
        if end == len(file.lines):
            # The last of all: the blank line before it goes.
            end = last
            while first and not file.lines[first - 1].strip():
                first -= 1
        self._replacements.setdefault(number, {})[first, end] = []

    def insert(self, kind: str, text: str, name: str, target: str | None = None) -> None:
        r"""Add the text of a block (lines end in \n) behind the last one of its kind.

        Args:
            kind: What it is, which says where it belongs.
            text: The block.
            name: What its problems are told under.
            target: Which file of the store, where it has several.

        Raises:
            UsageError: where the store has several files and none is named, or another.
        """
        number = self.target_file(target)
        line, lines = self._insertion_line(number, kind), self._load_file(number).lines
        newline = edit.line_ending(self._load_file(number).text)
        inserted = self._replacements.setdefault(number, {}).setdefault((line, line), [])
        prefix = newline
        if not inserted:
            above, below = lines[line - 1 : line], lines[line : line + 1]
            prefix = "" if not "".join(above).strip() else newline if above[0].endswith("\n") else newline * 2
            suffix = newline if "".join(below).strip() else ""
            inserted += [(None, prefix), (None, suffix)]
            prefix = ""
        inserted[-1:-1] = [(None, prefix), (name, text.replace("\n", newline))]

    def replace_file(self, path: str, data: bytes) -> None:
        """Let a whole file have these bytes."""
        file = self._load_file(self.timeline.files.index(path))
        text = decode_text(data)
        self._replacements[file.number] = {(0, len(file.lines)): [(None, text)]}

    # What comes of it

    def file_changes(self) -> dict[str, tuple[bytes, bytes]]:
        """Return of each file that changes its bytes as they are and as they are to be.

        Raises:
            StaleError: where a file is no longer what the index knows.
        """
        result = {}
        for number, replacements in sorted(self._replacements.items()):
            file = self._load_file(number)
            parts, position = [], 0
            for first, last in sorted(replacements):
                parts += file.lines[position:first]
                parts += [text for _, text in replacements[first, last]]
                position = last
            new_text = "".join([*parts, *file.lines[position:]])
            self._verify_unchanged(file, new_text)
            try:
                data = new_text.encode()
            except UnicodeEncodeError as error:
                code_point = ord(new_text[error.start])
                what = f"a text holds \\u{code_point:04x}, which is half of a character"
                raise AutotimelineError(f"{what}; nothing was written: correct the text") from None
            data = (_BOM if file.bytes.startswith(_BOM) else b"") + data
            if data != file.bytes:
                result[file.path] = (file.bytes, data)
        return result

    def _verify_unchanged(self, file: SourceFile, new_text: str) -> None:
        """Make sure that parts that are changed say in a file taken whole what they say alone, and the rest as before.

        Raises:
            AutotimelineError: where they do not.
        """
        actual = count_definitions(new_text) if file.definitions else None
        if not actual:
            return
        expected = file.definitions.copy()
        for (first, last), texts in self._replacements[file.number].items():
            expected.subtract(count_definitions("".join(file.lines[first:last])))
            expected.update(count_definitions("".join(text for _, text in texts)))
        for kind, id, _ in (expected - actual) + (actual - expected):
            raise edit.unsupported_layout(kind, id)

    def new_problems(
        self, before: list[tuple[str, int, str | None, str]]
    ) -> list[tuple[str | None, int, str | None, str]]:
        """Return the problems of the store as it is now tried that it did not have `before`, as `RefusedError` does."""
        remaining = Counter((event, _without_line_numbers(text)) for _, _, event, text in before)
        result: list[tuple[str | None, int, str | None, str]] = []
        self._layouts.clear()
        for path, line, event, text in self.timeline.select().catalog.problems():
            if remaining[event, _without_line_numbers(text)] > 0:
                remaining[event, _without_line_numbers(text)] -= 1
                continue
            name, relative_line = self._locate(path, line)
            result.append((name, relative_line, event, text if name else f"{path}:{line}: {text}"))
        return result

    def _locate(self, path: str, line: int) -> tuple[str | None, int]:
        """Return which piece has a line of a changed file, and which of its lines that is."""
        number = self.timeline.files.index(path)
        if number not in self._layouts:
            self._layouts[number] = self._layout(number)
        starts, names = self._layouts[number]
        index = bisect_left(starts, line) - 1
        return (names[index], line - starts[index]) if index >= 0 and names[index] else (None, line)

    def _layout(self, number: int) -> tuple[list[int], list[str | None]]:
        """Return behind how many lines of a changed file each piece begins, and what stays, and the pieces' names."""
        shift = 0
        replacements: dict[LineRange, list[NamedText]] = self._replacements.get(number, {})
        layout: list[tuple[int, str | None]] = [(0, None)]
        for first, last in sorted(replacements):
            start = first + shift
            for name, text in replacements[first, last]:
                layout.append((start, name))
                start += len(edit.split_lines(text))
            layout.append((start, None))
            shift = start - last
        return [start for start, _ in layout], [name for _, name in layout]

    def _load_file(self, number: int) -> SourceFile:
        if number not in self._files:
            file = SourceFile(self.timeline.files[number], number)
            if locations.compute_digest(file.bytes) != locations.indexed_digest(self.timeline.index, number):
                raise StaleIndexError
            self._files[number] = file
        return self._files[number]

    def _find_range(self, kind: str, id: str) -> tuple[int, LineRange]:
        blocks = locations.find_blocks(self.timeline.index, kind, id)
        if not blocks:
            raise UnknownNameError(f'no {kind} "{id}"{suggest(id, locations.list_ids(self.timeline.index, kind))}')
        ranges = []
        for number, first, header in blocks:
            if header:
                ranges.append((number, (first - 1, first - 1 + self._block_height(number, first))))
            else:
                ranges += [(number, line_range) for line_range in self._load_file(number).find_definitions(kind, id)]
        if not ranges:
            raise edit.unsupported_layout(kind, id)
        if len(ranges) > 1:
            positions = " and ".join(f"{self.timeline.files[number]}:{first + 1}" for number, (first, _) in ranges)
            raise AutotimelineError(f'{kind} "{id}" stands twice, {positions}; give one another id by hand')
        return ranges[0]

    def _current_text(self, number: int, line_range: LineRange) -> str:
        if line_range in self._replacements.get(number, {}):
            return "".join(text for _, text in self._replacements[number][line_range])
        return "".join(self._load_file(number).lines[line_range[0] : line_range[1]])

    def target_file(self, target: str | None) -> int:
        """Return the number of the file that takes what is new, where the store has several.

        Raises:
            UsageError: where none of them is named.
        """
        import os

        paths = self.timeline.files
        if target is None and len(paths) > 1:
            raise UsageError(f"the store has {len(paths)} files; say with --into which takes it: {', '.join(paths)}")
        if target is None:
            return 0
        real_paths = [os.path.realpath(path) for path in paths]
        if os.path.realpath(target) not in real_paths:
            raise UsageError(f"--into {target}: it is no file of the store{suggest(target, paths)}")
        return real_paths.index(os.path.realpath(target))

    def _insertion_line(self, number: int, kind: str) -> int:
        """Return the line (from 0) before which a new block of a kind goes."""
        if (number, kind) not in self._insertion_lines:
            self._insertion_lines[number, kind] = self._find_insertion_line(number, kind)
        return self._insertion_lines[number, kind]

    def _find_insertion_line(self, number: int, kind: str) -> int:
        line = locations.insertion_line(self._find_block_starts(number), kind)
        height = self._block_height(number, line) if line else 0
        # Where there is nothing, or comments that belong to what follows them: below all.
        return line - 1 + height if line and height else len(self._load_file(number).lines)

    def _block_height(self, number: int, first: int) -> int:
        """Return how many lines a block has that begins on a line (from 1)."""
        lines, starts = self._load_file(number).lines, self._find_block_starts(number)
        index = bisect_right(starts, first, key=itemgetter(0))
        is_last = index == len(starts)
        return edit.body_line_count(lines[first - 1 : None if is_last else starts[index][0] - 1], at_file_end=is_last)

    def _find_block_starts(self, number: int) -> list[tuple[int, str]]:
        if number not in self._block_starts:
            self._block_starts[number] = locations.block_starts(self.timeline.index, number)
        return self._block_starts[number]


def _without_line_numbers(text: str) -> str:
    """Return the text of a problem without the lines that it names, which may be others after the change."""
    return _LINE_NUMBER.sub("", escape_control(text))
