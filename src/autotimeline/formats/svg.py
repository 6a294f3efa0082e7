"""`svg`: a picture that holds all it needs: lanes on a time axis where the view has a scene, else its lines as text."""

from __future__ import annotations

import re
from itertools import groupby

from autotimeline.dates.span import iso
from autotimeline.formats._text_table import lines
from autotimeline.render.canvas import MARKS, SIGNS, STYLES, Paper
from autotimeline.render.chart_layout import HOLLOW
from autotimeline.text import count, escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from autotimeline.render.chart_layout import Bar, Lane, Scene
    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = (".svg",)
COMPLETE = False

_MARGIN, _ROW, _GAP = 24, 18, 6  # pixels, as all that follows but for columns and cells
_COLUMNS, _COLUMN = 100, 8.4  # of a page of text, in which a letter is 14 pixels high
_CELLS, _CELL = 240, 3  # of an axis; a mark and a letter of its signs take three
_LABEL, _LETTER = 34, 7.6  # letters of a lane's name at most, and how wide one is
_HALF, _ARROW = 4.5, 8  # of a mark; how long an arrow is
_STYLED = re.compile("\x01(.*?)\x02(.*?)\x03|([^\x01]+)")
_SPACES = re.compile(" {2,}")
_NO_XML = re.compile("[\ufffe\uffff]")

# Light and dark: the colours that STYLES names, what is dim, the ink and the paper.
_COLOURS = {
    "red": ("#cf222e", "#ff7b72"),
    "green": ("#1a7f37", "#3fb950"),
    "yellow": ("#9a6700", "#d29922"),
    "blue": ("#0969da", "#58a6ff"),
    "magenta": ("#8250df", "#bc8cff"),
    "cyan": ("#1b7c83", "#39c5cf"),
    "dim": ("#656d76", "#8b949e"),
}
_INK, _PAPER, _LINE = ("#1f2328", "#e6edf3"), ("#ffffff", "#0d1117"), ("#d8dee4", "#30363d")

_RULES = """\
svg{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
.name{font:13px system-ui,sans-serif}
text,.solid{fill:currentColor}
.line,.reach,.rule,.hollow{stroke:currentColor;stroke-width:1.5;fill:none}
.reach{stroke-width:2;stroke-linecap:round;stroke-dasharray:0 4}
.rule{stroke-width:1}
.sign{font-size:12px;font-weight:bold;stroke-width:3;paint-order:stroke}"""

# Shapes around the point 0,0 that differ in form too, not in colour alone.
_SHAPES = {
    "happened": f'<circle class="solid" r="{_HALF}"/>',
    "planned": f'<circle class="hollow" r="{_HALF - 0.75}"/>',
    "reported": f'<circle class="hollow" r="{_HALF - 0.75}"/><path class="solid" d="M0 -4.5A4.5 4.5 0 0 0 0 4.5z"/>',
    "cancelled": '<path class="line" d="M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5"/>',
    "overdue": f'<circle class="hollow" r="{_HALF - 0.75}"/><circle class="solid" r="1.8"/>',
}


