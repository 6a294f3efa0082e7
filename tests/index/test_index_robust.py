"""The index may be damaged, foreign, in the way or gone at any moment: that costs time, and never an answer."""

import gc
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from random import Random

import pytest

from asking import ask
from autotimeline.index import cache as module
from autotimeline.index import cache_directory, update
from program import PROGRAM, STORY, environment

COUNT = 150
INCOMPLETE = "incomplete answer: the index is damaged; run the command again"
LINES = "".join(f"e{n:04}\n" for n in range(COUNT))
LIST = ("list", "-O", "plain", "--fields", "id")


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text("".join(event(n) for n in range(COUNT)))
    return path


@pytest.fixture
def settled(monkeypatch):
    """Time that has passed: the time stamps of what was just written prove something."""
    real = time.time_ns
    monkeypatch.setattr(update.time, "time_ns", lambda: real() + 10_000_000_000)


def event(n: int, title: str = "T") -> str:
    return f'[[event]]\nid = "e{n:04}"\ntitle = "{title} {n} {"x" * 200}"\ndate = "{1900 + n // 20}"\nkind = "k{n}"\n'


def answer(store) -> tuple[int, str, str]:
    try:
        return ask("-f", store, *LIST)
    finally:
        gc.collect()  # as a process that ends, it holds nothing open


def the_index(cache):
    (found,) = cache.glob("*.sqlite")
    return found


def settle(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


@pytest.fixture
def large(monkeypatch):
    """Take every index for a large one, which has no checksum and is changed in place."""
    monkeypatch.setattr(module, "MAX_CHECKED_BYTES", 4096)


@pytest.mark.usefixtures("large")
def test_it_is_kept_for_its_owner_alone(store, cache):
    code, _, _ = answer(store)
    assert code == 0
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    store.write_text(event(1))
    answer(store)
    db = sqlite3.connect(the_index(cache))  # keeps the log from going
    db.execute("SELECT COUNT(*) FROM event").fetchone()
    store.write_text(event(2))
    answer(store)
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in cache.iterdir()}
    db.close()
    assert modes == {".sqlite": 0o600, ".sqlite-wal": 0o600, ".sqlite-shm": 0o600}


def garbage(path):
    path.write_bytes(b"no database at all\n" * 1000)


def empty(path):
    path.write_bytes(b"")


def header_only(path):
    path.write_bytes(path.read_bytes()[:100])


def half(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 8192 * 4096])


def holes(path):
    """Every second page is noise."""
    data = bytearray(path.read_bytes())
    for at in range(8192, len(data), 8192):
        data[at : at + 4096] = os.urandom(4096)
    path.write_bytes(data)


def foreign(path):
    path.unlink()
    db = sqlite3.connect(path)
    db.executescript("CREATE TABLE event (id TEXT); INSERT INTO event VALUES ('e9999')")
    db.close()


def foreign_of_our_number(path):
    foreign(path)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {module.index_version()}")
    db.close()


def of_another_number(path):
    db = sqlite3.connect(path)
    db.execute("UPDATE event SET id = 'other'")
    db.execute(f"PRAGMA user_version = {module.index_version() + 1}")
    db.commit()
    settle(db)


def without_a_table(path):
    db = sqlite3.connect(path)
    db.execute("DROP TABLE block")
    db.commit()
    settle(db)


def folder(path):
    path.unlink()
    path.mkdir()


def gone(path):
    path.unlink()


@pytest.mark.parametrize(
    ("sealed", "settled"), [(True, True), (True, False), (False, True)], ids=["small", "unsettled", "large"]
)
@pytest.mark.parametrize(
    "damage",
    [garbage, empty, header_only, half, holes, foreign, foreign_of_our_number, of_another_number, without_a_table,
     folder, gone],
)  # fmt: skip
def test_damage_costs_only_time(damage, settled, sealed, store, cache, monkeypatch):
    real = time.time_ns
    if not sealed:
        monkeypatch.setattr(module, "MAX_CHECKED_BYTES", 4096)
    if settled:
        monkeypatch.setattr(update.time, "time_ns", lambda: real() + 10_000_000_000)
    assert answer(store) == (0, LINES, "")
    for path in cache.glob("*-wal"):
        path.unlink()
    damage(the_index(cache))
    for _ in range(2):
        assert answer(store) == (0, LINES, "")


def test_a_byte_of_a_stamp_that_is_not_utf8(cache, tmp_path, settled):
    path = tmp_path / "f.toml"
    path.write_text('[[event]]\nid="e"\ndate="2020"\ntitle="t"\nactors={buyer="a"}\n[actor.a]\nname="A"\n')
    expected = ask("-f", path, "count")
    assert expected == (0, "1\t1\n", "")
    index = the_index(cache)
    db = sqlite3.connect(index)
    stamp = db.execute("SELECT stamp FROM file").fetchone()[0].encode()
    db.close()
    data = index.read_bytes()
    at = data.rindex(stamp)
    damaged = data[:at] + b"\xff" + data[at + 1 :]
    index.write_bytes(damaged)
    assert ask("-f", path, "count") == expected
    assert index.read_bytes() != damaged
    assert ask("-f", path, "count") == expected


