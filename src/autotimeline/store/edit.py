"""Change the text of a block so that it says something else, and leave all that still holds as it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from autotimeline.errors import AutotimelineError
from autotimeline.store.blocks import HEADER, MalformedError, tables_of, unclosed
from autotimeline.store.toml_writer import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KEY = re.compile(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")


def refused(kind: str, id: str) -> AutotimelineError:
    """Return the error that tells that a thing is left to a person to change."""
    return AutotimelineError(f'{kind} "{id}" is written in a way that only a person can change; edit the file')


def body_of(text: str, kind: str, id: str) -> dict[str, Any]:
    """Return the keys of what a text defines by that id, as TOML has them.

    Raises:
        AutotimelineError: where the text is no TOML, or defines no such thing.
    """
    tables = tables_of(text)
    if isinstance(tables, MalformedError):
        raise AutotimelineError(f'{kind} "{id}" cannot be read: {tables}; correct it with `autotimeline edit`')
    found = _found(tables, kind, id)
    if not isinstance(found, dict):
        raise refused(kind, id)
    return found


def rewritten(text: str, kind: str, id: str, body: dict[str, Any]) -> str:
    """Return the text with this body in place of what it has by that id.

    Only the keys that differ are written anew, so comments, order and white space stay. The result is
    read again: it says exactly what is meant, or nothing is returned.

    Raises:
        AutotimelineError: where the text is written in a way that cannot be changed so.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    wanted = tables_of(text)
    if isinstance(wanted, MalformedError):
        raise refused(kind, id)
    _merge(_found(wanted, kind, id), body)
    # tomlkit writes line ends as it pleases.
    plain = text.replace("\r\n", "\n")
    try:
        document = tomlkit.parse(plain)
        if document.as_string() != plain:
            # Tables that stand apart are put together by it.
            raise refused(kind, id)
        _reconcile(_found(document, kind, id), body)
        changed = document.as_string()
    except (TOMLKitError, TypeError, ValueError, LookupError, AttributeError):
        raise refused(kind, id) from None
    if tables_of(changed) != wanted:
        raise refused(kind, id)
    return as_before(text, changed)


def renamed(text: str, kind: str, old: str, new: str) -> str:
    """Return the text of a block with another id in its header.

    Raises:
        AutotimelineError: where the header is not written in one line of its own.
    """
    changed, at = "", 0
    for header, path in headers(text):
        if path[:2] == [kind, old]:
            keys = list(_KEY.finditer(header["path"]))
            start = header.start("path")
            changed += text[at : start + keys[1].start()] + new
            at = start + keys[1].end()
    if not at:
        raise AutotimelineError(f'{kind} "{old}" has no header [{kind}.{old}] of its own; rename it by hand')
    return changed + text[at:]


def headers(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Yield the headers of a text that is TOML, however they are written, each with the keys of its path."""
    start = 0
    for match in HEADER.finditer(text):
        # What stands before a line that is inside a string or a list is no TOML by itself.
        if not isinstance(tables_of(text[start : match.start()]), MalformedError):
            start = match.start()
            yield match, _path(match[0].strip())


def as_before(before: str, after: str) -> str:
    r"""Return the text `after` (lines end in \n), with the line ends of `before` where the lines are the same."""
    from difflib import SequenceMatcher

    if "\r" not in before:
        return after
    old, new = cut(before), cut(after)
    usual = line_end(before)
    lines: list[str] = []
    plain = [line.replace("\r\n", "\n") for line in old]
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, plain, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += old[a1:a2]
        else:
            # A line that takes another's place ends as that did.
            ends = [line_end(line) if line.endswith("\n") else usual for line in old[a1:a2]] or [usual]
            lines += [line.replace("\n", ends[min(n, len(ends) - 1)]) for n, line in enumerate(new[b1:b2])]
    return "".join(lines)


def cut(text: str) -> list[str]:
    """Return the lines of a text with their ends, at nothing else than TOML has for one."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def same(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Return how many lines of two texts are the same from the beginning on, and how many of the rest from the end."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head)
    return head, tail


def alone(text: str, kind: str, id: str) -> bool:
    """Tell whether a text defines one thing of that kind and id, and no more; what is no TOML may."""
    tables = tables_of(text)
    if isinstance(tables, MalformedError):
        return True
    return list(tables) == [kind] and (kind == "alias" or (len(tables[kind]) == 1 and bool(_found(tables, kind, id))))


