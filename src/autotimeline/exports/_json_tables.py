"""The tables of a store as JSON, for `json` and the companion file of `csv`."""

from collections.abc import Iterator
from typing import Any

from autotimeline.formats._json import to_json
from autotimeline.schema import ENTITY_KINDS


def json_table_lines(contents: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an object with these tables, without the closing brace."""
    opening = "{"
    for name, content in contents.items():
        if name in ENTITY_KINDS:
            # One line per entry.
            rows = ",\n".join(f"{to_json(id)}: {to_json(keys)}" for id, keys in content.items())
            yield f"{opening}{to_json(name)}: {{\n{rows}\n}}"
        else:
            yield f"{opening}{to_json(name)}: {to_json(content)}"
        opening = ",\n"
