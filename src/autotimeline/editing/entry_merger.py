"""Merging of the keys of two entries: those of the other complete those of the one, which keeps its own values.

Each value that the merged entry does not have is in a line about what was dropped.
"""

from typing import Any

from autotimeline.keys import KEYS, Key
from autotimeline.store.serialize import as_list
from autotimeline.store.toml_writer import format_value

Body = dict[str, Any]

_LIST_TYPES = ("texts", "tags", "ids")


class EntryMerger:
    """Merges the keys of one entry into those of another, `body`, and collects lines about dropped values."""

    def __init__(self, kind: str, id: str, body: Body, other_id: str, other_body: Body) -> None:
        self.kind = kind
        self.id = id
        self.body = without_empty(body)
        self.other_id = other_id
        self.other_body = without_empty(other_body)
        self.dropped: list[str] = []
        self.conflicts: list[str] = []

    def merge(self) -> None:
        """Merge each key."""
        if self.kind == "actor":
            names = dict.fromkeys([self.other_body["name"], *as_list(self.other_body.get("aliases"))])
            self.other_body["aliases"] = [name for name in names if name != self.body["name"]]
            self.other_body["name"] = self.body["name"]
        for key in KEYS[self.kind].values():
            self._merge_key(key)
        if "part_of" in self.body:
            self.body["part_of"] = [parent for parent in as_list(self.body["part_of"]) if parent != self.id]
        self.body = without_empty(self.body)

    def _merge_key(self, key: Key) -> None:
        # Without a value, a flag is false: the entries may differ in it.
        default = key.default if key.type == "flag" else None
        value, other = self.body.get(key.name, default), self.other_body.get(key.name, default)
        if other is None or other == value or key.name == "id":
            return
        if key.type in _LIST_TYPES:
            items = as_list(value)
            if added := [item for item in dict.fromkeys(as_list(other)) if item not in items]:
                self.body[key.name] = [*items, *added]
        elif value is None:
            self.body[key.name] = other
        elif key.name == "note":
            self.body[key.name] = value if str(other) in str(value) else f"{value} {other}"
        else:
            self._drop(key.name, other, value)

    def _drop(self, name: str, other: Any, value: Any) -> None:
        what = f'dropped {name} = {format_value(other)}; "{self.id}" keeps {format_value(value)}'
        self.dropped.append(f'{self.kind} "{self.other_id}": {what}')

    def _add_conflict(self, name: str, other: str, value: str) -> None:
        what = f'{name} = {other} differs from {value} of "{self.id}", and no source of "{self.other_id}" states it'
        self.conflicts.append(f'event "{self.other_id}": {what}; cite one, or correct one of the two')


def without_empty(body: Body) -> Body:
    """Return the keys without empty lists and tables."""
    return {name: value for name, value in body.items() if value not in ([], {})}


def as_table(item: Any, main_key: str) -> Body:
    """Return the keys of an item; a plain value is that of its main key."""
    return item if isinstance(item, dict) else {main_key: item}
