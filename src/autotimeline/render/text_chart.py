"""A chart in characters: lane names and numbers of events are before the rows, or above them on a narrow canvas."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from autotimeline.render.canvas import FLAG_MARKS, STATUS_MARKS
from autotimeline.render.chart_layout import HOLLOW_MARKS
from autotimeline.render.text_layout import paragraph, style_piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.chart_layout import ChartLayout, EventBar, Lane, TextWidth, TimeAxis

_DEFAULT_CELLS = 80  # without a width
_NARROW = 60  # columns; below this width the name of a lane is above it
_MIN_CELLS = 10
_CERTAIN, _PLANNED, _POSSIBLE, _TODAY, _COUNTS = "━", "═", "┄", "│", "▁▂▃▄▅▆▇█"
_LEFT_ARROW, _RIGHT_ARROW = "◂", "▸"
_LEGEND = STATUS_MARKS | FLAG_MARKS
_LEGEND |= {"several": "2", "core": _CERTAIN * 3, "hollow": _PLANNED * 3, "reach": _POSSIBLE * 3}
_LEGEND |= {"open": _LEFT_ARROW + _RIGHT_ARROW}
_LEGEND |= {"count": _COUNTS[-1], "today": _TODAY}


class Chart:
    """Lanes on a time axis, each given by its label and its number of events.

    `arrange(cells, text_width, with_titles)` lays them out on a number of cells; `with_titles` describes each bar.
    """

    def __init__(
        self, lanes: Sequence[tuple[str, int]], arrange: Callable[[int, TextWidth, bool], ChartLayout]
    ) -> None:
        self.lanes = lanes
        self.arrange = arrange

    def __call__(self, canvas: Canvas, width: int) -> Iterator[str]:
        """Yield the lines of the chart, like any block."""
        if not self.lanes:
            return
        page = _Page(canvas, self.lanes)
        chart = self.arrange(page.cells, lambda text: len(canvas.sanitize(text)), False)
        yield from page.axis_lines(chart.axis, chart.today_cell)
        for lane in chart.lanes:
            yield from page.lane_lines(lane, chart.today_cell, chart.peak)
        yield ""
        styles = STATUS_MARKS | FLAG_MARKS
        legend = [
            [(_LEGEND[name], name if name in styles else "muted"), (f" {text}", "")] for name, text in chart.legend()
        ]
        yield from paragraph(*legend, separator="   ")(canvas, width)


class _Page:
    """The columns of a chart: `indent` for lane names and numbers of events, then `cells`."""

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

    def __init__(self, layout: _Page, today: int | None) -> None:
        self.canvas = layout.canvas
        self.prefix = " " * layout.indent
        self.characters = [" "] * layout.cells
        self.styles = [""] * layout.cells
        if today is not None:
            self.write(today, _TODAY, "muted")

    def write(self, start: int, text: str, style: str) -> None:
        """Write a text into the cells from `start` on; what does not fit is cut off."""
        text = self.canvas.sanitize(text)[: len(self.characters) - start]
        end = start + len(text)
        self.characters[start:end], self.styles[start:end] = text, [style] * len(text)

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
        self.prefix = " " * (len(self.prefix) - width) + style_piece(self.canvas, piece)[0] + " "
        levels = self.canvas.sanitize(_COUNTS)
        for cell, number in enumerate(heights):
            if number:
                self.characters[cell] = levels[-(-number * len(levels) // peak) - 1]
                self.styles[cell] = mark

    def to_line(self) -> str:
        cells = groupby(zip(self.styles, self.characters, strict=True), key=itemgetter(0))
        styled = (self.canvas.stylize("".join(text for _, text in run), style) for style, run in cells)
        return (self.prefix + "".join(styled)).rstrip()
