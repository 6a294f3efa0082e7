"""The pages of `--help`: commands in groups, and for each command its examples and its options in sections."""

from collections.abc import Iterable, Iterator
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
        "compare": ("compare @leapmotor-deal @catl-jv", "compare era:tavares era:filosa"),
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
        "batch": ("batch --jsonl < queries.txt", "batch -0 -f facts.toml < queries.txt"),
        "schema": ("schema", "schema -o facts.schema.json"),
    },
    _OTHERS: {
        "cache": ("cache", "cache --clear"),
        "completion": ("completion --install", "completion bash > autotimeline.bash"),
    },
}
"""The commands in the order of help, each with two command lines; other commands are in the last group."""

# Options that many commands have, below those of the command.
_OPTION_SECTIONS = {
    "Query": options.SELECTION_OPTIONS,
    "Output": options.OUTPUT_OPTIONS,
    "Store and display": options.STORE_OPTIONS,
}


class GroupedCommands(typer.core.TyperGroup):
    """The program, whose help lists its commands in groups."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each group."""
        for group, names in _grouped(self.list_commands(ctx)):
            with formatter.section(group):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(formatter.width)) for name in names])


def _grouped(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each group that has any of these commands, and them in order."""
    others = [name for name in names if not any(name in group for group in COMMAND_GROUPS.values())]
    known = set(names)
    for group, commands in COMMAND_GROUPS.items():
        if members := [name for name in commands if name in known] + (others if group == _OTHERS else []):
            yield group, members


class SectionedCommand(typer.core.TyperCommand):
    """A command, whose help has examples, and its own options before those of other commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the examples, the arguments, and the options in sections."""
        name = self.name or ""
        if examples := next((group[name] for group in COMMAND_GROUPS.values() if name in group), ()):
            with formatter.section("Examples"):
                formatter.write("".join(f"  autotimeline {line}\n" for line in examples))
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        sections |= {name: [] for name in _OPTION_SECTIONS}
        for parameter in self.get_params(ctx):
            if record := parameter.get_help_record(ctx):
                sections[_section_of(parameter)].append(record)
        for name, records in sections.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records)


def _section_of(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return "Arguments"
    flags = set(parameter.opts)
    shared = (name for name, table in _OPTION_SECTIONS.items() if any(flags == {*option.flags} for option in table))
    return next(shared, "Options")
