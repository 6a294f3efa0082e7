"""`toml`: TOML 1.0, a store where the view has one to give, else a list of rows."""

from __future__ import annotations

import unicodedata

from autotimeline.errors import AutotimelineError
from autotimeline.formats._stream import pour
from autotimeline.text import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TextIO

    from autotimeline.paper import Paper
    from autotimeline.table import Block, Table

ENDINGS: tuple[str, ...] = (".toml",)
COMPLETE = True

_WIDTH = 100
_ARRAYS = ("event", "row")  # headers of which a file has many


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write block after block, a blank line between them; absent values are left out.

    Raises:
        AutotimelineError: A text holds half of a surrogate pair. Nothing of its block is written.
    """
    pour(_texts(table.blocks() if table.blocks else _rows(table)), out)


def _rows(table: Table) -> Iterator[Block]:
    names = [column.name for column in table.columns]
    for row in table.rows:
        yield "row", _present(dict(zip(names, row, strict=True)))


def _present(value: Any) -> Any:
    """Return the value without the absent ones in it: TOML has no null."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    return [_present(item) for item in value if item is not None] if isinstance(value, list) else value


def _texts(blocks: Iterator[Block]) -> Iterator[str]:
    blank = ""
    for header, keys in blocks:
        title = f"[[{header}]]" if header in _ARRAYS else f"[{header}]"
        try:
            lines = [line for key, value in keys.items() for line in _lines(_key(key), value)]
        except UnicodeError as error:
            name = f'{header} "{keys["id"]}"' if "id" in keys else header
            raise AutotimelineError(f"{safe(name)}: {error}; correct the text, or write JSON") from None
        yield blank + "\n".join([title, *lines, ""])
        blank = "\n"


def _lines(key: str, value: Any) -> Iterator[str]:
    """Yield one line, or where that is long, one for each item: of a table under a dotted key."""
    line = f"{key} = {_literal(value)}"
    if len(line) <= _WIDTH or not value or not isinstance(value, (dict, list)):
        yield line
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _lines(f"{key}.{_key(name)}", item)
    else:
        yield f"{key} = ["
        for item in value:
            yield f"    {_literal(item)},"
        yield "]"


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(key)} = {_literal(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
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
