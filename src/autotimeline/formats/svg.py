"""`svg`: a picture that holds all it needs: lanes on a time axis where the view has a scene, else its lines as text."""

from __future__ import annotations

import re
from itertools import groupby

from autotimeline.dates.span import format_iso
from autotimeline.formats._text_table import text_lines
from autotimeline.render.canvas import FLAG_MARKS, STATUS_MARKS, STYLES, Canvas
from autotimeline.render.chart_layout import HOLLOW_MARKS
from autotimeline.text import escape_char, format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from autotimeline.render.chart_layout import ChartLayout, EventBar, Lane
    from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = (".svg",)
ALL_FIELDS_BY_DEFAULT = False

_MARGIN, _ROW_HEIGHT, _GAP = 24, 18, 6  # pixels, as all that follows but for columns and cells
_PAGE_COLUMNS, _COLUMN_WIDTH = 100, 8.4  # of a page of text, in which a letter is 14 pixels high
_AXIS_CELLS, _CELL_WIDTH = 240, 3  # of an axis; a mark and a letter of its signs take three
_MAX_LABEL, _LETTER_WIDTH = 34, 7.6  # letters of a lane's name at most, and how wide one is
_MARK_RADIUS, _ARROW_LENGTH = 4.5, 8  # of a mark; how long an arrow is
_STYLED = re.compile("\x01(.*?)\x02(.*?)\x03|([^\x01]+)")
_SPACES = re.compile(" {2,}")
_INVALID_XML = re.compile("[\ufffe\uffff]")

# Light and dark: the colours that STYLES names, what is dim, the ink and the paper.
_COLORS = {
    "red": ("#cf222e", "#ff7b72"),
    "green": ("#1a7f37", "#3fb950"),
    "yellow": ("#9a6700", "#d29922"),
    "blue": ("#0969da", "#58a6ff"),
    "magenta": ("#8250df", "#bc8cff"),
    "cyan": ("#1b7c83", "#39c5cf"),
    "dim": ("#656d76", "#8b949e"),
}
_TEXT_COLORS, _BACKGROUND_COLORS, _RULE_COLORS = ("#1f2328", "#e6edf3"), ("#ffffff", "#0d1117"), ("#d8dee4", "#30363d")

_BASE_STYLES = """\
svg{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
.name{font:13px system-ui,sans-serif}
text,.solid{fill:currentColor}
.line,.reach,.rule,.hollow{stroke:currentColor;stroke-width:1.5;fill:none}
.reach{stroke-width:2;stroke-linecap:round;stroke-dasharray:0 4}
.rule{stroke-width:1}
.sign{font-size:12px;font-weight:bold;stroke-width:3;paint-order:stroke}"""

# Shapes around the point 0,0 that differ in form too, not in colour alone.
_MARK_SHAPES = {
    "happened": f'<circle class="solid" r="{_MARK_RADIUS}"/>',
    "planned": f'<circle class="hollow" r="{_MARK_RADIUS - 0.75}"/>',
    "reported": f'<circle class="hollow" r="{_MARK_RADIUS - 0.75}"/><path class="solid" d="M0 -4.5A4.5 4.5 0 0 0 0 4.5z"/>',
    "cancelled": '<path class="line" d="M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5"/>',
    "overdue": f'<circle class="hollow" r="{_MARK_RADIUS - 0.75}"/><circle class="solid" r="1.8"/>',
}


