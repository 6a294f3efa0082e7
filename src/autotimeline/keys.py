"""The keys of `schema` as typed values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autotimeline import schema

_LIST_TYPES = ("texts", "tags", "actors", "figures", "citations", "links")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table.

    Attributes:
        name: The key in the store.
        type: The type of its value: one of those in `store.parse`.
        description: Its purpose. The first sentence is also the help of its option of `add`.
        attribute: The attribute of the model; empty if the model does not have it.
        metavar: The placeholder of a value in the help of that option; empty for a key without an option.
        refers: The kind of the entries that its ids name; empty if it has no ids.
        field: The field of the query language that finds its values; empty if there is none.
        words: The allowed words with their meanings; empty if any text is allowed.
        default: The value of an absent key; it is not written.
        required: Whether it must exist.
        listed: Whether the records of `list` contain it.
        example: A value, as in TOML, for errors.
    """

    name: str
    type: str
    description: str
    attribute: str
    metavar: str = ""
    refers: str = ""
    field: str = ""
    words: Mapping[str, str] | None = None
    default: str | bool | None = None
    required: bool = False
    listed: bool = True
    example: str = '"…"'

    @property
    def singular(self) -> str:
        """The name of one value, in options and mapped columns."""
        return self.name.removesuffix("s") if self.type in _LIST_TYPES else self.name

    @property
    def summary(self) -> str:
        """The first sentence of the description."""
        end = re.search(r"[.…](?= [A-Z]|$)", self.description)
        return self.description[: end.end()] if end else self.description


def _by_name(table: Iterable[tuple[Any, ...]]) -> dict[str, Key]:
    return {
        name: Key(name, type, description, **{"attribute": name, **dict(options)})
        for name, type, description, *options in table
    }


KEYS = {kind: _by_name(table) for kind, table in schema.TABLES.items()}
"""The keys of each kind of entry by name, in order."""
EVENT = KEYS["event"]
CITATION, FIGURE = _by_name(schema.CITATION), _by_name(schema.FIGURE)
