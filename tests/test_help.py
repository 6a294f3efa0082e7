"""The pages of `--help`: groups of commands, examples that work, and every option once."""

from __future__ import annotations

import re
import shlex
import shutil

import pytest

from asking import ask
from autotimeline import plugins
from autotimeline.cli import commands, help_pages
from autotimeline.cli.main import parse_command_line
from program import STORY

pytestmark = pytest.mark.usefixtures("cache")
COMMANDS = plugins.list_names(commands)
EXAMPLES = {name: lines for group in help_pages.COMMAND_GROUPS.values() for name, lines in group.items()}


def test_every_command_is_in_one_group_with_two_examples():
    names = [name for group in help_pages.COMMAND_GROUPS.values() for name in group]
    assert sorted(names) == COMMANDS
    assert {len(lines) for lines in EXAMPLES.values()} == {2}
    _, page, _ = ask("--help")
    assert re.findall(r"^(\w+):$", page, re.MULTILINE) == ["Options", *help_pages.COMMAND_GROUPS]
    assert re.findall(r"^  ([a-z]+) +[A-Z]", page.partition("\nAsk:")[2], re.MULTILINE) == names


def test_a_command_without_a_group_is_in_the_last_one():
    assert dict(help_pages._grouped(["quotes", "list"])) == {"Ask": ["list"], "More": ["quotes"]}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_the_examples_and_every_option_once(name):
    code, page, err = ask(name, "--help")
    assert (code, err) == (0, "")
    for line in EXAMPLES[name]:
        assert line.startswith(name)
        assert f"\n  autotimeline {line}\n" in page
        words = shlex.split(re.sub(" [<>] .*", "", line))
        command, _ = parse_command_line(words)
        assert command is plugins.load(commands, name).COMMAND
    for option in command.options:
        assert len(re.findall(rf"^  {', '.join(option.flags)}(?![\w-])", page, re.MULTILINE)) == 1


ASKING = [
    line
    for group in ("Ask", "Compare")
    for name in help_pages.COMMAND_GROUPS[group]
    if name not in ("diff", "explore")
    for line in EXAMPLES[name]
]


@pytest.mark.parametrize("line", ASKING)
def test_an_example_that_asks_has_an_answer(line, tmp_path, monkeypatch):
    shutil.copy(STORY, tmp_path / "facts.toml")
    monkeypatch.chdir(tmp_path)
    code, out, err = ask(*shlex.split(line))
    assert (code, err) == (0, "")
    written = [path.read_text("utf-8") for path in tmp_path.iterdir() if path.name != "facts.toml"]
    # The shipped store has no problem.
    assert bool(out or written) == (line != "check")
