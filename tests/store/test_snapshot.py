"""A snapshot of any query is a store again, and says the same; what is written of an event is what was read."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autotimeline
from asking import ask
from autotimeline.query.columns import COLUMNS
from autotimeline.store import read
from autotimeline.store.serialize import event_to_toml
from autotimeline.table import cell_to_text
from store_strategies import stores

STORY = Path(__file__).parent.parent.parent / "facts.toml"
GOOD = sorted((STORY.parent / "tests" / "data" / "good").glob("*.toml"))
pytestmark = pytest.mark.usefixtures("cache")


def said(path, *query: str) -> list[dict]:
    code, out, err = ask("-f", path, "list", *query, "-O", "json", "--today", "2026-03-01")
    assert (code, err) == (0, ""), err
    return [{key: value for key, value in event.items() if key not in ("file", "line")} for event in json.loads(out)]


def snapshot(path, into, *query: str) -> None:
    code, out, err = ask("-f", path, "list", *query, "-O", "toml", "--today", "2026-03-01")
    assert (code, err) == (0, ""), err
    into.write_bytes(out.encode())


def holds(path, tmp_path, *query: str) -> None:
    """What the query finds is what its snapshot holds; a snapshot of the snapshot is the same file."""
    snap, again = tmp_path / "snap.toml", tmp_path / "again.toml"
    snapshot(path, snap, *query)
    expected = [event | {"match": "certain"} for event in said(path, *query)]
    assert said(snap) == expected
    snapshot(snap, again)
    assert again.read_bytes() == snap.read_bytes()


QUERIES = [
    (),
    ("since:2025",),
    ("actor:catl",),
    ("status:planned",),
    ("is:undated",),
    ("-n", "5"),
    ("id:catl-plant-start",),
]


@pytest.mark.parametrize("query", QUERIES, ids=" ".join)
def test_the_story(query, tmp_path):
    holds(STORY, tmp_path, *query)
    code, out, err = ask("-f", tmp_path / "snap.toml", "check", "--today", "2025-11-01")
    assert (err, "error" in out) == ("", False)
    if not query:
        assert (code, out) == (0, "")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_good_file(path, tmp_path):
    holds(path, tmp_path)


@pytest.mark.parametrize("path", [STORY, *GOOD], ids=lambda path: path.stem)
def test_what_is_written_of_an_event_is_what_was_read(path):
    for event in autotimeline.open(str(path)).select().events():
        body = event_to_toml(event)
        again = read.event_from_body(json.loads(json.dumps(body)), event.file, event.line)
        assert again == event
        assert event_to_toml(again) == body


def test_words_that_a_period_repeats_have_its_time_in_the_snapshot_too(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(
        '[[event]]\nid = "e0"\ntitle = "x"\nfigures.debt = { printed = "much" }\n'
        '[[event]]\nid = "e1"\ntitle = "y"\nperiod = "2023"\nfigures.debt = "@e0"\n',
        "utf-8",
    )
    ((figure,),) = [event["figures"] for event in said(path, "id:e1")]
    assert (figure["text"], figure["period"]) == ("much", "2023")
    holds(path, tmp_path)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(stores(), st.sampled_from([(), ("status:happened",), ("actor:a",), ("since:2024",)]))
def test_any_store(tmp_path_factory, cache, store, query):
    import tomli_w

    folder = tmp_path_factory.mktemp("store")
    path = folder / "facts.toml"
    path.write_text(tomli_w.dumps(store), encoding="utf-8")
    code, _, err = ask("-f", path, "list", "-O", "json")
    if code == 3:  # a figure that repeats nothing, as only the whole store shows
        assert "e0" in err or "e1" in err
        return
    holds(path, folder, *query)
    everything = autotimeline.open(str(path)).select()
    for event in everything.events():
        assert read.event_from_body(event_to_toml(event), event.file, event.line) == event
    # What the index keeps as text is what each cell is as text.
    columns = [source.column for source in COLUMNS.values()]
    cells = [list(map(cell_to_text, row, columns)) for row in everything.rows(tuple(COLUMNS))]
    assert list(map(list, everything.texts(tuple(COLUMNS)))) == cells
