"""Conversion of values to keys of a store, the inverse of `store.parse`; each value has one canonical form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline import model
from autotimeline.dates.span import Span
from autotimeline.keys import CITATION, EVENT, FIGURE, KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from autotimeline.keys import Key


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
    values = {**_values(EVENT, model.without_own_period(value)), **value.texts}
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
        return value.edtf
    return list(value) if isinstance(value, tuple) else value


def _group_ids(pairs: Iterable[tuple[Any, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, id in pairs:
        groups.setdefault(key, []).append(id)
    return groups


def _actors_to_toml(participants: tuple[model.Participant, ...]) -> Any:
    if any(participant.role for participant in participants):
        return _group_ids((participant.role, participant.actor) for participant in participants)
    return [participant.actor for participant in participants]


def _figures_to_toml(figures: tuple[model.Figure, ...]) -> dict[str, Any]:
    by_metric: dict[str, list[Any]] = {}
    for figure in figures:
        keys = _to_toml(FIGURE, _values(FIGURE, figure))
        by_metric.setdefault(figure.metric, []).append(collapse_table(keys, "value"))
    return {metric: entries[0] if len(entries) == 1 else entries for metric, entries in by_metric.items()}


def _citations_to_toml(citations: tuple[model.Citation, ...]) -> list[Any]:
    bodies = (_to_toml(CITATION, _values(CITATION, citation)) for citation in citations)
    return [collapse_table(keys, "id") for keys in bodies]


def collapse_table(keys: dict[str, Any], main_key: str) -> Any:
    """Return the value of the main key of a table if it has no other, else the table."""
    return keys[main_key] if keys.keys() == {main_key} else keys


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "quantity": lambda quantity: quantity.shown,
    "actors": _actors_to_toml,
    "figures": _figures_to_toml,
    "citations": _citations_to_toml,
    "links": lambda links: _group_ids((link.type, link.event) for link in links),
    "reasons": dict,
}
