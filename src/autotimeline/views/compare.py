"""Sides set beside each other: events field by field, stories point by point and then on one axis."""

from __future__ import annotations

from itertools import groupby

from autotimeline.render.side_by_side import DIFFERENCE_MARK, SideRow, label_with_values, side_by_side
from autotimeline.render.text_layout import flow
from autotimeline.reports.comparison import merge_sides
from autotimeline.reports.comparison_rows import FIELDS as FIELDS
from autotimeline.reports.comparison_rows import (
    ComparedValue,
    ComparisonPoint,
    EventPair,
    compare_events,
    compare_stories,
    event_pairs,
)
from autotimeline.table import Column, Table
from autotimeline.views._event_rows import omitted_notes
from autotimeline.views._event_text import figure_pieces
from autotimeline.views._merged_timeline import draw_merged_timeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.columns import DisplayNames
    from autotimeline.render.canvas import Canvas
    from autotimeline.render.side_by_side import SideCell
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.comparison import Side
    from autotimeline.table import TableRow as Cells

DEFAULT_FIELDS = ("section", "what", "of", "side", "against", "value", "differs")

_NO_VALUE = [[("–", "muted")]]
_NO_MATCH = [[("nothing matches", "muted")]]
# The fields of an event that people see, in this order; the others say the same to programs.
_SHOWN_FIELDS = (
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
        _rows_of_events(sides) if single else _story_rows(sides),
        footer=lambda: _footer(sides),
        draw=lambda canvas: _draw(sides, canvas, single=single),
    )


def _rows_of_events(sides: Sequence[Side]) -> Iterator[Cells]:
    for point in compare_events(sides):
        yield from point.rows()
    for pair in event_pairs(sides):
        yield from pair.rows()


def _story_rows(sides: Sequence[Side]) -> Iterator[Cells]:
    for point in compare_stories(sides):
        yield from point.rows()
    for _, (id, title), matches in merge_sides(sides, ("id", "title")):
        yield from ComparisonPoint(
            "event", id, ([ComparedValue(match)] if match else [] for match in matches), name=title
        ).rows()


def _draw(sides: Sequence[Side], canvas: Canvas, *, single: bool) -> Iterator[str]:
    names = sides[0].selection.names
    points = list(compare_events(sides) if single else compare_stories(sides))
    rows = list(_field_rows(points, sides, names) if single else _section_rows(points, names))
    yield from side_by_side(canvas, [side.label for side in sides], rows)
    pair_lines = [_pair_lines(pair, sides) for pair in event_pairs(sides) if not pair.old_index] if single else []
    if pair_lines:
        yield ""
    for lines in pair_lines:
        for label, pieces in lines:
            yield from label_with_values(canvas, label, pieces)
    yield ""
    yield from (line for line, _ in flow(canvas, _legend(rows, points), canvas.width or 0, "   "))
    if not single and any(side.selection.total() for side in sides):
        yield ""
        yield from draw_merged_timeline(canvas, sides)


def _footer(sides: Sequence[Side]) -> list[str]:
    notes_by_label = {side.label: "; ".join(omitted_notes(side.selection)) for side in sides}
    return [f"{label}: {words}" for label, words in notes_by_label.items() if words]


def _legend(rows: Sequence[SideRow], points: Sequence[ComparisonPoint]) -> list[Piece]:
    differ = any(row.differs for row in rows)
    legend: list[Piece] = [
        [(DIFFERENCE_MARK, "changed"), (" differs", "muted")] if differ else [("no difference", "muted")]
    ]
    ranges = any(
        "–" in value.text and value.unit is None and isinstance(value.low, int)
        for point in points
        for side in point.values
        for value in side
    )
    return [*legend, *([[("2–5", ""), (" surely 2, possibly 5", "muted")]] if ranges else [])]


def _field_rows(points: Sequence[ComparisonPoint], sides: Sequence[Side], names: DisplayNames) -> Iterator[SideRow]:
    points_by_field = {point.what: point for point in points}
    if not all(side.selection.total() for side in sides):
        counts = points_by_field["events"].values
        yield SideRow("event", True, [[] if side[0].high else _NO_MATCH for side in counts])
    for field in _SHOWN_FIELDS:
        if field not in points_by_field:
            continue
        point = points_by_field[field]
        dates = points_by_field["date"].values if "date" in points_by_field else [[] for _ in sides]
        cells = [
            _field_cell(field, side, names, date[0].text if date else None)
            for side, date in zip(point.values, dates, strict=True)
        ]
        if any(cells):
            yield SideRow(field, point.is_differing, [cell or _NO_VALUE for cell in cells])


def _field_cell(field: str, values: Sequence[ComparedValue], names: DisplayNames, date: str | None) -> SideCell:
    """Return the values of a field of one event as people see them."""
    items = [value.item for value in values]
    if field == "figures":
        return figure_pieces(items, names, date)
    if field == "match":
        return [[("may not match", "possible")]] if items == ["possible"] else []
    return [_PIECE_BY_FIELD.get(field, _plain_piece)(item, _STYLES.get(field, "")) for item in items]


def _plain_piece(item: Any, style: str) -> Piece:
    return [(str(item), style)]


