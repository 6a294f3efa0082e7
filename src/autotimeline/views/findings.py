"""`check`: one row per finding."""

from __future__ import annotations

from autotimeline.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from autotimeline.render.canvas import Canvas
    from autotimeline.table import TableRow

FIELDS = ("file", "line", "level", "rule", "event", "text")
DEFAULT_FIELDS = ("place", "level", "rule", "event", "text")
_STYLES = {"error": "overdue", "problem": "disputed", "note": "muted"}


def table(findings: Iterable[TableRow], fields: Sequence[str]) -> Table:
    """Return the findings in their order, as rows of FIELDS or of DEFAULT_FIELDS, whose `place` is FILE:LINE."""
    rows = list(findings)
    visible = iter(rows) if tuple(fields) == FIELDS else ([f"{file}:{line}", *rest] for file, line, *rest in rows)
    return Table([Column(field) for field in fields], visible, draw=lambda canvas: _draw(rows, canvas))


def _draw(rows: list[TableRow], canvas: Canvas) -> Iterator[str]:
    for file, line, level, rule, event, text in rows:
        location = canvas.stylize(f"{file}:{line}:", "muted")
        label = canvas.stylize(f"{level} {rule}:", _STYLES[str(level)])
        message = canvas.stylize(f'event "{event}": {text}' if event else str(text))
        yield f"{location} {label} {message}"
