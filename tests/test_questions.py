"""The questions that an analyst types first: each has an answer, or one line that names the right words."""

from __future__ import annotations

import shlex

import pytest

from asking import ask
from program import TOP

LINES = [line.split("\t") for line in (TOP / "tests/questions.tsv").read_text("utf-8").splitlines() if line.strip()]
# What the shipped store has no rows for.
EMPTY = {"what is missing a source", "which rates are there"}


@pytest.fixture(autouse=True)
def _here(cache, monkeypatch):
    monkeypatch.chdir(TOP)


@pytest.mark.parametrize(("question", "line"), LINES, ids=[question for question, _ in LINES])
def test_a_question_is_answered(question, line):
    words = shlex.split(line)
    if words[0] == "diff" and not (TOP / ".git").exists():
        pytest.skip("the history of the store needs a git checkout")
    code, out, err = ask(*words, *([] if "--today" in words else ["--today", "2025-11-22"]))
    assert code in (0, 2)
    assert "Traceback" not in err
    assert out or err or question in EMPTY
    if not out and err:
        # One line, with the words to type instead.
        assert err.count("\n") == 1
        assert any(words in err for words in ("did you mean", "write", "there are", "no event is"))


def test_most_questions_have_rows():
    """Most questions are no error, and most answers are not empty; without git, `diff` is not asked."""
    lines = [shlex.split(line) for _, line in LINES if not line.startswith("diff")]
    answers = [ask(*words, *([] if "--today" in words else ["--today", "2025-11-22"])) for words in lines]
    assert sum(code == 0 and bool(out) for code, out, _ in answers) >= 35


def test_the_commands_of_the_documented_questions_are_asked():
    assert len(LINES) >= 40
    documented = (TOP / "docs/query.md").read_text("utf-8").partition("## Questions")[2].partition("\n## ")[0]
    asked = {line.split()[0] for _, line in LINES}
    commands = {word.strip("`").split()[0] for word in documented.split("`")[1::2]}
    assert commands - {"diff"} <= asked


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("sum investment", 'did you mean "figures --sum"?'),
        ("figures --total", 'did you mean "--sum"?'),
        ("list --from 2023", 'did you mean "--since"?'),
        ("list delayed", "write is:slipped"),
        ("list is:delayed", 'did you mean "slipped"?'),
        ("list slip", "write is:slipped"),
        ("show kind:deal", "write list kind:deal"),
        ("list is:sourced", "write not is:unsourced"),
        ("list is:unverified", "write not is:verified"),
        ("list certain", 'did you mean "--certain"?'),
        ("list late", '"late" is searched as a word; for the state write is:slipped'),
        ("list plans", '"plans" is searched as a word; for the state write is:planned'),
        ("list money", '"money" is searched as a word; for the saved query write :money'),
        ("figures sum", '"sum" is searched as a word; to add up write figures --sum'),
        ("list is:fulfilled", "no event is fulfilled"),
        ("list before:2024", 'did you mean "until:2024"?'),
        ("list --overdue", 'did you mean "is:overdue"?'),
        ("count --sum investment", 'did you mean "figures --sum"?'),
        ("gaps", 'did you mean "list --gap"?'),
        ("elapsed catl-jv catl-plant-start", "write compare catl-jv OTHER"),
    ],
)
def test_a_wrong_word_suggests_the_right_one(line, remedy):
    assert remedy in ask(*shlex.split(line))[2]


@pytest.mark.parametrize(
    "line",
    ["list actor:{}", "list {}", "show {}", "list --sort {}", "add {} --date {}", "names {}", "{}", "set {} x=1"],
)
def test_a_line_break_in_a_word_does_not_look_like_another_message(line):
    words = [word.replace("{}", "x\nautotimeline: y") for word in line.split(" ")]
    _, out, err = ask(*words)
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("autotimeline: ")
