"""Values as JSON text with exact decimals, as the contract has them."""

from __future__ import annotations

from json.encoder import encode_basestring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

encode_string = encode_basestring
# In a list of the index: no string of JSON contains a line end.
ITEM_SEPARATOR = ",\n"


def encode_json(value: Any) -> str:
    """Return a value as JSON on one line, with `, ` and `: ` as separators."""
    # The json module writes a Decimal only as a float.
    if isinstance(value, str):
        return encode_string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join([encode_json(item) for item in value]) + "]" if value else "[]"
    if isinstance(value, dict):
        return "{" + ", ".join([f"{encode_string(key)}: {encode_json(item)}" for key, item in value.items()]) + "}"
    return str(value) if isinstance(value, int) else f"{value:f}"
