"""Sides set beside each other: events field by field, stories point by point and then on one axis."""

from __future__ import annotations

from itertools import groupby

from autotimeline.render.side_by_side import DIFFERS, Row, abreast, labelled
from autotimeline.render.text_layout import flow
from autotimeline.reports.comparison import merged
from autotimeline.reports.comparison_rows import FIELDS as FIELDS
from autotimeline.reports.comparison_rows import Pair, Point, Value, events, pairs, stories
from autotimeline.table import Column, Table
from autotimeline.views._event_text import figures
from autotimeline.views._merged_timeline import axis
from autotimeline.views._row_counter import left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.columns import Names
    from autotimeline.render.canvas import Paper
    from autotimeline.render.side_by_side import Cell
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.comparison import Side
    from autotimeline.table import Row as Cells

BRIEF = ("section", "what", "of", "side", "against", "value", "differs")

_NONE = [[("–", "muted")]]
_NOTHING = [[("nothing matches", "muted")]]
# The fields of an event that people see, in this order; the others say the same to programs.
_FIELDS = (
    *("title", "date", "printed", "known", "status", "reported", "kind", "match", "actors", "places", "tags"),
    *("figures", "sources", "links", "disputed", "note"),
)
_HEADINGS = {"status": "by status", "kind": "by kind", "actor": "actors", "figure": "figures"}
_STYLES = {"title": "title", "date": "date", "first": "date", "last": "date", "disputed": "disputed"}


def table(sides: Sequence[Side], fields: Sequence[str]) -> Table:
    """Return rows of FIELDS: of each point of comparison, what each side has there, and whether another differs.

    Where every side is an event by its id, the points are its fields, and rows follow of what lies between each two.
    Of anything else they are counts, dates and figures, and rows follow of the events in the order of their dates.
    """
    single = all(side.event for side in sides)
    return Table(
        [Column(field) for field in fields],
        _single(sides) if single else _stories(sides),
        footer=lambda: _footer(sides),
        draw=lambda paper: _draw(sides, paper, single=single),
    )


def _single(sides: Sequence[Side]) -> Iterator[Cells]:
    for point in events(sides):
        yield from point.rows()
    for pair in pairs(sides):
        yield from pair.rows()


def _stories(sides: Sequence[Side]) -> Iterator[Cells]:
    for point in stories(sides):
        yield from point.rows()
    for _, (id, title), matches in merged(sides, ("id", "title")):
        yield from Point("event", id, ([Value(match)] if match else [] for match in matches), name=title).rows()


def _draw(sides: Sequence[Side], paper: Paper, *, single: bool) -> Iterator[str]:
    names = sides[0].selection.names
    points = list(events(sides) if single else stories(sides))
    rows = list(_fields(points, sides, names) if single else _points(points, names))
    yield from abreast(paper, [side.label for side in sides], rows)
    between = [_between(pair, sides) for pair in pairs(sides) if not pair.against] if single else []
    if between:
        yield ""
    for lines in between:
        for label, pieces in lines:
            yield from labelled(paper, label, pieces)
    yield ""
    yield from (line for line, _ in flow(paper, _legend(rows, points), paper.width or 0, "   "))
    if not single and any(side.selection.total() for side in sides):
        yield ""
        yield from axis(paper, sides)


def _footer(sides: Sequence[Side]) -> list[str]:
    left = {side.label: "; ".join(left_out(side.selection)) for side in sides}
    return [f"{label}: {words}" for label, words in left.items() if words]


def _legend(rows: Sequence[Row], points: Sequence[Point]) -> list[Piece]:
    differ = any(row.differs for row in rows)
    told: list[Piece] = [[(DIFFERS, "changed"), (" differs", "muted")] if differ else [("no difference", "muted")]]
    ranges = any(
        "–" in value.text and value.unit is None and isinstance(value.low, int)
        for point in points
        for side in point.values
        for value in side
    )
    return [*told, *([[("2–5", ""), (" surely 2, possibly 5", "muted")]] if ranges else [])]


def _fields(points: Sequence[Point], sides: Sequence[Side], names: Names) -> Iterator[Row]:
    known = {point.what: point for point in points}
    if not all(side.selection.total() for side in sides):
        counts = known["events"].values
        yield Row("event", True, [[] if side[0].high else _NOTHING for side in counts])
    for field in _FIELDS:
        if field not in known:
            continue
        point = known[field]
        dates = known["date"].values if "date" in known else [[] for _ in sides]
        cells = [
            _field(field, side, names, date[0].text if date else None)
            for side, date in zip(point.values, dates, strict=True)
        ]
        if any(cells):
            yield Row(field, point.differing, [cell or _NONE for cell in cells])


def _field(field: str, values: Sequence[Value], names: Names, date: str | None) -> Cell:
    """Return the values of a field of one event as people see them."""
    items = [value.item for value in values]
    if field == "figures":
        return figures(items, names, date)
    if field == "match":
        return [[("may not match", "possible")]] if items == ["possible"] else []
    return [_SHOWN.get(field, _plain)(item, _STYLES.get(field, "")) for item in items]


