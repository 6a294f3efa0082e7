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


class _NeedsTyperError(Exception):
    """A command line that is not for this door."""


def parse_command_line(arguments: Sequence[str]) -> tuple[options.Command, dict[str, Any]] | None:
    """Return the command and its values, or None where the command line is for Typer."""
    try:
        global_values, name, rest = _split_command(list(arguments))
        command = plugins.load(commands, name).COMMAND
        values, words = _parse_options(rest, command.options)
        values.update(_bind_arguments(words, command.arguments))
    except _NeedsTyperError:
        return None
    for option in options.STORE_OPTIONS:
        global_value, value = global_values[option.name], values.get(option.name)
        values[option.name] = [*(global_value or ()), *(value or ())] if option.multiple else value or global_value
    return command, values


def _split_command(arguments: list[str]) -> tuple[dict[str, Any], str, list[str]]:
    """Return the values of the options before the command, its name, and what follows it."""
    known = plugins.list_names(commands)
    for index, argument in enumerate(arguments):
        if argument in known:
            global_values, words = _parse_options(arguments[:index], options.STORE_OPTIONS)
            if not words:
                return global_values, argument, arguments[index + 1 :]
    raise _NeedsTyperError


def _parse_options(arguments: list[str], table: Sequence[options.Option]) -> tuple[dict[str, Any], list[str]]:
    """Return the values of the options by name, and the words, in order."""
    by_flag = {flag: option for option in table for flag in option.flags}
    values: dict[str, Any] = {option.name: None if option.metavar else False for option in table}
    words: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            words += remaining
        elif not argument.startswith("-") or argument == "-":
            words.append(argument)
        else:
            flag, equals, value = argument.partition("=")
            option = by_flag.get(flag)
            if option is None or (equals and not (option.metavar and flag.startswith("--"))):
                raise _NeedsTyperError
            _set_option(values, option, next(remaining, None) if option.metavar and not equals else value)
    return values, words


def _set_option(values: dict[str, Any], option: options.Option, value: str | None) -> None:
    if value is None or (option.metavar and not value):
        raise _NeedsTyperError
    # A number of more digits may be too large.
    if option.is_number and not (value.isascii() and value.isdigit() and len(value) < len(str(options.MAX_NUMBER))):
        raise _NeedsTyperError
    converted: Any = int(value) if option.is_number else value if option.metavar else True
    values[option.name] = [*(values[option.name] or ()), converted] if option.multiple else converted


def _bind_arguments(words: list[str], table: Sequence[options.Argument]) -> dict[str, Any]:
    """Return the words by the names that the command has for them."""
    values: dict[str, Any] = {}
    for argument in table:
        bound = words if argument.max_count is None else words[: argument.max_count]
        if len(bound) < argument.min_count:
            raise _NeedsTyperError
        words = words[len(bound) :]
        values[argument.name] = (bound or None) if argument.max_count is None else (bound[0] if bound else None)
    if words:
        raise _NeedsTyperError
    return values
