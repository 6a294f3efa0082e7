"""The tables of a store as JSON, for `json` and the companion file of `csv`."""

from collections.abc import Iterator
from typing import Any

from autotimeline.formats._json import to_json

# Tables that contain one entry per id, and so are written with one line per entry.
_TABLES_BY_ID = ("source", "actor", "era")


def json_table_lines(contents: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an object with these tables, without the closing brace."""
    opening = "{"
    for name, content in contents.items():
        if name in _TABLES_BY_ID:
            rows = ",\n".join(f"{to_json(id)}: {to_json(keys)}" for id, keys in content.items())
            yield f"{opening}{to_json(name)}: {{\n{rows}\n}}"
        else:
            yield f"{opening}{to_json(name)}: {to_json(content)}"
        opening = ",\n"
