"""What the views of figures share: their columns, and their drawing, one metric after another."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS
from autotimeline.render.canvas import flag_texts
from autotimeline.render.text_layout import blank, grid, paragraph
from autotimeline.table import Column
from autotimeline.views._event_text import DISPUTED, figure_terms, legend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from autotimeline.model import Rate
    from autotimeline.query.columns import DisplayNames
    from autotimeline.render.text_layout import Block, Piece
    from autotimeline.reports.figures import StatedFigure

# A figure, the pieces before it, and the reason why it is excluded ("" if it is not).
FigureLine = tuple["StatedFigure", "Sequence[Piece]", str]


def _date_sort_key(shown: str) -> tuple[int, int]:
    from autotimeline.dates.edtf import parse_date

    return parse_date(shown).sort_key


_MAX_RATES = 8  # in a note; the column lists all
_SPECIAL_COLUMNS = {
    "match": COLUMNS["match"].column,
    "date": Column("date", sort_key=_date_sort_key),
    "period": Column("period", sort_key=_date_sort_key),
    "about": Column("about", marks={"false": "", "true": "~"}),
    "claimed": Column("claimed", marks={"false": "", "true": "claimed"}),
    "disputed": Column("disputed", marks={"false": "", "true": DISPUTED}),
}


def figure_columns(fields: Sequence[str]) -> list[Column]:
    """Return the columns of these fields, which are those of a figure or plain text."""
    return [_SPECIAL_COLUMNS.get(field) or Column(field) for field in fields]


def stated_pieces(figure: StatedFigure) -> list[Piece]:
    """Return the pieces before a figure that is shown as its source states it."""
    return [[(figure.text, "figure")]]


def converted_pieces(figure: StatedFigure) -> list[Piece]:
    """Return the pieces before a figure that may be converted: the converted number, and the figure as stated."""
    if not figure.rates or not figure.quantity:
        return [*stated_pieces(figure), []]
    return [[(figure.quantity.shown, "figure")], [(figure.text, "")]]


def draw_figures(
    names: DisplayNames,
    lines: Iterable[FigureLine],
    notes_by_metric: Mapping[str, Sequence[Piece]] | None = None,
    rows_by_metric: Mapping[str, Sequence[Sequence[Piece]]] | None = None,
) -> Iterator[Block]:
    """Yield the figures below their metrics, in order of first appearance.

    Rows in aligned columns come before the figures of a metric, and notes after them.
    """
    metrics: dict[str, list[FigureLine]] = {metric: [] for metric in rows_by_metric or ()}
    for line in lines:
        metrics.setdefault(line[0].metric, []).append(line)
    seen: set[str] = set()
    for number, (metric, members) in enumerate(metrics.items()):
        if number:
            yield blank
        sources = {", ".join(figure.sources) for figure, _, _ in members if not figure.claimed}
        shared_source = sources.pop() if len(sources) == 1 and not rows_by_metric else ""
        yield paragraph([(metric, "year"), *([(f" · source: {shared_source}", "muted")] if shared_source else [])])
        if rows_by_metric and metric in rows_by_metric:
            yield grid(rows_by_metric[metric], indent=2, joins=True)
        rows = [_row_pieces(*member, names, shared_source) for member in members]
        yield grid(rows, indent=2, joins=True)
        for piece in (notes_by_metric or {}).get(metric, ()):
            yield paragraph(piece, indent=2)
        seen.update(style for row in rows for _, style in row[0])
    if seen:
        yield blank
        yield legend(seen)


def _row_pieces(
    figure: StatedFigure, leading_pieces: Sequence[Piece], reason: str, names: DisplayNames, shared_source: str
) -> list[Piece]:
    """Return the cells of a row: flags, leading pieces, time, terms, event and sources, and reason."""
    flags = flag_texts(figure.match == "possible", figure.disputed or "status" in figure.disputed_fields)
    terms = figure_terms(names, figure.of, figure.basis, figure.status, figure.holder)
    location = [(figure.event, "muted")]
    if figure.claimed:
        location.append((f" · claimed by {', '.join(figure.sources)}", "muted"))
    elif figure.sources and not shared_source:
        location.append((f" · {', '.join(figure.sources)}", "muted"))
    if figure.repeats and not reason:
        location.append((f" · the figure of {figure.repeats}", "muted"))
    time = figure.period or figure.date or "undated"
    return [flags, *leading_pieces, [(time, "date")], [(", ".join(terms), "")], location, [(reason, "muted")]]


def rate_ids(figures: Iterable[StatedFigure]) -> list[str]:
    """Return the ids of the exchange rates that were used for converted figures."""
    return [rate.id for rate in _used_rates(figures)]


def rate_notes(figures: Iterable[StatedFigure]) -> list[str]:
    """Return a note with the exchange rates that were used for converted figures, or none."""
    texts = [f"{rate.id} ({rate})" for rate in _used_rates(figures)]
    more = [f"{len(texts) - _MAX_RATES:,} more"] if len(texts) > _MAX_RATES else []
    return [f"rates: {', '.join([*texts[:_MAX_RATES], *more])}"] if texts else []


def _used_rates(figures: Iterable[StatedFigure]) -> Iterable[Rate]:
    return dict.fromkeys(rate for figure in figures for rate in figure.rates)
