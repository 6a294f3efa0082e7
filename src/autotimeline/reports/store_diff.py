"""The changes between two stores; files, order, and spelling are ignored.

A fact is the head of a store, an entity (a source, an actor, …), an alias, or an event. Its fields are its keys in the
store; lists are compared as sets.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from itertools import starmap
from operator import attrgetter
from typing import Any, NamedTuple

from autotimeline import model
from autotimeline.dates.span import Span
from autotimeline.engines.database import Database
from autotimeline.keys import CITATION, FIGURE, KEYS, Key
from autotimeline.quantities.quantity import Quantity
from autotimeline.query.selection import Selection
from autotimeline.schema import KINDS
from autotimeline.store import read
from autotimeline.store.serialize import entry_values
from autotimeline.table import actor_to_text, link_to_text, record_to_text
from autotimeline.text import join_items

# The fields of a fact, in one order for each kind: a value, None, or a tuple of items.
FieldValues = dict[str, Any]
# The new ids of renamed facts by kind and old id.
NewIds = dict[tuple[str, str], str]
# A fact in the old store and in the new one, None if it is missing there.
FactPair = tuple["_StoredFact | None", "_StoredFact | None"]

# The attributes that contain ids, and the kinds of these ids.
_ID_KINDS = {key.attribute: key.refers for keys in (*KEYS.values(), CITATION, FIGURE) for key in keys.values()}
_ID_KINDS |= {"actor": "actor", "event": "event"}


class Change(NamedTuple):
    """One change, with the fields of its row.

    If `field` is "id", the whole fact was added, removed, or renamed. `old` and `new` are the value of the field or of
    one of its items: a text, True, a record (see `_to_cell`), or None. `date` and `title` are from the new store if it
    has the fact.
    """

    kind: str
    id: str | None
    field: str
    change: str
    old: Any
    new: Any
    date: str | None
    title: str | None


class _StoredFact(NamedTuple):
    id: str
    body: str
    date: str | None
    title: str | None

    @property
    def body_without_id(self) -> str:
        """The JSON of all other keys, which renamed facts have in common."""
        return self.body.removeprefix(f'{{"id": "{self.id}"')


def diff_stores(old: Selection, new: Selection) -> Iterator[Change]:
    """Yield the changes from the old store to the new one, in the order of kinds, ids, fields, and items.

    A fact is renamed if only its id differs, and no second fact has the same keys. References that follow a renamed id
    are not changes.
    """
    if old.catalog.title() != new.catalog.title():
        titles = old.catalog.title(), new.catalog.title()
        yield Change("store", None, "title", _change_type(*titles), *titles, None, titles[1] or titles[0])
    ids: NewIds = {}
    differing = [(kind, list(_match_renamed(kind, old.db, new.db, ids))) for kind in KINDS[1:]]
    for kind, pairs in differing:
        facts = [(fact, old_fact, new_fact) for old_fact, new_fact in pairs if (fact := new_fact or old_fact)]
        for fact, old_fact, new_fact in sorted(facts, key=lambda sides: sides[0].id):
            for change in _compare_fields(_field_values(kind, old_fact), _field_values(kind, new_fact), ids):
                yield Change(kind, fact.id, *change, fact.date, fact.title)


def _read_facts(db: Database, kind: str) -> Iterator[_StoredFact]:
    """Yield the facts of a kind in the order of their ids."""
    if kind == "event":
        rows = db.execute(
            "SELECT e.id, d.body, e.date, e.title FROM event e JOIN detail d ON d.event = e.number ORDER BY e.id"
        )
        return map(_StoredFact._make, rows)
    title = "NULL" if kind == "alias" else "name"
    rows = db.execute(f"SELECT id, body, date, {title} FROM entity WHERE kind = ? ORDER BY id", (kind,))
    return map(_StoredFact._make, rows)


def _differing_pairs(old: Iterator[_StoredFact], new: Iterator[_StoredFact]) -> Iterator[FactPair]:
    """Yield (old, new) of the facts whose bodies differ, None where a side has none; both sides in order of id."""
    old_fact, new_fact = next(old, None), next(new, None)
    while old_fact or new_fact:
        if new_fact is None or (old_fact and old_fact.id < new_fact.id):
            yield old_fact, None
            old_fact = next(old, None)
        elif old_fact is None or new_fact.id < old_fact.id:
            yield None, new_fact
            new_fact = next(new, None)
        else:
            if old_fact.body != new_fact.body:
                yield old_fact, new_fact
            old_fact, new_fact = next(old, None), next(new, None)


def _match_renamed(kind: str, old: Database, new: Database, ids: NewIds) -> Iterator[FactPair]:
    """Yield the pairs of a kind that differ, with renamed facts paired; add the new ids to `ids`."""
    pairs = list(_differing_pairs(_read_facts(old, kind), _read_facts(new, kind)))
    removed = _unique_by_key((fact.body_without_id, fact) for fact, new_fact in pairs if fact and not new_fact)
    added = _unique_by_key((fact.body_without_id, fact) for old_fact, fact in pairs if fact and not old_fact)
    renamed = removed.keys() & added.keys()
    for old_fact, new_fact in pairs:
        if (old_fact and new_fact) or (old_fact or new_fact).body_without_id not in renamed:  # type: ignore[union-attr]  # one exists
            yield old_fact, new_fact
        elif old_fact:
            new_fact = added[old_fact.body_without_id]
            ids[kind, old_fact.id] = new_fact.id
            yield old_fact, new_fact


def _unique_by_key(keyed: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return by key the items whose key is unique."""
    entries = list(keyed)
    key_counts = Counter(key for key, _ in entries)
    return {key: item for key, item in entries if key_counts[key] == 1}


