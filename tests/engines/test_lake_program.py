"""`autotimeline lake` and its errors: one line with the remedy, and the old lake stays readable."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

import program

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("duckdb", reason="the extra lake is not installed")
pytest.importorskip("pyarrow", reason="the extra lake is not installed")

STORE = """
[source.s]
title = "S"
published = "2024-02"

[actor.vw]
name = "VW"
aliases = ["Volkswagen"]

[[event]]
id = "old"
date = "2020"
title = "VW builds a plant"
actors = ["vw"]
figures.investment = "2bn EUR"
"""
ROWS = [
    {"id": "a", "date": "2021-03-04", "title": "A plant opens", "actors": ["vw"], "sources": ["s"]},
    {"id": "b", "date": "2022", "title": "The sum again", "figures": {"investment": "@old"}},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "facts.toml").write_text(STORE, "utf-8")
    write_rows(tmp_path / "feed.jsonl", ROWS)
    return tmp_path


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = program.run(*arguments, cwd=folder, env=program.environment(folder / "cache"))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def build(folder: Path, *arguments: str) -> tuple[int, str, str]:
    return run(folder, "lake", *(arguments or ("facts.toml", "feed.jsonl")), "-o", "lake")


def ids(folder: Path) -> list[str]:
    code, out, _ = run(folder, "list", "-f", "lake", "--fields", "id")
    assert code == 0
    return out.split()


def test_a_lake_has_the_events_of_stores_and_feeds_and_their_lines(folder):
    assert build(folder) == (0, "", "autotimeline: lake/: 3 events written\n")
    _, out, _ = run(folder, "list", "-f", "lake", "--fields", "id,known,actors,figures,file,line")
    assert out.splitlines() == [
        "old\t\tvw\tinvestment=2bn EUR\tfacts.toml\t10",
        "a\t2024-02\tvw\t\tfeed.jsonl\t1",
        # The figure of an event in another input.
        "b\t\t\tinvestment=2bn EUR\tfeed.jsonl\t2",
    ]


def test_append_adds_a_feed_that_knows_the_actors_and_figures_of_the_lake(folder):
    build(folder)
    write_rows(folder / "more.jsonl", [{"id": "c", "date": "2019-05", "title": "Volkswagen plans", "actors": ["vw"]}])
    assert build(folder, "--append", "more.jsonl") == (0, "", "autotimeline: lake/: 1 event written\n")
    assert ids(folder) == ["c", "old", "a", "b"]
    assert run(folder, "count", "-f", "lake", "--by", "year")[1].splitlines()[0] == "2019\t1\t1"


def test_csv_with_a_mapping_defines_the_actors_that_it_names(folder):
    (folder / "table.csv").write_text('Key,When,What,Who\nx,2023,"Two\nlines",Volkswagen\ny,2024,Other,New Motors\n')
    (folder / "map.toml").write_text('[map]\nid = "Key"\ndate = "When"\ntitle = "What"\nactor = "Who"\n')
    assert build(folder, "facts.toml", "table.csv", "--mapping", "map.toml")[0] == 0
    assert run(folder, "list", "-f", "lake", "since:2023", "--fields", "id,actors,line")[1].splitlines() == [
        "x\tvw\t2",
        "y\tnew-motors\t4",
    ]
    assert "New Motors" in run(folder, "show", "-f", "lake", "actor:new-motors")[1]


def test_an_invalid_row_stops_the_build_or_is_skipped_and_reported(folder):
    write_rows(folder / "feed.jsonl", [*ROWS, {"id": "bad", "date": "10/11/2019x", "title": "T"}])
    code, _, err = build(folder)
    assert code == 4
    assert "feed.jsonl:3" in err
    assert err.endswith("no lake was written; fix these records, or skip them with --skip-bad\n")
    assert not (folder / "lake/lake.json").exists()
    code, _, err = build(folder, "facts.toml", "feed.jsonl", "--skip-bad")
    assert code == 1
    assert err.endswith("autotimeline: lake/: 3 events written, 1 skipped\n")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "x", "title": "T", "actors": ["nobody"]}, 'no actor "nobody"; define it in a store'),
        ({"title": "T"}, "missing id"),
        ({"id": "b", "title": "T"}, 'the id "b" is in feed.jsonl:2 and feed.jsonl:3'),
    ],
)
def test_a_feed_with_an_undefined_actor_or_an_id_that_is_not_unique_is_refused(folder, row, reason):
    write_rows(folder / "feed.jsonl", [*ROWS, row])
    code, _, err = build(folder)
    assert code == 4
    assert reason in err


def test_an_invalid_store_is_refused(folder):
    (folder / "facts.toml").write_text(STORE + '\n[[event]]\nid = "old"\n', "utf-8")
    code, _, err = build(folder)
    assert code == 3
    assert "facts.toml:" in err


def test_writing_commands_refuse_a_lake_in_one_line(folder):
    build(folder)
    refusal = "autotimeline: lake: a lake answers queries only; change its stores, and run `autotimeline lake` again\n"
    for command in (
        ("add", "T", "--date", "2020"),
        ("set", "old", "kind=x"),
        ("rename", "old", "new"),
        ("merge", "old", "a"),
        ("remove", "old"),
        ("import", "feed.jsonl"),
        ("edit", "old"),
        ("undo",),
    ):
        code, _, err = run(folder, *command, "-f", "lake")
        assert (code, err) == (2, refusal), command
    refusal = refusal.removeprefix("autotimeline: ")
    expected = f'autotimeline: no file "HEAD", and no revisions: {refusal}'
    assert run(folder, "diff", "HEAD", "-f", "lake") == (2, "", expected)


def test_as_of_is_refused_with_the_reason(folder):
    build(folder)
    reason = "--as-of: a lake has only the current state; query the store that it was built from"
    assert run(folder, "list", "-f", "lake", "--as-of", "2020") == (2, "", f"autotimeline: {reason}\n")


def test_a_damaged_lake_is_one_line_with_the_remedy(folder):
    build(folder)
    manifest = folder / "lake/lake.json"
    text = manifest.read_text("utf-8")
    newer = {**json.loads(text), "lake": 99}
    manifest.write_text(json.dumps(newer))
    what = "lake: a lake of version 99, and this program reads 2; update autotimeline"
    assert run(folder, "list", "-f", "lake") == (3, "", f"autotimeline: {what}\n")
    manifest.write_text(text[:50])
    what = "lake: damaged lake.json; build it again with `autotimeline lake`"
    assert run(folder, "list", "-f", "lake") == (3, "", f"autotimeline: {what}\n")
    manifest.write_text(text)
    path, size = json.loads(text)["tables"]["event"][0]
    data = (folder / "lake" / path).read_bytes()
    (folder / "lake" / path).write_bytes(data[:100])
    what = f"lake/{path}: truncated to 100 of {size:,} bytes; build the lake again"
    assert run(folder, "list", "-f", "lake") == (4, "", f"autotimeline: {what}\n")
    # The same size, but other bytes.
    (folder / "lake" / path).write_bytes(bytes(size))
    code, out, err = run(folder, "list", "-f", "lake")
    assert (code, out, err.count("\n")) == (4, "", 1)
    assert err.endswith("; build it again with `autotimeline lake`\n")
    (folder / "lake" / path).unlink()
    assert run(folder, "list", "-f", "lake")[0] == 4
    assert build(folder)[0] == 0
    assert ids(folder) == ["old", "a", "b"]


@pytest.mark.parametrize("written", [".building-*/*", "part-*/*/*"])
def test_a_build_that_is_killed_at_once_leaves_the_old_lake(folder, written):
    build(folder)
    before = set((folder / "lake").glob(written))
    write_rows(folder / "feed.jsonl", [{"id": f"e{n}", "date": str(n), "title": "T"} for n in range(1000, 2000)])
    process = subprocess.Popen(
        [*program.PROGRAM, "lake", "facts.toml", "feed.jsonl", "-o", "lake"],
        cwd=folder, env=program.environment(folder / "cache"), start_new_session=True,
    )  # fmt: skip
    while not set((folder / "lake").glob(written)) - before:
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert ids(folder) == ["old", "a", "b"]
    write_rows(folder / "feed.jsonl", ROWS[:1])
    assert build(folder)[0] == 0
    assert ids(folder) == ["old", "a"]
    # The manifest, the lake, and the one before it: nothing of the killed build.
    assert len(list((folder / "lake").iterdir())) == 3


def test_a_killed_build_leaves_the_old_lake(folder, monkeypatch):
    from autotimeline.engines.manifest import Manifest

    build(folder)

    def killed(self: Manifest, directory: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "publish", killed)
        write_rows(folder / "feed.jsonl", ROWS[:1])
        assert build(folder)[0] == 130
    assert ids(folder) == ["old", "a", "b"]
    assert len(list((folder / "lake").glob("part-*"))) == 2
    assert build(folder)[0] == 0
    assert ids(folder) == ["old", "a"]


def test_a_lake_is_read_alone_and_its_directory_has_nothing_else(folder):
    build(folder)
    what = "lake: a lake is read alone; name it once, without other files"
    assert run(folder, "list", "-f", "lake", "-f", "facts.toml") == (2, "", f"autotimeline: {what}\n")
    (folder / "other").mkdir()
    (folder / "other/notes.txt").write_text("")
    what = "other: contains notes.txt; name an empty directory with -o"
    assert run(folder, "lake", "facts.toml", "-o", "other") == (4, "", f"autotimeline: {what}\n")
    assert build(folder, "--append", "facts.toml")[0] == 2
    assert run(folder, "lake", "--append", "feed.jsonl", "-o", "none")[::2] == (
        3,
        "autotimeline: none: not a lake; build one without --append\n",
    )


@pytest.mark.parametrize(
    ("package", "arguments", "extra"),
    [
        ("duckdb", ("list", "-f", "lake"), "lake"),
        ("duckdb", ("lake", "facts.toml", "-o", "new"), "lake"),
        ("pyspark", ("list", "-f", "spark://127.0.0.1:1/lake"), "spark"),
    ],
)
def test_a_missing_package_names_the_extra(folder, package, arguments, extra):
    build(folder)
    script = f"import sys; sys.modules[{package!r}] = sys.modules['_duckdb'] = None; {program.RUN}"
    command = [sys.executable, "-c", script, *arguments]
    environment = program.environment(folder / "cache")
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1), done.stderr
    assert f"pip install 'autotimeline[{extra}]'" in done.stderr


def test_a_local_query_loads_no_engine_of_a_lake(folder):
    script = f"{program.RUN.rpartition(';')[0]}; main(sys.argv[1:]); print(sorted(sys.modules))"
    command = [sys.executable, "-c", script, "-f", "facts.toml", "count", "--by", "year"]
    environment = program.environment(folder / "cache")
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert "2020" in done.stdout
    assert not any(name in done.stdout for name in ("duckdb", "pyarrow", "pyspark", "engines.dialect"))


def test_a_dead_server_is_one_line_with_the_remedy(folder):
    pytest.importorskip("pyspark.sql.connect.session", reason="the extra spark is not installed")
    what = "spark://127.0.0.1:1/lake: no Spark Connect server answers; start it with Java 17, see docs/lake.md"
    assert run(folder, "list", "-f", "spark://127.0.0.1:1/lake") == (4, "", f"autotimeline: {what}\n")
    what = "spark://lake: not an address of a lake; write spark://HOST:15002/DIR"
    assert run(folder, "list", "-f", "spark://lake") == (2, "", f"autotimeline: {what}\n")


def test_the_columns_of_a_lake_change_only_with_its_version():
    from autotimeline.engines.manifest import FORMAT
    from autotimeline.lake.tables import INDEX_TABLES, sql_columns

    digest = sha256(repr([(table, sql_columns(table)) for table in INDEX_TABLES]).encode()).hexdigest()[:16]
    remedy = "the columns have changed: raise FORMAT in engines/manifest.py, and record the new values here"
    assert (FORMAT, digest) == (2, "8af67796cb2ffcc8"), remedy


def test_an_event_that_repeats_one_that_does_not_exist_is_refused(folder):
    write_rows(folder / "feed.jsonl", [{"id": "x", "date": "2020", "title": "T", "figures": {"sum": "@none"}}])
    code, _, err = build(folder)
    assert code == 4
    assert 'feed.jsonl:1: event "x" repeats "none", which does not exist' in err


def test_an_appended_feed_repeats_figures_of_the_lake(folder):
    build(folder)
    write_rows(folder / "more.jsonl", [{"id": "c", "date": "2023", "title": "T", "figures": {"investment": "@old"}}])
    assert build(folder, "--append", "more.jsonl")[0] == 0
    assert run(folder, "list", "-f", "lake", "id:c", "--fields", "figures")[1] == "investment=2bn EUR\n"
