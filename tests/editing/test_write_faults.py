"""What goes wrong while a store is written: it is the old one or the new one, and whoever comes next can go on."""

import fcntl
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from writing import STORE, as_user, hidden, killed, overtaken, run

import program
from asking import ask

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534


@pytest.fixture
def env(cache) -> dict[str, str]:
    return program.environment(cache.parent)


@pytest.fixture
def store(tmp_path) -> Path:
    path = tmp_path / "facts.toml"
    path.write_bytes(STORE.encode())
    return path


@pytest.fixture
def strangers():
    """Return what runs the program as somebody who owns nothing, and a folder that they may reach."""
    top = Path(tempfile.mkdtemp())
    top.chmod(0o755)
    try:
        # A cache directory below one that all may write to is not trusted.
        folder, home = top / "store", top / "cache"
        folder.mkdir()
        home.mkdir()
        env = program.environment(home)
        if ROOT:
            os.chown(home, NOBODY, NOBODY)
            yield folder, lambda *arguments: as_user(NOBODY, *arguments, cwd=folder, env=env)
        else:
            yield folder, lambda *arguments: run(*arguments, cwd=folder, env=env)
    finally:
        for path in [top, *top.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(top)


# Killed


@pytest.mark.parametrize("words", [["set", "launch", "kind=start"], ["undo"]], ids=" ".join)
def test_a_process_that_is_killed_leaves_the_old_store_or_the_new_one(words, store, env, cache):
    old = new = STORE.encode()
    if words == ["undo"]:
        assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
        old = store.read_bytes()
        log = list((cache / "undo").iterdir())
        kept = {path: path.read_bytes() for path in log}
    else:
        assert ask("-f", store, *words)[0] == 0
        new = store.read_bytes()
        shutil.rmtree(cache / "undo")
        kept = {}
    seen, step = set(), 0
    while True:
        step += 1
        store.write_bytes(old)
        for path, data in kept.items():
            path.write_bytes(data)
        ended = killed(step, "-f", str(store), *words, cwd=store.parent, env=env)
        found = store.read_bytes()
        assert found in (old, new)
        if not ended:
            assert found == new
            assert hidden(store.parent) == []
            break
        seen.add(found == new)
        # Whoever comes next is not held up, and leaves nothing behind; what is undone is what they did, then the rest.
        code, _, err = ask("-f", store, "add", "The next", "--timeout", "0")
        assert (code, "waiting" in err) == (0, False)
        assert hidden(store.parent) == []
        assert ask("-f", store, "undo")[0] == 0
        assert store.read_bytes() == found
        code, _, err = ask("-f", store, "undo")
        if words == ["undo"]:
            assert (code, store.read_bytes()) == ((0, STORE.encode()) if found == old else (4, new)), err
        elif found == new:
            assert (code, store.read_bytes()) == (0, old), err
        else:
            assert (code, err) == (4, f"autotimeline: nothing to undo: no change of {store} is on record\n")
        shutil.rmtree(cache / "undo")
        (cache / "undo").mkdir(mode=0o700)
    assert seen == {False, True}
    assert step > 8


def test_a_process_killed_between_two_files_leaves_what_undo_takes_back(tmp_path, env, cache):
    head, cut, rest = STORE.partition("# The first")
    old = {tmp_path / "a.toml": head.encode(), tmp_path / "b.toml": (cut + rest).encode()}

    def reset() -> None:
        for path, data in old.items():
            path.write_bytes(data)
        shutil.rmtree(cache / "undo", ignore_errors=True)

    def state() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in old}

    reset()
    assert ask("-f", tmp_path, "rename", "argo", "argo-2")[0] == 0
    new = state()
    assert all(new[path] != old[path] for path in old)
    step, halves = 0, 0
    while True:
        step += 1
        reset()
        ended = killed(step, "-f", str(tmp_path), "rename", "argo", "argo-2", cwd=tmp_path, env=env)
        found = state()
        if not ended:
            assert found == new
            break
        assert all(found[path] in (old[path], new[path]) for path in old)
        code, _, err = ask("-f", tmp_path, "list")
        half = found not in (old, new)
        halves += half
        assert code == (3 if half else 0), err
        code, _, err = ask("-f", tmp_path, "undo", "--timeout", "0")
        assert state() == old, err
        assert (code, hidden(tmp_path)) == ((4, hidden(tmp_path)) if found == old else (0, []))
    assert halves


