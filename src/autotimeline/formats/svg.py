"""`svg`: a standalone picture: lanes on a time axis if the view has a chart layout, or else its lines as text."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import TextIO

from autotimeline.dates.span import format_iso
from autotimeline.formats._text_table import text_lines
from autotimeline.render.canvas import FLAG_MARKS, STATUS_MARKS, STYLES, Canvas
from autotimeline.render.chart_layout import HOLLOW_MARKS, ChartLayout, EventBar, Lane
from autotimeline.render.text_chart import Chart
from autotimeline.table import Table
from autotimeline.text import format_count

EXTENSIONS: tuple[str, ...] = (".svg",)
ALL_FIELDS_BY_DEFAULT = False

# All sizes are in pixels, except for numbers of columns, cells, and letters.
_MARGIN, _ROW_HEIGHT, _GAP = 24, 18, 6
_PAGE_COLUMNS, _COLUMN_WIDTH = 100, 8.4
_AXIS_CELLS, _CELL_WIDTH = 240, 3
_MAX_LABEL, _LETTER_WIDTH = 34, 7.6
_MARK_RADIUS, _ARROW_LENGTH = 4.5, 8
_STYLED = re.compile("\x01(.*?)\x02(.*?)\x03|([^\x01]+)")
# XML collapses runs of spaces, so that text on both sides of one needs its own position.
_SPACED_TEXT = re.compile("[^ ]+(?: [^ ]+)*")
_XML_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_XML_ESCAPES |= str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})  # XML excludes these two characters.

# For light and dark themes.
_COLORS = {
    "red": ("#cf222e", "#ff7b72"),
    "green": ("#1a7f37", "#3fb950"),
    "yellow": ("#9a6700", "#d29922"),
    "bright_blue": ("#0969da", "#58a6ff"),
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

# Shapes around the point 0,0, which differ also without color.
_RING = f'<circle class="hollow" r="{_MARK_RADIUS - 0.75}"/>'
_MARK_SHAPES = {
    "happened": f'<circle class="solid" r="{_MARK_RADIUS}"/>',
    "planned": _RING,
    "reported": _RING + '<path class="solid" d="M0 -4.5A4.5 4.5 0 0 0 0 4.5z"/>',
    "cancelled": '<path class="line" d="M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5"/>',
    "overdue": _RING + '<circle class="solid" r="1.8"/>',
}


class _SvgCanvas(Canvas):
    """A canvas whose style codes contain the name of the style, between control characters that no text has."""

    def escape_codes(self, style: str) -> tuple[str, str]:
        return f"\x01{style}\x02", "\x03"


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the title, the picture, and the footer."""
    svg_canvas = _SvgCanvas(_PAGE_COLUMNS, color=True, unicode=canvas.unicode)
    drawing = iter(table.drawing or ())
    chart = next(drawing, None)
    layout = None
    if isinstance(chart, Chart):
        layout = chart.arrange(_AXIS_CELLS, lambda text: _CELL_WIDTH * len(text), True)
    elif chart:
        table = table.replace(drawing=chain([chart], drawing))
    writer = _SvgWriter(svg_canvas)
    title = svg_canvas.truncate(table.title() or "autotimeline", _PAGE_COLUMNS)
    writer.add_line(svg_canvas.stylize(title, "title"))
    writer.y += _GAP
    if layout and layout.lanes:
        description = writer.add_lanes(layout)
    else:
        description = writer.add_page(list(text_lines(table, svg_canvas)))
    for text in table.footer():
        writer.y += _GAP
        for line in svg_canvas.wrap(text, _PAGE_COLUMNS):
            writer.add_line(svg_canvas.stylize(line, "muted"))
    out.writelines(part + "\n" for part in _document(writer, title, description, is_image=bool(layout)))


def _document(writer: "_SvgWriter", title: str, description: str, *, is_image: bool) -> Iterator[str]:
    """Yield the lines of the file; screen readers get only the description of an image, but all text of a document."""
    width, height = f"{writer.width + _MARGIN:.0f}", f"{writer.y + _MARGIN:.0f}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="{"img" if is_image else "document"}" aria-labelledby="title about">'
    )
    yield f'<title id="title">{title.translate(_XML_ESCAPES)}</title>'
    yield f'<desc id="about">{description.translate(_XML_ESCAPES)}</desc>'
    shapes = (f'<g id="{mark}">{shape}</g>' for mark, shape in _MARK_SHAPES.items())
    yield from ("<style>", *_style_rules(), "</style>", "<defs>", *shapes, "</defs>")
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
    background = _BACKGROUND_COLORS[theme]
    rules = [f"svg{{color:{_TEXT_COLORS[theme]}}}.rule{{color:{_RULE_COLORS[theme]}}}"]
    rules += [f".paper,.hollow{{fill:{background}}}.sign{{stroke:{background}}}"]
    for style, words in STYLES.items():
        rules += [f".{style}{{color:{_COLORS[word][theme]}}}" for word in words.split() if word in _COLORS]
    return "".join(rules)


