"""`autotimeline import`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from autotimeline.importing.load import File
    from autotimeline.importing.plan import Taking

_SHOWN = 3  # blocks of each kind that a dry run prints


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.importing.load import gather
    from autotimeline.importing.plan import Plan
    from autotimeline.importing.records import lines
    from autotimeline.importing.run import run

    gathered = gather([_read(path) for path in _named(values["files"])], _settings(values), values["form"])
    plan = Plan(gathered, update=values["update"], skip=values["skip_bad"], into=values["into"])
    with write_commands.changer(values, "import", *values["files"]) as changer:
        _, taken = run(plan, changer)
    if values["dry_run"]:
        _show(taken)
    for line in (*taken.told, *lines(taken.problems), _counted(taken)):
        environment.complain(line)
    return 0 if not taken.problems else 1 if values["skip_bad"] else 4


def _named(paths: Sequence[str]) -> Sequence[str]:
    from autotimeline.errors import UsageError

    for at, path in enumerate(paths):
        if path in paths[:at]:
            raise UsageError(f"{path} is named twice; name each file once")
    return paths


def _read(path: str) -> File:
    """Return a file, and the one beside it where its form has one."""
    import os
    import sys

    from autotimeline import plugins
    from autotimeline.errors import AutotimelineError, reason
    from autotimeline.importing import readers
    from autotimeline.store import bounded_input
    from autotimeline.store.locate import STDIN

    try:
        if path == STDIN:
            if sys.stdin is None:
                raise AutotimelineError("standard input is closed")
            return STDIN, bounded_input.read(sys.stdin.buffer, STDIN, AutotimelineError), None
        with open(path, "rb") as file:
            data = bounded_input.read(file, path, AutotimelineError)
        beside = path + getattr(plugins.by_ending(readers, path), "BESIDE", os.sep)
        if not os.path.isfile(beside):
            return path, data, None
        with open(beside, "rb") as file:
            return path, data, (beside, bounded_input.read(file, beside, AutotimelineError))
    except OSError as error:
        raise AutotimelineError(f"{path}: {reason(error)}") from None


def _settings(values: dict[str, Any]) -> Any:
    """Return what a mapping file keeps, and what options say besides or instead."""
    from autotimeline.importing import column_mapping, import_options

    path = values["mapping"]
    found = import_options.kept(*_read(path)[:2]) if path else {}
    several = {
        "columns": column_mapping.pairs(values["map"] or ()),
        "tags": values["tag"] or [],
        "actors": [import_options.role(word) for word in values["actor"] or ()],
        "sources": values["source"] or [],
    }
    found |= {key: [*found.get(key, ()), *more] for key, more in several.items()}
    for key in ("kind", "status", "source_title", "date_format", "delimiter"):
        if values[key]:
            found[key] = values[key]
    return import_options.Settings(**found, raw=values["raw"])


def _show(taken: Taking) -> None:
    """Print the first blocks of each kind, as they would be written."""
    from autotimeline.cli import environment
    from autotimeline.text import count, safe

    kinds: dict[str, list[str]] = {}
    for kind, text in taken.blocks:
        kinds.setdefault(kind, []).append(text)
    with environment.opened(None, []) as out:
        before = ""
        for kind, texts in kinds.items():
            for text in texts[:_SHOWN]:
                out.write(before + safe(text, keep="\n\t"))
                before = "\n"
            if len(texts) > _SHOWN:
                out.write(f"\n# and {count(len(texts) - _SHOWN, kind)} more\n")


def _counted(taken: Taking) -> str:
    from autotimeline.text import count

    other = [count(number, kind) for kind, number in taken.made.items() if number]
    said = [f"{taken.new:,} new, {taken.same:,} already there"]
    said += [f"{taken.updated:,} updated"] if taken.updated else []
    left = len({str(problem.place) for problem in taken.problems})
    said += [f"{left:,} left out"] if left else []
    return ", ".join(said) + (f"; also new: {', '.join(other)}" if other else "")


FILES = options.Words("files", "FILE...", "CSV, JSON, JSON Lines or TOML; - for standard input.", at_least=1)
COMMAND = options.Command(
    "Bring facts from files into the store, ours or others'.",
    _run,
    (
        *write_commands.WRITE,
        write_commands.INTO,
        options.Option("map", "--map", "Which column is what: title=name, date=opened.", "KEY=COLUMN", many=True),
        options.Option("mapping", "--mapping", "A file that keeps these options, in TOML.", "FILE"),
        options.Option("kind", "--kind", "The kind of events that state none.", "KIND", complete="kind"),
        options.Option("status", "--status", "The status of those that state none.", "STATUS", complete="status"),
        options.Option("tag", "--tag", "A tag for all of them.", "TAG", many=True, complete="tag"),
        options.Option("actor", "--actor", "Who takes part in all of them.", "[ROLE=]ID", many=True, complete="actor"),
        options.Option("source", "--source", "What all of them are cited from.", "ID", many=True, complete="source"),
        options.Option("source_title", "--source-title", "What that is called, if it is to be made.", "TITLE"),
        options.Option("date_format", "--date-format", "How dates are written, as %d/%m/%Y.", "FORMAT"),
        options.Option("delimiter", "--delimiter", "What separates the cells of CSV, if no comma.", "CHARACTER"),
        options.Option("raw", "--raw", "CSV: take no guard against formulas off its cells."),
        options.Option("form", "--from", "What the files are: csv, json, jsonl or toml.", "FORM"),
        options.Option("skip_bad", "--skip-bad", "Leave out what cannot be taken, and tell of it."),
        options.Option("update", "--update", "Let events that are there say what the files say."),
    ),
    (FILES,),
)
