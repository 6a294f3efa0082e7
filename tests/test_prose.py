"""Plain English: help, messages, and docs contain no phrase of a closed list."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from program import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each pattern with what to write instead.
PHRASES = {
    r"(is|are|was) no(?! longer| more)": "is not a",
    r"told": "reported, written; message, note",
    r"tells? of": "describes, reports",
    r"st(and|ands|ood) (in|for|at|on|by|beside|behind)": "is",
    r"mend(s|ed|ing)?": "fix",
    r"lack(s|ed|ing)?": "is missing, without",
    r"(leave|leaves|leaving|left) \w*\s?out": "skip, omit",
    r"(says?|said) otherwise": "has different values",
    r"(none|nothing) but": "only",
    r"as ever": "as before",
    r"(?<!explain )(?<!## )twins?": "duplicate",  # apart from the name of the rule
    r"what (it )?is called": "name",
    r"folders?": "directory",
    r"endings?": "extension, suffix",
    r"there already|already there": "already exists",
    r"cannot be taken": "invalid",
    r"surely|perhaps": "certain, possible",
    r"colours?": "color",
}
FORBIDDEN = re.compile(rf"\b(?:{'|'.join(PHRASES)})\b", re.IGNORECASE)
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "DECISIONS.md",
    *sorted(f"docs/{path.name}" for path in (TOP / "docs").glob("*.md")),
]
MODULES = sorted(str(path.relative_to(TOP)) for path in (TOP / "src/autotimeline").rglob("*.py"))

QUERY = "until the errors and the page of the query language are rewritten"
ANSWERS = "until contract, compare, chart, and export are rewritten"
# Files that may still contain such a phrase, and how long.
DEFERRED = {
    "src/autotimeline/query/compiler.py": QUERY,
    "src/autotimeline/query/parser.py": QUERY,
    "src/autotimeline/exports/ics.py": ANSWERS,
    "src/autotimeline/reports/comparison.py": ANSWERS,
    "src/autotimeline/reports/comparison_rows.py": ANSWERS,
    "src/autotimeline/views/chart.py": ANSWERS,
    "src/autotimeline/views/compare.py": ANSWERS,
    "src/autotimeline/dates/human.py": ANSWERS,
    "src/autotimeline/reports/elapsed.py": ANSWERS,
    "src/autotimeline/reports/linked_gaps.py": ANSWERS,
    "src/autotimeline/query/slips.py": ANSWERS,
    "src/autotimeline/views/_event_rows.py": ANSWERS,
    "src/autotimeline/views/sums.py": ANSWERS,
}


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a document with their numbers, without code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, re.sub(r"`[^`]*`", "`code`", line)


def literals(text: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module with their lines, without docstrings: help and messages are literals."""
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def violations(path: str) -> list[str]:
    text = (TOP / path).read_text("utf-8")
    lines = prose(text) if path.endswith(".md") else literals(text)
    return [f"{path}:{number}: {match[0]}" for number, line in lines for match in FORBIDDEN.finditer(line)]


@pytest.mark.parametrize("phrase", ["it is no date", "Mend it", "is told", "left them out", "the folder", "stands for"])
def test_a_forbidden_phrase_is_found(phrase):
    assert FORBIDDEN.search(phrase)


@pytest.mark.parametrize("phrase", ["is no longer used", "amend", "`twins`", "the recommended form", "standing"])
def test_a_phrase_that_only_resembles_one_is_not_found(phrase):
    assert not any(FORBIDDEN.search(line) for _, line in prose(phrase))


def test_strings_are_read_and_docstrings_are_not():
    text = '"""told"""\ndef f(x):\n    """told"""\n    raise E(f"{x} is no date")\n'
    assert list(literals(text)) == [(4, " is no date")]


def test_help_messages_and_documents_contain_no_forbidden_phrase():
    assert [line for path in (*DOCUMENTS, *MODULES) if path not in DEFERRED for line in violations(path)] == []


def test_only_files_that_need_it_are_deferred():
    assert [path for path in DEFERRED if path not in (*DOCUMENTS, *MODULES) or not violations(path)] == []
