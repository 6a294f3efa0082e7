"""What an index holds, without the numbers that rows were given: two that hold the same are equal."""

import io
import sqlite3

from autotimeline.index.builder import Builder
from autotimeline.index.tables import create_tables
from autotimeline.store.chunks import ChunkedFile


def empty() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    create_tables(db)
    return db


def update(db: sqlite3.Connection, old: list[str], new: list[str]) -> None:
    """Bring the index of files with the old texts up to date with the new ones."""
    builder = Builder(db)
    for number, text in enumerate(new):
        if number >= len(old) or old[number] != text:
            builder.update_file(number, ChunkedFile(io.BytesIO(text.encode())))
    builder.finish()


def built(texts: list[str]) -> sqlite3.Connection:
    db = empty()
    update(db, [], texts)
    return db


def dump(db: sqlite3.Connection) -> dict[str, list]:
    """Every row of every table, with the place of its block, and the id of its event, for their numbers."""
    placed = db.execute("SELECT b.number, c.file, c.line + b.line FROM block b JOIN chunk c ON c.number = b.chunk")
    blocks = {n: (file, line) for n, file, line in placed}
    events = {n: (id, *blocks[block]) for n, id, block in db.execute("SELECT number, id, block FROM event")}
    # Positions only state an order.
    positions = sorted({row[0] for row in db.execute("SELECT position FROM event")})
    found: dict[str, list] = {}
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        if table in ("file", "chunk", "touched") or (table.startswith("search") and table != "search"):
            continue
        key = "rowid AS event, *" if table == "search" else "*"
        rows = db.execute(f"SELECT {key} FROM {table}")  # noqa: S608  our own tables
        names = [column[0] for column in rows.description]
        found[table] = sorted(
            (
                tuple(
                    blocks[value] if name in ("block", "first_block") and value is not None
                    else events[value] if name == "event" and isinstance(value, int)
                    else blocks[value] if (table, name) == ("block", "number")
                    else positions.index(value) if name == "position"
                    else None if name in ("number", "chunk") or (table, name) == ("block", "line")
                    else value
                    for name, value in zip(names, row, strict=True)
                )
                for row in rows
            ),
            key=repr,
        )  # fmt: skip
    db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    return found
