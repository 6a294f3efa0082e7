"""A change as people read it, and `patch` too: a unified diff."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

from autotimeline.store import edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTEXT = 3
_HUNK = re.compile(r"(?<= [-+])\d+")


def unified(files: Mapping[str, tuple[bytes, bytes]]) -> str:
    """Return what changes from the first bytes of each file to the second; empty where nothing does."""
    return "".join(line for path, (old, new) in files.items() for line in _lines(path, old, new))


def _lines(path: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = edit.cut(old.decode()), edit.cut(new.decode())
    head, tail = edit.same(before, after)
    # To look for what is alike in the rest of a large file takes long, and all of it is.
    first = max(head - _CONTEXT, 0)
    one = before[first : len(before) - max(tail - _CONTEXT, 0)]
    other = after[first : len(after) - max(tail - _CONTEXT, 0)]
    # Without the tabulator a name would end at its first space.
    name = f"{path}\t" if " " in path else path
    for number, line in enumerate(unified_diff(one, other, f"a/{name}", f"b/{name}", n=_CONTEXT)):
        if number > 1 and line.startswith("@@"):
            yield _HUNK.sub(lambda found: str(int(found[0]) + first), line)
        else:
            yield line + ("" if line.endswith("\n") else "\n\\ No newline at end of file\n")
