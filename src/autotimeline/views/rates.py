"""Figures brought to one footing: so much a month, and how that changed."""

from __future__ import annotations

from autotimeline.reports import figures
from autotimeline.reports.figures import stated_figures
from autotimeline.reports.rates import period, rates
from autotimeline.table import Table
from autotimeline.views._figure_rows import columns, draw, stated
from autotimeline.views._row_counter import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.rates import Rate
    from autotimeline.table import Row
    from autotimeline.views._figure_rows import Line

FIELDS = (*figures.FIELDS, "rate", "rate_low", "rate_high", "change", "before", "why")
BRIEF = (
    "metric",
    "text",
    "of",
    "period",
    "basis",
    "event",
    "date",
    "match",
    "disputed",
    "rate",
    "change",
    "before",
    "why",
)


def table(
    selection: Selection, fields: Sequence[str], per: str, metrics: Sequence[str] = (), unit: str | None = None
) -> Table:
    """Return a row of FIELDS per figure with its rate over a period (see `reports.rates`), in the order of dates."""
    found = rates(stated_figures(selection, metrics, unit), period(per))
    tally = Tally(selection)
    for rate in found:
        tally.count(rate.figure.match)
    return Table(
        columns(fields),
        map(_row, found),
        footer=tally.footer,
        draw=lambda paper: _draw(selection, found, paper),
        order="date",
    )


def _row(rate: Rate) -> Row:
    shown = rate.quantity.shown if rate.quantity else None
    before = rate.before.figure.event if rate.before else None
    return [*rate.figure.cells, shown, rate.low, rate.high, rate.change, before, rate.why or None]


def _draw(selection: Selection, found: list[Rate], paper: Paper) -> Iterator[str]:
    lines: list[Line] = []
    below: dict[str, list[Piece]] = {}
    for rate in sorted(found, key=lambda rate: bool(rate.why)):
        figure = rate.figure
        lead = [(rate.quantity.shown, "figure")] if rate.quantity else []
        as_stated = [] if rate.quantity and figure.text == rate.quantity.shown else stated(figure)[0]
        lines.append((figure, [lead, [(text, "") for text, _ in as_stated]], rate.why))
        if rate.before:
            owner = f"{selection.names.actor(figure.of)}: " if figure.of else ""
            told = f"{owner}{rate.before.told} against {rate.told}: "
            below.setdefault(figure.metric, []).append([(told, ""), (rate.change or "", "figure")])
    return draw(paper, selection.names, lines, below)
