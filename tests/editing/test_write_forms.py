"""Whatever way a store is written, a change touches what it is about and nothing else."""

import tomllib
from difflib import SequenceMatcher

import pytest
from writing import STORE

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that are gone and those that are new."""
    old, new = before.split("\n"), after.split("\n")
    gone, come = [], []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += old[a1:a2]
            come += new[b1:b2]
    return gone, come


INLINE = """\
# all of them
event = [
    { id = "a", title = "A", kind = "x" },   # first
    { id = "b", title = "B", tags = ["t"] },
]
"""
ENTITIES = """\
actor = { argo = { name = "Argo" }, nao = { name = "Nao" } }   # ships
[[event]]
id = "a"
title = "A"
actors = "argo"
"""
TABLES = """\
[[event]]
id    = "a"
title = "A"

# how much
[event.figures]
loss = "2 EUR"   # guessed

  [event.links]
  related = ["b"]

[[event]]
id = "b"
title = "B"
"""
NESTED = """\
[[event]]
id = "a"
title = "A"
[event.figures.loss]
value = "2 EUR"
of = "argo"
[[event.sources]]
id = "log"
quote = "q"
[actor.argo]
name = "Argo"
[source.log]
title = "Log"
"""
QUOTED = """\
[actor."argo"]
name = "Argo"   # c
[actor . nao]
name = "Nao"

[[ event ]]
"id" = "a"
'title' = 'A'
"kind"="x"#c
actors = ["argo"]
"""
STRINGS = '''\
[[event]]
id = "a"
title = "A"
note = """
[[event]]
id = "z"
[actor.argo]
# no comment"""

# between
# two
[[event]]
id = "b"
title = "B"
note = \'\'\'
"""
# nor this one\'\'\'   # but this
# and this
'''
DOTTED = """\
[[event]]
id = "a"
title = "A"
figures.loss.value = "2 EUR"  # one
figures.loss.of = "argo"
actors.ship = "argo"
figures.gain = ["3 EUR", { value = "4 EUR", of = "argo" }]

[actor.argo]
name = "Argo"
"""
LISTS = """\
[[event]]
id = "a"
title = "A"
tags = [
    "t",   # one
    # two
    "u"
]
places = ["Paris",
          "Lyon, France"]
"""
SUPER = """\
[actor]
argo = { name = "Argo" } # one
nao.name = "Nao"