_PIECE_BY_FIELD: dict[str, Callable[[Any, str], Piece]] = {
    "printed": lambda item, _: [(f"“{item}”", "quote")],
    "status": lambda item, _: [(item, item)],
    "reported": lambda item, _: [("reported", "reported")],
    "actors": lambda item, _: [(item["name"], ""), (f" ({item['role']})" if item["role"] else "", "muted")],
    "sources": lambda item, _: [(item["title"], ""), (f" “{item['quote']}”" if item["quote"] else "", "quote")],
    "links": lambda item, _: [(item["type"], "muted"), (f" {item['event']}", "")],
}


def _section_rows(points: Sequence[ComparisonPoint], names: DisplayNames) -> Iterator[SideRow]:
    for section, group in groupby(points[1:], key=lambda point: point.section):
        rows = list(_ROWS_BY_SECTION.get(section, _count_rows)(list(group), names))
        if section in _HEADINGS and rows:
            yield SideRow(_HEADINGS[section])
        yield from rows


def _count_rows(points: Sequence[ComparisonPoint], names: DisplayNames) -> Iterator[SideRow]:
    for point in points:
        is_zero = not any(value.high != 0 for side in point.values for value in side)
        if (point.section == "state" and point.what == "planned") or (
            point.section == "status" and point.what != "planned" and is_zero
        ):
            continue  # the statuses tell what is planned, and of the rest what there is
        empty_cell = _NO_MATCH if point.what == "events" else _NO_VALUE
        cells = [
            _count_cell(point, side) if any(value.high != 0 for value in side) else empty_cell for side in point.values
        ]
        yield SideRow(point.name or point.what, point.is_differing, cells)


def _count_cell(point: ComparisonPoint, values: Sequence[ComparedValue]) -> SideCell:
    return [[(value.text, _STYLES.get(point.what, ""))] for value in values]


def _actor_rows(points: Sequence[ComparisonPoint], names: DisplayNames) -> Iterator[SideRow]:
    """Yield a row for each actor of several sides, and one of all those that have but one."""
    single_side_cells: list[list[tuple[str, str]]] = [[] for _ in points[0].values]
    for point in points:
        present_sides = [at for at, side in enumerate(point.values) if side[0].high]
        if len(present_sides) > 1:
            yield from _count_rows([point], names)
        else:
            (value,) = point.values[present_sides[0]]
            separator = [(", ", "")] if single_side_cells[present_sides[0]] else []
            single_side_cells[present_sides[0]] += [
                *separator,
                (point.name or point.what, ""),
                (f" {value.text}", "muted"),
            ]
    if any(single_side_cells):
        yield SideRow("only here", True, [[cell] if cell else _NO_VALUE for cell in single_side_cells])


def _figure_total_rows(points: Sequence[ComparisonPoint], names: DisplayNames) -> Iterator[SideRow]:
    for point in points:
        of, basis, status = point.terms
        terms = [names.actor(of)] if of else []
        terms += [basis] if basis and basis != "actual" else []
        terms += [status] if status and status != "happened" else []
        yield SideRow(
            point.what, point.is_differing, [_total_cell(side) or _NO_VALUE for side in point.values], ", ".join(terms)
        )


def _total_cell(values: Sequence[ComparedValue]) -> SideCell:
    """Return what the figures of a side come to, then those that stay apart, those of one reason together."""
    pieces: list[Piece] = []
    for value in values:
        if value.reason is None:
            total = value.item
            details = [f"{len(total.addends)} figures"] if len(total.addends) > 1 else []
            details += [f"surely {total.certain.shown if total.certain else 'nothing'}"] if total.possible else []
            pieces.append([(value.text, "figure"), (" · ".join(["", *details]), "muted")])
    for reason, group in groupby((value for value in values if value.reason), key=lambda value: value.reason):
        pieces.append([(", ".join(value.text for value in group), "figure"), (f" · {reason}", "muted")])
    return pieces


_ROWS_BY_SECTION = {"actor": _actor_rows, "figure": _figure_total_rows}


def _pair_lines(pair: EventPair, sides: Sequence[Side]) -> Iterator[tuple[str, list[Piece]]]:
    """Yield (label, pieces) of the gap, and of each pair of figures."""
    new, old = sides[pair.new_index].label, sides[pair.old_index].label
    direction = f" from {old} to {new}"
    if pair.gap:
        gap_text, is_earlier = pair.gap.text.removesuffix(" earlier"), pair.gap.text.endswith(" earlier")
        has_number = any(character.isdecimal() for character in gap_text)
        direction = f" from {new} to {old}" if is_earlier else direction
        yield "gap", [[(gap_text, ""), (direction if has_number or len(sides) > 2 else "", "muted")]]
    else:
        yield "gap", [[("not known", ""), (f"{direction}: one is undated", "muted")]]
    for comparison in pair.comparisons:
        prefix: list[tuple[str, str]] = [(f"{new}: ", "muted")] if len(sides) > 2 else []
        if comparison.change is None:
            yield (
                comparison.new.metric,
                [
                    [*prefix, (f"{comparison.new.text} and {comparison.old.text}", "figure")],
                    [(comparison.reason, "muted")],
                ],
            )
            continue
        values, _, change = comparison.change.rpartition(": ")
        pieces: list[Piece] = [[*prefix, (values, "figure")]]
        pieces += (
            [[(f"{comparison.new.basis} against {comparison.old.basis}", "")]]
            if comparison.new.basis != comparison.old.basis
            else []
        )
        pieces += [[("difference ", "muted"), (comparison.difference.shown, "")]] if comparison.difference else []
        pieces += [[("ratio ", "muted"), (comparison.ratio.shown, "")]] if comparison.ratio else []
        yield comparison.new.metric, [*pieces, [(change, "")]]
