"""`compare`: two or more sides next to each other, events field by field, queries by counts, dates, and totals.

`_pair_lines` prints the differences between two events: the gap, and per pair of figures the difference and the ratio.
`reports/comparison_rows.py` computes the points of comparison; `render/side_by_side.py` draws the columns.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from autotimeline.quantities.describe import describe_difference, describe_ratio
from autotimeline.query.columns import DisplayNames
from autotimeline.render.canvas import MARK_LABELS
from autotimeline.render.side_by_side import MIN_COLUMN_WIDTH, SAME_MARK, SideCell, SideRow, side_by_side
from autotimeline.render.text_layout import Block, Piece, blank, paragraph, section
from autotimeline.render.timeline_layout import MergedEvent, merged_timeline
from autotimeline.reports.comparison import Side, merge_sides
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
from autotimeline.views._event_text import figure_pieces, figure_terms, legend, year_heading

DEFAULT_FIELDS = ("section", "what", "of", "side", "against", "value", "differs", "holder")

_TIMELINE_FIELDS = ("date", "title", "disputed", "mark", "sort_day")
_NO_DIRECTION = "direction not known"
_NO_VALUE = [[("–", "muted")]]
_NO_MATCH = [[("nothing matches", "muted")]]
# The fields of an event that are drawn, in this order; other fields repeat them for programs.
_SHOWN_FIELDS = (
    *("title", "date", "printed", "known", "status", "reported", "kind", "match", "actors", "places", "tags"),
    *("figures", "sources", "links", "disputed", "note"),
)
_HEADINGS = {"status": "by status", "kind": "by kind", "actor": "actors", "figure": "figures"}
_STYLES = {"title": "title", "date": "date", "first": "date", "last": "date", "disputed": "disputed"}


def table(sides: Sequence[Side], fields: Sequence[str]) -> Table:
    """Return rows of FIELDS: for each point of comparison the values of each side, and whether they differ.

    If all sides are single events, the points are their fields, and rows about each pair of events follow. Otherwise
    the points are counts, dates, and totals of figures, and rows about each event follow, in the order of dates.
    """
    is_single = all(side.event for side in sides)
    return Table(
        [Column(field) for field in fields],
        _rows_of_events(sides) if is_single else _rows_of_stories(sides),
        footer=lambda: _footer(sides),
        drawing=_draw(sides, is_single=is_single),
    )


def _rows_of_events(sides: Sequence[Side]) -> Iterator[Sequence[Any]]:
    yield from (row for point in compare_events(sides) for row in point.rows())
    yield from (row for pair in event_pairs(sides) for row in pair.rows())


def _rows_of_stories(sides: Sequence[Side]) -> Iterator[Sequence[Any]]:
    for point in compare_stories(sides):
        yield from point.rows()
    for _, (id, title), matches in merge_sides(sides, ("id", "title")):
        values = ([ComparedValue(match)] if match else [] for match in matches)
        yield from ComparisonPoint("event", id, values, name=title).rows()


def _draw(sides: Sequence[Side], *, is_single: bool) -> Iterator[Block]:
    names, labels = sides[0].selection.names, [side.label for side in sides]
    points = list(compare_events(sides) if is_single else compare_stories(sides))
    rows = list(_field_rows(points, sides, names) if is_single else _section_rows(points, names))
    yield side_by_side(labels, rows)
    pairs = [pair for pair in event_pairs(sides) if not pair.old_index] if is_single else []
    if pairs:
        yield blank
    for pair in pairs:
        for label, pieces in _pair_lines(pair, sides):
            yield section(label, [paragraph(*pieces)], indent=2, min_label=10, min_width=MIN_COLUMN_WIDTH)
    heading, reasons = ("not compared", _uncompared(pairs)) if is_single else ("not added", _excluded(points, names))
    if reasons:
        yield blank
        yield paragraph([(heading, "year")])
    for reason, figures in reasons.items():
        listed = paragraph(*([(figure, "")] for figure in figures), separator="; ")
        yield section(reason, [listed], indent=2, min_label=max(map(len, reasons)), min_width=MIN_COLUMN_WIDTH)
    yield blank
    yield paragraph(*_legend(rows, points, pairs), separator="   ")
    if not is_single and any(side.selection.total() for side in sides):
        yield blank
        seen: set[str] = set()
        yield merged_timeline(labels, lambda: _merged_events(sides, seen))
        yield blank
        yield legend(seen)


def _merged_events(sides: Sequence[Side], seen: set[str]) -> Iterator[MergedEvent]:
    """Yield the events of all sides, and add their marks and flags to `seen`."""
    for order, cells, matches in merge_sides(sides, _TIMELINE_FIELDS):
        event: dict[str, Any] = dict(zip(_TIMELINE_FIELDS, cells, strict=True))
        seen |= {event["mark"], *filter(None, matches), *(["disputed"] if event["disputed"] else [])}
        yield MergedEvent(order, year_heading(event), event, matches)


def _footer(sides: Sequence[Side]) -> list[str]:
    notes_by_label = {side.label: "; ".join(omitted_notes(side.selection)) for side in sides}
    return [f"{label}: {notes}" for label, notes in notes_by_label.items() if notes]


def _legend(rows: Sequence[SideRow], points: Sequence[ComparisonPoint], pairs: Sequence[EventPair]) -> list[Piece]:
    is_same = any(row.cells and not row.differs for row in rows)
    legend: list[Piece] = [[(f"{SAME_MARK} the same on all sides", "")]] if is_same else []
    values = (value for point in points for side in point.values for value in side)
    if any("–" in value.text and value.unit is None and isinstance(value.low, int) for value in values):
        legend.append([("2–5", ""), (" 2 certain, at most 5", "")])
    if any("about " in (comparison.change or "") for pair in pairs for comparison in pair.comparisons):
        legend.append([("about: 10% less or more", "")])
    return legend


def _field_rows(points: Sequence[ComparisonPoint], sides: Sequence[Side], names: DisplayNames) -> Iterator[SideRow]:
    points_by_field = {point.what: point for point in points}
    if not all(side.selection.total() for side in sides):
        counts = points_by_field["events"].values
        yield SideRow("event", True, [[] if side[0].high else _NO_MATCH for side in counts])
    dates = points_by_field["date"].values if "date" in points_by_field else [[] for _ in sides]
    for point in (points_by_field[field] for field in _SHOWN_FIELDS if field in points_by_field):
        cells = [
            _field_cell(point.what, side, names, date[0].text if date else None)
            for side, date in zip(point.values, dates, strict=True)
        ]
        if any(cells):
            yield SideRow(point.what, point.is_differing, [cell or _NO_VALUE for cell in cells])


def _field_cell(field: str, values: Sequence[ComparedValue], names: DisplayNames, date: str | None) -> SideCell:
    items = [value.item for value in values]
    if field == "figures":
        return figure_pieces(items, names, date)
    if field == "match":
        return [[(MARK_LABELS["possible"], "possible")]] if items == ["possible"] else []
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
    for name, group in groupby(points[1:], key=lambda point: point.section):
        rows = list(_ROWS_BY_SECTION.get(name, _count_rows)(list(group), names))
        if name in _HEADINGS and rows:
            yield SideRow(_HEADINGS[name])
        yield from rows


def _count_rows(points: Sequence[ComparisonPoint], names: DisplayNames) -> Iterator[SideRow]:
    for point in points:
        is_zero = not any(value.high != 0 for side in point.values for value in side)
        if (point.section == "state" and point.what == "planned") or (
            point.section == "status" and point.what != "planned" and is_zero
        ):
            continue  # "planned" is among the statuses, and of the others only those in use are drawn
        empty_cell = _NO_MATCH if point.what == "events" else _NO_VALUE
        style = _STYLES.get(point.what, "")
        cells = [
            [[(_pace_text(value.text) if point.what == "pace" else value.text, style)] for value in side]
            if any(value.high != 0 for value in side)
            else empty_cell
            for side in point.values
        ]
        yield SideRow(point.name or point.what, point.is_differing, cells)


def _pace_text(text: str) -> str:
    return text if text == "not known" else f"{text} between events"


def _actor_rows(points: Sequence[ComparisonPoint], names: DisplayNames) -> Iterator[SideRow]:
    """Yield one row per actor of several sides, then one row of all actors that only one side has."""
    exclusive_cells: list[list[tuple[str, str]]] = [[] for _ in points[0].values]
    for point in points:
        first, *others = [index for index, side in enumerate(point.values) if side[0].high]
        if others:
            yield from _count_rows([point], names)
        else:
            cell = exclusive_cells[first]
            cell += [(", ", "")] if cell else []
            cell += [(point.name or point.what, ""), (f" {point.values[first][0].text}", "muted")]
    if any(exclusive_cells):
        yield SideRow("only here", True, [[cell] if cell else _NO_VALUE for cell in exclusive_cells])


def _figure_total_rows(points: Sequence[ComparisonPoint], names: DisplayNames) -> Iterator[SideRow]:
    for point in points:
        terms = figure_terms(names, *point.terms)
        cells = [_total_cell(side) or _NO_VALUE for side in point.values]
        yield SideRow(point.what, point.is_differing, cells, ", ".join(terms))


def _total_cell(values: Sequence[ComparedValue]) -> SideCell:
    """Return the totals of one side, then its excluded figures."""
    pieces: list[Piece] = []
    for value in values:
        if value.reason is None:
            total = value.item
            details = [f"{len(total.addends)} figures"] if len(total.addends) > 1 else []
            details += [f"surely {total.certain.shown if total.certain else 'nothing'}"] if total.possible else []
            pieces.append([(value.text, "figure"), (" · ".join(["", *details]), "muted")])
    if excluded := [value.text for value in values if value.reason]:
        pieces.append([(", ".join(excluded), "figure"), (" · not added" if pieces else "", "muted")])
    return pieces


def _excluded(points: Sequence[ComparisonPoint], names: DisplayNames) -> dict[str, list[str]]:
    """Return the figures that are in no total, by the reason."""
    figures: dict[str, dict[str, None]] = {}
    for point in points:
        terms = ", ".join(figure_terms(names, *point.terms)) if point.section == "figure" else ""
        for value in (value for side in point.values for value in side if value.reason):
            figures.setdefault(str(value.reason), {})[f"{point.what} ({terms})" if terms else point.what] = None
    return {reason: list(labels) for reason, labels in figures.items()}


def _uncompared(pairs: Sequence[EventPair]) -> dict[str, list[str]]:
    """Return the figures whose pairs cannot be compared, by the reason."""
    figures: dict[str, dict[str, None]] = {}
    for comparison in (comparison for pair in pairs for comparison in pair.comparisons):
        if comparison.change is None:
            figures.setdefault(comparison.reason, {})[comparison.new.metric] = None
    return {reason: list(metrics) for reason, metrics in figures.items()}


_ROWS_BY_SECTION = {"actor": _actor_rows, "figure": _figure_total_rows}


def _pair_lines(pair: EventPair, sides: Sequence[Side]) -> Iterator[tuple[str, list[Piece]]]:
    """Yield (label, pieces) for the gap, then for each pair of figures their values, difference, ratio, and change."""
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
        after, before = comparison.new, comparison.old
        if comparison.change is None:
            yield after.metric, [_side_pieces(new, after.text, old, before.text)]
            continue
        text, _, change = comparison.change.rpartition(": ")
        new_text, _, old_text = text.partition(" against ")
        pieces = [_side_pieces(new, new_text, old, old_text)]
        if after.basis != before.basis:
            pieces.append([(f"{after.basis} against {before.basis}", "")])
        difference, ratio = comparison.difference, comparison.ratio
        sentences = [
            f"{text} as {old}" if ratio and difference and (text := describe_ratio(ratio, difference.unit)) else "",
            describe_difference(difference) if difference else "",
        ]
        pieces += [[(f"{new}: ", "muted"), (sentence, "")] for sentence in sentences if sentence]
        yield after.metric, [*pieces, *([[(change, "")]] if change != _NO_DIRECTION else [])]


def _side_pieces(new: str, new_text: str, old: str, old_text: str) -> Piece:
    """Return the figure of each side after its label."""
    return [(f"{new}: ", "muted"), (new_text, "figure"), (f", {old}: ", "muted"), (old_text, "figure")]
