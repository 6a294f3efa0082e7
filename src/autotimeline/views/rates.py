"""`figures --per`: figures as rates over one period, and how they changed."""

from collections.abc import Iterator, Sequence
from typing import Any

from autotimeline.query.selection import Selection
from autotimeline.render.text_layout import Block, Piece
from autotimeline.reports.figures import FIGURE_FIELDS, stated_figures
from autotimeline.reports.rates import Rate, compute_rates, parse_rate_period
from autotimeline.table import Table
from autotimeline.views._event_rows import RowCounter
from autotimeline.views._event_text import actor_terms
from autotimeline.views._figure_rows import FigureLine, draw_figures, figure_columns, stated_pieces

FIELDS = (*FIGURE_FIELDS[:-1], "rate", "rate_low", "rate_high", "change", "before", "why", FIGURE_FIELDS[-1])
DEFAULT_FIELDS = (
    *("metric", "text", "of", "period", "basis", "event", "date", "match", "disputed"),
    *("rate", "change", "before", "why", "holder"),
)


def table(
    selection: Selection, fields: Sequence[str], per: str, metrics: Sequence[str] = (), unit: str | None = None
) -> Table:
    """Return one row of FIELDS per figure with its rate per period (`month`, `year`, …), in the order of dates."""
    counter = RowCounter(selection)
    rates = compute_rates(counter.figures(stated_figures(selection, metrics, unit)), parse_rate_period(per))
    return Table(
        figure_columns(fields),
        map(_row, rates),
        footer=counter.footer,
        drawing=_draw(selection, rates),
        sorted_by="date",
    )


def _row(rate: Rate) -> Sequence[Any]:
    shown = rate.quantity.shown if rate.quantity else None
    previous = rate.previous.figure.event if rate.previous else None
    *cells, holder = rate.figure.cells
    return [*cells, shown, *rate.bounds, rate.change, previous, rate.reason or None, holder]


def _draw(selection: Selection, rates: list[Rate]) -> Iterator[Block]:
    lines: list[FigureLine] = []
    notes_by_metric: dict[str, list[Piece]] = {}
    for rate in sorted(rates, key=lambda rate: bool(rate.reason)):
        figure = rate.figure
        rate_pieces = [(rate.quantity.shown, "figure")] if rate.quantity else []
        as_stated = [] if rate.quantity and figure.text == rate.quantity.shown else stated_pieces(figure)[0]
        lines.append((figure, [rate_pieces, [(text, "") for text, _ in as_stated]], rate.reason))
        if rate.previous:
            actors = ", ".join(actor_terms(selection.names, figure.of, figure.holder))
            comparison = f"{actors}{': ' if actors else ''}{rate.previous.description} against {rate.description}: "
            notes_by_metric.setdefault(figure.metric, []).append([(comparison, ""), (rate.change or "", "figure")])
    return draw_figures(selection.names, lines, notes_by_metric)
