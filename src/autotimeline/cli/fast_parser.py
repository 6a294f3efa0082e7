"""The light front door: reads a command line from the table of options, without Typer.

It reads it as Typer does, or not at all: whatever it does not understand at once (a mistake, `--help`,
a flag and its value in one) it leaves to Typer, which then says what is wrong. To load Typer takes
longer than to answer.
"""

from __future__ import annotations

from autotimeline import plugins
from autotimeline.cli import commands, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class _BeyondError(Exception):
    """A command line that is not for this door."""


def read(arguments: Sequence[str]) -> tuple[options.Command, dict[str, Any]] | None:
    """Return the command and its values, or None where the command line is for Typer."""
    try:
        before, name, rest = _named(list(arguments))
        command = plugins.load(commands, name).COMMAND
        values, words = _read(rest, command.options)
        values.update(_placed(words, command.words))
    except _BeyondError:
        return None
    for option in options.STORE:
        first, then = before[option.name], values.get(option.name)
        values[option.name] = [*(first or ()), *(then or ())] if option.many else then or first
    return command, values


def _named(arguments: list[str]) -> tuple[dict[str, Any], str, list[str]]:
    """Return the values of the options before the command, its name, and what follows it."""
    known = plugins.names(commands)
    for at, argument in enumerate(arguments):
        if argument in known:
            before, words = _read(arguments[:at], options.STORE)
            if not words:
                return before, argument, arguments[at + 1 :]
    raise _BeyondError


def _read(arguments: list[str], table: Sequence[options.Option]) -> tuple[dict[str, Any], list[str]]:
    """Return the values of the options by name, and the words, in order."""
    by_flag = {flag: option for option in table for flag in option.flags}
    values: dict[str, Any] = {option.name: None if option.takes else False for option in table}
    words: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            words += left
        elif not argument.startswith("-") or argument == "-":
            words.append(argument)
        else:
            flag, equals, value = argument.partition("=")
            option = by_flag.get(flag)
            if option is None or (equals and not (option.takes and flag.startswith("--"))):
                raise _BeyondError
            _take(values, option, next(left, None) if option.takes and not equals else value)
    return values, words


def _take(values: dict[str, Any], option: options.Option, value: str | None) -> None:
    if value is None or (option.takes and not value):
        raise _BeyondError
    # A number of more digits may be too large.
    if option.number and not (value.isascii() and value.isdigit() and len(value) < len(str(options.MOST))):
        raise _BeyondError
    taken: Any = int(value) if option.number else value if option.takes else True
    values[option.name] = [*(values[option.name] or ()), taken] if option.many else taken


def _placed(words: list[str], table: Sequence[options.Words]) -> dict[str, Any]:
    """Return the words by the names that the command has for them."""
    found: dict[str, Any] = {}
    for place in table:
        taken = words if place.most is None else words[: place.most]
        if len(taken) < place.at_least:
            raise _BeyondError
        words = words[len(taken) :]
        found[place.name] = (taken or None) if place.most is None else (taken[0] if taken else None)
    if words:
        raise _BeyondError
    return found
