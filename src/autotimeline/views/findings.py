"""What the rules of `check` find: file, line, event, level, rule and text."""

from __future__ import annotations

from autotimeline.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from autotimeline.paper import Paper
    from autotimeline.table import Row

FIELDS = ("file", "line", "level", "rule", "event", "text")
_STYLES = {"error": "overdue", "problem": "disputed", "note": "muted"}


def table(findings: Iterable[Row]) -> Table:
    """Return the findings as they come, each a row of FIELDS; drawn, a line each as an editor can follow."""
    rows = list(findings)
    return Table([Column(field) for field in FIELDS], iter(rows), draw=lambda paper: _draw(rows, paper))


def _draw(rows: list[Row], paper: Paper) -> Iterator[str]:
    for file, line, level, rule, event, text in rows:
        place = paper.ink(f"{file}:{line}:", "muted")
        named = f'event "{event}": ' if event else ""
        yield f"{place} {paper.ink(f'{level} {rule}:', _STYLES[str(level)])} {paper.ink(f'{named}{text}')}"
