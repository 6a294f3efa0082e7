"""`check`: one row per finding."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autotimeline.render.text_layout import Block, hanging
from autotimeline.table import Column, Table

FIELDS = ("file", "line", "level", "rule", "event", "text")
DEFAULT_FIELDS = ("place", "level", "rule", "event", "text")
_STYLES = {"error": "overdue", "problem": "disputed", "note": "muted"}


def table(findings: Iterable[Sequence[Any]], fields: Sequence[str]) -> Table:
    """Return the findings in their order, as rows of FIELDS or of DEFAULT_FIELDS, whose `place` is FILE:LINE."""
    rows = list(findings)
    visible = iter(rows) if tuple(fields) == FIELDS else ([f"{file}:{line}", *rest] for file, line, *rest in rows)
    return Table([Column(field) for field in fields], visible, drawing=_draw(rows))


def _draw(rows: list[Sequence[Any]]) -> Iterator[Block]:
    for file, line, level, rule, event, text in rows:
        message = f'event "{event}": {text}' if event else str(text)
        yield hanging([(f"{file}:{line}:", "muted")], [(f"{level} {rule}:", _STYLES[str(level)])], [(message, "")])
