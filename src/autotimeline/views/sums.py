"""What figures come to, and which of them stay apart, and why."""

from __future__ import annotations

from autotimeline.reports.figures import stated_figures
from autotimeline.reports.totals import sums
from autotimeline.table import Column, Table
from autotimeline.text import count
from autotimeline.views._figure_rows import draw, stated
from autotimeline.views._row_counter import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.columns import Names
    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.figures import Stated
    from autotimeline.reports.totals import Apart, Sum
    from autotimeline.table import Row

FIELDS = (
    *("metric", "text", "low", "high", "unit", "about", "of", "basis", "status", "periods", "events"),
    *("figures", "approximate", "bounded", "disputed", "possible", "certain", "why"),
)
BRIEF = ("metric", "text", "of", "basis", "status", "periods", "events", "figures", "possible", "certain", "why")


def table(selection: Selection, fields: Sequence[str], metrics: Sequence[str] = (), unit: str | None = None) -> Table:
    """Return a row of FIELDS for each sum (see `reports.totals`), then for each figure that is in none; by metric."""
    tally = Tally(selection)
    figures: dict[str, list[Stated]] = {}
    for figure in stated_figures(selection, metrics, unit):
        tally.count(figure.match)
        figures.setdefault(figure.metric, []).append(figure)
    found = {metric: sums(members) for metric, members in figures.items()}
    rows = (
        row for added, apart in found.values() for row in (*map(_sum, added), *(_apart(*figure) for figure in apart))
    )
    return Table(
        [Column(field) for field in fields],
        rows,
        footer=tally.footer,
        draw=lambda paper: _draw(selection.names, found, paper),
    )


def _sum(found: Sum) -> Row:
    first, q = found.addends[0], found.quantity
    return [
        *(first.metric, q.shown, q.low, q.high, q.unit or None, q.about, first.of, first.basis, first.status),
        list(dict.fromkeys(figure.period for figure in found.addends if figure.period)),
        list(dict.fromkeys(figure.event for figure in found.addends)),
        *(len(found.addends), found.approximate, found.bounded, found.disputed, found.possible),
        *(found.certain.shown if found.certain else None, None),
    ]


def _apart(figure: Stated, why: str) -> Row:
    return [
        *(figure.metric, figure.text, figure.low, figure.high, figure.unit, figure.about, figure.of, figure.basis),
        *(figure.status, [figure.period] if figure.period else [], [figure.event]),
        *(None, None, None, None, None, None, why),
    ]


def _draw(names: Names, found: dict[str, tuple[list[Sum], list[Apart]]], paper: Paper) -> Iterator[str]:
    lines = [
        (figure, stated(figure), why)
        for added, apart in found.values()
        for figure, why in (*((figure, "") for one in added for figure in one.addends), *apart)
    ]
    # What comes to no more than its one figure is told already.
    below = {
        metric: [_told(one, names) for one in added if len(one.addends) > 1 or one.possible or one.disputed]
        for metric, (added, _) in found.items()
    }
    return draw(paper, names, lines, below)


def _told(found: Sum, names: Names) -> Piece:
    """Return a sum in words: of what, whose and when, and how well that is known."""
    first = found.addends[0]
    of = [names.actor(first.of)] if first.of else []
    of += [word for word, usual in ((first.basis, "actual"), (first.status, "happened")) if word != usual]
    of += list(dict.fromkeys(figure.period for figure in found.addends if figure.period))
    known = [f"{number} {word}" for word in ("approximate", "bounded", "disputed") if (number := getattr(found, word))]
    if found.possible:
        known += [f"{found.possible} may not belong", f"surely {found.certain.shown if found.certain else 'nothing'}"]
    terms = "".join(f", {word}" for word in of)
    rest = f"{terms}: {', '.join([count(len(found.addends), 'figure'), *known])}"
    return [("= ", "muted"), (found.quantity.shown, "figure"), (rest, "")]
