"""Each engine answers the same command lines with the same bytes: SQLite from a store, the others from a lake of it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import program

TABLE = Path(__file__).with_name("command_lines.txt")
LINES = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
STORES = ("facts.toml", "tests/reports/figures.toml", "tests/views/disputed.toml", "tests/views/plans.toml")
TODAY = "2025-11-22"


def answers(line: str, store: str, cache: Path) -> tuple[int, bytes]:
    """Return the exit code and stdout of a command line."""
    command = shlex.split(line)
    done = program.run(*command, "-f", store, "--today", TODAY, cwd=program.TOP, env=program.environment(cache))
    return done.returncode, done.stdout


def differing(stores: dict[str, str], cache: Path) -> list[str]:
    """Return the command lines whose answers from a store and from its lake differ."""
    return [
        f"{line} -f {lake}"
        for store, lake in stores.items()
        for line in LINES
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
    assert differing(lakes, tmp_path) == []
