"""The derived tables of generated events, made by SQL: a lake of a size whose derivation would take hours.

The events have an exact day, one actor, one figure, and a note. The layout and the merging are those of
`autotimeline lake`; only the rows of the index are computed here a second time.
"""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from autotimeline.engines.manifest import Manifest
from autotimeline.lake import feed
from autotimeline.lake.writer import write_part
from autotimeline.text import search_words

if TYPE_CHECKING:
    from pathlib import Path
from feed import actors
from generate import KINDS, PLACES, SENTENCES, actor

_EVENTS = """
CREATE TABLE made AS SELECT number, i, day, kind, actor, text, note, folded_note,
  printf('event-%07d', i) AS id, CAST(DATE '0001-01-01' + CAST(day - 1 AS INTEGER) AS VARCHAR) AS date,
  replace(replace(replace(title, 'zqa', name), 'zqb', other), 'zqp', place) AS title,
  replace(replace(replace(folded_title, 'zqa', folded_name), 'zqb', folded_other), 'zqp', folded_place) AS folded
FROM (
  SELECT i, day, (day << 41) | i AS number, k.kind, k.title, k.folded AS folded_title, a.id AS actor, a.name,
    a.folded AS folded_name, b.name AS other, b.folded AS folded_other, p.place, p.folded AS folded_place,
    CAST(10 + hash(i, 5) % 9000 AS VARCHAR) || ' EUR' AS text, s.note || ' ' || t.note AS note,
    s.folded || ' ' || t.folded AS folded_note
  FROM (SELECT range AS i, 730851 + (range - 1) * 8401 // {size} AS day FROM range(1, {size} + 1)) e
  JOIN kinds k ON k.n = hash(i, 2) % {kinds} JOIN places p ON p.n = hash(i, 3) % {places}
  -- Few actors are in most of the news.
  JOIN actors a ON a.n = CAST(floor(pow((hash(i, 4) % 1000000) / 1e6, 2) * {actors}) AS BIGINT)
  JOIN actors b ON b.n = hash(i, 6) % {actors}
  JOIN notes s ON s.n = hash(i, 7) % {notes} JOIN notes t ON t.n = hash(i, 8) % {notes}
)
"""
_DAYS = [
    "earliest",
    "latest",
    "sort_day",
    "overlap_first",
    "overlap_last",
    "inside_first",
    "inside_last",
    "start_last",
    "certain_first",
    "certain_last",
    "axis_first",
    "axis_last",
]
_MONTHS = ["month_first", "month_last", "month_inside_first", "month_inside_last"]
_MONTH = "(12 * CAST(substr(date, 1, 4) AS BIGINT) + CAST(substr(date, 6, 2) AS BIGINT) - 1)"
_FALSE = [
    "reported",
    "qualified",
    "start_qualified",
    "uncertain",
    "disputed_date",
    "disputed_status",
    "quoted",
    "approximate",
]
_FIGURE = (
    '\'[{"metric": "amount", "text": "\' || text || \'", "low": \' || split_part(text, \' \', 1) || \', "high": \''
    ' || split_part(text, \' \', 1) || \', "unit": "EUR", "about": false, "of": null, "period": null,'
    ' "basis": "actual", "source": null, "holder": null}]\''
)
_BODY = (
    '\'{"id": "\' || id || \'", "date": "\' || date || \'", "title": "\' || title || \'", "kind": "\' || kind'
    ' || \'", "actors": ["\' || actor || \'"], "figures": {"amount": "\' || text || \'"}, "note": "\' || note || \'"}\''
)
TABLES = {
    "event": {
        "number": "number", "block": "0", "line": "i", "position": "i", "id": "id", "title": "title", "kind": "kind",
        "status": "'happened'", "extent": "'within'", "sort_tiebreak": "-day",
        **dict.fromkeys(("date", "edtf", "first", "last"), "date"),
        **dict.fromkeys(_DAYS, "day"),
        **dict.fromkeys(_MONTHS, _MONTH),
        **dict.fromkeys(_FALSE, "FALSE"),
    },
    "detail": {
        "event": "number", "note": "note", "actors": "'[[\"' || actor || '\",null]]'", "actors_text": "actor",
        "figures": _FIGURE, "figures_text": "'amount=' || text", "body": _BODY,
    },
    "search_text": {"event": "number", "title": "folded", "rest": "folded_note"},
    "participant": {"event": "number", "actor": "actor"},
    "figure": {
        **dict.fromkeys(("low", "high"), "CAST(split_part(text, ' ', 1) AS DOUBLE)"),
        **dict.fromkeys(("low_open", "high_open", "qualified"), "FALSE"),
        "event": "number", "metric": "'amount'", "unit": "'eur'", "per": "''",
    },
    "reference": {
        "block": "0", "event": "number", "line": "i", "key": "'actors'", "kind": "'actor'", "id": "actor"
    },
}  # fmt: skip
"""SQL of each column that is not null."""


