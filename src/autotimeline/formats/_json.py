"""Rows and values as JSON, for `json`, `jsonl`, and the exports."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted

from autotimeline.text import escape_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.table import Cell, Table


def json_objects(table: Table) -> Iterator[str]:
    """Yield one JSON object per row, without a line end.

    Numbers are exact decimals. Controls, bidirectional and format characters, and lone surrogates are escaped.
    """
    keys = [quoted(column.name) + ": " for column in table.columns]
    for row in table.rows:
        text = "{" + ", ".join([key + _encode_value(cell) for key, cell in zip(keys, row, strict=True)]) + "}"
        yield escape_control(text, escape=_escape_json)


def to_json(value: Cell) -> str:
    """Return a value as JSON on one line, encoded as in `json_objects`."""
    return escape_control(_encode_value(value), escape=_escape_json)


def _encode_value(value: Cell) -> str:
    # The json module writes a Decimal only as a float.
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