[[event]]
id = "a"
title = "A"
"""
APART = """\
[actor."argo"]
name = "Argo"
[[event]]
id = "a"
title = "A"
actors = ["argo"]
[actor.nao]
name = "Nao"
[[event]]
id = "b"
title = "B"
"""
# The keys of one thing on either side of another.
SPREAD = """\
[[event]]
id = "a"
title = "A"
[actor.argo.accept]
unused = "so it is"
[event.links]
related = ["b"]
[actor.argo]
name = "Argo"
[[event]]
id = "b"
title = "B"
"""
TWICE = """\
[actor."argo"]
name = "Argo"
[[event]]
id = "a"
title = "A"
[[event]]
id = "a"
title = "B"
"""


@pytest.mark.parametrize(
    ("text", "words", "gone", "come"),
    [
        (INLINE, "set a kind=jv", INLINE.split("\n")[2:3], ['    { id = "a", title = "A", kind = "jv" },   # first']),
        (INLINE, "set b tags-=t", INLINE.split("\n")[3:4], ['    { id = "b", title = "B"  },']),
        (INLINE, "rename a c", INLINE.split("\n")[2:3], ['    { id = "c", title = "A", kind = "x" },   # first']),
        (INLINE, "add actor:new name=New", [], ["[actor.new]", 'name = "New"', ""]),
        (ENTITIES, "set a kind=jv", [], ['kind = "jv"']),
        (ENTITIES, "rename a b", ['id = "a"'], ['id = "b"']),
        (ENTITIES, "add X --id x", [], ["[[event]]", 'id = "x"', 'title = "X"', ""]),
        (TABLES, "set a kind=jv", [], ['kind  = "jv"']),
        (TABLES, "set a tags+=t figures.gain=3", [], ['tags  = ["t"]', 'gain = "3"']),
        (TABLES, "set a figures.loss=", ["[event.figures]", 'loss = "2 EUR"   # guessed', ""], []),
        (TABLES, "set a links.related+=a", ['  related = ["b"]'], ['  related = ["b", "a"]']),
        (TABLES, "rename b c", ['  related = ["b"]', 'id = "b"'], ['  related = ["c"]', 'id = "c"']),
        (NESTED, "set a kind=jv", [], ['kind = "jv"']),
        (NESTED, "set a figures.loss=~3M", ['value = "2 EUR"'], ['value = "~3M"']),
        (NESTED, "set a sources.log.quote=r", ['quote = "q"'], ['quote = "r"']),
        (NESTED, "set a sources.log.quote=", ['quote = "q"'], []),
        (NESTED, "rename argo b", ['of = "argo"', "[actor.argo]"], ['of = "b"', "[actor.b]"]),
        (NESTED, "rename log b", ['id = "log"', "[source.log]"], ['id = "b"', "[source.b]"]),
        (QUOTED, "set a kind=jv", ['"kind"="x"#c'], ['"kind"="jv"#c']),
        (QUOTED, "set a title=New", ["'title' = 'A'"], ["'title' = \"New\""]),
        (QUOTED, "set argo kind=ship", [], ['kind = "ship"']),
        (QUOTED, "rename argo b", ['[actor."argo"]', 'actors = ["argo"]'], ["[actor.b]", 'actors = ["b"]']),
        (QUOTED, "rename nao b", ["[actor . nao]"], ["[actor . b]"]),
        (STRINGS, "set a kind=jv", [], ['kind = "jv"']),
        (STRINGS, "set b kind=jv", [], ['kind = "jv"']),
        (STRINGS, "set a note=", STRINGS.split("\n")[3:8], []),
        (STRINGS, "set b note=n", STRINGS.split("\n")[14:17], ["note = \"n\"   # but this"]),
        (STRINGS, "remove a", STRINGS.split("\n")[:9], []),
        (STRINGS, "rename a c", ['id = "a"'], ['id = "c"']),
        (STRINGS, "add X --id x", [], ["[[event]]", 'id = "x"', 'title = "X"', ""]),
        (DOTTED, "set a figures.loss=3", ['figures.loss.value = "2 EUR"  # one'], ['figures.loss.value = "3"  # one']),
        (DOTTED, "set a figures.loss.of=", ['figures.loss.of = "argo"'], []),
        (DOTTED, "set a actors.ship+=nao actor:nao", None, None),
        (DOTTED, "rename argo b", [line for line in DOTTED.split("\n") if "argo" in line],
         [line.replace("argo", "b") for line in DOTTED.split("\n") if "argo" in line]),
        (LISTS, "set a tags+=v", ['    "u"'], ['    "u",', '    "v"']),
        (LISTS, "set a tags-=u", ['    "u"'], []),
        (LISTS, "set a places-=Paris", ['places = ["Paris",'], ["places = ["]),
        (SUPER, "set argo kind=s", ['argo = { name = "Argo" } # one'], ['argo = { name = "Argo", kind = "s"} # one']),
        (SUPER, "set nao kind=ship", [], ['nao.kind = "ship"']),
        (APART, "set a kind=jv", [], ['kind = "jv"']),
        (APART, "remove b", ["[[event]]", 'id = "b"', 'title = "B"'], []),
        (APART, "add X --id x", [], ["[[event]]", 'id = "x"', 'title = "X"', ""]),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)  # fmt: skip
def test_a_change_touches_what_it_is_about(text, words, gone, come, tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(text)
    code, _, err = ask("-f", path, *words.split())
    if gone is None:
        assert (code, path.read_text()) == (2, text)
        return
    assert code == 0, err
    assert changed(text, path.read_text()) == (gone, come)
    assert ask("-f", path, "list")[0] == 0
    assert ask("-f", path, "undo")[0] == 0
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        (SPREAD, "set a kind=jv", 'event "a" is written in a way that only a person can change; edit the file'),
        (SPREAD, "remove a", 'event "a" is written in a way that only a person can change; edit the file'),
        (SPREAD, "rename argo b", 'actor "argo" is written in a way that only a person can change; edit the file'),
        (TWICE, "set a kind=jv", 'event "a" stands twice, PATH:3 and PATH:6; give one another id by hand'),
        (SUPER, "remove argo", 'actor "argo" has no block of its own; take it out by hand'),
        (INLINE, "remove b", 'event "b" has no block of its own; take it out by hand'),
        (ENTITIES, "rename argo b", 'actor "argo" has no header [actor.argo] of its own; rename it by hand'),
        (SUPER, "rename argo b", 'actor "argo" has no header [actor.argo] of its own; rename it by hand'),
    ],
)
def test_what_only_a_person_can_change_is_left_to_them(text, words, what, tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(text)
    assert ask("-f", path, *words.split()) == (4, "", f"autotimeline: {what.replace('PATH', str(path))}\n")
    assert path.read_text() == text


# What stands above all headers, what stands between others, and its kind: each has the file taken whole.
ODD = [
    ("", '[actor."odd"]\nname = "Odd"', "actor"),
    ("", "['actor' . \"\\u006fdd\"]   # [actor.x]\nname = 'Odd'", "actor"),
    ("", '[ actor . odd ]\nname = "Odd"', "actor"),
    ("", '[era."odd"]\nname = "Odd"\nperiod = "2020"', "era"),
    ("", '[ source . odd ]\ntitle = """\n[actor.x]\n"""', "source"),
    ('source.odd = { title = "Odd" }', "", "source"),
    ('actor.odd.name = "Odd"\n# its kind\nactor.odd.kind = "x"', "", "actor"),
    ("", '[actor]\nodd = { name = "Odd" }   # own', "actor"),
    ("", '[["event"]]\nid = "odd"\ntitle = "Odd"', "event"),
    ("", '[[event]]\nid = "odd"\ntitle = "Odd"\n# links\n[ event . links ]\nrelated = ["one", "two"]', "event"),
    ("", '[[event]]\nid = "odd"\ntitle = \'Odd\'\n[event."links"]\nrelated = [\n"one",\n"two"\n]', "event"),
]
AMID = """\
# at the top
%s

