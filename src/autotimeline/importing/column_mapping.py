"""What the columns of others' data mean: which of them is which key of an event."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from autotimeline.dates import edtf
from autotimeline.errors import DateError, UsageError
from autotimeline.importing.native_rows import UNTITLED, problem
from autotimeline.importing.records import BadRowError, Entry, Problem
from autotimeline.store.table_reader import kind_of, slug
from autotimeline.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from autotimeline.dates.span import Span
    from autotimeline.importing.date_formats import Dates
    from autotimeline.importing.records import Data, Row

ONE = ("id", "title", "date", "end", "period", "known", "printed", "kind", "status", "note", "quote")
"""What one column alone can be."""
SEVERAL = ("actor", "actor.ROLE", "place", "tag", "source", "figure.METRIC")
"""What several columns can be; ROLE and METRIC stand for any."""
_TEXTS = ("printed", "title", "kind", "status", "note")
_LISTS = {"place": "places", "tag": "tags"}
_ADDED = frozenset(_LISTS.values())

# What columns are often called, for a proposal; the first that is there is proposed.
_OFTEN = {
    "id": "id key uid",
    "title": "title name headline event heading label summary",
    "date": "date start startdate dateopen datestart begin began opened day when year published",
    "end": "end enddate dateclose dateend until closed ended finish",
    "kind": "kind category type class",
    "status": "status",
    "actor": "actor subject company person organisation organization entity",
    "place": "place location city country",
    "tag": "tag tags keyword topic",
    "source": "source url link reference",
    "note": "note notes description comment comments details text",
}


class Mapping:
    """Which column is what: columns by key, as `ONE` and `SEVERAL` name them.

    Raises:
        UsageError: where a key is none, or where two columns are one thing.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.columns: dict[str, list[str]] = {}
        for key, column in pairs:
            if key not in ONE and (key.partition(".")[0] not in _HEADS or key in ("figure", "figure.", "actor.")):
                known = [*ONE, *SEVERAL]
                what = nearest(key, known) or f"; there are {', '.join(known)}"
                raise UsageError(f'--map {key}={column}: an event has no "{key}"{what}')
            self.columns.setdefault(key, []).append(column)
            if key in ONE and len(self.columns[key]) > 1:
                both = " and ".join(f'"{name}"' for name in self.columns[key])
                raise UsageError(f"--map {key}: {both} cannot both be it; choose one")
        if "title" not in self.columns:
            raise UsageError("--map: no column is the title, which every event has: add --map title=COLUMN")
        if "period" in self.columns and ("date" in self.columns or "end" in self.columns):
            raise UsageError("--map period: it stands alone; a start and an end are --map date=COLUMN --map end=COLUMN")

    def check(self, data: Data) -> None:
        """Refuse a column that the data do not have.

        Raises:
            UsageError: naming those that there are.
        """
        for key, columns in self.columns.items():
            for column in columns:
                if column not in data.columns and column.partition(".")[0] not in data.columns:
                    there = ", ".join(f'"{name}"' for name in data.columns)
                    what = nearest(column, data.columns) or f"; there are {there}"
                    raise UsageError(f'--map {key}={column}: {data.file} has no column "{column}"{what}')

    def unused(self, data: Data) -> list[str]:
        """Return the columns of which nothing is taken."""
        used = {
            name
            for columns in self.columns.values()
            for column in columns
            for name in (column, column.partition(".")[0])
        }
        return [column for column in data.columns if column not in used]

    def without(self, key: str) -> Mapping:
        """Return the mapping of the other keys."""
        return Mapping((other, column) for other in self.columns if other != key for column in self.columns[other])

    def entry(self, row: Row, dates: Dates) -> Entry:
        """Return the event of a row.

        Raises:
            BadRowError: with all that is wrong with it.
        """
        return _Reader(self.columns, row, dates).entry()


_HEADS = frozenset(key.partition(".")[0] for key in SEVERAL)


