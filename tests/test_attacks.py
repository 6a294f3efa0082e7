"""Inputs that are meant to do harm: planted links, bombs, streams without an end, names that nobody sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import program
from asking import ask
from autotimeline.render import canvas
from autotimeline.store import bounded_input, partial_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
STORE = """[[event]]\nid = "e"\ndate = "2020"\ntitle = "t"\nkind = "k"\n"""
VICTIM, OTHER = 54321, 54322
posix = pytest.mark.skipif(sys.platform == "win32", reason="links, owners and devices as POSIX has them")
two_users = pytest.mark.skipif(not ROOT, reason="only root can be two users")
full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the device that is always full is one of Linux")


@pytest.fixture
def store(tmp_path, cache) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    return path


# ---------------------------------------------------------------- links


@posix
def test_a_planted_partial_file_is_named_and_not_followed(store, tmp_path, monkeypatch):
    precious, part = tmp_path / "precious", tmp_path / f".out.csv.{'00' * 8}.part"
    precious.write_text("precious")
    part.symlink_to(precious)
    monkeypatch.setattr(os, "urandom", bytes)
    code, out, err = ask("-f", store, "list", "-o", tmp_path / "out.csv")
    assert (code, out, err) == (4, "", f"autotimeline: {part}: it exists already; remove it\n")
    assert (precious.read_text(), part.is_symlink()) == ("precious", True)


@posix
def test_no_link_of_a_name_that_can_be_guessed_is_followed(store, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("precious")
    script = 'for n in out.csv.$$.part .out.csv.part out.csv.part; do ln -s precious "$n"; done; exec "$@"'
    env = program.environment(tmp_path)
    done = program.bash(script, "-f", str(store), "list", "-o", "out.csv", cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert precious.read_text() == "precious"
    assert not (tmp_path / "out.csv").is_symlink()


@posix
def test_a_link_of_ones_own_stays_one(store, tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "real.csv").chmod(0o640)
    (tmp_path / "out.csv").symlink_to("real.csv")
    assert ask("-f", store, "list", "-o", tmp_path / "out.csv") == (0, "", "")
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text().startswith("id,")
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o640


def test_stale_partial_files_of_this_target_alone_are_removed(store, tmp_path):
    names = [f".out.csv.{'ab' * 8}.part", f".out.csv.{'cd' * 8}.part", f".new.csv.{'ab' * 8}.part", ".out.csv.x.part"]
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - 90_000,) * 2)
    os.utime(tmp_path / names[1])
    assert ask("-f", store, "list", "-o", tmp_path / "out.csv") == (0, "", "")
    assert {path.name for path in tmp_path.glob(".*.part")} == set(names[1:])


# The interpreter may be where an ordinary user cannot reach it: it is loaded before.
AS_VICTIM = f"""
import contextlib, importlib, os, pkgutil, sys
import autotimeline, tomlkit, tomllib, tomli_w, difflib, decimal, json, shlex, typer
for module in pkgutil.walk_packages(autotimeline.__path__, "autotimeline."):
    if not module.name.endswith("__main__"):
        with contextlib.suppress(ModuleNotFoundError):  # an extra that is not installed
            importlib.import_module(module.name)
