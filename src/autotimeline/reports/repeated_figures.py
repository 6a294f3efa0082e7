"""Figures that repeat the figure of another event, in a chain of events to the one that states the number."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from autotimeline.query.selection import Selection

# The identity of a number (metric, event, index in the event), and its metric, subject, and holder.
FigureId = tuple[str, str, int]
_Measure = tuple[str, str | None, str | None]
FigureIds = dict[tuple[_Measure, str], FigureId]


def with_repeated_events(
    figures: list[dict[str, Any]], repeating: dict[str, Any] | None
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the figures of an event, grouped by metric, each with the id of the event that it repeats.

    `repeating` is the field of that name: the keys of the event in the store if any of its figures repeats another.
    """
    repeated_ids = [repeats for _, repeats in _figure_keys(repeating)] if repeating else [None] * len(figures)
    return zip(group_by_metric(figures), repeated_ids, strict=True)


def group_by_metric(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures grouped by metric, as in a store."""
    metrics = dict.fromkeys(figure["metric"] for figure in figures)
    return [figure for metric in metrics for figure in figures if figure["metric"] == metric]


def _figure_keys(body: dict[str, Any]) -> list[tuple[_Measure, str | None]]:
    """Return the measure and the id of the repeated event of each figure in the body of an event."""
    figures = [
        (metric, figure if isinstance(figure, dict) else {})
        for metric, value in body.get("figures", {}).items()
        for figure in (value if isinstance(value, list) else [value])
    ]
    return [((metric, keys.get("of"), keys.get("holder")), keys.get("repeats")) for metric, keys in figures]


def follow_repeats(
    selection: Selection, known_ids: FigureIds, figure_id: FigureId, figure: dict[str, Any], repeats: str | None
) -> FigureId:
    """Return the id of the figure at the end of the chain of repeats; a cycle of repeats has one id.

    `known_ids` caches the results by measure and event.
    """
    metric, id, _ = figure_id
    measure = (metric, figure["of"], figure["holder"])
    visited: set[tuple[_Measure, str]] = set()
    while repeats:
        known_id = known_ids.get((measure, repeats))
        if known_id or repeats == id or (measure, repeats) in visited:
            figure_id = known_id or figure_id
            break
        visited.add((measure, repeats))
        figures = _figure_keys(selection.catalog.event_body(repeats))
        # A snapshot may lack the repeated event: then its id identifies the figure.
        index = next((index for index, other in enumerate(figures) if other[0] == measure), -1)
        figure_id, repeats = (metric, repeats, index), figures[index][1] if index >= 0 else None
    known_ids.update(dict.fromkeys(visited, figure_id))
    return figure_id
