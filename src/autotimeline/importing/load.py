"""What files hold that are to be imported: read, understood, and each part of it an entry with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline import plugins
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing import native_rows, readers
from autotimeline.importing.column_mapping import empty, suggest_mapping
from autotimeline.importing.date_formats import ambiguous_dates_error
from autotimeline.importing.readers._json_values import decode_json
from autotimeline.importing.readers._store_tables import add_records
from autotimeline.importing.records import ImportRecord, InvalidRecordError, ParsedFile, ReadOptions, SourceLocation
from autotimeline.store.blocks import TomlSyntaxError, decode_text
from autotimeline.store.locate import STDIN
from autotimeline.text import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.records import ImportProblem

    # Its name and its bytes; and those of the file beside it that says what it is, where there is one.
    InputFile = tuple[str, bytes, tuple[str, bytes] | None]


class LoadedFiles:
    """The entries of some files in their order, what is wrong with what is none, and what there is to tell."""

    def __init__(self) -> None:
        self.records: list[ImportRecord] = []
        self.problems: list[ImportProblem] = []
        self.messages: list[str] = []
        self.row_count = 0
        # (kind, id or name) of what is named for every row: it has to be there.
        self.required_entities: list[tuple[str, str]] = []


def load_files(files: Sequence[InputFile], options: ImportOptions, format: str | None = None) -> LoadedFiles:
    """Return what files hold, each in its form: the one that is named, else that of its ending.

    Raises:
        UsageError: where it is not said what the columns are, or of which form the dates.
        AutotimelineError: where a file is of no form, or broken.
    """
    loaded = LoadedFiles()
    loaded.required_entities += (("actor", name) for _, name in options.actors)
    loaded.required_entities += (("source", name) for name in options.sources)
    if options.source_title:
        title = {"title": options.source_title}
        loaded.records.append(ImportRecord("source", options.sources[0], title, SourceLocation("--source-title")))
    for file in files:
        _load_file(loaded, file, options, format)
    return loaded


def _load_file(loaded: LoadedFiles, file: InputFile, options: ImportOptions, format: str | None) -> None:
    name, data, companion = file
    if format is None and plugins.load_by_extension(readers, name) is None and name != STDIN:
        raise UsageError(
            f"{name}: its ending tells no form: name one with --from {'|'.join(plugins.list_names(readers))}"
        )
    try:
        text = decode_text(data)
    except TomlSyntaxError as error:
        raise AutotimelineError(f"{name}:{error.line + 1}: {error}") from None
    read_options = _load_companion(loaded, *companion, options.read_options) if companion else options.read_options
    parsed: ParsedFile = _choose_reader(name, text, format).read(text, name, read_options)
    has_mapping = options.mapping is not None
    if has_mapping and parsed.records:
        raise UsageError(f"{name} is a store, and is taken as it is: leave --map out")
    if parsed.rows and not has_mapping and not native_rows.is_native(parsed.columns):
        raise UsageError(_unknown_columns_message(parsed))
    if parsed.rows and not has_mapping and "title" not in parsed.columns:
        raise UsageError(f'{name} has no column "title", which every event has: write it out anew with all fields')
    loaded.problems += parsed.problems
    loaded.records += (
        options.apply_defaults(record) if record.kind == "event" else record for record in parsed.records
    )
    loaded.row_count += (
        len(parsed.rows) + len(parsed.records) + len({str(problem.location) for problem in parsed.problems})
    )
    _convert_rows(loaded, parsed, options)


def _convert_rows(loaded: LoadedFiles, parsed: ParsedFile, options: ImportOptions) -> None:
    mapping = options.mapping
    problems: list[ImportProblem] = []
    if mapping and (parsed.rows or parsed.columns):
        mapping.check_columns(parsed)
        if unused := mapping.unused_columns(parsed):
            loaded.messages.append(f"{parsed.file}: nothing is taken from {', '.join(map(_quote_name, unused))}")
        ends = mapping.columns.get("end")
        if ends and parsed.rows and empty(parsed, ends[0]):
            loaded.messages.append(
                f"{parsed.file}: column {_quote_name(ends[0])} has no value; its events have a date and no end"
            )
            mapping = mapping.without("end")
    for row in parsed.rows:
        try:
            record = (
                mapping.parse_row(row, options.date_reader)
                if mapping
                else native_rows.parse_native_row(row, options.date_reader, cells_are_text=parsed.cells_are_text)
            )
            loaded.records.append(options.apply_defaults(record))
        except InvalidRecordError as error:
            problems += error.problems
    ambiguous_dates: dict[str, list[tuple[str, str]]] = {}
    for problem in problems:
        if problem.ambiguous_date:
            location = f"row {problem.location.row}" if problem.location.row else f"line {problem.location.line}"
            ambiguous_dates.setdefault(problem.column, []).append((problem.ambiguous_date, location))
    for column, dates in ambiguous_dates.items():
        raise ambiguous_dates_error(parsed.file, column, dates)
    loaded.problems += problems


def _quote_name(column: str) -> str:
    return f'"{column}"'


def _choose_reader(name: str, text: str, format: str | None) -> ModuleType:
    known = plugins.list_names(readers)
    if format is not None:
        if format not in known:
            raise UsageError(f'--from: no form "{format}"{suggest(format, known) or "; there are " + ", ".join(known)}')
        return plugins.load(readers, format)
    return plugins.load_by_extension(readers, name) or plugins.load(readers, _detect_format(text))


def _detect_format(text: str) -> str:
    """Return the form of a text without a name: JSON begins as no TOML does, and neither looks like a header of CSV."""
    start = text.lstrip()
    if re.match(r"\{", start):
        lines = [line for line in start.split("\n") if line.strip()]
        return "jsonl" if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines) else "json"
    if re.match(r"\[\s*(?:[\]{]|$)", start):
        return "json"
    first = next((line for line in start.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    toml = re.match(r"\s*(?:\[|[\w.\"'-]+\s*=)", first) or not first
    return "toml" if toml else "csv"


def _unknown_columns_message(parsed: ParsedFile) -> str:
    from shlex import quote

    columns = ", ".join(map(_quote_name, parsed.columns))
    what = f"its columns are not those of an event: {columns}"
    return f"{parsed.file}: {what}; say which is what, as: autotimeline import {quote(parsed.file)} {suggest_mapping(parsed)}"


def _load_companion(loaded: LoadedFiles, name: str, data: bytes, read_options: ReadOptions) -> ReadOptions:
    """Add what the file beside a CSV holds, and return how that is read."""
    parsed = ParsedFile(name)
    try:
        tables = decode_json(decode_text(data))
    except (TomlSyntaxError, ValueError, RecursionError) as error:
        raise AutotimelineError(f"{name}: {error}: export it once more, or remove it") from None
    if not isinstance(tables, dict):
        raise AutotimelineError(f"{name}: it is no object: export it once more, or remove it")
    add_records(parsed, {key: value for key, value in tables.items() if key != "event"})
    loaded.records += parsed.records
    loaded.problems += parsed.problems
    csv_options = tables.get("csv")
    return ReadOptions(
        read_options.delimiter,
        raw=read_options.raw or (isinstance(csv_options, dict) and csv_options.get("raw") is True),
    )
