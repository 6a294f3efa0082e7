"""An index of another format is discarded, so the format number must rise with every change of what an index holds."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from index_dump import built, dump

from autotimeline.index import cache

TOP = Path(__file__).parents[2]
RECORDED = (23, "fd47d7693bbac63f")
REMEDY = """
The content of an index has changed. If an index of the previous version would now be read wrongly, raise FORMAT in
index/cache.py. Then record the new values here: RECORDED = {}
"""


def test_the_content_of_an_index_changes_only_with_the_format_number():
    digest = sha256()
    for path in (TOP / "facts.toml", *sorted((TOP / "tests/data/good").glob("*.toml"))):
        db = built([path.read_text("utf-8-sig")])
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        tables = [name for name in tables if not name.startswith("search_")]  # these belong to SQLite
        columns = [(table, row[1], row[2]) for table in tables for row in db.execute(f"PRAGMA table_info({table})")]
        digest.update(repr((columns, sorted(dump(db).items()))).encode())
    now = (cache.FORMAT, digest.hexdigest()[:16])
    assert now == RECORDED, REMEDY.format(now)
