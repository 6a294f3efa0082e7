"""An index that follows edits holds what one made from scratch holds, and parses only what has changed."""

import sqlite3
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_dump import built, dump, empty, update

IDS = st.sampled_from(["a", "b", "c"])
EVENTS = st.sampled_from(["e", "f", "g", "h"])
DATES = st.sampled_from(["2023", "2024-05", "2024-05~", "2025-01-01", "[..2026]", "2024/2025", "1990"])
METRICS = st.sampled_from(["cost", "stake"])
VALUES = st.sampled_from(['"~1.5bn EUR"', '"5%"', '"<3%"', '{ printed = "much" }', '{ value = "1%", of = "a" }'])


ODD = st.sampled_from(["knd = 'x'", "kind = x", "note = '''", "'''", "note = '''\n[actor.a]\n'''"])


@st.composite
def events(draw) -> str:
    lines = ["[[event]]", f'id = "{draw(EVENTS)}"', f'title = "T {draw(st.sampled_from(["one", "two", "Größe"]))}"']
    maybe = st.booleans()
    if draw(maybe):
        lines.append(f'{draw(st.sampled_from(["date", "period"]))} = "{draw(DATES)}"')
    if draw(maybe):
        lines.append(f'status = "{draw(st.sampled_from(["planned", "cancelled"]))}"')
    if draw(maybe):
        lines.append(f'actors = {{ buyer = "{draw(IDS)}" }}')
    if draw(maybe):
        figures = {draw(METRICS): draw(st.one_of(VALUES, EVENTS.map('"@{}"'.format))) for _ in range(2)}
        lines += [f"figures.{metric} = {value}" for metric, value in figures.items()]
    if draw(maybe):
        claim = draw(st.sampled_from(["", ', date = "2022"', ', status = "cancelled"', ', figures = { cost = "@f" }']))
        lines.append(f'sources = [{{ id = "{draw(IDS)}", quote = "q"{claim} }}]')
    if draw(maybe):
        lines.append(f'links = {{ fulfils = ["{draw(EVENTS)}"] }}')
    if draw(st.integers(0, 9)) == 0:
        lines.append(draw(ODD))
    return "\n".join(lines) + "\n"


BLOCKS = st.one_of(
    events(),
    events(),
    events(),
    st.builds('[source.{}]\ntitle = "S"\npublished = "{}"\n'.format, IDS, DATES),
    st.builds('[source.{}]\ntitle = "S"\norigin = "{}"\n'.format, IDS, IDS),
    st.builds('[actor.{}]\nname = "{} x"\npart_of = ["{}"]\n'.format, IDS, IDS, IDS),
    st.builds('[actor.{}]\nname = "{}"\n'.format, IDS, IDS),
    st.builds('[era.{}]\nname = "E"\nperiod = "{}"\n'.format, IDS, DATES),
    st.builds('[alias]\n{} = "kind:{}"\n'.format, IDS, IDS),
    st.builds('[store]\ntitle = "{}"\n'.format, IDS),
    st.sampled_from(["# a comment\n", "[source.a\n", "[sorce.a]\n", "[event]\n"]),
)
FILES = st.lists(BLOCKS, max_size=9).map("\n".join)
STORES = st.tuples(FILES, FILES)


@st.composite
def edited(draw, text: str) -> str:
    """The text after an edit of a block, or of several."""
    pieces = text.split("\n\n") if text else []
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(pieces)))
        kind = draw(st.sampled_from(["insert", "remove", "replace", "move", "double", "line"]))
        if kind in ("remove", "replace", "move", "double", "line") and at < len(pieces):
            piece = pieces.pop(at) if kind != "double" else pieces[at]
            if kind in ("move", "double"):
                pieces.insert(draw(st.integers(0, len(pieces))), piece)
            if kind == "line":
                lines = piece.split("\n")
                del lines[draw(st.integers(0, len(lines) - 1))]
                pieces.insert(at, "\n".join(lines))
        if kind in ("insert", "replace"):
            pieces.insert(min(at, len(pieces)), draw(BLOCKS).rstrip("\n"))
    return "\n\n".join(pieces)


def said(db: sqlite3.Connection) -> dict[str, list]:
    """All that it holds; of an invalid store, which cannot be asked, what does not hang on which of two is meant."""
    found = dump(db)
    if not found["problem"]:
        return found
    if any("duplicate" in row for row in found["problem"]):
        found["problem"] = [row for row in found["problem"] if "to repeat" not in repr(row)]
    return {
        table: found[table]
        for table in ("problem", "block", "entity", "actor_name", "actor_parent", "unreadable", "reference")
    }


@settings(max_examples=40, deadline=None)
@given(STORES, st.data())
def test_after_any_edits_it_holds_what_a_new_one_holds(texts, data):
    old: list[str] = []
    new = list(texts)
    db = empty()
    for _ in range(data.draw(st.integers(2, 4))):
        update(db, old, new)
        assert said(db) == said(built(new))
        old, new = new, [data.draw(edited(text)) for text in new]


