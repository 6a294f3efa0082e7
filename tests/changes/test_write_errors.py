"""What each command says to what cannot be: exactly, and nothing is written; and what each assignment makes of keys."""

import shlex
import tomllib
from pathlib import Path

import pytest
from writing import STORE, hidden

from asking import ask
from autotimeline.changes import assign

MORE = """
[actor.both]
name = "B"
[source.both]
title = "S"
[era.old]
name = "Old"
period = "../1900"

[[event]]
id = "two"
title = "Two"
figures.loss = ["1 EUR", "2 EUR"]
"""


SAID = [line.split("\t") for line in (Path(__file__).parent / "said.tsv").read_text("utf-8").splitlines()[1:]]


@pytest.mark.parametrize(("words", "code", "said"), SAID, ids=[words for words, _, _ in SAID])
def test_what_is_said_to_what_cannot_be(words, code, said, tmp_path, cache, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "facts.toml"
    path.write_text(STORE + MORE)
    expected = "".join(f"autotimeline: {line}\n" for line in said.split("\\n"))
    assert ask(*shlex.split(words)) == (int(code), "", expected)
    assert (path.read_text(), hidden(tmp_path)) == (STORE + MORE, [])


DAYS = {"today": "2025-11-22"}


@pytest.mark.parametrize(
    ("kind", "before", "words", "after"),
    [
        ("event", "", "title=X", 'title = "X"'),
        ("event", "", "title=a=b", 'title = "a=b"'),
        ("event", 'kind = "x"', "kind=", ""),
        ("event", "", "kind=", ""),
        ("event", "", "date=2025Q3", 'date = "2025-35"'),
        ("event", "", "date=~2023", 'date = "2023~"'),
        ("event", "", "known=today", 'known = "2025-11-22"'),
        ("event", "date = 2011", "date=2012", 'date = "2012"'),
        ("event", "", "reported=yes", "reported = true"),
        ("event", "reported = true", "reported=false", ""),
        ("event", "reported = true", "reported=", ""),
        ("event", "", "tags=a", 'tags = ["a"]'),
        ("event", 'tags = ["x"]', "tags=a tags=b tags=a", 'tags = ["a", "b"]'),
        ("event", 'tags = "x"', "tags+=a", 'tags = ["x", "a"]'),
        ("event", 'tags = ["x"]', "tags+=x", 'tags = ["x"]'),
        ("event", 'tags = "x"', "tags+=x", 'tags = "x"'),
        ("event", 'tags = ["x", "y"]', "tags-=x", 'tags = ["y"]'),
        ("event", 'tags = ["x"]', "tags-=x", ""),
        ("event", 'tags = ["x"]', "tags=", ""),
        ("event", "", "places='Hangzhou, China'", 'places = ["Hangzhou, China"]'),
        ("event", "", "actors=a actors=b", 'actors = ["a", "b"]'),
        ("event", "", "actors.buyer=a", 'actors.buyer = "a"'),
        ("event", "", "actors.buyer=a actors.buyer=b", 'actors.buyer = ["a", "b"]'),
        ("event", 'actors.buyer = "a"', "actors.buyer+=b actors.s=c", 'actors = {buyer = ["a", "b"], s = "c"}'),
        ("event", 'actors.buyer = ["a", "b"]', "actors.buyer-=a", 'actors.buyer = "b"'),
        ("event", 'actors.buyer = "a"', "actors.buyer=", ""),
        ("event", 'actors.buyer = "a"', "actors=b", 'actors = ["b"]'),
        ("event", "", "links.leads-to=a links.leads-to=b", 'links.leads-to = ["a", "b"]'),
        ("event", 'links.leads-to = ["a"]', "links.leads-to-=a", ""),
        ("event", 'links.leads-to = ["a"]', "links=", ""),
        ("event", "", "figures.loss=3", 'figures.loss = "3"'),
        ("event", "", "figures.loss=3 figures.loss=4", 'figures.loss = ["3", "4"]'),
        ("event", 'figures.loss = "3"', "figures.loss+=4", 'figures.loss = ["3", "4"]'),
        ("event", 'figures.loss = "3"', "figures.loss.of=a", 'figures.loss = {value = "3", of = "a"}'),
        ("event", 'figures.loss = {value = "3", of = "a"}', "figures.loss=4", 'figures.loss = {value = "4", of = "a"}'),
        ("event", 'figures.loss = {value = "3", of = "a"}', "figures.loss.of=", 'figures.loss = {value = "3"}'),
        ("event", 'figures.loss = [{value = "3"}]', "figures.loss.of=a", 'figures.loss = [{value = "3", of = "a"}]'),
        ("event", "", "figures.loss.printed=billions", 'figures.loss.printed = "billions"'),
        ("event", "", "figures.loss.of=", ""),
        ("event", 'figures.loss = ["3", "4"]', "figures.loss=", ""),
        ("event", "figures.loss = 3", "figures.loss.period=2025H1", 'figures.loss = {value = 3, period = "2025-40"}'),
        ("event", "", "sources=s", 'sources = ["s"]'),
        ("event", 'sources = "s"', "sources.s.quote=Q", 'sources = [{id = "s", quote = "Q"}]'),
        ("event", "", "sources.s.date=2025", 'sources = [{id = "s", date = "2025"}]'),
        ("event", 'sources = ["r", {id = "s", quote = "Q"}]', "sources.s.quote=", 'sources = ["r", {id = "s"}]'),
        ("event", 'sources = [{id = "s", quote = "Q"}]', "sources+=s", 'sources = [{id = "s", quote = "Q"}]'),
        ("event", 'sources = [{id = "s", quote = "Q"}, "r"]', "sources-=s", 'sources = ["r"]'),
        ("event", "", "sources.s.figures.loss=3", 'sources = [{id = "s", figures = {loss = "3"}}]'),
        ("event", "", "accept.disputed='two reports'", 'accept.disputed = "two reports"'),
        ("event", 'accept.disputed = "x"', "accept.disputed=", ""),
        ("actor", 'name = "A"', "aliases=x aliases=y part_of=c", 'name = "A"\naliases = ["x", "y"]\npart_of = ["c"]'),
        ("source", "", "title=T published=2025-10~", 'title = "T"\npublished = "2025-10~"'),
        ("era", "", "name=N period=../2025", 'name = "N"\nperiod = "../2025"'),
    ],
)  # fmt: skip
def test_what_a_word_makes_of_the_keys(kind, before, words, after):
    body = tomllib.loads(before)
    kept = tomllib.loads(before)
    found = assign.assigned(kind, body, [assign.read(word) for word in shlex.split(words)], DAYS.get)
    assert found == tomllib.loads(after)
    assert list(found) == list(tomllib.loads(after))
    assert body == kept
