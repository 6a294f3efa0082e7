"""An unsaved change of a store: texts of blocks that are checked together before a file is written."""

import os
import re
from bisect import bisect_left
from collections import Counter
from typing import Any

from autotimeline.api import Timeline
from autotimeline.editing.ids import split_reference
from autotimeline.editing.source_file import LineRange, SourceFile
from autotimeline.errors import AutotimelineError, UnknownNameError, UsageError
from autotimeline.index import locations
from autotimeline.schema import SETTABLE_KINDS
from autotimeline.store import edit
from autotimeline.store.blocks import BOM, TomlSyntaxError, decode_text, parse_toml
from autotimeline.store.whole_file import count_definitions
from autotimeline.text import escape_control, suggest

# The label of the text in problems, and the text.
NamedText = tuple[str | None, str]
# The label, the line from 1 in the labeled text, the event's id, and the message.
# Without a label, the line is that of the file in the message.
ChangeProblem = tuple[str | None, int, str | None, str]

_LINE_NUMBER = re.compile(r"(?<=:)\d+|(?<=\bline )\d+|(?<=\bcolumn )\d+")


class RejectedChangeError(AutotimelineError):
    """A change that would cause problems in the store; nothing was written."""

    def __init__(self, problems: list[ChangeProblem]) -> None:
        self.problems = problems
        lines = [(f'event "{event}": ' if event else "") + text for _, _, event, text in problems]
        super().__init__("nothing was written; the change would cause problems", *lines)


