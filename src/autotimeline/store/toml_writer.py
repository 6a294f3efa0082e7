"""The text of a block of a store: its header and its keys, in TOML 1.0."""

from __future__ import annotations

import unicodedata

from autotimeline.errors import AutotimelineError
from autotimeline.text import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_WIDTH = 100
_ARRAYS = ("event", "row")  # headers of which a file has many


def block(header: str, keys: Mapping[str, Any]) -> str:
    """Return the lines of a block, each with its newline; `header` is `source.x`, `store`, `event`.

    Raises:
        AutotimelineError: A text holds half of a surrogate pair.
    """
    title = f"[[{header}]]" if header in _ARRAYS else f"[{header}]"
    try:
        lines = [line for key, value in keys.items() for line in _lines(_key(key), value)]
    except UnicodeError as error:
        name = f'{header} "{keys["id"]}"' if "id" in keys else header
        raise AutotimelineError(f"{safe(name)}: {error}; correct the text, or write JSON") from None
    return "\n".join([title, *lines, ""])


def _lines(key: str, value: Any) -> Iterator[str]:
    """Yield one line, or where that is long, one for each item: of a table under a dotted key."""
    line = f"{key} = {literal(value)}"
    if len(line) <= _WIDTH or not value or not isinstance(value, (dict, list)):
        yield line
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _lines(f"{key}.{_key(name)}", item)
    else:
        yield f"{key} = ["
        for item in value:
            yield f"    {literal(item)},"
        yield "]"


def literal(value: Any) -> str:
    """Return a value on one line.

    Raises:
        UnicodeError: where a text holds half of a surrogate pair.
    """
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(key)} = {literal(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, str) and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'  # as tomli_w would, without a look at every character
    from tomli_w import dumps

    return _safe(dumps({"v": value})[len("v = ") : -1])


def _key(name: str) -> str:
    if name.replace("-", "").replace("_", "").isalnum() and name.isascii():
        return name
    from tomli_w import dumps

    return _safe(dumps({name: 0})[: -len(" = 0\n")])


def _safe(text: str) -> str:
    return safe(text, keep="\t", escaped=_escape)


def _escape(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) == "Cs":
        raise UnicodeError(f"TOML cannot hold \\u{code:04x}, which is half of a character")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
