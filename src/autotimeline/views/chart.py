"""`chart`: lanes of events on a time axis to scale, with certain and possible dates."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from operator import itemgetter

from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.render.canvas import FLAG_MARKS, STATUS_MARKS
from autotimeline.render.chart_layout import HOLLOW_MARKS, ChartLayout, Lane, TimeAxis, is_crowded, is_too_deep
from autotimeline.render.text_layout import flow, style_piece
from autotimeline.reports.lanes import Lanes
from autotimeline.table import Column, Table
from autotimeline.text import format_count
from autotimeline.views._event_rows import RowCounter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.render.chart_layout import EventBar, TextWidth
    from autotimeline.render.text_layout import Piece

_EVENT_FIELDS = ("id", "date", "extent", "earliest", "latest", "match", "status", "kind", "title", "disputed")
FIELDS = ("lane", "name", *_EVENT_FIELDS, "starts_by", "lasts_to")
DEFAULT_FIELDS = ("lane", "id", "date", "match", "status", "title")

_DEFAULT_CELLS = 80  # without a width
_NARROW = 60  # columns; below this width the name of a lane is above it
_MIN_CELLS = 10
_EDGE_FRACTION = 20  # an open start or end adds one 20th of the axis
_CERTAIN, _PLANNED, _POSSIBLE, _TODAY, _COUNTS = "━", "═", "┄", "│", "▁▂▃▄▅▆▇█"
_LEFT_ARROW, _RIGHT_ARROW = "◂", "▸"
_LEGEND = STATUS_MARKS | FLAG_MARKS
_LEGEND |= {"several": "2", "core": _CERTAIN * 3, "hollow": _PLANNED * 3, "reach": _POSSIBLE * 3}
_LEGEND |= {"count": _COUNTS[-1], "today": _TODAY}
_MATCH_MARKS = {"certain": "", "possible": FLAG_MARKS["possible"]}


def table(selection: Selection, fields: Sequence[str], by: str = "kind", lanes: int | None = None) -> Table:
    """Return one row of FIELDS per event and lane; there is a lane per value of `by`, and at most `lanes` of them.

    `name` is the name of the entity whose id is `lane`. If `starts_by` is before `lasts_to`, the event certainly
    goes on from the one day to the other. The drawing replaces a lane that needs too many rows by counts per cell.
    """
    chart = _LaneChart(selection, Lanes(selection, by, lanes))
    return Table(
        [Column(field, marks=_MATCH_MARKS if field == "match" else None) for field in FIELDS],
        chart.rows(),
        footer=chart.footer,
        draw=chart.draw,
        chart_layout=chart.arrange,
    )


class _LaneChart:
    """The events of a selection in lanes: as rows, as a layout for any format, as text, and the footer."""

    def __init__(self, selection: Selection, lanes: Lanes) -> None:
        self.selection = selection
        self.lanes = lanes
        self.is_drawn = False

    @cached_property
    def lane_totals(self) -> list[Any]:
        """All lanes, also those beyond the limit."""
        return self.lanes.lane_totals()

    @property
    def visible_lanes(self) -> list[Any]:
        """The lanes up to the limit."""
        return self.lane_totals[: self.lanes.limit]

    def rows(self) -> Iterator[Sequence[Any]]:
        for *row, start, end in self.lanes.rows((*_EVENT_FIELDS, "start_last", "end_first")):
            yield *row, *(None if day is None else format_iso(day) for day in (start, end))

    def arrange(self, cells: int, text_width: TextWidth, *, with_titles: bool = True) -> ChartLayout:
        """Lay out the visible lanes on this number of cells; `with_titles` describes each bar in words."""
        self.is_drawn = True
        visible = self.visible_lanes
        today = self.selection.resolver.today
        axis = TimeAxis(*_days_to_draw(visible, today), cells, text_width)
        # Counts do not show certain dates.
        with_certain = not all(is_crowded(events, cells) for _, events, *_ in visible)
        groups = dict(self.lanes.groups(axis.first, axis.days, cells, with_certain=with_certain))
        if with_titles and not all(is_too_deep(events, groups.get(value, ()), cells) for value, events, *_ in visible):
            groups = dict(self.lanes.groups(axis.first, axis.days, cells, with_titles=True))
        lanes = [
            Lane(self.lane_label(value), events, undated, groups.get(value, ()), cells, text_width)
            for value, events, undated, *_ in visible
        ]
        return ChartLayout(axis, lanes, today)

    def lane_label(self, value: str | None) -> str:
        return self.lanes.lane_name(value) or value or f"no {self.lanes.by}"

    def footer(self) -> list[str]:
        counter = RowCounter(self.selection)
        counter.shown, counter.possible, undated = self.lanes.count_events()
        notes = [f"{undated:,} undated not drawn"] if undated and self.is_drawn else []
        if omitted := len(self.lane_totals) - len(self.visible_lanes):
            notes.append(f"{format_count(omitted, 'lane')} left out")
        return ["; ".join([*counter.footer(), *notes])] if notes else counter.footer()

    def draw(self, canvas: Canvas) -> Iterator[str]:
        lanes = [(self.lane_label(value), events) for value, events, *_ in self.visible_lanes]
        if not lanes:
            return
        layout = _TextChart(canvas, lanes)
        chart = self.arrange(layout.cells, lambda text: len(canvas.sanitize(text)), with_titles=False)
        yield from layout.axis_lines(chart.axis, chart.today_cell)
        for lane in chart.lanes:
            yield from layout.lane_lines(lane, chart.today_cell, chart.peak)
        yield ""
        legend: list[Piece] = [
            [(_LEGEND[name], name if name in (*STATUS_MARKS, *FLAG_MARKS) else "muted"), (f" {text}", "muted")]
            for name, text in chart.legend()
        ]
        yield from (line for line, _ in flow(canvas, legend, canvas.width or 0, "   "))


def _days_to_draw(lane_totals: Sequence[Any], today: int) -> tuple[int, int]:
    """Return the first and the last day of the axis, with a margin at an end that some event has open."""
    bounds = [days for _, _, _, *days in lane_totals if days[0] is not None]
    first, last = min((days[0] for days in bounds), default=today), max((days[1] for days in bounds), default=today)
    edge = (last - first) // _EDGE_FRACTION + 1
    if any(days[2] <= BEGIN for days in bounds):
        first = max(BEGIN + 1, first - edge)
    if any(days[3] >= END for days in bounds):
        last = min(END - 1, last + edge)
    return first, last


class _TextChart:
    """The layout of a chart in characters: lane names and numbers of events are before the rows, or above them."""

    def __init__(self, canvas: Canvas, lanes: Sequence[tuple[str, int]]) -> None:
        self.canvas = canvas
        self.is_label_above = canvas.width is not None and canvas.width < _NARROW
        # Lanes of one event each need no numbers.
        self.number_width = max(len(f"{n:,}") for _, n in lanes) if any(n > 1 for _, n in lanes) else 0
        widest = canvas.column(canvas.measure(canvas.sanitize(name)) for name, _ in lanes)
        self.name_width = widest if canvas.width is None else min(widest, canvas.width // 4)
        # The mark and the flags of a row of counts are before the cells.
        self.indent = len(canvas.sanitize("".join(("●", *FLAG_MARKS.values())))) + 1
        if not self.is_label_above:
            self.indent = max(self.indent, self.name_width + 2 + (self.number_width + 1 if self.number_width else 0))
        self.cells = _DEFAULT_CELLS if canvas.width is None else max(_MIN_CELLS, canvas.width - self.indent)

    def axis_lines(self, axis: TimeAxis, today: int | None) -> Iterator[str]:
        """Yield the line of labels and the line of ticks; each label starts above its tick."""
        labels, ticks = _ChartRow(self, None), _ChartRow(self, None)
        ticks.write(0, "─" * self.cells, "muted")
        for cell, label in axis.ticks:
            ticks.write(cell, "┬", "muted")
            if cell + len(label) <= self.cells:
                labels.write(cell, label, "year")
        if today is not None:
            ticks.write(today, _TODAY, "muted")
        yield labels.to_line()
        yield ticks.to_line()

    def lane_lines(self, lane: Lane, today: int | None, peak: int) -> Iterator[str]:
        canvas = self.canvas
        number = f"{lane.event_count:,}" if self.number_width else ""
        if self.is_label_above:
            name = canvas.truncate(lane.label, max(1, (canvas.width or 0) - len(number) - 1))
            heading = f"{canvas.stylize(name, 'title')} {canvas.stylize(number, 'muted')}".rstrip()
        else:
            name = canvas.pad(canvas.truncate(lane.label, self.name_width), self.name_width)
            heading = f"{canvas.stylize(name)} {canvas.stylize(number.rjust(self.number_width), 'muted')}"
            heading += " " * (self.indent - self.name_width - 1 - max(self.number_width, len(number)))
        rows = [_ChartRow(self, today) for _ in lane.rows or lane.counts or [0]]
        for row, bars in zip(rows, lane.rows, strict=False):
            for bar in bars:
                row.draw_bar(bar)
        for row, counts in zip(rows, lane.counts, strict=False):
            row.draw_counts(*counts, peak)
        if lane.event_count == lane.undated_count:
            rows[0].write(0, "undated", "muted")
        if self.is_label_above or lane.counts or canvas.measure(name) > self.name_width:
            yield heading.rstrip()
        else:
            rows[0].prefix = heading
        for row in rows:
            yield row.to_line()


class _ChartRow:
    """One line of a chart: a prefix, and a character and a style for each cell."""

    def __init__(self, layout: _TextChart, today: int | None) -> None:
        self.canvas = layout.canvas
        self.prefix = " " * layout.indent
        self.characters = [" "] * layout.cells
        self.styles = [""] * layout.cells
        if today is not None:
            self.write(today, _TODAY, "muted")

    def write(self, start: int, text: str, style: str) -> None:
        """Write a text into the cells from `start` on; what does not fit is cut off."""
        for cell, character in enumerate(self.canvas.sanitize(text)[: len(self.characters) - start], start):
            self.characters[cell] = character
            self.styles[cell] = style

    def draw_bar(self, bar: EventBar) -> None:
        (low, high), (has_left_arrow, has_right_arrow) = bar.possible_cells, bar.open_ends
        self.write(low, _POSSIBLE * (high - low + 1), bar.mark)
        if bar.certain_cells:
            begin, end = bar.certain_cells
            self.write(begin, (_PLANNED if bar.mark in HOLLOW_MARKS else _CERTAIN) * (end - begin + 1), bar.mark)
        for cell, arrow in ((low, _LEFT_ARROW),) * has_left_arrow + ((high, _RIGHT_ARROW),) * has_right_arrow:
            self.write(cell, arrow, bar.mark)
        self.write(bar.mark_cell, STATUS_MARKS[bar.mark], bar.mark)
        cell = bar.annotation_cell
        for text, style in bar.annotations:
            self.write(cell, text, style)
            cell += len(self.canvas.sanitize(text))

    def draw_counts(self, mark: str, flags: Sequence[tuple[str, str]], heights: Sequence[int], peak: int) -> None:
        piece = [(STATUS_MARKS[mark], mark), *flags]
        width = sum(len(self.canvas.sanitize(text)) for text, _ in piece) + 1
        self.prefix = " " * (len(self.prefix) - width) + style_piece(self.canvas, piece) + " "
        levels = self.canvas.sanitize(_COUNTS)
        for cell, number in enumerate(heights):
            if number:
                self.characters[cell] = levels[-(-number * len(levels) // peak) - 1]
                self.styles[cell] = mark

    def to_line(self) -> str:
        cells = groupby(zip(self.styles, self.characters, strict=True), key=itemgetter(0))
        styled = (self.canvas.stylize("".join(text for _, text in run), style) for style, run in cells)
        return (self.prefix + "".join(styled)).rstrip()