@pytest.mark.usefixtures("large")
def test_an_index_of_another_release_is_built_anew(store, cache, monkeypatch):
    """What is kept rests on code whose changes FORMAT may not tell of."""
    answer(store)
    db = sqlite3.connect(the_index(cache))
    db.execute("UPDATE event SET id = 'e9999' WHERE id = 'e0000'")
    db.commit()
    settle(db)
    assert answer(store)[1].count("e9999") == 1
    monkeypatch.setattr(module, "__version__", "9.9.9")
    assert answer(store) == (0, LINES, "")


@pytest.mark.usefixtures("large")
def test_damage_in_the_middle_of_an_answer_ends_it(store, cache, settled):
    """The rows before the damage have been written; the next query has a new index."""
    fields = ("-f", store, "list", "-O", "jsonl", "--fields", "id,title")
    expected = ask(*fields)
    gc.collect()
    path = the_index(cache)
    db = sqlite3.connect(path)
    root = dict(db.execute("SELECT name, rootpage FROM sqlite_schema").fetchall())["event"]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    settle(db)
    data = bytearray(path.read_bytes())
    # The last leaves of the table of events: its root page lists them in order.
    start = (root - 1) * size
    count = int.from_bytes(data[start + 3 : start + 5], "big")
    last = int.from_bytes(data[start + 8 : start + 12], "big")
    assert count
    data[(last - 1) * size : last * size] = b"\xff" * size
    path.write_bytes(data)
    code, out, err = ask(*fields)
    assert (code, err) == (4, f"autotimeline: {INCOMPLETE}\n")
    assert expected[1].startswith(out)
    assert 0 < out.count("\n") < COUNT
    assert ask(*fields) == expected


@pytest.mark.usefixtures("large")
def test_damage_before_the_first_row_costs_only_time(store, cache, settled):
    """No SQLite error: a text that is not UTF-8, JSON that does not parse, a number where a date is expected."""
    fields = ("-f", store, "list", "-O", "jsonl")
    expected = ask(*fields)
    for value in (b"\xff", b"{", b"[1]"):
        gc.collect()
        db = sqlite3.connect(the_index(cache))
        db.execute("UPDATE detail SET body = CAST(?1 AS TEXT), figures = CAST(?1 AS TEXT)", (value,))
        db.commit()
        settle(db)
        damaged = _written(cache)
        assert ask(*fields) == expected
        assert not list(cache.glob("*.sqlite"))
        assert ask(*fields) == expected
        assert _written(cache) != damaged


@pytest.mark.usefixtures("large")
def test_a_mistake_of_ours_shows_on_the_second_try(store, cache, settled, monkeypatch):
    answer(store)
    monkeypatch.setattr("autotimeline.query.selection.Selection.order_sql", lambda self: {}["a bug"])
    for _ in range(2):
        with pytest.raises(KeyError, match="a bug"):
            ask("-f", store, *LIST)
        with pytest.raises(KeyError, match="a bug"):
            ask("-f", store, *LIST, "--no-cache")


def flipped(data: bytes, random: Random) -> bytes:
    """Return an index with one bit inverted."""
    changed = bytearray(data)
    bit = random.randrange(8 * len(data))
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def swapped(data: bytes, random: Random) -> bytes:
    """Return an index with two pages swapped."""
    pages = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    one, other = random.sample(range(len(pages)), 2)
    pages[one], pages[other] = pages[other], pages[one]
    return b"".join(pages)


