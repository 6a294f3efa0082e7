"""Three-way merging of the keys of one fact, along the keys of `schema`.

Each function returns a pair: the merged value with our side of each conflict, and with theirs. None is absent.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autotimeline.dates import edtf
from autotimeline.errors import DateError, QuantityError
from autotimeline.keys import CITATION, FIGURE, KEYS, Key
from autotimeline.quantities.parse import parse_quantity
from autotimeline.store.serialize import collapse_table

Body = dict[str, Any]
# The merged value with our side of each conflict, and with theirs.
Sides = tuple[Any, Any]
# Functions whose results identify an item of a list, the most exact first.
ItemKeys = Sequence[Callable[[Body], Any]]

_LIST_TYPES = ("texts", "tags", "ids", "actors")
# Keys that only make sense together: if each side changed one of them, that is a conflict.
_UNITS = (("date", "period", "printed"), ("value", "printed", "repeats"), ("quote", "by"))


class KeyConflict(NamedTuple):
    """A key that both sides changed, such as `figures.cost.value`, with both values; None if a side has none."""

    path: str
    ours: Any
    theirs: Any


class FactMerger:
    """Merges the bodies of one fact, and collects the conflicts."""

    def __init__(self, kind: str) -> None:
        self.conflicts: list[KeyConflict] = []
        self._kind = kind
        # The keys of the table of aliases are their names.
        self._keys = {} if kind == "alias" else KEYS[kind]

    def merge(self, base: Body, ours: Body, theirs: Body) -> tuple[Body, Body]:
        """Return the merged keys with our side of each conflict, and with theirs."""
        return self._merge_table(self._keys, base, ours, theirs, "")

    def merge_optional(self, base: Body | None, ours: Body | None, theirs: Body | None) -> Sides:
        """Merge a fact that a side may have removed, or added."""
        return self._merge_item(self._keys, base, ours, theirs, self._kind)

    def _merge_table(self, keys: Mapping[str, Key], base: Body, ours: Body, theirs: Body, path: str) -> Sides:
        merged: tuple[Body, Body] = {}, {}
        split = {
            name for unit in _UNITS if unit[0] in keys and _is_split(keys, unit, base, ours, theirs) for name in unit
        }
        for name in dict.fromkeys([*ours, *theirs]):
            values = base.get(name), ours.get(name), theirs.get(name)
            if name not in split:
                sides = self._merge_value(keys.get(name), *values, path + name)
            elif values[1] == values[2]:
                sides = values[1:]
            else:
                sides = self._add_conflict(path + name, *values[1:])
            _set_sides(merged, name, sides)
        return merged

    def _merge_value(self, key: Key | None, base: Any, ours: Any, theirs: Any, path: str) -> Sides:
        if _is_same(key, ours, theirs) or _is_same(key, theirs, base):
            return ours, ours
        if _is_same(key, ours, base):
            return theirs, theirs
        values, type = (base, ours, theirs), key.type if key else ""
        if type in _LIST_TYPES and all(isinstance(value, str | list | None) for value in values):
            return _merge_lists(*values)
        if type == "citations":
            return self._merge_items(CITATION, "id", *values, path)
        tables = (base or {}, ours, theirs)
        if all(isinstance(table, dict) for table in tables):
            if type in ("actors", "links"):
                return self._merge_groups(type, *tables, path)
            if type in ("figures", "reasons"):
                return self._merge_named(type, *tables, path)
        return self._add_conflict(path, ours, theirs)

    def _add_conflict(self, path: str, ours: Any, theirs: Any) -> Sides:
        self.conflicts.append(KeyConflict(path, ours, theirs))
        return ours, theirs

    def _merge_groups(self, type: str, base: Body, ours: Body, theirs: Body, path: str) -> Sides:
        """Merge tables of lists of ids; if both sides changed the roles of an actor, that is a conflict."""
        merged: tuple[Body, Body] = {}, {}
        for name in dict.fromkeys([*ours, *theirs]):
            _set_sides(merged, name, _merge_lists(base.get(name), ours.get(name), theirs.get(name)))
        ids = dict.fromkeys(id for table in (ours, theirs) for value in table.values() for id in _as_list(value))
        for id in ids if type == "actors" else ():
            old, *roles = (_roles(table, id) for table in (base, ours, theirs))
            if old not in roles and roles[0] != roles[1]:
                self._add_conflict(f"{path} ({id})", *(each or None for each in roles))
                for table, own_roles in zip(merged, roles, strict=True):
                    _set_roles(table, id, own_roles)
        return merged[0] or None, merged[1] or None

    def _merge_named(self, type: str, base: Body, ours: Body, theirs: Body, path: str) -> Sides:
        """Merge figures by metric, or reasons by rule."""
        merged: tuple[Body, Body] = {}, {}
        for name in dict.fromkeys([*ours, *theirs]):
            values, own_path = (base.get(name), ours.get(name), theirs.get(name)), f"{path}.{name}"
            if type == "reasons":
                sides = self._merge_value(None, *values, own_path)
            else:
                sides = self._merge_items(FIGURE, "value", *values, own_path)
            _set_sides(merged, name, sides)
        return merged[0] or None, merged[1] or None

    def _merge_items(
        self, keys: Mapping[str, Key], main_key: str, base: Any, ours: Any, theirs: Any, path: str
    ) -> Sides:
        """Merge lists of tables; an item may be only the value of the main key, and a list only its item."""
        merged: tuple[list[Any], list[Any]] = [], []
        written = [*_as_list(ours), *_as_list(theirs)]
        versions = [[_as_table(item, main_key) for item in _as_list(value)] for value in (base, ours, theirs)]
        for triple in _align(versions, _CITATION_KEYS if keys is CITATION else _FIGURE_KEYS):
            label = next((f".{item[main_key]}" for item in triple if item and main_key in item), "")
            own_path = path + label if keys is CITATION else path
            for items, item in zip(merged, self._merge_item(keys, *triple, own_path), strict=True):
                if item is not None:
                    as_written = (each for each in written if _as_table(each, main_key) == item)
                    items.append(next(as_written, collapse_table(item, main_key)))
        is_list = isinstance(ours if ours is not None else theirs, list)
        our_items, their_items = (
            items if len(items) > 1 or (items and is_list) else next(iter(items), None) for items in merged
        )
        return our_items, their_items

    def _merge_item(
        self, keys: Mapping[str, Key], base: Body | None, ours: Body | None, theirs: Body | None, path: str
    ) -> Sides:
        if theirs in (ours, base):
            return ours, ours
        if ours == base:
            return theirs, theirs
        if ours is None or theirs is None:
            return self._add_conflict(path, ours, theirs)
        return self._merge_table(keys, base or {}, ours, theirs, f"{path}.")


def _is_split(keys: Mapping[str, Key], unit: Sequence[str], base: Body, ours: Body, theirs: Body) -> bool:
    """Return whether each side changed some key of a unit, and the other side did not change it in the same way."""
    return all(
        any(
            not _is_same(keys.get(name), side.get(name), base.get(name))
            and not _is_same(keys.get(name), side.get(name), other.get(name))
            for name in unit
        )
        for side, other in ((ours, theirs), (theirs, ours))
    )


def _is_same(key: Key | None, value: Any, other: Any) -> bool:
    """Return whether two values have one meaning, however they are written."""
    if value == other:
        return type(value) is type(other)
    parse: Any = {"date": edtf.parse_date, "quantity": parse_quantity}.get(key.type if key else "")
    if parse is None or not isinstance(value, str) or not isinstance(other, str):
        return False
    try:
        return bool(parse(value) == parse(other))
    except (DateError, QuantityError):
        return False


def _set_sides(merged: tuple[Body, Body], name: str, sides: Sides) -> None:
    for table, value in zip(merged, sides, strict=True):
        if value is not None:
            table[name] = value


def _merge_lists(base: Any, ours: Any, theirs: Any) -> Sides:
    """Return our items without those that they removed, and with those that they added."""
    old, our_items, their_items = map(_as_list, (base, ours, theirs))
    items = [item for item in our_items if item in their_items or item not in old]
    items += [item for item in their_items if item not in our_items and item not in old]
    is_single = len(items) == 1 and not isinstance(ours if ours is not None else theirs, list)
    value = (items[0] if is_single else items) if items else None
    return value, value


def _roles(table: Body, actor: str) -> list[str]:
    return [role for role, actors in table.items() if actor in _as_list(actors)]


def _set_roles(table: Body, actor: str, roles: Sequence[str]) -> None:
    for role in dict.fromkeys([*table, *roles]):
        actors = _as_list(table.get(role))
        if (actor in actors) != (role in roles):
            others = [id for id in actors if id != actor]
            table[role] = [*others, actor] if role in roles else others
            if not table[role]:
                del table[role]


def _align(
    versions: Sequence[Sequence[Body]], item_keys: ItemKeys
) -> list[tuple[Body | None, Body | None, Body | None]]:
    """Return (base, ours, theirs) of each item in our order, then of those that only they have."""
    base, ours, theirs = versions
    our_versions, their_versions = _match(base, ours, item_keys), _match(base, theirs, item_keys)
    origins = {index: number for number, index in our_versions.items()}
    their_new = [index for index in range(len(theirs)) if index not in their_versions.values()]
    our_new = [index for index in range(len(ours)) if index not in origins]
    # Items that both sides added count as one if they are about the same.
    pairs = _match([ours[index] for index in our_new], [theirs[index] for index in their_new], item_keys[:1])
    partners = {our_new[number]: their_new[index] for number, index in pairs.items()}
    for index in our_new:
        # A citation without details is the same as one with a quote.
        others = [other for other in their_new if index not in partners and other not in partners.values()]
        is_same = (other for other in others if _is_bare_citation(ours[index], theirs[other]))
        if (partner := next(is_same, None)) is not None:
            partners[index] = partner
    triples: list[tuple[Body | None, Body | None, Body | None]] = []
    for index, item in enumerate(ours):
        origin = origins.get(index)
        partner = partners.get(index) if origin is None else their_versions.get(origin)
        triples.append((_get(base, origin), item, _get(theirs, partner)))
    for number, item in enumerate(base):
        if number not in our_versions:
            triples.append((item, None, _get(theirs, their_versions.get(number))))
    triples += [(None, None, theirs[index]) for index in their_new if index not in partners.values()]
    return triples


def _match(old: Sequence[Body], new: Sequence[Body], item_keys: ItemKeys) -> dict[int, int]:
    """Return the index of the new version of each old item: an equal one first, then by the keys in order."""
    matches: dict[int, int] = {}
    for item_key in (dict, *item_keys):
        free = [index for index in range(len(new)) if index not in matches.values()]
        for number in [number for number in range(len(old)) if number not in matches]:
            key = item_key(old[number])
            if (found := next((index for index in free if item_key(new[index]) == key), None)) is not None:
                matches[number] = found
                free.remove(found)
    return matches


def _is_bare_citation(item: Body, other: Body) -> bool:
    """Return whether two items cite one source, and one of them has no details."""
    return "id" in item and item["id"] == other.get("id") and 1 in (len(item), len(other))


def _details(*names: str) -> Callable[[Body], Any]:
    return lambda item: [item.get(name) for name in names]


_FIGURE_KEYS: ItemKeys = (
    _details("of", "holder", "period", "basis", "source"),
    _details("of", "holder"),
    _details("of"),
    _details(),
)
_CITATION_KEYS: ItemKeys = (_details("id", "quote"), _details("id"))


def _get(items: Sequence[Body], index: int | None) -> Body | None:
    return None if index is None else items[index]


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _as_table(item: Any, main_key: str) -> Body:
    return item if isinstance(item, dict) else {main_key: item}
