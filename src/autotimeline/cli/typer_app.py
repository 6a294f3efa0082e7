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
from autotimeline.text import nearest
from autotimeline.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # What a command line asks for: it returns the exit code.
    Task = Callable[[], int]

# Typer carries its own Click, under a private name: the base of its errors is reached by one that is public.
ClickError: type[Exception] = typer.BadParameter.__mro__[2]

HELP = "Dated, sourced facts in one plain-text file, and questions about them in the terminal."
SETTINGS = {"help_option_names": ["-h", "--help"]}


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; what is wrong with it is a UsageError."""
    if "--version" in arguments[:1]:
        return _tell(f"autotimeline {__version__}\n")
    known = plugins.names(commands)
    named = [name for name in known if name in arguments]
    command = typer.main.get_command(_app(named or known))
    told = StringIO()
    try:
        with redirect_stdout(told):
            task = command.main(list(arguments), prog_name="autotimeline", standalone_mode=False)
    except ClickError as error:
        raise UsageError(_explained(error, arguments, known)) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    finally:
        _tell(told.getvalue())
    # Typer only reads the command line: what it made of an interrupt or a closed pipe would not be ours.
    return task() if callable(task) else int(task or 0)


def _tell(text: str) -> int:
    """Print help or the version; a closed stdout is an error here too, as Typer would not have it."""
    if text:
        with environment.opened(None, []) as out:
            out.write(text)
    return 0


def _explained(error: Any, arguments: Sequence[str], known: Sequence[str]) -> str:
    """Say what is wrong in a command line, and what to write instead."""
    what = str(error.format_message()).rstrip(".")
    context = getattr(error, "ctx", None)
    if what.startswith("No such command"):
        first = next((word for word in arguments if repr(word) in what), "")
        close = nearest(first, known)
        if first.endswith(".toml"):
            close = f"; a store is named with -f: autotimeline -f {first} timeline"
        elif ":" in first or not close:
            close = f'; did you mean "list {first}"?'
        return f'no command "{first}"{close}'
    if "extra argument" in what and any(word.endswith(".toml") for word in arguments):
        what += "; a store is named with -f"
    # What a flag lacks is said without a context.
    named = [word for word in arguments if word in known][:1]
    path = context.command_path if context else " ".join(["autotimeline", *named])
    what = what.replace("a valid int range", "a whole number").replace("a valid int", "a whole number")
    return f"{what[0].lower()}{what[1:]}; see `{path} --help`"


def _app(names: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        help=HELP,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=SETTINGS,
    )
    shared = _signature((*options.STORE, options.VERSION))
    app.callback(invoke_without_command=True)(_function(_top, shared))
    for name in names:
        command = plugins.load(commands, name).COMMAND
        function = _function(_task(command), _signature(command.options, command.words))
        app.command(name, help=command.help, context_settings=SETTINGS)(function)
    return app


def _top(context: typer.Context, **values: Any) -> Task | None:
    """Keep what stands before the command; without a command, show the summary."""
    _hold(options.STORE, values)
    if values["version"]:
        print(f"autotimeline {__version__}")
        raise typer.Exit
    context.obj = values
    if context.invoked_subcommand:
        return None
    from autotimeline.cli.summary import summary

    help = context.get_help()
    return lambda: summary(values, help)


def _task(command: options.Command) -> Callable[..., Task]:
    def task(context: typer.Context, **values: Any) -> Task:
        _hold(command.options, values)
        before = context.obj
        values["file"] = [*(before["file"] or []), *(values.get("file") or [])]
        for option in options.STORE:
            if not option.many:
                values[option.name] = values.get(option.name) or before[option.name]
        return lambda: int(command.run(values))

    return task


def _hold(table: Sequence[options.Option], values: dict[str, Any]) -> None:
    """Refuse a number too large to count to, and an empty value: a script's variable that was not set."""
    for option in table:
        value = values.get(option.name)
        if value == "" or (option.many and "" in (value or ())):
            flag = option.flags[-1]
            raise UsageError(f"{flag} lacks a value; write {flag} {option.takes}, or leave it out")
        if option.number and isinstance(value, int) and value > options.MOST:
            raise UsageError(f"{option.flags[-1]} {value}: there are not so many; write a smaller number")


def _function(read: Callable[..., Task | None], parameters: list[inspect.Parameter]) -> Any:
    def function(*positional: Any, **values: Any) -> Task | None:
        return read(*positional, **values)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter("context", kind, annotation=typer.Context), *parameters]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what Typer reads
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return function


def _signature(table: Sequence[options.Option], words: Sequence[options.Words] = ()) -> list[inspect.Parameter]:
    """Return the parameters of Typer for the words and options of the table."""
    found = []
    for word in words:
        info = typer.Argument(... if word.at_least else None, metavar=word.takes, help=word.help)
        found.append(_parameter(word.name, info, str if word.most == 1 else list[str]))
    for option in table:
        kind: Any = bool if not option.takes else int if option.number else str
        default: Any = False if not option.takes else None
        info = typer.Option(
            default,
            *option.flags,
            help=option.help,
            metavar=option.takes or None,
            min=0 if option.number else None,
            show_default=False,
        )
        found.append(_parameter(option.name, info, list[kind] if option.many else kind))
    return found


def _parameter(name: str, info: Any, kind: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=info, annotation=kind)
