"""What the views of figures share: their columns and rows, and how people see them, metric by metric."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS
from autotimeline.render.text_layout import align_columns, flow, piece_width, wrap_piece
from autotimeline.table import Column
from autotimeline.views._event_text import DISPUTED, POSSIBLE, legend_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from autotimeline.query.columns import DisplayNames
    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.figures import StatedFigure

    # A figure, what is told of it in front, and why it stands apart ("" where it does not).
    FigureLine = tuple[StatedFigure, Sequence[Piece], str]


def _date_sort_key(shown: str) -> tuple[int, int]:
    from autotimeline.dates.edtf import parse_date
    from autotimeline.dates.span import order_key

    return order_key(*parse_date(shown).within)


_SPECIAL_COLUMNS = {
    "match": COLUMNS["match"].column,
    "date": Column("date", sort_key=_date_sort_key),
    "period": Column("period", sort_key=_date_sort_key),
    "about": Column("about", marks={"false": "", "true": "~"}),
    "claimed": Column("claimed", marks={"false": "", "true": "claimed"}),
    "disputed": Column("disputed", marks={"false": "", "true": DISPUTED}),
}


def figure_columns(fields: Sequence[str]) -> list[Column]:
    """Return the columns of these fields of a figure, and of whatever a view adds."""
    return [_SPECIAL_COLUMNS.get(field) or Column(field) for field in fields]


def stated_pieces(figure: StatedFigure) -> list[Piece]:
    """Return what is told in front of a figure that is shown as its source stated it."""
    return [[(figure.text, "figure")]]


def draw_figures(
    canvas: Canvas,
    names: DisplayNames,
    lines: Iterable[FigureLine],
    notes_by_metric: Mapping[str, Sequence[Piece]] | None = None,
) -> Iterator[str]:
    """Yield the figures under their metrics, in the order in which these come first, and what is told below each."""
    metrics: dict[str, list[FigureLine]] = {}
    for line in lines:
        metrics.setdefault(line[0].metric, []).append(line)
    width = canvas.width or 0
    seen: set[str] = set()
    for number, (metric, members) in enumerate(metrics.items()):
        if number:
            yield ""
        sources = {", ".join(figure.sources) for figure, _, _ in members if not figure.claimed}
        shared_source = sources.pop() if len(sources) == 1 else ""
        heading = [(metric, "year"), *([(f" · {shared_source}", "muted")] if shared_source else [])]
        yield from (line for line, _ in wrap_piece(canvas, heading, width))
        rows = [_row_pieces(figure, lead, why, names, shared_source) for figure, lead, why in members]
        yield from (f"  {line}" for line in _fit_rows(canvas, rows, width - 2))
        for piece in (notes_by_metric or {}).get(metric, ()):
            yield from (f"  {line}" for line, _ in wrap_piece(canvas, piece, width - 2))
        seen.update(style for row in rows for _, style in row[0])
    if seen:
        yield ""
        yield from (line for line, _ in flow(canvas, legend_pieces(seen), width, "   "))


def _row_pieces(
    figure: StatedFigure, leading_pieces: Sequence[Piece], reason: str, names: DisplayNames, shared_source: str
) -> list[Piece]:
    """Return a row: its signs, what is told in front, when, whose and on what terms, where it stands, why apart."""
    signs = [(POSSIBLE, "possible")] if figure.match == "possible" else []
    signs += [(DISPUTED, "disputed")] if figure.disputed or "status" in figure.disputed_fields else []
    terms = [names.actor(figure.of)] if figure.of else []
    terms += [figure.basis] if figure.basis != "actual" else []
    terms += [figure.status] if figure.status != "happened" else []
    location = [(figure.event, "muted")]
    if figure.claimed:
        location.append((f" · claimed by {', '.join(figure.sources)}", "muted"))
    elif figure.sources and not shared_source:
        location.append((f" · {', '.join(figure.sources)}", "muted"))
    if figure.repeats and not reason:
        location.append((f" · the figure of {figure.repeats}", "muted"))
    time = figure.period or figure.date or "undated"
    return [signs, *leading_pieces, [(time, "date")], [(", ".join(terms), "")], location, [(reason, "muted")]]


def _fit_rows(canvas: Canvas, rows: list[list[Piece]], width: int) -> Iterator[str]:
    """Yield the rows as columns; where these do not fit, all behind the first as one, which wraps."""
    widths = [max(piece_width(canvas, row[at]) for row in rows) for at in range(len(rows[0]))]
    if canvas.width is not None and sum(size + 2 for size in widths if size) - 2 > width:
        first_visible = next(at for at in range(1, len(widths)) if widths[at])
        rows = [[row[0], row[first_visible], _join_cells(canvas, row[first_visible + 1 :])] for row in rows]
    return align_columns(canvas, rows, width)


def _join_cells(canvas: Canvas, cells: list[Piece]) -> Piece:
    joined: list[tuple[str, str]] = []
    for cell in cells:
        if piece_width(canvas, cell):
            joined += [*([(" · ", "muted")] if joined else []), *cell]
    return joined
