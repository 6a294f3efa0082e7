"""Conversion of values to keys of a store, the inverse of `store.parse`; each value has one canonical form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autotimeline import model
from autotimeline.dates.edtf import date_to_toml
from autotimeline.dates.span import Span
from autotimeline.keys import CITATION, EVENT, FIGURE, KEYS, Key
from autotimeline.store.own_period import without_own_period


def entry_to_toml(kind: str, value: Any) -> dict[str, Any]:
    """Return the keys of an entry in canonical order, without absent keys; only an event has its id among them."""
    return _to_toml(KEYS[kind], entry_values(kind, value))


def event_to_toml(event: model.Event) -> dict[str, Any]:
    """Return the keys of an event in canonical order, without absent keys."""
    return entry_to_toml("event", event)


def explicit_defaults(event: model.Event, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys in the body of an event that have their default value, and that `event_to_toml` leaves out."""
    return {
        name: key.default
        for name, key in EVENT.items()
        if key.default is not None and body.get(name) is not None and getattr(event, key.attribute) == key.default
    }


def entry_values(kind: str, value: Any) -> dict[str, Any]:
    """Return the values of an entry by key, in order; absent ones are None or empty.

    The figures of an event that lasted have a period only if it is not the event's own.
    """
    if kind == "alias":
        return {"query": value}
    if kind != "event":
        return _values(KEYS[kind], value)
    values = {**_values(EVENT, without_own_period(value)), **value.texts}
    values["date" if value.throughout else "period"] = None
    return values


def _values(keys: Mapping[str, Key], value: Any) -> dict[str, Any]:
    return {name: getattr(value, key.attribute, None) for name, key in keys.items() if key.attribute}


def _to_toml(keys: Mapping[str, Key], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _CONVERTERS[key.type](value) if key.type in _CONVERTERS else _plain_to_toml(value)
        for name, key in keys.items()
        if (value := values.get(name)) not in (None, (), {}, key.default)
    }


def _plain_to_toml(value: Any) -> Any:
    if isinstance(value, Span):
        return date_to_toml(value)
    return list(value) if isinstance(value, tuple) else value


def as_list(value: Any) -> list[Any]:
    """Return a new list of the items of a value that may be one item, a list, or None."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def group_by_key(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    """Return the values of (key, value) pairs by key, in the order of the first pairs."""
    groups: dict[Any, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _actors_to_toml(participants: tuple[model.Participant, ...]) -> Any:
    if any(participant.role for participant in participants):
        return group_by_key((participant.role, participant.actor) for participant in participants)
    return [participant.actor for participant in participants]


def _figures_to_toml(figures: tuple[model.Figure, ...]) -> dict[str, Any]:
    tables = group_by_key((figure.metric, _to_toml(FIGURE, _values(FIGURE, figure))) for figure in figures)
    return {metric: collapse_tables(bodies, "value") for metric, bodies in tables.items()}


def _citations_to_toml(citations: tuple[model.Citation, ...]) -> list[Any]:
    bodies = (_to_toml(CITATION, _values(CITATION, citation)) for citation in citations)
    return [collapse_table(keys, "id") for keys in bodies]


def collapse_table(body: dict[str, Any], main_key: str) -> Any:
    """Return the value of the main key of a table if it has no other, else the table."""
    return body[main_key] if body.keys() == {main_key} else body


def collapse_tables(bodies: Sequence[dict[str, Any]], main_key: str) -> Any:
    """Return tables in the shortest form: one without a list, and one with only the main key as its value."""
    items = [collapse_table(body, main_key) for body in bodies]
    return items[0] if len(items) == 1 else items


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "quantity": lambda quantity: quantity.shown,
    "factor": lambda quantity: quantity.shown,
    "actors": _actors_to_toml,
    "figures": _figures_to_toml,
    "citations": _citations_to_toml,
    "links": lambda links: group_by_key((link.type, link.event) for link in links),
    "reasons": dict,
}
