"""What a store says comes back from every form of ours, whatever it says; and brought twice, it changes nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask
from program import STORY, TOP
from store_strategies import stores

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
GOOD = [TOP / "tests/views/hostile.toml", *sorted((TOP / "tests/data/good").glob("*.toml"))]
LARGE = (STORY, GOOD[0])
SNAPSHOTS = ("csv", "json", "toml")
FORMS = ("csv", "json", "jsonl", "toml")
DAY = ("--today", "2026-03-01")


def said(path: Path, form: str) -> str:
    """All facts of a store, as an answer in that format gives them."""
    code, out, err = ask("-f", path, "list", *DAY, "-O", form)
    assert (code, err) == (0, ""), err
    return facts(out, form)


def facts(out: str, form: str) -> str:
    """All that an answer says, apart from files and lines."""
    if form == "toml":
        return out
    if form == "csv":
        rows = list(csv.reader(io.StringIO(out, newline=""), strict=True))
        assert rows[0][-2:] == ["file", "line"]
        return json.dumps([row[:-2] for row in rows])
    told = json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
    return json.dumps([{**event, "file": "", "line": 0} for event in told])


def brought(store: Path, *words: object, code: int = 0) -> str:
    """Import into a store, and return the last line that it tells."""
    got, out, err = ask("-f", store, "import", *words, *DAY)
    assert (got, out) == (code, ""), err
    return err.splitlines()[-1]


def holds(path: Path, empty: Path, folder: Path, form: str) -> None:
    """Bring an answer into a store without events: it then answers the same; brought once more, it changes nothing."""
    answer = folder / f"answer.{form}"
    code, out, err = ask("-f", path, "list", *DAY, "-O", form)
    assert (code, err) == (0, ""), err
    answer.write_bytes(out.encode())
    count = len(tables(path).get("event", []))
    into = folder / f"into-{form}.toml"
    shutil.copy(empty, into)
    assert brought(into, answer).startswith(f"autotimeline: {count} new, 0 unchanged")
    assert said(into, form) == facts(out, form)
    before = into.read_bytes()
    assert brought(into, answer) == f"autotimeline: 0 new, {count} unchanged"
    assert into.read_bytes() == before
    # Nor does it say anything that the store does not say itself.
    own = folder / f"own-{form}.toml"
    shutil.copy(path, own)
    assert brought(own, answer) == f"autotimeline: 0 new, {count} unchanged"
    assert own.read_bytes() == path.read_bytes()


def tables(path: Path) -> dict:
    return tomllib.loads(path.read_bytes().decode("utf-8-sig"))


def without_events(path: Path, into: Path) -> Path:
    """A store with all that events name, which a row of an answer tells only in part."""
    into.write_text(tomli_w.dumps({key: value for key, value in tables(path).items() if key != "event"}), "utf-8")
    return into


def by_turns(forms: tuple[str, ...], path: Path) -> tuple[str, ...]:
    """Return all formats for a large store, and one of them for a small one: each format has its share of these."""
    return forms if path in LARGE else (forms[GOOD.index(path) % len(forms)],)


def repeats_without_period(store: dict) -> bool:
    """Whether an event with a period repeats a figure without one: rows do not state that a figure repeats another."""
    periods = {event["id"] for event in store.get("event", []) if "period" in event}
    return any(
        event["id"] in periods and (value[1:] if isinstance(value, str) else value.get("repeats")) not in periods
        for event in store.get("event", [])
        for values in event.get("figures", {}).values()
        for value in (values if isinstance(values, list) else [values])
        if (isinstance(value, str) and value.startswith("@")) or (isinstance(value, dict) and "repeats" in value)
    )


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(stores().filter(lambda store: not repeats_without_period(store)), st.sampled_from(FORMS))
def test_any_store(tmp_path_factory, cache, store, form):
    folder = tmp_path_factory.mktemp("store")
    path = folder / "facts.toml"
    path.write_text(tomli_w.dumps(store), "utf-8")
    if ask("-f", path, "list", "-O", "json")[0] == 3:  # a figure that repeats nothing
        return
    holds(path, without_events(path, folder / "empty.toml"), folder, form)


@pytest.mark.parametrize("path", [STORY, *GOOD], ids=lambda path: path.stem)
def test_every_good_store(path, tmp_path):
    empty = without_events(path, tmp_path / "empty.toml")
    for form in by_turns(FORMS, path):
        holds(path, empty, tmp_path, form)


@pytest.mark.parametrize(("path", "form"), [*((STORY, form) for form in FORMS[1:]), *((path, "toml") for path in GOOD)])
def test_into_a_store_without_anything(path, form, tmp_path):
    empty = tmp_path / "empty.toml"
    empty.write_bytes(b"")
    holds(path, empty, tmp_path, form)


def exported(path: Path, into: Path) -> Path:
    code, _, err = ask("-f", path, "export", *DAY, "--force", "-o", into)
    assert (code, err) == (0, "")
    return into


def is_whole(path: Path, folder: Path, form: str, expected: str) -> None:
    """A snapshot of a store, brought into one without anything, makes a store of the same snapshot, byte for byte."""
    snapshot, again = exported(path, folder / f"one.{form}"), folder / f"two.{form}"
    new = folder / f"new-{form}.toml"
    new.write_bytes(b"")
    assert " new, 0 unchanged" in brought(new, snapshot)
    assert exported(new, again).read_bytes() == snapshot.read_bytes()
    assert said(new, "toml") == expected
    before = new.read_bytes()
    assert brought(new, snapshot).startswith("autotimeline: 0 new, ")
    own = folder / f"own-{form}.toml"
    shutil.copy(path, own)
    assert brought(own, snapshot).startswith("autotimeline: 0 new, ")
    assert (new.read_bytes(), own.read_bytes()) == (before, path.read_bytes())


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(stores(), st.sampled_from(SNAPSHOTS))
def test_a_snapshot_of_any_store_is_whole(tmp_path_factory, cache, store, form):
    folder = tmp_path_factory.mktemp("store")
    path = folder / "facts.toml"
    path.write_text(tomli_w.dumps(store), "utf-8")
    if ask("-f", path, "list", "-O", "json")[0] == 3:
        return
    is_whole(path, folder, form, said(path, "toml"))


@pytest.mark.parametrize("path", [STORY, *GOOD], ids=lambda path: path.stem)
def test_a_snapshot_of_every_good_store_is_whole(path, tmp_path):
    expected = said(path, "toml")
    for form in by_turns(SNAPSHOTS, path):
        is_whole(path, tmp_path, form, expected)
