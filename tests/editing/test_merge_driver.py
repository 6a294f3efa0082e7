"""Merges by `autotimeline merge-driver`: in process as texts, and with git itself."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writing import STORE, killed

import program
from asking import ask
from autotimeline.editing.store_merge import StoreMerger
from autotimeline.editing.store_version import find_problems
from autotimeline.store.toml_writer import format_block

REMEDY = (
    "keep one side, or two new events with [[event]] above each, and remove the lines <<<<<<<, =======, and >>>>>>>"
)
LAUNCH = '[[event]]\nid = "launch-2025"\ndate = "2025-0{}"\ntitle = "Launch"\n'
OLD = '[source.old]\ntitle = "Old"\n'


def changed(*replacements: tuple[str, str], end: str = "", text: str = STORE) -> str:
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text + end


def marked(ours: str, theirs: str) -> str:
    return f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"


# Our version and theirs of STORE, and the merged text, which has both changes.
CLEAN = {
    "new events": (
        changed(end='\n[[event]]\nid = "a"\ntitle = "A"\n'),
        changed(end='\n# seen\n[[event]]\nid = "b"\ntitle = "B"\n'),
        changed(end='\n[[event]]\nid = "a"\ntitle = "A"\n\n# seen\n[[event]]\nid = "b"\ntitle = "B"\n'),
    ),
    "different keys of one event": (
        changed(('"Argo is launched"', '"Argo sails"'), ("# in winter", "# in deep winter")),
        changed(('"2023-01" ', '"2023-02" '), ('["sea",  "first"]', '["sea",  "first", "ship"]')),
        changed(
            ('"Argo is launched"', '"Argo sails"'),
            ('"2023-01"     # in winter', '"2023-02"     # in deep winter'),
            ('["sea",  "first"]', '["sea",  "first", "ship"]'),
        ),
    ),
    "items of one list": (
        changed(('["sea",  "first"]', '["first", "ours"]')),
        changed(('["sea",  "first"]', '["sea",  "first", "theirs"]')),
        changed(('["sea",  "first"]', '["first", "ours", "theirs"]')),
    ),
    "keys of one figure": (
        changed(('"~2m EUR"', '"3m EUR"')),
        changed(('of = "argo" }', 'of = "argo", basis = "expected" }')),
        changed(('"~2m EUR", of = "argo" }', '"3m EUR", of = "argo", basis = "expected" }')),
    ),
    "aliases": (
        changed(('kind:wreck"', 'kind:wreck"\nall = "since:2020"')),
        changed(('kind:wreck"', 'status:cancelled"')),
        changed(('kind:wreck"', 'status:cancelled"\nall = "since:2020"')),
    ),
    "the head": (
        changed(('"Ships"', '"Boats"')),
        changed(("[store]\nformat = 1\n", "[store]\n")),
        changed(('format = 1\ntitle  = "Ships"', 'title  = "Boats"')),
    ),
    "a source without and with a quote": (
        changed(('"Nao is wrecked"', '"Nao is wrecked"\nsources = ["log"]')),
        changed(('"Nao is wrecked"', '"Nao is wrecked"\nsources = [{ id = "log", quote = "lost" }]')),
        changed(('"Nao is wrecked"', '"Nao is wrecked"\nsources = [{ id = "log", quote = "lost" }]')),
    ),
    "one change in two spellings": (
        changed(('"~2m EUR"', '"~3m EUR"')),
        changed(('"~2m EUR"', '"about 3000k EUR"')),
        changed(('"~2m EUR"', '"~3m EUR"')),
    ),
    "a removal": (
        changed((STORE[STORE.index("[actor.nao]") : STORE.index("[alias]")], ""), ('["nao", "argo"]', '["argo"]')),
        changed(('"Ships"', '"Boats"')),
        changed(
            (STORE[STORE.index("[actor.nao]") : STORE.index("[alias]")], ""),
            ('["nao", "argo"]', '["argo"]'),
            ('"Ships"', '"Boats"'),
        ),
    ),
    "a move": (
        changed(('"Ships"', '"Boats"')),
        STORE[: STORE.index("[alias]")]
        + STORE[STORE.index("# The first") :]
        + "\n"
        + '[alias]\nsailed = "kind:wreck"\n',
        changed(
            ('"Ships"', '"Boats"'),
            text=STORE[: STORE.index("[alias]")]
            + STORE[STORE.index("# The first") :]
            + '\n[alias]\nsailed = "kind:wreck"\n',
        ),
    ),
}
# Our version and theirs, a part of the merged text, and the messages with the lines of the markers.
CONFLICTS = {
    "one key": (
        changed(('"2023-01" ', '"2023-02" ')),
        changed(('"2023-01" ', '"2023-03" ')),
        marked('date    = "2023-02"     # in winter\n', 'date    = "2023-03"     # in winter\n'),
        ['event "launch": date is "2023-02" in ours and "2023-03" in theirs; keep one'],
    ),
    "a date and a period": (
        changed(('date    = "2023-01" ', 'period  = "2023-01" ')),
        changed(('"2023-01" ', '"2023-03" ')),
        marked('period  = "2023-01"     # in winter\n', 'date    = "2023-03"     # in winter\n'),
        [
            'event "launch": period is "2023-01" in ours and missing in theirs; keep one',
            'event "launch": date is missing in ours and "2023-03" in theirs; keep one',
        ],
    ),
    "one figure": (
        changed(('"~2m EUR"', '"3m EUR"')),
        changed(('"~2m EUR"', '"4m EUR"')),
        marked(
            'figures.loss = { value = "3m EUR", of = "argo" }  # of the owners\n',
            'figures.loss = { value = "4m EUR", of = "argo" }  # of the owners\n',
        ),
        ['event "wreck": figures.loss.value is "3m EUR" in ours and "4m EUR" in theirs; keep one'],
    ),
    "a text of several lines": (
        changed(('tags    = ["sea",  "first"]', 'note = """\nour\nnote"""')),
        changed(('tags    = ["sea",  "first"]', 'note = """\ntheir\nnote"""')),
        marked('note = """\nour\nnote"""\n', 'note = """\ntheir\nnote"""\n'),
        ['event "launch": note is "our\\nnote" in ours and "their\\nnote" in theirs; keep one'],
    ),
    "an alias": (
        changed(("kind:wreck", "kind:loss")),
        changed(("kind:wreck", "tag:sea")),
        marked('sailed = "actor:argo not kind:loss"\n', 'sailed = "actor:argo not tag:sea"\n'),
        [
            'alias "sailed": the query is "actor:argo not kind:loss" in ours'
            ' and "actor:argo not tag:sea" in theirs; keep one'
        ],
    ),
    "the title of the store": (
        changed(('"Ships"', '"Boats"')),
        changed(('"Ships"', '"Vessels"')),
        marked('title  = "Boats"\n', 'title  = "Vessels"\n'),
        ['[store]: title is "Boats" in ours and "Vessels" in theirs; keep one'],
    ),
    "a changed fact that the other side removed": (
        changed(('"Nao is wrecked"', '"Nao sinks"')),
        changed(
            (STORE[STORE.index('\n[[event]]\nid    = "wreck"') :], ""), ('links   = { leads-to = ["wreck"] }\n', "")
        ),
        marked(
            changed(('"Nao is wrecked"', '"Nao sinks"'))[STORE.index('[[event]]\nid    = "wreck"') :],
            "",
        ),
        ['event "wreck": ours changed title, and theirs removed it; keep one'],
    ),
    "a reference to what the other side removed": (
        changed(('["log"]', '["log", "old"]'), text=changed(("[actor.argo]", f"{OLD}\n[actor.argo]"))),
        STORE,
        f"\n{marked(OLD, '')}\n",
        [
            'source "old": theirs removed it, but event "launch" refers to it (sources);'
            " keep it, or remove the reference"
        ],
    ),
    "two events with one id": (
        changed(end="\n" + LAUNCH.format(3)),
        changed(end="\n" + LAUNCH.format(5)),
        marked(LAUNCH.format(3), LAUNCH.format(5)),
        [
            'event "launch-2025": both sides added it, with date "2025-03" and "2025-05";'
            " keep one, or change one id and keep both"
        ],
    ),
    "two roles of one actor": (
        changed(('{ ship = "argo" }', '{ ship = ["argo", "nao"] }')),
        changed(('{ ship = "argo" }', '{ ship = "argo", crew = "nao" }')),
        marked('actors  = { ship = ["argo", "nao"] }\n', 'actors  = { ship = ["argo"], crew = "nao" }\n'),
        ['event "launch": actors (nao) is ["ship"] in ours and ["crew"] in theirs; keep one'],
    ),
    "an invalid side": (
        changed(('"Ships"', '"Ships')),
        changed(('"Ships"', '"Boats"')),
        marked('title  = "Ships\n', 'title  = "Boats"\n'),
        ['ours, line 3: unclosed text; end it with " (column 10); merge the two sides by hand'],
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_changes_of_different_facts_and_keys_merge(name):
    ours, theirs, merged = CLEAN[name]
    assert StoreMerger(STORE, ours, theirs).merge() == (merged, [])
    assert StoreMerger(STORE, theirs, ours).merge()[1] == []


@pytest.mark.parametrize("name", CONFLICTS)
def test_contradicting_changes_are_marked_and_named(name):
    ours, theirs, part, messages = CONFLICTS[name]
    base = changed(("[actor.argo]", f"{OLD}\n[actor.argo]")) if "old" in ours and "source.old" in ours else STORE
    text, conflicts = StoreMerger(base, ours, theirs).merge()
    assert part in text
    assert [conflict.text for conflict in conflicts] == messages
    assert {text.split("\n")[conflict.line - 1] for conflict in conflicts} == {"<<<<<<< ours"}


# Random stores: the values that a key may get, by kind. Lists and tables merge by items; other keys are one value.
VALUES = {
    "source": {"title": ["S", "S 2", "S 3"], "published": ["2024", "2024-02"], "note": ["n", 'two\n"lines"\n']},
    "actor": {"name": ["A", "A 2", "A 3"], "aliases": [["x"], ["x", "y"], ["z"]], "kind": ["ship", "port"]},
    "era": {"name": ["E", "E 2"], "period": ["2023", "2024/.."]},
    "metric": {"measures": ["amount", "level"], "note": ["n", "m"]},
    "rate": {"of": ["USD", "CHF"], "in": ["EUR"], "value": ["0.9", "0.95"], "date": ["2024-01-01", "2024-02-01"]},
    "event": {
        "title": ["T", "T 2", "T 3"],
        "date": ["2023", "2023-05", "2024~"],
        "kind": ["deal", "visit"],
        "status": ["planned", "cancelled"],
        "tags": [["a"], ["a", "b"], ["b", "c"]],
        "actors": [["argo"], ["argo", "nao"], {"buyer": "argo"}, {"buyer": ["argo"], "seller": "nao"}],
        "sources": [["log"], ["log", "book"], [{"id": "log", "quote": "q"}]],
        "figures": [
            {"cost": "1 EUR"},
            {"cost": "2 EUR", "sales": "3"},
            {"cost": {"value": "1 EUR", "of": "argo"}},
            {"cost": ["1 EUR", "2 EUR"]},
        ],
        "links": [{"related": ["e0"]}, {"related": ["e0", "e1"]}],
        "accept": [{"undated": "so"}, {"unsourced": "so"}],
        "note": ["n", "m\nm\n"],
    },
}
REQUIRED = {"source": ["title"], "actor": ["name"], "era": ["name", "period"], "metric": ["measures"],
            "rate": list(VALUES["rate"]), "event": ["title"]}  # fmt: skip
MERGED_BY_ITEM = ("aliases", "tags", "actors", "sources", "figures", "links", "accept")
NAMES = ["log", "book", "argo", "nao", "e0", "e1"]
Facts = dict[tuple[str, str], dict]


@st.composite
def bodies(draw, kind: str) -> dict:
    return {
        key: draw(st.sampled_from(values))
        for key, values in VALUES[kind].items()
        if key in REQUIRED[kind] or draw(st.integers(0, 2)) == 0
    }


@st.composite
def bases(draw) -> Facts:
    fixed = [
        ("source", "log"),
        ("source", "book"),
        ("actor", "argo"),
        ("actor", "nao"),
        ("event", "e0"),
        ("event", "e1"),
    ]
    more = [("era", "now"), ("metric", "cost"), ("rate", "r"), ("actor", "c"), ("source", "d"), ("event", "e2")]
    keys = [*fixed, *(key for key in more if draw(st.booleans()))]
    facts: Facts = {("store", ""): {"title": "Ships"}, ("alias", ""): {"a": "kind:deal", "b": "since:2024"}}
    return facts | {key: draw(bodies(key[0])) for key in sorted(keys, key=lambda key: list(VALUES).index(key[0]))}


@st.composite
def versions(draw, base: Facts, side: str) -> Facts:
    """Return a version in which facts are added, removed, and changed; its references are valid."""
    facts = {key: dict(body) for key, body in base.items()}
    for number in range(draw(st.integers(0, 3))):
        # Now and then, both sides choose one id.
        kind = draw(st.sampled_from(list(VALUES)))
        facts[kind, draw(st.sampled_from([f"{side}-{number}", f"new-{number}"]))] = draw(bodies(kind))
    for key in [key for key in base if key[1] and key[1] not in NAMES]:
        if draw(st.integers(0, 5)) == 0:
            del facts[key]
    for kind, id in [key for key in base if key in facts and draw(st.integers(0, 2)) == 0]:
        values = VALUES.get(
            kind, {"title": ["Boats", "Hulls"]} if kind == "store" else {"a": ["tag:x"], "c": ["tag:y"]}
        )
        for key in draw(st.lists(st.sampled_from(list(values)), unique=True, min_size=1, max_size=2)):
            if key in facts[kind, id] and key not in REQUIRED.get(kind, ()) and draw(st.integers(0, 2)) == 0:
                del facts[kind, id][key]
            else:
                facts[kind, id][key] = draw(st.sampled_from(values[key]))
    return facts


def as_text(facts: Facts) -> str:
    blocks = []
    for (kind, id), body in facts.items():
        keys = {"id": id, **body} if kind == "event" else body
        blocks.append(format_block(f"{kind}.{id}" if id and kind != "event" else kind, keys))
    return "\n".join(blocks)


def as_facts(text: str) -> Facts:
    facts: Facts = {}
    for kind, content in tomllib.loads(text).items():
        if kind == "event":
            facts |= {("event", body.pop("id")): body for body in content}
        elif kind in ("store", "alias"):
            facts[kind, ""] = content
        else:
            facts |= {(kind, id): body for id, body in content.items()}
    return facts


def resolve(text: str, side: int) -> str:
    """Return a text with one side of each conflict."""
    return re.sub(r"<{7} ours\n(.*?)={7}\n(.*?)>{7} theirs\n", lambda match: match[side + 1], text, flags=re.DOTALL)


def items(value) -> list:
    if isinstance(value, dict):
        return [(name, item) for name, values in value.items() for item in items(values)]
    return value if isinstance(value, list) else [] if value is None else [value]


def must_conflict(base: dict | None, ours: dict | None, theirs: dict | None) -> bool:
    """Return whether both sides changed one value of a fact, or one changed it and the other removed it."""
    if base is not None and (ours is None or theirs is None):
        return (ours or theirs or base) != base
    return (
        ours is not None
        and theirs is not None
        and any(
            key not in MERGED_BY_ITEM
            and ours.get(key) != theirs.get(key)
            and (base or {}).get(key) not in (ours.get(key), theirs.get(key))
            for key in ours | theirs | (base or {})
        )
    )


@settings(max_examples=200)
@given(st.data())
def test_random_merges_lose_no_fact_and_are_valid_or_name_the_fact(data):
    base = data.draw(bases())
    ours, theirs = (data.draw(versions(base, side)) for side in ("ours", "theirs"))
    text, conflicts = StoreMerger(*map(as_text, (base, ours, theirs))).merge()
    named = "\n".join(conflict.text for conflict in conflicts)
    results = [as_facts(resolve(text, side)) for side in (0, 1)]
    if not conflicts:
        assert find_problems(text) == []
        assert results[0] == results[1]
    for key in base | ours | theirs:
        old, our_body, their_body = (facts.get(key) for facts in (base, ours, theirs))
        label = f'{key[0]} "{key[1]}"' if key[1] else {"alias": 'alias "', "store": "[store]"}[key[0]]
        if must_conflict(old, our_body, their_body):
            assert label in named
        if label in named:
            assert [result.get(key) is None for result in results] in (
                [False] * 2,
                [our_body is None, their_body is None],
            )
        elif our_body is None or their_body is None:
            kept = None if old is not None else our_body or their_body
            assert [result.get(key) for result in results] == [kept, kept]
        else:
            for name in {*our_body, *their_body, *(old or {})}:
                versions_of_key = [(body or {}).get(name) for body in (old, our_body, their_body)]
                check_key(*versions_of_key, results[0][key].get(name))
                assert results[0][key].get(name) == results[1][key].get(name)


def check_key(old, ours, theirs, merged):
    """Compare a merged key with its three versions."""
    if ours in (old, theirs):
        assert merged == theirs
    elif theirs == old:
        assert merged == ours
    else:
        added = [item for value in (ours, theirs) for item in items(value) if item not in items(old)]
        names = [
            item if isinstance(item, str) else item[0] if isinstance(item, tuple) else item["id"] for item in added
        ]
        assert all(name in str(merged) for name in names)
        removed = [item for item in items(old) if item not in items(ours) and item not in items(theirs)]
        assert not [item for item in removed if item in items(merged)]


@pytest.fixture
def env(tmp_path_factory):
    """Return the environment of a process."""
    return program.environment(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def git(tmp_path, monkeypatch, cache):
    """Return what runs git in a repository whose store is merged by the driver; it returns the exit code and stderr."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)

    def command(*words: str) -> tuple[int, str]:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        done = subprocess.run(["git", *who, *words], capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stderr

    driver = " ".join([*map(shlex.quote, program.PROGRAM), "merge-driver %O %A %B %L %P"])
    tmp_path.joinpath("facts.toml").write_text(STORE)
    tmp_path.joinpath(".gitattributes").write_text("facts.toml merge=facts\n")
    for words in (
        ["init", "-q", "-b", "main"],
        ["config", "merge.facts.driver", driver],
        ["add", "."],
        ["commit", "-qm", "base"],
        ["branch", "theirs"],
    ):
        assert command(*words) == (0, "")
    return command


def commit(git, *changes: str, branch: str) -> None:
    assert git("checkout", "-q", branch) == (0, "")
    for change in changes:
        assert ask(*shlex.split(change))[0] == 0
    assert git("commit", "-qam", "x") == (0, "")


def test_git_merges_what_two_people_add_and_change(git):
    commit(git, "add 'Alice adds a plant' --date 2021 --actor argo", "set launch tags+=alice", branch="theirs")
    commit(git, "add 'Bob adds a visit' --date 2022 --actor nao", "set launch tags+=bob kind=trip", branch="main")
    assert git("merge", "-qm", "x", "theirs") == (0, "")
    assert ask("list", "-O", "tsv", "--fields", "id,tags,kind") == (
        0,
        "id\ttags\tkind\nalice-adds-a-plant-2021\t\t\nbob-adds-a-visit-2022\t\t\n"
        "launch\tsea; first; bob; alice\ttrip\nwreck\t\t\n",
        "",
    )


def test_git_reports_a_conflict_and_merges_on_after_it(git):
    commit(git, "set launch title=Theirs", "add A --id a", branch="theirs")
    commit(git, "set launch title=Ours", branch="main")
    message = 'title is "Ours" in ours and "Theirs" in theirs; keep one'
    code, errors = git("merge", "-q", "theirs")
    assert (code, errors) == (1, f'facts.toml:24: event "launch": {message}\n')
    assert ask("set", "wreck", "kind=x") == (3, "", f"facts.toml:24: merge conflict; {REMEDY}\n")
    text = Path("facts.toml").read_text()
    assert marked('title   = "Ours"\n', 'title   = "Theirs"\n') in text
    Path("facts.toml").write_text(resolve(text, 0))
    assert git("commit", "-qam", "merged") == (0, "")
    assert ask("list", "-O", "tsv", "--fields", "id,title") == (
        0,
        "id\ttitle\nlaunch\tOurs\nwreck\tNao is wrecked\na\tA\n",
        "",
    )


def test_git_merges_branches_whose_common_ancestor_has_conflicts(git):
    commit(git, "set launch title=Theirs", branch="theirs")
    commit(git, "set launch title=Ours", branch="main")
    for branch, other in (("main", "theirs"), ("theirs", "main~1")):
        git("checkout", "-q", branch)
        git("merge", "-q", other)
        Path("facts.toml").write_text(resolve(Path("facts.toml").read_text(), 0))
        assert git("commit", "-qam", "crossed") == (0, "")
    git("checkout", "-q", "main")
    code, errors = git("merge", "-q", "theirs")
    assert code == 1
    assert errors.splitlines()[-1].endswith('title is "Ours" in ours and "Theirs" in theirs; keep one')


# What the driver is asked to do, and its message; the exit code is above those of a conflict.
FAILURES = {
    "too few files": (["base", "ours"], "write autotimeline merge-driver %O %A %B %L %P in the configuration of git"),
    "no size": (
        ["base", "ours", "theirs", "x"],
        "write autotimeline merge-driver %O %A %B %L %P in the configuration of git",
    ),
    "no file": (["base", "ours", "gone"], "gone: no such file or directory"),
}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.usefixtures("cache")
def test_a_failure_is_no_conflict_and_writes_nothing(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    words, message = FAILURES[name]
    for file in ("base", "ours", "theirs"):
        Path(file).write_text(STORE)
    assert ask("merge-driver", *words) == (129, "", f"autotimeline: {message}; nothing was merged\n")
    assert Path("ours").read_text() == STORE


def test_line_endings_and_the_byte_order_mark_of_our_side_stay(tmp_path, cache):
    files = {"base": STORE, "ours": changed(('"Ships"', '"Boats"')), "theirs": changed(('"Nao"', '"Naos"'))}
    for name, text in files.items():
        data = text.encode() if name != "ours" else b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
        tmp_path.joinpath(name).write_bytes(data)
    paths = [str(tmp_path / name) for name in files]
    assert ask("merge-driver", *paths) == (0, "", "")
    merged = changed(('"Ships"', '"Boats"'), ('"Nao"', '"Naos"')).replace("\n", "\r\n").encode()
    assert tmp_path.joinpath("ours").read_bytes() == b"\xef\xbb\xbf" + merged


def test_a_killed_driver_leaves_our_version_or_the_merged_one(tmp_path, env):
    versions = {"base": STORE, "ours": CONFLICTS["one key"][0], "theirs": CONFLICTS["one key"][1]}
    expected = {versions["ours"], StoreMerger(*versions.values()).merge()[0]}
    step, was_killed = 0, True
    while was_killed:
        step += 1
        for name, text in versions.items():
            tmp_path.joinpath(name).write_text(text)
        was_killed = killed(step, "merge-driver", *versions, cwd=tmp_path, env=env, code=1)
        assert tmp_path.joinpath("ours").read_text() in expected
    assert step > 3


WRITES = [
    "add New --date 2023",
    "add actor:x name=X",
    "set wreck kind=x",
    "rename wreck wreck-2",
    "remove wreck",
    "merge launch wreck",
    "edit wreck",
]


# An undo without a change loads no file.
@pytest.mark.parametrize(
    ("command", "text"), [("undo", "title"), *((command, text) for command in WRITES for text in ("title", "note"))]
)
def test_no_command_writes_a_store_with_conflict_markers(tmp_path, monkeypatch, cache, command, text):
    monkeypatch.chdir(tmp_path)
    store = CONFLICTS["one key"][0] if text == "title" else STORE
    line = marked('title = "A"\n', 'title = "B"\n')
    # Within a text of several lines, the markers are valid TOML.
    store += f'\n[[event]]\nid = "z"\n{line}' if text == "title" else f'note = """\n{line}"""\n'
    Path("facts.toml").write_text(store)
    number = store[: store.index("<<<<<<<")].count("\n") + 1
    assert ask(*command.split()) == (3, "", f"facts.toml:{number}: merge conflict; {REMEDY}\n")
    assert Path("facts.toml").read_text() == store


BASE = """[source.a]
title = "A"

[source.b]
title = "B"

# About it.
[[event]]
id = "e"
title = "t"
sources = ["b"]
"""


def test_the_last_citation_that_one_side_removed_and_one_that_the_other_added_merge():
    ours, theirs = BASE.replace('["b"]', '["b", "a"]'), BASE.replace('sources = ["b"]\n', "")
    for sides in ((ours, theirs), (theirs, ours)):
        assert StoreMerger(BASE, *sides).merge() == (BASE.replace('["b"]', '["a"]'), [])


def test_the_comment_above_a_removed_fact_is_between_the_markers():
    ours, theirs = BASE.replace('"t"', '"u"'), BASE[: BASE.index("# About")]
    text, [conflict] = StoreMerger(BASE, ours, theirs).merge()
    head, event = BASE[: BASE.index("# About")], ours[ours.index("# About") :]
    assert text.rstrip("\n") == f"{head}<<<<<<< ours\n{event}=======\n>>>>>>> theirs"
    assert conflict.line == head.count("\n") + 1
