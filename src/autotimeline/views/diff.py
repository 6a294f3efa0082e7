"""What differs between two stores, fact by fact."""

from __future__ import annotations

from itertools import groupby

from autotimeline.render import text_layout
from autotimeline.reports.store_diff import Change, text
from autotimeline.table import Column, Table
from autotimeline.text import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.render.canvas import Paper
    from autotimeline.render.text_layout import Piece

FIELDS = Change._fields
BRIEF = ("kind", "id", "field", "change", "old", "new")

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~"}
_STYLES = {"added": "added", "removed": "removed", "changed": "changed", "renamed": "changed"}
# What a fact that is all new, or all gone, says in its first line.
_HEAD = ("id", "date", "published", "title", "name")
# What tells an item of a list from others.
_NAMES = ("metric", "id", "rule", "event", "of", "period")


def table(changes: Sequence[Change], fields: Sequence[str]) -> Table:
    """Return a row for each change; drawn, the changes of a fact stand below it."""
    at = [FIELDS.index(field) for field in fields]
    return Table(
        [Column(field, text) for field in fields],
        ([change[place] for place in at] for change in changes),
        footer=lambda: _footer(changes),
        draw=lambda paper: _draw(changes, paper),
    )


def _facts(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """Yield the changes of each fact, and before them what has become of it as a whole."""
    for _, group in groupby(changes, key=lambda change: (change.kind, change.id)):
        found = list(group)
        whole = next((change.change for change in found if change.field == "id"), "changed")
        yield whole, found


def _footer(changes: Sequence[Change]) -> list[str]:
    facts = [whole for whole, _ in _facts(changes)]
    parts = [f"{facts.count(change):,} {change}" for change in _SIGNS if change in facts]
    return [f"{count(len(facts), 'fact')}: {', '.join(parts)}"] if facts else []


def _draw(changes: Sequence[Change], paper: Paper) -> Iterator[str]:
    for number, (whole, found) in enumerate(_facts(changes)):
        if number:
            yield ""
        first = found[0]
        head = [[(f"{_SIGNS[whole]} {first.kind}", _STYLES[whole]), (f" {first.id}" if first.id else "", "")]]
        head += [[(first.date, "date")]] if first.date else []
        head += [[(first.title, "title")]] if first.title else []
        for line, _ in text_layout.flow(paper, head, paper.width or 0):
            yield line
        rows = [change for change in found if whole not in ("added", "removed") or change.field not in _HEAD]
        cells = [_cells(change) for change in rows]
        for line in text_layout.grid(paper, cells, (paper.width or 0) - 2):
            yield "  " + line


def _cells(change: Change) -> list[Piece]:
    mark = (f"{_SIGNS[change.change]} ", _STYLES[change.change])
    return [[mark, (change.field, "muted")], list(_value(change))]


def _value(change: Change) -> Iterator[tuple[str, str]]:
    old, new = change.old, change.new
    if old is None or new is None:
        yield text(new if old is None else old), _STYLES[change.change]
    elif not isinstance(new, dict):
        yield from _turned(old, new)
    else:
        # Of an item of a list only what is different in it.
        names = [str(new[key]) for key in _NAMES if new.get(key) and new[key] == old[key]]
        between = " · ".join(names) + ": " if names else ""
        for key in new:
            if old[key] != new[key]:
                yield between, ""
                yield f"{key} " if key != "text" else "", "muted"
                yield from _turned(old[key], new[key])
                between = ", "


def _turned(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    yield _told(old), "removed"
    yield " → ", "muted"
    yield _told(new), "added"


def _told(value: Any) -> str:
    return ", ".join(map(text, value or ["–"])) if isinstance(value, list) else "–" if value is None else text(value)
