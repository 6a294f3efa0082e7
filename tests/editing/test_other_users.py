"""Another user of the machine cannot change what the first one reads and writes: no index, and no undo record."""

import json
import os
import shutil
import sqlite3
import stat
import tempfile
from pathlib import Path

import pytest
from writing import STORE, as_user, run

import program
from asking import ask
from autotimeline.index import cache as module
from autotimeline.index import cache_directory
from autotimeline.store import locate

OURS, THEIRS = 12345, 65534
LIST = ("list", "-O", "plain", "--fields", "title")
REMEDY = "so no index is saved; set XDG_CACHE_HOME to a directory that only you can write to"
UNDONE = "it cannot be undone: no note of it can be kept (another user can change the cache directory)\n"
FACTS = {
    "owned": "another user owns it",
    "writable": "other users can write to it",
    "link": "it is a symbolic link",
}

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as two other users"
)


@pytest.fixture
def store(tmp_path) -> Path:
    path = tmp_path / "facts.toml"
    path.write_bytes(STORE.encode())
    os.utime(path, (1, 1))
    return path


def forge(index: Path) -> None:
    """Make an index say something else, and nothing tell that it was changed."""
    db = sqlite3.connect(index)
    db.execute("UPDATE event SET title = 'forged'")
    db.commit()
    db.close()
    data = bytearray(index.read_bytes())
    data[module.CHECKSUM_BYTES] = module.checksum_bytes(bytes(data))
    index.write_bytes(data)


def own(top: Path, user: int) -> None:
    for path in [top, *top.rglob("*")]:
        os.lchown(path, user, user)


@pytest.fixture
def machine(monkeypatch):
    """A machine with two users: a store of ours, and a forged index of it with a forged undo record."""
    top = Path(tempfile.mkdtemp())
    top.chmod(0o755)
    try:
        home, ours = top / "cache", top / "store"
        home.mkdir()
        ours.mkdir()
        (ours / "facts.toml").write_bytes(STORE.encode())
        monkeypatch.setenv("XDG_CACHE_HOME", str(home))
        monkeypatch.setattr(locate, "SETTLED_NS", 0)
        ask("-f", ours / "facts.toml", "set", "wreck", "kind=loss")
        ask("-f", ours / "facts.toml", *LIST)
        (index,) = (home / "autotimeline").glob("*.sqlite")
        forge(index)
        own(ours, OURS)
        env = program.environment(home)
        yield home, ours / "facts.toml", lambda *words: as_user(OURS, *words, cwd=ours, env=env)
    finally:
        shutil.rmtree(top)


@needs_root
def test_a_forged_index_is_believed_only_if_it_is_ours(machine):
    """Otherwise the other tests would prove nothing."""
    home, store, as_us = machine
    own(home, OURS)
    code, out, err = as_us(*LIST)
    assert (code, set(out.splitlines()), err) == (0, {"forged"}, "")
    assert as_us("undo") == (0, "", "")
    assert store.read_bytes() == STORE.encode()


@needs_root
@pytest.mark.parametrize("theirs", ["home", "directory", "writable directory", "writable home", "link"])
def test_what_others_can_change_is_not_used(theirs, machine):
    home, store, as_us = machine
    cache, refused, why = home / "autotimeline", home / "autotimeline", "owned"
    own(home, OURS)
    if theirs == "home":
        refused = home
        os.chown(home, THEIRS, THEIRS)
    elif theirs == "directory":
        home.chmod(0o1777)
        own(cache, THEIRS)
    elif theirs == "writable directory":
        why = "writable"
        cache.chmod(0o770)
    elif theirs == "writable home":
        refused, why = home, "writable"
        home.chmod(0o777)
    else:
        why = "link"
        cache.rename(home / "elsewhere")
        cache.symlink_to("elsewhere")
        own(home, OURS)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    warning = f"autotimeline: {refused}: {FACTS[why]}, {REMEDY}\n"
    titles = as_us(*LIST, "--no-cache")
    assert titles[2] == ""
    assert "forged" not in titles[1]
    assert as_us(*LIST) == (0, titles[1], warning)
    assert as_us("cache", "--clear") == (0, "", warning)
    nothing = "autotimeline: nothing to undo: no change of facts.toml is on record\n"
    assert as_us("undo") == (4, "", warning + nothing)
    # What is asked for is done all the same.
    assert as_us("set", "wreck", "kind=sinking") == (0, "", UNDONE + warning)
    assert 'kind = "sinking"' in store.read_text()
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


@needs_root
def test_a_directory_where_others_cannot_replace_ours_is_used(machine):
    """As /tmp is, and as those are to which some systems let the group with the user's own number write."""
    home, _, _ = machine
    shutil.rmtree(home / "autotimeline")
    home.chmod(0o1777)
    for name, mode in [("sticky", 0o1777), ("group", 0o775)]:
        home.chmod(0o1777)
        (home / name).mkdir()
        (home / name).chmod(mode)
        os.chown(home / name, OURS, OURS)
    for name in ("sticky", "group"):
        env = program.environment(home / name / "new")
        code, _, err = as_user(OURS, *LIST, cwd=home.parent / "store", env=env)
        assert (code, err) == (0, "")
        cache = home / name / "new" / "autotimeline"
        assert stat.S_IMODE(cache.stat().st_mode) == 0o700
        assert cache.stat().st_uid == OURS
        assert len(list(cache.glob("*.sqlite"))) == 1


def test_it_is_said_once_per_process(store, cache):
    cache.mkdir()
    cache.chmod(0o777)
    warning = f"autotimeline: {cache}: other users can write to it, {REMEDY}\n"
    env = program.environment(cache.parent)
    code, _, err = run("-f", str(store), "batch", cwd=store.parent, env=env)
    assert (code, err) == (0, "")
    assert ask("-f", store, *LIST)[2] == warning
    assert ask("-f", store, *LIST)[2] == ""
    assert cache_directory.warnings() == []


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_a_planted_link_is_not_followed(suffix, large, store, cache, monkeypatch, tmp_path):
    if large:
        monkeypatch.setattr(module, "MAX_CHECKED_BYTES", 4096)
    expected = ask("-f", store, *LIST)
    (index,) = cache.glob("*.sqlite")
    victim = tmp_path / "victim"
    for content in (b"", b"something else", index.read_bytes()):
        victim.write_bytes(content)
        planted = index.with_name(index.name + suffix)
        planted.unlink(missing_ok=True)
        planted.symlink_to(victim)
        assert ask("-f", store, *LIST) == expected
        assert victim.read_bytes() == content
        assert not planted.is_symlink()


def test_a_planted_undo_record_is_not_followed(store, cache, tmp_path):
    assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
    (record,) = (cache / "undo").iterdir()
    elsewhere = tmp_path / "record.json"
    values = json.loads(record.read_text())
    record.rename(elsewhere)
    record.symlink_to(elsewhere)
    nothing = f"autotimeline: nothing to undo: no change of {store} is on record\n"
    assert ask("-f", store, "undo") == (4, "", nothing)
    record.unlink()
    os.mkfifo(record)
    assert ask("-f", store, "undo") == (4, "", nothing)
    record.unlink()
    elsewhere.rename(record)
    assert ask("-f", store, "undo")[0] == 0
    assert values["command"] == "set wreck kind=loss"
