"""The rows of the screen: the list of events, and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from autotimeline.cli.explore.session import ROW_FIELDS
from autotimeline.render.canvas import STATUS_MARKS, Canvas, flag_texts
from autotimeline.render.text_layout import beside, draw, grid, style_piece
from autotimeline.text import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

_MAX_DATE = 24  # columns
_MAX_PROBLEMS = 5
_REVERSE, _RESET = "\x1b[7m", "\x1b[0m"


class Key(NamedTuple):
    """Names of a key, a label for the hint ("" for none), a line of help, the action, and the modes that have it."""

    names: tuple[str, ...]
    label: str
    help: str
    action: Callable[[Any], object]
    modes: tuple[str, ...] = ("list", "view")


def list_lines(canvas: Canvas, rows: Sequence[Sequence[Any]], current_id: str) -> list[str]:
    """Return a line for each event, given as ROW_FIELDS; the current one is marked."""
    width = canvas.width or 0
    dates = [canvas.truncate(row[1] or "undated", min(_MAX_DATE, width // 3)) for row in rows]
    date_width = max(map(canvas.measure, dates), default=0)
    return [
        _list_line(canvas, row, date, date_width, row[0] == current_id) for row, date in zip(rows, dates, strict=True)
    ]


def _list_line(canvas: Canvas, row: Sequence[Any], date: str, date_width: int, is_current: bool) -> str:
    event: dict[str, Any] = dict(zip(ROW_FIELDS, row, strict=True))
    # Other styles would end the reversed colors.
    plain = Canvas(canvas.width, unicode=canvas.unicode) if is_current else canvas
    flags = flag_texts(event["match"] == "possible", event["disputed"])
    mark_width = canvas.measure(canvas.sanitize("●?≠"))
    title = canvas.truncate(event["title"], max(1, (canvas.width or 0) - mark_width - date_width - 5))
    (line,) = beside(
        ([style_piece(plain, [("▸" if is_current else "", "")])], 1, 1),
        ([style_piece(plain, [(STATUS_MARKS[event["mark"]], event["mark"]), *flags])], mark_width, 1),
        ([style_piece(plain, [(date, "date")])], date_width, 2),
        ([style_piece(plain, [(title, "")])], 0, 0),
    )
    return f"{_REVERSE}{line}{_RESET}" if is_current and canvas.color else line


def problem_lines(problems: Sequence[tuple[str, int, str]]) -> list[str]:
    """Return the first problems of a store, and how many there are."""
    lines = [f"{file}:{line}: {text}" for file, line, text in problems[:_MAX_PROBLEMS]]
    return [*lines, f"the store has {format_count(len(problems), 'problem')}; e: edit the first one"]


def hint(canvas: Canvas, keys: Iterable[Key], mode: str) -> str:
    """Return the keys of a mode on one line, as many as fit."""
    text = ""
    for key in keys:
        extended = f"{text} · {key.names[0]} {key.label}".removeprefix(" · ")
        if key.label and mode in key.modes and len(extended) <= (canvas.width or 0):
            text = extended
    return canvas.stylize(text, "muted")


def key_lines(canvas: Canvas, keys: Iterable[Key], search: str) -> list[str]:
    """Return a line of help for each key that has the text in its names or its help."""
    from autotimeline.text import fold

    rows = [[[(", ".join(key.names), "title")], [(key.help, "")]] for key in keys]
    found = [row for row in rows if fold(search) in fold(" ".join(cell[0][0] for cell in row))]
    return list(draw([grid(found)], canvas)) if found else ["no such key"]
