"""Edits of the text of a block that leave everything else as it is written."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from autotimeline.errors import AutotimelineError
from autotimeline.schema import HEADER_KINDS
from autotimeline.store.blocks import HEADER_LINE, TomlSyntaxError, parse_toml, unclosed_quotes
from autotimeline.store.toml_writer import format_value

# All aliases are keys of one table.
_SINGLE_TABLES = ("alias", *HEADER_KINDS)
_KEY_PART = re.compile(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")


def unsupported_layout(kind: str, id: str) -> AutotimelineError:
    """Return the error for a layout that only a person can change."""
    return AutotimelineError(f'{kind} "{id}" is written in a way that only a person can change; edit the file')


def parse_body(text: str, kind: str, id: str) -> dict[str, Any]:
    """Return the keys of the item with that kind and id in a text.

    Raises:
        AutotimelineError: If the text is invalid, or does not define the item.
    """
    tables = parse_toml(text)
    if isinstance(tables, TomlSyntaxError):
        raise AutotimelineError(f'{kind} "{id}" cannot be read: {tables}; correct it with `autotimeline edit`')
    body = _find_table(tables, kind, id)
    if not isinstance(body, dict):
        raise unsupported_layout(kind, id)
    return body


def update_block(text: str, kind: str, id: str, body: dict[str, Any]) -> str:
    """Return the text with a new body of the item with that kind and id.

    Only the keys that differ change; comments, order, and white space remain. The result is parsed to verify it.

    Raises:
        AutotimelineError: If the layout of the text does not allow that.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    expected = parse_toml(text)
    if isinstance(expected, TomlSyntaxError):
        raise unsupported_layout(kind, id)
    table = _find_table(expected, kind, id)
    table.clear()
    table.update(body)
    # tomlkit does not preserve line endings, and adds keys to a last line without one.
    normalized = text.replace("\r\n", "\n")
    final = "" if normalized.endswith("\n") else "\n"
    normalized += final
    try:
        document = tomlkit.parse(normalized)
        if document.as_string() != normalized:
            # tomlkit moves tables that are not adjacent.
            raise unsupported_layout(kind, id)
        _update_table(_find_table(document, kind, id), body)
        changed = document.as_string()
        if changed.count("\n") <= normalized.count("\n"):
            changed = changed.removesuffix(final)
    except (TOMLKitError, TypeError, ValueError, LookupError, AttributeError):
        raise unsupported_layout(kind, id) from None
    if parse_toml(changed) != expected:
        raise unsupported_layout(kind, id)
    return keep_line_endings(text, changed)


def rename_header(text: str, kind: str, old: str, new: str) -> str:
    """Return the text of a block with another id in its header.

    Raises:
        AutotimelineError: If the block has no header of its own.
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
    """Yield the headers of a valid text, in any spelling, each with the keys of its path."""
    start = 0
    for match in HEADER_LINE.finditer(text):
        # The text before a line that is inside a string or a list is not valid TOML.
        if not isinstance(parse_toml(text[start : match.start()]), TomlSyntaxError):
            start = match.start()
            yield match, _header_keys(match[0].strip())


def keep_line_endings(before: str, after: str) -> str:
    r"""Return the text `after` (lines end in \n), with the line endings of `before`."""
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
            # A changed line gets the ending of the line that it replaces.
            endings = [line_ending(line) if line.endswith("\n") else default_ending for line in old[a1:a2]]
            last = endings[-1] if endings else default_ending
            pairs = zip_longest(new[b1:b2], endings[: b2 - b1], fillvalue=last)
            lines += [line.replace("\n", ending) for line, ending in pairs]
    return "".join(lines)


def split_lines(text: str) -> list[str]:
    """Split a text at line feeds only, as TOML does, and keep the endings."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def common_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Return how many lines two texts share at the beginning, and how many of the rest at the end."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head)
    return head, tail


def defines_only(text: str, kind: str, id: str) -> bool:
    """Return whether a text defines only the item of that kind and id.

    The result for invalid TOML is True: `Draft.replace` rejects it with the position of the error.
    """
    tables = parse_toml(text)
    if isinstance(tables, TomlSyntaxError) or list(tables) != [kind]:
        return isinstance(tables, TomlSyntaxError)
    return kind == "alias" or (len(tables[kind]) == 1 and bool(_find_table(tables, kind, id)))


def line_ending(text: str) -> str:
    """Return the ending of the first line of a text."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def body_line_count(lines: Sequence[str], *, at_file_end: bool) -> int:
    """Return how many lines of a block are its body; comments after it may belong to the next block.

    A comment directly after the body belongs to it, unless the next header directly follows the comment.
    """
    last = next((n for n in range(len(lines), 0, -1) if has_content(lines[n - 1])), 0)
    while last < len(lines) and (quotes := unclosed_quotes("".join(lines[:last]))):
        # The apparent comment is the end of a string.
        last = next((n + 1 for n in range(last, len(lines)) if quotes in lines[n]), len(lines))
    end = last
    while end < len(lines) and lines[end].strip():
        end += 1
    return last if end == len(lines) and not at_file_end else end


def has_content(line: str) -> bool:
    """Return whether a line is more than white space and a comment."""
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
    if kind in _SINGLE_TABLES:
        return tables.get(kind)
    return tables.get(kind, {}).get(id)


def _update_table(table: Any, body: dict[str, Any]) -> None:
    """Change the keys of a table to those of a body."""
    for key in [key for key in table if key not in body]:
        del table[key]
    for key, value in body.items():
        if key not in table:
            _add_key(table, key, _toml_item(value))
        elif table[key] != value:
            _update_item(table, key, value)


def _update_item(container: Any, key: Any, value: Any) -> None:
    """Change an item of a table or list in as few positions as possible."""
    from tomlkit.items import InlineTable

    old = container[key]
    if isinstance(old, InlineTable) and "\n" not in old.as_string() and old.keys() != getattr(value, "keys", dict)():
        # One line contains no comments to preserve.
        container[key] = _toml_item(value)
    elif isinstance(old, dict) and isinstance(value, dict):
        _update_table(old, value)
    elif isinstance(old, list) and isinstance(value, list) and value and old:
        _update_list(old, value)
    else:
        container[key] = _toml_item(value)


def _update_list(old: Any, new: list[Any]) -> None:
    """Change the items of a list, but leave equal items as they are written."""
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
    """Add a key to a table, with its equals sign aligned to those above."""
    from tomlkit.items import AoT, SingleKey, Table

    if not isinstance(table, Table):
        table[key] = item
        return
    body = table.value.body
    siblings = [name for name, _ in body if isinstance(name, SingleKey) and name.sep.strip() == "="]
    columns = {len(name.as_string()) + name.sep.index("=") for name in siblings}
    new_key = SingleKey(key)
    if len(columns) == 1 and (padding := columns.pop() - len(new_key.as_string())) > 0:
        new_key.sep = " " * padding + "= "
    plain = [(name, value) for name, value in body if name and (name.is_dotted() or not isinstance(value, AoT | Table))]
    if not plain or plain[-1][0] is body[-1][0]:
        table.append(new_key, item)
    else:
        # Insert before subtables, their comments, and comments at the end.
        item.trivia.indent = plain[-1][1].trivia.indent
        table.value._insert_after(plain[-1][0], new_key, item)
