"""What is found in a file that is to be imported: rows, or the things of a store, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.store.events import parse_event
from autotimeline.store.table_reader import TableReader
from autotimeline.store.toml_writer import format_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from autotimeline.model import Event

_MAX_VALUE_LENGTH = 60
# So many ids that are missing are told each in its place.
_MAX_MISSING_IDS = 5
# What an event without an id is read under; its own is made once all others are known.
PLACEHOLDER_ID = "unnamed"


class SourceLocation:
    """Where something stands: the file, the line and the row (both from 1) or what it is, as far as they are known."""

    __slots__ = ("file", "label", "line", "row")

    def __init__(self, file: str, line: int | None = None, row: int | None = None, label: str = "") -> None:
        self.label = label
        self.file = file
        self.line = line
        self.row = row

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        label = f"row {self.row}" if self.row else self.label
        return f"{self.file}{line}" + (f": {label}" if label else "")


class ImportProblem:
    """What is wrong in a file: where, in which column, what, and what to do.

    `date` is the text of a date that a format would read.
    """

    __slots__ = ("ambiguous_date", "column", "location", "missing_entity", "text")

    def __init__(self, location: SourceLocation, text: str, column: str = "", ambiguous_date: str = "") -> None:
        self.location = location
        self.text = text
        self.column = column
        self.ambiguous_date = ambiguous_date
        # Kind and id of what the store lacks.
        self.missing_entity: tuple[str, str] | None = None

    def __str__(self) -> str:
        column = f'column "{self.column}"' if self.column else ""
        if column and self.location.row:
            return f"{self.location}, {column}: {self.text}"
        return ": ".join(filter(None, (str(self.location), column, self.text)))


def format_problems(problems: Sequence[ImportProblem]) -> list[str]:
    """Return what to say of problems: of many ids that are missing, which these are, in a line each kind."""
    missing: dict[str, dict[str, None]] = {}
    for problem in problems:
        if problem.missing_entity:
            missing.setdefault(problem.missing_entity[0], {})[problem.missing_entity[1]] = None
    if sum(map(len, missing.values())) <= _MAX_MISSING_IDS:
        return [str(problem) for problem in problems]
    summary = [f"the store has none of these {kind}s: {', '.join(ids)}" for kind, ids in sorted(missing.items())]
    summary.append("TOML brings actors and sources with the events, and so does `export` with a CSV")
    return [*(str(problem) for problem in problems if not problem.missing_entity), *summary]


class InvalidRecordError(Exception):
    """A row cannot be taken: what is wrong with it."""

    def __init__(self, *problems: ImportProblem) -> None:
        super().__init__()
        self.problems = problems


class RawRow:
    """A row of a file: its cells by column, texts of CSV or values of JSON and TOML."""

    __slots__ = ("cells", "location")

    def __init__(self, location: SourceLocation, cells: dict[str, Any]) -> None:
        self.location = location
        self.cells = cells


class ImportRecord:
    """A thing that is to be in the store.

    Args:
        kind: `event`, `source`, `actor`, `era`, `alias` or `store`.
        id: Its id; empty where it has none, and of the head of a store.
        body: Its keys as a store has them.
        place: Where it stands.
        columns: In which column a key stands, where that has another name.
        adds: The keys of `body` to which it adds, without saying all that they hold.
        listed: It is a row of an answer, which leaves out what a store says besides.
        names: What it says, by kind and id, of actors and sources that it names.
        actors: (role or None, id or name) of actors that are named as people name them.
        cited: Ids, titles or addresses of sources.
        quote: What those say.
    """

    __slots__ = (
        "body",
        "cited_sources",
        "columns",
        "entity_details",
        "id",
        "is_output_row",
        "kind",
        "location",
        "named_actors",
        "partial_keys",
        "quote",
    )

    def __init__(
        self,
        kind: str,
        id: str,
        body: dict[str, Any],
        location: SourceLocation,
        *,
        columns: Mapping[str, str] | None = None,
        partial_keys: frozenset[str] = frozenset(),
        is_output_row: bool = False,
        entity_details: dict[tuple[str, str], dict[str, Any]] | None = None,
    ) -> None:
        self.kind = kind
        self.id = id
        self.body = body
        self.location = location
        self.columns = columns or {}
        self.partial_keys = partial_keys
        self.is_output_row = is_output_row
        self.entity_details = entity_details or {}
        self.named_actors: list[tuple[str | None, str]] = []
        self.cited_sources: list[str] = []
        self.quote: str | None = None

    def parse_event(self, body: dict[str, Any]) -> Event:
        """Return the event that these keys make.

        Raises:
            BadRowError: with all that is wrong with them.
        """
        fields = TableReader({"id": PLACEHOLDER_ID, **body})
        value = parse_event(fields)
        if fields.problems:
            raise InvalidRecordError(
                *(self.make_problem(str(path[0]) if path else "", text) for path, text in fields.problems)
            )
        return value

    def make_problem(self, key: str, text: str) -> ImportProblem:
        """Return what is wrong with a key, or with the whole where none is named."""
        if self.kind != "event":
            return ImportProblem(
                self.location, text.removeprefix(f"{self.location.label}: ") if self.location.label else text
            )
        key = key or text.partition(":")[0].partition(".")[0]
        column = self.columns.get(key, "date" if key == "period" else key)
        return ImportProblem(self.location, text.removeprefix(f"{key}: "), column)


class ParsedFile:
    """What a file holds: the rows of a table with these columns, or the things of a store; and what is wrong with it.

    `flat` where all cells are texts, those of lists as any CSV has them.
    """

    def __init__(self, file: str, *, cells_are_text: bool = False) -> None:
        self.file = file
        self.cells_are_text = cells_are_text
        self.columns: dict[str, None] = {}
        self.rows: list[RawRow] = []
        self.records: list[ImportRecord] = []
        self.problems: list[ImportProblem] = []

    def add_row(self, location: SourceLocation, cells: dict[str, Any]) -> None:
        """Add a row."""
        self.columns.update(dict.fromkeys(cells))
        self.rows.append(RawRow(location, cells))


class ReadOptions:
    """How files are read: what separates the cells of CSV, and whether they are taken as they are."""

    __slots__ = ("delimiter", "raw")

    def __init__(self, delimiter: str = ",", *, raw: bool = False) -> None:
        self.delimiter = delimiter
        self.raw = raw


def conflict_message(
    kind: str, id: str, location: str | None, differences: dict[str, tuple[Any, Any]], update_hint: str = "--update"
) -> str:
    """Say that there is another thing by an id, in the store or at that place of a file, and in what the two differ."""
    details = "; ".join(
        f"{key}: {_format_value(old)} there, {_format_value(new)} here" for key, (old, new) in differences.items()
    )
    if location:
        return f'the id "{id}" stands in {location} too, and says otherwise: {details}: give each an id of its own'
    return f'{kind} "{id}" is in the store and says otherwise: {details}: mend one of them, or take this with {update_hint}'


def change_summary(differences: dict[str, tuple[Any, Any]]) -> str:
    """Say what becomes of what differs."""
    return "; ".join(
        f"{key}: {_format_value(old)} becomes {_format_value(new)}" for key, (old, new) in differences.items()
    )


def _format_value(value: Any) -> str:
    if value is None:
        return "nothing"
    text = format_value(value)
    return text if len(text) <= _MAX_VALUE_LENGTH else text[: _MAX_VALUE_LENGTH - 1] + "…"
