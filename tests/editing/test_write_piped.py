"""`add -`: what standard input holds is added as `import -` takes it, and all of it is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import program

if TYPE_CHECKING:
    from pathlib import Path

STORE = """\
[store]
title = "S"

[source.s]
title = "One"
published = "2024-02"

[actor.acme]
name = "Acme"

[alias]
ours = "actor:acme"

[[event]]
id = "deal"
date = "2024"
title = "A deal of Acme"
actors = ["acme"]
sources = ["s"]
"""


@pytest.fixture
def add(tmp_path: Path):
    env = program.environment(tmp_path / "cache")
    (tmp_path / "facts.toml").write_text(STORE, "utf-8")

    def run(text: str, *words: str, file: str = "facts.toml", command: str = "add") -> tuple[int, list[str], list[str]]:
        done = program.run("-f", file, command, "-", *words, cwd=tmp_path, env=env, stdin=text.encode())
        return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode().splitlines()

    return run


@pytest.mark.parametrize("form", ["toml", "json", "jsonl", "csv"])
def test_what_list_writes_is_added_and_nothing_is_invented(add, tmp_path, form):
    env = program.environment(tmp_path / "cache")
    answer = program.run("list", "-O", form, cwd=tmp_path, env=env).stdout.decode()
    (tmp_path / "new.toml").write_text("" if form != "csv" else STORE[: STORE.index("[[event]]")], "utf-8")
    ids = {"csv": ["deal"], "toml": ["s", "acme", "deal"]}.get(form, ["acme", "s", "deal"])
    assert add(answer, file="new.toml") == (0, ids, [])
    new = (tmp_path / "new.toml").read_text("utf-8")
    assert new.partition("[[event]]")[2] == STORE.partition("[[event]]")[2]
    code, out, (first, last) = add(answer, file="new.toml")
    assert (code, out) == (4, [])
    assert last.startswith("autotimeline: nothing was written: 1 invalid record of ")
    assert first.endswith('the id "deal" of event is taken; choose another, or change it with `autotimeline set`')
    assert (tmp_path / "new.toml").read_text("utf-8") == new


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["autotimeline: -: empty input; write an event in TOML or JSON"]),
        ("[]", ["autotimeline: -: empty input; write an event in TOML or JSON"]),
        (
            '[{"title": "Another deal", "actors": ["acme"]}, {"title": "Another deal", "actors": ["acme"]}]',
            [
                '-:1: row 2: likely a duplicate of event "another-deal": the same title',
                "autotimeline: nothing was written; add it anyway with --force",
            ],
        ),
        (
            '{"title": "A deal of Acme", "date": "2024-05", "actors": ["acme"]}',
            [
                'autotimeline: -: row 1: likely a duplicate of event "deal": the same title',
                "autotimeline: nothing was written; add it anyway with --force",
            ],
        ),
        (
            '[[event]]\nid = "x"\ntitle = "X"\n[[event]]\nid = "x"\ntitle = "X"\n',
            [
                '-:4: the id "x" of event is also in -:1; give each an id of its own',
                "autotimeline: nothing was written: 1 invalid record of 2; fix it",
            ],
        ),
        (
            '[actor.acme]\nname = "Other"\n',
            [
                '-:1: actor "acme" already exists with different values: name: "Acme" exists, "Other" imported;'
                " overwrite it with `autotimeline import - --update`",
                "autotimeline: nothing was written: 1 invalid record of 1; fix it",
            ],
        ),
        (
            "a,b\n1,2\n",
            [
                'autotimeline: -: columns without a key: "a", "b"; map them,'
                " for example: autotimeline import - --map title=COLUMN"
            ],
        ),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_what_is_not_new_is_refused(add, tmp_path, text, told, dry):
    code, out, err = add(text, *dry)
    assert (code, out, err) == (2 if "columns" in told[0] else 4, [], told)
    assert (tmp_path / "facts.toml").read_text("utf-8") == STORE


def test_a_twin_is_added_by_force(add):
    two = '[{"title": "Another deal", "actors": ["acme"]}, {"title": "Another deal", "actors": ["acme"]}]'
    code, out, err = add(two, "--force")
    assert (code, out) == (0, ["another-deal", "another-deal-2"])
    assert [line for line in err if "the same title" in line] == [
        'facts.toml:26: event "another-deal-2": possibly the same as another-deal (undated, "Another deal"):'
        ' the same title; merge them, link them, or add accept.twins = "why"'
    ]
