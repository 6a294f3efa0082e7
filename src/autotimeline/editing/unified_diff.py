"""A change as a unified diff."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from autotimeline.store import edit

_CONTEXT_LINES = 3


def format_unified_diff(files: Mapping[str, tuple[bytes, bytes]]) -> str:
    """Return a unified diff of the bytes of each file before and after, by path; empty without changes."""
    return "".join(line for path, (old, new) in files.items() for line in _diff_file(path, old, new))


def _diff_file(path: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = edit.split_lines(old.decode()), edit.split_lines(new.decode())
    if before == after:
        return
    # Without the tab, `patch` ends a name at its first space.
    name = f"{path}\t" if " " in path else path
    yield f"--- a/{name}\n+++ b/{name}\n"
    for hunk in _TrimmedMatcher(before, after).get_grouped_opcodes(_CONTEXT_LINES):
        first, last = hunk[0], hunk[-1]
        yield f"@@ -{_format_range(first[1], last[2])} +{_format_range(first[3], last[4])} @@\n"
        for tag, a1, a2, b1, b2 in hunk:
            yield from _prefix_lines(" " if tag == "equal" else "-", before[a1:a2])
            yield from _prefix_lines("+", after[b1:b2] if tag != "equal" else [])


class _TrimmedMatcher(SequenceMatcher[str]):
    """Matches only the lines between the common start and end: matching a large file whole is slow."""

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
        """Return the operations for all lines, in the form of `difflib`."""
        return self._opcodes


def _format_range(start: int, stop: int) -> str:
    length = stop - start
    return str(stop) if length == 1 else f"{start + 1 if length else start},{length}"


def _prefix_lines(prefix: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield prefix + line + ("" if line.endswith("\n") else "\n\\ No newline at end of file\n")