def build(size: int, lake: Path) -> None:
    """Write a lake of this many events."""
    from autotimeline.lake.tables import sql_columns

    lake.mkdir(parents=True)
    with TemporaryDirectory(dir=lake.parent) as scratch:
        db = duckdb.connect(os.path.join(scratch, "made.duckdb"), config={"memory_limit": "3GB"})
        named = [actor(number) for number in range(actors(size))]
        marks = {"{a}": "zqa", "{b}": "zqb", "{p}": "zqp"}
        titles = [title for title, *_ in KINDS.values()]
        for mark, word in marks.items():
            titles = [title.replace(mark, word) for title in titles]
        places = [place.split(",")[0] for place in PLACES]
        vocabularies = {
            "kinds": ("kind", "title", "folded", [(k, t, search_words(t)) for k, t in zip(KINDS, titles, strict=True)]),
            "places": ("place", "folded", [(place, search_words(place)) for place in places]),
            "notes": ("note", "folded", [(note, search_words(note)) for note in SENTENCES]),
            "actors": ("id", "name", "folded", [(id, k["name"], search_words(k["name"])) for id, k in named]),
        }
        for table, (*columns, rows) in vocabularies.items():
            cells = ", ".join(f"CAST(row[{n}] AS VARCHAR) AS {column}" for n, column in enumerate(columns, 1))
            db.execute(
                f"CREATE TABLE {table} AS SELECT n, {cells} FROM (SELECT UNNEST(?) AS row, UNNEST(?) AS n)",
                [[list(row) for row in rows], list(range(len(rows)))],
            )
        counts = {"kinds": len(KINDS), "places": len(PLACES), "notes": len(SENTENCES), "actors": len(named)}
        db.execute(_EVENTS.format(size=size, **counts))
        dump = os.path.join(scratch, "0")
        os.makedirs(dump)
        for table, cells in TABLES.items():
            columns = ", ".join(
                f"CAST({cells.get(name, 'NULL')} AS {type}) AS {name}" for name, type in sql_columns(table)
            )
            db.execute(f"COPY (SELECT {columns} FROM made) TO '{dump}/{table}.parquet' (ROW_GROUP_SIZE 20480)")
        months = ", ".join(f"{_MONTH} // size AS {name}" for name in ("first", "last", "inside_first", "inside_last"))
        buckets = (
            f"SELECT size, {months}, kind, COUNT(*) AS events FROM made, (VALUES (1), (3), (12)) s(size) GROUP BY ALL"
        )
        db.execute(f"COPY ({buckets}) TO '{dump}/month_bucket.parquet'")
        db.close()
        feed.write_entities(
            {("actor", id): {"name": keys["name"]} for id, keys in named}, 0, os.path.join(scratch, "1")
        )
        manifest = Manifest(files=["generated"], parts=2)
        write_part(manifest, str(lake), [dump, os.path.join(scratch, "1")], scratch, lambda done, total: None)
