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

    from autotimeline.importing.column_summary import MappedFile
    from autotimeline.importing.load import InputFile
    from autotimeline.importing.plan import ImportPlan

_MAX_SHOWN = 3  # blocks of each kind that a dry run prints


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.load import UnmappedColumnsError, load_files
    from autotimeline.importing.plan import ImportPolicy
    from autotimeline.importing.records import format_problems
    from autotimeline.importing.run import InvalidRecordsError, run_import

    paths, skip, dry_run = request.texts(FILES), request.flag(SKIP_BAD), request.flag(DRY_RUN)
    words = _option_words(request, environment)
    files = [_read_input(path, environment) for path in _require_distinct(paths)]
    try:
        loaded = load_files(files, ImportOptions(words), skip_invalid=skip)
    except UnmappedColumnsError as error:
        if dry_run:
            _print_columns([error.file], request, environment)
        raise
    policy = ImportPolicy(update=request.flag(UPDATE), skip_invalid=skip, target_file=request.text(write_commands.INTO))
    with write_commands.open_writer(request, environment, "import", *paths) as writer:
        try:
            _, plan = run_import(loaded, policy, writer)
        except InvalidRecordsError as error:
            if not environment.stderr_is_tty():
                raise
            raise AutotimelineError(*error.grouped_lines) from None
    if dry_run:
        _print_columns(loaded.mapped_files, request, environment)
        _print_blocks(plan, environment)
    problems = format_problems(plan.problems, grouped=environment.stderr_is_tty())
    for line in (*plan.messages, *problems, _format_counts(plan)):
        environment.error(line)
    if (path := request.text(SAVE_MAP)) and not dry_run:
        _save_mapping(path, words, environment)
    return 0 if not plan.problems else 1 if skip else 4


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


def _option_words(request: Request, environment: Environment) -> dict[str, list[str]]:
    """Return the words of the options in the mapping file, extended or replaced by those of the command line."""
    from autotimeline.importing import import_options

    path = request.text(MAPPING)
    words = import_options.parse_mapping_file(*_read_input(path, environment)[:2]) if path else {}
    for key, option in READ_OPTIONS.items():
        given = list(request.texts(option)) or [request.text(option) or "true"] * request.is_given(option)
        if given:
            words[key] = import_options.merge_words(key, words.get(key, []), given)
    if save_path := request.text(SAVE_MAP):
        _require_mapping_file(save_path, environment)
    return words


def _require_mapping_file(path: str, environment: Environment) -> None:
    """Raise UsageError if a file exists that is not a mapping file, or if none can be written there."""
    from autotimeline.importing.import_options import parse_mapping_file

    # Otherwise the store would change before the mapping file fails.
    if os.path.isdir(path) or not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
        raise UsageError(f"--save-map {path}: a directory, or not in a writable one; name another file")
    if os.path.exists(path):
        try:
            parse_mapping_file(*_read_input(path, environment)[:2])
        except UsageError as error:
            raise UsageError(f"--save-map {path}: not a mapping file, and not overwritten; {error}") from None


def _save_mapping(path: str, words: dict[str, list[str]], environment: Environment) -> None:
    from shlex import quote

    from autotimeline.cli.output_file import open_atomically
    from autotimeline.importing.import_options import format_mapping_file

    with open_atomically(path) as file:
        file.write(format_mapping_file(words))
    environment.error(f"{path}: options saved; import the next file with --mapping {quote(path)}")


def _print_columns(files: Sequence[MappedFile], request: Request, environment: Environment) -> None:
    """Print the key, the first cells, and the number of valid cells of each column; only on a terminal."""
    from autotimeline.importing.column_summary import COLUMN_NAMES
    from autotimeline.render.table_layout import table_lines
    from autotimeline.render.text_table import TextTable

    if not environment.stdout_is_tty():
        return
    canvas = environment.canvas(request)
    with environment.open_output() as out:
        for file in files:
            rows = [[canvas.sanitize(cell) for cell in row] for row in file.summarize()]
            lines = table_lines(TextTable(COLUMN_NAMES, rows, [False, False, False, True]), canvas)
            out.writelines(f"{line}\n" for line in lines)
            out.write("\n" if rows else "")


