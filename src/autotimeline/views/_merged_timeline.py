"""Stories on one axis: time runs down, each event on the side that has it, what several have once."""

from __future__ import annotations

from itertools import groupby, zip_longest

from autotimeline.render.canvas import MARKS
from autotimeline.render.side_by_side import LEAST, letter
from autotimeline.render.text_layout import flow, ink, length, wrap
from autotimeline.reports.comparison import merged
from autotimeline.views._event_text import DISPUTED, POSSIBLE, UNDATED, anchored, legend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece
    from autotimeline.reports.comparison import Side

    Drawn = tuple[str, int]

_READ = ("id", "date", "title", "disputed", "mark", "start_lo", "end_hi")
_YEAR = 4


def axis(paper: Paper, sides: Sequence[Side]) -> Iterator[str]:
    """Yield the merged story: with two sides left and right of the axis, with more a column each; narrow, one column.

    Events stand under years as in a timeline, on one line where their dates are the same.
    """
    layout = _layout(paper, sides)
    seen: set[str] = set()
    anchor = ""
    yield from layout.head([side.label for side in sides])
    for _, group in groupby(merged(sides, _READ), key=lambda found: found[0]):
        alone: list[list[dict[str, Any]]] = [[] for _ in sides]
        for _, cells, matches in group:
            event: dict[str, Any] = dict(zip(_READ, cells, strict=True))
            event["matches"] = matches
            seen |= {event["mark"], *filter(None, matches), *(["disputed"] if event["disputed"] else [])}
            year = anchored(event)
            if year != anchor:
                yield from layout.anchor(year)
                anchor = year
            holders = [at for at, match in enumerate(matches) if match]
            if len(holders) == 1 and layout.abreast:
                alone[holders[0]].append(event)
            else:
                yield from layout.across(event, holders)
        for events in zip_longest(*alone):
            yield from layout.beside(events)
    yield ""
    for line, _ in flow(paper, legend(seen), paper.width or 0, "   "):
        yield line


def _layout(paper: Paper, sides: Sequence[Side]) -> Any:
    marks = paper.measure(paper.clean(f"●{POSSIBLE}{DISPUTED}"))
    if paper.width is None:
        sizes = [
            paper.column(
                [
                    paper.measure(paper.clean(side.label)),
                    *(
                        length(paper, _text(dict(zip(("date", "title"), row, strict=True))))
                        for row in side.selection.rows(("date", "title"))
                    ),
                ]
            )
            for side in sides
        ]
        return _Mirror(paper, marks, max(sizes)) if len(sides) == 2 else _Columns(paper, marks, sizes)
    if len(sides) == 2:
        size = (paper.width - 3) // 2 - 1 - marks
        return _Mirror(paper, marks, size) if size >= LEAST else _Folded(paper, len(sides))
    size = (paper.width - _YEAR) // len(sides) - 3 - marks
    return _Columns(paper, marks, [size] * len(sides)) if size >= LEAST else _Folded(paper, len(sides))


def _text(event: dict[str, Any]) -> Piece:
    return [(event["date"] or "", "date"), (" " if event["date"] else "", ""), (event["title"], "")]


def _signs(event: dict[str, Any], *matches: str | None) -> list[tuple[str, str]]:
    signs = [(POSSIBLE, "possible")] if "possible" in matches else []
    return signs + ([(DISPUTED, "disputed")] if event["disputed"] else [])


def _mark(event: dict[str, Any]) -> tuple[str, str]:
    return MARKS[event["mark"]], event["mark"]


