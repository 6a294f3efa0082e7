"""The text of a block, in TOML 1.0."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from tomli_w import dumps

from autotimeline.errors import AutotimelineError
from autotimeline.text import escape_control

_WIDTH = 100
_ARRAY_HEADERS = ("event", "row")  # headers that occur more than once


def format_block(header: str, keys: Mapping[str, Any]) -> str:
    """Return the text of a block; `header` is `source.x`, `store`, or `event`.

    Raises:
        AutotimelineError: If a text contains half of a surrogate pair.
    """
    header_line = f"[[{header}]]" if header in _ARRAY_HEADERS else f"[{header}]"
    try:
        lines = [line for key, value in keys.items() for line in _key_lines(_format_key(key), value)]
    except UnicodeError as error:
        name = f'{header} "{keys["id"]}"' if "id" in keys else header
        raise AutotimelineError(f"{escape_control(name)}: {error}; correct the text, or write JSON") from None
    return "\n".join([header_line, *lines, ""])


def _key_lines(key: str, value: Any) -> Iterator[str]:
    """Yield one line, or if it would be long, one for each item."""
    line = f"{key} = {format_value(value)}"
    if len(line) <= _WIDTH or not value or not isinstance(value, (dict, list)):
        yield line
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _key_lines(f"{key}.{_format_key(name)}", item)
    else:
        yield f"{key} = ["
        for item in value:
            yield f"    {format_value(item)},"
        yield "]"


def format_value(value: Any) -> str:
    """Return a value on one line.

    Raises:
        UnicodeError: If a text contains half of a surrogate pair.
    """
    if isinstance(value, dict):
        pairs = ", ".join(f"{_format_key(key)} = {format_value(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(format_value(item) for item in value) + "]"
    if isinstance(value, str) and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'  # as tomli_w does, but faster
    return _escape_text(dumps({"v": value})[len("v = ") : -1])


def _format_key(name: str) -> str:
    if name.replace("-", "").replace("_", "").isalnum() and name.isascii():
        return name
    return _escape_text(dumps({name: 0})[: -len(" = 0\n")])


def _escape_text(text: str) -> str:
    return escape_control(text, keep="\t", escape=_escape_toml_char)


def _escape_toml_char(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) == "Cs":
        raise UnicodeError(f"TOML cannot contain \\u{code:04x}, half of a surrogate pair")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