def line_end(text: str) -> str:
    """Return how the lines of a text end: as its first does."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def body_end(lines: Sequence[str], *, ended: bool) -> int:
    """Return how many of a block's lines are its own: what follows it belongs to the next, or to none.

    A comment that follows at once is its own where the comment does not touch the next header; none comes where
    the file has `ended` with these lines.
    """
    last = next((n for n in range(len(lines), 0, -1) if says(lines[n - 1])), 0)
    while last < len(lines) and (quotes := unclosed("".join(lines[:last]))):
        # What looks like a comment is the end of a string.
        last = next((n + 1 for n in range(last, len(lines)) if quotes in lines[n]), len(lines))
    end = last
    while end < len(lines) and lines[end].strip():
        end += 1
    return last if end == len(lines) and not ended else end


def says(line: str) -> bool:
    """Tell whether a line is more than white space and a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _path(header: str) -> list[str]:
    path: list[str] = []
    table: Any = tables_of(header)
    while table and not isinstance(table, MalformedError):
        table = table[0] if isinstance(table, list) else table
        for key, within in table.items():
            path.append(key)
            table = within
    return path


def _found(tables: Any, kind: str, id: str) -> Any:
    if kind == "event":
        return next((event for event in tables.get(kind, ()) if event.get("id") == id), None)
    if kind == "alias":
        # All of them are the keys of one table.
        return tables.get(kind)
    return tables.get(kind, {}).get(id)


def _merge(old: dict[str, Any], body: dict[str, Any]) -> None:
    old.clear()
    old.update(body)


def _reconcile(table: Any, body: dict[str, Any]) -> None:
    """Make a table say what the body says, key by key."""
    for key in [key for key in table if key not in body]:
        del table[key]
    for key, value in body.items():
        if key not in table:
            _add(table, key, _item(value))
        elif table[key] != value:
            _renew(table, key, value)


def _renew(holder: Any, key: Any, value: Any) -> None:
    """Make an item of a table or list say something else, in as few places as will do."""
    from tomlkit.items import InlineTable

    old = holder[key]
    if isinstance(old, InlineTable) and "\n" not in old.as_string() and old.keys() != getattr(value, "keys", dict)():
        # On one line there are no comments to keep.
        holder[key] = _item(value)
    elif isinstance(old, dict) and isinstance(value, dict):
        _reconcile(old, value)
    elif isinstance(old, list) and isinstance(value, list) and value and old:
        _relist(old, value)
    else:
        holder[key] = _item(value)


def _relist(old: Any, new: list[Any]) -> None:
    """Make a list say something else: what is taken out goes, what is added at its end is added."""
    if len(old) != len(new):
        for at in range(len(old) - 1, -1, -1):
            if old[at] not in new:
                del old[at]
    while len(old) > len(new):
        del old[-1]
    for at, value in enumerate(new):
        if at == len(old):
            old.append(_item(value))
        elif old[at] != value:
            _renew(old, at, value)


def _item(value: Any) -> Any:
    import tomlkit

    return tomlkit.parse(f"v = {literal(value)}\n")["v"]


def _add(table: Any, key: str, item: Any) -> None:
    """Add a key to a table, with its equals sign below those of the keys that it joins."""
    from tomlkit.items import AoT, SingleKey, Table

    if not isinstance(table, Table):
        table[key] = item
        return
    others = [other for other, _ in table.value.body if isinstance(other, SingleKey) and other.sep.strip() == "="]
    columns = {len(other.as_string()) + other.sep.index("=") for other in others}
    made = SingleKey(key)
    if len(columns) == 1 and (room := columns.pop() - len(made.as_string())) > 0:
        made.sep = " " * room + "= "
    own = [
        (other, one)
        for other, one in table.value.body
        if other and (other.is_dotted() or not isinstance(one, AoT | Table))
    ]
    if not own or own[-1][0] is table.value.body[-1][0]:
        table.append(made, item)
    else:
        # Above the tables within it, what is said of them, and comments that end it.
        item.trivia.indent = own[-1][1].trivia.indent
        table.value._insert_after(own[-1][0], made, item)
