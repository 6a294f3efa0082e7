"""Answers of any size: in constant memory, the first row at once, read by whoever has no time for the rest."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import autotimeline
import program
from autotimeline.query.columns import COLUMNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

FEW, MANY = 1_000, 10_000
EVENT = """
[[event]]
id = "e{n}"
date = "{year}-01"
title = "A plant in place {n} is told of, closed, bought back and told of again"
actors = ["a"]
tags = ["tag-{n}", "other"]
figures.cost = "~{n} EUR"
"""
# A process counts as its own what was resident before it was replaced by another program; so a slim one starts it.
PEAK = """
import os, sys
out = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory):
    """Return {size: path}, their indexes built, and the environment to ask in."""
    folder = tmp_path_factory.mktemp("streams")
    env, paths = program.environment(folder), {}
    for size in (FEW, MANY):
        paths[size] = folder / f"{size}.toml"
        events = "".join(EVENT.format(n=n, year=1000 + n * 7 % 1000) for n in range(size))
        paths[size].write_text(f'[actor.a]\nname = "A"\n{events}', encoding="utf-8")
    for settled in (False, True):
        if settled:  # a file that has just been written is read again by the next who asks
            time.sleep(max(0, paths[MANY].stat().st_mtime + 2.5 - time.time()))
        for path in paths.values():
            done = program.run("-f", str(path), "list", "-n", "1", cwd=folder, env=env)
            assert (done.returncode, done.stderr) == (0, b"")
    return paths, env


def peak(store: Path, form: str, env: dict[str, str]) -> int:
    """Return the most memory that the program has while it lists a store, in the units of the system."""
    command = [sys.executable, "-S", "-c", PEAK, *program.PROGRAM, "-f", str(store), "list", "-O", form]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    code, most = done.stdout.split()
    assert (code, done.stderr) == ("0", "")
    return int(most)


@pytest.mark.skipif(sys.platform == "win32", reason="no wait4")
def test_ten_times_the_events_take_no_more_memory(stores):
    paths, env = stores

    def growth(form: str) -> float:
        return peak(paths[MANY], form, env) / peak(paths[FEW], form, env)

    grown = {form: growth(form) for form in ("plain", "tsv", "csv", "jsonl", "json")}
    assert {form for form, factor in grown.items() if factor > 1.3} == set(), grown
    # What has to see all rows before it writes one shows that this measures them.
    assert growth("markdown") > max(grown.values()) + 0.15


@pytest.mark.parametrize("query", ["", "since:1001", "not status:planned"])
def test_the_first_row_is_there_before_the_rest_is_looked_for(stores, monkeypatch, query: str):
    paths, env = stores
    monkeypatch.setenv("XDG_CACHE_HOME", env["XDG_CACHE_HOME"])
    with autotimeline.open(str(paths[MANY])) as story:
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        story.select().db.set_progress_handler(step, 100)
        for rows in (story.select(query).texts(tuple(COLUMNS)), story.select(query).rows(tuple(COLUMNS))):
            steps = 0
            next(rows)
            first = steps
            for _ in range(1000):
                next(rows)
            assert first < (steps - first) / 10
