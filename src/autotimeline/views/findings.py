"""What the rules of `check` find."""

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
    """Return the findings as they come; each is a row of FIELDS, or of DEFAULT_FIELDS, in which `place` is file:line."""
    rows = list(findings)
    visible = iter(rows) if tuple(fields) == FIELDS else (([f"{file}:{line}", *rest]) for file, line, *rest in rows)
    return Table([Column(field) for field in fields], visible, draw=lambda canvas: _draw(rows, canvas))


def _draw(rows: list[TableRow], canvas: Canvas) -> Iterator[str]:
    for file, line, level, rule, event, text in rows:
        location = canvas.stylize(f"{file}:{line}:", "muted")
        event_prefix = f'event "{event}": ' if event else ""
        yield f"{location} {canvas.stylize(f'{level} {rule}:', _STYLES[str(level)])} {canvas.stylize(f'{event_prefix}{text}')}"
