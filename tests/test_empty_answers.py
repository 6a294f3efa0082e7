"""Answers without rows: what is refused, and what a message on stderr explains."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import program
from asking import ask
from program import environment

STORE = """
[alias]
plants = "plant"
[source.memo]
title = "The Memo"
[actor.vw]
name = "Volkswagen"
aliases = ["VW", "The Maker"]
[actor.bmw]
name = "BMW"
aliases = ["The Maker"]
[actor.lyten]
name = "Lyten"
[actor.idle]
name = "Idle Industries"
[era.boom]
name = "Boom years"
period = "2020/2022"
[[event]]
id = "northvolt-sale"
date = "2024-08"
title = "Lyten buys a plant behind closed doors"
kind = "take-over"
tags = ["battery"]
places = ["Zaragoza, Spain"]
actors = { buyer = "lyten" }
figures.investment = "1bn EUR"
sources = ["memo"]
[[event]]
id = "plant-start"
date = "2030"
title = "Production begins at the plant"
status = "planned"
actors = ["vw", "bmw"]
links = { fulfils = ["northvolt-sale"] }
"""
# The words of the command line, and the message about them.
EXPLAINED = [
    ("lytne", 'no event has the word "lytne"; did you mean "lyten"?'),
    ("text:lytne", 'no event has the word "lytne"; did you mean "lyten"?'),
    ("title:prodution", 'no title has the word "prodution"; did you mean "title:production"?'),
    ("title:zaragoza", 'no title has the word "zaragoza"'),
    ("closed dors", 'no event has the words "closed dors"; did you mean "closed doors"?'),
    ("zaragosa", 'no event has the word "zaragosa"; did you mean "zaragoza"?'),
    ("volkswaggen", 'no event has the word "volkswaggen"; did you mean "volkswagen"?'),
    ("xyzzy", 'no event has the word "xyzzy"'),
    ("Lyten or BMW", 'no event has the words "Lyten or BMW"; write the operator "or" outside of quotes'),
    ("Lyten and BMW", 'no event has the words "Lyten and BMW"; write the operator "and" outside of quotes'),
    ("overdue", '"overdue" is searched as a word; for the state write is:overdue'),
    ("overdu", 'no event has the word "overdu"; did you mean "is:overdue"?'),
    ("cancelled", 'no event has the word "cancelled"; did you mean "status:cancelled"?'),
    ("canceled", 'no event has the word "canceled"; did you mean "status:cancelled"?'),
    ("take-over", '"take-over" is searched as a word; for the kind write kind:take-over'),
    ("Batery", 'no event has the word "Batery"; did you mean "tag:battery"?'),
    ("buyer", 'no event has the word "buyer"; did you mean "role:buyer"?'),
    ("memo", 'no event has the word "memo"; did you mean "source:memo"?'),
    ("the memo", 'no event has the words "the memo"; did you mean "source:memo"?'),
    ("idle industries", 'no event has the words "idle industries"; did you mean "actor:idle"?'),
    ("boom-years", 'no event has the word "boom-years"; did you mean "era:boom"?'),
    ("fulfils", 'no event has the word "fulfils"; did you mean "link:fulfils"?'),
    ("northvolt-sail", 'no event has the word "northvolt-sail"; did you mean "id:northvolt-sale"?'),
    (
        "around northvolt-sale",
        'no event has the words "around northvolt-sale"; did you mean "near:@northvolt-sale/30d"?',
    ),
    ("around", 'no event has the word "around"; did you mean "near:@EVENT/30d"?'),
    ("kind", 'no event has the word "kind"; did you mean "kind:VALUE"?'),
    (
        "investment",
        '"investment" is searched as a word; for the metric write metric:investment or investment:1bn..'
        " (did the shell take your > or <?)",
    ),
]
REFUSED = [
    (
        "foo.bar:baz",
        'no field or metric "foo.bar" (to search for the text, write text:"foo.bar:baz")',
    ),
    ("kind.x=3", 'no field or metric "kind.x"; did you mean "kind"? (to search for the text, write text:"kind.x:3")'),
    ("title~cell", '"title~cell": ~ is not an operator; write title:cell'),
    ("kind>3", '"kind>3": > compares dates and metrics only; write kind:VALUE'),
    ("tag<=battery", '"tag<=battery": <= compares dates and metrics only; write tag:VALUE'),
    (
        "actor.kind:person",
        'no field or metric "actor.kind"; did you mean "actor"?'
        ' (to search for the text, write text:"actor.kind:person")',
    ),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "facts.toml"
    path.write_text(STORE, "utf-8")
    return path


@pytest.mark.parametrize(("word", "message"), EXPLAINED)
def test_a_word_that_no_event_has_is_explained(store, cache, word, message):
    assert ask("-f", store, "list", word) == (0, "", f"autotimeline: {message}\n")


@pytest.mark.parametrize(("word", "message"), REFUSED)
def test_what_is_not_a_field_is_refused(store, cache, word, message):
    assert ask("-f", store, "list", word) == (2, "", f"autotimeline: {message}\n")


def test_a_word_of_the_language_takes_the_next_word(store, cache):
    for words, term in (
        (["around", "plant-start"], "near:@plant-start/30d"),
        (["near", "xyzzy"], "near:@xyzzy/30d"),
        (["actor", "Boom years"], "actor:Boom-years"),
    ):
        message = f'autotimeline: no event has the word "{words[0]}"; did you mean "{term}"?\n'
        assert ask("-f", store, "list", *words) == (0, "", message)


def test_each_missing_word_is_explained_and_no_other(store, cache):
    code, out, err = ask(
        "-f", store, "list", "lyten", "xyzzy", "or", "batery", "or", "not", "qqqq", "kind:take-over", "bmw"
    )
    assert (code, out) == (0, "")
    assert err == (
        'autotimeline: no event has the word "xyzzy"\n'
        'autotimeline: no event has the word "batery"; did you mean "tag:battery"?\n'
    )


def test_words_that_events_have_but_none_has_all_are_reported(store, cache):
    assert ask("-f", store, "list", "not", "plant") == (0, "", "nothing matches\n")
    assert ask("-f", store, "list", "lyten", "bmw") == (0, "", "nothing matches\n")
    assert ask("-f", store, "list", "bmw", "until:1990") == (0, "", "nothing matches\n")
    assert ask("-f", store, "figures", "bmw") == (0, "", "nothing to show\n")


def test_only_the_first_words_of_a_long_or_deep_query_are_explained(store, cache):
    words = [f"xyzzy{number}" for number in range(300)]
    err = ask("-f", store, "list", *words)[2]
    assert err.splitlines() == [f'autotimeline: no event has the word "{word}"' for word in words[:20]]
    # As deep as a query can be.
    nested = "xyzzy,qwerty"
    for _ in range(6):
        nested = f"lyten (xyzzy or lyten ({nested}))"
    assert ask("-f", store, "list", f"({nested})") == (
        0,
        "",
        'autotimeline: no event has the word "xyzzy"\nautotimeline: no event has the word "qwerty"\n',
    )


def test_an_empty_answer_to_terms_that_exist_needs_no_message(store, cache):
    assert ask("-f", store, "list", "kind:take-over", "date:1990") == (0, "", "")
    assert ask("-f", store, "list", "lyten", "-n", "0") == (0, "", "")
    assert ask("-f", store, "list", "-e", "kind:take-over", "date:1990") == (1, "", "")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (["list"], ""),
        (["list", "-O", "json"], "[]\n"),
        (["list", "-O", "table"], None),
        (["list", "-O", "markdown"], None),
        (["timeline"], ""),
        (["timeline", "-O", "svg"], None),
        (["count"], "0\t0\n"),
        (["count", "--by", "kind"], ""),
        (["count", "--by", "year", "-O", "markdown"], None),
        (["chart"], ""),
        (["chart", "-O", "table"], None),
        (["figures"], ""),
        (["figures", "--sum"], ""),
        (["figures", "--per", "month", "-O", "table"], None),
        (["names", "kinds"], ""),
        (["names", "actors"], None),
        (["names", "aliases"], "plants\tplant\t\n"),
        (["compare", "-O", "tsv", "bmw"], None),
        (["compare", "-O", "table", "bmw"], None),
        (["export", "-o", "-"], None),
    ],
)
def test_every_command_explains_a_missing_word(store, cache, command, answer):
    code, out, err = ask("-f", store, *command, "lytne")
    assert (code, err) == (0, 'autotimeline: no event has the word "lytne"; did you mean "lyten"?\n')
    assert answer in (None, out)
    code, _, err = ask("-f", store, *command, "plant", "--today", "2031-01-01")
    assert (code, err) == (0, "")


@pytest.mark.parametrize("command", [["list"], ["count"], ["figures"], ["chart"], ["export", "-o", "-"]])
def test_the_exit_code_of_an_empty_answer_is_1_if_asked_for(store, cache, command):
    assert ask("-f", store, *command, "-e", "lytne")[0] == 1
    assert ask("-f", store, *command, "-e", "lyten")[0] == 0


def test_a_terminal_shows_the_same_line(store, tmp_path):
    command = ["-f", str(store), "list", "lytne"]
    code, shown = program.terminal(command, cwd=tmp_path, env=environment(tmp_path))
    assert code == 0
    assert shown.splitlines()[-2:] == [
        'autotimeline: no event has the word "lytne"; did you mean "lyten"?',
        "nothing matches",
    ]


def test_sides_of_a_comparison_are_names_of_actors(store, cache):
    code, out, err = ask("-f", store, "compare", "Volkswagen", "bmw", "-O", "tsv", "--fields", "what,side,value")
    assert (code, out.splitlines()[1:3], err) == (0, ["query\t1\tactor:vw", "query\t2\tactor:bmw"], "")
    refused = 'autotimeline: "the-maker" names several actors: bmw, vw; write the id of one\n'
    assert ask("-f", store, "compare", "the-maker", "lyten") == (2, "", refused)


def test_places_are_searched(store, cache):
    for word in ("zaragoza", "text:spain", "Zaragoza, Spain"):
        assert ask("-f", store, "list", word, "--fields", "id") == (0, "northvolt-sale\n", "")


LANGUAGE = (
    "actor kind tag status state source metric is near around overdue cancelled planned upcoming before and or not"
)
VALUES = (
    "lyten vw bmw idle the-maker take-over battery zaragoza spain northvolt-sale memo boom investment 2024 1990 plant"
)
FIELDS = "actor kind tag status is place source era title text id date since role metric investment foo kynd actor.kind"


def misspelled(word):
    """A word without one of its letters, or with two of them swapped."""
    return st.integers(0, len(word) - 2).flatmap(
        lambda i: st.sampled_from([word[:i] + word[i + 1 :], word[:i] + word[i + 1] + word[i] + word[i + 2 :]])
    )


VALUE = st.sampled_from(VALUES.split())
BARE = st.one_of(
    st.sampled_from(LANGUAGE.split()),
    VALUE,
    st.sampled_from((LANGUAGE + " " + VALUES).split()).filter(lambda word: len(word) > 2).flatmap(misspelled),
    st.text("abż.:=~>-' ", min_size=1, max_size=6).map(lambda text: "z" + text),
    st.tuples(VALUE, st.sampled_from(["or", "and", "around"]), VALUE).map(" ".join),
    st.tuples(st.sampled_from(FIELDS.split()), st.sampled_from(":=~>"), VALUE).map("".join),
)


@settings(max_examples=100)
@example(words=["not", "plant"])
@example(words=["not", "not", "1990"])
@given(words=st.lists(BARE, min_size=1, max_size=3))
def test_no_empty_answer_is_silent(store, words):
    code, out, err = ask("-f", store, "--no-cache", "list", "-O", "plain", "--fields", "id", *words)
    # Terms of fields and dates that exist may have no event in common.
    terms = [word for word in words if word not in ("and", "or", "not")]
    are_values = bool(terms) and all(":" in word or "=" in word or ">" in word or word[0].isdigit() for word in terms)
    assert out or err or code or are_values
    assert "Traceback" not in err
