"""What differs between two stores, fact by fact: by what is meant, not by where or how it is written.

A fact is the head of a store, a source, an actor, an era, an alias or an event. Its fields are the keys that a
store has for it; a list is a set of items, whatever their order.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from itertools import starmap
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from autotimeline import model
from autotimeline.dates.span import Span
from autotimeline.index.cell_text import flat, flat_actor, flat_link
from autotimeline.store import read
from autotimeline.text import listed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from autotimeline.query.selection import Selection

    # By field, in one order for each kind, what a fact says there: a value or None, or a tuple of items.
    Said = dict[str, Any]
    # The new id of what has another one now, by kind and old id.
    Ids = dict[tuple[str, str], str]
    # A fact of the old store and of the new one; None where that has none.
    Pair = tuple["_Fact | None", "_Fact | None"]

_KINDS = ("source", "actor", "era", "alias", "event")
# What of a fact is an id, and of what.
_NAMES = {"actor": "actor", "of": "actor", "by": "actor", "part_of": "actor", "source": "source"}
_NAMES |= {"event": "event", "repeats": "event"}


class Change(NamedTuple):
    """One thing that is different: the fields of a row.

    `field` `id` is the fact itself: added, removed, or renamed. `old` and `new` are what the field or the item of it
    said, None where it said nothing: a text, True, or the record of an item (see `_cell`). `date` and `title` are
    those of the fact, as shown, of the new store where it has it.
    """

    kind: str
    id: str | None
    field: str
    change: str
    old: Any
    new: Any
    date: str | None
    title: str | None


class _Fact(NamedTuple):
    id: str
    body: str
    date: str | None
    title: str | None

    @property
    def nameless(self) -> str:
        """What it says apart from its id, to be compared."""
        return self.body.removeprefix(f'{{"id": "{self.id}"')


def changes(old: Selection, new: Selection) -> Iterator[Change]:
    """Yield what differs from the old store to the new one, in the order of kinds, ids, fields and items.

    A fact whose id alone is another one is renamed, where no second one says the same. What names it by its new id
    is no different for that.
    """
    if old.title() != new.title():
        titles = old.title(), new.title()
        yield Change("store", None, "title", _change(*titles), *titles, None, titles[1] or titles[0])
    ids: Ids = {}
    differing = [(kind, list(_matched(kind, old.db, new.db, ids))) for kind in _KINDS]
    for kind, pairs in differing:
        found = [(fact, was, now) for was, now in pairs if (fact := now or was)]
        for fact, was, now in sorted(found, key=lambda sides: sides[0].id):
            for change in _compared(_said(kind, was), _said(kind, now), ids):
                yield Change(kind, fact.id, *change, fact.date, fact.title)


def _facts(db: sqlite3.Connection, kind: str) -> Iterator[_Fact]:
    """Yield the facts of a kind in the order of their ids."""
    if kind == "event":
        rows = db.execute(
            "SELECT e.id, d.body, e.date, e.title FROM event e JOIN detail d ON d.event = e.n ORDER BY e.id"
        )
        return map(_Fact._make, rows)
    title = "NULL" if kind == "alias" else "name"
    rows = db.execute(f"SELECT id, body, date, {title} FROM entity WHERE kind = ? ORDER BY id", (kind,))
    return map(_Fact._make, rows)


def _differing(old: Iterator[_Fact], new: Iterator[_Fact]) -> Iterator[Pair]:
    """Yield (old, new) of the facts whose bodies differ, None where a side has none; both sides in order of id."""
    was, now = next(old, None), next(new, None)
    while was or now:
        if now is None or (was and was.id < now.id):
            yield was, None
            was = next(old, None)
        elif was is None or now.id < was.id:
            yield None, now
            now = next(new, None)
        else:
            if was.body != now.body:
                yield was, now
            was, now = next(old, None), next(new, None)


def _matched(kind: str, old: sqlite3.Connection, new: sqlite3.Connection, ids: Ids) -> Iterator[Pair]:
    """Yield the facts of a kind that differ, one that has another id now as one; note the new ids in `ids`."""
    pairs = list(_differing(_facts(old, kind), _facts(new, kind)))
    gone = _alone((was.nameless, was) for was, now in pairs if was and not now)
    came = _alone((now.nameless, now) for was, now in pairs if now and not was)
    for was, now in pairs:
        if was and not now and was.nameless in came and was.nameless in gone:
            ids[kind, was.id] = came[was.nameless].id
            yield was, came[was.nameless]
        elif was or (now and not (now.nameless in gone and now.nameless in came)):
            yield was, now


def _alone(keyed: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return, by its key, each item that shares it with no other."""
    found = list(keyed)
    times = Counter(key for key, _ in found)
    return {key: item for key, item in found if times[key] == 1}


