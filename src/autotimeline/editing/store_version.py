"""A version of a store file, split into facts with their texts and keys."""

import os
import tempfile
from dataclasses import dataclass
from typing import Any

from autotimeline.api import Timeline
from autotimeline.editing.draft import without_line_numbers
from autotimeline.schema import HEADER_KINDS, KINDS
from autotimeline.store import edit
from autotimeline.store.blocks import TomlSyntaxError, decode_text, parse_blocks, parse_toml

Body = dict[str, Any]
# The kind and the id of a fact; the head of a store and the table of aliases have no id.
FactKey = tuple[str, str]


class UnsupportedLayoutError(Exception):
    """A text that cannot be split into facts."""


@dataclass
class Fact:
    """A fact: the text and the keys of its block, and the comments and white space above it."""

    text: str
    body: Body
    above: str


class StoreVersion:
    """A version of a file: the comments at its start, its facts in order, and the comments at its end.

    Raises:
        UnsupportedLayoutError: If a block does not define exactly one fact.
    """

    def __init__(self, text: str) -> None:
        self.facts: dict[FactKey, Fact] = {}
        self.start, above = "", ""
        blocks = list(parse_blocks(text))
        for block, tables in blocks:
            lines = edit.split_lines(block.text)
            if not block.header and tables == {}:
                # Comments directly above the first block belong to it.
                cut = next((n for n in range(len(lines), 0, -1) if not lines[n - 1].strip()), 0)
                self.start, above = "".join(lines[:cut]), "".join(lines[cut:])
                continue
            definitions = definitions_in_tables(tables)
            if not block.header or len(definitions) != 1 or self.facts.keys() & definitions.keys():
                raise UnsupportedLayoutError
            ((key, body),) = definitions.items()
            count = edit.body_line_count(lines, at_file_end=block is blocks[-1][0])
            self.facts[key] = Fact(_end_line("".join(lines[:count])), body, above)
            above = "".join(lines[count:])
        self.end = above


def read_definitions(text: str) -> dict[FactKey, Body]:
    """Return the keys of each fact in a text.

    Raises:
        UnsupportedLayoutError: If the text is invalid, or two facts have one id.
    """
    return definitions_in_tables(parse_toml(text))


def definitions_in_tables(tables: dict[str, Any] | TomlSyntaxError | None) -> dict[FactKey, Body]:
    """Return the keys of each fact in tables.

    Raises:
        UnsupportedLayoutError: If the tables are invalid, or two facts have one id.
    """
    if not isinstance(tables, dict):
        raise UnsupportedLayoutError
    definitions: dict[FactKey, Body] = {}
    for kind, content in tables.items():
        if kind == "event" and isinstance(content, list):
            items = [(body.get("id") if isinstance(body, dict) else None, body) for body in content]
        elif kind in (*HEADER_KINDS, "alias"):
            items = [("", content)]
        elif kind in KINDS and isinstance(content, dict):
            items = list(content.items())
        else:
            raise UnsupportedLayoutError
        for id, body in items:
            if not isinstance(body, dict) or not isinstance(id, str) or (kind, id) in definitions:
                raise UnsupportedLayoutError
            definitions[kind, id] = body
    return definitions


def find_problems(text: str) -> list[tuple[tuple[str | None, str], int, str]]:
    """Return (event and text without line numbers, line from 1, text) of each problem of a store."""
    with tempfile.TemporaryDirectory(prefix="autotimeline-") as directory:
        path = os.path.join(directory, "merged.toml")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        with Timeline([path], cache=False) as timeline:
            return [
                ((event, without_line_numbers(problem)), line, problem)
                for _, line, event, problem in timeline.select().catalog.problems()
            ]


def find_syntax_error(text: str) -> str:
    """Return the line and the description of the first error of a text, empty if it is valid TOML."""
    try:
        decode_text(text.encode(errors="surrogateescape"))
    except TomlSyntaxError as error:
        return f"line {error.line + 1}: {error}"
    tables = parse_toml(text)
    return f"line {tables.line + 1}: {tables}" if isinstance(tables, TomlSyntaxError) else ""


def _end_line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
