"""Rows as JSON objects: what `json` and `jsonl` share."""

from __future__ import annotations

from json import JSONEncoder

from autotimeline.text import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.table import Cell, Table

_quoted = JSONEncoder(ensure_ascii=False).encode


def objects(table: Table) -> Iterator[str]:
    """Yield a JSON object on one line, without its line end, for each row: keys in the order of the columns.

    Numbers are the exact decimals of their cells. Strings are UTF-8; whatever steers a terminal or
    cannot be encoded (controls, bidirectional and format characters, lone surrogates) is an escape.
    """
    keys = [_string(column.name) + ": " for column in table.columns]
    for row in table.rows:
        yield "{" + ", ".join([k + _value(cell) for k, cell in zip(keys, row, strict=True)]) + "}"


def _value(value: Cell) -> str:
    # The json module writes no Decimal but by way of a float.
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join([_value(item) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join([f"{_string(key)}: {_value(item)}" for key, item in value.items()]) + "}"
    return str(value) if isinstance(value, int) else f"{value:f}"


def _string(text: str) -> str:
    return safe(_quoted(text), escaped=_escape)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
