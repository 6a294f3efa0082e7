"""A change as people read it, and `patch` too: a unified diff."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from autotimeline.store import edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_CONTEXT_LINES = 3


def format_unified_diff(files: Mapping[str, tuple[bytes, bytes]]) -> str:
    """Return what changes from the first bytes of each file to the second; empty where nothing does."""
    return "".join(line for path, (old, new) in files.items() for line in _diff_file(path, old, new))


def _diff_file(path: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = edit.split_lines(old.decode()), edit.split_lines(new.decode())
    if before == after:
        return
    # Without the tabulator a name would end at its first space.
    name = f"{path}\t" if " " in path else path
    yield f"--- a/{name}\n"
    yield f"+++ b/{name}\n"
    for hunk in _TrimmedMatcher(before, after).get_grouped_opcodes(_CONTEXT_LINES):
        first, last = hunk[0], hunk[-1]
        yield f"@@ -{_format_range(first[1], last[2])} +{_format_range(first[3], last[4])} @@\n"
        for tag, a1, a2, b1, b2 in hunk:
            if tag == "equal":
                yield from _prefix_lines(" ", before[a1:a2])
            else:
                yield from _prefix_lines("-", before[a1:a2])
                yield from _prefix_lines("+", after[b1:b2])


class _TrimmedMatcher(SequenceMatcher[str]):
    """Looks for what is alike only between what is the same at the beginning and at the end: in a large file, all."""

    def __init__(self, before: list[str], after: list[str]) -> None:
        head, tail = edit.common_ends(before, after)
        ends = len(before) - tail, len(after) - tail
        super().__init__(None, before[head : ends[0]], after[head : ends[1]])
        self._opcodes = [
            ("equal", 0, head, 0, head),
            *((tag, a1 + head, a2 + head, b1 + head, b2 + head) for tag, a1, a2, b1, b2 in super().get_opcodes()),
            ("equal", ends[0], len(before), ends[1], len(after)),
        ]

    def get_opcodes(self) -> Any:
        """Return what `difflib` does, of all lines."""
        return self._opcodes


def _format_range(start: int, stop: int) -> str:
    length = stop - start
    return str(stop) if length == 1 else f"{start + 1 if length else start},{length}"


def _prefix_lines(prefix: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield prefix + line + ("" if line.endswith("\n") else "\n\\ No newline at end of file\n")
