"""The layout of a chart before it is drawn: lanes of bars on an axis of days, in cells.

A cell is one character or a few pixels, as the format decides. Bars show the certain and the possible days apart.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate, pairwise
from operator import itemgetter

from autotimeline.render.canvas import FLAG_MARKS, MARK_LABELS, STATUS_MARKS, flag_texts
from autotimeline.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    # Returns the number of cells of a text or a mark.
    TextWidth = Callable[[str], int]
    # Text and its style (see canvas.STYLES).
    StyledText = tuple[str, str]
    # Events of one lane that look alike: the first and the last possible cell (-1 without a first, the number of cells
    # without a last), the first and the last certain cell (or None; a last one without a first is that of a written
    # day), their marker, and their number; of a single event also date, id, and title.
    BarGroup = Sequence[Any]
    # Mark (of canvas.STATUS_MARKS), match, and whether disputed.
    Marker = tuple[str, str, bool]
    CellBounds = tuple[int, int]

HOLLOW_MARKS = ("planned", "overdue", "cancelled")
"""The marks of events that have not happened: the certain part of their bars is hollow."""
MAX_LANE_ROWS = 8
"""The most rows of bars in a lane; one that needs more shows counts."""

_DAY, _WEEK = 1, 7
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 60000, 120000)
_LABEL_GAP = "  "  # the smallest gap between two labels of an axis


class TimeAxis:
    """The days from the first tick to `last` on a number of cells; `ticks` are (cell, label).

    The ticks are as fine as their labels allow: days, weeks, months, quarters, halves, years, and so on. Each label is
    a date of the query language.
    """

    def __init__(self, first: int, last: int, cells: int, text_width: TextWidth) -> None:
        self.cells = cells
        for ticks in _tick_candidates(first, last, cells, text_width):
            self.first = min(first, ticks[0][0])
            self.days = last - self.first + 1
            self.ticks = [(self.cell_of(day), label) for day, label in ticks]
            if all(cell + text_width(label + _LABEL_GAP) <= end for (cell, label), (end, _) in pairwise(self.ticks)):
                break

    def cell_of(self, day: int) -> int:
        """Return the cell of the start of the day."""
        return (day - self.first) * self.cells // self.days


def _tick_candidates(first: int, last: int, cells: int, text_width: TextWidth) -> Iterator[list[tuple[int, str]]]:
    """Yield lists of (day, label) from fine to coarse, from the tick before the first day to the last one in range."""
    for step in (_DAY, _WEEK):
        if (last - first + 1) * text_width("2025-03-25") <= step * cells:
            begin = first - (first - 1) % step
            yield [(day, date.fromordinal(day).isoformat()) for day in range(begin, last + 1, step)]
    start, end = (date.fromordinal(day) for day in (first, last))
    for step in _MONTH_STEPS:
        if (last - first + 1) * text_width("2025") <= step * 31 * cells or step == _MONTH_STEPS[-1]:
            begin, last_month = (day.year * 12 + day.month - 1 for day in (start, end))
            # The year 0 is not valid.
            months = [max(month, 12) for month in range(begin // step * step, last_month + 1, step)]
            yield [(date(month // 12, month % 12 + 1, 1).toordinal(), _tick_label(month, step)) for month in months]


def _tick_label(month: int, step: int) -> str:
    year, month_index = f"{month // 12:04}", month % 12
    part = {1: f"-{month_index + 1:02}", 3: f"Q{month_index // 3 + 1}", 6: f"H{month_index // 6 + 1}"}
    return year + part.get(step, "")


class EventBar:
    """Events of one lane that look alike, with their mark and position in cells.

    Attributes:
        mark: A key of canvas.STATUS_MARKS.
        annotations: Texts beside the mark: the number of events if several, and canvas.FLAG_MARKS.
        annotation_cell: The first cell of the annotations.
        possible_cells: The first and the last possible cell.
        certain_cells: The first and the last certain cell; None if no day is certain.
        open_ends: Whether the first day is missing, and whether the last day is missing.
        mark_cell: The cell of the mark: the certain start or the day as written, else the middle of the possible cells.
        drawn_cells: The first and the last cell of the bar, its mark, and its annotations.
        description: The event, or the number of events, in words.
    """

    def __init__(self, group: BarGroup, cells: int, text_width: TextWidth) -> None:
        low, high, begin, end, marker, self.event_count, *details = group
        last = cells - 1
        self.mark = marker[0]
        self.description = _describe_bar(self.event_count, *details)
        self.annotations = [(f"{self.event_count:,}", self.mark)] if self.event_count > 1 else []
        self.annotations += _flags(marker)
        self.open_ends = low < 0, high > last
        self.possible_cells = max(low, 0), min(high, last)
        self.certain_cells = None if begin is None else (max(begin, 0), min(end, last))
        self.mark_cell = _mark_position((low, high) if begin is None else (begin, end), last, begin is not None)
        if begin is None and end is not None:
            self.mark_cell = max(0, min(end, last))
        half_mark = text_width(STATUS_MARKS[self.mark]) // 2
        mark_start, mark_end = self.mark_cell - half_mark, self.mark_cell + half_mark
        width = sum(text_width(text) for text, _ in self.annotations)
        self.annotation_cell = mark_end + 1 if mark_end + 1 + width <= cells else max(0, mark_start - width)
        self.drawn_cells = (
            min(self.possible_cells[0], mark_start, self.annotation_cell),
            max(self.possible_cells[1], mark_end, self.annotation_cell + width - 1),
        )

    def legend_keys(self) -> Iterator[str]:
        """Yield the keys of LEGEND_TEXTS that the bar needs."""
        yield self.mark
        if self.certain_cells and self.certain_cells[0] < self.certain_cells[1]:
            yield "hollow" if self.mark in HOLLOW_MARKS else "core"
        if self.possible_cells[0] < self.possible_cells[1] and self.possible_cells != self.certain_cells:
            yield "reach"
        yield from ("open",) if any(self.open_ends) else ()
        yield from (style for _, style in self.annotations)
        yield from ("several",) if self.event_count > 1 else ()


def _describe_bar(event_count: int, date: str = "", id: str = "", title: str = "") -> str:
    return format_count(event_count, "event") if event_count > 1 else f"{date}: {title} ({id})"


def _mark_position(bounds: CellBounds, last: int, is_certain: bool) -> int:
    """Return the cell of the mark: the certain start, else the only bounded end, else the middle."""
    low, high = bounds
    if low >= 0 and (is_certain or high > last):
        return low
    if low < 0 and high <= last:
        return high
    return (max(low, 0) + min(high, last)) // 2


def is_crowded(event_count: int, cells: int) -> bool:
    """Return whether a lane has too many events for rows of bars, whatever their dates."""
    return event_count > MAX_LANE_ROWS * cells


def is_too_deep(event_count: int, groups: Sequence[BarGroup], cells: int) -> bool:
    """Return whether the possible cells alone need more rows than a lane has, without marks and annotations."""
    return is_crowded(event_count, cells) or max(_cell_heights(groups, cells, lambda group: 1)) > MAX_LANE_ROWS


class Lane:
    """The events of one value: rows of bars that do not touch, or counts if a lane needs too many rows.

    `counts` are (mark, signs, the number of possible events in each cell), one for each marker.
    """

    def __init__(
        self, label: str, event_count: int, undated_count: int, groups: Sequence[BarGroup], cells: int, width: TextWidth
    ) -> None:
        self.label = label
        self.event_count = event_count
        self.undated_count = undated_count
        too_deep = is_too_deep(event_count, groups, cells)
        rows = [] if too_deep else _stack_bars([EventBar(group, cells, width) for group in groups])
        fits = not too_deep and len(rows) <= MAX_LANE_ROWS
        self.rows = rows if fits else []
        self.counts = [] if fits else _count_by_marker(groups, cells)


def _cell_heights(
    groups: Iterable[BarGroup], cells: int, weight_of: Callable[[BarGroup], int] = itemgetter(5)
) -> list[int]:
    """Return the total weight of the possible groups in each cell; by default the number of events."""
    # The first and the last item are for groups that extend beyond the cells.
    changes = [0] * (cells + 3)
    for group in groups:
        weight = weight_of(group)
        changes[group[0] + 1] += weight
        changes[group[1] + 2] -= weight
    return list(accumulate(changes))[1 : cells + 1]


def _count_by_marker(groups: Sequence[BarGroup], cells: int) -> list[tuple[str, Sequence[StyledText], list[int]]]:
    groups_by_marker: dict[Marker, list[BarGroup]] = {}
    for group in groups:
        groups_by_marker.setdefault(group[4], []).append(group)
    markers = sorted(groups_by_marker, key=lambda marker: (_MARK_RANKS[marker[0]], _flags(marker)))
    return [(marker[0], _flags(marker), _cell_heights(groups_by_marker[marker], cells)) for marker in markers]


def _flags(marker: Marker) -> list[StyledText]:
    _, match, disputed = marker
    return flag_texts(match == "possible", disputed)


def _stack_bars(bars: list[EventBar]) -> list[list[EventBar]]:
    """Return the bars in rows, with a cell between two neighbors; marks without bars may be adjacent."""
    bars.sort(key=lambda bar: (bar.drawn_cells, _MARK_RANKS[bar.mark], bar.annotations))
    rows: list[list[EventBar]] = []
    for bar in bars:
        for row in rows:
            previous = row[-1]
            marks_only = all(
                neighbor.possible_cells[0] == neighbor.possible_cells[1] and not neighbor.annotations
                for neighbor in (previous, bar)
            )
            if previous.drawn_cells[1] + (not marks_only) < bar.drawn_cells[0]:
                row.append(bar)
                break
        else:
            rows.append([bar])
            if len(rows) > MAX_LANE_ROWS:
                break
    return rows


_MARK_RANKS = {mark: rank for rank, mark in enumerate(STATUS_MARKS)}

LEGEND_TEXTS = {
    **{mark: MARK_LABELS[mark] for mark in STATUS_MARKS},
    "several": "a number of events with the same mark and days",
    "core": "throughout",
    "hollow": "throughout, as planned",
    "reach": "some time within",
    "open": "open start or end",
    **{sign: MARK_LABELS[sign] for sign in FLAG_MARKS},
    "count": "most events that may be in one place: {peak:,}",
    "today": "today",
}
"""The text of the legend for each element of a chart."""


class ChartLayout:
    """An axis, lanes from top to bottom, and the cell of today; None if that is outside the axis.

    `peak` is the highest count of a cell, or 0 without counts. `shows_counts` is false if each lane has one event.
    """

    def __init__(self, axis: TimeAxis, lanes: Sequence[Lane], today: int) -> None:
        self.axis = axis
        self.lanes = lanes
        self.today_cell = axis.cell_of(today) if axis.first <= today < axis.first + axis.days else None
        self.shows_counts = any(lane.event_count > 1 for lane in lanes)
        self.peak = max((max(heights) for lane in lanes for *_, heights in lane.counts), default=0)

    def legend(self) -> list[tuple[str, str]]:
        """Return the visible elements as keys of LEGEND_TEXTS, each with its text."""
        seen = {name for lane in self.lanes for row in lane.rows for bar in row for name in bar.legend_keys()}
        for lane in self.lanes:
            for mark, signs, _ in lane.counts:
                seen |= {mark, "count", *(style for _, style in signs)}
        seen |= {"today"} if self.today_cell is not None else set()
        return [(name, text.format(peak=self.peak)) for name, text in LEGEND_TEXTS.items() if name in seen]
