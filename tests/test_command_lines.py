"""Both doors of the command line, the light one and Typer, read every option of the table alike."""

import contextlib
import io
import sys
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import program
from asking import ask
from autotimeline import plugins
from autotimeline.cli import commands, options, typer_app
from autotimeline.cli.environment import Environment
from autotimeline.cli.main import parse_command_line
from autotimeline.cli.options import Request

COMMANDS = {name: plugins.load(commands, name).COMMAND for name in plugins.list_names(commands)}


def typed(arguments: list[str]) -> tuple[str, Request] | None:
    """What Typer makes of a command line: the command's name and request, or None where it refuses it or helps."""
    seen: list[tuple[str, Request]] = []
    names = {command: name for name, command in COMMANDS.items()}
    with contextlib.suppress(Exception):
        typer_app.run_with_typer(
            arguments,
            Environment(None, io.StringIO(), io.StringIO(), {}),
            lambda command, request, environment: seen.append((names[command], request)) or 0,
        )
    return seen[0] if seen else None


def light(arguments: list[str]) -> tuple[str, Request] | None:
    found = parse_command_line(arguments)
    return found and (next(name for name, command in COMMANDS.items() if command is found[0]), found[1])


def given_values(read: tuple[str, Request] | None) -> tuple[str, list[object]] | None:
    """The command's name, and the values of all options and arguments."""
    if read is None:
        return None
    name, request = read
    command = COMMANDS[name]
    read_by = {(False, False): request.text, (True, False): request.texts, (False, True): request.number}
    values: list[object] = [
        (read_by[option.multiple, option.is_number] if option.metavar else request.flag)(option)
        for option in {*command.options, *options.STORE_OPTIONS}
    ]
    return name, [*values, *((request.text(word), request.texts(word)) for word in command.arguments)]


TEXTS = st.sampled_from(
    [
        "actor:leapmotor",
        "2023",
        "-18m",
        "--",
        "-",
        "",
        "list",
        "facts.toml",
        "0",
        "3",
        "x3",
        "--foo",
        "-h",
        "a b",
        "=",
        "é",
    ]
)
FLAGS = sorted({flag for command in COMMANDS.values() for option in command.options for flag in option.flags})
PARTS = st.one_of(
    st.sampled_from(FLAGS).map(lambda flag: [flag]),
    st.tuples(st.sampled_from(FLAGS), TEXTS).map(list),
    st.tuples(st.sampled_from(FLAGS), TEXTS).map(lambda pair: [f"{pair[0]}={pair[1]}"]),
    st.tuples(st.sampled_from(FLAGS), TEXTS).map(lambda pair: [f"{pair[0]}{pair[1]}"]),
    TEXTS.map(lambda text: [text]),
)
LINES = st.builds(
    lambda before, name, rest: [*chain(*before), name, *chain(*rest)],
    st.lists(PARTS, max_size=1),
    st.sampled_from(list(COMMANDS)),
    st.lists(PARTS, max_size=4),
)


@settings(max_examples=400)
@given(LINES)
@example(["-f", "list", "list"])
@example(["list", "--since", "-18m"])
@example(["list", "--", "--certain"])
@example(["-f", "a", "list", "-f", "b"])
@example(["--today", "2025-01-01", "list", "--today", "2025-02-02"])
@example(["--width", "0", "add"])
@example(["count", "--by", "year", "--by", "kind", "--fields=a", "--fields", "b"])
@example(["names", "actors", "since:2023"])
def test_both_doors_read_a_command_line_alike(arguments: list[str]):
    read = light(arguments)
    if read is not None:
        assert given_values(read) == given_values(typed(arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "-n", "3", "actor:leapmotor", "--certain"],
        ["-f", "facts.toml", "timeline", "-O", "csv"],
        ["show", "catl-jv", "-O", "json"],
        ["names", "actors", "since:2023", "-r"],
        ["count", "--by", "year,kind", "since:2023", "-O", "csv"],
        ["count", "--by", "yaer"],
        ["list", "--no-cache", "-p", "2023", "--status=planned"],
        ["list", "actor:nobody"],
        ["check", "--strict"],
        ["figures", "--metric", "sales", "--metric", "capacity", "--unit=vehicles", "--per", "month"],
        ["figures", "since:2023", "--sum", "-O", "json"],
    ],
    ids=" ".join,
)
def test_both_doors_answer_alike(arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(program.TOP)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert parse_command_line(arguments), "not for the light door"

    answered = ask(*arguments)
    monkeypatch.setattr(sys.modules["autotimeline.cli.main"], "parse_command_line", lambda arguments: None)
    assert ask(*arguments) == answered


@pytest.mark.parametrize(
    "arguments",
    [["list", "--help"], ["list", "--foo"], ["list", "-n", "x"], ["lits"], ["show"], [], ["list", "--since"]],
    ids=" ".join,
)
def test_what_is_wrong_is_left_to_typer(arguments: list[str]):
    assert parse_command_line(arguments) is None


TAKING = {
    flag: option
    for command in COMMANDS.values()
    for option in command.options
    if option.metavar and not option.is_number
    for flag in option.flags
}


@pytest.mark.parametrize("flag", TAKING)
def test_an_empty_value_is_refused_and_never_no_value(flag: str):
    """`--as-of "$DAY"` of a script that never set DAY is no question about today."""
    option = TAKING[flag]
    name, command = next((name, command) for name, command in COMMANDS.items() if option in command.options)
    asked = [name, *(word.metavar for word in command.arguments for _ in range(word.min_count))]
    long = option.flags[-1]
    lines = [[*asked, flag, ""], *([[*asked, f"{flag}="]] if flag == long else [])]
    lines += [[*asked, flag, "x", flag, ""]] if option.multiple else []
    lines += [[flag, "", *asked]] if option in options.STORE_OPTIONS else []
    for arguments in lines:
        told = f"autotimeline: {long}: missing value; write {long} {option.metavar}, or remove the option\n"
        assert ask(*arguments) == (2, "", told)


def test_nothing_but_the_table_declares_an_option():
    source = Path(typer_app.__file__).parent
    made = {path.name for path in source.rglob("*.py") if "typer.Option(" in path.read_text("utf-8")}
    assert made == {"typer_app.py"}
    for name, command in COMMANDS.items():
        built = typer_app.make_parameters(command.options, command.arguments)
        assert [p.name for p in built] == [*(w.name for w in command.arguments), *(o.name for o in command.options)], (
            name
        )
