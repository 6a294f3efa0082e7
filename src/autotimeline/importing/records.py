"""What readers find in a file: rows or records of a store, with their locations and problems."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autotimeline.model import Event
from autotimeline.store.parse import parse_entry
from autotimeline.store.toml_writer import format_value
from autotimeline.text import format_count

_MAX_VALUE_LENGTH = 60
_MAX_MISSING_IDS = 5  # More missing ids are listed in one line per kind.
_MAX_ROWS = 3  # rows named in a message about several
# The id under which an event without one is parsed; its own is made when all others are known.
PLACEHOLDER_ID = "unnamed"


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A location in an imported file: the line and the row, from 1 and if known, or a label.

    Without a file, a person typed the record.
    """

    file: str
    line: int | None = None
    row: int | None = None
    label: str = ""

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        label = f"row {self.row}" if self.row else self.label
        return ": ".join(filter(None, (f"{self.file}{line}", label)))


@dataclass(slots=True)
class ImportProblem:
    """A problem in an imported file.

    `ambiguous_date` is a text that a date format could read, `missing_entity` the kind and the id of one not defined.
    """

    location: SourceLocation
    text: str
    column: str = ""
    ambiguous_date: str = ""
    missing_entity: tuple[str, str] | None = None

    def __str__(self) -> str:
        column = f'column "{self.column}"' if self.column else ""
        if column and self.location.row:
            return f"{self.location}, {column}: {self.text}"
        return ": ".join(filter(None, (str(self.location), column, self.text)))


def format_problems(problems: Sequence[ImportProblem], *, grouped: bool = False) -> list[str]:
    """Return a message for each problem, but for many missing ids one line per kind.

    If `grouped`, equal problems of a column are one message, with their number and the first rows.
    """
    format_each = _group_problems if grouped else lambda listed: list(map(str, listed))
    missing: dict[str, dict[str, None]] = {}
    for problem in problems:
        if problem.missing_entity:
            missing.setdefault(problem.missing_entity[0], {})[problem.missing_entity[1]] = None
    if sum(map(len, missing.values())) <= _MAX_MISSING_IDS:
        return format_each(problems)
    summary = [f"undefined {kind}s: {', '.join(ids)}" for kind, ids in sorted(missing.items())]
    summary.append("import TOML, or an export, which define actors and sources; or add them with `autotimeline add`")
    return [*format_each([problem for problem in problems if not problem.missing_entity]), *summary]


def _group_problems(problems: Iterable[ImportProblem]) -> list[str]:
    groups: dict[tuple[str, str, str], list[ImportProblem]] = {}
    for problem in problems:
        groups.setdefault((problem.location.file, problem.column, problem.text), []).append(problem)
    return [line for key, group in groups.items() for line in _format_group(*key, group)]


def _format_group(file: str, column: str, text: str, problems: Sequence[ImportProblem]) -> list[str]:
    rows = [str(problem.location.row) for problem in problems if problem.location.row]
    if len(problems) == 1 or len(rows) < len(problems):
        return list(map(str, problems))
    where = f'{len(rows):,} rows, column "{column}"' if column else f"{len(rows):,} rows"
    return [f"{file}: {where}: {text} (rows {_join_first(rows)})"]


@dataclass(frozen=True, slots=True)
class CellNote:
    """An effect of reading a cell that its event does not show, such as "time of day dropped", and how to change it."""

    column: str
    effect: str
    text: str
    remedy: str = ""


NO_VALUE = "no value"
"""The effect of a cell that states that its value is missing."""


def format_notes(file: str, notes: Iterable[tuple[CellNote, SourceLocation]]) -> list[str]:
    """Return a message for each effect in a column, with its number and the first cells."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for note, location in notes:
        where = f"row {location.row}" if location.row else f"line {location.line}"
        groups.setdefault((note.column, note.effect, note.remedy), []).append(f'"{note.text}" ({where})')
    return [
        f'{file}: column "{column}": {effect} in {format_count(len(cells), "cell")}: {_join_first(cells)}{remedy}'
        for (column, effect, remedy), cells in groups.items()
    ]


def _join_first(items: Sequence[str]) -> str:
    rest = f" and {len(items) - _MAX_ROWS:,} more" if len(items) > _MAX_ROWS else ""
    return ", ".join(items[:_MAX_ROWS]) + rest


class InvalidRecordError(Exception):
    """A row or record that cannot be imported."""

    def __init__(self, *problems: ImportProblem) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a file: its cells by column, texts of CSV or values of JSON and TOML."""

    location: SourceLocation
    cells: dict[str, Any]


