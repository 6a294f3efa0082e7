"""`figures`: one row per figure, as its source states it, with bounds, actors, period, and sources."""

from __future__ import annotations

from autotimeline.reports.figures import FIGURE_FIELDS, stated_figures
from autotimeline.table import Table
from autotimeline.views._event_rows import RowCounter
from autotimeline.views._figure_rows import draw_figures, figure_columns, stated_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.selection import Selection

FIELDS = FIGURE_FIELDS
DEFAULT_FIELDS = (
    *("metric", "text", "of", "period", "basis", "event", "date", "match", "claimed", "disputed", "holder"),
)


def table(selection: Selection, fields: Sequence[str], metrics: Sequence[str] = (), unit: str | None = None) -> Table:
    """Return one row of FIELDS per figure of these metrics (all if empty) in this unit, in the order of dates."""
    counter = RowCounter(selection)
    # An unknown metric or unit is an error now, not when the first row is read.
    figures = counter.figures(stated_figures(selection, metrics, unit))
    return Table(
        figure_columns(fields),
        (figure.cells for figure in figures),
        footer=counter.footer,
        drawing=draw_figures(selection.names, ((figure, stated_pieces(figure), "") for figure in figures)),
        sorted_by="date",
    )
