"""Each engine answers the same command lines with the same bytes: SQLite from a store, the others from a lake of it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from cluster import running_cluster

import program
from autotimeline.engines import opening

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).with_name("command_lines.txt")
# The lines before and after the empty one: those for every engine, and those that Spark is not asked.
LINES, FURTHER_LINES = (
    [line for line in section.splitlines() if not line.startswith("#")]
    for section in TABLE.read_text("utf-8").split("\n\n")
)
STORES = ("facts.toml", "tests/reports/figures.toml", "tests/views/disputed.toml", "tests/views/plans.toml")
TODAY = "2025-11-22"


def answers(line: str, store: str, cache: Path) -> tuple[int, bytes]:
    """Return the exit code and stdout of a command line."""
    command = shlex.split(line)
    done = program.run(*command, "-f", store, "--today", TODAY, cwd=program.TOP, env=program.environment(cache))
    return done.returncode, done.stdout


def differing(stores: dict[str, str], lines: list[str], cache: Path) -> list[str]:
    """Return the command lines whose answers from a store and from its lake differ."""
    return [
        f"{line} -f {lake}"
        for store, lake in stores.items()
        for line in lines
        if answers(line, store, cache) != answers(line, lake, cache)
    ]


@pytest.fixture(scope="module")
def lakes(tmp_path_factory) -> dict[str, str]:
    """The lakes of the stores, by store."""
    pytest.importorskip("duckdb", reason="the extra lake is not installed")
    pytest.importorskip("pyarrow", reason="the extra lake is not installed")
    directory = tmp_path_factory.mktemp("lakes")
    result = {}
    for number, store in enumerate(STORES):
        result[store] = str(directory / str(number))
        done = program.run(
            "lake", store, "-o", result[store], cwd=program.TOP, env=program.environment(directory / "cache")
        )
        assert done.returncode == 0, done.stderr
    return result


def test_the_table_has_forty_command_lines():
    assert len(set(LINES)) >= 40


def test_duckdb_answers_as_sqlite_does(lakes, tmp_path):
    assert differing(lakes, [*LINES, *FURTHER_LINES], tmp_path) == []


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[str]:
    """The address of the Spark Connect server of a cluster; AUTOTIMELINE_REQUIRE_SPARK makes a missing one an error."""
    if missing := next((name for name in ("pyspark", "grpc", "pandas", "zstandard") if not find_spec(name)), None):
        missing = f"the package {missing} of the extra spark"
    if not missing and not shutil.which("java"):
        missing = "java"
    if missing and os.environ.get("AUTOTIMELINE_REQUIRE_SPARK"):
        pytest.fail(f"missing: {missing}")
    if missing:
        pytest.skip(f"missing: {missing}")
    with running_cluster(tmp_path_factory.mktemp("spark")) as server:
        yield server


def test_spark_answers_as_sqlite_does(lakes, cluster, tmp_path, monkeypatch):
    from autotimeline.engines import spark

    # One session answers all command lines: a connection costs a second.
    store = STORES[0]
    lake = f"spark://{cluster}{lakes[store]}"
    connection, files = opening.open_lake(lake)
    with monkeypatch.context() as patch:
        patch.setattr(opening, "open_lake", lambda name: (connection, files))
        patch.setattr(spark.Connection, "close", lambda self: None)
        different = differing({store: lake}, LINES, tmp_path)
    # A session that outlives its server is asked for again for ten minutes.
    connection.close()
    assert different == []


def test_a_missing_or_damaged_lake_on_spark_is_one_line_with_the_remedy(lakes, cluster, tmp_path):
    lake = tmp_path / "lake"
    shutil.copytree(lakes[STORES[0]], lake)
    for file in lake.glob("part-*/event/*/*.parquet"):
        file.write_bytes(file.read_bytes()[:100])
    for path in (lake, tmp_path / "none"):
        address = f"spark://{cluster}{path}"
        done = program.run("list", "-f", address, cwd=program.TOP, env=program.environment(tmp_path / "cache"))
        assert (done.returncode, done.stdout) == (4, b"")
        assert done.stderr.startswith(f"autotimeline: {address}: ".encode())
        assert done.stderr.endswith(b"; build the lake again, or look at the server\n")
        assert done.stderr.count(b"\n") == 1


def test_the_lake_of_a_spark_job_has_the_rows_of_one_that_is_built_here(cluster, tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="the extra lake is not installed")
    feed = tmp_path / "feed.jsonl"
    rows = [
        {"id": f"e{number}", "date": f"20{number:02}", "title": f"Event {number} at 北京", "actors": ["stellantis"]}
        for number in range(10, 30)
    ]
    # A figure of an event of the store, which no chunk of the feed has.
    rows[3]["figures"] = {"investment": "@leapmotor-deal"}
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    tables = []
    for name, options in (("here", ()), ("spark", ("--engine", f"spark://{cluster}"))):
        lake = str(tmp_path / name)
        done = program.run(
            *("lake", "facts.toml", str(feed), "-o", lake), *options,
            cwd=program.TOP, env=program.environment(tmp_path / "cache"),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        files = json.loads(Path(lake, "lake.json").read_text("utf-8"))["tables"]
        tables.append(
            {
                table: duckdb.execute(
                    "SELECT * FROM read_parquet(?, hive_partitioning = false) ORDER BY ALL",
                    [[f"{lake}/{path}" for path, _ in paths]],
                ).fetchall()
                for table, paths in files.items()
            }
        )
    assert tables[0] == tables[1]
    assert len(tables[0]["event"]) == 34 + len(rows)
