"""Events on a canvas that is too narrow for a table: the date, the title, and the other values below it."""

from __future__ import annotations

from autotimeline.render.text_layout import beside, flow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Line
    from autotimeline.render.text_table import TextTable

TITLE = "title"
_MIN_TITLE = 24  # columns
_MAX_DATE = 11  # columns; longer dates wrap
_GAP = 2  # columns
_UNUSUAL_STATUSES = ("planned", "cancelled")
_SELF_EXPLANATORY = ("id", "status", "kind")  # columns whose values need no name


def event_lines(table: TextTable, styles: Sequence[Mapping[str, str]], canvas: Canvas) -> Iterator[str] | None:
    """Return the lines of the events below a header; None if there is not enough width for the titles."""
    columns = range(len(table.names))
    leading = [index for index in columns if table.names[index] == "date" or table.marks[index]]
    others = [index for index in columns if index not in leading and table.names[index] != TITLE]
    rows = [["" if table.marks[index] else table.names[index] for index in columns], *table.rows]
    cells = [[_wrap_date(row[index], canvas) for index in leading] for row in rows]
    widths = [max(canvas.measure(line) for row in cells for line in row[number]) for number in range(len(leading))]
    title_width = (canvas.width or 0) - sum(width + _GAP for width in widths)
    if title_width < _MIN_TITLE:
        return None

    def lines() -> Iterator[str]:
        for number, (row, dates) in enumerate(zip(rows, cells, strict=True)):
            style = "muted" if not number or number - 1 in table.dimmed else ""
            details = [
                [(_describe(table.names[index], row[index], is_header=not number), _style(table, row, index))]
                for index in others
                if row[index]
            ]
            text = list(_text_lines(canvas, (row[table.names.index(TITLE)], style), details, title_width, number))
            leads = [
                [
                    (canvas.stylize(line, styles[index].get(line, style or "date")), canvas.measure(line))
                    for line in date
                ]
                for index, date in zip(leading, dates, strict=True)
            ]
            yield from beside(*((lead, width, _GAP) for lead, width in zip(leads, widths, strict=True)), (text, 0, 0))

    return lines()


def _text_lines(
    canvas: Canvas, title: tuple[str, str], details: Sequence[Sequence[tuple[str, str]]], width: int, number: int
) -> Iterator[Line]:
    """Yield the lines of a title and its details, which begin on a new line if the title fits in one."""
    text, style = title
    *first, last = canvas.wrap(text, width)
    for line in first:
        yield canvas.stylize(line, style), canvas.measure(line)
    if number and not first:
        yield canvas.stylize(last, style), canvas.measure(last)
        yield from flow(canvas, details, width)
    else:
        yield from flow(canvas, [[(last, style)], *details], width)


def _wrap_date(text: str, canvas: Canvas) -> list[str]:
    text = canvas.sanitize(text)
    # A long span breaks after its slash.
    return canvas.wrap(text.replace("/", "/ "), _MAX_DATE) if canvas.measure(text) > _MAX_DATE else [text]


def _describe(name: str, value: str, *, is_header: bool) -> str:
    return value if is_header or name in _SELF_EXPLANATORY else f"{name} {value}"


def _style(table: TextTable, row: Sequence[str], index: int) -> str:
    """Return the style of a value; the usual status is muted."""
    return row[index] if table.names[index] == "status" and row[index] in _UNUSUAL_STATUSES else "muted"
