"""Every number: as its source qualified it, with its bounds, whose it is, when, and who says so."""

from __future__ import annotations

from autotimeline.reports.figures import FIELDS as FIELDS
from autotimeline.reports.figures import stated_figures
from autotimeline.table import Table
from autotimeline.views._figure_rows import columns, draw, stated
from autotimeline.views._row_counter import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.reports.figures import Stated

BRIEF = ("metric", "text", "of", "period", "basis", "event", "date", "match", "claimed", "disputed")


def table(selection: Selection, fields: Sequence[str], metrics: Sequence[str] = (), unit: str | None = None) -> Table:
    """Return a row of FIELDS for each figure of these metrics in this unit, in the order of their events' dates."""
    figures = stated_figures(selection, metrics, unit)

    def told(figures: Iterator[Stated]) -> Iterator[Stated]:
        tally = Tally(selection)
        found.footer = tally.footer
        for figure in figures:
            tally.count(figure.match)
            yield figure

    def drawn(paper: Paper) -> Iterator[str]:
        again = told(stated_figures(selection, metrics, unit))
        return draw(paper, selection.names, ((figure, stated(figure), "") for figure in again))

    found = Table(columns(fields), (figure.cells for figure in told(figures)), draw=drawn, order="date")
    return found
