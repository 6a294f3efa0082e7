"""`undo` walks back through the states that the store had, whatever was killed on the way."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import program
from asking import ask
from autotimeline.editing import undo_log
from autotimeline.store import edit

pytestmark = pytest.mark.usefixtures("cache")
EVENT = '[[event]]\nid = "e"\ndate = "2020"\ntitle = "t"\nkind = "zero"\n'
# Ends the process before the store is replaced, and after the record of the change is written.
KILLED = """
import os, sys
from autotimeline.store import atomic_write
atomic_write.replace_files = lambda files: os._exit(137)
from autotimeline.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def store(tmp_path) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(EVENT)
    return path


def kind(store: Path, value: str) -> None:
    assert ask("-f", store, "set", "e", f"kind={value}")[0] == 0


def undo(*stores: Path) -> tuple[int, str]:
    code, out, err = ask(*(word for store in stores for word in ("-f", store)), "undo")
    assert out == ""
    return code, err


def records(cache: Path) -> list[Path]:
    return sorted((cache / "undo").iterdir())


def test_a_killed_write_does_not_cut_the_chain(store, cache):
    kind(store, "one")
    kind(store, "two")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, "-f", str(store), "set", "e", "kind=killed"],
        env=program.environment(cache.parent),
        check=False,
    )
    assert done.returncode == 137
    assert len(records(cache)) == 3
    assert undo(store) == (0, "")
    # With the change goes the record of what was never done.
    assert len(records(cache)) == 1
    assert undo(store) == (0, "")
    assert store.read_text() == EVENT
    assert records(cache) == []


class Killed(BaseException):
    """The process is killed."""


@contextmanager
def killed(step: int):
    """Stop before that change of a file (from 1); from then on nothing changes any file."""
    left = step

    def counted(call, dead):
        def run(*arguments, **options):
            nonlocal left
            left -= 1
            return dead() if left <= 0 else call(*arguments, **options)

        return run

    def stop():
        raise Killed

    # Locks are closed, as those of a process are that ends; what tidies up does nothing.
    dead = {"open": stop, "fsync": stop, "replace": stop, "unlink": lambda: None}
    patched = patch.multiple(os, **{name: counted(getattr(os, name), end) for name, end in dead.items()})
    with suppress(Killed), patched:
        yield


ACTORS = '[actor.x]\nname = "X"\n' + EVENT
OTHERS = EVENT.replace('"e"', '"f"') + 'actors = ["x"]\n'
COMMANDS = [
    *(("set", event, f"kind={value}") for event in "ef" for value in ("zero", "one", "two")),
    ("rename", "x", "y"),
    ("rename", "y", "x"),
    ("undo",),
    ("undo",),
]
STEPS = st.tuples(st.sampled_from([*COMMANDS, ("hand",)]), st.sampled_from([0, 0, *range(1, 16)]))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=3, max_size=14))
@example([(("set", "e", "kind=one"), 0), (("set", "e", "kind=zero"), 0), (("undo",), 8), (("undo",), 0)])
@example([(("set", "e", "kind=one"), 0), (("rename", "x", "y"), 11), (("rename", "y", "x"), 0)])
@example([(("rename", "x", "y"), step) for step in (9, 10, 11, 12)] + [(("undo",), 0)] * 2)
def test_undo_walks_back_through_the_states_that_there_were(steps):
    with TemporaryDirectory() as folder, patch.dict(os.environ, XDG_CACHE_HOME=f"{folder}/cache"):
        store = Path(folder, "store")
        store.mkdir()
        paths = [store / "a.toml", store / "b.toml"]
        for path, text in zip(paths, (ACTORS, OTHERS), strict=True):
            path.write_text(text)

        def state() -> list[str]:
            return [path.read_text() for path in paths]

        # The states to which undo leads, the present one last.
        states = [state()]
        for words, step in [*steps, *([(("undo",), 0)] * (len(steps) + 1))]:
            if words == ("hand",):
                for path in paths:
                    path.write_text(path.read_text() + "# by hand\n")
                states = [state()]
                continue
            if step:
                with killed(step):
                    ask("-f", store, *words, "--no-cache")
            else:
                code, _, err = ask("-f", store, *words, "--no-cache", "--timeout", "0")
            found = state()
            if words != ("undo",):
                states += [found] if found != states[-1] else []
            elif not step:
                assert (code, found) == ((0, states[-2]) if len(states) > 1 else (4, states[-1])), err
                del states[max(1, len(states) - 1) :]
            elif found in states[-2:]:
                states = states if found == states[-1] else states[:-1]
            else:
                states[-1] = found


def test_files_that_were_put_back_by_hand_are_undone_from_there(store, cache):
    states = []
    for value in ("one", "two", "three", "four"):
        states.append(store.read_text())
        kind(store, value)
    store.write_text(states[2])
    assert undo(store) == (0, "")
    assert store.read_text() == states[1]
    assert len(records(cache)) == 1


def test_what_an_older_version_left_behind_is_passed_over(store, cache):
    """It did not drop a record whose change was never made: it stays when the file moves on."""
    kind(store, "one")
    before = store.read_text()
    kind(store, "two")
    kept = {path: path.read_bytes() for path in records(cache)}
    last = max(kept)
    values = json.loads(kept[last])
    # From "two" to "killed".
    file = values["files"][0]
    file["before"], file["after"] = file["after"], "0" * 64
    (last.parent / f"{int(last.stem) + 1}.json").write_text(json.dumps(values))
    last.unlink()
    store.write_text(before)
    assert undo(store) == (0, "")
    assert (store.read_text(), records(cache)) == (EVENT, [])