class _Sheet(Paper):
    """Paper on which a style is switched on by its name, between characters that no text has any more."""

    def code(self, style: str) -> tuple[str, str]:
        return f"\x01{style}\x02", "\x03"


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write the picture under its title, and below it what the footer says: it is a document."""
    sheet = _Sheet(_COLUMNS, colours=True, unicode=paper.unicode)
    scene = table.scene(_CELLS, lambda text: _CELL * len(text)) if table.scene else None
    picture = _Picture(sheet)
    title = sheet.cut(table.title() or "autotimeline", _COLUMNS)
    picture.line(sheet.ink(title, "title"))
    picture.down(_GAP)
    told = picture.lanes(scene) if scene and scene.lanes else picture.page(list(lines(table, sheet)))
    for text in table.footer():
        picture.down(_GAP)
        for line in sheet.wrap(text, _COLUMNS):
            picture.line(sheet.ink(line, "muted"))
    out.writelines(part + "\n" for part in _document(picture, title, told, alone=bool(scene)))


def _document(picture: _Picture, title: str, told: str, *, alone: bool) -> Iterator[str]:
    """Yield the lines of the file; a picture `alone` has nothing to read out but what is `told` of it."""
    width, height = f"{picture.width + _MARGIN:.0f}", f"{picture.y + _MARGIN:.0f}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="{"img" if alone else "document"}" aria-labelledby="title about">'
    )
    yield f'<title id="title">{_xml(title)}</title>'
    yield f'<desc id="about">{_xml(told)}</desc>'
    yield "<style>"
    yield from _rules()
    yield "</style>"
    yield "<defs>"
    for mark, shape in _SHAPES.items():
        yield f'<g id="{mark}">{shape}</g>'
    yield "</defs>"
    yield f'<rect class="paper" width="{width}" height="{height}"/>'
    yield from picture.parts
    yield "</svg>"


def _rules() -> Iterator[str]:
    yield _RULES
    for style, words in STYLES.items():
        if weight := "font-weight:bold;" * ("bold" in words) + "font-style:italic;" * ("italic" in words):
            yield f".{style}{{{weight}}}"
    yield _coloured(0)
    yield f"@media (prefers-color-scheme:dark){{{_coloured(1)}}}"


def _coloured(which: int) -> str:
    ink, paper, line = (colours[which] for colours in (_INK, _PAPER, _LINE))
    found = [f"svg{{color:{ink}}}.rule{{color:{line}}}.paper,.hollow{{fill:{paper}}}.sign{{stroke:{paper}}}"]
    for style, words in STYLES.items():
        found += [f".{style}{{color:{_COLOURS[word][which]}}}" for word in words.split() if word in _COLOURS]
    return "".join(found)


class _Picture:
    """The parts of a picture, from top to bottom: `y` is where the next begins, `width` how far right any reaches."""

    def __init__(self, sheet: Paper) -> None:
        self.sheet = sheet
        self.parts: list[str] = []
        self.y = float(_MARGIN)
        self.width = 0.0
        self.left = 0.0  # where the axis begins

    def down(self, by: float) -> None:
        self.y += by

    def line(self, inked: str) -> None:
        """Write a line of text, each word that stands apart at its own column."""
        column = 0
        found = []
        for style, styled, plain in _STYLED.findall(inked):
            text = styled or plain
            for word, at in _apart(text):
                x = _MARGIN + (column + self.sheet.measure(text[:at])) * _COLUMN
                found.append(_text(x, word, style))
            column += self.sheet.measure(text)
        if found:
            self.parts.append(f'<g transform="translate(0 {self.y + 13:g})">{"".join(found)}</g>')
        self.width = max(self.width, _MARGIN + column * _COLUMN)
        self.y += _ROW

    def page(self, inked: Sequence[str]) -> str:
        """Write lines of text, and say what they are."""
        for line in inked or [self.sheet.ink("nothing matches", "muted")]:
            self.line(line)
        return f"Text of {count(len(inked), 'line')}."

    def lanes(self, scene: Scene) -> str:
        """Draw lanes on an axis with a legend, and say what they are."""
        sheet, axis = self.sheet, scene.axis
        names = [sheet.cut(lane.label, _LABEL) for lane in scene.lanes]
        numbers = max(len(f"{lane.events:,}") for lane in scene.lanes) if scene.numbered else 0
        self.left = _MARGIN + (max(map(sheet.measure, names)) + numbers + 2) * _LETTER
        self.width = max(self.width, self.left + _CELLS * _CELL)
        for cell, label in axis.ticks:
            if self.x(cell) + len(label) * _LETTER < self.width + _MARGIN:
                self.parts.append(_text(self.x(cell), label, "name year", self.y + 13))
        self.y += _ROW + _GAP
        top, before = self.y, len(self.parts)
        for name, lane in zip(names, scene.lanes, strict=True):
            self.lane(name, lane, scene)
        # What lies behind is drawn first.
        behind = [_stroke("rule", self.x(cell), top, self.x(cell), self.y) for cell, _ in axis.ticks]
        if scene.today is not None:
            today = self.x(scene.today + 0.5)
            behind.append(_stroke("line muted", today, top, today, self.y))
            self.parts.append(_text(today, "today", "name muted", self.y + 13, anchor="middle"))
        self.parts[before:before] = behind
        self.y += _ROW + _GAP
        self.legend(scene)
        days = f"{iso(axis.first)} to {iso(axis.first + axis.days - 1)}"
        lanes = ", ".join(f"{lane.label} ({lane.events:,})" for lane in scene.lanes)
        return f"Lanes on a time axis from {days}: {sheet.clean(lanes)}."

    def x(self, cell: float) -> float:
        return self.left + cell * _CELL

    def lane(self, name: str, lane: Lane, scene: Scene) -> None:
        self.parts.append(_stroke("rule", _MARGIN, self.y, self.width, self.y))
        self.y += _GAP / 2
        self.parts.append(_text(_MARGIN, name, "name", self.y + 13))
        if scene.numbered:
            self.parts.append(_text(self.left - _LETTER, f"{lane.events:,}", "name muted", self.y + 13, anchor="end"))
        if lane.counts:
            self.y += _ROW
        for row in lane.rows:
            self.parts += [self.bar(bar) for bar in row]
            self.y += _ROW
        for mark, signs, heights in lane.counts:
            self.parts.append(self.counts(mark, signs, heights, scene.peak))
            self.y += _ROW
        if not (lane.rows or lane.counts):
            self.parts.append(_text(self.left, "undated", "name muted", self.y + 13))
            self.y += _ROW
        self.y += _GAP / 2

    def bar(self, bar: Bar) -> str:
        y = self.y + _ROW / 2
        (low, high), (back, on) = bar.reach, bar.open
        found = [f"<title>{_xml(self.sheet.clean(bar.told))}</title>"]
        if low < high:
            found.append(_stroke("reach", self.x(low + 0.5), y, self.x(high + 0.5), y))
        if bar.core and bar.core[0] < bar.core[1]:
            begin, end = self.x(bar.core[0]), self.x(bar.core[1] + 1)
            # An arrow takes the place of the end.
            begin += _ARROW * (back and bar.core[0] == low)
            end -= _ARROW * (on and bar.core[1] == high)
            found.append(_bar(bar.mark, begin, y, end - begin))
        found += [f'<path class="solid" d="M{self.x(low):g} {y:g}l{_ARROW} -5v10z"/>'] * back
        found += [f'<path class="solid" d="M{self.x(high + 1):g} {y:g}l-{_ARROW} -5v10z"/>'] * on
        found.append(_mark(bar.mark, self.x(bar.at + 0.5), y))
        at = float(bar.signs_at)
        for sign, style in bar.signs:
            found.append(_text(self.x(at), sign, f"sign {style}", y + 4))
            at += len(sign) * _CELL
        return f'<g class="{bar.mark}">{"".join(found)}</g>'

    def counts(self, mark: str, signs: Sequence[tuple[str, str]], heights: Sequence[int], peak: int) -> str:
        """Draw how many events may be in each cell, behind their mark."""
        base, at = self.y + _ROW - 1, 0
        words = " ".join([mark, *(style for _, style in signs)])
        found = [f"<title>{words}: at most {max(heights):,} that may be in one place</title>"]
        begin = self.left - _LETTER - _HALF - _LETTER * len(signs)
        found.append(_mark(mark, begin, base - 5))
        for place, (sign, style) in enumerate(signs):
            found.append(_text(begin + _HALF + 2 + place * _LETTER, sign, f"sign {style}", base - 1))
        for number, run in groupby(heights):
            size = len(list(run))
            if number:
                high = max(1.5, number / peak * (_ROW - 3))
                found.append(
                    f'<rect class="solid" x="{self.x(at):g}" y="{base - high:.1f}"'
                    f' width="{size * _CELL}" height="{high:.1f}"/>'
                )
            at += size
        return f'<g class="{mark}">{"".join(found)}</g>'

    def legend(self, scene: Scene) -> None:
        x = float(_MARGIN)
        for name, words in scene.legend():
            if name == "today":  # whose line has its name
                continue
            size = 34 + len(words) * _LETTER
            if x > _MARGIN and x + size > self.width:
                x, self.y = float(_MARGIN), self.y + _ROW
            y = self.y + _ROW / 2
            style = name if name in STYLES else "muted"
            self.parts.append(f'<g class="{style}">{_shape(name, x + 9, y)}</g>')
            self.parts.append(_text(x + 24, words, "name muted", self.y + 13))
            x += size
        self.y += _ROW


def _shape(name: str, x: float, y: float) -> str:
    """Return what a legend shows of a thing, around a point."""
    if name in MARKS:
        return _mark(name, x, y)
    if name in ("core", "hollow"):
        return _bar(HOLLOW[0] if name == "hollow" else "", x - 9, y, 18)
    if name == "reach":
        return _stroke("reach", x - 8, y, x + 8, y)
    if name == "count":
        return f'<rect class="solid" x="{x - 3:g}" y="{y - 8:g}" width="6" height="15"/>'
    return _text(x, SIGNS.get(name, "2"), "sign", y + 4, anchor="middle")


def _mark(mark: str, x: float, y: float) -> str:
    return f'<use href="#{mark}" x="{x:g}" y="{y:g}"/>'


def _bar(mark: str, x: float, y: float, width: float) -> str:
    hollow = mark in HOLLOW
    inner = 0.75 if hollow else 0
    return (
        f'<rect class="{"hollow" if hollow else "solid"}" x="{x + inner:g}" y="{y - 3 + inner:g}"'
        f' width="{width - 2 * inner:g}" height="{6 - 2 * inner:g}"/>'
    )


def _stroke(style: str, x: float, y: float, to_x: float, to_y: float) -> str:
    # As a path: to a straight line of no height some renderers give no round ends.
    return f'<path class="{style}" d="M{x:g} {y:g}L{to_x:g} {to_y:g}"/>'


def _text(x: float, text: str, style: str, y: float = 0, anchor: str = "") -> str:
    placed = f' y="{y:g}"' if y else ""
    held = f' text-anchor="{anchor}"' if anchor else ""
    styled = f' class="{style}"' if style else ""
    return f'<text x="{x:g}"{placed}{held}{styled}>{_xml(text)}</text>'


def _apart(text: str) -> Iterator[tuple[str, int]]:
    """Yield what stands apart by more than one space, each with where it begins: XML keeps no row of spaces."""
    at = 0
    for gap in [*_SPACES.finditer(text), None]:
        word = text[at : gap.start() if gap else None]
        if stripped := word.strip(" "):
            yield stripped, at + word.index(stripped)
        at = gap.end() if gap else at


def _xml(text: str) -> str:
    """Return clean text as XML: its own signs as entities, and what XML cannot hold as escapes."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return _NO_XML.sub(lambda found: escape(found[0]), text)
