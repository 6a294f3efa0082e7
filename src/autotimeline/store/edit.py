"""Change the text of a block so that it says something else, and leave all that still holds as it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from autotimeline.errors import AutotimelineError
from autotimeline.store.blocks import HEADER_LINE, TomlSyntaxError, parse_toml, unclosed_quotes
from autotimeline.store.toml_writer import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KEY_PART = re.compile(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")


def unsupported_layout(kind: str, id: str) -> AutotimelineError:
    """Return the error that tells that a thing is left to a person to change."""
    return AutotimelineError(f'{kind} "{id}" is written in a way that only a person can change; edit the file')


def parse_body(text: str, kind: str, id: str) -> dict[str, Any]:
    """Return the keys of what a text defines by that id, as TOML has them.

    Raises:
        AutotimelineError: where the text is no TOML, or defines no such thing.
    """
    tables = parse_toml(text)
    if isinstance(tables, TomlSyntaxError):
        raise AutotimelineError(f'{kind} "{id}" cannot be read: {tables}; correct it with `autotimeline edit`')
    body = _find_table(tables, kind, id)
    if not isinstance(body, dict):
        raise unsupported_layout(kind, id)
    return body


def update_block(text: str, kind: str, id: str, body: dict[str, Any]) -> str:
    """Return the text with this body in place of what it has by that id.

    Only the keys that differ are written anew, so comments, order and white space stay. The result is
    read again: it says exactly what is meant, or nothing is returned.

    Raises:
        AutotimelineError: where the text is written in a way that cannot be changed so.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    expected = parse_toml(text)
    if isinstance(expected, TomlSyntaxError):
        raise unsupported_layout(kind, id)
    _replace_content(_find_table(expected, kind, id), body)
    # tomlkit writes line ends as it pleases.
    normalized = text.replace("\r\n", "\n")
    try:
        document = tomlkit.parse(normalized)
        if document.as_string() != normalized:
            # Tables that stand apart are put together by it.
            raise unsupported_layout(kind, id)
        _update_table(_find_table(document, kind, id), body)
        changed = document.as_string()
    except (TOMLKitError, TypeError, ValueError, LookupError, AttributeError):
        raise unsupported_layout(kind, id) from None
    if parse_toml(changed) != expected:
        raise unsupported_layout(kind, id)
    return keep_line_endings(text, changed)


def rename_header(text: str, kind: str, old: str, new: str) -> str:
    """Return the text of a block with another id in its header.

    Raises:
        AutotimelineError: where the header is not written in one line of its own.
    """
    changed, position = "", 0
    for header, path in find_headers(text):
        if path[:2] == [kind, old]:
            keys = list(_KEY_PART.finditer(header["path"]))
            start = header.start("path")
            changed += text[position : start + keys[1].start()] + new
            position = start + keys[1].end()
    if not position:
        raise AutotimelineError(f'{kind} "{old}" has no header [{kind}.{old}] of its own; rename it by hand')
    return changed + text[position:]


def find_headers(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Yield the headers of a text that is TOML, however they are written, each with the keys of its path."""
    start = 0
    for match in HEADER_LINE.finditer(text):
        # What stands before a line that is inside a string or a list is no TOML by itself.
        if not isinstance(parse_toml(text[start : match.start()]), TomlSyntaxError):
            start = match.start()
            yield match, _header_keys(match[0].strip())


def keep_line_endings(before: str, after: str) -> str:
    r"""Return the text `after` (lines end in \n), with the line ends of `before` where the lines are the same."""
    from difflib import SequenceMatcher

    if "\r" not in before:
        return after
    old, new = split_lines(before), split_lines(after)
    default_ending = line_ending(before)
    lines: list[str] = []
    normalized = [line.replace("\r\n", "\n") for line in old]
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, normalized, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += old[a1:a2]
        else:
            # A line that takes another's place ends as that did.
            endings = [line_ending(line) if line.endswith("\n") else default_ending for line in old[a1:a2]] or [
                default_ending
            ]
            lines += [
                line.replace("\n", endings[min(index, len(endings) - 1)]) for index, line in enumerate(new[b1:b2])
            ]
    return "".join(lines)


def split_lines(text: str) -> list[str]:
    """Return the lines of a text with their ends, at nothing else than TOML has for one."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def common_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Return how many lines of two texts are the same from the beginning on, and how many of the rest from the end."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head)
    return head, tail