def test_a_note_that_is_half_written_is_passed_over(store, cache):
    assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
    (note,) = (cache / "undo").iterdir()
    (cache / "undo" / "99999999999999999999.json").write_bytes(note.read_bytes()[:100])
    assert ask("-f", store, "undo")[0] == 0
    assert store.read_bytes() == STORE.encode()


# Several at once


def test_twenty_who_add_at_once_while_others_read(store, env):
    def start(*words: str) -> subprocess.Popen[str]:
        command = [*program.PROGRAM, "-f", str(store), *words]
        return subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )

    adding = [
        start("add", f"Ship {number}", "--date", "2024", "--source", "log", "--id", f"ship-{number}")
        for number in range(20)
    ]
    reading = [start("list", "--fields", "id") for _ in range(4)]
    for process in [*adding, *reading]:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert set(err.splitlines()) <= {f"waiting for another autotimeline that writes {store}"}
        assert "launch" in out or out.startswith("ship-")
    code, out, err = ask("-f", store, "list", "--fields", "id")
    assert (code, err) == (0, "")
    assert sorted(out.split()) == sorted(["launch", "wreck", *(f"ship-{number}" for number in range(20))])
    assert hidden(store.parent) == []
    for _ in range(20):
        assert ask("-f", store, "undo")[0] == 0
    assert store.read_bytes() == STORE.encode()
    assert ask("-f", store, "undo")[0] == 4


