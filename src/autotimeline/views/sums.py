"""`figures --sum`: the totals of figures, and the figures that are excluded, with reasons."""

from collections.abc import Iterator, Sequence
from typing import Any

from autotimeline.query.columns import DisplayNames
from autotimeline.query.selection import Selection
from autotimeline.render.text_layout import Block, Piece
from autotimeline.reports.figures import StatedFigure, stated_figures
from autotimeline.reports.totals import Excluded, Total, compute_totals
from autotimeline.table import Column, Table
from autotimeline.text import format_count
from autotimeline.views._event_rows import RowCounter
from autotimeline.views._event_text import figure_terms
from autotimeline.views._figure_rows import draw_figures, stated_pieces

FIELDS = (
    *("metric", "text", "low", "high", "unit", "about", "of", "basis", "status", "periods", "events"),
    *("figures", "approximate", "bounded", "disputed", "possible", "certain", "why", "holder"),
)
DEFAULT_FIELDS = (
    *("metric", "text", "of", "basis", "status", "periods", "events"),
    *("figures", "possible", "certain", "why", "holder"),
)


def table(selection: Selection, fields: Sequence[str], metrics: Sequence[str] = (), unit: str | None = None) -> Table:
    """Return by metric one row of FIELDS per total (see `reports.totals`), then one per excluded figure."""
    counter = RowCounter(selection)
    figures: dict[str, list[StatedFigure]] = {}
    for figure in counter.figures(stated_figures(selection, metrics, unit)):
        figures.setdefault(figure.metric, []).append(figure)
    results_by_metric = {metric: compute_totals(members) for metric, members in figures.items()}
    rows = (
        row
        for totals, excluded in results_by_metric.values()
        for row in (*map(_total_row, totals), *(_excluded_row(*figure) for figure in excluded))
    )
    return Table(
        [Column(field) for field in fields],
        rows,
        footer=counter.footer,
        drawing=_draw(selection.names, results_by_metric),
    )


def _total_row(total: Total) -> Sequence[Any]:
    first, q = total.addends[0], total.quantity
    return [
        *(first.metric, q.shown, q.low, q.high, q.unit or None, q.about, first.of, first.basis, first.status),
        list(dict.fromkeys(figure.period for figure in total.addends if figure.period)),
        list(dict.fromkeys(figure.event for figure in total.addends)),
        *(len(total.addends), total.approximate, total.bounded, total.disputed, total.possible),
        *(total.certain.shown if total.certain else None, None, first.holder),
    ]


def _excluded_row(figure: StatedFigure, reason: str) -> Sequence[Any]:
    return [
        *(figure.metric, figure.text, figure.low, figure.high, figure.unit, figure.about, figure.of, figure.basis),
        *(figure.status, [figure.period] if figure.period else [], [figure.event]),
        *(None, None, None, None, None, None, reason, figure.holder),
    ]


def _draw(names: DisplayNames, results_by_metric: dict[str, tuple[list[Total], list[Excluded]]]) -> Iterator[Block]:
    lines = [
        (figure, stated_pieces(figure), reason)
        for totals, excluded in results_by_metric.values()
        for figure, reason in (*((figure, "") for total in totals for figure in total.addends), *excluded)
    ]
    # The total of one plain figure would only repeat it.
    notes_by_metric = {
        metric: [_total_piece(t, names) for t in totals if len(t.addends) > 1 or t.possible or t.disputed]
        for metric, (totals, _) in results_by_metric.items()
    }
    return draw_figures(names, lines, notes_by_metric)


def _total_piece(total: Total, names: DisplayNames) -> Piece:
    """Return a total in words, with its terms, periods, number of figures, and uncertainties."""
    first = total.addends[0]
    terms = figure_terms(names, first.of, first.basis, first.status, first.holder)
    terms += list(dict.fromkeys(figure.period for figure in total.addends if figure.period))
    details = [
        f"{number} {word}" for word in ("approximate", "bounded", "disputed") if (number := getattr(total, word))
    ]
    if total.possible:
        details += [f"{total.possible} may not belong", f"surely {total.certain.shown if total.certain else 'nothing'}"]
    terms_text = "".join(f", {word}" for word in terms)
    description = f"{terms_text}: {', '.join([format_count(len(total.addends), 'figure'), *details])}"
    return [("= ", "muted"), (total.quantity.shown, "figure"), (description, "")]
