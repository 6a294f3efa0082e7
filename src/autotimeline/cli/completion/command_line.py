"""Complete a command line: commands, options, and their values."""

from __future__ import annotations

import os

from autotimeline import plugins
from autotimeline.cli import commands, options
from autotimeline.cli.word_completion import complete_value, filter_by_prefix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.cli.options import Value
    from autotimeline.cli.word_completion import Candidate

_HELP = options.Option("-h --help", "Show the help.")
_UNKNOWN_COMMAND = commands.Command("", lambda request, environment: 2, ())
_PATH_METAVARS = ("FILE", "PATH", "OLD", "NEW")


def candidates(words: Sequence[str]) -> list[Candidate] | None:
    """Return the completions of the last word of a command line, in order; None for a path."""
    command_line = _CommandLine()
    for word in words[:-1]:
        command_line.read_word(word)
    return command_line.complete_word(words[-1]) if words else []


class _CommandLine:
    """The complete words of a command line, and what has to follow."""

    def __init__(self) -> None:
        self.command: commands.Command | None = None
        self.known_options = (*options.STORE_OPTIONS, options.VERSION, _HELP)
        self.files: list[str] = []
        self.given: dict[str, Value] = {}
        self.argument_count = 0
        self.pending_option: options.Option | None = None
        self.options_ended = False

    def read_word(self, word: str) -> None:
        """Read a complete word."""
        if self.pending_option:
            self._set_value(self.pending_option, word)
        elif not self.options_ended and word == "--":
            self.options_ended = True
        elif not self.options_ended and word.startswith("-") and word != "-":
            self._read_flags(word)
        elif self.command:
            if argument := self._next_argument():
                self.given.setdefault(argument.name, word)
            self.argument_count += 1
        else:
            known = word in plugins.list_names(commands)
            self.command = plugins.load(commands, word).COMMAND if known else _UNKNOWN_COMMAND
            self.known_options = (*self.command.options, _HELP)
            self.given.clear()

    def _read_flags(self, word: str) -> str | None:
        """Read `--flag`, `--flag=value`, `-f`, `-fvalue`, or `-rf`; return the value, None if it has not begun."""
        self.pending_option = None
        flag, equals, value = word.partition("=")
        if not word.startswith("--"):
            flag, value = word[:2], word[2:]
        option = next((option for option in self.known_options if flag in option.flags), None)
        if option is None:
            return None
        self.given[option.name] = True
        if not option.metavar:
            return self._read_flags(f"-{value}") if value and not equals else None
        if value or equals:
            self._set_value(option, value)
            return value
        self.pending_option = option
        return None

    def _set_value(self, option: options.Option, value: str) -> None:
        self.pending_option = None
        self.given[option.name] = value
        if option.name == options.FILE.name:
            # The shell has not expanded the words before the cursor.
            self.files.append(os.path.expanduser(os.path.expandvars(value)))

    def complete_word(self, typed: str) -> list[Candidate] | None:
        """Return the completions of an incomplete word; None for a path."""
        if self.pending_option:
            return self._complete_value(self.pending_option, typed)
        if typed.startswith("-") and not self.options_ended:
            return self._complete_option(typed)
        if not self.command:
            names = plugins.list_names(commands)
            return filter_by_prefix(typed, [(name, plugins.load(commands, name).COMMAND.help) for name in names])
        argument = self._next_argument()
        if not argument:
            return []
        option, kind = argument.alternative
        if option in self.given:
            return complete_value(kind, typed, self.files)
        return self._complete_value(argument, typed)

    def _next_argument(self) -> options.Argument | None:
        """Return the argument that the next word without a flag belongs to; None if there is none."""
        position = self.argument_count
        for argument in self.command.arguments if self.command else ():
            if argument.max_count is None or position < argument.max_count:
                return argument
            position -= argument.max_count
        return None

    def _complete_option(self, typed: str) -> list[Candidate] | None:
        files, given = list(self.files), dict(self.given)
        value = self._read_flags(typed)
        if value is None:
            available = [option for option in self.known_options if option.multiple or option.name not in given]
            return filter_by_prefix(typed, [(flag, option.help) for option in available for flag in option.flags])
        self.files = files
        prefix = typed[: len(typed) - len(value)]
        flag = prefix.removesuffix("=") if prefix.startswith("--") else "-" + prefix[-1]
        option = next(option for option in self.known_options if flag in option.flags)
        matches = self._complete_value(option, value)
        return matches and [(prefix + word, help) for word, help in matches]

    def _complete_value(self, target: options.Option | options.Argument, typed: str) -> list[Candidate] | None:
        if not target.completion and any(path in target.metavar for path in _PATH_METAVARS):
            return None
        if target.completion != "fields":
            # An actor may follow its role.
            role, equals, name = typed.partition("=") if target.metavar.startswith("[ROLE=]") else ("", "", typed)
            matches = complete_value(target.completion, name if equals else typed, self.files)
            return [(f"{role}{equals}{word}", help) for word, help in matches] if equals else matches
        from autotimeline.cli.row_fields import known_fields, sortable_fields

        kind, list_fields = ("fields", known_fields) if "," in target.metavar else ("sortable", sortable_fields)
        fields = list_fields(self.command or _UNKNOWN_COMMAND, options.Request(self.given))
        return complete_value(kind, typed, self.files, fields)
