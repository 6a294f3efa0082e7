"""Each rule of `check` is explained, with examples that are its tests, and docs/checks.md says the same."""

import re

import pytest

import rules
from asking import ask
from autotimeline.checks._examples import read_examples
from rules import RULES, rule

pytestmark = pytest.mark.usefixtures("cache")


@pytest.mark.parametrize("name", RULES)
def test_a_bad_example_is_found_by_its_rule_and_by_no_other(name, tmp_path):
    check = rule(name)
    rows = rules.found(tmp_path, rules.bad(name), getattr(check, "FILES", {}), "-O", "plain").splitlines()
    assert {tuple(row.split("\t")[1:3]) for row in rows} == {(check.LEVEL, name)}


@pytest.mark.parametrize("name", RULES)
def test_of_a_good_example_nothing_is_found_at_all(name, tmp_path):
    check = rule(name)
    assert rules.good(name) != rules.bad(name)
    assert rules.found(tmp_path, rules.good(name), getattr(check, "FILES", {})) == ""


def test_the_page_is_what_the_rules_say_and_find():
    assert rules.PAGE.read_text("utf-8") == rules.page()


@pytest.mark.parametrize("name", RULES)
def test_what_is_explained_is_what_the_rule_says(name):
    code, out, err = ask("check", "--explain", name)
    check = rule(name)
    paragraphs = [" ".join(paragraph.split()) for paragraph in check.EXPLAIN.split("\n\n")]
    bad, good = ("\n".join(f"    {line}".rstrip() for line in text.splitlines()) for text in read_examples(name))
    finds = check.__doc__.partition("\n")[0]
    told = [f"{name} ({check.LEVEL})", finds, *paragraphs, "It finds something here:", bad, "and nothing here:", good]
    shown = "\n\n".join(told) + "\n"
    if name == "characters":
        assert "\\u202e" in out
        assert "\u202e" not in out
        shown = shown.replace("\u202e", "\\u202e")
    assert (code, out, err) == (0, shown, "")
    assert len(paragraphs) > 1, "why, and what to do"


def test_the_rules_are_listed_with_a_line_each():
    code, out, err = ask("check", "--explain")
    assert (code, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines()] == [[name, rule(name).LEVEL] for name in RULES]
    assert re.search(r"^twins +note +Two events that may be the same event\.$", out, re.MULTILINE)


def test_several_rules_are_explained_one_after_another():
    _, both, _ = ask("check", "--explain", "twins", "future")
    assert both == ask("check", "--explain", "twins")[1] + "\n" + ask("check", "--explain", "future")[1]


def test_an_unknown_rule_is_refused():
    assert ask("check", "--explain", "twin") == (2, "", 'autotimeline: no rule "twin"; did you mean "twins"?\n')
    error = "autotimeline: --summary: not with --explain; remove one of them\n"
    assert ask("check", "--explain", "--summary") == (2, "", error)
    code, out, err = ask("check", "--explain", "twins", "xyz")
    assert (code, out, err) == (2, "", f'autotimeline: no rule "xyz"; there are {", ".join(RULES)}\n')


def test_an_explanation_needs_no_store_and_goes_where_it_is_sent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ask("check", "--explain", "twins", "-o", "twins.txt") == (0, "", "")
    assert (tmp_path / "twins.txt").read_text("utf-8") == ask("check", "--explain", "twins")[1]


def test_no_explanation_is_written_over_the_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text("")
    said = "autotimeline: facts.toml: file of the store; name another file\n"
    assert ask("check", "--explain", "twins", "-o", "facts.toml") == (2, "", said)
