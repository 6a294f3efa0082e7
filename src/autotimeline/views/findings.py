"""`check`: one row per finding."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autotimeline.render.text_layout import Block, hanging
from autotimeline.table import Column, Table
from autotimeline.text import format_count

FIELDS = ("file", "line", "level", "rule", "event", "text")
DEFAULT_FIELDS = ("place", "level", "rule", "event", "text")
_STYLES = {"error": "overdue", "problem": "disputed", "note": "muted"}


def table(findings: Iterable[Sequence[Any]], fields: Sequence[str]) -> Table:
    """Return the findings in their order, as rows of FIELDS or of DEFAULT_FIELDS, whose `place` is FILE:LINE."""
    rows = list(findings)
    visible = iter(rows) if tuple(fields) == FIELDS else ([f"{file}:{line}", *rest] for file, line, *rest in rows)
    return Table([Column(field) for field in fields], visible, drawing=_draw(rows), footer=lambda: [_summary(rows)])


def _summary(rows: Sequence[Sequence[Any]]) -> str:
    """Return the numbers of errors, problems, and notes."""
    counts = Counter(str(row[2]) for row in rows)
    return ", ".join(format_count(counts[level], level) for level in _STYLES if counts[level])


def _draw(rows: list[Sequence[Any]]) -> Iterator[Block]:
    for file, line, level, rule, event, text in rows:
        message = f'event "{event}": {text}' if event else str(text)
        yield hanging([(f"{file}:{line}:", "muted")], [(f"{level} {rule}:", _STYLES[str(level)])], [(message, "")])