def _field_values(kind: str, fact: _StoredFact | None) -> FieldValues:
    if fact is None:
        return {}
    values = entry_values(kind, read.entry_from_body(kind, fact.id, json.loads(fact.body)))
    if kind == "event":
        values["reported"] = values["reported"] or None
        values["accept"] = tuple(starmap(AcceptedFinding, values["accept"].items()))
    return {"id": fact.id, **values}


def _compare_fields(old: FieldValues, new: FieldValues, ids: NewIds) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield (field, change, old, new) for each difference between two versions of a fact, in the order of fields."""
    for field in new or old:
        old_value, new_value = old.get(field), new.get(field)
        if isinstance(old_value, tuple) or isinstance(new_value, tuple):
            yield from _compare_items(field, old_value or (), new_value or (), ids)
        elif old_value != new_value:
            change = "renamed" if field == "id" and old_value and new_value else _change_type(old_value, new_value)
            yield field, change, _to_cell(old_value), _to_cell(new_value)


def _change_type(old: Any, new: Any) -> str:
    return "added" if old is None else "removed" if new is None else "changed"


def _compare_items(
    field: str, old: tuple[Any, ...], new: tuple[Any, ...], ids: NewIds
) -> Iterator[tuple[str, str, Any, Any]]:
    if old == new:
        return
    # Pairs: an old item with new ids, and unchanged.
    renamed_items = [(_with_new_ids(item, ids, field), item) for item in old]
    shared = Counter(_comparison_key(item) for item, _ in renamed_items) & Counter(map(_comparison_key, new))
    removed = list(_remove_shared(renamed_items, shared, lambda pair: pair[0]))
    added = list(_remove_shared(new, shared, lambda item: item))
    pairs = []
    for key in _MATCH_KEYS.get(type((old or new)[0]), ()):
        successors = _unique_by_key((key(item), item) for item in added)
        for shared_key, old_item in _unique_by_key((key(pair[0]), pair) for pair in removed).items():
            if shared_key in successors:
                pairs.append((old_item[1], successors[shared_key]))
                removed.remove(old_item)
                added.remove(successors[shared_key])
    pairs += [(item, None) for _, item in removed] + [(None, item) for item in added]
    cells = [(_to_cell(old_item), _to_cell(new_item)) for old_item, new_item in pairs]
    for sides in sorted(cells, key=lambda cell: [change_to_text(side) for side in cell if side is not None]):
        yield field, _change_type(*sides), *sides


def _remove_shared(items: Iterable[Any], shared: Counter[Any], get_item: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield the items that are not shared; an item is shared only as often as `shared` counts it."""
    remaining = shared.copy()
    for entry in items:
        key = _comparison_key(get_item(entry))
        if remaining[key]:
            remaining[key] -= 1
        else:
            yield entry


def _comparison_key(item: Any) -> Any:
    """Return a key that items of equal meaning share; dates and quantities compare by meaning themselves."""
    if isinstance(item, model.Citation):
        return replace(item, figures=()), frozenset(Counter(item.figures).items())
    return item


def _with_new_ids(value: Any, ids: NewIds, field: str) -> Any:
    """Return the value of a field with renamed ids replaced."""
    if not ids:
        return value
    if isinstance(value, tuple):
        return tuple(_with_new_ids(item, ids, field) for item in value)
    if isinstance(value, str):
        return ids.get((_ID_KINDS.get(field, ""), value), value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _with_new_ids(getattr(value, f.name), ids, f.name) for f in fields(value)})
    return value


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding of a rule that an event accepts, and the reason."""

    rule: str
    reason: str


# What a changed item has in common with its old version, if it is the only remaining item of its store that has it.
_MATCH_KEYS: dict[Any, tuple[Callable[[Any], Any], ...]] = {
    model.Participant: (attrgetter("actor"),),
    model.Figure: tuple(
        attrgetter("metric", *keys) for keys in (("of", "holder", "period", "basis"), ("of", "holder"), ("of",), ())
    ),
    model.Citation: (attrgetter("source"),),
    model.Link: (attrgetter("event"),),
    AcceptedFinding: (attrgetter("rule"),),
}


def _to_cell(value: Any) -> Any:
    """Return a field or an item of it as a cell: a text, True, or a record (docs/contract.md)."""
    if isinstance(value, Span | Quantity):
        return value.shown
    if isinstance(value, model.Participant):
        return {"id": value.actor, "role": value.role}
    if isinstance(value, model.Figure):
        cell = {"metric": value.metric, "text": value.text, **_key_cells(FIGURE, value)}
        del cell["value"]
        cell["holder"] = cell.pop("holder")
        return cell if value.quantity else cell | {"printed": None}
    if isinstance(value, model.Citation):
        cells = _key_cells(CITATION, replace(value, figures=()))
        return cells | {"figures": sorted(map(_to_cell, value.figures), key=change_to_text)}
    return asdict(value) if isinstance(value, model.Link | AcceptedFinding) else value


def _key_cells(keys: Mapping[str, Key], value: Any) -> dict[str, Any]:
    return {name: _to_cell(getattr(value, key.attribute)) for name, key in keys.items()}


def change_to_text(cell: Any) -> str:
    """Return a cell of `old` or `new` as text; records read as in CSV."""
    if not isinstance(cell, dict):
        return "true" if cell is True else str(cell)
    if "type" in cell:
        return link_to_text(cell)
    if "role" in cell:
        return actor_to_text(cell)
    fields_left = dict(cell)
    label = fields_left.pop(next(iter(cell)))
    if "metric" in cell:
        label = f"{label}={fields_left.pop('text')}"
        fields_left["basis"] = None if cell["basis"] == "actual" else cell["basis"]
    elif "figures" in cell:
        fields_left["figures"] = join_items(map(change_to_text, cell["figures"]))
    return record_to_text(label, **fields_left)
