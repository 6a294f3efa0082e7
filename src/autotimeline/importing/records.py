"""What is found in a file that is to be imported: rows, or the things of a store, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.store.events import event
from autotimeline.store.table_reader import Fields
from autotimeline.store.toml_writer import literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from autotimeline.model import Event

_SHOWN = 60
# So many ids that are missing are told each in its place.
_MISSING = 5
# What an event without an id is read under; its own is made once all others are known.
UNNAMED = "unnamed"


class Place:
    """Where something stands: the file, the line and the row (both from 1) or what it is, as far as they are known."""

    __slots__ = ("file", "line", "named", "row")

    def __init__(self, file: str, line: int | None = None, row: int | None = None, named: str = "") -> None:
        self.named = named
        self.file = file
        self.line = line
        self.row = row

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        named = f"row {self.row}" if self.row else self.named
        return f"{self.file}{line}" + (f": {named}" if named else "")


class Problem:
    """What is wrong in a file: where, in which column, what, and what to do.

    `date` is the text of a date that a format would read.
    """

    __slots__ = ("column", "date", "missing", "place", "text")

    def __init__(self, place: Place, text: str, column: str = "", date: str = "") -> None:
        self.place = place
        self.text = text
        self.column = column
        self.date = date
        # Kind and id of what the store lacks.
        self.missing: tuple[str, str] | None = None

    def __str__(self) -> str:
        column = f'column "{self.column}"' if self.column else ""
        if column and self.place.row:
            return f"{self.place}, {column}: {self.text}"
        return ": ".join(filter(None, (str(self.place), column, self.text)))


def lines(problems: Sequence[Problem]) -> list[str]:
    """Return what to say of problems: of many ids that are missing, which these are, in a line each kind."""
    missing: dict[str, dict[str, None]] = {}
    for problem in problems:
        if problem.missing:
            missing.setdefault(problem.missing[0], {})[problem.missing[1]] = None
    if sum(map(len, missing.values())) <= _MISSING:
        return [str(problem) for problem in problems]
    told = [f"the store has none of these {kind}s: {', '.join(ids)}" for kind, ids in sorted(missing.items())]
    told.append("TOML brings actors and sources with the events, and so does `export` with a CSV")
    return [*(str(problem) for problem in problems if not problem.missing), *told]


class BadRowError(Exception):
    """A row cannot be taken: what is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


class Row:
    """A row of a file: its cells by column, texts of CSV or values of JSON and TOML."""

    __slots__ = ("cells", "place")

    def __init__(self, place: Place, cells: dict[str, Any]) -> None:
        self.place = place
        self.cells = cells


class Entry:
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

    __slots__ = ("actors", "adds", "body", "cited", "columns", "id", "kind", "listed", "names", "place", "quote")

    def __init__(
        self,
        kind: str,
        id: str,
        body: dict[str, Any],
        place: Place,
        *,
        columns: Mapping[str, str] | None = None,
        adds: frozenset[str] = frozenset(),
        listed: bool = False,
        names: dict[tuple[str, str], dict[str, Any]] | None = None,
    ) -> None:
        self.kind = kind
        self.id = id
        self.body = body
        self.place = place
        self.columns = columns or {}
        self.adds = adds
        self.listed = listed
        self.names = names or {}
        self.actors: list[tuple[str | None, str]] = []
        self.cited: list[str] = []
        self.quote: str | None = None

    def event(self, body: dict[str, Any]) -> Event:
        """Return the event that these keys make.

        Raises:
            BadRowError: with all that is wrong with them.
        """
        fields = Fields({"id": UNNAMED, **body})
        value = event(fields)
        if fields.problems:
            raise BadRowError(*(self.problem(str(path[0]) if path else "", text) for path, text in fields.problems))
        return value

    def problem(self, key: str, text: str) -> Problem:
        """Return what is wrong with a key, or with the whole where none is named."""
        if self.kind != "event":
            return Problem(self.place, text.removeprefix(f"{self.place.named}: ") if self.place.named else text)
        key = key or text.partition(":")[0].partition(".")[0]
        column = self.columns.get(key, "date" if key == "period" else key)
        return Problem(self.place, text.removeprefix(f"{key}: "), column)


class Data:
    """What a file holds: the rows of a table with these columns, or the things of a store; and what is wrong with it.

    `flat` where all cells are texts, those of lists as any CSV has them.
    """

    def __init__(self, file: str, *, flat: bool = False) -> None:
        self.file = file
        self.flat = flat
        self.columns: dict[str, None] = {}
        self.rows: list[Row] = []
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []

    def row(self, place: Place, cells: dict[str, Any]) -> None:
        """Add a row."""
        self.columns.update(dict.fromkeys(cells))
        self.rows.append(Row(place, cells))


class How:
    """How files are read: what separates the cells of CSV, and whether they are taken as they are."""

    __slots__ = ("delimiter", "raw")

    def __init__(self, delimiter: str = ",", *, raw: bool = False) -> None:
        self.delimiter = delimiter
        self.raw = raw


def otherwise(
    kind: str, id: str, place: str | None, differing: dict[str, tuple[Any, Any]], update: str = "--update"
) -> str:
    """Say that there is another thing by an id, in the store or at that place of a file, and in what the two differ."""
    said = "; ".join(f"{key}: {_said(old)} there, {_said(new)} here" for key, (old, new) in differing.items())
    if place:
        return f'the id "{id}" stands in {place} too, and says otherwise: {said}: give each an id of its own'
    return f'{kind} "{id}" is in the store and says otherwise: {said}: mend one of them, or take this with {update}'


def becomes(differing: dict[str, tuple[Any, Any]]) -> str:
    """Say what becomes of what differs."""
    return "; ".join(f"{key}: {_said(old)} becomes {_said(new)}" for key, (old, new) in differing.items())


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    text = literal(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