class _SvgWriter:
    """The elements of a picture, added from top to bottom; the next one starts at `y`, the axis starts at `left`."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.elements: list[str] = []
        self.y = float(_MARGIN)
        self.width = self.left = 0.0

    def add_line(self, styled: str) -> None:
        """Add a line of styled text."""
        column = 0
        words = []
        for style, styled_text, plain_text in _STYLED.findall(styled):
            text = styled_text or plain_text
            for match in _SPACED_TEXT.finditer(text):
                x = _MARGIN + (column + self.canvas.measure(text[: match.start()])) * _COLUMN_WIDTH
                words.append(_text_svg(x, match[0], style))
            column += self.canvas.measure(text)
        if words:
            self.elements.append(f'<g transform="translate(0 {self.y + 13:g})">{"".join(words)}</g>')
        self.width = max(self.width, _MARGIN + column * _COLUMN_WIDTH)
        self.y += _ROW_HEIGHT

    def add_page(self, styled_lines: Sequence[str]) -> str:
        """Add lines of text, and return a description of them."""
        for line in styled_lines or [self.canvas.stylize("nothing matches", "muted")]:
            self.add_line(line)
        return f"Text of {format_count(len(styled_lines), 'line')}."

    def add_lanes(self, layout: ChartLayout) -> str:
        """Add lanes on an axis with a legend, and return a description of them."""
        canvas, axis = self.canvas, layout.axis
        names = [canvas.truncate(lane.label, _MAX_LABEL) for lane in layout.lanes]
        number_width = max(len(f"{lane.event_count:,}") for lane in layout.lanes) if layout.shows_counts else 0
        self.left = _MARGIN + (max(map(canvas.measure, names)) + number_width + 2) * _LETTER_WIDTH
        self.width = max(self.width, self.left + _AXIS_CELLS * _CELL_WIDTH)
        for cell, label in axis.ticks:
            if self.cell_x(cell) + len(label) * _LETTER_WIDTH < self.width + _MARGIN:
                self.elements.append(_text_svg(self.cell_x(cell), label, "name year", self.y + 13))
        self.y += _ROW_HEIGHT + _GAP
        top, axis_index = self.y, len(self.elements)
        for name, lane in zip(names, layout.lanes, strict=True):
            self.add_lane(name, lane, layout)
        # Earlier elements are behind later ones.
        background = [_line_svg("rule", self.cell_x(cell), top, self.cell_x(cell), self.y) for cell, _ in axis.ticks]
        if layout.today_cell is not None:
            today = self.cell_x(layout.today_cell + 0.5)
            background.append(_line_svg("line muted", today, top, today, self.y))
            self.elements.append(_text_svg(today, "today", "name muted", self.y + 13, anchor="middle"))
        self.elements[axis_index:axis_index] = background
        self.y += _ROW_HEIGHT + _GAP
        self.add_legend(layout)
        days = f"{format_iso(axis.first)} to {format_iso(axis.first + axis.days - 1)}"
        lanes = ", ".join(f"{lane.label} ({lane.event_count:,})" for lane in layout.lanes)
        return f"Lanes on a time axis from {days}: {canvas.sanitize(lanes)}."

    def cell_x(self, cell: float) -> float:
        return self.left + cell * _CELL_WIDTH

    def add_lane(self, name: str, lane: Lane, layout: ChartLayout) -> None:
        self.elements.append(_line_svg("rule", _MARGIN, self.y, self.width, self.y))
        self.y += _GAP / 2
        self.elements.append(_text_svg(_MARGIN, name, "name", self.y + 13))
        if layout.shows_counts:
            number, x = f"{lane.event_count:,}", self.left - _LETTER_WIDTH
            self.elements.append(_text_svg(x, number, "name muted", self.y + 13, anchor="end"))
        if lane.counts:
            self.y += _ROW_HEIGHT
        for row in lane.rows:
            self.elements += [self.bar_svg(bar) for bar in row]
            self.y += _ROW_HEIGHT
        for counts in lane.counts:
            self.elements.append(self.counts_svg(*counts, layout.peak))
            self.y += _ROW_HEIGHT
        if not (lane.rows or lane.counts):
            self.elements.append(_text_svg(self.left, "undated", "name muted", self.y + 13))
            self.y += _ROW_HEIGHT
        self.y += _GAP / 2

    def bar_svg(self, bar: EventBar) -> str:
        y = self.y + _ROW_HEIGHT / 2
        (low, high), (has_left_arrow, has_right_arrow) = bar.possible_cells, bar.open_ends
        elements = [f"<title>{self.canvas.sanitize(bar.description).translate(_XML_ESCAPES)}</title>"]
        if low < high:
            elements.append(_line_svg("reach", self.cell_x(low + 0.5), y, self.cell_x(high + 0.5), y))
        if bar.certain_cells and bar.certain_cells[0] < bar.certain_cells[1]:
            begin, end = self.cell_x(bar.certain_cells[0]), self.cell_x(bar.certain_cells[1] + 1)
            # An arrow replaces the end of the bar.
            begin += _ARROW_LENGTH * (has_left_arrow and bar.certain_cells[0] == low)
            end -= _ARROW_LENGTH * (has_right_arrow and bar.certain_cells[1] == high)
            elements.append(_bar_svg(bar.mark, begin, y, end - begin))
        elements += [_arrow_svg(self.cell_x(low), y, _ARROW_LENGTH)] * has_left_arrow
        elements += [_arrow_svg(self.cell_x(high + 1), y, -_ARROW_LENGTH)] * has_right_arrow
        elements.append(_mark_svg(bar.mark, self.cell_x(bar.mark_cell + 0.5), y))
        cell = bar.annotation_cell
        for text, style in bar.annotations:
            elements.append(_text_svg(self.cell_x(cell), text, f"sign {style}", y + 4))
            cell += len(text) * _CELL_WIDTH
        return f'<g class="{bar.mark}">{"".join(elements)}</g>'

    def counts_svg(self, mark: str, flags: Sequence[tuple[str, str]], heights: Sequence[int], peak: int) -> str:
        """Return the mark and the flags of some events, then columns for how many of them are possible per cell."""
        base, cell = self.y + _ROW_HEIGHT - 1, 0
        description = " ".join([mark, *(style for _, style in flags)])
        elements = [f"<title>{description}: at most {max(heights):,} that may be in one place</title>"]
        begin = self.left - _LETTER_WIDTH - _MARK_RADIUS - _LETTER_WIDTH * len(flags)
        elements.append(_mark_svg(mark, begin, base - 5))
        for index, (text, style) in enumerate(flags):
            x = begin + _MARK_RADIUS + 2 + index * _LETTER_WIDTH
            elements.append(_text_svg(x, text, f"sign {style}", base - 1))
        for number, run in groupby(heights):
            width = len(list(run))
            if number:
                height = max(1.5, number / peak * (_ROW_HEIGHT - 3))
                size = f'width="{width * _CELL_WIDTH}" height="{height:.1f}"'
                elements.append(f'<rect class="solid" x="{self.cell_x(cell):g}" y="{base - height:.1f}" {size}/>')
            cell += width
        return f'<g class="{mark}">{"".join(elements)}</g>'

    def add_legend(self, layout: ChartLayout) -> None:
        x = float(_MARGIN)
        for name, text in layout.legend():
            if name == "today":  # its line has a label
                continue
            size = 34 + len(text) * _LETTER_WIDTH
            if x > _MARGIN and x + size > self.width:
                x, self.y = float(_MARGIN), self.y + _ROW_HEIGHT
            y = self.y + _ROW_HEIGHT / 2
            style = name if name in STYLES else "muted"
            self.elements.append(f'<g class="{style}">{_legend_shape(name, x + 9, y)}</g>')
            self.elements.append(_text_svg(x + 24, text, "name muted", self.y + 13))
            x += size
        self.y += _ROW_HEIGHT


def _legend_shape(name: str, x: float, y: float) -> str:
    """Return the symbol of a legend entry, centered at a point."""
    if name in STATUS_MARKS:
        return _mark_svg(name, x, y)
    if name in ("core", "hollow"):
        return _bar_svg(HOLLOW_MARKS[0] if name == "hollow" else "", x - 9, y, 18)
    if name == "reach":
        return _line_svg("reach", x - 8, y, x + 8, y)
    if name == "open":
        return _arrow_svg(x - 8, y, 6) + _arrow_svg(x + 8, y, -6)
    if name == "count":
        return f'<rect class="solid" x="{x - 3:g}" y="{y - 8:g}" width="6" height="15"/>'
    return _text_svg(x, FLAG_MARKS.get(name, "2"), "sign", y + 4, anchor="middle")


def _mark_svg(mark: str, x: float, y: float) -> str:
    return f'<use href="#{mark}" x="{x:g}" y="{y:g}"/>'


def _bar_svg(mark: str, x: float, y: float, width: float) -> str:
    style, inset = ("hollow", 0.75) if mark in HOLLOW_MARKS else ("solid", 0)
    size = f'width="{width - 2 * inset:g}" height="{6 - 2 * inset:g}"'
    return f'<rect class="{style}" x="{x + inset:g}" y="{y - 3 + inset:g}" {size}/>'


def _arrow_svg(x: float, y: float, length: float) -> str:
    return f'<path class="solid" d="M{x:g} {y:g}l{length} -5v10z"/>'


def _line_svg(style: str, x: float, y: float, to_x: float, to_y: float) -> str:
    # Some renderers draw round ends on a horizontal path, but not on a horizontal line.
    return f'<path class="{style}" d="M{x:g} {y:g}L{to_x:g} {to_y:g}"/>'


def _text_svg(x: float, text: str, style: str, y: float = 0, anchor: str = "") -> str:
    attributes = {"x": f"{x:g}", "y": f"{y:g}" if y else "", "text-anchor": anchor, "class": style}
    attribute_text = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    return f"<text{attribute_text}>{text.translate(_XML_ESCAPES)}</text>"
