"""`diff`: the changes between two stores, grouped by source, actor, era, alias, and event."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from autotimeline.render.text_layout import Block, Piece, blank, grid, paragraph
from autotimeline.reports.store_diff import Change, change_to_text
from autotimeline.table import Column, Table
from autotimeline.text import format_count

FIELDS = Change._fields
DEFAULT_FIELDS = ("kind", "id", "field", "change", "old", "new")

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~"}
_STYLES = {"added": "added", "removed": "removed", "changed": "changed", "renamed": "changed"}
# The fields in the heading of an added or removed fact.
_HEADING_FIELDS = ("id", "date", "published", "title", "name")
# The keys that identify an item of a list.
_ITEM_KEYS = ("metric", "id", "rule", "event", "of", "holder", "period")


def table(changes: Sequence[Change], fields: Sequence[str]) -> Table:
    """Return one row per change; the drawing groups the changes below their facts."""
    return Table(
        [Column(field, change_to_text) for field in fields],
        ([getattr(change, field) for field in fields] for change in changes),
        footer=lambda: _footer(changes),
        drawing=_draw(changes),
    )


def _group_by_fact(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """Yield for each fact its type of change and its changes."""
    for _, group in groupby(changes, key=attrgetter("kind", "id")):
        fact_changes = list(group)
        yield next((change.change for change in fact_changes if change.field == "id"), "changed"), fact_changes


def _footer(changes: Sequence[Change]) -> list[str]:
    types = [fact_change for fact_change, _ in _group_by_fact(changes)]
    type_counts = [f"{types.count(change):,} {change}" for change in _SIGNS if change in types]
    return [f"{format_count(len(types), 'fact')}: {', '.join(type_counts)}"] if types else []


def _draw(changes: Sequence[Change]) -> Iterator[Block]:
    for number, (fact_change, fact_changes) in enumerate(_group_by_fact(changes)):
        if number:
            yield blank
        first = fact_changes[0]
        heading = [
            [(f"{_SIGNS[fact_change]} {first.kind}", _STYLES[fact_change]), (f" {first.id}" if first.id else "", "")]
        ]
        heading += [[(first.date, "date")]] if first.date else []
        heading += [[(first.title, "title")]] if first.title else []
        yield paragraph(*heading)
        hidden_fields = _HEADING_FIELDS if fact_change in ("added", "removed") else ()
        rows: list[list[Piece]] = [
            [
                [(f"{_SIGNS[change.change]} ", _STYLES[change.change]), (change.field, "muted")],
                list(_value_piece(change)),
            ]
            for change in fact_changes
            if change.field not in hidden_fields
        ]
        yield grid(rows, indent=2)


def _value_piece(change: Change) -> Iterator[tuple[str, str]]:
    old, new = change.old, change.new
    if old is None or new is None:
        yield change_to_text(new if old is None else old), _STYLES[change.change]
    elif not isinstance(new, dict):
        yield from _old_and_new(old, new)
    else:
        # An item of a list shows only the keys that differ.
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
    if isinstance(value, list):
        return ", ".join(map(change_to_text, value or ["–"]))
    return "–" if value is None else change_to_text(value)
