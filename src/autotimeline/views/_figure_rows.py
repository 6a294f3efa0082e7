"""What the views of figures share: their columns and rows, and how people see them, metric by metric."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS
from autotimeline.render.text_layout import flow, grid, length, wrap
from autotimeline.table import Column
from autotimeline.views._event_text import DISPUTED, POSSIBLE, legend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from autotimeline.query.columns import Names
    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.figures import Stated

    # A figure, what is told of it in front, and why it stands apart ("" where it does not).
    Line = tuple[Stated, Sequence[Piece], str]


def _order(shown: str) -> tuple[int, int]:
    from autotimeline.dates.edtf import parse
    from autotimeline.dates.span import order_key

    return order_key(*parse(shown).within)


_OWN = {
    "match": COLUMNS["match"].column,
    "date": Column("date", key=_order),
    "period": Column("period", key=_order),
    "about": Column("about", marks={"false": "", "true": "~"}),
    "claimed": Column("claimed", marks={"false": "", "true": "claimed"}),
    "disputed": Column("disputed", marks={"false": "", "true": DISPUTED}),
}


def columns(fields: Sequence[str]) -> list[Column]:
    """Return the columns of these fields of a figure, and of whatever a view adds."""
    return [_OWN.get(field) or Column(field) for field in fields]


def stated(figure: Stated) -> list[Piece]:
    """Return what is told in front of a figure that is shown as its source stated it."""
    return [[(figure.text, "figure")]]


def draw(
    paper: Paper, names: Names, lines: Iterable[Line], below: Mapping[str, Sequence[Piece]] | None = None
) -> Iterator[str]:
    """Yield the figures under their metrics, in the order in which these come first, and what is told below each."""
    metrics: dict[str, list[Line]] = {}
    for line in lines:
        metrics.setdefault(line[0].metric, []).append(line)
    width = paper.width or 0
    seen: set[str] = set()
    for number, (metric, members) in enumerate(metrics.items()):
        if number:
            yield ""
        sources = {", ".join(figure.sources) for figure, _, _ in members if not figure.claimed}
        shared = sources.pop() if len(sources) == 1 else ""
        heading = [(metric, "year"), *([(f" · {shared}", "muted")] if shared else [])]
        yield from (line for line, _ in wrap(paper, heading, width))
        rows = [_cells(figure, lead, why, names, shared) for figure, lead, why in members]
        yield from (f"  {line}" for line in _rows(paper, rows, width - 2))
        for piece in (below or {}).get(metric, ()):
            yield from (f"  {line}" for line, _ in wrap(paper, piece, width - 2))
        seen.update(style for row in rows for _, style in row[0])
    if seen:
        yield ""
        yield from (line for line, _ in flow(paper, legend(seen), width, "   "))


def _cells(figure: Stated, lead: Sequence[Piece], why: str, names: Names, shared: str) -> list[Piece]:
    """Return a row: its signs, what is told in front, when, whose and on what terms, where it stands, why apart."""
    signs = [(POSSIBLE, "possible")] if figure.match == "possible" else []
    signs += [(DISPUTED, "disputed")] if figure.disputed or "status" in figure.doubts else []
    terms = [names.actor(figure.of)] if figure.of else []
    terms += [figure.basis] if figure.basis != "actual" else []
    terms += [figure.status] if figure.status != "happened" else []
    place = [(figure.event, "muted")]
    if figure.claimed:
        place.append((f" · claimed by {', '.join(figure.sources)}", "muted"))
    elif figure.sources and not shared:
        place.append((f" · {', '.join(figure.sources)}", "muted"))
    if figure.repeats and not why:
        place.append((f" · the figure of {figure.repeats}", "muted"))
    when = figure.period or figure.date or "undated"
    return [signs, *lead, [(when, "date")], [(", ".join(terms), "")], place, [(why, "muted")]]


def _rows(paper: Paper, rows: list[list[Piece]], width: int) -> Iterator[str]:
    """Yield the rows as columns; where these do not fit, all behind the first as one, which wraps."""
    widths = [max(length(paper, row[at]) for row in rows) for at in range(len(rows[0]))]
    if paper.width is not None and sum(size + 2 for size in widths if size) - 2 > width:
        front = next(at for at in range(1, len(widths)) if widths[at])
        rows = [[row[0], row[front], _joined(paper, row[front + 1 :])] for row in rows]
    return grid(paper, rows, width)


def _joined(paper: Paper, cells: list[Piece]) -> Piece:
    found: list[tuple[str, str]] = []
    for cell in cells:
        if length(paper, cell):
            found += [*([(" · ", "muted")] if found else []), *cell]
    return found
