"""The Typer application, built from the table of commands and options: only the commands that are mentioned."""

import inspect
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import typer

from autotimeline import plugins
from autotimeline.cli import commands, help_pages, options
from autotimeline.cli.environment import Environment
from autotimeline.cli.options import Request
from autotimeline.errors import UsageError
from autotimeline.text import suggest
from autotimeline.version import __version__

# A parsed command line, ready to run; returns the exit code.
Task = Callable[[Environment], int]
Runner = Callable[[commands.Command, Request, Environment], int]

# Typer contains its own Click under a private name: the base of its errors is reached through a public class.
ClickError: type[Exception] = typer.BadParameter.__mro__[2]

HELP = "Dated, sourced facts in one plain-text file, and questions about them in the terminal."
# The command or option for a word that people type first and that is not similar to it.
_COMMAND_SYNONYMS = {
    **dict.fromkeys(("sum", "total", "totals"), "figures --sum"),
    **dict.fromkeys(("convert", "rates"), "figures --in EUR"),
    **dict.fromkeys(("stats", "statistics", "status", "summary"), "check --summary"),
    **dict.fromkeys(("changes", "changed", "history", "log"), "diff --since yesterday"),
    **dict.fromkeys(("find", "search"), "list"),
    **dict.fromkeys(("gap", "gaps"), "list --gap"),
    "around": "list around:@ID/30d",
    "context": "list -C 2",
    "help": "--help",
    "how": "count",
    **dict.fromkeys(("what", "when", "where", "which", "who", "why"), "list"),
    "actors": "names actors",
    "sources": "names sources",
}
_OPTION_SYNONYMS = {
    **dict.fromkeys(("--total", "--totals"), "--sum"),
    **dict.fromkeys(("--group-by", "--group", "--per-year"), "--by"),
    **dict.fromkeys(("--currency", "--convert"), "--in"),
    "--top": "-n",
    **dict.fromkeys(("--order", "--order-by", "--sort-by"), "--sort"),
    **dict.fromkeys(("--from", "--after"), "--since"),
    **dict.fromkeys(("--to", "--before"), "--until"),
}
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}


def run_with_typer(arguments: Sequence[str], environment: Environment, run: Runner) -> int:
    """Parse a command line, run it with `run`, and return its exit code.

    Raises:
        UsageError: If the command line is invalid.
    """
    if "--version" in arguments[:1]:
        _print(environment, f"autotimeline {__version__}\n")
        return 0
    known = plugins.list_names(commands)
    command = typer.main.get_command(_build_app([name for name in known if name in arguments] or known, run))
    buffer = StringIO()
    try:
        with redirect_stdout(buffer):
            task = command.main(list(arguments), prog_name="autotimeline", standalone_mode=False)
    except ClickError as error:
        raise UsageError(_usage_message(error, arguments, known)) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    finally:
        _print(environment, buffer.getvalue())
    # Typer only parses: it would handle an interrupt or a closed pipe in its own way.
    return task(environment) if callable(task) else int(task or 0)


def _print(environment: Environment, text: str) -> None:
    """Print help or the version; unlike with Typer, a closed stdout is an error."""
    if text:
        with environment.open_output() as out:
            out.write(text)


def _usage_message(error: Any, arguments: Sequence[str], known: Sequence[str]) -> str:
    message = str(error.format_message()).rstrip(".")
    if message.startswith("No such command"):
        word = next((word for word in arguments if repr(word) in message), "")
        hint = f'; did you mean "{_COMMAND_SYNONYMS[word]}"?' if word in _COMMAND_SYNONYMS else suggest(word, known)
        if word.endswith(".toml"):
            hint = f"; name a store with -f: autotimeline -f {word} timeline"
        elif ":" in word or not hint:
            hint = f'; did you mean "list {word}"?'
        return f'no command "{word}"{hint}'
    if "extra argument" in message and any(word.endswith(".toml") for word in arguments):
        message += "; name a store with -f"
    # The error of an option without its value has no context.
    context = getattr(error, "ctx", None)
    mentioned = [word for word in arguments if word in known][:1]
    command_path = context.command_path if context else " ".join(["autotimeline", *mentioned])
    option = getattr(error, "option_name", None)
    if (synonym := _OPTION_SYNONYMS.get(option or "")) and context and _has_option(context, synonym):
        return f'no such option: {option}; did you mean "{synonym}"?'
    if context and not context.parent and any(option in each.flags for each in options.QUERY_OPTIONS):
        return f"{option} before the command; write it after: autotimeline list {option} …"
    from autotimeline.query.fields import STATES
    from autotimeline.query.synonyms import STATE_SYNONYMS

    word = (option or "").lstrip("-")
    if word and (word in STATES or word in STATE_SYNONYMS):
        return f'no such option: {option}; did you mean "is:{STATE_SYNONYMS.get(word, word)}"?'
    if word in _COMMAND_SYNONYMS:
        return f'no such option: {option}; did you mean "{_COMMAND_SYNONYMS[word]}"?'
    message = message.replace("a valid int range", "a whole number").replace("a valid int", "a whole number")
    return f"{message[0].lower()}{message[1:]}; see `{command_path} --help`"


