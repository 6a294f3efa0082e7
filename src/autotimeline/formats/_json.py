"""Rows and values as JSON, for `json`, `jsonl`, and the exports."""

from __future__ import annotations

from autotimeline.json_text import encode_json, encode_string
from autotimeline.text import escape_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.table import Cell, Table


def json_objects(table: Table) -> Iterator[str]:
    """Return one JSON object per row, without a line end.

    Numbers are exact decimals. Controls, bidirectional and format characters, and lone surrogates are escaped.
    """
    keys = [encode_string(column.name).replace("%", "%%") for column in table.columns]
    template = "{" + ", ".join([f"{key}: %s" for key in keys]) + "}"
    return (escape_json(template % tuple(row)) for row in table.json_rows())


def to_json(value: Cell) -> str:
    """Return a value as JSON on one line, encoded as in `json_objects`."""
    return escape_json(encode_json(value))


def escape_json(text: str) -> str:
    """Return JSON text with the characters escaped that `json_objects` escapes."""
    return escape_control(text, escape=_escape_character)


def _escape_character(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