def _print_blocks(plan: ImportPlan, environment: Environment) -> None:
    """Print the first new blocks of each kind."""
    texts_by_kind: dict[str, list[str]] = {}
    for kind, text, _ in plan.blocks:
        texts_by_kind.setdefault(kind, []).append(text)
    with environment.open_output() as out:
        separator = ""
        for kind, texts in texts_by_kind.items():
            for text in texts[:_MAX_SHOWN]:
                out.write(separator + escape_control(text, keep="\n\t"))
                separator = "\n"
            if len(texts) > _MAX_SHOWN:
                out.write(f"\n# and {format_count(len(texts) - _MAX_SHOWN, kind)} more\n")


def _format_counts(plan: ImportPlan) -> str:
    entities = [format_count(number, kind) for kind, number in plan.new_entity_counts.items() if number]
    parts = [f"{plan.new_count:,} new, {plan.unchanged_count:,} unchanged"]
    parts += [f"{len(plan.updated_records):,} updated"] if plan.updated_records else []
    parts += [f"{plan.repeated_count:,} repeated"] if plan.repeated_count else []
    skipped = len({str(problem.location) for problem in plan.problems})
    parts += [f"{skipped:,} skipped"] if skipped else []
    return ", ".join(parts) + (f"; also new: {', '.join(entities)}" if entities else "")


MAP = options.Option("--map", "Map a column to a key: title=name, date=Year,Month.", "KEY=COLUMN", multiple=True)
DRY_RUN = options.Option("--dry-run", "Show the columns and new entries, and write nothing.")
MAPPING = options.Option("--mapping", "Read these options from a TOML file.", "FILE")
SAVE_MAP = options.Option("--save-map", "Save these options to a TOML file, for --mapping.", "FILE")
SKIP_BAD = options.Option("--skip-bad", "Skip invalid records, and report them.")
UPDATE = options.Option("--update", "Overwrite existing events with the imported values.")
# The options that a mapping file may have, by their key there.
READ_OPTIONS = {
    "map": MAP,
    "split": options.Option("--split", "Split the cells of a key: actor=';', tag=','.", "KEY=SEP", multiple=True),
    "value": options.Option("--value", "Replace a word: status.done=happened.", "KEY.WORD=VALUE", multiple=True),
    "default_unit": options.Option(
        "--default-unit", "The unit of numbers without one: revenue='m EUR'.", "METRIC=UNIT", multiple=True
    ),
    "missing": options.Option("--missing", "A text of cells without a value; repeatable.", "TEXT", multiple=True),
    "date_format": options.Option(
        "--date-format", "The format of dates, such as %d/%m/%Y; tried in order.", "FORMAT", multiple=True
    ),
    "century": options.Option("--century", "The first year of two-digit years, such as 1950.", "YEAR"),
    "empty_end": options.Option("--empty-end", "An empty end is unknown (default), open, or none.", "WORD"),
    "decimal_comma": options.Option("--decimal-comma", "Read 1.234,5 as a number."),
    "from": options.Option("--from", "The format: csv, json, jsonl, toml, or xlsx.", "FORM", name="form"),
    "encoding": options.Option("--encoding", "The encoding; UTF-8 and CP1252 are detected.", "NAME"),
    "delimiter": options.Option("--delimiter", "CSV: a character, or tab; detected by default.", "CHARACTER"),
    "raw": options.Option("--raw", "CSV: do not remove guards against formulas."),
    "records": options.Option("--records", "The path of the records in JSON, or a sheet.", "PATH"),
    "kind": options.Option("--kind", "The kind of events without one.", "KIND", "kind"),
    "status": options.Option("--status", "The status of events without one.", "STATUS", "status"),
    "tag": options.Option("--tag", "Add a tag to all events.", "TAG", "tag", multiple=True),
    "actor": options.Option("--actor", "Add an actor to all events.", "[ROLE=]ID", "actor", multiple=True),
    "source": options.Option("--source", "Add a source to all events.", "ID", "source", multiple=True),
    "source_title": options.Option("--source-title", "The title of the source, if it is new.", "TITLE"),
}
FILES = options.Argument("files", "FILE...", "CSV, JSON, TOML, or a workbook; - for standard input.", min_count=1)
COMMAND = Command(
    "Import events from CSV, JSON, TOML, or a workbook.",
    _run,
    (
        *(*options.STORE_OPTIONS, DRY_RUN, write_commands.TIMEOUT, write_commands.INTO, MAPPING, SAVE_MAP),
        *(*READ_OPTIONS.values(), SKIP_BAD, UPDATE),
    ),
    (FILES,),
)