def _said(kind: str, fact: _Fact | None) -> Said:
    if fact is None:
        return {}
    body = json.loads(fact.body)
    if kind == "event":
        return _event(read.event(body))
    value = read.entity(kind, fact.id, body)
    if kind == "alias":
        return {"id": fact.id, "query": value}
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _event(event: model.Event) -> Said:
    own = event.date if event.throughout else None

    def plain(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
        # The period that a figure has from its event is the event's to tell.
        return tuple(replace(figure, period=None) if figure.period == own else figure for figure in figures)

    return {
        "id": event.id,
        "date": None if event.throughout else event.date,
        "period": own,
        "printed": event.printed,
        "known": event.known,
        "title": event.title,
        "kind": event.kind,
        "status": event.status,
        "reported": event.reported or None,
        "actors": event.actors,
        "places": event.places,
        "tags": event.tags,
        "figures": plain(event.figures),
        "sources": tuple(replace(citation, figures=plain(citation.figures)) for citation in event.citations),
        "links": event.links,
        "accept": tuple(starmap(Accepted, event.accept.items())),
        "note": event.note,
    }


def _compared(old: Said, new: Said, ids: Ids) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield (field, change, old, new) of what two sayings of one fact do not share, in the order of the fields."""
    for field in new or old:
        was, now = old.get(field), new.get(field)
        if isinstance(was, tuple) or isinstance(now, tuple):
            yield from _items(field, was or (), now or (), ids)
        elif was != now:
            change = "renamed" if field == "id" and was and now else _change(was, now)
            yield field, change, _cell(was), _cell(now)


def _change(old: Any, new: Any) -> str:
    return "added" if old is None else "removed" if new is None else "changed"


def _items(field: str, old: tuple[Any, ...], new: tuple[Any, ...], ids: Ids) -> Iterator[tuple[str, str, Any, Any]]:
    if old == new:
        return
    # An old item by the ids of today, and as it was.
    before = [(_renamed(item, ids, field), item) for item in old]
    shared = Counter(_meaning(item) for item, _ in before) & Counter(map(_meaning, new))
    gone = list(_without(before, shared, lambda pair: pair[0]))
    came = list(_without(new, shared, lambda item: item))
    pairs = []
    for key in _KEYS.get(type((old or new)[0]) if old or new else None, ()):
        successors = _alone((key(item), item) for item in came)
        for alike, one in _alone((key(pair[0]), pair) for pair in gone).items():
            if alike in successors:
                pairs.append((one[1], successors[alike]))
                gone.remove(one)
                came.remove(successors[alike])
    pairs += [(item, None) for _, item in gone] + [(None, item) for item in came]
    cells = [(_cell(was), _cell(now)) for was, now in pairs]
    for was, now in sorted(cells, key=lambda cell: [text(side) for side in cell if side is not None]):
        yield field, _change(was, now), was, now


def _without(items: Iterable[Any], shared: Counter[Any], item: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield the items but those that are shared, each as often as it is."""
    left = shared.copy()
    for one in items:
        meaning = _meaning(item(one))
        if left[meaning]:
            left[meaning] -= 1
        else:
            yield one


def _meaning(item: Any) -> Any:
    """Return what two items share that mean the same; dates and quantities are equal by meaning themselves."""
    if isinstance(item, model.Citation):
        return replace(item, figures=()), frozenset(Counter(item.figures).items())
    return item


def _renamed(value: Any, ids: Ids, name: str) -> Any:
    """Return a value of that name with the ids of today in it."""
    if not ids:
        return value
    if isinstance(value, tuple):
        return tuple(_renamed(item, ids, name) for item in value)
    if name in _NAMES:
        return ids.get((_NAMES[name], value), value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _renamed(getattr(value, f.name), ids, f.name) for f in fields(value)})
    return value


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that an event accepts: by which rule, and why."""

    rule: str
    reason: str


# What makes two items one that has changed: where each is the only one left of its store that has this.
_KEYS: dict[Any, tuple[Callable[[Any], Any], ...]] = {
    model.Participant: (attrgetter("actor"),),
    model.Figure: (attrgetter("metric", "of", "period", "basis"), attrgetter("metric", "of"), attrgetter("metric")),
    model.Citation: (attrgetter("source"),),
    model.Link: (attrgetter("event"),),
    Accepted: (attrgetter("rule"),),
}


def _cell(value: Any) -> Any:
    """Return what a field or an item of it says as a cell: a text, True, or a record (docs/contract.md)."""
    if isinstance(value, Span):
        return value.shown
    if isinstance(value, model.Participant):
        return {"id": value.actor, "role": value.role}
    if isinstance(value, model.Figure):
        return {
            "metric": value.metric,
            "text": value.text,
            "printed": value.printed if value.quantity else None,
            "of": value.of,
            "period": _cell(value.period),
            "basis": value.basis,
            "source": value.source,
            "repeats": value.repeats,
            "note": value.note,
        }
    if isinstance(value, model.Citation):
        return {
            "id": value.source,
            "quote": value.quote,
            "by": value.by,
            "date": _cell(value.date),
            "status": value.status,
            "figures": sorted(map(_cell, value.figures), key=text),
            "note": value.note,
        }
    return asdict(value) if isinstance(value, model.Link | Accepted) else value


def text(cell: Any) -> str:
    """Return a cell of `old` or `new` as one text; a record as `columns` flattens those of an event."""
    if not isinstance(cell, dict):
        return "true" if cell is True else str(cell)
    if "type" in cell:
        return flat_link(cell)
    if "role" in cell:
        return flat_actor(cell)
    more = dict(cell)
    head = more.pop(next(iter(cell)))
    if "metric" in cell:
        head = f"{head}={more.pop('text')}"
        more["basis"] = None if cell["basis"] == "actual" else cell["basis"]
    elif "figures" in cell:
        more["figures"] = listed(map(text, cell["figures"]))
    return flat(head, **more)