def test_a_change_of_another_file_is_not_undone_past_one_that_has_changed(store, tmp_path, cache):
    other = tmp_path / "other.toml"
    other.write_text(EVENT.replace('"e"', '"f"'))
    both = ("-f", store, "-f", other)
    assert ask(*both, "set", "f", "kind=one")[0] == 0
    assert ask(*both, "set", "e", "kind=one")[0] == 0
    store.write_text(store.read_text() + "# by hand\n")
    code, err = undo(store, other)
    assert (code, len(records(cache))) == (4, 2)
    assert err.startswith(f"autotimeline: {store} has changed since `set e kind=one` of ")
    assert err.endswith("; to take that back would lose what came after: do it by hand\n")
    # The other file by itself has a change that can be undone.
    assert undo(other) == (0, "")


def test_a_file_that_is_gone_does_not_hide_the_changes_of_the_others(store, tmp_path):
    kind(store, "one")
    other = tmp_path / "other.toml"
    other.write_text('[actor.x]\nname = "X"\n')
    store.write_text(store.read_text() + 'actors = ["x"]\n')
    before = store.read_text()
    assert ask("-f", store, "-f", other, "rename", "x", "y")[0] == 0
    other.unlink()
    code, err = undo(store)
    assert code == 4
    assert err.endswith(f" changed {other} too; name all files of the store with -f\n")
    store.write_text(before.replace('actors = ["x"]\n', ""))
    code, err = undo(store)
    assert code == 4
    assert " changed " in err


def test_a_clock_that_is_set_back_keeps_the_order(store, monkeypatch):
    now = 2_000_000_000_000_000_000
    for value in ("one", "two", "three"):
        now -= 1_000_000_000
        monkeypatch.setattr("time.time_ns", lambda now=now: now)
        kind(store, value)
    for value in ("two", "one", "zero"):
        assert undo(store) == (0, "")
        assert f'kind = "{value}"' in store.read_text()


def test_what_made_an_invalid_store_valid_can_be_undone(store):
    store.write_text(EVENT + 'actors = ["nobody"]\n')
    before = store.read_bytes()
    assert ask("-f", store, "set", "e", "actors=")[0] == 0
    kind(store, "one")
    assert undo(store) == undo(store) == (0, "")
    assert store.read_bytes() == before


def test_an_undo_that_would_make_a_valid_store_invalid_is_refused(store, tmp_path, cache):
    other = tmp_path / "other.toml"
    other.write_text('[actor.y]\nname = "Y"\n')
    assert ask("-f", other, "add", "actor:x", "name=X")[0] == 0
    store.write_text(EVENT + 'actors = ["x"]\n')
    code, err = undo(store, other)
    assert (code, len(records(cache))) == (4, 1)
    assert err.splitlines()[0] == "autotimeline: nothing was written; the change would cause problems"


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_folder_whose_name_is_not_utf_8_has_undo(tmp_path, monkeypatch):
    folder = os.fsencode(tmp_path) + b"/\xff"
    os.mkdir(folder)
    monkeypatch.chdir(os.fsdecode(folder))
    Path("facts.toml").write_text(EVENT)
    assert ask("set", "e", "kind=öne") == ask("undo") == (0, "", "")
    assert Path("facts.toml").read_text() == EVENT


def test_a_dry_run_drops_no_record(store, cache):
    kind(store, "one")
    kept = records(cache)
    assert ask("-f", store, "undo", "--dry-run")[0] == 0
    assert records(cache) == kept


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_record_is_no_traceback_and_never_another_state(data):
    with TemporaryDirectory() as folder, patch.dict(os.environ, XDG_CACHE_HOME=f"{folder}/cache"):
        store = Path(folder, "facts.toml")
        store.write_text(EVENT)
        kind(store, "öne")
        after = store.read_text()
        (record,) = records(Path(folder, "cache/autotimeline"))
        text = record.read_bytes()
        if data.draw(st.booleans()):
            at, bit = data.draw(st.integers(0, len(text) * 8 - 1)) // 8, data.draw(st.integers(0, 7))
            text = text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
        else:
            values = json.loads(text)
            holder, key = data.draw(
                st.sampled_from([(each, key) for each in (values, values["files"][0]) for key in each])
            )
            holder[key] = data.draw(st.sampled_from([None, -1, float("inf"), "\ud800", [], {}, [1], "a\0b"]))
            text = json.dumps(values).encode()
        record.write_bytes(text)
        code, _ = undo(store)
        assert (code, store.read_text()) in ((0, EVENT), (4, after))


LINES = st.lists(st.sampled_from(["a\n", "ab\n", "b\r\n", "é\n", "è\n", "\n"]), max_size=6)


@given(LINES, LINES, st.sampled_from(["", "a", "é"]), st.sampled_from(["", "ab", "è"]))
def test_a_record_restores_the_text_from_whole_lines(old_lines, new_lines, old_end, new_end):
    old, new = ("".join([*lines, end]) for lines, end in ((old_lines, old_end), (new_lines, new_end)))
    change = undo_log._describe_file_change("s.toml", old.encode(), new.encode())
    record = undo_log.UndoRecord("", "", "", [change], invalid=False)
    assert record.restore("s.toml", new.encode()) == old.encode()
    # The common lines before and after it are not in it, except one if the change begins the file.
    head, tail = edit.common_ends(edit.split_lines(old), edit.split_lines(new))
    assert change["at"] == len("".join(edit.split_lines(old)[:head]).encode())
    assert len(edit.split_lines(change["old"])) <= len(edit.split_lines(old)) - head - tail + (head == 0)
