"""Turn the tables of a block into frozen values, or into problems that name the key, the line and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.store import entities, events
from autotimeline.store.key_positions import Lines
from autotimeline.store.table_reader import ID, Fields, made_of, slug
from autotimeline.text import nearest

if TYPE_CHECKING:
    from autotimeline import model

_KINDS = (*entities.READERS, "event")
_HEADS = ("store", "snapshot")
_ALONE = (*_HEADS, "alias")


class Problem:
    """What is wrong with the form of a piece of a store: the line in its block (from 0), the event."""

    __slots__ = ("event", "line", "text")

    def __init__(self, text: str, line: int, event: str | None = None) -> None:
        self.text = text
        self.line = line
        self.event = event


class Item:
    """One thing that a block defines: its kind, id, value (None where it has problems), line in its block (from 0)."""

    __slots__ = ("id", "kind", "line", "value")

    def __init__(self, kind: str, id: str, value: Any, line: int) -> None:
        self.kind = kind
        self.id = id
        self.value = value
        self.line = line


def read(tables: dict[str, Any], text: str) -> tuple[list[Item], list[Problem]]:
    """Return what the tables of a block define, and every problem in them; `text` is the block, for lines."""
    reader = _Reader(text)
    for kind, content in tables.items():
        if kind not in _KINDS:
            reader.unknown(kind, content)
        elif kind == "event":
            reader.events(content)
        elif not isinstance(content, dict):
            header = f"[{kind}]" if kind in _ALONE else f"[{kind}.ID], with an id of its own for each"
            reader.wrong(f'"{kind}" must be a table: write {header}', reader.lines.key(kind))
        elif kind in _HEADS:
            reader.entity(kind, "", content)
        else:
            for id, body in content.items():
                reader.entity(kind, id, {"query": body} if kind == "alias" else body)
    return reader.items, reader.problems


def event(body: dict[str, Any], file: str = "", line: int = 0) -> model.Event:
    """Return the event of a body that was read without problems before."""
    return events.event(Fields(body), file, line)


def entity(kind: str, id: str, body: dict[str, Any]) -> Any:
    """Return the source, actor, era, alias or head of a body that was read without problems before."""
    return entities.READERS[kind](Fields(body), id)


class _Reader:
    """Collects the items and the problems of one text."""

    def __init__(self, text: str) -> None:
        self.lines = Lines(text)
        self.items: list[Item] = []
        self.problems: list[Problem] = []

    def wrong(self, text: str, line: int, event: str | None = None) -> None:
        self.problems.append(Problem(text, line, event))

    def unknown(self, name: str, content: Any) -> None:
        """Tell of each of the tables that have a name that means nothing, or of a key that stands alone."""
        bodies = content if isinstance(content, list) and all(isinstance(body, dict) for body in content) else [content]
        if not isinstance(content, dict | list):
            self.wrong(f'"{name}" stands under no header: write one above it, as [[event]]', self.lines.key(name))
            return
        for line, body in zip(self.lines.tables(name, len(bodies)), bodies, strict=True):
            id = body.get("id") if isinstance(body, dict) else None
            meant = nearest(name, _KINDS).replace('"event"', "[[event]]")
            what = f'unknown table or key "{name}"{meant}'
            self.wrong(what, line, id if isinstance(id, str) else None)

    def events(self, content: Any) -> None:
        if not isinstance(content, list) or not all(isinstance(body, dict) for body in content):
            id = content.get("id") if isinstance(content, dict) else None
            what = "each event begins with two brackets on either side: write [[event]]"
            self.wrong(what, self.lines.key("event"), id if isinstance(id, str) else None)
            return
        starts = self.lines.events()
        for at, body in enumerate(content):
            id = body.get("id")
            start = starts[at] if len(starts) == len(content) else self.lines.quoted(str(id))
            fields = Fields(body)
            value = events.event(fields)
            for path, what in fields.problems:
                self.wrong(what, self.lines.find(start, path), id if isinstance(id, str) else None)
            if isinstance(id, str):
                self.items.append(Item("event", id, None if fields.problems else value, start))

    def entity(self, kind: str, id: str, body: Any) -> None:
        start = self.lines.entity(kind, id)
        name = f'{kind} "{id}": ' if id else f"{kind}: "
        if isinstance(body, list):
            self.wrong(f"{name}must be one table: write [{kind}.{id}]", start)
        elif not isinstance(body, dict):
            self.wrong(f'"{id}" stands in no {kind}: write [{kind}.ID] above it, with an id of its own', start)
        elif kind not in _HEADS and not ID.fullmatch(id):
            self.wrong(name + made_of(slug(id) or f"my-{kind}"), start)
        else:
            fields = Fields(body)
            value = entities.READERS[kind](fields, id)
            for path, what in fields.problems:
                self.wrong(name + what, self.lines.find(start, path))
            self.items.append(Item(kind, id, None if fields.problems else value, start))
