"""`autotimeline import`."""

from __future__ import annotations

import os

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.store.locate import STDIN
from autotimeline.text import escape_control, format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.load import InputFile
    from autotimeline.importing.plan import ImportRun

_MAX_SHOWN = 3  # blocks of each kind that a dry run prints


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.importing.load import load_files
    from autotimeline.importing.plan import ImportPlan
    from autotimeline.importing.records import format_problems
    from autotimeline.importing.run import InvalidRecordsError, run_import

    paths, skip = request.texts(FILES), request.flag(SKIP_BAD)
    files = [_read_input(path, environment) for path in _require_distinct(paths)]
    loaded = load_files(files, _import_options(request, environment), request.text(FORM))
    target_file = request.text(write_commands.INTO)
    plan = ImportPlan(loaded, update=request.flag(UPDATE), skip_invalid=skip, target_file=target_file)
    with write_commands.open_writer(request, environment, "import", *paths) as writer:
        try:
            _, import_run = run_import(plan, writer)
        except InvalidRecordsError as error:
            if not environment.stderr_is_tty():
                raise
            raise AutotimelineError(*error.grouped_lines) from None
    if request.flag(write_commands.DRY_RUN):
        _print_blocks(import_run, environment)
    problems = format_problems(import_run.problems, grouped=environment.stderr_is_tty())
    for line in (*import_run.messages, *problems, _format_counts(import_run)):
        environment.error(line)
    return 0 if not import_run.problems else 1 if skip else 4


def _require_distinct(paths: Sequence[str]) -> Sequence[str]:
    for index, path in enumerate(paths):
        if path in paths[:index]:
            raise UsageError(f"{path} is named twice; name each file once")
    return paths


def _read_input(path: str, environment: Environment) -> InputFile:
    """Return a file, and its companion file if its format has one."""
    from autotimeline import plugins
    from autotimeline.importing import readers
    from autotimeline.store import bounded_input

    try:
        if path == STDIN:
            return STDIN, bounded_input.read_bounded(environment.require_stdin(), STDIN, AutotimelineError), None
        with open(path, "rb") as file:
            data = bounded_input.read_bounded(file, path, AutotimelineError)
        companion = path + getattr(plugins.load_by_extension(readers, path), "COMPANION_SUFFIX", os.sep)
        if not os.path.isfile(companion):
            return path, data, None
        with open(companion, "rb") as file:
            return path, data, (companion, bounded_input.read_bounded(file, companion, AutotimelineError))
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


def _import_options(request: Request, environment: Environment) -> ImportOptions:
    """Return the options of the mapping file, extended or replaced by those of the command line."""
    from autotimeline.importing import column_mapping, import_options

    path = request.text(MAPPING)
    arguments = import_options.parse_mapping_file(*_read_input(path, environment)[:2]) if path else {}
    lists = {
        "columns": column_mapping.parse_map_options(request.texts(MAP)),
        "tags": request.texts(TAG),
        "actors": [import_options.split_role(word) for word in request.texts(ACTOR)],
        "sources": request.texts(SOURCE),
    }
    arguments |= {key: [*arguments.get(key, ()), *extra] for key, extra in lists.items()}
    for option in (KIND, STATUS, SOURCE_TITLE, DATE_FORMAT, DELIMITER):
        if text := request.text(option):
            arguments[option.name] = text
    return import_options.ImportOptions(**arguments, raw=request.flag(RAW))


def _print_blocks(import_run: ImportRun, environment: Environment) -> None:
    """Print the first new blocks of each kind."""
    texts_by_kind: dict[str, list[str]] = {}
    for kind, text in import_run.new_blocks:
        texts_by_kind.setdefault(kind, []).append(text)
    with environment.open_output() as out:
        separator = ""
        for kind, texts in texts_by_kind.items():
            for text in texts[:_MAX_SHOWN]:
                out.write(separator + escape_control(text, keep="\n\t"))
                separator = "\n"
            if len(texts) > _MAX_SHOWN:
                out.write(f"\n# and {format_count(len(texts) - _MAX_SHOWN, kind)} more\n")


def _format_counts(import_run: ImportRun) -> str:
    entities = [format_count(number, kind) for kind, number in import_run.new_entity_counts.items() if number]
    parts = [f"{import_run.new_count:,} new, {import_run.unchanged_count:,} already there"]
    parts += [f"{import_run.updated_count:,} updated"] if import_run.updated_count else []
    parts += [f"{import_run.repeated_count:,} repeated"] if import_run.repeated_count else []
    skipped = len({str(problem.location) for problem in import_run.problems})
    parts += [f"{skipped:,} left out"] if skipped else []
    return ", ".join(parts) + (f"; also new: {', '.join(entities)}" if entities else "")


MAP = options.Option("--map", "Map a column to a key: title=name, date=opened.", "KEY=COLUMN", multiple=True)
MAPPING = options.Option("--mapping", "Read these options from a TOML file.", "FILE")
TAG = options.Option("--tag", "Add a tag to all events.", "TAG", "tag", multiple=True)
ACTOR = options.Option("--actor", "Add an actor to all events.", "[ROLE=]ID", "actor", multiple=True)
SOURCE = options.Option("--source", "Add a source to all events.", "ID", "source", multiple=True)
KIND = options.Option("--kind", "The kind of events without one.", "KIND", "kind")
STATUS = options.Option("--status", "The status of events without one.", "STATUS", "status")
SOURCE_TITLE = options.Option("--source-title", "The title of the source, if it is new.", "TITLE")
DATE_FORMAT = options.Option("--date-format", "The format of dates, such as %d/%m/%Y.", "FORMAT")
DELIMITER = options.Option("--delimiter", "CSV: the delimiter, if not a comma.", "CHARACTER")
RAW = options.Option("--raw", "CSV: do not remove guards against formulas.")
FORM = options.Option("--from", "The format of the files: csv, json, jsonl, or toml.", "FORM", name="form")
SKIP_BAD = options.Option("--skip-bad", "Skip invalid records, and report them.")
UPDATE = options.Option("--update", "Overwrite existing events with the imported values.")
FILES = options.Argument("files", "FILE...", "CSV, JSON, JSON Lines, or TOML; - for standard input.", min_count=1)
COMMAND = Command(
    "Import events from CSV, JSON, JSON Lines, or TOML.",
    _run,
    (
        *(*write_commands.WRITE_OPTIONS, write_commands.INTO, MAP, MAPPING, KIND, STATUS, TAG, ACTOR, SOURCE),
        *(SOURCE_TITLE, DATE_FORMAT, DELIMITER, RAW, FORM, SKIP_BAD, UPDATE),
    ),
    (FILES,),
)
