"""`toml`: a store, an event without its header, or a list of other tables."""

from typing import Any

from autotimeline.errors import AutotimelineError
from autotimeline.importing.readers._store_tables import entity_record, event_record, is_store
from autotimeline.importing.records import PLACEHOLDER_ID, ParsedFile, ReadOptions, SourceLocation
from autotimeline.store import read as reader
from autotimeline.store.blocks import Block, TomlSyntaxError, parse_blocks
from autotimeline.store.key_positions import LineFinder

EXTENSIONS = (".toml",)


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Parse the records of a store, or the rows of the only list of tables."""
    parsed = ParsedFile(file)
    for block, tables in parse_blocks(text):
        if isinstance(tables, TomlSyntaxError):
            parsed.add_problem(SourceLocation(file, block.line + tables.line), str(tables))
        elif tables and is_store(tables):
            _add_definitions(parsed, block, tables)
        elif tables:
            _add_rows(parsed, block, tables)
    return parsed


def _add_definitions(parsed: ParsedFile, block: Block, tables: dict[str, Any]) -> None:
    tables.pop("snapshot", None)
    bodies = [body for body in tables.get("event", ()) if isinstance(body, dict)]
    unnamed = {f"{PLACEHOLDER_ID}-{number}": body for number, body in enumerate(bodies) if "id" not in body}
    for id, body in unnamed.items():
        body["id"] = id
    bodies_by_id = {body["id"]: body for body in bodies if isinstance(body.get("id"), str)}
    items, problems = reader.read_block(tables, block.text)
    for problem in problems:
        event = problem.event if problem.event not in unnamed else None
        what = f'event "{event}": {problem.text}' if event else problem.text
        parsed.add_problem(SourceLocation(parsed.file, block.line + problem.line), what)
    for item in items:
        location = SourceLocation(parsed.file, block.line + item.line)
        if item.kind == "event" and item.value is not None:
            record = event_record(item.value, location, bodies_by_id[item.id], has_id=item.id not in unnamed)
            parsed.records.append(record)
        elif item.value is not None:
            parsed.records.append(entity_record(item.kind, item.id, item.value, location))


def _add_rows(parsed: ParsedFile, block: Block, tables: dict[str, Any]) -> None:
    if isinstance(tables.get("title"), str):
        parsed.add_row(SourceLocation(parsed.file, block.line), tables)
        return
    lists = [
        (name, value)
        for name, value in tables.items()
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    ]
    if len(lists) != 1 or len(tables) > 1:
        names = ", ".join(f'"{name}"' for name in tables)
        raise AutotimelineError(f"{parsed.file}: {names}: neither a store nor one list of tables, as [[facts]]")
    name, rows = lists[0]
    lines = LineFinder(block.text).find_tables(name, len(rows))
    for number, (line, row) in enumerate(zip(lines, rows, strict=True), 1):
        parsed.add_row(SourceLocation(parsed.file, block.line + line, number), row)
