"""`toml`: a store, an event without its header, or a list of other tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.errors import AutotimelineError
from autotimeline.importing.readers._store_tables import is_store, thing, whole
from autotimeline.importing.records import UNNAMED, Data, Place, Problem
from autotimeline.store import read as reader
from autotimeline.store.blocks import MalformedError, blocks
from autotimeline.store.key_positions import Lines

if TYPE_CHECKING:
    from autotimeline.importing.records import How
    from autotimeline.store.blocks import Block

ENDINGS = (".toml",)


def read(text: str, file: str, how: How) -> Data:
    """Return what a text holds: the things of a store, else the tables of its one list as rows.

    Raises:
        AutotimelineError: where it is something else.
    """
    data = Data(file)
    for block, tables in blocks(text):
        if isinstance(tables, MalformedError):
            data.problems.append(Problem(Place(file, block.line + tables.line), str(tables)))
        elif tables and is_store(tables):
            _things(data, block, tables)
        elif tables:
            _rows(data, block, tables)
    return data


def _things(data: Data, block: Block, tables: dict[str, Any]) -> None:
    tables.pop("snapshot", None)
    bodies = [body for body in tables.get("event", ()) if isinstance(body, dict)]
    unnamed = {f"{UNNAMED}-{number}": body for number, body in enumerate(bodies) if "id" not in body}
    for id, body in unnamed.items():
        body["id"] = id
    stated = {body["id"]: body for body in bodies if isinstance(body.get("id"), str)}
    items, problems = reader.read(tables, block.text)
    for problem in problems:
        event = problem.event if problem.event not in unnamed else None
        what = f'event "{event}": {problem.text}' if event else problem.text
        data.problems.append(Problem(Place(data.file, block.line + problem.line), what))
    for item in items:
        place = Place(data.file, block.line + item.line)
        if item.value is None:
            continue
        if item.kind == "event":
            entry = whole(item.value, place, stated[item.id], named=item.id not in unnamed)
            data.entries.append(entry)
        else:
            data.entries.append(thing(item.kind, item.id, item.value, place))


def _rows(data: Data, block: Block, tables: dict[str, Any]) -> None:
    if isinstance(tables.get("title"), str):
        data.row(Place(data.file, block.line), tables)
        return
    lists = [
        (name, value)
        for name, value in tables.items()
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    ]
    if len(lists) != 1 or len(tables) > 1:
        names = ", ".join(f'"{name}"' for name in tables)
        raise AutotimelineError(f"{data.file}: {names}: neither a store nor one list of tables, as [[facts]]")
    name, rows = lists[0]
    lines = Lines(block.text).tables(name, len(rows))
    for number, (line, row) in enumerate(zip(lines, rows, strict=True), 1):
        data.row(Place(data.file, block.line + line, number), row)