class _SvgCanvas(Canvas):
    """Paper on which a style is switched on by its name, between characters that no text has any more."""

    def escape_codes(self, style: str) -> tuple[str, str]:
        return f"\x01{style}\x02", "\x03"


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the picture under its title, and below it what the footer says: it is a document."""
    svg_canvas = _SvgCanvas(_PAGE_COLUMNS, color=True, unicode=canvas.unicode)
    scene = table.chart_layout(_AXIS_CELLS, lambda text: _CELL_WIDTH * len(text)) if table.chart_layout else None
    writer = _SvgWriter(svg_canvas)
    title = svg_canvas.truncate(table.title() or "autotimeline", _PAGE_COLUMNS)
    writer.add_line(svg_canvas.stylize(title, "title"))
    writer.add_space(_GAP)
    description = (
        writer.add_lanes(scene) if scene and scene.lanes else writer.add_page(list(text_lines(table, svg_canvas)))
    )
    for text in table.footer():
        writer.add_space(_GAP)
        for line in svg_canvas.wrap(text, _PAGE_COLUMNS):
            writer.add_line(svg_canvas.stylize(line, "muted"))
    out.writelines(part + "\n" for part in _document(writer, title, description, is_image=bool(scene)))


def _document(writer: _SvgWriter, title: str, description: str, *, is_image: bool) -> Iterator[str]:
    """Yield the lines of the file; a picture `alone` has nothing to read out but what is `told` of it."""
    width, height = f"{writer.width + _MARGIN:.0f}", f"{writer.y + _MARGIN:.0f}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="{"img" if is_image else "document"}" aria-labelledby="title about">'
    )
    yield f'<title id="title">{_escape_xml(title)}</title>'
    yield f'<desc id="about">{_escape_xml(description)}</desc>'
    yield "<style>"
    yield from _style_rules()
    yield "</style>"
    yield "<defs>"
    for mark, shape in _MARK_SHAPES.items():
        yield f'<g id="{mark}">{shape}</g>'
    yield "</defs>"
    yield f'<rect class="paper" width="{width}" height="{height}"/>'
    yield from writer.elements
    yield "</svg>"


def _style_rules() -> Iterator[str]:
    yield _BASE_STYLES
    for style, words in STYLES.items():
        if weight := "font-weight:bold;" * ("bold" in words) + "font-style:italic;" * ("italic" in words):
            yield f".{style}{{{weight}}}"
    yield _color_rules(0)
    yield f"@media (prefers-color-scheme:dark){{{_color_rules(1)}}}"


def _color_rules(theme: int) -> str:
    text_color, background, rule_color = (
        colours[theme] for colours in (_TEXT_COLORS, _BACKGROUND_COLORS, _RULE_COLORS)
    )
    rules = [
        f"svg{{color:{text_color}}}.rule{{color:{rule_color}}}.paper,.hollow{{fill:{background}}}.sign{{stroke:{background}}}"
    ]
    for style, words in STYLES.items():
        rules += [f".{style}{{color:{_COLORS[word][theme]}}}" for word in words.split() if word in _COLORS]
    return "".join(rules)


class _SvgWriter:
    """The parts of a picture, from top to bottom: `y` is where the next begins, `width` how far right any reaches."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.elements: list[str] = []
        self.y = float(_MARGIN)
        self.width = 0.0
        self.left = 0.0  # where the axis begins

    def add_space(self, height: float) -> None:
        self.y += height

    def add_line(self, styled: str) -> None:
        """Write a line of text, each word that stands apart at its own column."""
        column = 0
        words = []
        for style, styled_text, plain_text in _STYLED.findall(styled):
            text = styled_text or plain_text
            for word, offset in _separate_words(text):
                x = _MARGIN + (column + self.canvas.measure(text[:offset])) * _COLUMN_WIDTH
                words.append(_text_svg(x, word, style))
            column += self.canvas.measure(text)
        if words:
            self.elements.append(f'<g transform="translate(0 {self.y + 13:g})">{"".join(words)}</g>')
        self.width = max(self.width, _MARGIN + column * _COLUMN_WIDTH)
        self.y += _ROW_HEIGHT

    def add_page(self, styled_lines: Sequence[str]) -> str:
        """Write lines of text, and say what they are."""
        for line in styled_lines or [self.canvas.stylize("nothing matches", "muted")]:
            self.add_line(line)
        return f"Text of {format_count(len(styled_lines), 'line')}."

    def add_lanes(self, scene: ChartLayout) -> str:
        """Draw lanes on an axis with a legend, and say what they are."""
        canvas, axis = self.canvas, scene.axis
        names = [canvas.truncate(lane.label, _MAX_LABEL) for lane in scene.lanes]
        number_width = max(len(f"{lane.event_count:,}") for lane in scene.lanes) if scene.shows_counts else 0
        self.left = _MARGIN + (max(map(canvas.measure, names)) + number_width + 2) * _LETTER_WIDTH
        self.width = max(self.width, self.left + _AXIS_CELLS * _CELL_WIDTH)
        for cell, label in axis.ticks:
            if self.cell_x(cell) + len(label) * _LETTER_WIDTH < self.width + _MARGIN:
                self.elements.append(_text_svg(self.cell_x(cell), label, "name year", self.y + 13))
        self.y += _ROW_HEIGHT + _GAP
        top, axis_index = self.y, len(self.elements)
        for name, lane in zip(names, scene.lanes, strict=True):
            self.add_lane(name, lane, scene)
        # What lies behind is drawn first.
        background = [_line_svg("rule", self.cell_x(cell), top, self.cell_x(cell), self.y) for cell, _ in axis.ticks]
        if scene.today_cell is not None:
            today = self.cell_x(scene.today_cell + 0.5)
            background.append(_line_svg("line muted", today, top, today, self.y))
            self.elements.append(_text_svg(today, "today", "name muted", self.y + 13, anchor="middle"))
        self.elements[axis_index:axis_index] = background
        self.y += _ROW_HEIGHT + _GAP
        self.add_legend(scene)
        days = f"{format_iso(axis.first)} to {format_iso(axis.first + axis.days - 1)}"
        lanes = ", ".join(f"{lane.label} ({lane.event_count:,})" for lane in scene.lanes)
        return f"Lanes on a time axis from {days}: {canvas.sanitize(lanes)}."

    def cell_x(self, cell: float) -> float:
        return self.left + cell * _CELL_WIDTH

    def add_lane(self, name: str, lane: Lane, scene: ChartLayout) -> None:
        self.elements.append(_line_svg("rule", _MARGIN, self.y, self.width, self.y))
        self.y += _GAP / 2
        self.elements.append(_text_svg(_MARGIN, name, "name", self.y + 13))
        if scene.shows_counts:
            self.elements.append(
                _text_svg(self.left - _LETTER_WIDTH, f"{lane.event_count:,}", "name muted", self.y + 13, anchor="end")
            )
        if lane.counts:
            self.y += _ROW_HEIGHT
        for row in lane.rows:
            self.elements += [self.bar_svg(bar) for bar in row]
            self.y += _ROW_HEIGHT
        for mark, signs, heights in lane.counts:
            self.elements.append(self.counts_svg(mark, signs, heights, scene.peak))
            self.y += _ROW_HEIGHT
        if not (lane.rows or lane.counts):
            self.elements.append(_text_svg(self.left, "undated", "name muted", self.y + 13))
            self.y += _ROW_HEIGHT
        self.y += _GAP / 2

    def bar_svg(self, bar: EventBar) -> str:
        y = self.y + _ROW_HEIGHT / 2
        (low, high), (has_left_arrow, has_right_arrow) = bar.possible_cells, bar.open_ends
        elements = [f"<title>{_escape_xml(self.canvas.sanitize(bar.description))}</title>"]
        if low < high:
            elements.append(_line_svg("reach", self.cell_x(low + 0.5), y, self.cell_x(high + 0.5), y))
        if bar.certain_cells and bar.certain_cells[0] < bar.certain_cells[1]:
            begin, end = self.cell_x(bar.certain_cells[0]), self.cell_x(bar.certain_cells[1] + 1)
            # An arrow takes the place of the end.
            begin += _ARROW_LENGTH * (has_left_arrow and bar.certain_cells[0] == low)
            end -= _ARROW_LENGTH * (has_right_arrow and bar.certain_cells[1] == high)
            elements.append(_bar_svg(bar.mark, begin, y, end - begin))
        elements += [f'<path class="solid" d="M{self.cell_x(low):g} {y:g}l{_ARROW_LENGTH} -5v10z"/>'] * has_left_arrow
        elements += [
            f'<path class="solid" d="M{self.cell_x(high + 1):g} {y:g}l-{_ARROW_LENGTH} -5v10z"/>'
        ] * has_right_arrow
        elements.append(_mark_svg(bar.mark, self.cell_x(bar.mark_cell + 0.5), y))
        sign_cell = float(bar.annotation_cell)
        for sign, style in bar.annotations:
            elements.append(_text_svg(self.cell_x(sign_cell), sign, f"sign {style}", y + 4))
            sign_cell += len(sign) * _CELL_WIDTH
        return f'<g class="{bar.mark}">{"".join(elements)}</g>'

    def counts_svg(self, mark: str, signs: Sequence[tuple[str, str]], heights: Sequence[int], peak: int) -> str:
        """Draw how many events may be in each cell, behind their mark."""
        base, cell = self.y + _ROW_HEIGHT - 1, 0
        words = " ".join([mark, *(style for _, style in signs)])
        elements = [f"<title>{words}: at most {max(heights):,} that may be in one place</title>"]
        begin = self.left - _LETTER_WIDTH - _MARK_RADIUS - _LETTER_WIDTH * len(signs)
        elements.append(_mark_svg(mark, begin, base - 5))
        for index, (sign, style) in enumerate(signs):
            elements.append(
                _text_svg(begin + _MARK_RADIUS + 2 + index * _LETTER_WIDTH, sign, f"sign {style}", base - 1)
            )
        for number, run in groupby(heights):
            width = len(list(run))
            if number:
                height = max(1.5, number / peak * (_ROW_HEIGHT - 3))
                elements.append(
                    f'<rect class="solid" x="{self.cell_x(cell):g}" y="{base - height:.1f}"'
                    f' width="{width * _CELL_WIDTH}" height="{height:.1f}"/>'
                )
            cell += width
        return f'<g class="{mark}">{"".join(elements)}</g>'

    def add_legend(self, scene: ChartLayout) -> None:
        x = float(_MARGIN)
        for name, words in scene.legend():
            if name == "today":  # whose line has its name
                continue
            size = 34 + len(words) * _LETTER_WIDTH
            if x > _MARGIN and x + size > self.width:
                x, self.y = float(_MARGIN), self.y + _ROW_HEIGHT
            y = self.y + _ROW_HEIGHT / 2
            style = name if name in STYLES else "muted"
            self.elements.append(f'<g class="{style}">{_legend_shape(name, x + 9, y)}</g>')
            self.elements.append(_text_svg(x + 24, words, "name muted", self.y + 13))
            x += size
        self.y += _ROW_HEIGHT


