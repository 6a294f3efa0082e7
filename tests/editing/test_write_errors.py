"""What each command says to what cannot be: exactly, and nothing is written; and what each assignment makes of keys."""

import shlex
import tomllib
from pathlib import Path

import pytest
from writing import STORE, hidden

from asking import ask
from autotimeline.editing import assignments

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
        ("event", "", "date=2025Q3", 'date = "2025Q3"'),
        ("event", "", "date=~2023", 'date = "~2023"'),
        ("event", "", "date=2045-35", 'date = "2045Q3"'),
        ("event", "", "date='Q1 2025?'", 'date = "2025Q1?"\nprinted = "Q1 2025?"'),
        ("event", "", "date='Nov 2025'", 'date = "2025-11"\nprinted = "Nov 2025"'),
        ("event", "", "date='Nov 2025' printed=then", 'date = "2025-11"\nprinted = "then"'),
        # The words of the source go with the date that they state; others stay.
        ("event", 'date = "2025-10"\nprinted = "Oct 2025"', "date=2025-11", 'date = "2025-11"'),
        ("event", 'date = "2025-10"\nprinted = "Oct 2025"', "date=~2025-10", 'date = "~2025-10"\nprinted = "Oct 2025"'),
        ("event", 'date = "2025-10"\nprinted = "last year"', "date=2025-11", 'date = "2025-11"\nprinted = "last year"'),
        ("event", 'date = "2025-10"\nprinted = "Oct 2025"', "date=", 'printed = "Oct 2025"'),
        ("event", 'date = "2025"\nprinted = "in 2025"', "date='May 2025'", 'date = "2025-05"\nprinted = "May 2025"'),
        ("event", 'figures.a = {value = "1bn EUR", printed = "€1bn"}', "figures.a=2", 'figures.a = {value = "2"}'),
        ("event", 'figures.a = {value = "1", printed = "x"}', "figures.a=2", 'figures.a = {value="2", printed="x"}'),
        ("event", 'foo = "x"', "foo=", ""),
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
        ("event", "figures.loss = 3", "figures.loss.period=2025H1", 'figures.loss = {value = 3, period = "2025H1"}'),
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
    found = assignments.apply_assignments(
        kind, body, [assignments.parse_assignment(word) for word in shlex.split(words)], DAYS.get
    )
    assert found == tomllib.loads(after)
    assert list(found) == list(tomllib.loads(after))
    assert body == kept


def test_a_file_that_cannot_be_read_as_a_whole_is_not_changed(tmp_path, cache, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "facts.toml"
    text = 'event = []\n\n[[event]]\nid = "one"\ntitle = "x"\n'
    path.write_text(text)
    said = "facts.toml:3: duplicate table [event]; merge the two, or start the next event with [[event]] (column 8)\n"
    assert ask("list") == (3, "", said)
    for words in ("set one kind=x", "add Later", "edit one", "remove one", "rename one two"):
        assert ask(*words.split()) == (3, "", said)
    assert (path.read_text(), hidden(tmp_path)) == (text, [])


def test_to_a_store_with_a_broken_block_is_added(tmp_path, cache, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "facts.toml"
    text = '[[event]]\nid = "one"\ntitle = "x"\n[[event]]\nid = "two\ntitle = "x"\n'
    path.write_text(text)
    assert ask("add", "Later", "--date", "2024")[:2] == (0, "later-2024\n")
    assert path.read_text() == text + '\n[[event]]\nid = "later-2024"\ndate = "2024"\ntitle = "Later"\n'


def test_a_key_that_never_fitted_is_taken_out(tmp_path, cache, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "facts.toml"
    path.write_text('[[event]]\nid = "two"\nfoo = "x"\ntitle = "x"\n')
    assert ask("set", "two", "foo=") == (0, "", "")
    assert path.read_text() == '[[event]]\nid = "two"\ntitle = "x"\n'
    code, _, err = ask("set", "two", "foo=")
    assert (code, err[:40]) == (2, 'autotimeline: event: no field "foo"; the')
