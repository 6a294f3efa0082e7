"""Lanes on a time axis to scale: when something was, and when it may have been."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from autotimeline.dates.span import BEGIN, END, iso
from autotimeline.render.canvas import MARKS, SIGNS
from autotimeline.render.chart_layout import HOLLOW, Axis, Lane, Scene, crowded, deep
from autotimeline.render.text_layout import flow
from autotimeline.reports.lanes import Lanes
from autotimeline.table import Column, Table
from autotimeline.text import count
from autotimeline.views._row_counter import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.render.chart_layout import Bar, Room
    from autotimeline.render.text_layout import Piece

_OF_EVENT = ("id", "date", "extent", "earliest", "latest", "match", "status", "kind", "title", "disputed")
FIELDS = ("lane", "name", *_OF_EVENT, "starts_by", "lasts_to")
BRIEF = ("lane", "id", "date", "match", "status", "title")

_WIDTH = 80  # cells, where nothing says how wide
_NARROW = 60  # below it the name of a lane stands above it
_LEAST = 10  # cells: fewer are no picture
_EDGE = 20  # of so many parts one more is left free where something has no beginning or no end
_CORE, _HOLLOW, _REACH, _TODAY, _COUNTS = "━", "═", "┄", "│", "▁▂▃▄▅▆▇█"
_BACK, _ON = "◂", "▸"
_LEGEND = {**MARKS, **SIGNS, "several": "2", "core": _CORE * 3, "hollow": _HOLLOW * 3, "reach": _REACH * 3}
_LEGEND |= {"count": _COUNTS[-1], "today": _TODAY}


def table(selection: Selection, fields: Sequence[str], by: str = "kind", lanes: int | None = None) -> Table:
    """Return a row of FIELDS for each event in each lane: of the field `by`, the most frequent first, at most `lanes`.

    `name` is what the thing is called whose id `lane` is. An event is over no earlier than on the day
    `lasts_to`, and has begun by `starts_by`: where these are in this order, it surely is all the while.

    Drawn, events that look alike are one mark with their number; a lane that would need too many rows
    is drawn as counts.
    """
    chart = _Chart(selection, Lanes(selection, by, lanes), by)
    return Table(
        [Column(field, marks=_MATCH if field == "match" else None) for field in FIELDS],
        chart.rows(),
        footer=chart.footer,
        draw=chart.draw,
        scene=chart.scene,
    )


_MATCH = {"certain": "", "possible": SIGNS["possible"]}


class _Chart:
    """The events of a selection in lanes: as rows, as a scene, as lines for people, and what is not in them."""

    def __init__(self, selection: Selection, lanes: Lanes, by: str) -> None:
        self.selection = selection
        self.lanes = lanes
        self.by = by
        self.drawn = False
        self._found: list[Any] | None = None

    @property
    def found(self) -> list[Any]:
        """All lanes, looked for once."""
        if self._found is None:
            self._found = self.lanes.found()
        return self._found

    def rows(self) -> Iterator[Sequence[Any]]:
        for *row, start, end in self.lanes.rows((*_OF_EVENT, "start_hi", "end_lo")):
            yield *row, *(None if day is None else iso(day) for day in (start, end))

    def scene(self, cells: int, room: Room, *, told: bool = True) -> Scene:
        """Lay the lanes out on so many cells; `told` says whether each bar is to say in words what it is."""
        self.drawn = True
        shown = self.found[: self.lanes.limit]
        today = self.selection.scope.today
        axis = Axis(*_span(shown, today), cells, room)
        # Counts do not show where events surely are.
        cores = not all(crowded(events, cells) for _, events, *_ in shown)
        groups = dict(self.lanes.groups(axis.first, axis.days, cells, cores=cores))
        if told and not all(deep(events, groups.get(value, ()), cells) for value, events, *_ in shown):
            groups = dict(self.lanes.groups(axis.first, axis.days, cells, told=True))
        lanes = [
            Lane(self.label(value), events, undated, groups.get(value, ()), cells, room)
            for value, events, undated, *_ in shown
        ]
        return Scene(axis, lanes, today)

    def label(self, value: str | None) -> str:
        return self.lanes.name(value) or value or f"no {self.by}"

    def footer(self) -> list[str]:
        """Return what is not in the picture or may not belong there."""
        tally = Tally(self.selection)
        tally.shown, tally.possible, undated = self.lanes.tally()
        told = [f"{undated:,} undated not drawn"] if undated and self.drawn else []
        if left := len(self.found) - len(self.found[: self.lanes.limit]):
            told.append(f"{count(left, 'lane')} left out")
        return ["; ".join([*tally.footer(), *told])] if told else tally.footer()

    def draw(self, paper: Paper) -> Iterator[str]:
        lanes = [(self.label(value), events) for value, events, *_ in self.found[: self.lanes.limit]]
        if not lanes:
            return
        layout = _Layout(paper, lanes)
        scene = self.scene(layout.cells, lambda text: len(paper.clean(text)), told=False)
        yield from layout.axis(scene.axis, scene.today)
        for lane in scene.lanes:
            yield from layout.lane(lane, scene.today, scene.peak)
        yield ""
        legend: list[Piece] = [
            [(_LEGEND[name], name if name in (*MARKS, *SIGNS) else "muted"), (f" {words}", "muted")]
            for name, words in scene.legend()
        ]
        for line, _ in flow(paper, legend, paper.width or 0, "   "):
            yield line


def _span(found: Sequence[Any], today: int) -> tuple[int, int]:
    """Return the first and the last day to draw, with room where something goes on beyond them."""
    dated = [days for _, _, _, *days in found if days[0] is not None]
    first, last = min((d[0] for d in dated), default=today), max((d[1] for d in dated), default=today)
    edge = (last - first) // _EDGE + 1
    if any(days[2] <= BEGIN for days in dated):
        first = max(BEGIN + 1, first - edge)
    if any(days[3] >= END for days in dated):
        last = min(END - 1, last + edge)
    return first, last


class _Layout:
    """Lines of characters: the name of a lane and how many events it has stand before its rows, or above them."""

    def __init__(self, paper: Paper, lanes: Sequence[tuple[str, int]]) -> None:
        self.paper = paper
        self.above = paper.width is not None and paper.width < _NARROW
        # Where each lane is one event, to say so says nothing.
        self.number = max(len(f"{events:,}") for _, events in lanes) if any(n > 1 for _, n in lanes) else 0
        widest = paper.column(paper.measure(paper.clean(name)) for name, _ in lanes)
        self.name = widest if paper.width is None else min(widest, paper.width // 4)
        # There is room for a mark and its signs.
        way = len(paper.clean("".join(("●", *SIGNS.values())))) + 1
        self.indent = way if self.above else max(way, self.name + 2 + (self.number + 1 if self.number else 0))
        self.cells = _WIDTH if paper.width is None else max(_LEAST, paper.width - self.indent)

    def axis(self, axis: Axis, today: int | None) -> Iterator[str]:
        """Yield the labels, and the ticks above which they begin; and among these today, which bars may cover."""
        labels, ticks = _Row(self, None), _Row(self, None)
        ticks.put(0, "─" * self.cells, "muted")
        for cell, label in axis.ticks:
            ticks.put(cell, "┬", "muted")
            if cell + len(label) <= self.cells:
                labels.put(cell, label, "year")
        if today is not None:
            ticks.put(today, _TODAY, "muted")
        yield labels.line()
        yield ticks.line()

    def lane(self, lane: Lane, today: int | None, peak: int) -> Iterator[str]:
        """Yield the rows of a lane."""
        paper = self.paper
        number = f"{lane.events:,}" if self.number else ""
        if self.above:
            name = paper.cut(lane.label, max(1, (paper.width or 0) - len(number) - 1))
            head = f"{paper.ink(name, 'title')} {paper.ink(number, 'muted')}".rstrip()
        else:
            name = paper.pad(paper.cut(lane.label, self.name), self.name)
            head = f"{paper.ink(name)} {paper.ink(number.rjust(self.number), 'muted')}"
            head += " " * (self.indent - self.name - 1 - max(self.number, len(number)))
        rows = [_Row(self, today) for _ in lane.rows or lane.counts or [0]]
        for row, bars in zip(rows, lane.rows, strict=False):
            for bar in bars:
                row.bar(bar)
        for row, (mark, signs, heights) in zip(rows, lane.counts, strict=False):
            row.counts(mark, signs, heights, peak)
        if lane.events == lane.undated:
            rows[0].put(0, "undated", "muted")
        if self.above or lane.counts or paper.measure(name) > self.name:
            yield head.rstrip()
        else:
            rows[0].head = head
        for row in rows:
            yield row.line()


class _Row:
    """One line: what stands before the cells, and in each cell a character and its style."""

    def __init__(self, layout: _Layout, today: int | None) -> None:
        self.paper = layout.paper
        self.head = " " * layout.indent
        self.texts = [" "] * layout.cells
        self.styles = [""] * layout.cells
        if today is not None:
            self.put(today, _TODAY, "muted")

    def put(self, at: int, text: str, style: str) -> None:
        """Write a text from a cell on, as far as there are cells."""
        for cell, character in enumerate(self.paper.clean(text)[: len(self.texts) - at], at):
            self.texts[cell] = character
            self.styles[cell] = style

    def bar(self, bar: Bar) -> None:
        (low, high), (back, on) = bar.reach, bar.open
        self.put(low, _REACH * (high - low + 1), bar.mark)
        if bar.core:
            begin, end = bar.core
            self.put(begin, (_HOLLOW if bar.mark in HOLLOW else _CORE) * (end - begin + 1), bar.mark)
        for cell, arrow in ((low, _BACK),) * back + ((high, _ON),) * on:
            self.put(cell, arrow, bar.mark)
        self.put(bar.at, MARKS[bar.mark], bar.mark)
        at = bar.signs_at
        for sign, style in bar.signs:
            self.put(at, sign, style)
            at += len(self.paper.clean(sign))

    def counts(self, mark: str, signs: Sequence[tuple[str, str]], heights: Sequence[int], peak: int) -> None:
        way = [(MARKS[mark], mark), *signs]
        size = sum(len(self.paper.clean(text)) for text, _ in way) + 1
        inked = "".join(self.paper.ink(text, style) for text, style in way)
        self.head = " " * (len(self.head) - size) + inked + " "
        marks = self.paper.clean(_COUNTS)
        for cell, number in enumerate(heights):
            if number:
                self.texts[cell] = marks[-(-number * len(marks) // peak) - 1]
                self.styles[cell] = mark

    def line(self) -> str:
        cells = groupby(zip(self.styles, self.texts, strict=True), key=itemgetter(0))
        inked = (self.paper.ink("".join(text for _, text in run), style) for style, run in cells)
        return (self.head + "".join(inked)).rstrip()
