"""Every number: as its source qualified it, with its bounds, whose it is, when, and who says so."""

from __future__ import annotations

from autotimeline.reports.figures import FIGURE_FIELDS, stated_figures
from autotimeline.table import Table
from autotimeline.views._figure_rows import draw_figures, figure_columns, stated_pieces
from autotimeline.views._row_counter import RowCounter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.reports.figures import StatedFigure

FIELDS = FIGURE_FIELDS
DEFAULT_FIELDS = ("metric", "text", "of", "period", "basis", "event", "date", "match", "claimed", "disputed")


def table(selection: Selection, fields: Sequence[str], metrics: Sequence[str] = (), unit: str | None = None) -> Table:
    """Return a row of FIELDS for each figure of these metrics in this unit, in the order of their events' dates."""
    figures = stated_figures(selection, metrics, unit)

    def counted(figures: Iterator[StatedFigure]) -> Iterator[StatedFigure]:
        counter = RowCounter(selection)
        result.footer = counter.footer
        for figure in figures:
            counter.count_row(figure.match)
            yield figure

    def draw_counted(canvas: Canvas) -> Iterator[str]:
        figures_again = counted(stated_figures(selection, metrics, unit))
        return draw_figures(canvas, selection.names, ((figure, stated_pieces(figure), "") for figure in figures_again))

    result = Table(
        figure_columns(fields), (figure.cells for figure in counted(figures)), draw=draw_counted, sorted_by="date"
    )
    return result