class _Reader:
    """Reads one row, and collects what is wrong with it."""

    def __init__(self, columns: dict[str, list[str]], row: Row, dates: Dates) -> None:
        self.columns = columns
        self.row = row
        self.dates = dates
        self.problems: list[Problem] = []

    def entry(self) -> Entry:
        """Return the event, or raise what is wrong with it."""
        body: dict[str, Any] = {key: text for key in _TEXTS if (text := self._one(key)) is not None}
        if "title" not in body:
            self._wrong(self.columns["title"][0], UNTITLED)
        body.update(self._when())
        if (known := self._date("known")) is not None:
            body["known"] = known.edtf
        for key, name in _LISTS.items():
            if found := self._several(key):
                body[name] = list(dict.fromkeys(found))
        self._figures(body)
        id, text = "", self._one("id")
        if text is not None:
            id = slug(text)
            if not id:
                self._wrong(self.columns["id"][0], f'no id can be made of "{text}": write it with a-z and 0-9')
        actors = [
            (key.partition(".")[2] or None, name)
            for key in self.columns
            if key.partition(".")[0] == "actor"
            for name in self._several(key)
        ]
        cited, quote = self._several("source"), self._one("quote")
        if self.problems:
            raise BadRowError(*self.problems)
        entry = Entry("event", id, body, self.row.place, columns=self._named(), adds=_ADDED)
        entry.actors, entry.cited, entry.quote = actors, cited, quote
        return entry

    def _named(self) -> dict[str, str]:
        """Return in which column each key of the event stands."""
        names = {"actor": "actors", "source": "sources", "figure": "figures", **_LISTS}
        return {names.get(key.partition(".")[0], key): columns[0] for key, columns in self.columns.items()}

    def _wrong(self, column: str, text: str) -> None:
        self.problems.append(Problem(self.row.place, text, column))

    def _text(self, column: str, value: Any) -> str | None:
        if isinstance(value, str):
            return value
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        if value is not None:
            self._wrong(column, f"it must be text or a number, not {kind_of(value)}")
        return None

    def _one(self, key: str) -> str | None:
        column = self.columns.get(key, [""])[0]
        return self._text(column, _cell(self.row, column)) if column else None

    def _several(self, key: str) -> list[str]:
        found: list[str] = []
        for column in self.columns.get(key, ()):
            value = _cell(self.row, column)
            items = value if isinstance(value, list) else [value]
            found += (text for item in items if (text := self._text(column, item)) is not None and text.strip())
        return found

    def _figures(self, body: dict[str, Any]) -> None:
        for key in self.columns:
            head, _, metric = key.partition(".")
            if head == "figure" and (found := self._several(key)):
                body.setdefault("figures", {})[metric] = found

    def _date(self, key: str) -> Span | None:
        column = self.columns.get(key, [""])[0]
        value = _cell(self.row, column) if column else None
        if value is None:
            return None
        try:
            return self.dates.read(value)
        except DateError as error:
            self.problems.append(problem(self.row.place, column, value, error))
            return None

    def _when(self) -> dict[str, str]:
        """Return the date under its key; nothing for an undated event.

        With an end it is a period from the one to the other; of one that is not told nobody knows.
        """
        if (period := self._date("period")) is not None:
            return {"period": period.edtf}
        before = len(self.problems)
        start, end = self._date("date"), self._date("end")
        if len(self.problems) > before or (start is None and end is None):
            return {}
        if "end" not in self.columns:
            return {"date": start.edtf} if start else {}
        text = f"{start.edtf if start else ''}/{end.edtf if end else ''}"
        try:
            return {"period": edtf.parse(text).edtf}
        except DateError as error:
            self._wrong(self.columns["end"][0], str(error))
            return {}


def _cell(row: Row, column: str) -> Any:
    """Return the value in a column, `a.b` in the object under `a`; None for an empty cell."""
    value: Any = row.cells
    if column in value:
        value = value[column]
    else:
        for part in column.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    return None if isinstance(value, str) and not value.strip() else value


def empty(data: Data, column: str) -> bool:
    """Return whether no row has a value in a column; an empty list or object is not a value."""
    return all(_cell(row, column) in (None, [], {}) for row in data.rows)


def proposed(data: Data) -> str:
    """Return the options of a mapping that suits the names of the columns with values, for the user to check."""
    from shlex import quote

    by_name = {fold(column).replace(" ", ""): column for column in reversed(data.columns) if not empty(data, column)}
    found: dict[str, str] = {}
    for key, names in _OFTEN.items():
        column = next((by_name[name] for name in names.split() if name in by_name), None)
        if column and column not in found.values():
            found[key] = column
    found.setdefault("title", "COLUMN")
    return " ".join(f"--map {quote(f'{key}={column}')}" for key, column in found.items())


def pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return (key, column) of each `KEY=COLUMN`.

    Raises:
        UsageError: where one is none.
    """
    found = []
    for word in words:
        key, equals, column = word.partition("=")
        if not (key and equals and column):
            raise UsageError(f"--map {word}: write KEY=COLUMN, as title=name")
        found.append((key, column))
    return found
