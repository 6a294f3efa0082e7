"""A value as the TOML keys that say it: the inverse of `store.read`, in one canonical form."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from autotimeline.dates.span import Span

if TYPE_CHECKING:
    from autotimeline import model


def body(value: model.Actor | model.Source | model.Era | model.Store) -> dict[str, Any]:
    """Return the keys of an actor, source, era or head of a store, without its id; absent values are left out."""
    return _present({f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name != "id"})


def event_body(event: model.Event) -> dict[str, Any]:
    """Return the keys of an event, in the order in which the design writes them."""
    return _present(
        {
            "id": event.id,
            "period" if event.throughout else "date": _plain(event.date),
            "printed": event.printed,
            "known": _plain(event.known),
            "title": event.title,
            "kind": event.kind,
            "status": event.status if event.status != "happened" else None,
            "reported": event.reported or None,
            "actors": _actors(event),
            "places": list(event.places),
            "tags": list(event.tags),
            "figures": _figures(event.figures, event),
            "sources": [_citation(citation, event) for citation in event.citations],
            "links": _grouped((link.type, link.event) for link in event.links),
            "accept": dict(event.accept),
            "note": event.note,
        }
    )


def _present(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value not in (None, [], {}, ())}


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return value.edtf
    return list(value) if isinstance(value, tuple) else value


def _grouped(pairs: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, id in pairs:
        found.setdefault(key, []).append(id)
    return found


def _actors(event: model.Event) -> Any:
    if any(participant.role for participant in event.actors):
        return _grouped((participant.role, participant.actor) for participant in event.actors)
    return [participant.actor for participant in event.actors]


def _figures(figures: tuple[model.Figure, ...], event: model.Event) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for figure in figures:
        keys = _present(
            {
                "value": figure.quantity.shown if figure.quantity else None,
                "printed": figure.printed,
                "of": figure.of,
                "period": None if figure.period == _default(figure, event) else _plain(figure.period),
                "basis": figure.basis if figure.basis != "actual" else None,
                "source": figure.source,
                "repeats": figure.repeats,
                "note": figure.note,
            }
        )
        alone = keys.keys() == {"value"}
        found.setdefault(figure.metric, []).append(keys["value"] if alone else keys)
    return {metric: several[0] if len(several) == 1 else several for metric, several in found.items()}


def _default(figure: model.Figure, event: model.Event) -> Span | None:
    """Return the period of a figure that names none; what repeats another figure has that one's."""
    return event.date if event.throughout and not figure.repeats else None


def _citation(citation: model.Citation, event: model.Event) -> Any:
    keys = _present(
        {
            "id": citation.source,
            "quote": citation.quote,
            "by": citation.by,
            "date": _plain(citation.date),
            "status": citation.status,
            "figures": _figures(citation.figures, event),
            "note": citation.note,
        }
    )
    return citation.source if keys.keys() == {"id"} else keys
