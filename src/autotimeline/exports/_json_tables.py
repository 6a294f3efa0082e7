"""The tables of a store as JSON: what `json` and the file beside `csv` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.formats._json import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Of what there is one by each id: a line for each.
_TABLES_BY_ID = ("source", "actor", "era")


def json_table_lines(contents: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an object with these tables, but for the brace that ends it."""
    opening = "{"
    for name, content in contents.items():
        if name in _TABLES_BY_ID:
            rows = ",\n".join(f"{to_json(id)}: {to_json(keys)}" for id, keys in content.items())
            yield f"{opening}{to_json(name)}: {{\n{rows}\n}}"
        else:
            yield f"{opening}{to_json(name)}: {to_json(content)}"
        opening = ",\n"
