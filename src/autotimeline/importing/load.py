"""Reading of imported files to records with their locations."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from shlex import quote
from types import ModuleType
from typing import Any

from autotimeline import plugins
from autotimeline.dates import edtf
from autotimeline.dates.span import format_iso
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing import native_rows, readers
from autotimeline.importing.column_mapping import BOUND_KEYS, ColumnMapping, is_empty_column, suggest_mapping
from autotimeline.importing.date_formats import ambiguous_dates_error
from autotimeline.importing.import_options import ImportOptions
from autotimeline.importing.missing_values import format_missing_cells
from autotimeline.importing.readers._json_values import parse_strict_json
from autotimeline.importing.readers._store_tables import add_records
from autotimeline.importing.records import (
    ImportProblem,
    ImportRecord,
    InvalidRecordError,
    ParsedFile,
    RawRow,
    ReadOptions,
    SourceLocation,
)
from autotimeline.store.blocks import TomlSyntaxError, decode_text
from autotimeline.store.locate import STDIN
from autotimeline.text import format_count, suggest

# The name and the bytes of a file, and those of its companion, if it has one.
InputFile = tuple[str, bytes, tuple[str, bytes] | None]


@dataclass
class LoadedFiles:
    """The records, problems, and messages of files, and (kind, id or name) of the entities that options refer to."""

    required_entities: list[tuple[str, str]]
    records: list[ImportRecord] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    row_count: int = 0


def load_files(files: Sequence[InputFile], options: ImportOptions, format: str | None = None) -> LoadedFiles:
    """Read files in a format; None for that of the extension.

    Raises:
        UsageError: If the format, the columns, or the format of the dates cannot be detected.
        AutotimelineError: If a file is invalid.
    """
    actors, sources = (("actor", name) for _, name in options.actors), (("source", name) for name in options.sources)
    loaded = LoadedFiles([*actors, *sources])
    if options.source_title:
        title = {"title": options.source_title}
        loaded.records.append(ImportRecord("source", options.sources[0], title, SourceLocation("--source-title")))
    for file in files:
        _load_file(loaded, file, options, format)
    return loaded


def _load_file(loaded: LoadedFiles, file: InputFile, options: ImportOptions, format: str | None) -> None:
    name, data, companion = file
    if format is None and plugins.load_by_extension(readers, name) is None and name != STDIN:
        known = "|".join(plugins.list_names(readers))
        raise UsageError(f"{name}: its ending tells no form: name one with --from {known}")
    try:
        text = decode_text(data)
    except TomlSyntaxError as error:
        raise AutotimelineError(f"{name}:{error.line + 1}: {error}") from None
    read_options = _load_companion(loaded, *companion, options.read_options) if companion else options.read_options
    parsed: ParsedFile = _choose_reader(name, text, format).read(text, name, read_options)
    if options.mapping and parsed.records:
        raise UsageError(f"{name} is a store, and is taken as it is: leave --map out")
    if not (parsed.rows or parsed.records or parsed.problems):
        what = "it has a header and no rows" if parsed.columns else "it has no events"
        loaded.messages.append(f"{name}: {what}; nothing is imported from it")
    if parsed.rows and not options.mapping and not native_rows.is_native(parsed.columns):
        what = f"its columns are not those of an event: {_quote_names(parsed.columns)}"
        mapping = suggest_mapping(parsed)
        has_end = re.search(" --map '?end=", mapping)
        hint = " (if date and end bound one day, map them as earliest and latest)" if has_end else ""
        command = f"autotimeline import {quote(name)} {mapping}"
        raise UsageError(f"{name}: {what}; say which is what{hint}, as: {command}")
    if parsed.rows and not options.mapping and "title" not in parsed.columns:
        raise UsageError(f'{name} has no column "title", which every event has: write it out anew with all fields')
    loaded.problems += parsed.problems
    loaded.records += (
        options.apply_defaults(record) if record.kind == "event" else record for record in parsed.records
    )
    invalid_count = len({str(problem.location) for problem in parsed.problems})
    loaded.row_count += len(parsed.rows) + len(parsed.records) + invalid_count
    _convert_rows(loaded, parsed, options)
    if not options.mapping and not parsed.columns.keys().isdisjoint(BOUND_KEYS):
        _report_unread_bounds(loaded, parsed)


def _convert_rows(loaded: LoadedFiles, parsed: ParsedFile, options: ImportOptions) -> None:
    mapping, reader = options.mapping, options.date_reader
    if mapping and (parsed.rows or parsed.columns):
        mapping = _check_mapping(loaded, parsed, mapping)
    reader.detect_year_ranges(mapping.date_values(parsed) if mapping else native_rows.date_values(parsed))
    ambiguous_dates: dict[str, list[tuple[str, str]]] = {}
    missing_cells: dict[str, list[tuple[str, str]]] = {}
    for row in parsed.rows:
        location = f"row {row.location.row}" if row.location.row else f"line {row.location.line}"
        try:
            if mapping:
                record = mapping.parse_row(row, reader)
            else:
                record = native_rows.parse_native_row(row, reader, cells_are_text=parsed.cells_are_text)
            loaded.records.append(options.apply_defaults(record))
            for column, text in record.missing_cells:
                missing_cells.setdefault(column, []).append((text, location))
        except InvalidRecordError as error:
            loaded.problems += error.problems
            for problem in error.problems:
                if problem.ambiguous_date:
                    ambiguous_dates.setdefault(problem.column, []).append((problem.ambiguous_date, location))
    for column, dates in ambiguous_dates.items():
        raise ambiguous_dates_error(parsed.file, column, dates)
    loaded.messages += (format_missing_cells(parsed.file, column, cells) for column, cells in missing_cells.items())


def _check_mapping(loaded: LoadedFiles, parsed: ParsedFile, mapping: ColumnMapping) -> ColumnMapping:
    """Return the mapping of the columns that exist, without an end that no row has."""
    mapping.check_columns(parsed)
    if unused := mapping.unused_columns(parsed):
        loaded.messages.append(f"{parsed.file}: nothing is taken from {_quote_names(unused)}")
    end = mapping.columns.get("end", [""])[0]
    if not (end and parsed.rows and is_empty_column(parsed, end)):
        return mapping
    loaded.messages.append(f'{parsed.file}: column "{end}" has no value; its events have a date and no end')
    return mapping.without("end")


def _report_unread_bounds(loaded: LoadedFiles, parsed: ParsedFile) -> None:
    """Report rows whose earliest or latest day is not that of their date: others' tables have such columns, too."""
    bodies = {record.location: record.body for record in loaded.records}
    rows = [row for row in parsed.rows if row.location in bodies and _has_other_bounds(row, bodies[row.location])]
    if rows:
        first = f"row {rows[0].location.row}"
        what = f"earliest and latest are not those of the date in {format_count(len(rows), 'row')}, first in {first}"
        remedy = "to import a date between them, add --map earliest=earliest --map latest=latest"
        loaded.messages.append(f"{parsed.file}: {what}; {remedy}")


