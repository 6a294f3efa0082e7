"""Find the parts that can be changed alone in a text that is taken whole, as one with unusual headers is."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autotimeline.store.blocks import MalformedError, tables_of
from autotimeline.store.edit import body_end, headers, says

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    # Kind, id, and all that is said of it.
    Thing = tuple[str, str, str]


def parts(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield of each part of a text that is TOML its first line (from 0), the line behind its own, and its text.

    A part begins at each header but at those of tables within a thing, which follow what it says before.
    """
    text = "".join(lines)
    starts = [0]
    above: list[str] = []
    line = counted = 0
    for match, path in headers(text):
        depth = 1 if path[0] == "event" else 2
        if len(path) <= depth or path[:depth] != above[:depth]:
            line += text.count("\n", counted, match.start())
            counted, above = match.start(), path
            starts.append(line)
    for start, end in pairwise([*starts, len(lines)]):
        last = start + body_end(lines[start:end], ended=end == len(lines))
        # Comments above what has no header stay when it goes.
        first = next((n for n in range(start, last) if says(lines[n])), last)
        yield first, last, "".join(lines[first:last])


def things(text: str) -> Counter[Thing]:
    """Return what a text defines; nothing where it is no TOML."""
    tables = tables_of(text)
    return Counter() if isinstance(tables, MalformedError) else Counter(_things(tables))


def _things(tables: dict[str, Any]) -> Iterator[Thing]:
    for kind, of_kind in tables.items():
        if isinstance(of_kind, list):
            for one in of_kind:
                yield kind, str(one.get("id", "")) if isinstance(one, dict) else "", repr(one)
        elif isinstance(of_kind, dict):
            for id, one in of_kind.items():
                yield kind, id, repr(one)
        else:
            yield kind, "", repr(of_kind)
