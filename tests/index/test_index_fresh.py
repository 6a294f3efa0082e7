"""The index is never stale, whatever was done to the file and however fast; and it reads no more than it must."""

import os
import time

import pytest

from asking import ask
from autotimeline.errors import StoreError
from autotimeline.index import cache, update

pytestmark = pytest.mark.usefixtures("cache")
A = '[[event]]\nid = "a"\ntitle = "A"\n'
B = '[[event]]\nid = "b"\ntitle = "B"\n'


def ids(*files) -> str:
    given = [word for file in files for word in ("-f", file)]
    code, out, err = ask(*given, "list", "-O", "plain", "--fields", "id")
    assert (code, err) == (0, "")
    return out.replace("\n", "")


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(A)
    return path


@pytest.fixture
def settled(monkeypatch):
    """Time that has passed: what was just written is old enough for its time stamps to prove something."""
    real = time.time_ns
    monkeypatch.setattr(update.time, "time_ns", lambda: real() + 10_000_000_000)


@pytest.fixture
def reads(monkeypatch):
    """The paths that are read, as they are."""
    paths: list[str] = []
    read = update.open_files

    def noted(given):
        paths.extend(given)
        return read(given)

    monkeypatch.setattr(update, "open_files", noted)
    return paths


def test_an_edit_within_the_same_tick_to_the_same_size(store):
    assert ids(store) == "a"
    before = store.stat()
    for text, id in [(B, "b"), (A, "a"), (B, "b")] * 20:
        with store.open("r+") as file:  # the inode is kept
            file.write(text)
        os.utime(store, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert ids(store) == id
    after = store.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (before.st_size, before.st_mtime_ns, before.st_ino)


def test_an_edit_that_hides_its_time_once_all_is_settled(store, settled):
    assert ids(store) == "a"
    before = store.stat()
    while store.stat().st_ctime_ns == before.st_ctime_ns:  # the clock of the file system is coarse
        with store.open("r+") as file:
            file.write(B)
        os.utime(store, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ids(store) == "b"


def test_a_file_that_is_replaced_or_older_than_the_one_before(store, settled, tmp_path):
    assert ids(store) == "a"
    other = tmp_path / "other"
    other.write_text(B)
    os.utime(other, ns=(0, 0))
    other.replace(store)
    assert ids(store) == "b"


def test_a_link_that_leads_elsewhere(tmp_path, settled):
    link = tmp_path / "facts.toml"
    for name, text in [("a", A), ("b", B)]:
        (tmp_path / name).write_text(text)
    link.symlink_to("a")
    assert ids(link) == "a"
    link.unlink()
    link.symlink_to("b")
    assert ids(link) == "b"


def test_what_is_settled_is_not_read_and_what_is_touched_is_not_built(store, settled, reads, monkeypatch):
    assert ids(store) == "a"
    assert ids(store) == "a"
    assert reads == [str(store)]
    monkeypatch.setattr("autotimeline.index.builder.Builder", None)
    os.utime(store)
    assert ids(store) == "a"
    assert ids(store) == "a"
    assert reads == [str(store)] * 2


def test_what_is_not_settled_is_read_but_not_built(store, reads, monkeypatch):
    assert ids(store) == "a"
    monkeypatch.setattr("autotimeline.index.builder.Builder", None)
    assert ids(store) == "a"
    assert reads == [str(store)] * 2


def test_an_edit_while_it_is_read(store, settled, monkeypatch):
    """What was read is half old and half new; the next question finds out."""
    read = update.open_files

    def interrupted(paths):
        yield from read(paths)
        store.write_text(B)

    monkeypatch.setattr(update, "open_files", interrupted)
    assert ids(store) == "a"
    monkeypatch.setattr(update, "open_files", read)
    assert ids(store) == "b"


MANY = "".join(f'[[event]]\nid = "e{n}"\ntitle = "Before"\n' for n in range(999))


@pytest.fixture
def read_in_pieces(store, settled, monkeypatch):
    """Read the store, and write a text after each piece of it as long as there is one; return its titles."""
    monkeypatch.setattr("autotimeline.store.chunks.MIN_CHUNK_BYTES", 9000)

    def read(*edits: str) -> set[str]:
        left = list(edits)
        db = cache.connect([str(store)], progress=lambda _done, _all: left and store.write_text(left.pop(0)))
        found = {title for (title,) in db.execute("SELECT title FROM event")}
        db.close()
        return found

    return read


@pytest.mark.parametrize("more", ["", '["actor".x]\nname = "X"\n'], ids=["in segments", "as a whole"])
def test_an_edit_while_it_is_read_that_is_undone(more, store, read_in_pieces):
    """What is kept of a segment is what its hash is of, else the text that comes back would be taken for it."""
    edited = (MANY + more).replace("Before", "Behind")
    store.write_text(MANY + more)
    assert read_in_pieces(edited, edited) == {"Behind"}
    store.write_text(MANY + more)
    assert read_in_pieces() == {"Before"}


def test_a_store_that_never_stands_still(store, read_in_pieces):
    store.write_text(MANY)
    with pytest.raises(StoreError) as error:
        read_in_pieces(*(MANY.replace("Before", f"No. {n}") for n in range(50)))
    assert str(error.value) == f"{store}: changed during reading; run the command again"
    assert read_in_pieces() == {"No. 5"}


def test_of_several_files_only_what_changed_is_built(tmp_path, settled):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(A)
    two.write_text(B)
    assert ids(one, two) == "ab"
    two.write_text(B.replace("b", "c"))
    assert ids(one, two) == "ac"
    two.write_text("")
    assert ids(one, two) == "a"
    assert ids(two, one) == "a"  # an index of its own


def test_a_folder_that_grows(tmp_path):
    (tmp_path / "one.toml").write_text(A)
    assert ids(tmp_path) == "a"
    (tmp_path / "two.toml").write_text(B)
    assert ids(tmp_path) == "ab"
    (tmp_path / "one.toml").unlink()
    assert ids(tmp_path) == "b"


def test_an_invalid_store_is_refused_warm_too(store):
    store.write_text(A + "knd = 1\n")
    answers = {ask("-f", store, "list") for _ in range(3)}
    assert answers == {(3, "", f'{store}:4: event "a": knd: unknown key; did you mean "kind"?\n')}
    store.write_text(A)
    assert ids(store) == "a"
    store.write_bytes(A.encode("utf-16"))
    assert {ask("-f", store, "list") for _ in range(2)} == {
        (3, "", f"{store}:1: the file is UTF-16; save it as UTF-8\n")
    }
    store.write_text(B)
    assert ids(store) == "b"


def test_an_edit_reaches_rows_and_searches(store):
    text = '[actor.x]\nname = "Xylo"\n[source.s]\ntitle = "S"\norigin = "o"\n[source.t]\ntitle = "T"\n'
    text += A + 'actors = ["x"]\nsources = ["s", "t"]\n[era.now]\nname = "Now"\nperiod = "2024"\n[alias]\nq = "id:a"\n'
    text += B + 'date = "2024-05"\n'

    def found(*query: str) -> str:
        code, out, err = ask("-f", store, "list", *query, "-O", "plain", "--fields", "id")
        return out.replace("\n", "") if code == 0 else err.strip()

    store.write_text(text)
    assert (found("xylo"), found("is:single-source"), found("era:now"), found(":q")) == ("a", "", "b", "a")
    text = text.replace("Xylo", "Zeta").replace('title = "T"', 'title = "T"\norigin = "o"')
    text = text.replace('period = "2024"', 'period = "2025"').replace("id:a", "id:b")
    store.write_text(text)
    assert (found("zeta"), found("is:single-source"), found("era:now"), found(":q")) == ("a", "a", "", "b")
    assert found("xylo") == ""
    assert '"name": "Zeta"' in ask("-f", store, "list", "id:a", "-O", "json")[1]