# about one
[[event]]
id = "one"
title = "One"

# about odd
%s

# about plain
[actor.plain]
name = "Plain"

# about two
[[event]]
id = "two"
title = "Two"
actors = ["other", "plain"%s]

# about other
[actor.other]
name = "Other"
# at the end
"""


def told(tables, *, but=None):
    """Return (kind, id, body) of what a store says, without what is taken out of it."""

    def bare(value):
        if isinstance(value, dict):
            return {key: bare(within) for key, within in value.items()}
        return [bare(within) for within in value if within != but] if isinstance(value, list) else value

    events = [("event", event["id"], bare(event)) for event in tables["event"]]
    rest = [(kind, id, bare(body)) for kind in tables if kind != "event" for id, body in tables[kind].items()]
    return sorted((thing for thing in events + rest if thing[1] != but), key=lambda thing: thing[:2])


def under(text):
    """Return each comment of a line of its own, and the line below it."""
    lines = [line for line in text.split("\n") if line]
    return {line: (lines[n + 1 : n + 2] or [""])[0] for n, line in enumerate(lines) if line.startswith("#")}


@pytest.mark.parametrize(("top", "odd", "kind"), ODD)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_header_in_another_spelling_keeps_no_neighbour_from_being_changed(top, odd, kind, end, tmp_path):
    path = tmp_path / "facts.toml"
    text = AMID % (top, odd, ', "odd"' if kind == "actor" else "")
    path.write_bytes(text.replace("\n", end).encode())
    before = tomllib.loads(text)
    own = odd.startswith("[") and not odd.startswith("[actor]\n")
    for id in ("one", "plain", "two", "odd"):
        for words in (f"set {id} note=n", f"rename {id} new", f"remove {id} --force"):
            code, _, err = ask("-f", path, *words.split())
            after = path.read_bytes().decode()
            assert after.count("\n") == after.count(end)
            after = after.replace("\r", "") if end == "\r\n" else after
            if id == "odd" and not own and words.startswith("rename"):
                assert (code, err.count("by hand"), after) == (4, 1, text)
                continue
            assert (code, err) == (0, ""), words
            meant = told(before)
            gone, come = changed(text, after)
            if words.startswith("set"):
                next(body for _, named, body in meant if named == id)["note"] = "n"
                assert (gone, len(come)) == ([], 1) or (id == "odd" and not own and len(gone) == len(come) == 1)
            elif words.startswith("rename"):
                meant = told(tomllib.loads(text.replace('"\\u006fdd"', "odd").replace(id, "new")))
                assert len(gone) == len(come) <= 2
            else:
                meant = told(before, but=id)
            assert told(tomllib.loads(after)) == meant
            # What is said of another stands where it stood.
            for comment, line in under(text).items():
                if comment not in (f"# about {id}", "# links") and line not in gone:
                    assert under(after)[comment] == line
            if words.startswith("rename"):
                assert ask("-f", path, "undo")[0] == 0
                assert path.read_bytes() == text.replace("\n", end).encode()
            path.write_bytes(text.replace("\n", end).encode())


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", '[[event]]\nid = "x"\ntitle = "X"\n'),
        ("# nothing yet\n", '# nothing yet\n\n[[event]]\nid = "x"\ntitle = "X"\n'),
        ("# nothing yet", '# nothing yet\n\n[[event]]\nid = "x"\ntitle = "X"\n'),
        ("# nothing yet\n\n\n", '# nothing yet\n\n[[event]]\nid = "x"\ntitle = "X"\n\n\n'),
        ("\r\n", '\r\n[[event]]\r\nid = "x"\r\ntitle = "X"\r\n'),
        ('[store]\ntitle = "S"', '[store]\ntitle = "S"\n\n[[event]]\nid = "x"\ntitle = "X"\n'),
        ('[actor.e]\nname="E"\n# end', '[actor.e]\nname="E"\n# end\n\n[[event]]\nid = "x"\ntitle = "X"\n'),
        ("\ufeff", '\ufeff[[event]]\nid = "x"\ntitle = "X"\n'),
    ],
    ids=["empty", "comment", "no newline", "blank lines", "CRLF", "head", "no newline, comment", "BOM"],
)  # fmt: skip
def test_what_is_added_to_next_to_nothing(text, after, tmp_path):
    path = tmp_path / "facts.toml"
    path.write_bytes(text.encode())
    assert ask("-f", path, "add", "X")[:2] == (0, "x\n")
    assert path.read_bytes().decode() == after
    assert ask("-f", path, "undo")[0] == 0
    assert path.read_bytes().decode() == text


def test_a_last_line_without_an_end_gets_one_like_the_others(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_bytes(b'[[event]]\r\nid = "a"\r\ntitle = "A"')
    assert ask("-f", path, "set", "a", "kind=jv", "title=B")[0] == 0
    assert path.read_bytes() == b'[[event]]\r\nid = "a"\r\ntitle = "B"\r\nkind = "jv"\r\n'


def test_what_is_new_stands_behind_the_last_of_its_kind(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    for words in ("add actor:mia name=Mia", "add source:map title=Map", "add era:old name=Old period=../1900"):
        assert ask("-f", path, *words.split())[0] == 0
    lines = path.read_text().split("\n")
    assert [line for line in lines if line.startswith("[")] == [
        *("[store]", "[source.log]", "[source.map]", "[actor.argo]   # a ship", "[actor.nao]", "[actor.mia]"),
        *("[era.old]", "[alias]", "[[event]]", "[[event]]"),
    ]
    assert "\n\n\n" not in path.read_text()


def test_a_store_of_a_newer_format_is_not_changed(tmp_path):
    path = tmp_path / "facts.toml"
    text = STORE.replace("format = 1", "format = 2")
    path.write_text(text)
    what = "format: 2 is not supported (the newest is 1); install a newer autotimeline"
    for words in (["set", "wreck", "kind=loss"], ["add", "X"], ["remove", "wreck"], ["rename", "nao", "new"]):
        assert ask("-f", path, *words) == (3, "", f"{path}:2: store: {what}\n")
    assert path.read_text() == text


def test_a_store_that_is_invalid_is_mended_one_by_one(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE.replace('"2023-01" ', '"2023-31" ').replace('= ["nao", "argo"]', '= ["nao", "arg"]'))
    assert ask("-f", path, "list")[0] == 3
    assert ask("-f", path, "add", "X")[0] == 0
    code, _, err = ask("-f", path, "set", "wreck", "actors-=arg", "actors+=arg2")
    assert (code, 'no actor "arg2"' in err) == (4, True)
    assert ask("-f", path, "set", "wreck", "actors-=arg")[0] == 0
    code, _, err = ask("-f", path, "set", "wreck", "actors+=ar")
    assert (code, err.count("\n")) == (4, 2)
    assert ask("-f", path, "set", "launch", "date=2023-03")[0] == 0
    assert ask("-f", path, "list")[0] == 0


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "facts.toml"
    data = STORE.encode() + b"# \xff\n"
    path.write_bytes(data)
    code, out, err = ask("-f", path, "add", "X")
    line = data.count(b"\n")
    assert (code, out, err) == (3, "", f"{path}:{line}: byte 0xff is not UTF-8; save the file as UTF-8\n")
    assert path.read_bytes() == data


def test_a_store_of_several_files(tmp_path):
    head, cut, rest = STORE.partition("# The first")
    one, other = tmp_path / "a.toml", tmp_path / "b.toml"
    one.write_text(head)
    other.write_text(cut + rest)
    code, out, err = ask("-f", tmp_path, "add", "X")
    what = f"the store has 2 files; say with --into which takes it: {one}, {other}"
    assert (code, out, err) == (2, "", f"autotimeline: {what}\n")
    assert (
        ask("-f", tmp_path, "add", "X", "--into", "c.toml")[2]
        == "autotimeline: --into c.toml: not a file of the store\n"
    )
    assert ask("-f", tmp_path, "add", "X", "--into", other)[:2] == (0, "x\n")
    assert 'id = "x"' in other.read_text()
    assert one.read_text() == head
    # What is in the one and the other is changed together.
    assert ask("-f", tmp_path, "rename", "nao", "new")[0] == 0
    assert "[actor.new]" in one.read_text()
    assert '["new", "argo"]' in other.read_text()
    code, out, _ = ask("-f", tmp_path, "remove", "new", "--force", "--dry-run")
    assert code == 0
    assert f"--- a/{one}\n" in out
    assert f"--- a/{other}\n" in out
    for _ in range(2):
        assert ask("-f", tmp_path, "undo")[0] == 0
    assert (one.read_text(), other.read_text()) == (head, cut + rest)


QUERIES = """\
[store]
format = 1

