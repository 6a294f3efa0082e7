"""A first index that several processes build holds what one of a single process holds."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from index_dump import built, dump
from test_index_incremental import FILES, said

from autotimeline import processes
from autotimeline.index import cache, parts

STORE = """\
[[event]]
id = "first"
title = "One"
figures.cost = "@second"
sources = ["log"]
[[event]]
id = "second"
title = "Two"
figures.cost = "@third"
[[event]]
id = "third"
title = "Three"
figures.cost = "5 EUR"
sources = [{ id = "log", date = "2022" }]
[source.log]
title = "The log"
published = "2024-02"
"""
TRAPS = STORE.replace('"Two"', "'''\n[source.log]\ntitle = 'Not a source'\n[[event]]\n'''")

# The event is in a later part than its source, and after an actor of the same id.
SAME_ID = """\
[source.a]
title = "S"
published = "2023"

[source.b]
title = "S"
published = "2023"

[actor.a]
name = "a"

[[event]]
id = "e"
title = "T one"
sources = [{ id = "a", quote = "q" }]
"""


def one_process(function, count, _jobs):
    """As `map_in_children`, without children: those of a test would be copies of its threads."""
    for number in range(count):
        try:
            yield function(number)
        except Exception:
            yield b""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=FILES)
@example(text=STORE)
@example(text=TRAPS)
@example(text=STORE + '["actor".x]\nname = "X"\n')
@example(text=SAME_ID)
def test_a_merged_index_is_that_of_one_process(text, tmp_path, monkeypatch):
    path = tmp_path / "facts.toml"
    path.write_text(text)
    merged = []
    with monkeypatch.context() as patch:
        patch.setattr("autotimeline.store.chunks.MIN_CHUNK_BYTES", 40)
        patch.setattr(parts, "_MIN_BYTES", 1)
        patch.setattr(parts, "_PART_BYTES", 60)
        patch.setattr(parts, "job_count", lambda: 3)
        patch.setattr(parts, "map_in_children", one_process)
        merge = parts._merge
        patch.setattr(parts, "_merge", lambda *given: (merged.append(1), merge(*given)))
        db = cache.connect([str(path)], cache=False)
    assert said(db) == said(built([text]))
    assert text != STORE or len(merged) > 2
    db.close()


def test_children_build_it_from_a_program_of_one_thread(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text("".join(f'[[event]]\nid = "e{n}"\ntitle = "E"\ndate = "{1900 + n}"\n' for n in range(90)) + STORE)
    code = """
import os, sys
from autotimeline.index import cache, parts
from autotimeline.store import chunks
chunks.MIN_CHUNK_BYTES = parts._PART_BYTES = 500
parts._MIN_BYTES = 1
forks, fork = [], os.fork
os.fork = lambda: (forks.append(1), fork())[1]
sys.path[:0] = sys.argv[2:]
from index_dump import dump
found = dump(cache.connect(sys.argv[1:2], cache=False))
print(len(forks) > 4, len(found["event"]), hash(repr(found)))
"""
    answers = []
    for jobs in ("1", "3"):
        env = {**os.environ, "AUTOTIMELINE_JOBS": jobs, "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-c", code, str(path), str(Path(__file__).parent)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        answers.append(done.stdout.split())
    assert answers == [["False", "93", answers[0][2]], ["True", "93", answers[0][2]]]


def test_a_child_ends_with_its_parent():
    code = """
import os, time
from autotimeline.processes import map_in_children
def work(number):
    print(os.getpid(), flush=True)
    while os.getppid() == parent:
        time.sleep(0.01)
    return bytes(1 << 20)
parent = os.getpid()
list(map_in_children(work, 2, 2))
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert len([parent.stdout.readline() for _ in range(2)]) == 2
        parent.send_signal(signal.SIGKILL)
        # The children have the other end of this pipe, too.
        assert parent.stdout.read() == ""


def test_the_number_of_processes(monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    for jobs, expected in (("3", 3), ("0", 1), ("", len(os.sched_getaffinity(0)))):
        monkeypatch.setenv("AUTOTIMELINE_JOBS", jobs)
        assert processes.job_count() == expected
    monkeypatch.setenv("AUTOTIMELINE_JOBS", "3")
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert processes.job_count() == 1
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.delattr(os, "fork")
    assert processes.job_count() == 1


@pytest.mark.parametrize("lost", [0, 1])
def test_a_child_that_fails_costs_only_time(lost, tmp_path, monkeypatch):
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    monkeypatch.setattr("autotimeline.store.chunks.MIN_CHUNK_BYTES", 40)
    monkeypatch.setattr(parts, "_MIN_BYTES", 1)
    monkeypatch.setattr(parts, "_PART_BYTES", 60)
    monkeypatch.setattr(parts, "job_count", lambda: 3)
    monkeypatch.setattr(
        parts,
        "map_in_children",
        lambda function, count, jobs: (b"" if n == lost else function(n) for n in range(count)),
    )
    assert dump(cache.connect([str(path)], cache=False)) == dump(built([STORE]))