def zeroed(data: bytes, random: Random) -> bytes:
    """Return an index with a page of zeros."""
    at = 4096 * random.randrange(len(data) // 4096)
    return data[:at] + bytes(4096) + data[at + 4096 :]


def cut(data: bytes, random: Random) -> bytes:
    """Return the beginning of an index."""
    return data[: random.randrange(len(data))]


@pytest.mark.parametrize("sealed", [True, False], ids=["small", "large"])
@pytest.mark.parametrize("damage", [flipped, swapped, zeroed, cut])
def test_random_damage_causes_no_traceback(damage, sealed, cache, settled, monkeypatch):
    """A small index answers as if there were none; of a large one nothing but that is promised."""
    if not sealed:
        monkeypatch.setattr(module, "MAX_CHECKED_BYTES", 4096)
    random = Random(damage.__name__)  # noqa: S311  # not a secret
    questions = [("list", "-O", "jsonl"), ("count", "--by", "actor"), ("names",), ("show", "leapmotor-deal")]
    expected = [ask("-f", STORY, *words) for words in questions]
    data = the_index(cache).read_bytes()
    index = the_index(cache)
    for n in range(8):
        words, right = questions[n % 4], expected[n % 4]
        index.write_bytes(damage(data, random))
        found = ask("-f", STORY, *words)
        gc.collect()
        for beside in cache.glob("*.sqlite-*"):
            beside.unlink()
        assert found == right or (not sealed and "Traceback" not in found[2])


def test_what_is_no_damage_is_raised(store, monkeypatch):
    """A mistake of ours shows; nothing is asked twice where no index was kept."""
    monkeypatch.setattr("autotimeline.query.selection.Selection.order_sql", lambda self: "no_such_column")
    with pytest.raises(sqlite3.OperationalError, match="no such column: no_such_column"):
        ask("-f", store, *LIST, "--no-cache")


def test_a_mistake_of_ours_costs_no_index(store, cache, monkeypatch):
    answer(store)
    monkeypatch.setattr("autotimeline.query.selection.Selection.order_sql", lambda self: "e.number LIMIT 'many' --")
    with pytest.raises(sqlite3.IntegrityError, match="datatype mismatch"):
        answer(store)
    assert the_index(cache).stat().st_size


@pytest.mark.usefixtures("large")
def test_what_fails_while_it_is_read_and_is_no_damage_costs_no_index(store, cache, settled, monkeypatch):
    connect = sqlite3.connect
    answer(store)
    before = _written(cache)
    interruptions = []

    def interrupted(path, **more):
        db = connect(path, **more)
        if path != ":memory:":
            db.set_progress_handler(lambda: interruptions.append(1) or 1, 500)  # steps: in the midst of the rows
        return db

    monkeypatch.setattr(module.sqlite3, "connect", interrupted)
    assert answer(store) == (4, "e0000\n", f"autotimeline: {INCOMPLETE}\n")
    assert interruptions, "nothing failed"
    assert _written(cache) == before


def _written(cache):
    """Return what tells that the index has not been written since, whenever it was read."""
    found = the_index(cache).stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


# ---------------------------------------------------------------- no place to keep it


def test_the_cache_folder_is_a_file(store, cache):
    cache.write_text("in the way")
    assert answer(store) == (0, LINES, "")
    assert cache.read_text() == "in the way"


def test_the_cache_is_below_a_file(store, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(store))
    assert answer(store) == (0, LINES, "")


def test_the_cache_is_on_a_full_device(store, cache, monkeypatch):
    """/dev/full takes nothing: as where the disk is full."""
    cache.mkdir()
    (cache / os.path.basename(module.index_path([str(store)]))).symlink_to("/dev/full")
    assert answer(store) == (0, LINES, "")


@pytest.mark.parametrize("kept", [False, True], ids=["built", "brought-up-to-date"])
def test_a_disk_that_fills_while_it_is_written(kept, store, cache, monkeypatch):
    connect = sqlite3.connect

    def small(path, **more):
        db = connect(path, **more)
        if path != ":memory:":
            db.execute("PRAGMA max_page_count = 40")
        return db

    if kept:
        answer(store)
        store.write_text(store.read_text().replace("T 5", "U 5"))
        inode = the_index(cache).stat().st_ino
    monkeypatch.setattr(module.sqlite3, "connect", small)
    assert answer(store) == (0, LINES, "")
    # It takes no change now, and is not damaged.
    assert not kept or the_index(cache).stat().st_ino == inode


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_cache_folder_that_may_not_be_written(store, cache):
    assert answer(store) == (0, LINES, "")
    cache.chmod(0o500)
    try:
        assert answer(store) == (0, LINES, "")
        store.write_text(event(7))
        assert answer(store) == (0, "e0007\n", "")
    finally:
        cache.chmod(0o700)


@pytest.mark.parametrize("relative", ["cache", "./x", ""])
def test_a_relative_cache_home_counts_as_none(relative, store, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", relative)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert cache_directory.cache_directory() == str(tmp_path / "home" / ".cache" / "autotimeline")
    assert answer(store) == (0, LINES, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts.toml", "home"]


def test_without_a_home_nothing_is_kept(store, tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.chdir(tmp_path)
    assert answer(store) == (0, LINES, "")
    assert [path.name for path in tmp_path.iterdir()] == ["facts.toml"]


def test_no_cache_leaves_none(store, cache):
    assert ask("-f", store, *LIST, "--no-cache") == (0, LINES, "")
    assert not cache.exists()


def test_what_was_not_asked_for_long_is_thrown_away(store, cache, tmp_path):
    answer(store)
    old = the_index(cache)
    (cache / "notes.txt").write_text("not ours")
    for path in (old, cache / "notes.txt"):
        os.utime(path, (0, 0))
    other = tmp_path / "other.toml"
    other.write_text(event(1))
    answer(other)
    assert not old.exists()
    assert (cache / "notes.txt").exists()
    assert len(list(cache.glob("*.sqlite"))) == 1


# ---------------------------------------------------------------- several processes


def start(store, cache, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [*PROGRAM, "-f", str(store), *(arguments or LIST)],
        env=environment(cache.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("ruined", [False, True], ids=["new", "damaged"])
def test_many_build_it_at_once(ruined, store, cache):
    if ruined:
        answer(store)
        garbage(the_index(cache))
    processes = [start(store, cache) for _ in range(6)]
    answers = [(*process.communicate(timeout=120), process.returncode) for process in processes]
    assert answers == [(LINES, "", 0)] * 6
    assert answer(store) == (0, LINES, "")


@pytest.mark.parametrize("pause", [0, 0.01, 0.02, 0.05, 0.1])
def test_a_builder_that_is_killed(pause, store, cache, tmp_path):
    """Wherever it dies while it writes, the next one answers."""
    store.write_text("".join(event(n) for n in range(3 * COUNT)))  # long enough to write
    process = start(store, cache)
    while not list(cache.glob("*.part")):
        assert process.poll() is None
    time.sleep(pause)
    process.kill()
    process.communicate()
    left = shutil.copytree(cache, tmp_path / "left")
    # A pause may last longer than the writing does.
    assert pause or not list(left.glob("*.sqlite"))
    assert answer(store) == (0, "".join(f"e{n:04}\n" for n in range(3 * COUNT)), "")
    # What it left is removed another day.
    for path in left.glob("*.part*"):
        os.utime(cache / path.name, (0, 0))
    store.write_text(event(1))
    assert answer(store) == (0, "e0001\n", "")
    assert len(list(cache.iterdir())) == 1


def test_a_reader_that_pauses_reads_one_state_to_its_end(store, cache):
    reader = start(store, cache, "list", "-O", "jsonl")  # more than a pipe holds
    first = reader.stdout.readline()
    store.write_text(event(5, "New"))
    assert answer(store) == (0, "e0005\n", "")
    # communicate() would lose what readline() has buffered.
    with reader:
        rest, err = reader.stdout.read(), reader.stderr.read()
    assert (reader.returncode, err) == (0, "")
    assert (first + rest).count('"title": "T ') == COUNT
    assert '"title": "New' not in rest
    assert answer(store) == (0, "e0005\n", "")


def test_it_is_deleted_while_a_reader_pauses(store, cache):
    answer(store)
    reader = start(store, cache, "list", "-O", "jsonl")
    first = reader.stdout.readline()
    for path in cache.iterdir():
        path.unlink()
    # communicate() would lose what readline() has buffered.
    with reader:
        rest, err = reader.stdout.read(), reader.stderr.read()
    assert (reader.returncode, err) == (0, "")
    assert (first + rest).count("\n") == COUNT
    assert answer(store) == (0, LINES, "")


def test_the_lock_of_another_is_not_waited_for_for_ever(store, cache, monkeypatch):
    answer(store)
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(the_index(cache), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.write_text(event(3))
    assert answer(store) == (0, "e0003\n", "")
    other.execute("ROLLBACK")
    other.close()
    assert len(list(cache.glob("*.sqlite"))) == 1


def test_a_store_from_standard_input_and_from_a_pipe_is_not_kept(store, cache, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = start(fifo, cache)
    fifo.write_text(event(4))
    assert reader.communicate(timeout=60) == ("e0004\n", "")
    done = subprocess.run(
        [*PROGRAM, "-f", "-", *LIST],
        input=event(6),
        env=environment(cache.parent),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "e0006\n", "")
    assert not list(cache.glob("*.sqlite"))
    assert sys.platform != "win32"


QUICK_EXIT = (
    "from autotimeline.index import cache; cache.MAX_CHECKED_BYTES = 4096\n"
    "from autotimeline.cli import run_program; run_program()"
)


@pytest.mark.parametrize(("words", "code"), [(["list"], 0), (["list", "id:nothing"], 2), (["chart"], 0)])
def test_a_process_that_ends_without_freeing_its_objects_leaves_no_log(store, cache, words, code):
    for _ in range(2):
        command = [sys.executable, "-c", QUICK_EXIT, "-f", str(store), *words]
        done = subprocess.run(command, env=environment(cache), capture_output=True, check=False)
        assert (done.returncode, bool(done.stdout)) == (code, not code)
    assert [path for path in cache.rglob("*") if path.name.endswith(("-wal", "-shm"))] == []
    assert len(list(cache.rglob("*.sqlite"))) == 1