def _plain(item: Any, style: str) -> Piece:
    return [(str(item), style)]


_SHOWN: dict[str, Callable[[Any, str], Piece]] = {
    "printed": lambda item, _: [(f"“{item}”", "quote")],
    "status": lambda item, _: [(item, item)],
    "reported": lambda item, _: [("reported", "reported")],
    "actors": lambda item, _: [(item["name"], ""), (f" ({item['role']})" if item["role"] else "", "muted")],
    "sources": lambda item, _: [(item["title"], ""), (f" “{item['quote']}”" if item["quote"] else "", "quote")],
    "links": lambda item, _: [(item["type"], "muted"), (f" {item['event']}", "")],
}


def _points(points: Sequence[Point], names: Names) -> Iterator[Row]:
    for section, group in groupby(points[1:], key=lambda point: point.section):
        rows = list(_ROWS.get(section, _counts)(list(group), names))
        if section in _HEADINGS and rows:
            yield Row(_HEADINGS[section])
        yield from rows


def _counts(points: Sequence[Point], names: Names) -> Iterator[Row]:
    for point in points:
        none = not any(value.high != 0 for side in point.values for value in side)
        if (point.section == "state" and point.what == "planned") or (
            point.section == "status" and point.what != "planned" and none
        ):
            continue  # the statuses tell what is planned, and of the rest what there is
        nothing = _NOTHING if point.what == "events" else _NONE
        cells = [_number(point, side) if any(value.high != 0 for value in side) else nothing for side in point.values]
        yield Row(point.name or point.what, point.differing, cells)


def _number(point: Point, values: Sequence[Value]) -> Cell:
    return [[(value.text, _STYLES.get(point.what, ""))] for value in values]


def _actors(points: Sequence[Point], names: Names) -> Iterator[Row]:
    """Yield a row for each actor of several sides, and one of all those that have but one."""
    own: list[list[tuple[str, str]]] = [[] for _ in points[0].values]
    for point in points:
        present = [at for at, side in enumerate(point.values) if side[0].high]
        if len(present) > 1:
            yield from _counts([point], names)
        else:
            (value,) = point.values[present[0]]
            between = [(", ", "")] if own[present[0]] else []
            own[present[0]] += [*between, (point.name or point.what, ""), (f" {value.text}", "muted")]
    if any(own):
        yield Row("only here", True, [[cell] if cell else _NONE for cell in own])


def _figures(points: Sequence[Point], names: Names) -> Iterator[Row]:
    for point in points:
        of, basis, status = point.more
        terms = [names.actor(of)] if of else []
        terms += [basis] if basis and basis != "actual" else []
        terms += [status] if status and status != "happened" else []
        yield Row(point.what, point.differing, [_sum(side) or _NONE for side in point.values], ", ".join(terms))


def _sum(values: Sequence[Value]) -> Cell:
    """Return what the figures of a side come to, then those that stay apart, those of one reason together."""
    found: list[Piece] = []
    for value in values:
        if value.why is None:
            added = value.item
            told = [f"{len(added.addends)} figures"] if len(added.addends) > 1 else []
            told += [f"surely {added.certain.shown if added.certain else 'nothing'}"] if added.possible else []
            found.append([(value.text, "figure"), (" · ".join(["", *told]), "muted")])
    for why, group in groupby((value for value in values if value.why), key=lambda value: value.why):
        found.append([(", ".join(value.text for value in group), "figure"), (f" · {why}", "muted")])
    return found


_ROWS = {"actor": _actors, "figure": _figures}


def _between(pair: Pair, sides: Sequence[Side]) -> Iterator[tuple[str, list[Piece]]]:
    """Yield (label, pieces) of the gap, and of each pair of figures."""
    new, old = sides[pair.at].label, sides[pair.against].label
    ends = f" from {old} to {new}"
    if pair.gap:
        told, earlier = pair.gap.text.removesuffix(" earlier"), pair.gap.text.endswith(" earlier")
        ordered = any(character.isdecimal() for character in told)
        ends = f" from {new} to {old}" if earlier else ends
        yield "gap", [[(told, ""), (ends if ordered or len(sides) > 2 else "", "muted")]]
    else:
        yield "gap", [[("not known", ""), (f"{ends}: one is undated", "muted")]]
    for one in pair.contrasts:
        head: list[tuple[str, str]] = [(f"{new}: ", "muted")] if len(sides) > 2 else []
        if one.change is None:
            yield one.new.metric, [[*head, (f"{one.new.text} and {one.old.text}", "figure")], [(one.why, "muted")]]
            continue
        both, _, change = one.change.rpartition(": ")
        pieces: list[Piece] = [[*head, (both, "figure")]]
        pieces += [[(f"{one.new.basis} against {one.old.basis}", "")]] if one.new.basis != one.old.basis else []
        pieces += [[("difference ", "muted"), (one.difference.shown, "")]] if one.difference else []
        pieces += [[("ratio ", "muted"), (one.ratio.shown, "")]] if one.ratio else []
        yield one.new.metric, [*pieces, [(change, "")]]