class _Mirror:
    """Two sides, left and right of the axis."""

    abreast = True

    def __init__(self, paper: Paper, marks: int, size: int) -> None:
        self.paper = paper
        self.marks = marks
        self.size = size
        self.axis = size + marks + 2
        self.rail = True

    def head(self, labels: Sequence[str]) -> Iterator[str]:
        left, right = (
            [(line, size) for line, size in wrap(self.paper, [(label, "title")], self.size)] for label in labels
        )
        yield from self._rows(left, [], right, [], "")

    def anchor(self, year: str) -> Iterator[str]:
        self.rail = year != UNDATED
        year = self.paper.clean(year)
        yield " " * max(0, self.axis - len(year) // 2) + self.paper.ink(year, "year")

    def beside(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        left, right = ([] if event is None else list(wrap(self.paper, _text(event), self.size)) for event in events)
        signs: list[Piece] = [
            [] if event is None else [_mark(event), *_signs(event, event["matches"][at])]
            for at, event in enumerate(events)
        ]
        yield from self._rows(left, signs[0][::-1], right, signs[1], "│" if self.rail else " ")

    def _rows(self, left: list[Drawn], before: Piece, right: list[Drawn], behind: Piece, rail: str) -> Iterator[str]:
        paper = self.paper
        for (one, size), (other, _) in zip_longest(left, right, fillvalue=("", 0)):
            sign = " " * (self.marks - length(paper, before)) + ink(paper, before)
            told = " " * (self.size - size) + one + " " + sign + " " + paper.ink(rail or " ", "muted")
            yield (told + " " + ink(paper, behind, self.marks) + " " + other).rstrip()
            before, behind = [], []

    def across(self, event: dict[str, Any], holders: Sequence[int]) -> Iterator[str]:
        """Yield an event that both have: a rule through the axis, and its title below, around it."""
        paper = self.paper
        left, right = (_signs(event, match) for match in event["matches"])
        left = [sign for sign in left if sign[0] != DISPUTED]
        behind: list[tuple[str, str]] = [(" " if right else "", ""), *right]
        width = 2 * self.axis + 1
        dated = [*behind, (f" {event['date']}" if event["date"] else "", "date")]
        # A long date stands before the title.
        text = [(event["title"], "")] if self.axis + 2 + length(paper, dated) < width else _text(event)
        behind = dated if len(text) == 1 else behind
        rest = width - self.axis - 2 - length(paper, behind)
        head = paper.ink("─" * (self.axis - 1 - length(paper, left)), "muted") + " " + ink(paper, [*left, _mark(event)])
        yield head + ink(paper, behind) + " " + paper.ink("─" * rest, "muted")
        for line, size in wrap(paper, text, width - 4):
            yield " " * max(0, self.axis - size // 2) + line


class _Columns:
    """A column for each side, the years left of them."""

    abreast = True

    def __init__(self, paper: Paper, marks: int, sizes: Sequence[int]) -> None:
        self.paper = paper
        self.marks = marks
        self.sizes = sizes
        self.year = ""

    def head(self, labels: Sequence[str]) -> Iterator[str]:
        yield from self._rows(
            [[*wrap(self.paper, [(label, "title")], size)] for label, size in zip(labels, self.sizes, strict=True)], {}
        )

    def anchor(self, year: str) -> Iterator[str]:
        self.year = year
        if year == UNDATED:
            yield self.paper.ink(year, "year")
            self.year = ""

    def beside(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        cells = [
            [] if event is None else list(wrap(self.paper, _text(event), size))
            for event, size in zip(events, self.sizes, strict=True)
        ]
        yield from self._rows(
            cells,
            {at: [_mark(event), *_signs(event, event["matches"][at])] for at, event in enumerate(events) if event},
        )

    def across(self, event: dict[str, Any], holders: Sequence[int]) -> Iterator[str]:
        """Yield an event of several sides: its text in the first column that has it, its mark in the others."""
        first = holders[0]
        cells: list[list[Drawn]] = [[] for _ in self.sizes]
        cells[first] = list(wrap(self.paper, _text(event), self.sizes[first]))
        for at in holders[1:]:
            cells[at] = list(wrap(self.paper, [("← the same", "muted")], self.sizes[at]))
        yield from self._rows(cells, {at: [_mark(event), *_signs(event, event["matches"][at])] for at in holders})

    def _rows(self, cells: Sequence[list[Drawn]], signs: dict[int, Piece]) -> Iterator[str]:
        for lines in zip_longest(*cells, fillvalue=("", 0)):
            told = ink(self.paper, [(self.year, "year")], _YEAR)
            for at, (line, size) in enumerate(lines):
                told += (
                    "  " + ink(self.paper, signs.get(at, []), self.marks) + " " + line + " " * (self.sizes[at] - size)
                )
            yield told.rstrip()
            self.year, signs = "", {}


class _Folded:
    """One column: the letters of the sides that have an event stand before it."""

    abreast = False

    def __init__(self, paper: Paper, sides: int) -> None:
        self.paper = paper
        self.letters = [letter(at) for at in range(sides)]
        self.indent = sum(map(len, self.letters)) + 1
        self.width = (paper.width or 0) - self.indent

    def head(self, labels: Sequence[str]) -> Iterator[str]:
        return iter(())

    def anchor(self, year: str) -> Iterator[str]:
        yield self.paper.ink(year, "year")

    def beside(self, events: Sequence[dict[str, Any] | None]) -> Iterator[str]:
        return iter(())

    def across(self, event: dict[str, Any], holders: Sequence[int]) -> Iterator[str]:
        letters = "".join(text if at in holders else " " * len(text) for at, text in enumerate(self.letters))
        signs = _signs(event, *event["matches"])
        piece = [_mark(event), (" ", ""), *signs, (" " if signs else "", ""), *_text(event)]
        for number, (line, _) in enumerate(wrap(self.paper, piece, self.width)):
            yield ink(self.paper, [(letters if not number else "", "changed")], self.indent) + line