os.setgroups([]); os.setgid({VICTIM}); os.setuid({VICTIM})
sys.exit(importlib.import_module("autotimeline.cli").main(sys.argv[1:]))
"""


def as_victim(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the program as an ordinary user who has no cache directory."""
    env = program.environment(Path("/nonexistent"))
    command = [sys.executable, "-c", AS_VICTIM, *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False, timeout=60)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A directory that everybody can write to, with a store and a precious file of the victim."""
    folder = Path(os.path.realpath(tempfile.mkdtemp()))
    folder.chmod(0o755)
    for name, text in (("facts.toml", STORE), ("precious", "precious")):
        (folder / name).write_text(text)
        os.chown(folder / name, VICTIM, VICTIM)
    yield folder
    shutil.rmtree(folder)


@two_users
@pytest.mark.parametrize("mode", [0o1777, 0o777])
@pytest.mark.parametrize("owner", [OTHER, VICTIM, 0])
def test_a_link_that_another_user_planted_is_refused(shared, mode, owner):
    (shared / "out.csv").symlink_to("precious")
    os.lchown(shared / "out.csv", owner, owner)
    shared.chmod(mode)
    done = as_victim("-f", "facts.toml", "list", "-o", "out.csv", cwd=shared)
    what = "belongs to another user, in a directory that everybody can write to; name another file"
    said = f"autotimeline: out.csv: {what}\n" if owner == OTHER else ""
    assert (done.returncode, done.stderr.decode()) == (4 if said else 0, said)
    assert ((shared / "precious").read_text() == "precious") == bool(said)
    assert [path.name for path in shared.glob(".*")] == []


@two_users
def test_what_root_writes_is_not_anothers_to_change(shared):
    (shared / "out.csv").touch()
    (shared / "out.csv").chmod(0o666)
    os.chown(shared / "out.csv", OTHER, OTHER)
    shared.chmod(0o1777)
    assert ask("-f", shared / "facts.toml", "list", "-o", shared / "out.csv")[0] == 4
    assert (shared / "out.csv").read_text() == ""


@two_users
def test_a_lock_of_another_user_is_named(shared):
    shared.chmod(0o777)
    (shared / ".facts.toml.lock").touch(mode=0o600)
    done = as_victim("-f", "facts.toml", "set", "e", "kind=x", cwd=shared)
    lock = shared / ".facts.toml.lock"
    what = f"the lock file {lock} cannot be opened (permission denied); remove it, or work on a copy"
    assert (done.returncode, done.stderr.decode()) == (4, f"autotimeline: {shared / 'facts.toml'}: {what}\n")


# ---------------------------------------------------------------- bombs

ENDS = {"plain": "kind:x", "negated": "not kind:x", "several": "kind:x,y,z date:2020"}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("word", [" ", " or "])
def test_aliases_that_multiply_are_refused_by_name(store, end, word):
    bomb = [f'a{n} = "{word.join([f":a{n + 1}"] * 12)}"' for n in range(9)]
    store.write_text("\n".join(["[alias]", *bomb, f'a9 = "{end}"', STORE]))
    began = time.process_time()
    code, out, err = ask("-f", store, "list", ":a0")
    assert (code, out) == (2, "")
    query = word.join([":a1"] * 12)
    what = "aliases that stand for more than 5,000 terms; split the query"
    assert err == f"autotimeline: in the alias :a0, {query}: {what}\n"
    code, out, err = ask("-f", store, "check")
    assert (code, err) == (1, "")
    assert "in the alias :a0" in out
    assert time.process_time() - began < 2


def test_a_chain_of_aliases_has_an_end(store):
    chain = [f'a{n} = "not :a{n + 1}"' for n in range(2000)]
    store.write_text("\n".join(["[alias]", *chain, 'a2000 = "kind:k"', STORE]))
    code, out, err = ask("-f", store, "list", ":a0")
    assert (code, out) == (2, "")
    assert err.endswith("nested too deep; write it with fewer parentheses and aliases within each other\n")
    assert ask("-f", store, "list", ":a1990", "--fields", "id") == (0, "e\n", "")


@pytest.mark.parametrize("command", ["list", "timeline", "show e", "count", "names kinds", "figures"])
def test_fields_have_a_limit(store, command):
    field = {"count": "certain", "names kinds": "id", "figures": "event"}.get(command, "id")
    code, out, err = ask("-f", store, *command.split(), "--fields", ",".join([field] * 1001))
    assert (code, out, err) == (2, "", "autotimeline: --fields: 1,001 fields; name at most 1,000\n")
    assert ask("-f", store, *command.split(), "--fields", ",".join([field] * 1000))[0] == 0


@posix
@pytest.mark.parametrize("words", ["-f /dev/zero list", "import /dev/zero --from csv", "import /dev/zero --from json"])
def test_a_stream_without_an_end_has_one(store, monkeypatch, words):
    monkeypatch.setattr(bounded_input, "MAX_STREAM_BYTES", 1 << 20)
    monkeypatch.chdir(store.parent)
    code, out, err = ask(*words.split())
    assert (code, out) == (3 if words.startswith("-f") else 4, "")
    assert err == "autotimeline: /dev/zero: larger than 1 MiB; split it into several files\n"


@posix
@pytest.mark.parametrize("words", ["-f - list", "import -", "add -", "batch"])
def test_standard_input_without_an_end_has_one(store, monkeypatch, words):
    monkeypatch.setattr(bounded_input, "MAX_STREAM_BYTES", 1 << 20)
    monkeypatch.chdir(store.parent)
    with open("/dev/zero", encoding="utf-8") as zeros:
        monkeypatch.setattr(sys, "stdin", zeros)
        code, out, err = ask(*words.split())
    assert (code, out) == ({"-f - list": 3, "batch": 2}.get(words, 4), "")
    what = "query longer than 1,024 KiB; write a shorter one"
    assert err == f"autotimeline: {what if words == 'batch' else '-: larger than 1 MiB; split it into several files'}\n"


def test_a_file_that_is_too_large_is_not_read(store):
    with store.open("r+b") as file:
        file.truncate(bounded_input.MAX_FILE_BYTES + 1)
    what = "larger than 2 GiB; split the store into several files"
    assert ask("-f", store, "list") == (3, "", f"autotimeline: {store}: {what}\n")


@pytest.mark.parametrize("name", ["\u200d", "\u0301", "\ufe0f", "\u3164"], ids=ascii)
@pytest.mark.parametrize("form", ["table", "markdown", "svg", "plain", "json"])
def test_names_without_width_are_shown(store, name, form):
    keys = f'title = "{name}"\nkind = "{name}"\nplaces = ["{name}"]\nactors = {{ "{name}" = "a" }}\n'
    store.write_text(f'[actor.a]\nname = "{name}"\n[[event]]\nid = "e"\ndate = "2020"\n{keys}')
    for words in (
        "show e",
        "list",
        "timeline",
        "chart --by actor",
        "chart --by role",
        "count --by role",
        "names roles",
    ):
        code, out, err = ask("-f", store, *words.split(), "-O", form)
        assert (code, err, bool(out)) == (0, "", True), words


# ---------------------------------------------------------------- output


@full
@pytest.mark.parametrize(
    ("where", "why"), [("/dev/full", "no space left on device"), ("&-", "standard output is closed")]
)
def test_an_event_that_was_added_is_named_where_stdout_takes_nothing(store, tmp_path, where, why):
    env = program.environment(tmp_path)
    done = program.bash(f'"$@" >{where}', "-f", str(store), "add", "A plant", "--date", "2024", cwd=tmp_path, env=env)
    what = f"a-plant-2024: added, but not printed ({why}); revert it with `autotimeline undo`"
    assert (done.returncode, done.stderr) == (4, f"autotimeline: {what}\n")
    assert 'id = "a-plant-2024"' in store.read_text()


@full
def test_a_full_stderr_changes_no_exit_code(store, tmp_path):
    (tmp_path / "more.toml").write_text(STORE.replace('"e"', '"f"'))
    env = program.environment(tmp_path)
    for words, code in ((["import", str(tmp_path / "more.toml")], 0), (["list", "kind:"], 2)):
        done = program.bash('"$@" 2>/dev/full', "-f", str(store), *words, cwd=tmp_path, env=env)
        assert done.returncode == code


@pytest.mark.parametrize("form", ["table", "markdown"])
@pytest.mark.parametrize(
    "words",
    [
        "list --fields title,kind,id",
        "chart --by place",
        "compare e0 long",
        "compare kind:k kind:l",
        "compare kind:k kind:l id:e1",
        "show e0 long",
    ],
)
def test_one_long_text_makes_no_other_row_long(store, form, words):
    long = "x" * 50_000
    event = '[[event]]\nid = "{0}"\ndate = "2020"\ntitle = "{1}"\nkind = "{2}"\nplaces = ["{1}"]\n'
    events = [event.format(f"e{n}", f"t{n}", "k") for n in range(100)]
    store.write_text("".join([*events, event.format("long", long, "l")]))
    code, out, err = ask("-f", store, *words.split(), "-O", form)
    assert (code, err) == (0, "")
    assert all(long in line or len(line) < canvas.WIDEST * 4 for line in out.splitlines())
    assert len(out) < 3 * len(store.read_text())


def test_a_name_as_long_as_they_get_has_a_partial_file(tmp_path):
    target = tmp_path / ("ü" * 120)
    handle, part = partial_file.create_partial(str(target))
    os.close(handle)
    os.utime(part, (0, 0))
    partial_file.remove_stale(str(target))
    assert not os.path.exists(part)
