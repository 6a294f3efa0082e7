"""Loading of imported files: decoding, reading to rows or records, and mapping of rows to records."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from shlex import quote
from types import ModuleType
from typing import Any

from autotimeline import plugins
from autotimeline.dates import edtf
from autotimeline.dates.span import format_iso
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing import native_rows, readers
from autotimeline.importing.column_mapping import BOUND_KEYS, quote_names
from autotimeline.importing.column_summary import MappedFile
from autotimeline.importing.date_formats import ambiguous_dates_error, format_hint
from autotimeline.importing.decode import decode
from autotimeline.importing.import_options import ImportOptions
from autotimeline.importing.mapped_rows import parse_mapped_row
from autotimeline.importing.readers._json_values import parse_strict_json
from autotimeline.importing.readers._store_tables import add_records
from autotimeline.importing.records import (
    NO_VALUE,
    CellNote,
    ImportProblem,
    ImportRecord,
    ParsedFile,
    RawRow,
    ReadOptions,
    SourceLocation,
    format_notes,
)
from autotimeline.importing.suggestion import format_mapping, suggest_mapping
from autotimeline.store.blocks import TomlSyntaxError, decode_text
from autotimeline.store.locate import STDIN
from autotimeline.text import format_count, suggest

_ZIP_SIGNATURE = b"PK\x03\x04"
_GZIP_SIGNATURE = b"\x1f\x8b"
# The name and the bytes of a file, and those of its companion, if it has one.
InputFile = tuple[str, bytes, tuple[str, bytes] | None]


@dataclass
class LoadedFiles:
    """The records, problems, and messages of files.

    Attributes:
        required_entities: (kind, id or name) of the entities that options refer to.
        row_count: The number of rows and records, invalid ones included.
        mapped_files: The files with rows.
    """

    required_entities: list[tuple[str, str]]
    records: list[ImportRecord] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    row_count: int = 0
    mapped_files: list[MappedFile] = field(default_factory=list)


class UnmappedColumnsError(UsageError):
    """A file whose columns are not those of an event."""

    def __init__(self, parsed: ParsedFile) -> None:
        mapping = suggest_mapping(parsed)
        self.file = MappedFile(parsed, mapping)
        hint = " (if date and end bound one day, map them as earliest and latest)" if "end" in mapping else ""
        command = f"autotimeline import {quote(parsed.file)} {format_mapping(mapping)}"
        what = f"columns without a key: {quote_names(parsed.columns)}"
        super().__init__(f"{parsed.file}: {what}; map them{hint}, for example: {command}")


def load_files(files: Sequence[InputFile], options: ImportOptions, *, skip_invalid: bool = False) -> LoadedFiles:
    """Read files, and map their rows to records.

    Raises:
        UsageError: If the format, the columns, or the format of the dates cannot be detected.
        AutotimelineError: If a file is invalid.
    """
    loaded = LoadedFiles(
        [*(("actor", name) for _, name in options.actors), *(("source", id) for id in options.sources)]
    )
    if options.source_title:
        title = {"title": options.source_title}
        loaded.records.append(ImportRecord("source", options.sources[0], title, SourceLocation("--source-title")))
    for file in files:
        _load_file(loaded, file, options)
    reject_ambiguous_dates(loaded, skip_invalid=skip_invalid)
    loaded.messages += options.unused_value_messages()
    return loaded


def _load_file(loaded: LoadedFiles, file: InputFile, options: ImportOptions) -> None:
    name, data, companion = file
    if data.startswith(_GZIP_SIGNATURE):
        command = "gunzip" if name == STDIN else f"gunzip -c {quote(name)}"
        raise AutotimelineError(f"{name}: compressed with gzip; write {command} | autotimeline import -")
    reader = _choose_reader(name, data, options.format)
    read_options = _load_companion(loaded, *companion, options.read_options) if companion else options.read_options
    if read_options.records is not None and not hasattr(reader, "ACCEPTS_RECORDS"):
        raise UsageError(f"--records: only for JSON and workbooks; {name} is neither")
    content: Any = data
    if not hasattr(reader, "IS_BINARY"):
        content, message = decode(data, name, read_options.encoding)
        loaded.messages += [message] if message else []
    parsed: ParsedFile = reader.read(content, name, read_options)
    if options.mapping and parsed.records:
        raise UsageError(f"{name}: a store, whose keys need no mapping; remove --map")
    if not (parsed.rows or parsed.records or parsed.problems):
        what = "a header and no rows" if parsed.columns else "no events"
        parsed.messages.append(f"{name}: {what}; nothing is imported from it")
    if parsed.rows and not options.mapping and not native_rows.is_native(parsed.columns):
        raise UnmappedColumnsError(parsed)
    if parsed.rows and not options.mapping and "title" not in parsed.columns:
        raise UsageError(f'{name}: missing column "title"; list the events again with all fields')
    loaded.problems += parsed.problems
    loaded.records += (
        options.apply_defaults(record) if record.kind == "event" else record for record in parsed.records
    )
    invalid_count = len({str(problem.location) for problem in parsed.problems})
    loaded.row_count += len(parsed.rows) + len(parsed.records) + invalid_count
    _map_rows(loaded, parsed, options)
    loaded.messages += parsed.messages
    if not options.mapping and not parsed.columns.keys().isdisjoint(BOUND_KEYS):
        _report_unread_bounds(loaded, parsed)


def _map_rows(loaded: LoadedFiles, parsed: ParsedFile, options: ImportOptions) -> None:
    """Add the records of rows, their problems, and messages about their cells."""
    mapping, reader = options.mapping, options.date_reader
    if mapping and (parsed.rows or parsed.columns):
        unused, mapping = mapping.unused_columns(parsed), mapping.for_file(parsed)
        if unused:
            parsed.messages.append(f"{parsed.file}: unused columns: {quote_names(unused)}")
    reader.detect_year_ranges(mapping.date_values(parsed) if mapping else native_rows.date_values(parsed))
    notes: list[tuple[CellNote, SourceLocation]] = []
    unread: Counter[str] = Counter()
    for row in parsed.rows:
        if mapping:
            record = parse_mapped_row(row, mapping, reader, options.rules)
        else:
            record = native_rows.parse_native_row(row, reader, cells_are_text=parsed.cells_are_text)
        unread.update({problem.column for problem in record.problems})
        if record.problems:
            loaded.problems += record.problems
        else:
            loaded.records.append(options.apply_defaults(record))
            notes += ((note, row.location) for note in record.notes)
            unread.update(note.column for note in record.notes if note.effect == NO_VALUE)
    parsed.messages += format_notes(parsed.file, notes)
    loaded.mapped_files.append(
        MappedFile(parsed, mapping.columns if mapping else {name: [name] for name in parsed.columns}, unread)
    )


def reject_ambiguous_dates(loaded: LoadedFiles, *, skip_invalid: bool) -> None:
    """Name the formats that read the ambiguous dates of each column.

    Raises:
        UsageError: If there are ambiguous dates, and invalid records are not skipped.
    """
    columns: dict[tuple[str, str], list[ImportProblem]] = {}
    for problem in loaded.problems:
        if problem.ambiguous_date:
            columns.setdefault((problem.location.file, problem.column), []).append(problem)
    for (file, column), problems in columns.items():
        if not skip_invalid:
            dates = [(problem.ambiguous_date, f"row {problem.location.row}") for problem in problems]
            raise ambiguous_dates_error(file, column, dates)
        hint = format_hint(problem.ambiguous_date for problem in problems)
        for problem in problems:
            problem.text = f"{problem.text}, or add {hint}"


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


def _choose_reader(name: str, data: bytes, format: str | None) -> ModuleType:
    known = plugins.list_names(readers)
    if format is not None:
        if format not in known:
            what = suggest(format, known) or f"; there are {', '.join(known)}"
            raise UsageError(f'--from: unknown format "{format}"{what}')
        return plugins.load(readers, format)
    if reader := plugins.load_by_extension(readers, name):
        return reader
    if name != STDIN:
        raise UsageError(f"{name}: unknown extension; name the format with --from {'|'.join(known)}")
    return plugins.load(readers, _detect_format(data))


def _detect_format(data: bytes) -> str:
    """Detect the format of standard input from its first characters."""
    if data.startswith(_ZIP_SIGNATURE):
        return "xlsx"
    start = data.decode(errors="replace").removeprefix("\ufeff").lstrip()
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
        raise AutotimelineError(f"{name}: {error}; export it again, or remove it") from None
    if not isinstance(tables, dict):
        raise AutotimelineError(f"{name}: not an object; export it again, or remove it")
    add_records(parsed, {key: value for key, value in tables.items() if key != "event"})
    loaded.records += parsed.records
    loaded.problems += parsed.problems
    csv_options = tables.get("csv")
    is_raw = isinstance(csv_options, dict) and csv_options.get("raw") is True
    return replace(read_options, raw=read_options.raw or is_raw)
