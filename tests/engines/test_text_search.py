"""The text search of a lake finds what FTS5 finds: words, beginnings of words, and phrases, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.engines import sqlite
from autotimeline.index.event_rows import TEXT_SEPARATOR
from autotimeline.index.tables import create_tables
from autotimeline.text import search_words

duckdb = pytest.importorskip("duckdb", reason="the extra lake is not installed")

WORDS = (
    "joint",
    "joints",
    "join",
    "venture",
    "北京",
    "北京市",
    "零跑汽车",
    "naïve",
    "Łódź",
    "2024",
    "a",
    "ab",
    "ﬁx",
    "안녕",
    "मोटर",
)
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=6).map(" ".join)
rests = st.lists(texts, max_size=3)


@given(
    st.lists(st.tuples(texts, rests), min_size=1, max_size=5),
    texts,
    st.integers(0, 3),
    st.sampled_from(["", "title", "rest"]),
)
def test_a_lake_finds_what_the_index_finds(events, phrase, cut, column):
    from autotimeline.engines.dialect import LakeDatabase
    from autotimeline.engines.manifest import Manifest

    folded = search_words(phrase)
    phrase = folded[: len(folded) - cut].rstrip()
    if not phrase:
        return
    rows = [
        (number, search_words(title), TEXT_SEPARATOR.join(search_words(text) for text in rest if text))
        for number, (title, rest) in enumerate(events)
    ]
    index, lake = sqlite.connect(":memory:"), duckdb.connect()
    create_tables(index)
    index.executemany("INSERT INTO search (rowid, title, rest) VALUES (?, ?, ?)", rows)
    lake.execute("CREATE TABLE search_text (event BIGINT, title VARCHAR, rest VARCHAR)")
    lake.executemany("INSERT INTO search_text VALUES (?, ?, ?)", rows)
    found = [
        sorted(db.execute(*search.text_search(phrase, column)).fetchall())
        for db, search in ((index, index), (lake, LakeDatabase(Manifest(), "")))
    ]
    assert found[0] == found[1]
