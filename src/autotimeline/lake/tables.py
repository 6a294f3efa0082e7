"""The tables of an index as Parquet files, one file each."""

import os
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from autotimeline.engines import sqlite
from autotimeline.index.tables import create_tables

MAX_PARTS = 1 << 16
# The number of an event in the index has the day in front of 25 bits. That of a lake has the part between the two.
_DAY_BITS, _PART_BITS = 25, 16
DAY_OF_NUMBER = f"({{}} >> {_DAY_BITS + _PART_BITS})"
"""SQL of the day to sort by of the event with a number."""
_BATCH = 20_000
_TYPES = {
    "INTEGER": pa.int64(), "TEXT": pa.string(), "REAL": pa.float64(), "BOOLEAN": pa.bool_(), "": pa.string()
}  # fmt: skip
# The columns that are not read from the table of the same name as they are; a lake counts lines from the file.
_LINE = "k.line + b.line + t.line"
_EXPRESSIONS = {
    "event": {"line": _LINE, "block": "k.file"},
    "entity": {"line": _LINE, "block": "k.file"},
    "reference": {"line": _LINE, "block": "k.file"},
    "problem": {
        "line": _LINE, "block": "k.file", "first_block": "f.file", "first_line": "f.line + a.line + t.first_line"
    },
}  # fmt: skip
_LOCATIONS = " JOIN block b ON b.number = t.block JOIN chunk k ON k.number = b.chunk"
_FIRST_LOCATIONS = " LEFT JOIN block a ON a.number = t.first_block LEFT JOIN chunk f ON f.number = a.chunk"
EVENT_TABLES = (
    *("event", "detail", "search_text", "participant", "place", "tag", "citation", "link", "claim", "figure"),
    *("reference", "month_bucket"),
)
INDEX_TABLES = (*EVENT_TABLES, "entity", "actor_name", "actor_parent", "actor_group", "problem")
"""The tables of a lake that an index has; `writer` adds the others."""


def dump(db: sqlite.sqlite3.Connection, directory: str, part: int, tables: Sequence[str] = INDEX_TABLES) -> None:
    """Write tables of an index to a directory; `part` makes the numbers of its events unique in a lake."""
    os.makedirs(directory)
    day, rest = f"(t.{{0}} >> {_DAY_BITS} << {_PART_BITS})", f"(t.{{0}} & {(1 << _DAY_BITS) - 1})"
    number = f"({day} | {part}) << {_DAY_BITS} | {rest}"
    for table in tables:
        schema = pa.schema(_fields(table))
        expressions = {
            field.name: number if field.name in ("number", "event") and field.type == pa.int64() else "t.{0}"
            for field in schema
        }
        expressions |= _EXPRESSIONS.get(table, {})
        cells = ", ".join(expression.format(name) for name, expression in expressions.items())
        joins = (_LOCATIONS if table in _EXPRESSIONS else "") + (_FIRST_LOCATIONS if table == "problem" else "")
        rows = db.execute(f"SELECT {cells} FROM {table} t{joins}")
        with pq.ParquetWriter(os.path.join(directory, f"{table}.parquet"), schema, compression="zstd") as writer:
            while batch := rows.fetchmany(_BATCH):
                columns = zip(zip(*batch, strict=True), schema, strict=True)
                writer.write_batch(pa.record_batch([_array(values, field.type) for values, field in columns], schema))


def _array(values: tuple[object, ...], type: pa.DataType) -> pa.Array:
    # SQLite has no booleans.
    return pa.array(values, pa.int8()).cast(type) if type == pa.bool_() else pa.array(values, type)


def sql_columns(table: str) -> list[tuple[str, str]]:
    """Return the columns of a table with their types in DuckDB."""
    names = {pa.int64(): "BIGINT", pa.string(): "VARCHAR", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
    return [(name, names[type]) for name, type in _fields(table)]


def _fields(table: str) -> list[tuple[str, pa.DataType]]:
    db = sqlite.connect(":memory:")
    create_tables(db)
    columns = [(row[1], row[2]) for row in db.execute(f"PRAGMA table_info({table})")]
    # The number of an event in a view has no type.
    return [(name, pa.int64() if name == "event" and not type else _TYPES[type]) for name, type in columns]