[source.log]
title = "The log"

[actor.ship]
name = "Argo"

[era.date]
name = "Then"
period = "2023"

[alias]
mine = %s

[[event]]
id = "related"
title = "Argo sails"
actors = { ship = ["ship"] }
"""


@pytest.mark.parametrize(
    ("thing", "query", "after"),
    [
        ("actor:ship", "actor:SHIP@ship or actor=ship", "actor:new@ship or actor=new"),
        ("actor:ship", "ship role:ship group:ship", "ship role:ship group:new"),
        ("event:related", "link:related id:Related", "link:related id:new"),
        ("event:related", "(link:related@related or near:@Related/90d)", "(link:related@new or near:@new/90d)"),
        ("era:date", "date:Date date>=date era:date", "date:new date>=new era:new"),
        ("source:log", "source:Log text:log", "source:new text:log"),
    ],
)
def test_rename_follows_an_id_in_queries_as_these_read_it(tmp_path, thing, query, after):
    path = tmp_path / "facts.toml"
    path.write_text(QUERIES % f"'{query}'", "utf-8")
    assert ask("-f", path, "rename", thing.removeprefix("event:"), "new")[0] == 0
    assert tomllib.loads(path.read_text("utf-8"))["alias"]["mine"] == after


def test_a_saved_query_that_asks_for_what_is_removed_is_told(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text('[alias]\nhers = "actor:ann"\n\n[actor.ann]\nname = "Ann"\n\n[[event]]\nid = "e"\ntitle = "E"\n')
    code, out, err = ask("-f", path, "remove", "ann", "--force")
    warning = 'alias hers asks for actor "ann", which no longer exists; fix or remove the alias'
    assert (code, out, err.splitlines()) == (0, "", [f"autotimeline: {warning}"])
    assert '[alias]\nhers = "actor:ann"\n' in path.read_text()
