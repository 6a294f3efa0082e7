"""A file of any length is read a segment at a time, and after an edit only the segment that it fell into."""

import io
import subprocess
import sys
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_dump import built, dump, empty, update

from autotimeline.index import builder
from autotimeline.store import chunks as module
from autotimeline.store.chunks import ChunkedFile
from program import environment, terminal

SOURCE = '[source.s]\ntitle = "S"\npublished = "2023-05"\n'


def event(n: int, more: str = "") -> str:
    return (
        f'[[event]]\nid = "e{n}"\ntitle = "Event {n}"\ndate = "20{n % 100:02}-0{n % 9 + 1}"\nsources = ["s"]\n{more}\n'
    )


@pytest.fixture
def small(monkeypatch):
    """Segments so small that a short file has many."""
    monkeypatch.setattr(module, "MIN_CHUNK_BYTES", 300)
    monkeypatch.setattr(module, "READ_BYTES", 70)


def cuts(text: str) -> list[str]:
    file = ChunkedFile(io.BytesIO(text.encode()))
    return [file.read(segment).decode() for segment in file.chunks]


@pytest.mark.usefixtures("small")
def test_segments_are_cut_at_headers_and_make_up_the_file():
    text = SOURCE + "".join(map(event, range(50)))
    pieces = cuts(text)
    assert "".join(pieces) == text
    assert len(pieces) > 5
    assert all(piece.startswith(("[source.s]", "[[event]]")) for piece in pieces)
    assert all(300 <= len(piece) < 900 for piece in pieces[:-1])
    file = ChunkedFile(io.BytesIO(text.encode()))
    assert [segment.offset for segment in file.chunks] == [len("".join(pieces[:n])) for n in range(len(pieces))]
    assert file.length == len(text)


@given(st.integers(0, 2999), st.sampled_from(["", "note = 'x'\n", "note = '" + "x" * 700 + "'\n"]), st.booleans())
@settings(deadline=None, max_examples=30)
def test_behind_an_edit_the_cuts_soon_fall_where_they_fell(at, more, gone):
    def texts(edited: bool) -> str:
        each = [event(n) for n in range(3000)]
        if edited:
            each[at] = "" if gone else event(at, more)
        return SOURCE + "".join(each)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MIN_CHUNK_BYTES", 8000)
        before, after = cuts(texts(False)), cuts(texts(True))
    assert len(before) > 15
    assert len(set(after) - set(before)) <= 6


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "text",
    [
        SOURCE + "".join(map(event, range(40))),
        "".join(map(event, range(40))) + SOURCE,  # what events rest on comes last
        SOURCE + "".join(event(n, f'figures.x = "@e{n + 30}"') for n in range(30))
        + "".join(event(n, 'figures.x = "5"') for n in range(30, 60)),
        SOURCE + "".join(map(event, range(20))) + event(20, "note = '''\n" + "".join(map(event, range(30, 50))) + "'''")
        + "".join(map(event, range(60, 70))),
        SOURCE + "".join(map(event, range(20))) + event(20, "note = '''") + "".join(map(event, range(30, 50))),
        SOURCE + "".join(map(event, range(20))) + '["actor".x]\nname = "X"\n' + "".join(map(event, range(30, 50))),
        SOURCE + "".join(map(event, range(20))) + "[sorce.x]\n" + "".join(map(event, range(30, 50))),
        SOURCE + "".join(map(event, range(20))) + event(3) + SOURCE,
        SOURCE + "".join(map(event, range(20))) * 2,
        "[store]\n" + SOURCE + "".join(map(event, range(20))) + "[store]\n[alias]\na = 'x'\n[alias]\nb = 'y'\n",
    ],
    ids=["plain", "sources last", "repeats", "a string across", "an open string", "a quoted header", "unknown header",
         "twice", "all twice", "heads"],
)  # fmt: skip
def test_many_segments_hold_what_one_holds(text, monkeypatch):
    several = dump(built([text]))
    monkeypatch.setattr(module, "MIN_CHUNK_BYTES", 1 << 20)
    one = dump(built([text]))
    del several["block"], one["block"]
    assert several == one


@pytest.mark.usefixtures("small")
@given(st.data())
@settings(max_examples=30, deadline=None)
def test_after_edits_many_segments_hold_what_a_new_index_holds(data):
    pieces = [SOURCE, *map(event, range(12)), event(20, "note = '''"), event(21, "'''")]
    old: list[str] = []
    db = empty()
    for _ in range(4):
        new = ["".join(data.draw(st.permutations(pieces))[: data.draw(st.integers(3, len(pieces)))])]
        update(db, old, new)
        found, fresh = dump(db), dump(built(new))
        assert {name: found[name] for name in found if name != "block"} == {
            name: fresh[name] for name in fresh if name != "block"
        }
        old = new


