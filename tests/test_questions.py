"""The questions that an analyst types first: each has an answer, or one line that names the right words."""

from __future__ import annotations

import shlex

import pytest

from asking import ask
from program import TOP

LINES = [line.split("\t") for line in (TOP / "tests/questions.tsv").read_text("utf-8").splitlines() if line.strip()]
# What the shipped store has no events for.
EMPTY = {"what is missing a source"}


@pytest.fixture(autouse=True)
def _here(cache, monkeypatch):
    monkeypatch.chdir(TOP)


@pytest.mark.parametrize(("question", "line"), LINES, ids=[question for question, _ in LINES])
def test_a_question_is_answered(question, line):
    words = shlex.split(line)
    code, out, err = ask(*words, *([] if "--today" in words else ["--today", "2025-11-22"]))
    assert code in (0, 2)
    assert out or err or question in EMPTY
    if not out and err:
        # One line, with the words to type instead.
        assert err.count("\n") == 1
        assert "did you mean" in err or "write" in err


def test_most_questions_have_an_answer():
    assert len(LINES) >= 40
    documented = (TOP / "docs/query.md").read_text("utf-8").partition("## Questions")[2].partition("\n## ")[0]
    asked = {line.split()[0] for _, line in LINES}
    commands = {word.strip("`").split()[0] for word in documented.split("`")[1::2]}
    assert commands - {"diff"} <= asked
