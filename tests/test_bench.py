"""The generator of stores, and that the command which measures runs at all; what it measures no test asserts."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import program

BENCH = program.TOP / "bench"


def generated(*arguments: str) -> bytes:
    command = [sys.executable, str(BENCH / "generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, check=True).stdout


@pytest.mark.parametrize("size", [0, 1, 30, 400])
def test_a_generated_store_is_valid(tmp_path: Path, size: int):
    store = tmp_path / "store.toml"
    store.write_bytes(generated(str(size)))
    done = program.run("-f", str(store), "check", cwd=tmp_path, env=program.environment(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert len(tomllib.loads(store.read_text("utf-8")).get("event", [])) == size


def test_the_same_seed_gives_the_same_bytes():
    assert generated("50") == generated("50") == generated("50", "--seed", "2025")
    assert generated("50") != generated("50", "--seed", "1")


def test_a_generated_store_has_everything(tmp_path: Path):
    """What a benchmark never meets it says nothing about."""
    store = tmp_path / "store.toml"
    store.write_bytes(generated("2000"))
    env = program.environment(tmp_path)
    for term in ("undated", "disputed", "planned", "overdue", "approximate", "quoted", "reported", "unsourced"):
        done = program.run("-f", str(store), "list", f"is:{term}", "-O", "plain", cwd=tmp_path, env=env)
        assert done.stdout, term
    dates = {str(event.get("date", event.get("period"))) for event in tomllib.loads(store.read_text("utf-8"))["event"]}
    for mark in ("~", "?", "%", "/..", "/", "X", "[", "Q", "H", "by ", "about ", "../", "-2", "-33", "-40"):
        assert any(mark in date for date in dates), mark


def test_the_command_that_measures_runs():
    command = [sys.executable, str(BENCH / "run.py"), "--rounds", "1", "--sizes", "5"]
    shown = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=True).stdout
    for name in ("import typer", "--help", "list -O plain", "timeline", "show ID"):
        assert name in shown
