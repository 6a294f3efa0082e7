"""Writing of lakes: the tables of indexes, sorted and divided by year, and published by one rename of the manifest."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from tempfile import TemporaryDirectory

import duckdb

from autotimeline.engines.duckdb import quote
from autotimeline.engines.manifest import Manifest, read_manifest
from autotimeline.errors import AutotimelineError, StoreError
from autotimeline.lake.tables import DAY_OF_NUMBER, INDEX_TABLES, sql_columns
from autotimeline.store.locate import LAKE_MANIFEST

_PART_PREFIX, _SCRATCH_PREFIX = "part-", ".building-"
_BY_YEAR = {"event": "number", "detail": "event", "search_text": "event"}
"""The tables that are divided by year, and the number of the event in them, which has its day in front."""
_ORDERS = {
    "event_number": "id",
    "participant": "actor, event",
    "place": "folded, event",
    "tag": "folded, event",
    "citation": "source, event",
    "link": "event",
    "claim": "event",
    "figure": "metric, event",
    "reference": "kind, id, event",
    "month_bucket": "ALL",
    "entity": "kind, id",
    "actor_name": "actor",
    "actor_parent": "actor",
    "actor_group": "parent, actor",
    "problem": "block, line",
    "block": "number",
    "chunk": "number",
    "search_word": "name, word",
    "actor_count": "actor",
}
# The tables that no index has, from those that it has.
_DERIVED = {
    "event_number": "SELECT id, number FROM {event}",
    # A lake counts the lines of a file from its start, so that a file is one block.
    "block": "SELECT range AS number, range AS chunk, 0 AS line FROM range({files})",
    "chunk": "SELECT range AS number, range AS file, 0 AS line FROM range({files})",
    "search_word": (
        "SELECT DISTINCT name, word FROM (SELECT 'title' AS name, UNNEST(STRING_SPLIT(title, ' ')) AS word"
        " FROM {search_text} UNION ALL SELECT 'rest', UNNEST(STRING_SPLIT(rest, ' ')) FROM {search_text})"
    ),
    "actor_count": "SELECT actor, COUNT(DISTINCT event) AS events FROM {participant} GROUP BY actor",
}
_YEAR = f"YEAR(DATE '0001-01-01' + CAST({DAY_OF_NUMBER.format('number')} AS INTEGER) - 1)"
# A look-up by id reads one group of rows of a wide table.
_WIDE_ROWS, _NARROW_ROWS = 20_480, 122_880


@contextmanager
def new_version(directory: str, *, append: bool) -> Iterator[tuple[Manifest, str]]:
    """Yield the manifest to extend and a scratch directory, both for one new part of a lake.

    Raises:
        StoreError: If the lake to append to does not exist, or cannot be read.
        AutotimelineError: If the directory contains something else.
    """
    is_lake = os.path.exists(os.path.join(directory, LAKE_MANIFEST))
    if append and not is_lake:
        raise StoreError(f"{directory}: not a lake; build one without --append")
    os.makedirs(directory, exist_ok=True)
    foreign = [name for name in os.listdir(directory) if not name.startswith((_PART_PREFIX, _SCRATCH_PREFIX, "lake."))]
    if foreign:
        raise AutotimelineError(f"{directory}: contains {min(foreign)}; name an empty directory with -o")
    manifest = read_manifest(directory) if is_lake and append else Manifest()
    _remove_unused(directory)
    with TemporaryDirectory(prefix=_SCRATCH_PREFIX, dir=directory) as scratch:
        yield manifest, scratch


def _remove_unused(directory: str) -> None:
    """Remove what a killed build left, and the parts before the published version."""
    try:
        manifest = read_manifest(directory)
    except AutotimelineError:
        manifest = Manifest()
    used = {path.partition(os.sep)[0] for table in manifest.tables for path in manifest.paths(table)}
    for name in os.listdir(directory):
        if name.startswith((_PART_PREFIX, _SCRATCH_PREFIX)) and name not in used:
            shutil.rmtree(os.path.join(directory, name))


def write_part(
    manifest: Manifest, directory: str, dumps: Sequence[str], scratch: str, progress: Callable[[int, int], object]
) -> int:
    """Merge dumps of indexes to a new part of a lake, publish it, and return the number of its events.

    Raises:
        AutotimelineError: If an id is not unique.
    """
    db = duckdb.connect(config={"memory_limit": "1400MB", "temp_directory": scratch, "preserve_insertion_order": False})
    relations = {table: relation(table, dumps) for table in INDEX_TABLES}
    _reject_duplicates(db, relations["event"], directory, manifest)
    part = f"{_PART_PREFIX}{manifest.parts}-{os.urandom(4).hex()}"
    for table, number in _BY_YEAR.items():
        if relations[table].count(".parquet") > 1:
            # The years are then read one by one, each from few groups of rows.
            path = os.path.join(scratch, f"{table}.parquet")
            options = f"FORMAT parquet, ROW_GROUP_SIZE {_WIDE_ROWS}"
            db.execute(f"COPY (SELECT * FROM {relations[table]} ORDER BY {number}) TO {quote(path)} ({options})")
            relations[table] = f"read_parquet([{quote(path)}])"
    select = f"SELECT {_YEAR}, MIN(number), MAX(number) FROM {relations['event']} GROUP BY 1 ORDER BY 1"
    years: list[tuple[int, int, int] | None] = [*db.execute(select).fetchall()]
    jobs = [*product(_BY_YEAR, years or [None]), *product(_ORDERS, [None])]
    for table in ("block", "chunk"):
        # These are the same for all parts.
        manifest.tables.pop(table, None)
    for done, (table, year) in enumerate(jobs):
        progress(done, len(jobs))
        select = _DERIVED.get(table, f"SELECT * FROM {{{table}}}").format(files=len(manifest.files), **relations)
        where = f" WHERE {_BY_YEAR[table]} BETWEEN {year[1]} AND {year[2]}" if year else ""
        order = _ORDERS.get(table) or _BY_YEAR[table]
        rows = _WIDE_ROWS if table in _BY_YEAR else _NARROW_ROWS
        path = os.path.join(part, table, *([f"year={year[0]}"] if year else []), "data.parquet")
        target = os.path.join(directory, path)
        os.makedirs(os.path.dirname(target))
        db.execute(
            f"COPY ({select}{where} ORDER BY {order}) TO {quote(target)}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows})"
        )
        columns = db.execute(f"DESCRIBE {select}").fetchall()
        manifest.columns[table] = ", ".join(f"{name} {type.replace('VARCHAR', 'STRING')}" for name, type, *_ in columns)
        manifest.tables.setdefault(table, []).append((path, os.path.getsize(target)))
    progress(len(jobs), len(jobs))
    total = db.execute(f"SELECT COUNT(*) FROM {relations['event']}").fetchone()
    db.close()
    manifest.publish(directory)
    return total[0] if total else 0


def relation(table: str, dumps: Sequence[str], files: Sequence[str] = ()) -> str:
    """Return SQL of the rows of a table in dumps and in other files."""
    paths = [*files]
    paths += [path for dump in dumps if os.path.exists(path := os.path.join(dump, f"{table}.parquet"))]
    if not paths:
        # A lake of feeds alone defines no entity.
        return f"(SELECT {', '.join(f'CAST(NULL AS {type}) AS {name}' for name, type in sql_columns(table))} LIMIT 0)"
    return f"read_parquet([{', '.join(map(quote, paths))}])"


def _reject_duplicates(db: duckdb.DuckDBPyConnection, events: str, directory: str, manifest: Manifest) -> None:
    ids = f"SELECT id FROM {events}"
    if existing := manifest.tables.get("event_number"):
        paths = ", ".join(quote(os.path.join(directory, path)) for path, _ in existing)
        ids += f" UNION ALL SELECT id FROM read_parquet([{paths}])"
    rows = db.execute(f"SELECT id FROM ({ids}) GROUP BY id HAVING COUNT(*) > 1 ORDER BY id LIMIT 1").fetchall()
    for (id,) in rows:
        places = db.execute(f"SELECT block, line FROM {events} WHERE id = ? ORDER BY block, line", [id]).fetchall()
        where = " and ".join(f"{manifest.files[file]}:{line}" for file, line in places)
        raise AutotimelineError(f'the id "{id}" is in {where}, or also in the lake; give each event an id of its own')