def _has_option(context: Any, name: str) -> bool:
    return any(name in parameter.opts for parameter in context.command.params)


def _build_app(names: Sequence[str], run: Runner) -> typer.Typer:
    app = typer.Typer(
        cls=help_pages.GroupedCommands,
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
        function = _make_function(_make_handler(command, run), make_parameters(command.options, command.arguments))
        page = help_pages.SectionedCommand
        app.command(name, cls=page, help=command.help, context_settings=CONTEXT_SETTINGS)(function)
    return app


def _run_root(context: typer.Context, values: dict[str, Any]) -> Task | None:
    """Keep the options before the command; without a command, show the summary."""
    _validate(options.STORE_OPTIONS, values)
    if values["version"]:
        print(f"autotimeline {__version__}")
        raise typer.Exit
    context.obj = values
    if context.invoked_subcommand:
        return None
    from autotimeline.cli.summary import show_summary

    help = context.get_help()
    return lambda environment: show_summary(Request(values), environment, help)


def _make_handler(command: commands.Command, run: Runner) -> Callable[..., Task]:
    def handle(context: typer.Context, values: dict[str, Any]) -> Task:
        lists = [option.name for option in command.options if option.is_list]
        values |= {name: ",".join(values[name]) if values[name] else None for name in lists}
        _validate(command.options, values)
        request = Request(values, context.obj)
        return lambda environment: run(command, request, environment)

    return handle


def _validate(table: Sequence[options.Option], values: dict[str, Any]) -> None:
    """Reject numbers that are too large, and empty values: a script's variable that was not set."""
    for option in table:
        value = values.get(option.name)
        if value == "" or (option.multiple and "" in (value or ())):
            flag = option.flags[-1]
            raise UsageError(f"{flag}: missing value; write {flag} {option.metavar}, or remove the option")
        if option.is_number and isinstance(value, int) and value > options.MAX_NUMBER:
            raise UsageError(f"{option.flags[-1]} {value}: number too large; write at most {options.MAX_NUMBER}")


def _make_function(
    handle: Callable[[typer.Context, dict[str, Any]], Task | None], parameters: list[inspect.Parameter]
) -> Any:
    """Return a function with the signature that Typer reads; lists become tuples."""

    def function(context: typer.Context, **values: Any) -> Task | None:
        return handle(
            context, {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        )

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter("context", kind, annotation=typer.Context), *parameters]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # Typer reads it
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return function


def make_parameters(
    table: Sequence[options.Option], arguments: Sequence[options.Argument] = ()
) -> list[inspect.Parameter]:
    """Return Typer's parameters for arguments and options."""
    parameters = []
    for argument in arguments:
        info = typer.Argument(... if argument.min_count else None, metavar=argument.metavar, help=argument.help)
        parameters.append(_make_parameter(argument.name, info, str if argument.max_count == 1 else list[str]))
    for option in table:
        kind: Any = bool if not option.metavar else int if option.is_number else str
        info = typer.Option(
            None if option.metavar else False,
            *option.flags,
            help=option.help,
            metavar=option.metavar or None,
            min=0 if option.is_number else None,
            show_default=False,
        )
        parameters.append(_make_parameter(option.name, info, list[kind] if option.multiple or option.is_list else kind))
    return parameters


def _make_parameter(name: str, info: Any, kind: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=info, annotation=kind)
