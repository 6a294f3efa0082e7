"""What differs between two stores, fact by fact."""

from __future__ import annotations

from itertools import groupby

from autotimeline.render import text_layout
from autotimeline.reports.store_diff import Change, change_to_text
from autotimeline.table import Column, Table
from autotimeline.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.render.canvas import Canvas
    from autotimeline.render.text_layout import Piece

FIELDS = Change._fields
DEFAULT_FIELDS = ("kind", "id", "field", "change", "old", "new")

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~"}
_STYLES = {"added": "added", "removed": "removed", "changed": "changed", "renamed": "changed"}
# What a fact that is all new, or all gone, says in its first line.
_HEADING_FIELDS = ("id", "date", "published", "title", "name")
# What tells an item of a list from others.
_ITEM_KEYS = ("metric", "id", "rule", "event", "of", "period")


def table(changes: Sequence[Change], fields: Sequence[str]) -> Table:
    """Return a row for each change; drawn, the changes of a fact stand below it."""
    columns = [FIELDS.index(field) for field in fields]
    return Table(
        [Column(field, change_to_text) for field in fields],
        ([change[place] for place in columns] for change in changes),
        footer=lambda: _footer(changes),
        draw=lambda canvas: _draw(changes, canvas),
    )


def _group_by_fact(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """Yield the changes of each fact, and before them what has become of it as a whole."""
    for _, group in groupby(changes, key=lambda change: (change.kind, change.id)):
        fact_changes = list(group)
        fact_change = next((change.change for change in fact_changes if change.field == "id"), "changed")
        yield fact_change, fact_changes


def _footer(changes: Sequence[Change]) -> list[str]:
    facts = [whole for whole, _ in _group_by_fact(changes)]
    change_counts = [f"{facts.count(change):,} {change}" for change in _SIGNS if change in facts]
    return [f"{format_count(len(facts), 'fact')}: {', '.join(change_counts)}"] if facts else []


def _draw(changes: Sequence[Change], canvas: Canvas) -> Iterator[str]:
    for number, (fact_change, fact_changes) in enumerate(_group_by_fact(changes)):
        if number:
            yield ""
        first = fact_changes[0]
        heading = [
            [(f"{_SIGNS[fact_change]} {first.kind}", _STYLES[fact_change]), (f" {first.id}" if first.id else "", "")]
        ]
        heading += [[(first.date, "date")]] if first.date else []
        heading += [[(first.title, "title")]] if first.title else []
        for line, _ in text_layout.flow(canvas, heading, canvas.width or 0):
            yield line
        rows = [
            change
            for change in fact_changes
            if fact_change not in ("added", "removed") or change.field not in _HEADING_FIELDS
        ]
        cells = [_change_pieces(change) for change in rows]
        for line in text_layout.align_columns(canvas, cells, (canvas.width or 0) - 2):
            yield "  " + line


def _change_pieces(change: Change) -> list[Piece]:
    mark = (f"{_SIGNS[change.change]} ", _STYLES[change.change])
    return [[mark, (change.field, "muted")], list(_value_pieces(change))]


def _value_pieces(change: Change) -> Iterator[tuple[str, str]]:
    old, new = change.old, change.new
    if old is None or new is None:
        yield change_to_text(new if old is None else old), _STYLES[change.change]
    elif not isinstance(new, dict):
        yield from _old_and_new(old, new)
    else:
        # Of an item of a list only what is different in it.
        names = [str(new[key]) for key in _ITEM_KEYS if new.get(key) and new[key] == old[key]]
        prefix = " · ".join(names) + ": " if names else ""
        for key in new:
            if old[key] != new[key]:
                yield prefix, ""
                yield f"{key} " if key != "text" else "", "muted"
                yield from _old_and_new(old[key], new[key])
                prefix = ", "


def _old_and_new(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    yield _value_text(old), "removed"
    yield " → ", "muted"
    yield _value_text(new), "added"


def _value_text(value: Any) -> str:
    return (
        ", ".join(map(change_to_text, value or ["–"]))
        if isinstance(value, list)
        else "–"
        if value is None
        else change_to_text(value)
    )