def _has_other_bounds(row: RawRow, body: dict[str, Any]) -> bool:
    stated = [str(row.cells.get(key) or "") for key in BOUND_KEYS]
    key = "period" if "period" in body else "date"
    if key not in body:
        return any(stated)
    # The output has a bound of a plan even if its date has none.
    days = map(format_iso, edtf.date_from_toml(body[key]).bounds(key == "period"))
    return any(day and not day.startswith(cell) for cell, day in zip(stated, days, strict=True))


def _quote_names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _choose_reader(name: str, text: str, format: str | None) -> ModuleType:
    known = plugins.list_names(readers)
    if format is not None:
        if format not in known:
            raise UsageError(f'--from: no form "{format}"{suggest(format, known) or "; there are " + ", ".join(known)}')
        return plugins.load(readers, format)
    return plugins.load_by_extension(readers, name) or plugins.load(readers, _detect_format(text))


def _detect_format(text: str) -> str:
    """Detect the format of standard input from its first characters."""
    start = text.lstrip()
    if start.startswith("{"):
        lines = [line for line in start.split("\n") if line.strip()]
        return "jsonl" if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines) else "json"
    if re.match(r"\[\s*(?:[\]{]|$)", start):
        return "json"
    first = next((line for line in start.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    toml = re.match(r"\s*(?:\[|[\w.\"'-]+\s*=)", first) or not first
    return "toml" if toml else "csv"


def _load_companion(loaded: LoadedFiles, name: str, data: bytes, read_options: ReadOptions) -> ReadOptions:
    """Add the records in the companion of a CSV file, and return the options to read the CSV."""
    parsed = ParsedFile(name)
    try:
        tables = parse_strict_json(decode_text(data))
    except (TomlSyntaxError, ValueError, RecursionError) as error:
        raise AutotimelineError(f"{name}: {error}: export it once more, or remove it") from None
    if not isinstance(tables, dict):
        raise AutotimelineError(f"{name}: it is no object: export it once more, or remove it")
    add_records(parsed, {key: value for key, value in tables.items() if key != "event"})
    loaded.records += parsed.records
    loaded.problems += parsed.problems
    csv_options = tables.get("csv")
    is_raw = isinstance(csv_options, dict) and csv_options.get("raw") is True
    return ReadOptions(read_options.delimiter, read_options.raw or is_raw)
