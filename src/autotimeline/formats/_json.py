"""Rows as JSON objects: what `json`, `jsonl` and the snapshots share."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted

from autotimeline.text import escape_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.table import Cell, Table


def json_objects(table: Table) -> Iterator[str]:
    """Yield a JSON object on one line, without its line end, for each row: keys in the order of the columns.

    Numbers are the exact decimals of their cells. Strings are UTF-8; whatever steers a terminal or
    cannot be encoded (controls, bidirectional and format characters, lone surrogates) is an escape.
    """
    keys = [quoted(column.name) + ": " for column in table.columns]
    for row in table.rows:
        text = "{" + ", ".join([key + _encode_value(cell) for key, cell in zip(keys, row, strict=True)]) + "}"
        # Around its strings there is nothing to escape, and what steers stands in none.
        yield escape_control(text, escape=_escape_json)


def to_json(value: Cell) -> str:
    """Return a value as JSON on one line, as `objects` has it."""
    return escape_control(_encode_value(value), escape=_escape_json)


def _encode_value(value: Cell) -> str:
    # The json module writes no Decimal but by way of a float.
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join([_encode_value(item) for item in value]) + "]" if value else "[]"
    if isinstance(value, dict):
        return "{" + ", ".join([f"{quoted(key)}: {_encode_value(item)}" for key, item in value.items()]) + "}"
    return str(value) if isinstance(value, int) else f"{value:f}"


def _escape_json(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