def _legend_shape(name: str, x: float, y: float) -> str:
    """Return what a legend shows of a thing, around a point."""
    if name in STATUS_MARKS:
        return _mark_svg(name, x, y)
    if name in ("core", "hollow"):
        return _bar_svg(HOLLOW_MARKS[0] if name == "hollow" else "", x - 9, y, 18)
    if name == "reach":
        return _line_svg("reach", x - 8, y, x + 8, y)
    if name == "count":
        return f'<rect class="solid" x="{x - 3:g}" y="{y - 8:g}" width="6" height="15"/>'
    return _text_svg(x, FLAG_MARKS.get(name, "2"), "sign", y + 4, anchor="middle")


def _mark_svg(mark: str, x: float, y: float) -> str:
    return f'<use href="#{mark}" x="{x:g}" y="{y:g}"/>'


def _bar_svg(mark: str, x: float, y: float, width: float) -> str:
    is_hollow = mark in HOLLOW_MARKS
    inset = 0.75 if is_hollow else 0
    return (
        f'<rect class="{"hollow" if is_hollow else "solid"}" x="{x + inset:g}" y="{y - 3 + inset:g}"'
        f' width="{width - 2 * inset:g}" height="{6 - 2 * inset:g}"/>'
    )


def _line_svg(style: str, x: float, y: float, to_x: float, to_y: float) -> str:
    # As a path: to a straight line of no height some renderers give no round ends.
    return f'<path class="{style}" d="M{x:g} {y:g}L{to_x:g} {to_y:g}"/>'


def _text_svg(x: float, text: str, style: str, y: float = 0, anchor: str = "") -> str:
    y_attribute = f' y="{y:g}"' if y else ""
    anchor_attribute = f' text-anchor="{anchor}"' if anchor else ""
    class_attribute = f' class="{style}"' if style else ""
    return f'<text x="{x:g}"{y_attribute}{anchor_attribute}{class_attribute}>{_escape_xml(text)}</text>'


def _separate_words(text: str) -> Iterator[tuple[str, int]]:
    """Yield what stands apart by more than one space, each with where it begins: XML keeps no row of spaces."""
    position = 0
    for gap in [*_SPACES.finditer(text), None]:
        word = text[position : gap.start() if gap else None]
        if stripped := word.strip(" "):
            yield stripped, position + word.index(stripped)
        position = gap.end() if gap else position


def _escape_xml(text: str) -> str:
    """Return clean text as XML: its own signs as entities, and what XML cannot hold as escapes."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return _INVALID_XML.sub(lambda found: escape_char(found[0]), text)
