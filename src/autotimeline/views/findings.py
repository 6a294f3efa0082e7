"""What the rules of `check` find."""

from __future__ import annotations

from autotimeline.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Row

FIELDS = ("file", "line", "level", "rule", "event", "text")
BRIEF = ("place", "level", "rule", "event", "text")
_STYLES = {"error": "overdue", "problem": "disputed", "note": "muted"}


def table(findings: Iterable[Row], fields: Sequence[str]) -> Table:
    """Return the findings as they come; each is a row of FIELDS, or of BRIEF, in which `place` is file:line."""
    rows = list(findings)
    shown = iter(rows) if tuple(fields) == FIELDS else (([f"{file}:{line}", *rest]) for file, line, *rest in rows)
    return Table([Column(field) for field in fields], shown, draw=lambda paper: _draw(rows, paper))


def _draw(rows: list[Row], paper: Paper) -> Iterator[str]:
    for file, line, level, rule, event, text in rows:
        place = paper.ink(f"{file}:{line}:", "muted")
        named = f'event "{event}": ' if event else ""
        yield f"{place} {paper.ink(f'{level} {rule}:', _STYLES[str(level)])} {paper.ink(f'{named}{text}')}"
