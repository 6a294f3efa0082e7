"""The pages of `--help`: groups of commands, examples that work, and every option once."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import shutil

import pytest

from asking import ask
from autotimeline import plugins
from autotimeline.cli import commands, field_help, help_pages
from autotimeline.cli.main import parse_command_line
from autotimeline.cli.row_fields import known_fields
from program import STORY

pytestmark = pytest.mark.usefixtures("cache")
SHARED = help_pages.SHARED_OPTIONS
COMMANDS = plugins.list_names(commands)
EXAMPLES = {name: lines for group in help_pages.COMMAND_GROUPS.values() for name, lines in group.items()}


def test_every_command_is_in_one_group_with_two_examples():
    names = [name for group in help_pages.COMMAND_GROUPS.values() for name in group]
    assert sorted(names) == COMMANDS
    assert {len(lines) for lines in EXAMPLES.values()} == {2}
    _, page, _ = ask("--help")
    sections = re.findall(r"^(\S.*):$", page, re.MULTILINE)
    assert sections == [*help_pages.COMMAND_GROUPS, "Options", *SHARED]
    assert re.findall(r"^  ([a-z-]+) +[A-Z]", page.partition("\nOptions:")[0], re.MULTILINE) == names


def test_shared_options_are_explained_on_the_page_of_the_program():
    _, page, _ = ask("--help")
    for option in itertools.chain.from_iterable(SHARED.values()):
        assert len(re.findall(rf"^  {', '.join(option.flags)}(?![\w-])", page, re.MULTILINE)) == 1


def test_a_command_without_a_group_is_in_the_last_one():
    assert dict(help_pages._grouped(["quotes", "list"])) == {"Ask": ["list"], "More": ["quotes"]}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_the_examples_and_every_option_once(name):
    shared = list(itertools.chain.from_iterable(SHARED.values()))
    code, page, err = ask(name, "--help")
    assert (code, err) == (0, "")
    for line in EXAMPLES[name]:
        assert line.startswith(name)
        assert f"\n  autotimeline {line}\n" in page
        words = shlex.split(re.sub(" [<>] .*", "", line))
        command, _ = parse_command_line(words)
        assert command is plugins.load(commands, name).COMMAND
    own, _, named = page.partition("\nShared options")
    for option in command.options:
        if option in shared:
            assert "/".join(option.flags) in named
        else:
            assert len(re.findall(rf"^  {', '.join(option.flags)}(?![\w-])", own, re.MULTILINE)) == 1


FIELD_LINES = {
    "list": "list --gap --since-event catl-jv -C 1",
    "show": "show",
    "count": "count --by year,actor",
    "figures": "figures --in EUR",
    "figures --sum": "figures --sum --by actor",
    "figures --per": "figures --per year",
    "chart": "chart",
    "elapsed": "elapsed",
    "names": "names metrics",
    "compare": "compare",
    "diff": "diff",
}


@pytest.mark.parametrize("name", FIELD_LINES)
def test_help_of_fields_explains_each_field_once(name):
    line = shlex.split(FIELD_LINES[name])
    code, out, err = ask(*line, "--fields", "help", "-O", "json")
    assert (code, err) == (0, "")
    rows = json.loads(out)
    command = plugins.load(commands, line[0]).COMMAND
    _, request = parse_command_line([*line, "--fields", "help"])
    assert [row["field"] for row in rows] == known_fields(command, request)
    keys = {"year", "actor", "actor_name"} if "--by" in line else set()
    assert {row["field"] for row in rows} <= {*field_help.MEANINGS, *keys}


def test_each_meaning_belongs_to_a_field():
    seen = set()
    for line in FIELD_LINES.values():
        seen |= {row["field"] for row in json.loads(ask(*shlex.split(line), "--fields", "help", "-O", "json")[1])}
    assert set(field_help.MEANINGS) <= seen


def test_help_of_fields_is_a_table_of_the_command():
    assert ask("names", "actors", "--fields", "help") == (
        0,
        "id\tthe id\nname\tthe name behind an id\nevents\tthe number of events\n",
        "",
    )


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
