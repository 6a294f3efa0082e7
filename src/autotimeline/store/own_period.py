"""The period of an event is that of its figures: a store does not repeat it, and the model has it."""

from collections.abc import Callable
from dataclasses import replace

from autotimeline.model import Event, Figure


def with_own_period(event: Event) -> Event:
    """Return an event whose figures have its period, unless they have one themselves or repeat another figure."""

    def complete(figure: Figure) -> Figure:
        return figure if figure.period or figure.repeats else replace(figure, period=event.date)

    return _map_figures(event, complete) if event.throughout else event


def without_own_period(event: Event) -> Event:
    """Return the inverse of `with_own_period`."""

    def reduce(figure: Figure) -> Figure:
        return figure if figure.repeats or figure.period != event.date else replace(figure, period=None)

    return _map_figures(event, reduce) if event.throughout else event


def _map_figures(event: Event, convert: Callable[[Figure], Figure]) -> Event:
    citations = tuple(
        replace(citation, figures=tuple(map(convert, citation.figures))) if citation.figures else citation
        for citation in event.citations
    )
    return replace(event, figures=tuple(map(convert, event.figures)), citations=citations)