class Draft:
    """An unsaved change of an open, locked store; changes of one entry add up."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.restores_invalid = False  # An undo restores a store that had problems.
        self._files: dict[int, SourceFile] = {}
        self._replacements: dict[int, dict[LineRange, list[NamedText]]] = {}
        self._layouts: dict[int, tuple[list[int], list[str | None]]] = {}

    def resolve_reference(self, reference: str) -> tuple[str, str]:
        """Return the kind and the id of `actor:byd`, or of an id that only one kind has.

        Raises:
            UnknownNameError: If nothing has the id.
            UsageError: If several kinds have it.
        """
        index, (kind, id) = self.timeline.index, split_reference(reference)
        kinds = locations.kinds_of_id(index, id)
        if kind in kinds or (len(kinds) == 1 and not kind):
            return kind or kinds[0], id
        if kind:
            raise self._unknown_name(kind, id)
        if kinds:
            raise UsageError(f'"{id}" is {" and ".join(kinds)}; write {" or ".join(f"{kind}:{id}" for kind in kinds)}')
        known = [known_id for kind in SETTABLE_KINDS for known_id in locations.list_ids(index, kind)]
        raise UnknownNameError(
            f'no {", ".join(SETTABLE_KINDS[:-1])}, or {SETTABLE_KINDS[-1]} "{id}"{suggest(id, known)}'
        )

    def read_text(self, kind: str, id: str) -> str:
        """Return the text of the block that defines an id."""
        return self._current_text(*self._find_range(kind, id))

    def read_body(self, kind: str, id: str) -> dict[str, Any]:
        """Return the keys of an entry as written; for an alias, those of all aliases in its file."""
        return edit.parse_body(self.read_text(kind, id), kind, id)

    def set_body(self, kind: str, id: str, body: dict[str, Any]) -> None:
        """Update the block of an entry to these keys."""
        self.replace(kind, id, edit.update_block(self.read_text(kind, id), kind, id, body))

    def rename(self, kind: str, old: str, new: str) -> None:
        """Change the id of an entry, but not the references to it."""
        if kind == "event":
            self.set_body(kind, old, {**self.read_body(kind, old), "id": new})
        else:
            self.replace(kind, old, edit.rename_header(self.read_text(kind, old), kind, old, new))

    def replace(self, kind: str, id: str, text: str) -> None:
        """Replace the text of an entry, or raise RejectedChangeError: invalid TOML could include what follows."""
        number, line_range = self._find_range(kind, id)
        name, tables = f'{kind} "{id}"', parse_toml(text)
        if isinstance(tables, TomlSyntaxError):
            raise RejectedChangeError([(name, tables.line + 1, id if kind == "event" else None, str(tables))])
        self._replacements.setdefault(number, {})[line_range] = [(name, text)]

    def remove(self, kind: str, id: str) -> None:
        """Delete an entry and a blank line next to it, but not the comments above it."""
        number, (first, last) = self._find_range(kind, id)
        lines = self._load_file(number).lines
        if kind == "alias" or not edit.defines_only(self._current_text(number, (first, last)), kind, id):
            raise AutotimelineError(f'{kind} "{id}" has no block of its own; take it out by hand')
        end = last
        while end < len(lines) and not lines[end].strip():
            end += 1
        if end == len(lines):
            # After the last block, the blank line is the one before it.
            end = last
            while first and not lines[first - 1].strip():
                first -= 1
        self._replacements.setdefault(number, {})[first, end] = []

    def insert(self, kind: str, text: str, name: str, target: str | None = None) -> None:
        r"""Add a block (lines end in \n) after the last one of its kind; `name` is the label of its problems."""
        number = self.target_file(target)
        file = self._load_file(number)
        line, lines, newline = file.insertion_line(kind), file.lines, edit.line_ending(file.lines.text(0, 1))
        block = name, text.replace("\n", newline)
        inserted = self._replacements.setdefault(number, {}).setdefault((line, line), [])
        if inserted:
            inserted[-1:-1] = [(None, newline), block]
            return
        above, below = lines.text(max(line - 1, 0), line), lines[line]
        prefix = newline * (1 if above.endswith("\n") else 2) if above.strip() else ""
        inserted += [(None, prefix), block, (None, newline if below.strip() else "")]

    def replace_file(self, path: str, data: bytes) -> None:
        """Replace the content of a file."""
        file = self._load_file(self.timeline.files.index(path))
        self._replacements[file.number] = {(0, len(file.lines)): [(None, decode_text(data))]}

    def file_changes(self) -> dict[str, tuple[bytes, bytes]]:
        """Return the bytes of each changed file before and after, by path."""
        result = {}
        for number, replacements in sorted(self._replacements.items()):
            file = self._load_file(number)
            parts, position = [BOM if file.bytes.startswith(BOM) else b""], 0
            for first, last in sorted(replacements):
                parts.append(file.lines.bytes(position, first))
                parts += [_encode(text) for _, text in replacements[first, last]]
                position = last
            parts.append(file.lines.bytes(position))
            self._verify_unchanged(file, parts[1:])
            data = b"".join(parts)
            if data != file.bytes:
                result[file.path] = (file.bytes, data)
        return result

    def _verify_unchanged(self, file: SourceFile, new_parts: list[bytes]) -> None:
        """Raise an error if a change of some definitions changes others, in a file without blocks."""
        actual = count_definitions(b"".join(new_parts).decode()) if file.definitions else None
        if not actual:
            return
        expected = file.definitions.copy()
        for (first, last), texts in self._replacements[file.number].items():
            expected.subtract(count_definitions(file.lines.text(first, last)))
            expected.update(count_definitions("".join(text for _, text in texts)))
        for kind, id, _ in (expected - actual) + (actual - expected):
            raise edit.unsupported_layout(kind, id)

    def new_problems(self, before: list[tuple[str, int, str | None, str]]) -> list[ChangeProblem]:
        """Return the problems of the changed store that are not among those `before` the change."""
        remaining = Counter((event, without_line_numbers(text)) for _, _, event, text in before)
        result: list[ChangeProblem] = []
        self._layouts.clear()
        for path, line, event, text in self.timeline.select().catalog.problems():
            if remaining[event, without_line_numbers(text)] > 0:
                remaining[event, without_line_numbers(text)] -= 1
                continue
            name, relative_line = self._locate(path, line)
            result.append((name, relative_line, event, text if name else f"{path}:{line}: {text}"))
        return result

    def _locate(self, path: str, line: int) -> tuple[str | None, int]:
        """Return the label of the text at a line of a changed file, and the line within that text."""
        number = self.timeline.files.index(path)
        if number not in self._layouts:
            self._layouts[number] = self._layout(number)
        starts, names = self._layouts[number]
        index = bisect_left(starts, line) - 1
        return (names[index], line - starts[index]) if index >= 0 and names[index] else (None, line)

    def _layout(self, number: int) -> tuple[list[int], list[str | None]]:
        """Return the parts of a changed file: how many lines precede each, and its label, None if it is unchanged."""
        shift = 0
        replacements = self._replacements.get(number, {})
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
            self._files[number] = SourceFile(self.timeline, number)
        return self._files[number]

    def _unknown_name(self, kind: str, id: str) -> UnknownNameError:
        hint = suggest(id, locations.list_ids(self.timeline.index, kind))
        if kind != "metric":
            return UnknownNameError(f'no {kind} "{id}"{hint}')
        # A metric may have figures without a table.
        hint = hint or f"; add it with `autotimeline add metric:{id} measures=amount`"
        return UnknownNameError(f"no table [metric.{id}]{hint}")

    def _find_range(self, kind: str, id: str) -> tuple[int, LineRange]:
        blocks = locations.find_blocks(self.timeline.index, kind, id)
        if not blocks:
            raise self._unknown_name(kind, id)
        ranges: list[tuple[int, LineRange]] = []
        for number, first, header in blocks:
            file = self._load_file(number)
            if header:
                ranges.append((number, (first - 1, first - 1 + file.block_height(first))))
            else:
                ranges += [(number, line_range) for line_range in file.find_definitions(kind, id)]
        if not ranges:
            raise edit.unsupported_layout(kind, id)
        if len(ranges) > 1:
            positions = " and ".join(f"{self.timeline.files[number]}:{first + 1}" for number, (first, _) in ranges)
            raise AutotimelineError(f'{kind} "{id}" stands twice, {positions}; give one another id by hand')
        return ranges[0]

    def _current_text(self, number: int, line_range: LineRange) -> str:
        if line_range in self._replacements.get(number, {}):
            return "".join(text for _, text in self._replacements[number][line_range])
        return self._load_file(number).lines.text(*line_range)

    def target_file(self, target: str | None) -> int:
        """Return the number of the file that new blocks are added to, or raise UsageError if it is ambiguous."""
        paths = self.timeline.files
        if target is None and len(paths) > 1:
            raise UsageError(f"the store has {len(paths)} files; say with --into which takes it: {', '.join(paths)}")
        if target is None:
            return 0
        real_paths = [os.path.realpath(path) for path in paths]
        if os.path.realpath(target) not in real_paths:
            raise UsageError(f"--into {target}: not a file of the store{suggest(target, paths)}")
        return real_paths.index(os.path.realpath(target))


def _encode(text: str) -> bytes:
    """Return a text in UTF-8, or raise AutotimelineError."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        what = f"a text holds \\u{ord(text[error.start]):04x}, which is half of a character"
        raise AutotimelineError(f"{what}; nothing was written: correct the text") from None


def without_line_numbers(text: str) -> str:
    """Remove line and column numbers from a problem's text, because a change moves lines."""
    return _LINE_NUMBER.sub("", escape_control(text))
