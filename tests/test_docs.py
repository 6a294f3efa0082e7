"""What the documents show is what the program does: every example runs, and whatever there is, is named.

`python tests/test_docs.py` writes what the program answers today into the documents; read the diff.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import program
import rules
from autotimeline import formats, plugins
from autotimeline.cli import commands, options
from autotimeline.query.columns import COLUMNS
from autotimeline.query.fields import QUERY_FIELDS, STATES
from program import SCRIPTS, TOP, environment

# Whose examples run.
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (TOP / "docs").glob("*.md"))]
DOCUMENTS += [name for name in ("bench/README.md",) if (TOP / name).exists()]
LINKED = [*DOCUMENTS, "DECISIONS.md", "CHANGELOG.md"]
LANGUAGES = ("console", "python", "python-entry", "key-entry", "sql-column", "card-section", "toml", "diff", "sh", "")
MOST_WORDS = 26_000  # of the documents that a reader may want to read whole, as `wc -w` counts them
NOT_RUN = 9  # examples at most that are not run: each of them may be wrong unseen

_BLOCK = re.compile(r"((?:^<!--[^\n]*-->\n)*)^```([\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A picture, and the command line that draws it.
_PICTURE = re.compile(r"^<!-- picture: (.+) -->\n\n?!\[[^]]+\]\((.+)\)$", re.MULTILINE)
posix = pytest.mark.skipif(sys.platform == "win32", reason="the examples are those of a POSIX shell")


class Example:
    """A fenced block of a document: its language, its text, and why it is not run, if so."""

    def __init__(self, document: str, line: int, marks: str, language: str, text: str) -> None:
        self.name = f"{document}:{line}"
        self.document = document
        self.language = language
        self.text = text
        excuse = re.search(r"<!-- not run: (.+) -->", marks)
        self.excuse = excuse[1] if excuse else ""


def read(document: str) -> str:
    return (TOP / document).read_text("utf-8")


def examples(document: str) -> list[Example]:
    text = read(document)
    return [
        Example(document, text.count("\n", 0, found.start(2)) + 1, *found.groups()) for found in _BLOCK.finditer(text)
    ]


# `tests/test_recipes.py` runs the recipes with the tools that they need.
ALL = [example for document in DOCUMENTS if document != "docs/recipes.md" for example in examples(document)]
# `api` opens with an example too.
_SHOWN = ast.get_docstring(ast.parse((TOP / "src/autotimeline/api.py").read_text("utf-8"))) or ""
ALL.append(Example("src/autotimeline/api.py", 1, "", "python", _SHOWN.partition("\n\n")[2]))


def to_run(language: str) -> pytest.MarkDecorator:
    found = [example for example in ALL if example.language == language and not example.excuse]
    if language == "toml":
        # The examples of the rules are stores of their own, tried in tests/checks.
        found = [example for example in found if example.document != "docs/checks.md"]
    return pytest.mark.parametrize("example", found, ids=lambda example: example.name)


def checkout(folder: Path) -> Path:
    """Copy of the checkout what its examples need: the top, without what git and tools keep there."""
    for entry in TOP.iterdir():
        if entry.is_file() and not entry.name.startswith("."):
            shutil.copy(entry, folder)
    return folder


# From where the cursor is hidden until the line of the bar is cleared.
# A command line that a shell would only split into words: no shell, and no start of Python, has a part in its answer.
_PLAIN = re.compile(r"(?:autotimeline|atl)\b[^|&;<>$`*?~#(){}\[\]\\\n]*")
_BAR = re.compile(r"\x1b\[\?25l.*?\x1b\[\?25h\x1b\[1A\x1b\[2K", re.DOTALL)


def answered(text: str, folder: Path, cache: Path) -> str:
    """Return the example with what its commands, each behind `$ `, print on a terminal of 100 columns today."""
    env = environment(cache, NO_COLOR="1", PS1="", PATH=os.pathsep.join((str(SCRIPTS), os.environ["PATH"])))
    told = ""
    for command in re.findall(r"^\$ (.*(?:(?<=\\)\n> .*)*)$", text, re.MULTILINE):
        script = command.replace("\n> ", "\n")
        if _PLAIN.fullmatch(script):
            sent = program.forked_terminal(shlex.split(script)[1:], cwd=folder, env=env)
        else:
            _, sent = program.terminal(["-c", script], command=["bash"], cwd=folder, env=env)
        # The line end of CSV shows on no terminal, and a bar that comes where the machine is slow is gone again.
        told += f"$ {command}\n" + _BAR.sub("", sent.replace("\r", ""))
    return told


@posix
@to_run("console")
def test_what_a_document_shows_is_what_is_printed(example, tmp_path_factory):
    folder = checkout(tmp_path_factory.mktemp("checkout"))
    assert answered(example.text, folder, tmp_path_factory.mktemp("cache")) == example.text


PICTURES = [(document, *found) for document in DOCUMENTS for found in _PICTURE.findall(read(document))]


def drawn(line: str, cache: Path) -> bytes:
    """Return the picture that a command line draws."""
    return program.run(*line.split(), "-O", "svg", cwd=TOP, env=environment(cache)).stdout


@pytest.mark.parametrize(("document", "line", "path"), PICTURES)
def test_a_picture_is_what_its_command_draws(document, line, path, tmp_path):
    assert (TOP / document).parent.joinpath(path).read_bytes() == drawn(line, tmp_path) != b""


def test_every_picture_names_its_command():
    named = {(TOP / document).parent / path for document, _, path in PICTURES}
    assert named == set((TOP / "docs").glob("*.svg"))


@to_run("python")
def test_the_python_of_a_document_runs(example, tmp_path):
    checkout(tmp_path)
    file = tmp_path / "example.py"
    file.write_text(example.text, "utf-8")
    command = [sys.executable, *(["-m", "doctest"] if ">>> " in example.text else []), str(file)]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(tmp_path / "cache"), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@to_run("toml")
def test_the_toml_of_a_document_is_a_piece_of_the_story(example, tmp_path):
    story = checkout(tmp_path) / "facts.toml"
    with story.open("a", encoding="utf-8") as file:
        file.write("\n" + example.text)
    done = program.run("check", cwd=tmp_path, env=environment(tmp_path / "cache"))
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (0, "", "")


def test_few_examples_are_not_run_and_each_for_a_reason():
    excused = [example for example in ALL if example.excuse]
    assert len(excused) <= NOT_RUN
    for example in ALL:
        assert example.language in LANGUAGES, example.name
        if example.language == "sh":
            assert example.excuse, example.name


def test_the_two_commands_of_the_readme_are_one_line_each():
    first, second, *_ = [example.text for example in examples("README.md") if example.language == "sh"]
    for command in (first, second):
        assert command.count("\n") == 1
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -q -e ")
    assert first.endswith(" && .venv/bin/autotimeline timeline\n")
    assert second.endswith(" && .venv/bin/python -m pytest\n")


def test_the_documents_are_short():
    documents = [name for name in (*DOCUMENTS, "DECISIONS.md") if name != "bench/README.md"]
    # The examples of the rules are written from their own files.
    generated = _BLOCK.sub("", read("docs/checks.md").partition(rules.BEGINS)[2])
    texts = [read(name).partition(rules.BEGINS)[0] for name in documents]
    words = {name: len(text.split()) for name, text in zip(documents, texts, strict=True)}
    words["docs/checks.md"] += len(generated.split())
    assert sum(words.values()) <= MOST_WORDS, words


def test_the_readme_is_short_and_speaks_of_itself():
    text = read("README.md")
    assert len(text.splitlines()) < 150
    assert not re.search(r"/work/|/root/|/home/|/tmp/", text)
    assert (TOP / "docs/timeline.svg").exists()
    assert "](docs/timeline.svg)" in text


# ---------------------------------------------------------------- whatever there is, is named


def everything() -> str:
    return "\n".join(read(document) for document in DOCUMENTS)


COMMANDS = plugins.list_names(commands)
FLAGS = sorted(
    {flag for name in COMMANDS for option in plugins.load(commands, name).COMMAND.options for flag in option.flags}
    | {*options.VERSION.flags}
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    assert re.search(rf"`(?:autotimeline )?{command}\b", everything())


@pytest.mark.parametrize("flag", FLAGS)
def test_every_option_is_documented(flag):
    assert re.search(rf"(?<![\w-]){flag}(?![\w-])", everything())


@pytest.mark.parametrize("form", plugins.list_names(formats))
def test_every_format_is_documented(form):
    assert f"`{form}`" in everything()


@pytest.mark.parametrize("field", COLUMNS)
def test_every_field_of_an_event_is_documented(field):
    assert f"`{field}`" in everything()


@pytest.mark.parametrize("field", QUERY_FIELDS)
def test_every_field_of_the_query_language_is_documented(field):
    assert re.search(rf"\b{field}:", read("docs/query.md"))


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_documented(state):
    assert re.search(rf"\b{state}\b", read("docs/query.md"))


@pytest.mark.parametrize("document", LINKED)
def test_links_lead_somewhere(document):
    without_code = re.sub(r"`[^`\n]*`", "", _BLOCK.sub("", read(document)))
    targets = re.findall(r"\]\(([^)\s]+)\)", without_code)
    # Where the others have none, that is as they are; the first page leads to the rest.
    assert len(targets) >= (5 if document == "README.md" else 0)
    for target in targets:
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (TOP / document).parent / path if path else TOP / document
        assert there.exists(), target
        if anchor:
            assert anchor in {
                _anchor(title) for title in re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            }


def test_the_architecture_names_files_that_exist_and_every_directory():
    package = TOP / "src/autotimeline"
    names = re.findall(r"`((?:\w+/)*(?:\w+\.(?:py|sql)|\w+/))`", read("docs/architecture.md"))
    paths = [name.rstrip("/") for name in names]
    exist = [(package / path).exists() or (TOP / path).exists() or any(package.rglob(path)) for path in paths]
    assert [path for path, found in zip(paths, exist, strict=True) if not found] == []
    assert {path.parent.name for path in package.glob("*/__init__.py")} <= set(paths)


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def update() -> None:
    """Write what the program prints today into every example that runs."""
    for document in DOCUMENTS:
        text = read(document)

        def told(found: re.Match[str]) -> str:
            marks, language, block = found.groups()
            if language != "console" or "not run:" in marks:
                return found[0]
            with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
                return f"{marks}```console\n{answered(block, checkout(Path(folder)), Path(cache))}```"

        (TOP / document).write_text(_BLOCK.sub(told, text), "utf-8")
    rules.PAGE.write_text(rules.page(), "utf-8")
    for document, line, path in PICTURES:
        with tempfile.TemporaryDirectory() as cache:
            (TOP / document).parent.joinpath(path).write_bytes(drawn(line, Path(cache)))


if __name__ == "__main__":
    update()
