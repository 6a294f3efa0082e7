"""Conversion of values to TOML keys, the inverse of `store.read`; each value has one canonical form."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from autotimeline.dates.edtf import date_to_toml
from autotimeline.dates.span import Span

if TYPE_CHECKING:
    from autotimeline import model


def entity_to_toml(value: model.Actor | model.Source | model.Era | model.StoreHeader) -> dict[str, Any]:
    """Return the keys of a value without its id and without absent keys."""
    return _drop_absent({f.name: _to_toml_value(getattr(value, f.name)) for f in fields(value) if f.name != "id"})


def event_to_toml(event: model.Event) -> dict[str, Any]:
    """Return the keys of an event in canonical order, without absent keys."""
    return _drop_absent(
        {
            "id": event.id,
            "period" if event.throughout else "date": _to_toml_value(event.date),
            "printed": event.printed,
            "known": _to_toml_value(event.known),
            "title": event.title,
            "kind": event.kind,
            "status": event.status if event.status != "happened" else None,
            "reported": event.reported or None,
            "actors": _actors_to_toml(event),
            "places": list(event.places),
            "tags": list(event.tags),
            "figures": _figures_to_toml(event.figures, event),
            "sources": [_citation_to_toml(citation, event) for citation in event.citations],
            "links": _group_ids((link.type, link.event) for link in event.links),
            "accept": dict(event.accept),
            "note": event.note,
        }
    )


def _drop_absent(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value not in (None, [], {}, ())}


def _to_toml_value(value: Any) -> Any:
    if isinstance(value, Span):
        return date_to_toml(value)
    return list(value) if isinstance(value, tuple) else value


def _group_ids(pairs: Any) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, id in pairs:
        groups.setdefault(key, []).append(id)
    return groups


def _actors_to_toml(event: model.Event) -> Any:
    if any(participant.role for participant in event.actors):
        return _group_ids((participant.role, participant.actor) for participant in event.actors)
    return [participant.actor for participant in event.actors]


def _figures_to_toml(figures: tuple[model.Figure, ...], event: model.Event) -> dict[str, Any]:
    by_metric: dict[str, list[Any]] = {}
    for figure in figures:
        keys = _drop_absent(
            {
                "value": figure.quantity.shown if figure.quantity else None,
                "printed": figure.printed,
                "of": figure.of,
                "period": None if figure.period == _default_period(figure, event) else _to_toml_value(figure.period),
                "basis": figure.basis if figure.basis != "actual" else None,
                "source": figure.source,
                "repeats": figure.repeats,
                "note": figure.note,
            }
        )
        value_only = keys.keys() == {"value"}
        by_metric.setdefault(figure.metric, []).append(keys["value"] if value_only else keys)
    return {metric: entries[0] if len(entries) == 1 else entries for metric, entries in by_metric.items()}


def _default_period(figure: model.Figure, event: model.Event) -> Span | None:
    """Return the period of a figure without the key `period`; a repeated figure has the period of the original."""
    return event.date if event.throughout and not figure.repeats else None


def _citation_to_toml(citation: model.Citation, event: model.Event) -> Any:
    keys = _drop_absent(
        {
            "id": citation.source,
            "quote": citation.quote,
            "by": citation.by,
            "date": _to_toml_value(citation.date),
            "status": citation.status,
            "figures": _figures_to_toml(citation.figures, event),
            "note": citation.note,
        }
    )
    return citation.source if keys.keys() == {"id"} else keys
