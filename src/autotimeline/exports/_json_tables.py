"""The tables of a store as JSON: what `json` and the file beside `csv` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.formats._json import json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Of what there is one by each id: a line for each.
_MANY = ("source", "actor", "era")


def tables(named: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an object with these tables, but for the brace that ends it."""
    before = "{"
    for name, content in named.items():
        if name in _MANY:
            inner = ",\n".join(f"{json(id)}: {json(keys)}" for id, keys in content.items())
            yield f"{before}{json(name)}: {{\n{inner}\n}}"
        else:
            yield f"{before}{json(name)}: {json(content)}"
        before = ",\n"
