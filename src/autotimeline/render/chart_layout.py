"""A picture to scale, before it is drawn: lanes of bars on an axis of days, laid out in cells.

A cell is what a format makes of it, a character or a few pixels. Nothing here is made more precise than
it is: where a bar is only possible is told apart from where it surely is, and what does not fit is counted.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate, pairwise
from operator import itemgetter

from autotimeline.render.canvas import MARKS, SAID, SIGNS
from autotimeline.text import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    # How many cells a text or a mark takes.
    Room = Callable[[str], int]
    # Text and its style (see paper.STYLES).
    Sign = tuple[str, str]
    # Events of one lane that look alike: the first and the last cell of where they may be (-1 without a first, as
    # many as there are cells without a last), the same of where they surely are all the while (else None), their look
    # and how many there are; and maybe date, id and title of one of them.
    Group = Sequence[Any]
    # Mark (of paper.MARKS), match, and whether disputed.
    Look = tuple[str, str, bool]
    Pair = tuple[int, int]

HOLLOW = ("planned", "overdue", "cancelled")
"""The marks of what has not come to pass: where such a bar surely lies is drawn hollow."""
DEEPEST = 8
"""How many rows of bars a lane has at most; one that needs more is drawn as counts."""

_DAY, _WEEK = 1, 7
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 60000, 120000)
_BETWEEN = "  "  # what parts two labels of an axis, at least


class Axis:
    """The days from the one of its first tick to `last`, on so many cells; `ticks` are (cell, label).

    The ticks are as fine as their labels have room: days, weeks, months, quarters, halves, years and so
    on. A label is a date as the query language reads it.
    """

    __slots__ = ("cells", "days", "first", "ticks")

    def __init__(self, first: int, last: int, cells: int, room: Room) -> None:
        self.cells = cells
        for ticks in _scales(first, last, cells, room):
            self.first = min(first, ticks[0][0])
            self.days = last - self.first + 1
            self.ticks = [(self.cell(day), label) for day, label in ticks]
            if all(then - at >= room(label + _BETWEEN) for (at, label), (then, _) in pairwise(self.ticks)):
                break

    def cell(self, day: int) -> int:
        """Return the cell that the day begins in."""
        return (day - self.first) * self.cells // self.days


def _scales(first: int, last: int, cells: int, room: Room) -> Iterator[list[tuple[int, str]]]:
    """Yield ticks, ever coarser, from the one before the first day to the last one before the end."""
    for step in (_DAY, _WEEK):
        if (last - first + 1) * room("2025-03-25") <= step * cells:
            begin = first - (first - 1) % step
            yield [(day, date.fromordinal(day).isoformat()) for day in range(begin, last + 1, step)]
    start, end = (date.fromordinal(day) for day in (first, last))
    for step in _MONTHS:
        if (last - first + 1) * room("2025") <= step * 31 * cells or step == _MONTHS[-1]:
            begin, until = (day.year * 12 + day.month - 1 for day in (start, end))
            # There is no year 0.
            months = [max(at, 12) for at in range(begin // step * step, until + 1, step)]
            yield [(date(at // 12, at % 12 + 1, 1).toordinal(), _label(at, step)) for at in months]


def _label(month: int, step: int) -> str:
    year, at = f"{month // 12:04}", month % 12
    return f"{year}-{at + 1:02}" if step == 1 else year + {3: f"Q{at // 3 + 1}", 6: f"H{at // 6 + 1}"}.get(step, "")


class Bar:
    """Events of one lane that look alike: `events` of them, with one mark and the same bounds.

    Attributes:
        mark: How they stand, one of paper.MARKS.
        signs: What is written beside the mark: how many there are, where several, and those of paper.SIGNS.
        reach: The first and the last cell that they may be in.
        core: The first and the last cell of where they surely are all the while; None where nobody can tell.
        open: Whether they have no first day, and whether they have no last.
        at: The cell of the mark: where they surely begin, else the middle of where they may be.
        signs_at: The first cell of the signs.
        span: The first and the last cell that anything of it is drawn in.
        told: What they are, in words.
    """

    __slots__ = ("at", "core", "events", "mark", "open", "reach", "signs", "signs_at", "span", "told")

    def __init__(self, group: Group, cells: int, room: Room) -> None:
        low, high, begin, end, look, self.events, *one = group
        last = cells - 1
        self.mark = look[0]
        self.told = _told(self.events, *one)
        self.signs = [(f"{self.events:,}", self.mark)] if self.events > 1 else []
        self.signs += _signs(look)
        self.open = low < 0, high > last
        self.reach = max(low, 0), min(high, last)
        self.core = None if begin is None else (max(begin, 0), min(end, last))
        self.at = _known((begin, end) if self.core else (low, high), last, begins=bool(self.core))
        half = room(MARKS[self.mark]) // 2
        size = sum(room(sign) for sign, _ in self.signs)
        beside = self.at + half + 1
        self.signs_at = beside if beside + size <= cells else max(0, self.at - half - size)
        left = min(self.reach[0], self.at - half, self.signs_at)
        self.span = left, max(self.reach[1], self.at + half, self.signs_at + size - 1)

    def names(self) -> Iterator[str]:
        """Yield what of WORDS is to be seen in it."""
        yield self.mark
        if self.core and self.core[0] < self.core[1]:
            yield "hollow" if self.mark in HOLLOW else "core"
        if self.reach[0] < self.reach[1] and self.reach != self.core:
            yield "reach"
        yield from (style for _, style in self.signs)
        yield from ("several",) if self.events > 1 else ()


def _told(events: int, date: str = "", id: str = "", title: str = "") -> str:
    return count(events, "event") if events > 1 else f"{date}: {title} ({id})"


def _signs(look: Look) -> list[Sign]:
    _, match, disputed = look
    states = ("possible", match == "possible"), ("disputed", disputed)
    return [(SIGNS[state], state) for state, is_so in states if is_so]


def _known(bounds: Pair, last: int, *, begins: bool) -> int:
    """Return where the mark stands: at the known beginning, else at the one end that is known, else in the middle."""
    low, high = bounds
    if low >= 0 and (begins or high > last):
        return low
    if low < 0 and high <= last:
        return high
    return (max(low, 0) + min(high, last)) // 2


def crowded(events: int, cells: int) -> bool:
    """Whether a lane has more events than there are places for bars: it is drawn as counts, whatever they look like."""
    return events > DEEPEST * cells


def deep(events: int, groups: Sequence[Group], cells: int) -> bool:
    """Whether so many may be in one cell that they need no trying; marks and signs need more room still."""
    return crowded(events, cells) or max(_heights(groups, cells, lambda group: 1)) > DEEPEST


class Lane:
    """The events of one value: rows of bars that do not touch; where these are too many, counts instead.

    `counts` are (mark, signs, how many may be in each cell), for each way to be marked.
    """

    __slots__ = ("counts", "events", "label", "rows", "undated")

    def __init__(self, label: str, events: int, undated: int, groups: Sequence[Group], cells: int, room: Room) -> None:
        self.label = label
        self.events = events
        self.undated = undated
        untried = deep(events, groups, cells)
        rows = [] if untried else _stacked([Bar(group, cells, room) for group in groups])
        fits = not untried and len(rows) <= DEEPEST
        self.rows = rows if fits else []
        self.counts = [] if fits else _counted(groups, cells)


def _heights(groups: Iterable[Group], cells: int, number: Callable[[Group], int] = itemgetter(5)) -> list[int]:
    """Return how many there may be in each cell, each group counted as so many."""
    # The first and the last place stand for what reaches beyond the cells.
    changes = [0] * (cells + 3)
    for group in groups:
        many = number(group)
        changes[group[0] + 1] += many
        changes[group[1] + 2] -= many
    return list(accumulate(changes))[1 : cells + 1]


def _counted(groups: Sequence[Group], cells: int) -> list[tuple[str, Sequence[Sign], list[int]]]:
    looks: dict[Look, list[Group]] = {}
    for group in groups:
        looks.setdefault(group[4], []).append(group)
    found = [(_RANKS[look[0]], _signs(look), look[0], _heights(some, cells)) for look, some in looks.items()]
    return [(mark, signs, heights) for _, signs, mark, heights in sorted(found)]


def _stacked(bars: list[Bar]) -> list[list[Bar]]:
    """Return the bars in as few rows as they need, a cell between two; marks alone may stand side by side."""
    bars.sort(key=lambda bar: (bar.span, _RANKS[bar.mark], bar.signs))
    rows: list[list[Bar]] = []
    for bar in bars:
        for row in rows:
            before = row[-1]
            alone = all(one.reach[0] == one.reach[1] and not one.signs for one in (before, bar))
            if before.span[1] + (not alone) < bar.span[0]:
                row.append(bar)
                break
        else:
            rows.append([bar])
            if len(rows) > DEEPEST:
                break
    return rows


_RANKS = {mark: rank for rank, mark in enumerate(MARKS)}

WORDS = {
    **{mark: mark for mark in MARKS},
    "several": "events that look alike",
    "core": "all the while",
    "hollow": "all the while, as meant",
    "reach": "some time in it",
    **SAID,
    "count": "most events that may be in one place: {peak:,}",
    "today": "today",
}
"""What a legend says of each thing that may be seen in a picture."""


class Scene:
    """The whole picture: an axis, lanes from top to bottom, and the cell of today, None where that is outside.

    `peak` is the highest count of any cell, 0 where nothing is counted. `numbered` is whether to say how many
    events a lane has: where each is one event, that says nothing.
    """

    __slots__ = ("axis", "lanes", "numbered", "peak", "today")

    def __init__(self, axis: Axis, lanes: Sequence[Lane], today: int) -> None:
        self.axis = axis
        self.lanes = lanes
        self.today = axis.cell(today) if axis.first <= today < axis.first + axis.days else None
        self.numbered = any(lane.events > 1 for lane in lanes)
        self.peak = max((max(heights) for lane in lanes for *_, heights in lane.counts), default=0)

    def legend(self) -> list[tuple[str, str]]:
        """Return what is to be seen, by its name in WORDS, each with its words."""
        seen = {name for lane in self.lanes for row in lane.rows for bar in row for name in bar.names()}
        for lane in self.lanes:
            for mark, signs, _ in lane.counts:
                seen |= {mark, "count", *(style for _, style in signs)}
        seen |= {"today"} if self.today is not None else set()
        return [(name, words.format(peak=self.peak)) for name, words in WORDS.items() if name in seen]
