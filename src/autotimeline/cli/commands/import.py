"""`autotimeline import`."""

from __future__ import annotations

from autotimeline.cli import options, write_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from autotimeline.importing.load import InputFile
    from autotimeline.importing.plan import ImportRun

_MAX_SHOWN = 3  # blocks of each kind that a dry run prints


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.importing.load import load_files
    from autotimeline.importing.plan import ImportPlan
    from autotimeline.importing.records import format_problems
    from autotimeline.importing.run import run_import

    loaded = load_files(
        [_read_input(path) for path in _require_distinct(values["files"])], _import_options(values), values["form"]
    )
    plan = ImportPlan(loaded, update=values["update"], skip_invalid=values["skip_bad"], target_file=values["into"])
    with write_commands.open_writer(values, "import", *values["files"]) as writer:
        _, import_run = run_import(plan, writer)
    if values["dry_run"]:
        _print_blocks(import_run)
    for line in (*import_run.messages, *format_problems(import_run.problems), _format_counts(import_run)):
        environment.print_error(line)
    return 0 if not import_run.problems else 1 if values["skip_bad"] else 4


def _require_distinct(paths: Sequence[str]) -> Sequence[str]:
    from autotimeline.errors import UsageError

    for index, path in enumerate(paths):
        if path in paths[:index]:
            raise UsageError(f"{path} is named twice; name each file once")
    return paths


def _read_input(path: str) -> InputFile:
    """Return a file, and the one beside it where its form has one."""
    import os
    import sys

    from autotimeline import plugins
    from autotimeline.errors import AutotimelineError, error_reason
    from autotimeline.importing import readers
    from autotimeline.store import bounded_input
    from autotimeline.store.locate import STDIN

    try:
        if path == STDIN:
            if sys.stdin is None:
                raise AutotimelineError("standard input is closed")
            return STDIN, bounded_input.read_bounded(sys.stdin.buffer, STDIN, AutotimelineError), None
        with open(path, "rb") as file:
            data = bounded_input.read_bounded(file, path, AutotimelineError)
        companion = path + getattr(plugins.load_by_extension(readers, path), "COMPANION_SUFFIX", os.sep)
        if not os.path.isfile(companion):
            return path, data, None
        with open(companion, "rb") as file:
            return path, data, (companion, bounded_input.read_bounded(file, companion, AutotimelineError))
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


def _import_options(values: dict[str, Any]) -> Any:
    """Return what a mapping file keeps, and what options say besides or instead."""
    from autotimeline.importing import column_mapping, import_options

    path = values["mapping"]
    arguments = import_options.parse_mapping_file(*_read_input(path)[:2]) if path else {}
    lists = {
        "columns": column_mapping.parse_map_options(values["map"] or ()),
        "tags": values["tag"] or [],
        "actors": [import_options.split_role(word) for word in values["actor"] or ()],
        "sources": values["source"] or [],
    }
    arguments |= {key: [*arguments.get(key, ()), *extra] for key, extra in lists.items()}
    for key in ("kind", "status", "source_title", "date_format", "delimiter"):
        if values[key]:
            arguments[key] = values[key]
    return import_options.ImportOptions(**arguments, raw=values["raw"])


def _print_blocks(import_run: ImportRun) -> None:
    """Print the first blocks of each kind, as they would be written."""
    from autotimeline.cli import environment
    from autotimeline.text import escape_control, format_count

    texts_by_kind: dict[str, list[str]] = {}
    for kind, text in import_run.new_blocks:
        texts_by_kind.setdefault(kind, []).append(text)
    with environment.open_output(None, []) as out:
        separator = ""
        for kind, texts in texts_by_kind.items():
            for text in texts[:_MAX_SHOWN]:
                out.write(separator + escape_control(text, keep="\n\t"))
                separator = "\n"
            if len(texts) > _MAX_SHOWN:
                out.write(f"\n# and {format_count(len(texts) - _MAX_SHOWN, kind)} more\n")


def _format_counts(import_run: ImportRun) -> str:
    from autotimeline.text import format_count

    entities = [format_count(number, kind) for kind, number in import_run.new_entity_counts.items() if number]
    parts = [f"{import_run.new_count:,} new, {import_run.unchanged_count:,} already there"]
    parts += [f"{import_run.updated_count:,} updated"] if import_run.updated_count else []
    skipped = len({str(problem.location) for problem in import_run.problems})
    parts += [f"{skipped:,} left out"] if skipped else []
    return ", ".join(parts) + (f"; also new: {', '.join(entities)}" if entities else "")


FILES = options.Argument("files", "FILE...", "CSV, JSON, JSON Lines or TOML; - for standard input.", min_count=1)
COMMAND = options.Command(
    "Bring facts from files into the store, ours or others'.",
    _run,
    (
        *write_commands.WRITE_OPTIONS,
        write_commands.INTO,
        options.Option("map", "--map", "Which column is what: title=name, date=opened.", "KEY=COLUMN", multiple=True),
        options.Option("mapping", "--mapping", "A file that keeps these options, in TOML.", "FILE"),
        options.Option("kind", "--kind", "The kind of events that state none.", "KIND", completion="kind"),
        options.Option("status", "--status", "The status of those that state none.", "STATUS", completion="status"),
        options.Option("tag", "--tag", "A tag for all of them.", "TAG", multiple=True, completion="tag"),
        options.Option(
            "actor", "--actor", "Who takes part in all of them.", "[ROLE=]ID", multiple=True, completion="actor"
        ),
        options.Option(
            "source", "--source", "What all of them are cited from.", "ID", multiple=True, completion="source"
        ),
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
