"""Run command lines: errors become lines on stderr and exit codes."""

from __future__ import annotations

import gc
import os
import sys

from autotimeline.errors import AutotimelineError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from autotimeline.cli import commands
    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Argument, Option, Request, Value

EXIT_CLOSED_PIPE, EXIT_INTERRUPTED = 0, 130
COMPLETION_VARIABLES = ("_AUTOTIMELINE_COMPLETE", "_ATL_COMPLETE")
"""The environment variables in which a shell asks for completion: `complete_SHELL` (see `cli.completion.shells`)."""
# Imports create thousands of objects and hardly any cycle: collecting them costs 5% of a start.
GC_THRESHOLD = 100_000


def run_program() -> NoReturn:
    """Run the command line of this process, and end it with the exit code."""
    environment = _process_environment()
    code = main(environment=environment)
    for timeline in environment.timelines:
        timeline.close()
    # Freeing all objects costs 5% of a start. Only open connections, exit handlers, and threads need it.
    sqlite = sys.modules.get("autotimeline.engines.sqlite")
    if not (sqlite and sqlite.open_connections) and sys.modules.keys().isdisjoint(("atexit", "threading")):
        os._exit(code)
    sys.exit(code)


def _process_environment() -> Environment:
    from autotimeline.cli.environment import Environment

    return Environment(sys.stdin, sys.stdout, sys.stderr, os.environ)


def main(arguments: Sequence[str] | None = None, environment: Environment | None = None) -> int:
    """Run a command line and return its exit code (docs/contract.md); both default to those of the process."""
    gc.set_threshold(GC_THRESHOLD)
    environment = environment or _process_environment()
    environment.run_command = run_command
    try:
        return run_command(sys.argv[1:] if arguments is None else arguments, environment)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return EXIT_CLOSED_PIPE
    except OSError as error:
        environment.error(error_reason(error))
        return AutotimelineError.exit_code
    finally:
        _discard_unwritten(environment)


def run_command(arguments: Sequence[str], environment: Environment) -> int:
    """Run a command line and return its exit code; report its errors on stderr.

    Raises:
        OSError: If stdout cannot be written.
    """
    process_stdin = sys.stdin
    try:
        # The index reads a store "-" from there.
        sys.stdin = environment.stdin
        environment.configure_streams()
        code = _dispatch(arguments, environment)
        if environment.stdout is not None:
            environment.stdout.flush()
        return code
    except AutotimelineError as error:
        environment.error(str(error))
        return error.exit_code
    finally:
        sys.stdin = process_stdin


def _dispatch(arguments: Sequence[str], environment: Environment) -> int:
    # Completion runs first: the user is waiting for Tab.
    for name in COMPLETION_VARIABLES:
        if instruction := environment.variables.get(name):
            from autotimeline.cli.completion import shells

            return shells.print_candidates(instruction, environment)
    try:
        return _parse_and_run(arguments, environment)
    except (AutotimelineError, OSError):
        raise
    except Exception as error:
        cache = sys.modules.get("autotimeline.index.cache")
        if cache is None or not cache.discard_damaged(error):
            raise
        if environment.output_started:
            what = "incomplete answer: the index is damaged; run the command again"
            raise AutotimelineError(what) from None
        return _parse_and_run(["--no-cache", *arguments], environment)
    finally:
        if directory := sys.modules.get("autotimeline.index.cache_directory"):
            for warning in directory.warnings():
                environment.error(warning)


def _parse_and_run(arguments: Sequence[str], environment: Environment) -> int:
    if parsed := parse_command_line(arguments):
        return _run_parsed(*parsed, environment)
    from autotimeline.cli.typer_app import run_with_typer

    return run_with_typer(arguments, environment, _run_parsed)


def _run_parsed(command: commands.Command, request: Request, environment: Environment) -> int:
    """Run a command, or explain the fields of its rows."""
    from autotimeline.cli.options import FIELDS

    if request.text(FIELDS) == "help":
        from autotimeline.cli.field_help import write_field_help

        return write_field_help(command, request, environment)
    return command.run(request, environment)


def parse_command_line(arguments: Sequence[str]) -> tuple[commands.Command, Request] | None:
    """Return the command and its request, parsed as Typer does, but in a fraction of the time.

    Return None if the command line needs Typer: errors, `--help`, and clustered flags.
    """
    from autotimeline import plugins
    from autotimeline.cli import commands, options

    for index, name in enumerate(arguments):
        if module := plugins.find(commands, name):
            command: commands.Command = module.COMMAND
            values: dict[str, Value] = {}
            if _parse_options(arguments[:index], options.STORE_OPTIONS, values) == []:
                words = _parse_options(arguments[index + 1 :], command.options, values)
                if words is not None and _bind_arguments(words, command.arguments, values):
                    return command, options.Request(values)
            break
    return None


def _parse_options(arguments: Sequence[str], table: Sequence[Option], values: dict[str, Value]) -> list[str] | None:
    """Add the values of the options, and return the other words in order; None if the command line needs Typer."""
    by_flag = {flag: option for option in table for flag in option.flags}
    values.update({option.name: None for option in table if option.name not in values})
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
                return None
            text = next(remaining, "") if option.metavar and not equals else value
            if not _set_option(values, option, text):
                return None
    return words


def _set_option(values: dict[str, Value], option: Option, text: str) -> bool:
    """Set the value of an option; return False if the text needs Typer."""
    from autotimeline.cli.options import MAX_NUMBER

    if not option.metavar:
        values[option.name] = True
    elif option.multiple:
        earlier = values[option.name]
        values[option.name] = (*earlier, text) if isinstance(earlier, tuple) else (text,)
    elif option.is_number:
        # A number with more digits may be too large.
        if not (text.isascii() and text.isdigit() and len(text) < len(str(MAX_NUMBER))):
            return False
        values[option.name] = int(text)
    else:
        earlier = values[option.name]
        values[option.name] = f"{earlier},{text}" if option.is_list and earlier else text
    return bool(text or not option.metavar)


def _bind_arguments(words: list[str], table: Sequence[Argument], values: dict[str, Value]) -> bool:
    """Add the words by the names of the arguments; return False if there are too few or too many.

    `--fields help` needs no words.
    """
    for argument in table:
        bound = words if argument.max_count is None else words[: argument.max_count]
        if len(bound) < argument.min_count and values.get("fields") != "help":
            return False
        words = words[len(bound) :]
        values[argument.name] = tuple(bound) if argument.max_count is None else bound[0] if bound else None
    return not words


def _discard_unwritten(environment: Environment) -> None:
    """Discard what a closed pipe or a full disk did not accept, so that Python does not report it at exit."""
    for stream in (environment.stdout, environment.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