STORE = """\
[source.s]
title = "S"
published = "2023-05"
[source.t]
title = "T"
published = "2024"
[actor.x]
name = "Xylo"
[era.y]
name = "Y"
period = "2020/2021"
[alias]
k = "kind:deal"
[[event]]
id = "a"
title = "A"
actors = ["x"]
sources = ["s", "t"]
figures.cost = "5 EUR"
[[event]]
id = "b"
title = "B"
figures.cost = "@a"
[[event]]
id = "c"
title = "C"
figures.cost = "@b"
[[event]]
id = "d"
title = "D"
sources = ["t"]
"""


@pytest.fixture
def parsed(monkeypatch):
    texts: list[str] = []
    load = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text, **more: (texts.append(text), load(text, **more))[1])
    return texts


def rows(db: sqlite3.Connection, sql: str) -> list:
    return db.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("before", "after", "sql", "found"),
    [
        ('"5 EUR"', '"6 EUR"', "SELECT low FROM figure ORDER BY event", [(6.0,), (6.0,), (6.0,)]),
        ('figures.cost = "5 EUR"\n', "", "SELECT event FROM problem ORDER BY event", [("b",), ("c",)]),
        ('"2023-05"', '"2022"', "SELECT known FROM event WHERE id = 'a'", [("2022",)]),
        ('published = "2023-05"\n', "", "SELECT known FROM event WHERE id = 'a'", [("2024",)]),
        ('"Xylo"', '"Zeta"', "SELECT actor, folded FROM actor_name", [("x", "zeta")]),
        ('title = "A"', 'title = "Quux"', "SELECT rowid > 0 FROM search WHERE search MATCH 'quux'", [(1,)]),
        ("2020/2021", "2019/2021", "SELECT date FROM entity WHERE kind = 'era'", [("2019/2021",)]),
        ("kind:deal", "kind:x", "SELECT name FROM entity WHERE kind = 'alias'", [("kind:x",)]),
        ('id = "b"', 'id = "z"', "SELECT event, text FROM problem", [("c", 'figures.cost: no event "b"')]),
    ],
)  # fmt: skip
def test_an_edit_reaches_what_depends_on_it_and_only_its_block_is_parsed(before, after, sql, found, parsed):
    db = built([STORE])
    del parsed[:]
    text = STORE.replace(before, after)
    update(db, [STORE], [text])
    assert rows(db, sql) == found
    assert len(parsed) == 1
    assert dump(db) == dump(built([text]))
    update(db, [text], [STORE])
    assert dump(db) == dump(built([STORE]))


def test_lines_that_moved_are_not_read_again(parsed):
    db = built([STORE])
    del parsed[:]
    text = "# one\n\n# two\n" + STORE
    update(db, [STORE], [text])
    assert parsed == ["# one\n\n# two\n"]
    lines = (
        "SELECT e.id, c.line + b.line + e.line FROM event e"
        " JOIN block b ON b.number = e.block JOIN chunk c ON c.number = b.chunk ORDER BY 1"
    )
    assert rows(db, lines) == [("a", 17), ("b", 23), ("c", 27), ("d", 31)]


def test_a_deleted_event_is_in_no_table():
    db = built([STORE])
    kept = STORE.replace('title = "A"', 'title = "Secret"')
    update(db, [STORE], [kept])
    start, end = kept.index('[[event]]\nid = "a"'), kept.index('[[event]]\nid = "b"')
    text = kept[:start] + kept[end:]
    update(db, [kept], [text])
    assert "secret" not in repr(dump(db)).lower()
    assert rows(db, "SELECT rowid FROM search WHERE search MATCH 'secret'") == []
    assert dump(db) == dump(built([text]))


def test_a_string_that_a_later_block_closes():
    broken = "[[event]]\nid = 'a'\ntitle = 'A'\nnote = '''\n[source.s]\ntitle = 'S'\n"
    closed = broken.replace("title = 'S'\n", "'''\n")
    db = built([broken])
    update(db, [broken], [closed])
    assert rows(db, "SELECT text FROM problem") == []
    assert dump(db) == dump(built([closed]))


def test_an_actor_moves_from_one_file_to_the_other():
    actor, other = "[actor.x]\nname = 'Xylo'\npart_of = ['x']\n", "# none\n"
    for old, new in [([actor, other], [other, actor]), ([other, actor], [actor, other])]:
        db = built(old)
        update(db, old, new)
        assert rows(db, "SELECT actor, folded FROM actor_name") == [("x", "xylo")]
        assert rows(db, "SELECT actor, parent FROM actor_parent") == [("x", "x")]


def test_of_an_actor_that_stood_twice_the_names_of_the_other_stay():
    actor = "[actor.x]\nname = 'Xylo'\n"
    both = [actor + "[actor.x]\nname = 'Zeta'\n"]
    db = built(both)
    update(db, both, [actor])
    assert rows(db, "SELECT actor, folded FROM actor_name") == [("x", "xylo")]
