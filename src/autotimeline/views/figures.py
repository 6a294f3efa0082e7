"""`figures`: one row per figure, as its source states it, with bounds, actors, period, and sources."""

from __future__ import annotations

from autotimeline.reports.figures import FIGURE_FIELDS, stated_figures
from autotimeline.table import Table
from autotimeline.views._event_rows import RowCounter
from autotimeline.views._figure_rows import (
    converted_pieces,
    draw_figures,
    figure_columns,
    rate_ids,
    rate_notes,
    stated_pieces,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.reports.figures import StatedFigure
    from autotimeline.table import TableRow

    # A figure, and the reason why it is not converted ("" if it is, or needs no conversion).
    _ConvertedLine = tuple[StatedFigure, str]

FIELDS = FIGURE_FIELDS
DEFAULT_FIELDS = (
    *("metric", "text", "of", "period", "basis", "event", "date", "match", "claimed", "disputed", "holder"),
)


def arrange_fields(fields: Sequence[str], into: str = "", **_: Any) -> tuple[str, ...]:
    """Return the fields, and those of a conversion if amounts are converted."""
    return (*fields, *(("converted", "converted_low", "converted_high", "rates", "why") if into else ()))


def table(
    selection: Selection, fields: Sequence[str], metrics: Sequence[str] = (), unit: str | None = None, into: str = ""
) -> Table:
    """Return one row of FIELDS per figure of these metrics (all if empty) in this unit, in the order of dates.

    Amounts are converted to the currency `into`, if one is given.
    """
    counter = RowCounter(selection)
    # An unknown metric or unit is an error now, not when the first row is read.
    figures = counter.figures(stated_figures(selection, metrics, unit))
    if not into:
        return Table(
            figure_columns(fields),
            (figure.cells for figure in figures),
            footer=counter.footer,
            drawing=draw_figures(selection.names, ((figure, stated_pieces(figure), "") for figure in figures)),
            sorted_by="date",
        )
    lines = list(_convert(selection, figures, into))
    return Table(
        figure_columns(fields),
        map(_converted_row, lines),
        footer=lambda: [*counter.footer(), *rate_notes(figure for figure, _ in lines)],
        drawing=draw_figures(selection.names, ((figure, converted_pieces(figure), reason) for figure, reason in lines)),
        sorted_by="date",
    )


def _convert(selection: Selection, figures: Iterator[StatedFigure], into: str) -> Iterator[_ConvertedLine]:
    from autotimeline.reports.exchange import CurrencyConverter

    converter = CurrencyConverter(selection, into)
    for figure in figures:
        converted = converter.convert(figure)
        yield (figure, converted) if isinstance(converted, str) else (converted, "")


def _converted_row(line: _ConvertedLine) -> TableRow:
    from autotimeline.reports.exchange import ConvertedFigure

    figure, reason = line
    quantity = figure.quantity if isinstance(figure, ConvertedFigure) else None
    numbers = [quantity.shown, quantity.low, quantity.high] if quantity else [None, None, None]
    return [*figure.cells, *numbers, rate_ids([figure]), reason or None]