@dataclass(slots=True)
class ImportRecord:
    """An event or another entry to import.

    Attributes:
        kind: `event`, `source`, `actor`, `era`, `alias`, or `store`.
        id: Its id; empty if it has none, and for `store`.
        body: Its keys as in a store.
        columns: The column of each key, if it has another name.
        partial_keys: The keys of `body` that add to a list instead of replacing it.
        is_output_row: Whether it is a row of a query's output, which omits some keys of the store.
        entity_details: Keys of the actors and sources that it refers to, by kind and id.
        named_actors: (role or None, id or name) of actors.
        cited_sources: Ids, titles, or URLs of sources.
        quote: The quote from these sources.
        notes: What is to be reported about its cells.
        problems: What makes it invalid.
        date_words: The words of its date, if the body has another form of it.
        details_by_name: Keys of sources that are created because they are cited by this title or URL.
    """

    kind: str
    id: str
    body: dict[str, Any]
    location: SourceLocation
    columns: Mapping[str, str] = field(default_factory=dict)
    partial_keys: frozenset[str] = frozenset()
    is_output_row: bool = False
    entity_details: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    named_actors: Sequence[tuple[str | None, str]] = ()
    cited_sources: Sequence[str] = ()
    quote: str | None = None
    notes: Sequence[CellNote] = ()
    problems: Sequence[ImportProblem] = ()
    date_words: str | None = None
    details_by_name: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_typed(self) -> bool:
        """Whether a person typed it: its references are names, and its id must be new."""
        return not self.location.file

    def parse_event(self, body: dict[str, Any]) -> Event:
        """Parse the keys of the event, or raise InvalidRecordError."""
        event: Event
        event, problems = parse_entry("event", "", {"id": PLACEHOLDER_ID, **body})
        if problems:
            raise InvalidRecordError(
                *(self.make_problem(str(path[0]) if path else "", text) for path, text in problems)
            )
        return event

    def make_problem(self, key: str, text: str) -> ImportProblem:
        """Return a problem of a key, or of the record if the key is empty."""
        label = self.location.label
        if self.kind != "event":
            return ImportProblem(self.location, text.removeprefix(f"{label}: ") if label else text)
        key = key or text.partition(":")[0].partition(".")[0]
        default = self.columns.get(key, "date" if key == "period" else key)
        column = self.columns.get(text.partition(":")[0], default)
        return ImportProblem(self.location, text.removeprefix(f"{key}: "), column)


@dataclass
class ParsedFile:
    """The content of a file: rows of a table, or records of a store.

    With `cells_are_text`, all cells are texts, with lists as in our CSV.
    """

    file: str
    cells_are_text: bool = field(default=False, kw_only=True)
    columns: dict[str, None] = field(default_factory=dict)
    rows: list[RawRow] = field(default_factory=list)
    records: list[ImportRecord] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def add_row(self, location: SourceLocation, cells: dict[str, Any]) -> None:
        """Add a row and its columns."""
        self.columns.update(dict.fromkeys(cells))
        self.rows.append(RawRow(location, cells))

    def add_problem(self, location: SourceLocation, text: str, column: str = "") -> None:
        """Add a problem of a row or record."""
        self.problems.append(ImportProblem(location, text, column))

    def next_row(self, line: int | None) -> SourceLocation:
        """Return the location of the row after the rows and problems so far."""
        return SourceLocation(self.file, line, len(self.rows) + len(self.problems) + 1)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    Attributes:
        delimiter: That of CSV; None to detect it.
        raw: Whether cells of CSV have no guard against formulas.
        encoding: The encoding of texts; None to detect it.
        records: The path of keys to the records in JSON, or the sheet of a workbook.
    """

    delimiter: str | None = None
    raw: bool = False
    encoding: str | None = None
    records: str | None = None


def conflict_message(
    kind: str, id: str, location: str | None, differences: dict[str, tuple[Any, Any]], update_hint: str = "--update"
) -> str:
    """Return the message for an existing entry that differs, in the store or at a location of an imported file."""
    details = "; ".join(
        f"{key}: {_format_value(old)} exists, {_format_value(new)} imported" for key, (old, new) in differences.items()
    )
    if location:
        return f'the id "{id}" has different values in {location}: {details}; give each event an id of its own'
    return f'{kind} "{id}" already exists with different values: {details}; overwrite it with {update_hint}'


def change_summary(differences: dict[str, tuple[Any, Any]]) -> str:
    """Return the old and the new value of each difference."""
    return "; ".join(
        f"{key}: {_format_value(old)} becomes {_format_value(new)}" for key, (old, new) in differences.items()
    )


def _format_value(value: Any) -> str:
    if value is None:
        return "nothing"
    text = format_value(value)
    return text if len(text) <= _MAX_VALUE_LENGTH else text[: _MAX_VALUE_LENGTH - 1] + "…"
