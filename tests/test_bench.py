"""The generators, that tools give the same answers, and that what measures runs at all; no test asserts a time."""

import csv
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import feed
import own
import peers
import program
import tools
from tools import sqlite

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


TOOLS = tools.load()


def written(tool: str, size: int, folder: Path) -> Path:
    peers.write([TOOLS[tool]], size, folder)
    return folder / TOOLS[tool].form.file


def test_the_same_seed_gives_the_same_events():
    assert list(feed.events(50)) == list(feed.events(50)) == list(feed.events(50, 2025))
    assert list(feed.events(50)) != list(feed.events(50, 1))


def test_every_form_is_written_once_and_the_same(tmp_path: Path):
    forms = {}
    for tool in TOOLS.values():
        assert forms.setdefault(tool.form.file, tool.form) == tool.form, "two tools write one file differently"
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        peers.write(list(TOOLS.values()), 40, tmp_path / name)
        contents.append({file: (tmp_path / name / file).read_bytes() for file in forms})
    assert contents[0] == contents[1]
    assert all(contents[0].values())


def test_the_events_are_a_valid_store(tmp_path: Path):
    store = written("autotimeline", 300, tmp_path)
    done = program.run("-f", str(store), "check", cwd=tmp_path, env=program.environment(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_every_question_has_an_answer():
    answers = feed.answers(feed.events(100))
    assert set(answers) == set(feed.QUESTIONS)
    assert all(len(rows) > 0 for rows in answers.values())
    assert len(answers["a year's list"]) < 20
    assert len(answers["actor and word"]) < 20


def test_a_reader_of_each_form_finds_the_same_events(tmp_path: Path):
    events = list(feed.events(300))
    with written("Miller", 300, tmp_path).open(encoding="utf-8", newline="") as file:
        assert [feed.Event(**row) for row in csv.DictReader(file)] == events
    lines = written("jq", 300, tmp_path).read_text("utf-8").splitlines()
    assert [feed.Event(**row | {"amount": str(row["amount"])}) for row in map(json.loads, lines)] == events
    stored = tomllib.loads(written("autotimeline", 300, tmp_path).read_text("utf-8"))["event"]
    for event, keys in zip(events, stored, strict=True):
        amount, unit = keys.pop("figures")["amount"].split()
        (actor,) = keys.pop("actors")
        assert feed.Event(**keys, actor=actor, amount=amount, unit=unit) == event


def test_all_tools_that_are_there_give_the_same_answers(tmp_path: Path):
    run = peers.Run([])
    cases = run.agreed(60, tmp_path)
    assert run.agree, run.remarks
    for tool in ("autotimeline", "Python's sqlite3"):
        assert {question for question, name, _ in cases if name == tool} == set(feed.QUESTIONS)


def test_the_command_that_measures_runs():
    tools = ("autotimeline", "Python's sqlite3")
    command = [sys.executable, str(BENCH / "run.py"), "--rounds", "1", "--sizes", "30", "--tools", ",".join(tools)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    for name in (*own.WARM, *feed.QUESTIONS, "import typer", "`--help`", "a first index", *tools):
        assert name in done.stdout


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (lambda *_: [], "Python's sqlite3, everything as CSV: 0 rows instead of 20"),
        (lambda *_: [[]][1], "cannot be read: IndexError('list index out of range')"),
        (lambda *_: [["event-0000001"]], "20; (('event-0000001',), ('event-0000001', '200"),
    ],
)
def test_a_wrong_answer_is_no_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rows, words: str
):
    """A tool that answers something else is not timed, and the run says so."""
    monkeypatch.setattr(sqlite.Module, "rows", rows)
    assert not peers.measure([20], ["Python's sqlite3"], 1, tmp_path)
    shown = capsys.readouterr().out
    assert "| Python's sqlite3 | differs |" in shown
    assert words in shown


def test_what_a_tool_cannot_do_is_no_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sqlite.Module, "ask", lambda tool, at: {"count by year": (at.program, "--no-such-option")})
    assert peers.measure([20], ["Python's sqlite3"], 1, tmp_path)
    assert "| Python's sqlite3 | not there |" in capsys.readouterr().out
    monkeypatch.setattr(sqlite.Module, "ask", lambda tool, at: {"count by year": (at.program, "-c", "1/0")})
    assert not peers.measure([20], ["Python's sqlite3"], 1, tmp_path)
    assert "| Python's sqlite3 | failed |" in capsys.readouterr().out
    monkeypatch.setattr(sqlite.Module, "load", lambda tool, at: [(at.program, "-c", "1/0")])
    assert not peers.measure([20], ["Python's sqlite3"], 1, tmp_path)
    assert "Python's sqlite3 did not read 20 events" in capsys.readouterr().out
