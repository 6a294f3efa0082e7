"""A picture to scale, before it is drawn: lanes of bars on an axis of days, laid out in cells.

A cell is what a format makes of it, a character or a few pixels. Nothing here is made more precise than
it is: where a bar is only possible is told apart from where it surely is, and what does not fit is counted.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate, pairwise
from operator import itemgetter

from autotimeline.render.canvas import FLAG_LABELS, FLAG_MARKS, STATUS_MARKS
from autotimeline.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    # How many cells a text or a mark takes.
    TextWidth = Callable[[str], int]
    # Text and its style (see canvas.STYLES).
    StyledText = tuple[str, str]
    # Events of one lane that look alike: the first and the last cell of where they may be (-1 without a first, as
    # many as there are cells without a last), the same of where they surely are all the while (else None), their look
    # and how many there are; and maybe date, id and title of one of them.
    BarGroup = Sequence[Any]
    # Mark (of canvas.MARKS), match, and whether disputed.
    Marker = tuple[str, str, bool]
    CellBounds = tuple[int, int]

HOLLOW_MARKS = ("planned", "overdue", "cancelled")
"""The marks of what has not come to pass: where such a bar surely lies is drawn hollow."""
MAX_LANE_ROWS = 8
"""How many rows of bars a lane has at most; one that needs more is drawn as counts."""

_DAY, _WEEK = 1, 7
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 60000, 120000)
_LABEL_GAP = "  "  # what parts two labels of an axis, at least


class TimeAxis:
    """The days from the one of its first tick to `last`, on so many cells; `ticks` are (cell, label).

    The ticks are as fine as their labels have room: days, weeks, months, quarters, halves, years and so
    on. A label is a date as the query language reads it.
    """

    __slots__ = ("cells", "days", "first", "ticks")

    def __init__(self, first: int, last: int, cells: int, text_width: TextWidth) -> None:
        self.cells = cells
        for ticks in _tick_candidates(first, last, cells, text_width):
            self.first = min(first, ticks[0][0])
            self.days = last - self.first + 1
            self.ticks = [(self.cell_of(day), label) for day, label in ticks]
            if all(
                next_cell - cell >= text_width(label + _LABEL_GAP)
                for (cell, label), (next_cell, _) in pairwise(self.ticks)
            ):
                break

    def cell_of(self, day: int) -> int:
        """Return the cell that the day begins in."""
        return (day - self.first) * self.cells // self.days


def _tick_candidates(first: int, last: int, cells: int, text_width: TextWidth) -> Iterator[list[tuple[int, str]]]:
    """Yield ticks, ever coarser, from the one before the first day to the last one before the end."""
    for step in (_DAY, _WEEK):
        if (last - first + 1) * text_width("2025-03-25") <= step * cells:
            begin = first - (first - 1) % step
            yield [(day, date.fromordinal(day).isoformat()) for day in range(begin, last + 1, step)]
    start, end = (date.fromordinal(day) for day in (first, last))
    for step in _MONTH_STEPS:
        if (last - first + 1) * text_width("2025") <= step * 31 * cells or step == _MONTH_STEPS[-1]:
            begin, last_month = (day.year * 12 + day.month - 1 for day in (start, end))
            # There is no year 0.
            months = [max(month, 12) for month in range(begin // step * step, last_month + 1, step)]
            yield [(date(month // 12, month % 12 + 1, 1).toordinal(), _tick_label(month, step)) for month in months]


def _tick_label(month: int, step: int) -> str:
    year, month_index = f"{month // 12:04}", month % 12
    return (
        f"{year}-{month_index + 1:02}"
        if step == 1
        else year + {3: f"Q{month_index // 3 + 1}", 6: f"H{month_index // 6 + 1}"}.get(step, "")
    )


class EventBar:
    """Events of one lane that look alike: `events` of them, with one mark and the same bounds.

    Attributes:
        mark: How they stand, one of canvas.MARKS.
        signs: What is written beside the mark: how many there are, where several, and those of canvas.SIGNS.
        reach: The first and the last cell that they may be in.
        core: The first and the last cell of where they surely are all the while; None where nobody can tell.
        open: Whether they have no first day, and whether they have no last.
        at: The cell of the mark: where they surely begin, else the middle of where they may be.
        signs_at: The first cell of the signs.
        span: The first and the last cell that anything of it is drawn in.
        told: What they are, in words.
    """

    __slots__ = (
        "annotation_cell",
        "annotations",
        "certain_cells",
        "description",
        "drawn_cells",
        "event_count",
        "mark",
        "mark_cell",
        "open_ends",
        "possible_cells",
    )

    def __init__(self, group: BarGroup, cells: int, text_width: TextWidth) -> None:
        low, high, begin, end, marker, self.event_count, *details = group
        last = cells - 1
        self.mark = marker[0]
        self.description = _describe_bar(self.event_count, *details)
        self.annotations = [(f"{self.event_count:,}", self.mark)] if self.event_count > 1 else []
        self.annotations += _flag_marks(marker)
        self.open_ends = low < 0, high > last
        self.possible_cells = max(low, 0), min(high, last)
        self.certain_cells = None if begin is None else (max(begin, 0), min(end, last))
        self.mark_cell = _mark_position(
            (begin, end) if self.certain_cells else (low, high), last, has_start=bool(self.certain_cells)
        )
        half_mark = text_width(STATUS_MARKS[self.mark]) // 2
        annotation_width = sum(text_width(text) for text, _ in self.annotations)
        right_of_mark = self.mark_cell + half_mark + 1
        self.annotation_cell = (
            right_of_mark
            if right_of_mark + annotation_width <= cells
            else max(0, self.mark_cell - half_mark - annotation_width)
        )
        first_cell = min(self.possible_cells[0], self.mark_cell - half_mark, self.annotation_cell)
        self.drawn_cells = (
            first_cell,
            max(self.possible_cells[1], self.mark_cell + half_mark, self.annotation_cell + annotation_width - 1),
        )

    def legend_keys(self) -> Iterator[str]:
        """Yield what of WORDS is to be seen in it."""
        yield self.mark
        if self.certain_cells and self.certain_cells[0] < self.certain_cells[1]:
            yield "hollow" if self.mark in HOLLOW_MARKS else "core"
        if self.possible_cells[0] < self.possible_cells[1] and self.possible_cells != self.certain_cells:
            yield "reach"
        yield from (style for _, style in self.annotations)
        yield from ("several",) if self.event_count > 1 else ()


def _describe_bar(event_count: int, date: str = "", id: str = "", title: str = "") -> str:
    return format_count(event_count, "event") if event_count > 1 else f"{date}: {title} ({id})"


def _flag_marks(marker: Marker) -> list[StyledText]:
    _, match, disputed = marker
    flags = ("possible", match == "possible"), ("disputed", disputed)
    return [(FLAG_MARKS[flag], flag) for flag, applies in flags if applies]


def _mark_position(bounds: CellBounds, last: int, *, has_start: bool) -> int:
    """Return where the mark stands: at the known beginning, else at the one end that is known, else in the middle."""
    low, high = bounds
    if low >= 0 and (has_start or high > last):
        return low
    if low < 0 and high <= last:
        return high
    return (max(low, 0) + min(high, last)) // 2


def is_crowded(event_count: int, cells: int) -> bool:
    """Whether a lane has more events than there are places for bars: it is drawn as counts, whatever they look like."""
    return event_count > MAX_LANE_ROWS * cells


def is_too_deep(event_count: int, groups: Sequence[BarGroup], cells: int) -> bool:
    """Whether so many may be in one cell that they need no trying; marks and signs need more room still."""
    return is_crowded(event_count, cells) or max(_cell_heights(groups, cells, lambda group: 1)) > MAX_LANE_ROWS


class Lane:
    """The events of one value: rows of bars that do not touch; where these are too many, counts instead.

    `counts` are (mark, signs, how many may be in each cell), for each way to be marked.
    """

    __slots__ = ("counts", "event_count", "label", "rows", "undated_count")

    def __init__(
        self,
        label: str,
        event_count: int,
        undated_count: int,
        groups: Sequence[BarGroup],
        cells: int,
        text_width: TextWidth,
    ) -> None:
        self.label = label
        self.event_count = event_count
        self.undated_count = undated_count
        too_deep = is_too_deep(event_count, groups, cells)
        rows = [] if too_deep else _stack_bars([EventBar(group, cells, text_width) for group in groups])
        fits = not too_deep and len(rows) <= MAX_LANE_ROWS
        self.rows = rows if fits else []
        self.counts = [] if fits else _count_by_marker(groups, cells)


def _cell_heights(
    groups: Iterable[BarGroup], cells: int, weight_of: Callable[[BarGroup], int] = itemgetter(5)
) -> list[int]:
    """Return how many there may be in each cell, each group counted as so many."""
    # The first and the last place stand for what reaches beyond the cells.
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
    counts = [
        (_MARK_RANKS[marker[0]], _flag_marks(marker), marker[0], _cell_heights(members, cells))
        for marker, members in groups_by_marker.items()
    ]
    return [(mark, signs, heights) for _, signs, mark, heights in sorted(counts)]


def _stack_bars(bars: list[EventBar]) -> list[list[EventBar]]:
    """Return the bars in as few rows as they need, a cell between two; marks alone may stand side by side."""
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
    **{mark: mark for mark in STATUS_MARKS},
    "several": "events that look alike",
    "core": "all the while",
    "hollow": "all the while, as meant",
    "reach": "some time in it",
    **FLAG_LABELS,
    "count": "most events that may be in one place: {peak:,}",
    "today": "today",
}
"""What a legend says of each thing that may be seen in a picture."""


class ChartLayout:
    """The whole picture: an axis, lanes from top to bottom, and the cell of today, None where that is outside.

    `peak` is the highest count of any cell, 0 where nothing is counted. `numbered` is whether to say how many
    events a lane has: where each is one event, that says nothing.
    """

    __slots__ = ("axis", "lanes", "peak", "shows_counts", "today_cell")

    def __init__(self, axis: TimeAxis, lanes: Sequence[Lane], today: int) -> None:
        self.axis = axis
        self.lanes = lanes
        self.today_cell = axis.cell_of(today) if axis.first <= today < axis.first + axis.days else None
        self.shows_counts = any(lane.event_count > 1 for lane in lanes)
        self.peak = max((max(heights) for lane in lanes for *_, heights in lane.counts), default=0)

    def legend(self) -> list[tuple[str, str]]:
        """Return what is to be seen, by its name in WORDS, each with its words."""
        seen = {name for lane in self.lanes for row in lane.rows for bar in row for name in bar.legend_keys()}
        for lane in self.lanes:
            for mark, signs, _ in lane.counts:
                seen |= {mark, "count", *(style for _, style in signs)}
        seen |= {"today"} if self.today_cell is not None else set()
        return [(name, text.format(peak=self.peak)) for name, text in LEGEND_TEXTS.items() if name in seen]