@pytest.fixture
def busy(store):
    """Return the handle of the lock, held."""
    lock = os.open(store.parent / ".facts.toml.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    yield lock
    os.close(lock)


def test_who_waits_says_so_and_goes_on(store, env, busy):
    command = [*program.PROGRAM, "-f", str(store), "set", "wreck", "kind=loss"]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == f"waiting for another autotimeline that writes {store}\n"
        assert store.read_bytes() == STORE.encode()
        os.close(os.dup(busy))
        fcntl.flock(busy, fcntl.LOCK_UN)
        assert (waiting.wait(timeout=30), waiting.stderr.read()) == (0, "")
    assert 'kind = "loss"' in store.read_text()
    assert hidden(store.parent) == []


@pytest.mark.parametrize("seconds", [0, 1])
def test_who_waits_no_longer_ends_with_4(seconds, store, busy):
    began = time.monotonic()
    code, out, err = ask("-f", store, "set", "wreck", "kind=loss", "--timeout", str(seconds))
    assert time.monotonic() - began >= seconds
    waiting = f"waiting for another autotimeline that writes {store}\n" if seconds else ""
    what = f"{store}: another autotimeline has been writing it for {seconds} s"
    how = "nothing was written: try again, or wait longer with --timeout"
    assert (code, out, err) == (4, "", f"{waiting}autotimeline: {what}; {how}\n")
    assert store.read_bytes() == STORE.encode()
    # Who only asks, or only looks at what would change, waits for nobody.
    assert ask("-f", store, "list")[0] == ask("-f", store, "set", "wreck", "kind=loss", "--dry-run")[0] == 0


def test_a_lock_that_nobody_holds_locks_nobody_out(store, strangers):
    folder, as_stranger = strangers
    shutil.copy(store, folder)
    (folder / "facts.toml").chmod(0o666)
    folder.chmod(0o777)
    (folder / ".facts.toml.lock").touch()
    (folder / ".facts.toml.lock").chmod(0o666)
    assert as_stranger("set", "wreck", "kind=loss", "--timeout", "0") == (0, "", "")
    assert hidden(folder) == []


def test_a_lock_can_be_taken_by_whoever_may_write_the_store(store):
    code = "import sys; from autotimeline.store import atomic_write\n"
    code += "with atomic_write.lock_files([sys.argv[1]], 0, print): input()"
    with subprocess.Popen(
        [sys.executable, "-c", f"import os; os.umask(0o077); {code}", str(store)], stdin=subprocess.PIPE
    ) as holder:
        lock = store.parent / ".facts.toml.lock"
        while not lock.exists():
            assert holder.poll() is None
            time.sleep(0.01)
        assert stat.S_IMODE(lock.stat().st_mode) == 0o666
        holder.communicate(b"\n", timeout=10)
    assert not lock.exists()


def test_what_somebody_adds_by_hand_meanwhile_is_kept(store, env):
    done = overtaken(2, str(store), "-f", str(store), "set", "wreck", "kind=loss", cwd=store.parent, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    text = store.read_text()
    assert text.endswith("# by hand\n# by hand\n")
    assert 'kind = "loss"' in text
    assert ask("-f", store, "undo")[0] == 0
    assert store.read_text() == STORE + "# by hand\n" * 2


def test_a_store_that_never_stands_still_is_given_up(store, env):
    done = overtaken(99, str(store), "-f", str(store), "set", "wreck", "kind=loss", cwd=store.parent, env=env)
    what = "it keeps changing; nothing was written: try again later"
    assert (done.returncode, done.stderr) == (4, f"autotimeline: {store}: {what}\n")
    assert "loss" not in store.read_text().replace("figures.loss", "")
    assert hidden(store.parent) == []
    assert ask("-f", store, "undo")[0] == 4


# Nowhere to write


def limited(size: int):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_store_that_does_not_fit_on_the_disk(store, env):
    grown = STORE + "# more\n" * 2000
    store.write_text(grown)
    words = ["-f", str(store), "set", "wreck", "kind=loss"]
    code, out, err = run(*words, cwd=store.parent, env=env, preexec_fn=limited(8192))
    assert (code, out, err) == (4, "", f"autotimeline: {store}: file too large; nothing was written\n")
    assert (store.read_text(), hidden(store.parent)) == (grown, [])
    code, _, err = ask("-f", store, "undo")
    assert (code, err) == (4, f"autotimeline: nothing to undo: no change of {store} is on record\n")


def test_one_of_two_files_that_does_not_fit_on_the_disk(tmp_path, env):
    """None is written: all are written beside before the first is replaced."""
    head, cut, rest = STORE.partition("# The first")
    old = [head, cut + rest + "# more\n" * 2000]
    paths = [tmp_path / "a.toml", tmp_path / "b.toml"]
    for path, text in zip(paths, old, strict=True):
        path.write_text(text)
    code, out, err = run("-f", ".", "rename", "argo", "argo-2", cwd=tmp_path, env=env, preexec_fn=limited(8192))
    assert (code, out, err) == (4, "", "autotimeline: ./b.toml: file too large; nothing was written\n")
    assert ([path.read_text() for path in paths], hidden(tmp_path)) == (old, [])


def test_a_disk_that_is_full(store, env, tmp_path):
    small = tmp_path / "disk"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24k", "none", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        path = small / "facts.toml"
        path.write_text(STORE + "# more\n" * 2000)
        old = path.read_bytes()
        code, out, err = run("-f", str(path), "set", "wreck", "kind=loss", cwd=store.parent, env=env)
        assert (code, out, err) == (4, "", f"autotimeline: {path}: no space left on device; nothing was written\n")
        assert (path.read_bytes(), hidden(small)) == (old, [])
        # A disk with no room for the index and for what undo needs: the store itself is elsewhere.
        full = program.environment(small)
        code, out, err = run("-f", str(store), "set", "wreck", "kind=" + "x" * 9000, cwd=store.parent, env=full)
        assert (code, out) == (0, "")
        assert err == "it cannot be undone: no note of it can be kept (no space left on device)\n"
        assert "xxx" in store.read_text()
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_file_that_is_read_only(store):
    store.chmod(0o444)
    what = "it is read-only; nothing was written: `chmod u+w"
    for words in (["set", "wreck", "kind=loss"], ["add", "X"], ["rename", "argo", "argo-2"], ["remove", "wreck"]):
        code, out, err = ask("-f", store, *words)
        assert (code, out, err) == (4, "", f"autotimeline: {store}: {what} {store}` makes it writable\n")
    assert (store.read_bytes(), hidden(store.parent)) == (STORE.encode(), [])


def test_a_folder_that_is_read_only(store, strangers):
    folder, as_stranger = strangers
    shutil.copy(store, folder)
    (folder / "facts.toml").chmod(0o666)
    folder.chmod(0o555)
    code, out, err = as_stranger("set", "wreck", "kind=loss")
    path = os.path.realpath(folder / "facts.toml")
    what = f"{path}: cannot lock its directory (permission denied); make {os.path.dirname(path)} writable"
    assert (code, out, err) == (4, "", f"autotimeline: {what}, or work on a copy\n")
    assert (folder / "facts.toml").read_bytes() == STORE.encode()


@pytest.mark.skipif(not ROOT, reason="only root gives files away")
def test_a_file_that_cannot_take_the_place_of_another(strangers):
    """In a folder where everybody removes only what is their own."""
    folder, as_stranger = strangers
    head, cut, rest = STORE.partition("# The first")
    for name, text in (("a.toml", head), ("b.toml", cut + rest)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o666)
    os.chown(folder / "a.toml", NOBODY, -1)
    folder.chmod(0o1777)
    code, out, err = as_stranger("-f", ".", "rename", "argo", "argo-2")
    done = "./a.toml is written already: `autotimeline undo` takes that back"
    assert (code, out, err) == (4, "", f"autotimeline: ./b.toml: operation not permitted; {done}\n")
    assert "argo-2" in (folder / "a.toml").read_text()
    assert "argo-2" not in (folder / "b.toml").read_text()
    assert as_stranger("-f", ".", "undo")[0] == 0
    assert ((folder / "a.toml").read_text(), (folder / "b.toml").read_text()) == (head, cut + rest)
    assert [name for name in hidden(folder) if name.endswith(".part")] == []


# What a file is


def test_a_symbolic_link_stays_one_and_the_lock_is_where_the_file_is(store, tmp_path):
    away = tmp_path / "away"
    away.mkdir()
    link = away / "link.toml"
    link.symlink_to("../facts.toml")
    assert ask("-f", link, "set", "wreck", "kind=loss")[0] == 0
    assert link.is_symlink()
    assert os.readlink(link) == "../facts.toml"
    assert 'kind = "loss"' in store.read_text()
    with open(tmp_path / ".facts.toml.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert ask("-f", link, "set", "wreck", "kind=end", "--timeout", "0")[0] == 4
    os.unlink(tmp_path / ".facts.toml.lock")
    # What was changed under one name is taken back under the other.
    assert ask("-f", store, "undo")[0] == 0
    assert (store.read_bytes(), hidden(away), hidden(tmp_path)) == (STORE.encode(), [], [])


def test_mode_and_owner_are_kept(store):
    store.chmod(0o664)
    if ROOT:
        os.chown(store, 1234, 4321)
    before = store.stat()
    mask = os.umask(0o077)
    try:
        assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
    finally:
        os.umask(mask)
    after = store.stat()
    assert after.st_ino != before.st_ino
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_another_hard_link_keeps_what_was(store, tmp_path):
    os.link(store, tmp_path / "other.toml")
    assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
    assert (tmp_path / "other.toml").read_bytes() == STORE.encode() != store.read_bytes()


def test_what_is_undone_is_for_nobody_else_to_read(store, cache):
    assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
    (note,) = (cache / "undo").iterdir()
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert stat.S_IMODE((cache / "undo").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("begin", "end"),
    [(b"", b"\r\n"), (b"\xef\xbb\xbf", b"\n"), (b"\xef\xbb\xbf", b"\r\n")],
    ids=["CRLF", "BOM", "both"],
)
def test_line_ends_and_byte_order_mark_are_kept(begin, end, store):
    before = begin + STORE.encode().replace(b"\n", end)
    store.write_bytes(before)
    for words in (
        ["set", "wreck", "kind=loss", "note=two", "date=2024-05"],
        ["add", "Argo sails", "--actor", "argo", "--date", "2024", "--source", "log"],
        ["rename", "argo", "argo-2"],
        ["remove", "wreck", "--force"],
    ):
        code, _, err = ask("-f", store, *words)
        assert (code, err) == (0, "")
        data = store.read_bytes()
        assert data.startswith(begin)
        assert data.count(b"\n") == data.count(end)
        assert data.count(b"\xef\xbb\xbf") <= 1
    for _ in range(4):
        assert ask("-f", store, "undo")[0] == 0
    assert store.read_bytes() == before


def test_mixed_line_ends_stay_as_they_are(store):
    lines = STORE.split("\n")
    before = "".join(line + ("\r\n" if n % 3 == 0 else "\n") for n, line in enumerate(lines[:-1]))
    store.write_bytes(before.encode())
    assert ask("-f", store, "set", "wreck", "title=Nao sinks")[0] == 0
    after = store.read_bytes().decode().split("\n")
    changed = [n for n, (one, other) in enumerate(zip(before.split("\n"), after, strict=True)) if one != other]
    assert [after[n].strip() for n in changed] == ['title = "Nao sinks"']


# What is given


@pytest.mark.parametrize(
    "words",
    [
        [b"set", b"wreck", b"title=\xff"],
        [b"add", b"Caf\xe9"],
        [b"add", b"X", b"--actor", b"\xe9=argo"],
        [b"add", b"X", b"note=\xed\xa0\x80"],
        [b"rename", b"argo", b"\xff"],
        [b"remove", b"\xff"],
        [b"edit", b"\xff"],
    ],
    ids=repr,
)
def test_bytes_that_are_no_text_are_refused(words, store, env):
    code, out, err = run(b"-f", os.fsencode(store), *words, cwd=store.parent, env={**env, "EDITOR": "true"})
    assert (code, out) == (2, "")
    assert err.startswith("autotimeline: ")
    assert err.isascii()
    assert "Traceback" not in err
    assert (store.read_bytes(), hidden(store.parent)) == (STORE.encode(), [])


def test_the_store_on_standard_input_is_not_changed(env, tmp_path):
    for words in (["set", "wreck", "kind=loss"], ["add", "X"], ["undo"], ["edit", "wreck"], ["remove", "wreck"]):
        code, out, err = ask("-f", "-", *words)
        what = "standard input cannot be changed; name a store with -f FILE"
        assert (code, out, err) == (2, "", f"autotimeline: {what}\n")


def test_a_store_that_is_no_regular_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    code, out, err = ask("-f", tmp_path / "pipe.toml", "set", "wreck", "kind=loss")
    what = f"{tmp_path / 'pipe.toml'}: not a regular file"
    assert (code, out, err) == (4, "", f"autotimeline: {what}\n")


def test_a_store_that_is_not_there(tmp_path):
    code, out, err = ask("-f", tmp_path / "no.toml", "add", "X")
    assert (code, out) == (3, "")
    assert err.startswith(f"autotimeline: {tmp_path / 'no.toml'}: no such file or directory; name a store")
    assert hidden(tmp_path) == []


# Beside the store


def test_a_cache_that_takes_nothing_costs_the_undo_and_no_more(store, tmp_path):
    (tmp_path / "file").write_text("")
    env = program.environment(tmp_path / "file")
    words = ["-f", str(store), "set", "wreck", "kind=loss"]
    code, out, err = run(*words, cwd=tmp_path, env=env)
    assert (code, out) == (0, "")
    assert err == "it cannot be undone: no note of it can be kept (not a directory)\n"
    assert 'kind = "loss"' in store.read_text()
    code, _, err = run("-f", str(store), "undo", cwd=tmp_path, env=env)
    assert (code, err) == (4, f"autotimeline: nothing to undo: no change of {store} is on record\n")


@pytest.mark.skipif(not ROOT, reason="only root is somebody without a home")
def test_who_has_no_home_gets_none_here(strangers):
    folder, _ = strangers
    (folder / "facts.toml").write_text(STORE)
    (folder / "facts.toml").chmod(0o666)
    folder.chmod(0o777)
    env = {name: value for name, value in program.environment(folder).items() if name not in ("HOME", "XDG_CACHE_HOME")}
    code, out, err = as_user(54321, "set", "wreck", "kind=loss", cwd=folder, env=env)
    assert (code, out) == (0, "")
    assert err == "it cannot be undone: no note of it can be kept (no home, no cache directory)\n"
    assert not (folder / "~").exists()


def test_an_index_that_is_damaged(store, env, cache):
    assert ask("-f", store, "list")[0] == 0
    (index,) = cache.glob("*.sqlite")
    for damage in (b"", b"no database", b"SQLite format 3\0" + bytes(4096)):
        index.write_bytes(damage)
        for more in (index.with_name(index.name + end) for end in ("-wal", "-shm")):
            more.unlink(missing_ok=True)
        assert run("-f", str(store), "set", "wreck", f"kind=k{len(damage)}", cwd=store.parent, env=env) == (0, "", "")
        assert f'kind = "k{len(damage)}"' in store.read_text()


def test_an_index_that_is_damaged_in_its_middle(store, env, cache):
    assert ask("-f", store, "list")[0] == 0
    (index,) = cache.glob("*.sqlite")
    data = bytearray(index.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    index.write_bytes(data)
    assert run("-f", str(store), "set", "wreck", "kind=loss", cwd=store.parent, env=env) == (0, "", "")
    assert 'kind = "loss"' in store.read_text()


def test_an_index_that_is_read_only(store, strangers):
    folder, as_stranger = strangers
    shutil.copy(store, folder)
    (folder / "facts.toml").chmod(0o666)
    folder.chmod(0o777)
    assert as_stranger("list")[0] == 0
    for path in (folder.parent / "cache" / "autotimeline").glob("*.sqlite*"):
        path.chmod(0o444)
    assert as_stranger("set", "wreck", "kind=loss") == (0, "", "")
    assert 'kind = "loss"' in (folder / "facts.toml").read_text()
    assert as_stranger("undo") == (0, "", "")
    assert (folder / "facts.toml").read_bytes() == STORE.encode()


# Taken back


def test_undo_refuses_where_the_file_has_changed_since(store):
    assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
    with store.open("a") as file:
        file.write("# by hand\n")
    now = store.read_bytes()
    code, out, err = ask("-f", store, "undo")
    assert (code, out) == (4, "")
    assert err.startswith(f"autotimeline: {store} has changed since `set wreck kind=loss` of 2")
    assert err.endswith("; to take that back would lose what came after: do it by hand\n")
    assert store.read_bytes() == now


def test_undo_of_several_files_wants_them_all(tmp_path):
    head, cut, rest = STORE.partition("# The first")
    one, other = tmp_path / "a.toml", tmp_path / "b.toml"
    one.write_text(head)
    other.write_text(cut + rest)
    assert ask("-f", one, "-f", other, "rename", "argo", "argo-2")[0] == 0
    code, _, err = ask("-f", one, "undo")
    assert code == 4
    assert f"changed {other} too; name all files of the store with -f\n" in err
    assert ask("-f", other, "-f", one, "undo")[0] == 0
    assert (one.read_text(), other.read_text()) == (head, cut + rest)


def test_an_undo_that_is_only_tried_takes_nothing_back(store):
    assert ask("-f", store, "set", "wreck", "kind=loss")[0] == 0
    now = store.read_bytes()
    code, out, err = ask("-f", store, "undo", "--dry-run")
    assert (code, err) == (0, "")
    assert '-kind = "loss"\n' in out
    assert store.read_bytes() == now
    assert ask("-f", store, "undo")[:2] == (0, "")
    assert store.read_bytes() == STORE.encode()


def test_changes_are_taken_back_one_after_the_other_as_often_as_they_were_made(store):
    """Also those that bring back what was before."""
    states = [store.read_bytes()]
    for value in ("a", "b", "a", "", "b"):
        assert ask("-f", store, "set", "wreck", f"kind={value}")[0] == 0
        states.append(store.read_bytes())
    while len(states) > 1:
        assert store.read_bytes() == states.pop()
        assert ask("-f", store, "undo")[0] == 0
    assert store.read_bytes() == states[0] == STORE.encode()
