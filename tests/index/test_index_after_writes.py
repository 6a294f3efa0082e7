"""After each write, the index on disk holds what a new one holds, and the next query builds none of it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_dump import built
from test_index_incremental import said

from asking import ask
from autotimeline.index import builder, cache

STORE = """\
[source.log]
title = "The log"
published = "2024-02"
[source.book]
title = "The book"
[actor.argo]
name = "Argo"
[actor.nao]
name = "Nao"
part_of = ["argo"]
[alias]
sailed = "actor:argo not kind:wreck"
[[event]]
id = "launch"
date = "2023-01"
title = "Argo is launched"
actors = { ship = "argo" }
sources = [{ id = "log", date = "2022" }, "book"]
figures.cost = "5 EUR"
links = { leads-to = ["wreck"] }
[[event]]
id = "wreck"
date = "by 2024"
title = "Nao is wrecked"
actors = ["nao", "argo"]
figures.cost = "@launch"
sources = ["book"]
"""
TABLE = "id,date,title,actors,sources,cost\n"
ROWS = st.lists(st.sampled_from(["2020,A,argo,log,1 EUR", "2021-05,B,nao,,", "2021-05,C,argo;nao,book,2 people"]))
THINGS = st.sampled_from(["launch", "wreck", "log", "book", "argo", "nao", "e0", "e1"])
VALUES = st.sampled_from(
    ["title=Again", "date=2020-05", "date=", "note=a", "sources=log", "figures.cost=7 EUR", "published=2021",
     "name=Zeta", "part_of=argo", "actors=nao", "status=planned"]
)  # fmt: skip
STEPS = st.one_of(
    st.tuples(st.just("set"), THINGS, VALUES),
    st.tuples(st.just("set"), st.just("launch"), VALUES),
    st.tuples(st.just("rename"), THINGS, st.sampled_from(["x", "y", "launch"])),
    st.tuples(st.just("remove"), THINGS, st.just("--force")),
    st.tuples(st.just("add"), st.sampled_from(["Ship ahoy", "Land ho"]), st.just("--force")),
    st.tuples(st.just("add"), st.just("source:new"), st.just("title=New")),
    st.tuples(st.just("undo")),
    st.tuples(st.just("import"), ROWS.map(tuple)),
    st.tuples(st.just("by hand"), st.sampled_from(["2024-02", "5 EUR", "Argo", "@launch", "[[event]]\n"])),
)


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEPS, min_size=2, max_size=8))
def test_it_is_that_of_a_new_one(large, steps, tmp_path_factory, cache, monkeypatch):
    folder = tmp_path_factory.mktemp("store")
    path = folder / "facts.toml"
    path.write_text(STORE)
    with monkeypatch.context() as patch:
        if large:
            patch.setattr("autotimeline.index.cache.MAX_CHECKED_BYTES", 4096)
        for step in steps:
            before, built_before = path.read_text(), _indexed(path, patch)[0]
            assert built_before == said(built([before]))
            code = _take(step, path, folder)
            found, builds = _indexed(path, patch)
            assert found == said(built([path.read_text()]))
            assert not builds or step[0] == "by hand" or code


def _take(step, path, folder) -> int:
    """Take a step, and return the exit code."""
    if step[0] == "by hand":
        path.write_text(path.read_text().replace(step[1], f"# by hand\n{step[1]}" if "[[" in step[1] else "2025", 1))
        return 0
    if step[0] == "import":
        table = folder / "table.csv"
        table.write_text(TABLE + "".join(f"i{n},{row}\n" for n, row in enumerate(step[1])))
        keys = {
            "actor": "actors",
            "source": "sources",
            "figure.cost": "cost",
            "id": "id",
            "date": "date",
            "title": "title",
        }
        mapping = [f"--map={key}={column}" for key, column in keys.items()]
        return ask("-f", path, "import", table, *mapping, "--split=actor=;")[0]
    return ask("-f", path, *step)[0]


def _indexed(path, patch) -> tuple[dict[str, list], int]:
    """Return what the index on disk holds, and how often it was built to be up to date."""
    builds = []
    update_file = builder.Builder.update_file
    patch.setattr(builder.Builder, "update_file", lambda *given: (builds.append(1), update_file(*given)))
    db = cache.connect([str(path)])
    patch.setattr(builder.Builder, "update_file", update_file)
    try:
        return said(db), len(builds)
    finally:
        db.close()
