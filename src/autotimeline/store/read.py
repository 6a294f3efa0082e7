"""Conversion of the tables of a block to frozen values, or to problems with key, line, and remedy."""

from dataclasses import dataclass
from typing import Any

from autotimeline import model
from autotimeline.keys import KEYS
from autotimeline.schema import HEADER_KINDS
from autotimeline.store.key_positions import LineFinder
from autotimeline.store.parse import parse_entry
from autotimeline.store.table_reader import id_hint, is_valid_id, slugify
from autotimeline.text import suggest

_SINGLE_KINDS = (*HEADER_KINDS, "alias")


@dataclass(slots=True)
class StoreProblem:
    """Invalid content, with the line in its block (from 0) and the id of its event, if any."""

    text: str
    line: int
    event: str | None = None


@dataclass(slots=True)
class ParsedItem:
    """An item with its line in the block (from 0); the value is None if it has problems."""

    kind: str
    id: str
    value: Any
    line: int


def read_block(tables: dict[str, Any], text: str) -> tuple[list[ParsedItem], list[StoreProblem]]:
    """Return the items and the problems in the tables of a block; its text is needed for the lines."""
    reader = _BlockReader(text)
    for kind, content in tables.items():
        if kind not in KEYS:
            reader.report_unknown(kind, content)
        elif kind == "event":
            reader.read_events(content)
        elif not isinstance(content, dict):
            header = f"[{kind}]" if kind in _SINGLE_KINDS else f"[{kind}.ID], with a different id for each"
            reader.add_problem(f'"{kind}" must be a table; write {header}', reader.lines.find_key(kind))
        elif kind in HEADER_KINDS:
            reader.read_entity(kind, "", content)
        else:
            for id, body in content.items():
                reader.read_entity(kind, id, {"query": body} if kind == "alias" else body)
    return reader.items, reader.problems


def event_from_body(body: dict[str, Any], file: str = "", line: int = 0) -> model.Event:
    """Return the event of a valid body."""
    event: model.Event = parse_entry("event", "", body, file, line)[0]
    return event


def entry_from_body(kind: str, id: str, body: dict[str, Any]) -> Any:
    """Return the value of a valid body of any kind."""
    return parse_entry(kind, id, body)[0]


class _BlockReader:
    """Collects the items and the problems of one text."""

    def __init__(self, text: str) -> None:
        self.lines = LineFinder(text)
        self.items: list[ParsedItem] = []
        self.problems: list[StoreProblem] = []

    def add_problem(self, text: str, line: int, event: str | None = None) -> None:
        self.problems.append(StoreProblem(text, line, event))

    def report_unknown(self, name: str, content: Any) -> None:
        """Add a problem for each table with an unknown name, or for a key without a header."""
        bodies = content if isinstance(content, list) and all(isinstance(body, dict) for body in content) else [content]
        if not isinstance(content, dict | list):
            message = f'key "{name}" without a header; write one above it, such as [[event]]'
            self.add_problem(message, self.lines.find_key(name))
            return
        for line, body in zip(self.lines.find_tables(name, len(bodies)), bodies, strict=True):
            id = body.get("id") if isinstance(body, dict) else None
            hint = suggest(name, KEYS).replace('"event"', "[[event]]")
            message = f'unknown table or key "{name}"{hint}'
            self.add_problem(message, line, id if isinstance(id, str) else None)

    def read_events(self, content: Any) -> None:
        if not isinstance(content, list) or not all(isinstance(body, dict) for body in content):
            id = content.get("id") if isinstance(content, dict) else None
            message = "each event needs a header with double brackets; write [[event]]"
            self.add_problem(message, self.lines.find_key("event"), id if isinstance(id, str) else None)
            return
        starts = self.lines.find_events()
        for index, body in enumerate(content):
            id = body.get("id")
            start = starts[index] if len(starts) == len(content) else self.lines.find_quoted(str(id))
            value, problems = parse_entry("event", "", body)
            for path, message in problems:
                self.add_problem(message, self.lines.find_path(start, path), id if isinstance(id, str) else None)
            if isinstance(id, str):
                self.items.append(ParsedItem("event", id, value, start))

    def read_entity(self, kind: str, id: str, body: Any) -> None:
        start = self.lines.find_entity(kind, id)
        name = f'{kind} "{id}": ' if id else f"{kind}: "
        if isinstance(body, list):
            self.add_problem(f"{name}must be one table; write [{kind}.{id}]", start)
        elif not isinstance(body, dict):
            self.add_problem(f'key "{id}" without a header; write [{kind}.ID] above it, with a new id', start)
        elif kind not in HEADER_KINDS and not is_valid_id(kind, id):
            self.add_problem(f"{name}invalid id; {id_hint(slugify(id) or f'my-{kind}', kind)}", start)
        else:
            value, problems = parse_entry(kind, id, body)
            for path, message in problems:
                self.add_problem(name + message, self.lines.find_path(start, path))
            self.items.append(ParsedItem(kind, id, value, start))