def defines_only(text: str, kind: str, id: str) -> bool:
    """Tell whether a text defines one thing of that kind and id, and no more; what is no TOML may."""
    tables = parse_toml(text)
    if isinstance(tables, TomlSyntaxError):
        return True
    return list(tables) == [kind] and (
        kind == "alias" or (len(tables[kind]) == 1 and bool(_find_table(tables, kind, id)))
    )


def line_ending(text: str) -> str:
    """Return how the lines of a text end: as its first does."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def body_line_count(lines: Sequence[str], *, at_file_end: bool) -> int:
    """Return how many of a block's lines are its own: what follows it belongs to the next, or to none.

    A comment that follows at once is its own where the comment does not touch the next header; none comes where
    the file has `ended` with these lines.
    """
    last = next((n for n in range(len(lines), 0, -1) if has_content(lines[n - 1])), 0)
    while last < len(lines) and (quotes := unclosed_quotes("".join(lines[:last]))):
        # What looks like a comment is the end of a string.
        last = next((n + 1 for n in range(last, len(lines)) if quotes in lines[n]), len(lines))
    end = last
    while end < len(lines) and lines[end].strip():
        end += 1
    return last if end == len(lines) and not at_file_end else end


def has_content(line: str) -> bool:
    """Tell whether a line is more than white space and a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _header_keys(header: str) -> list[str]:
    path: list[str] = []
    table: Any = parse_toml(header)
    while table and not isinstance(table, TomlSyntaxError):
        table = table[0] if isinstance(table, list) else table
        for key, content in table.items():
            path.append(key)
            table = content
    return path


def _find_table(tables: Any, kind: str, id: str) -> Any:
    if kind == "event":
        return next((event for event in tables.get(kind, ()) if event.get("id") == id), None)
    if kind == "alias":
        # All of them are the keys of one table.
        return tables.get(kind)
    return tables.get(kind, {}).get(id)


def _replace_content(old: dict[str, Any], body: dict[str, Any]) -> None:
    old.clear()
    old.update(body)


def _update_table(table: Any, body: dict[str, Any]) -> None:
    """Make a table say what the body says, key by key."""
    for key in [key for key in table if key not in body]:
        del table[key]
    for key, value in body.items():
        if key not in table:
            _add_key(table, key, _toml_item(value))
        elif table[key] != value:
            _update_item(table, key, value)


def _update_item(container: Any, key: Any, value: Any) -> None:
    """Make an item of a table or list say something else, in as few places as will do."""
    from tomlkit.items import InlineTable

    old = container[key]
    if isinstance(old, InlineTable) and "\n" not in old.as_string() and old.keys() != getattr(value, "keys", dict)():
        # On one line there are no comments to keep.
        container[key] = _toml_item(value)
    elif isinstance(old, dict) and isinstance(value, dict):
        _update_table(old, value)
    elif isinstance(old, list) and isinstance(value, list) and value and old:
        _update_list(old, value)
    else:
        container[key] = _toml_item(value)


def _update_list(old: Any, new: list[Any]) -> None:
    """Make a list say something else: what is taken out goes, what is added at its end is added."""
    if len(old) != len(new):
        for index in range(len(old) - 1, -1, -1):
            if old[index] not in new:
                del old[index]
    while len(old) > len(new):
        del old[-1]
    for index, value in enumerate(new):
        if index == len(old):
            old.append(_toml_item(value))
        elif old[index] != value:
            _update_item(old, index, value)


def _toml_item(value: Any) -> Any:
    import tomlkit

    return tomlkit.parse(f"v = {format_value(value)}\n")["v"]


def _add_key(table: Any, key: str, item: Any) -> None:
    """Add a key to a table, with its equals sign below those of the keys that it joins."""
    from tomlkit.items import AoT, SingleKey, Table

    if not isinstance(table, Table):
        table[key] = item
        return
    aligned_keys = [
        existing for existing, _ in table.value.body if isinstance(existing, SingleKey) and existing.sep.strip() == "="
    ]
    columns = {len(existing.as_string()) + existing.sep.index("=") for existing in aligned_keys}
    new_key = SingleKey(key)
    if len(columns) == 1 and (padding := columns.pop() - len(new_key.as_string())) > 0:
        new_key.sep = " " * padding + "= "
    plain_entries = [
        (existing, value)
        for existing, value in table.value.body
        if existing and (existing.is_dotted() or not isinstance(value, AoT | Table))
    ]
    if not plain_entries or plain_entries[-1][0] is table.value.body[-1][0]:
        table.append(new_key, item)
    else:
        # Above the tables within it, what is said of them, and comments that end it.
        item.trivia.indent = plain_entries[-1][1].trivia.indent
        table.value._insert_after(plain_entries[-1][0], new_key, item)
