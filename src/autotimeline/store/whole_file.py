"""The separately editable parts of a text that is parsed as a whole because of unusual headers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from autotimeline.store.blocks import TomlSyntaxError, parse_toml
from autotimeline.store.edit import body_line_count, find_headers, has_content

# Kind, id, and content.
Definition = tuple[str, str, str]


def find_parts(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the first line (from 0), the line after the last, and the text of each part of a valid text.

    A part begins at each header, except those of tables within the same item.
    """
    text = "".join(lines)
    starts = [0]
    open_path: list[str] = []
    line = counted_to = 0
    for match, path in find_headers(text):
        depth = 1 if path[0] == "event" else 2
        if len(path) <= depth or path[:depth] != open_path[:depth]:
            line += text.count("\n", counted_to, match.start())
            counted_to, open_path = match.start(), path
            starts.append(line)
    for start, end in pairwise([*starts, len(lines)]):
        last = start + body_line_count(lines[start:end], at_file_end=end == len(lines))
        # Comments above a part without a header do not belong to it.
        first = next((n for n in range(start, last) if has_content(lines[n])), last)
        yield first, last, "".join(lines[first:last])


def count_definitions(text: str) -> Counter[Definition]:
    """Return the definitions in a text, none if it is invalid."""
    tables = parse_toml(text)
    return Counter() if isinstance(tables, TomlSyntaxError) else Counter(_iterate_definitions(tables))


def _iterate_definitions(tables: dict[str, Any]) -> Iterator[Definition]:
    for kind, content in tables.items():
        if isinstance(content, list):
            for definition in content:
                yield kind, str(definition.get("id", "")) if isinstance(definition, dict) else "", repr(definition)
        elif isinstance(content, dict):
            for id, definition in content.items():
                yield kind, id, repr(definition)
        else:
            yield kind, "", repr(content)
