"""The tables of a store as entries: what JSON and TOML share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.importing.records import BadRowError, Entry, Place, Problem
from autotimeline.index.locations import KINDS
from autotimeline.store.entities import READERS
from autotimeline.store.serialize import body as body_of
from autotimeline.store.serialize import event_body
from autotimeline.store.table_reader import ID, Fields, made_of, slug

if TYPE_CHECKING:
    from autotimeline.importing.records import Data

# What says how a file came to be is none of what it says.
_ABOUT = ("snapshot", "csv")


def is_store(tables: dict[str, Any]) -> bool:
    """Whether these are the tables of a store, and not those of something else."""
    known = [key for key in tables if key in KINDS or key in _ABOUT]
    return bool(known) and len(known) == len(tables) and all(isinstance(tables[key], dict | list) for key in known)


def entries(data: Data, tables: dict[str, Any]) -> None:
    """Add the things of a store."""
    for kind in KINDS:
        content = tables.get(kind, {})
        if kind == "event":
            for number, body in enumerate(content or (), 1):
                _event(data, body, Place(data.file, None, number))
        elif kind == "store":
            if content:
                _entity(data, kind, "", content)
        elif not isinstance(content, dict):
            what = "it is no object: write one, with the keys of each by its id"
            data.problems.append(Problem(Place(data.file, named=kind), what))
        else:
            for id, body in content.items():
                _entity(data, kind, id, {"query": body} if kind == "alias" else body)


def _event(data: Data, body: Any, place: Place) -> None:
    try:
        if not isinstance(body, dict):
            raise BadRowError(Problem(place, "it is no object: write one, with the keys of an event"))
        named = Entry("event", str(body.get("id") or ""), {}, place)
        data.entries.append(whole(named.event(_present(body)), place, body, named=bool(named.id)))
    except BadRowError as bad:
        data.problems += bad.problems


def _entity(data: Data, kind: str, id: str, body: Any) -> None:
    place = Place(data.file, named=f'{kind} "{id}"' if id else kind)
    if not isinstance(body, dict):
        data.problems.append(Problem(place, "it is no object: write one, with the keys of a store"))
        return
    fields = Fields(_present(body))
    value = READERS[kind](fields, id)
    if kind != "store" and not ID.fullmatch(id):
        fields.wrong("", made_of(slug(id) or f"my-{kind}"))
    if fields.problems:
        data.problems += (Problem(place, text) for _, text in fields.problems)
    else:
        data.entries.append(thing(kind, id, value, place))


def whole(event: Any, place: Place, body: dict[str, Any], *, named: bool) -> Entry:
    """Return an event, read whole from a body, as an entry; what that spells out counts, defaults too."""
    keys = event_body(event)
    del keys["id"]
    keys |= {key: body[key] for key in ("status", "reported") if body.get(key) is not None}
    return Entry("event", event.id if named else "", keys, place)


def thing(kind: str, id: str, value: Any, place: Place) -> Entry:
    """Return what is no event as an entry."""
    return Entry(kind, id, {"query": value} if kind == "alias" else body_of(value), place)


def _present(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value is not None}
