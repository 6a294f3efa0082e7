"""The Typer application, made from the table of commands and options: only the command that is named."""

from __future__ import annotations

import inspect
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

import typer

from autotimeline import plugins
from autotimeline.cli import commands, environment, options
from autotimeline.errors import UsageError
from autotimeline.text import suggest
from autotimeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # What a command line asks for: it returns the exit code.
    Task = Callable[[], int]

# Typer carries its own Click, under a private name: the base of its errors is reached by one that is public.
ClickError: type[Exception] = typer.BadParameter.__mro__[2]

HELP = "Dated, sourced facts in one plain-text file, and questions about them in the terminal."
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}


def run_with_typer(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; what is wrong with it is a UsageError."""
    if "--version" in arguments[:1]:
        return _print(f"autotimeline {__version__}\n")
    known = plugins.list_names(commands)
    mentioned = [name for name in known if name in arguments]
    command = typer.main.get_command(_build_app(mentioned or known))
    buffer = StringIO()
    try:
        with redirect_stdout(buffer):
            task = command.main(list(arguments), prog_name="autotimeline", standalone_mode=False)
    except ClickError as error:
        raise UsageError(_usage_message(error, arguments, known)) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    finally:
        _print(buffer.getvalue())
    # Typer only reads the command line: what it made of an interrupt or a closed pipe would not be ours.
    return task() if callable(task) else int(task or 0)


def _print(text: str) -> int:
    """Print help or the version; a closed stdout is an error here too, as Typer would not have it."""
    if text:
        with environment.open_output(None, []) as out:
            out.write(text)
    return 0


def _usage_message(error: Any, arguments: Sequence[str], known: Sequence[str]) -> str:
    """Say what is wrong in a command line, and what to write instead."""
    message = str(error.format_message()).rstrip(".")
    context = getattr(error, "ctx", None)
    if message.startswith("No such command"):
        word = next((word for word in arguments if repr(word) in message), "")
        hint = suggest(word, known)
        if word.endswith(".toml"):
            hint = f"; a store is named with -f: autotimeline -f {word} timeline"
        elif ":" in word or not hint:
            hint = f'; did you mean "list {word}"?'
        return f'no command "{word}"{hint}'
    if "extra argument" in message and any(word.endswith(".toml") for word in arguments):
        message += "; a store is named with -f"
    # What a flag lacks is said without a context.
    mentioned = [word for word in arguments if word in known][:1]
    command_path = context.command_path if context else " ".join(["autotimeline", *mentioned])
    message = message.replace("a valid int range", "a whole number").replace("a valid int", "a whole number")
    return f"{message[0].lower()}{message[1:]}; see `{command_path} --help`"


def _build_app(names: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        help=HELP,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=CONTEXT_SETTINGS,
    )
    store_parameters = make_parameters((*options.STORE_OPTIONS, options.VERSION))
    app.callback(invoke_without_command=True)(_make_function(_run_root, store_parameters))
    for name in names:
        command = plugins.load(commands, name).COMMAND
        function = _make_function(_make_task(command), make_parameters(command.options, command.arguments))
        app.command(name, help=command.help, context_settings=CONTEXT_SETTINGS)(function)
    return app


def _run_root(context: typer.Context, **values: Any) -> Task | None:
    """Keep what stands before the command; without a command, show the summary."""
    _validate(options.STORE_OPTIONS, values)
    if values["version"]:
        print(f"autotimeline {__version__}")
        raise typer.Exit
    context.obj = values
    if context.invoked_subcommand:
        return None
    from autotimeline.cli.summary import show_summary

    help = context.get_help()
    return lambda: show_summary(values, help)


def _make_task(command: options.Command) -> Callable[..., Task]:
    def task(context: typer.Context, **values: Any) -> Task:
        _validate(command.options, values)
        parent_values = context.obj
        values["file"] = [*(parent_values["file"] or []), *(values.get("file") or [])]
        for option in options.STORE_OPTIONS:
            if not option.multiple:
                values[option.name] = values.get(option.name) or parent_values[option.name]
        return lambda: int(command.run(values))

    return task


def _validate(table: Sequence[options.Option], values: dict[str, Any]) -> None:
    """Refuse a number too large to count to, and an empty value: a script's variable that was not set."""
    for option in table:
        value = values.get(option.name)
        if value == "" or (option.multiple and "" in (value or ())):
            flag = option.flags[-1]
            raise UsageError(f"{flag} lacks a value; write {flag} {option.metavar}, or leave it out")
        if option.is_number and isinstance(value, int) and value > options.MAX_NUMBER:
            raise UsageError(f"{option.flags[-1]} {value}: there are not so many; write a smaller number")


def _make_function(handle: Callable[..., Task | None], parameters: list[inspect.Parameter]) -> Any:
    def function(*positional: Any, **values: Any) -> Task | None:
        return handle(*positional, **values)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter("context", kind, annotation=typer.Context), *parameters]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what Typer reads
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return function


def make_parameters(
    table: Sequence[options.Option], arguments: Sequence[options.Argument] = ()
) -> list[inspect.Parameter]:
    """Return the parameters of Typer for the words and options of the table."""
    parameters = []
    for argument in arguments:
        info = typer.Argument(... if argument.min_count else None, metavar=argument.metavar, help=argument.help)
        parameters.append(_make_parameter(argument.name, info, str if argument.max_count == 1 else list[str]))
    for option in table:
        kind: Any = bool if not option.metavar else int if option.is_number else str
        default: Any = False if not option.metavar else None
        info = typer.Option(
            default,
            *option.flags,
            help=option.help,
            metavar=option.metavar or None,
            min=0 if option.is_number else None,
            show_default=False,
        )
        parameters.append(_make_parameter(option.name, info, list[kind] if option.multiple else kind))
    return parameters


def _make_parameter(name: str, info: Any, kind: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=info, annotation=kind)
