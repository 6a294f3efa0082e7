"""The pages of `--help`: commands in groups, and for each command its examples and its options in sections."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import typer.core

from autotimeline.cli import options

_OTHERS = "More"

COMMAND_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "Ask": {
        "list": ("list actor:leapmotor since:2023", "list is:planned -O csv -o plans.csv"),
        "timeline": ("timeline era:tavares", "timeline kind:deal,joint-venture --gap"),
        "show": ("show leapmotor-deal", "show actor:stellantis"),
        "count": ("count --by year", "count --by year,kind since:2020"),
        "figures": ("figures --metric sales", "figures --sum --by year"),
        "chart": ("chart --by actor", "chart kind:deal,joint-venture -o deals.svg"),
        "elapsed": ("elapsed leads-to", "elapsed same-deal actor:leapmotor"),
        "explore": ("explore", "explore actor:leapmotor since:2023"),
        "names": ("names actors", "names kinds since:2024"),
    },
    "Compare": {
        "compare": ("compare leapmotor-deal catl-jv", "compare era:tavares era:filosa"),
        "diff": ("diff --since yesterday", "diff old.toml facts.toml"),
        "check": ("check", "check --explain disputed"),
    },
    "Write": {
        "init": ("init", "init --example"),
        "add": (
            'add "VW opens a plant" --date 2025-10 --actor VW --source turn-2025',
            'add "VW writes off a stake" --date "Oct 2024" --figure "loss=~0.9bn EUR"',
        ),
        "set": ("set leapmotor-deal status=cancelled", "set --where kind:production tags+=factory"),
        "edit": ("edit leapmotor-deal", "edit actor:leapmotor"),
        "rename": ("rename leapmotor-deal leapmotor-stake", "rename actor:leapmotor leap"),
        "merge": ("merge leapmotor-deal leapmotor-stake", "merge actor:gac actor:gac-group"),
        "remove": ("remove leapmotor-deal", "remove source:other-reporting --force"),
        "undo": ("undo", "undo --dry-run"),
    },
    "Exchange": {
        "import": ("import events.csv --map title=What --map date=When", "import answer.json --dry-run"),
        "draft": ("draft article.html -O table", "draft article.txt --edit"),
        "export": ("export -o snapshot.toml", "export kind:deal,joint-venture -o deals.xlsx"),
        "lake": ("lake facts.toml feed.jsonl -o lake", "lake --append new.csv --mapping feed.toml -o lake"),
        "batch": ("batch --jsonl < queries.txt", "batch -0 -f facts.toml < queries.txt"),
        "schema": ("schema", "schema -o facts.schema.json"),
    },
    _OTHERS: {
        "mcp": ("mcp -f facts.toml", "mcp -f facts.toml --allow-write"),
        "merge-driver": ("merge-driver %O %A %B %L %P", "merge-driver base.toml ours.toml theirs.toml 7 facts.toml"),
        "cache": ("cache", "cache --clear"),
        "completion": ("completion --install", "completion bash > autotimeline.bash"),
    },
}
"""The commands in the order of help, each with two command lines; other commands are in the last group."""

# The first sentence of a command's help wraps; it is never cut.
_ANY_LENGTH = 1_000
# What Typer adds to the help of an option with a number; an error names the range.
_COUNT_RANGE = "  [x>=0]"
SHARED_OPTIONS = {
    "Query options": options.SELECTION_OPTIONS,
    "Output options": options.OUTPUT_OPTIONS,
    "Store and display options": options.STORE_OPTIONS,
}
"""The options that many commands have: the page of the program explains them, and that of a command names them."""


class GroupedCommands(typer.core.TyperGroup):
    """The program, whose help lists its commands in groups, and then the options that commands share."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the groups of commands, the options that only the program has, and the shared options in sections."""
        self.format_commands(ctx, formatter)
        own = [record for parameter in _own_parameters(self, ctx) if (record := parameter.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl(own)
        for title, table in SHARED_OPTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(_spell(option), option.help) for option in table])

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each group."""
        for group, names in _grouped(self.list_commands(ctx)):
            with formatter.section(group):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(_ANY_LENGTH)) for name in names])


def _grouped(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each group that has any of these commands, and them in order."""
    others = [name for name in names if not any(name in group for group in COMMAND_GROUPS.values())]
    known = set(names)
    for group, commands in COMMAND_GROUPS.items():
        if members := [name for name in commands if name in known] + (others if group == _OTHERS else []):
            yield group, members


class SectionedCommand(typer.core.TyperCommand):
    """A command, whose help has examples and its own options, and names those that it shares with others."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the examples, the arguments, the options, and the names of the shared options in sections."""
        name = self.name or ""
        if examples := next((group[name] for group in COMMAND_GROUPS.values() if name in group), ()):
            with formatter.section("Examples"):
                formatter.write("".join(f"  autotimeline {line}\n" for line in examples))
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for parameter in _own_parameters(self, ctx):
            if record := parameter.get_help_record(ctx):
                flags, text = record
                title = "Arguments" if parameter.param_type_name == "argument" else "Options"
                sections[title].append((flags, text.removesuffix(_COUNT_RANGE)))
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
        given = [_identity(parameter) for parameter in self.get_params(ctx)]
        shared = {
            title.removesuffix(" options"): [option for option in table if _identity(option) in given]
            for title, table in SHARED_OPTIONS.items()
        }
        if any(shared.values()):
            with formatter.section("Shared options, which `autotimeline --help` explains"):
                _write_flags(formatter, shared)


def _write_flags(formatter: Any, shared: Mapping[str, Sequence[options.Option]]) -> None:
    """Write the flags of the options behind each title, and break no flag at its hyphens."""
    indent = max(map(len, shared)) + 4
    for title, table in shared.items():
        if flags := ", ".join("/".join(option.flags) for option in table):
            lines = textwrap.wrap(flags, formatter.width - indent, break_on_hyphens=False)
            formatter.write(f"  {title}".ljust(indent) + f"\n{'':{indent}}".join(lines) + "\n")


def _own_parameters(command: Any, ctx: Any) -> list[Any]:
    """Return the parameters that are not shared options."""
    shared = [_identity(option) for table in SHARED_OPTIONS.values() for option in table]
    return [parameter for parameter in command.get_params(ctx) if _identity(parameter) not in shared]


def _identity(option: Any) -> tuple[list[str], str]:
    """Return what the same option of two commands has in common: `add --kind` is another one than `list --kind`."""
    return [*(option.flags if isinstance(option, options.Option) else option.opts)], getattr(option, "help", "")


def _spell(option: options.Option) -> str:
    """Return the flags of an option and the name of its value."""
    return " ".join(filter(None, (", ".join(option.flags), option.metavar)))