@pytest.mark.usefixtures("small")
def test_a_string_that_turns_all_others_round_costs_no_square_of_their_number(monkeypatch):
    taken: list[int] = []
    cut = builder.parse_blocks
    monkeypatch.setattr(
        builder, "parse_blocks", lambda text, *a, **more: (taken.append(len(text)), cut(text, *a, **more))[1]
    )
    noted = "".join(event(n, "note = '''\nx\n'''") for n in range(300))
    text = event(500, "note = '''") + noted
    assert len(cuts(text)) > 30
    assert dump(built([text]))["problem"]
    assert sum(taken) < 5 * len(text)


@pytest.mark.usefixtures("small")
def test_what_left_one_file_is_noted_though_the_next_is_read_twice():
    """A header that tells only with the whole file shows up when segments before it have been read."""
    many, more = ("".join(map(event, numbers)).replace("sources", "tags") for numbers in (range(40), range(40, 45)))
    old, new = [SOURCE + event(100), many], [event(100), more + many + '["actor".x]\nname = "X"\n']
    db = built(old)
    update(db, old, new)
    assert dump(db)["problem"] == dump(built(new))["problem"] != []


@pytest.mark.usefixtures("small")
def test_after_an_edit_only_its_block_is_parsed(monkeypatch):
    texts: list[str] = []
    load = tomllib.loads
    text = SOURCE + "".join(map(event, range(200)))
    db = built([text])
    monkeypatch.setattr(tomllib, "loads", lambda text, **more: (texts.append(text), load(text, **more))[1])
    changed = text.replace('"Event 90"', '"Event ninety"')
    update(db, [text], [changed])
    assert texts == [event(90).replace('"Event 90"', '"Event ninety"')]
    assert dump(db)["event"] == dump(built([changed]))["event"]


def test_an_edit_above_moves_only_segments(monkeypatch):
    monkeypatch.setattr(module, "MIN_CHUNK_BYTES", 300)
    text = SOURCE + "".join(map(event, range(200)))
    db = built([text])
    updated: list[str] = []
    db.set_trace_callback(updated.append)
    update(db, [text], ["# a comment\n" + text])
    db.set_trace_callback(None)
    assert not [sql for sql in updated if sql.startswith(("INSERT INTO event", "DELETE FROM event"))]
    assert len([sql for sql in updated if sql.startswith("UPDATE block")]) < 10
    row = (
        "SELECT c.line + b.line + e.line FROM event e"
        " JOIN block b ON b.number = e.block JOIN chunk c ON c.number = b.chunk"
    )
    assert db.execute(row + " WHERE e.id = 'e199'").fetchone() == (3 + 1 + 6 * 199 + 1,)


WORDS = "word " * 100
_PEAK = """
import resource, sys
from autotimeline.index import cache
cache.connect([sys.argv[1]]).close()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path):
    peaks = []
    for count in (300, 6000):
        store = tmp_path / f"{count}.toml"
        store.write_text(SOURCE + "".join(event(n, f"note = '{WORDS}'\n") for n in range(count)))
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, str(store)],
            env=environment(tmp_path / "cache"),
            capture_output=True,
            check=True,
        )
        peaks.append(int(done.stdout))
    # Of 4 MB of text, and rows several times as large, no more stays than SQLite keeps of its file.
    assert peaks[1] < peaks[0] + 24_000


# The program, with a bar from the first moment on.
AT_ONCE = [
    sys.executable,
    "-c",
    "import sys; from autotimeline.cli import main, progress\n"
    "progress._DELAY_SECONDS = progress._INTERVAL_SECONDS = 0\nsys.exit(main())",
]


@pytest.mark.parametrize("columns", [100, 40])
def test_a_long_reading_shows_how_far_it_is(columns, tmp_path):
    store = tmp_path / "facts.toml"
    store.write_text(SOURCE + "".join(map(event, range(2000))))
    code, sent = terminal(
        ["-f", str(store), "list", "-n", "1", "--fields", "id"],
        cwd=tmp_path, env=environment(tmp_path / "cache"), columns=columns, command=AT_ONCE,
    )  # fmt: skip
    assert code == 0
    assert "Reading the store" in sent
    assert "100%" in sent
    # It is gone before the answer comes.
    assert "Reading" not in sent.rsplit("\x1b[2K", 1)[1]
    assert "e0" in sent.rsplit("\x1b[2K", 1)[1]


def test_a_quick_reading_shows_nothing_and_off_a_terminal_no_reading_does(tmp_path):
    store = tmp_path / "facts.toml"
    store.write_text(SOURCE + event(1))
    code, sent = terminal(["-f", str(store), "list", "--fields", "id"], cwd=tmp_path, env=environment(tmp_path / "c"))
    assert (code, "Reading" in sent) == (0, False)
    done = subprocess.run(
        [*AT_ONCE, "-f", str(store), "list"], env=environment(tmp_path / "d"), capture_output=True, check=True
    )
    assert done.stderr == b""
