"""An event in the form of our own answers, or as a store has it: from the cells of a row to its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.errors import DateError, QuantityError
from autotimeline.importing.date_formats import UnsureError
from autotimeline.importing.records import BadRowError, Entry, Problem
from autotimeline.quantities.parse import parse
from autotimeline.query.columns import COLUMNS, ELAPSED
from autotimeline.text import unlisted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autotimeline.importing.date_formats import Dates
    from autotimeline.importing.records import Place, Row

# What follows from the rest of the row, from the query or from the file: nothing of it is taken.
_DERIVED = frozenset(("edtf", "extent", "earliest", "latest", "match", "disputed", "file", "line"))
_DROPPED = frozenset((*_DERIVED, *(name for names in ELAPSED.values() for name in names), "known_stated"))
_DATES = ("date", "edtf", "period")
_WHEN = frozenset(("date", "period"))
UNTITLED = "it is empty, and every event has a title: write one"
KEYS = frozenset((*COLUMNS, *_DROPPED, "period", "accept"))
"""The columns of a row that is our own."""


def is_native(columns: Iterable[str]) -> bool:
    """Whether rows of these columns are our own, and need no mapping."""
    return KEYS.issuperset(columns)


def entry(row: Row, dates: Dates, *, flat: bool) -> Entry:
    """Return the event of a row; where its cells are `flat`, each is a text.

    Raises:
        BadRowError: with all that is wrong with it.
    """
    return _Reader(row, dates, flat=flat).entry()


def participants(pairs: Iterable[tuple[str | None, str]]) -> Any:
    """Return actors by role, (role or None, id), as a store has them.

    Raises:
        CellError: where some have a role and some have none.
    """
    found: dict[str | None, list[str]] = {}
    for role, id in pairs:
        ids = found.setdefault(role or None, [])
        if id not in ids:
            ids.append(id)
    if None in found and len(found) > 1:
        raise CellError("some actors have a role and some have none: give each one, or none")
    return found.get(None, found)


def pairs(actors: Any) -> list[tuple[str | None, str]]:
    """Return what `participants` was given."""
    if isinstance(actors, dict):
        return [(role, id) for role, ids in actors.items() for id in (ids if isinstance(ids, list) else [ids])]
    return [(None, id) for id in (actors if isinstance(actors, list) else [actors] if actors else [])]


def problem(place: Place, column: str, value: Any, error: DateError) -> Problem:
    """Return what is wrong with the date in a cell."""
    return Problem(place, str(error), column, value if isinstance(error, UnsureError) else "")


class CellError(Exception):
    """What is wrong with a cell, and what to do."""


class _Reader:
    """Reads the cells of one row, and collects what is wrong with them."""

    def __init__(self, row: Row, dates: Dates, *, flat: bool) -> None:
        self.place = row.place
        self.columns = row.cells.keys()
        self.dates = dates
        self.problems: list[Problem] = []
        self.names: dict[tuple[str, str], dict[str, Any]] = {}
        self.cells: dict[str, Any] = {}
        for column, cell in row.cells.items():
            if cell is not None and not (flat and not cell):
                self.cells[column] = self._tried(column, _FLAT[column], cell) if flat and column in _FLAT else cell

    def entry(self) -> Entry:
        """Return the event, or raise what is wrong with it."""
        cells = self.cells
        body = {key: value for key, value in cells.items() if key not in _DROPPED and key not in _WHEN}
        body.update(self._when())
        if cells.get("known_stated") is False:
            body.pop("known", None)
        if "known" in body:
            body["known"] = self._date("known", body["known"])
        for column, read in (("actors", self._participants), ("sources", self._citations), *_RECORDS.items()):
            if isinstance(body.get(column), list):
                body[column] = self._tried(column, read, body[column])
        id = body.pop("id") if isinstance(body.get("id"), str) else ""
        body = {key: value for key, value in body.items() if value not in (None, [], {})}
        listed = "known_stated" not in cells and not _DERIVED.isdisjoint(self.columns)
        entry = Entry("event", id, body, self.place, listed=listed, names=self.names)
        if not str(body.get("title", "")).strip():
            self.problems.append(Problem(self.place, UNTITLED, "title"))
            body["title"] = "?"
        if self.problems:
            self._judge(entry)
        return entry

    def _judge(self, entry: Entry) -> None:
        """Raise what is wrong with the cells, and with what the others make together."""
        try:
            entry.event(entry.body)
        except BadRowError as error:
            self.problems += error.problems
        raise BadRowError(*self.problems)

    def _tried(self, column: str, read: Callable[[Any], Any], cell: Any) -> Any:
        try:
            return read(cell)
        except CellError as error:
            self.problems.append(Problem(self.place, str(error), column))
            return None

    def _when(self) -> dict[str, str]:
        """Return the date under its key; nothing for an undated event."""
        read = {column: self._date(column, self.cells[column]) for column in _DATES if column in self.cells}
        if len(set(filter(None, read.values()))) > 1:
            said = " and ".join(f'{column} "{self.cells[column]}"' for column in read)
            what = f"{said} are not the same date: correct one, or leave its column out"
            self.problems.append(Problem(self.place, what, next(iter(read))))
        extent = self.cells.get("extent", "throughout" if "period" in read else "within")
        if extent not in ("within", "throughout"):
            what = f'"{extent}" is none of within, throughout: write one of them'
            self.problems.append(Problem(self.place, what, "extent"))
        return {"period" if extent == "throughout" else "date": span for span in read.values() if span}

    def _date(self, column: str, value: Any) -> str | None:
        try:
            return self.dates.read(value).edtf
        except DateError as error:
            self.problems.append(problem(self.place, column, value, error))
            return None

    def _participants(self, actors: list[Any]) -> Any:
        """Return the actors as a store has them, and keep what they are called."""
        if not all(isinstance(one, dict) for one in actors):
            return actors
        for one in actors:
            if not (isinstance(one.get("id"), str) and isinstance(one.get("role"), str | None)):
                raise CellError('an actor has an id, and perhaps a role: write {"id": "…", "role": "buyer"}')
            if one.get("name"):
                self.names["actor", one["id"]] = {"name": one["name"]}
        return participants((one.get("role"), one["id"]) for one in actors)

    def _citations(self, sources: list[Any]) -> list[Any]:
        """Return the citations as a store has them, and keep what they tell of the sources themselves."""
        return [self._citation(one) if isinstance(one, dict) else one for one in sources]

    def _citation(self, one: dict[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in one.items() if value is not None}
        told: dict[str, Any] = {key: kept.pop(key) for key in ("title", "published") if key in kept}
        if told and isinstance(kept.get("id"), str):
            self.names["source", kept["id"]] = told
        if isinstance(kept.get("figures"), list):
            kept["figures"] = _figures(kept["figures"])
        return kept


def _figures(figures: list[Any]) -> dict[str, Any]:
    """Return figures by metric, as a store has them."""
    found: dict[str, list[Any]] = {}
    for one in figures:
        if not isinstance(one, dict) or "metric" not in one:
            raise CellError('a figure has a metric: write {"metric": "investment", "text": "~1.5bn EUR"}')
        found.setdefault(str(one["metric"]), []).append(_figure(one))
    return found


def _figure(one: dict[str, Any]) -> dict[str, Any]:
    dropped = ("metric", "text", "low", "high", "unit", "about", "value")
    kept = {key: value for key, value in one.items() if key not in dropped and value is not None}
    text = one.get("text", one.get("value"))
    # Without a number there is nothing of which `about` could be told.
    words = ("text" in one and one.get("value") == "none") or ("about" in one and one["about"] is None)
    if text and (words or not _is_quantity(text)):
        kept.setdefault("printed", text)
    elif text:
        kept["value"] = text
    return kept


def _is_quantity(text: Any) -> bool:
    try:
        parse(str(text))
    except QuantityError:
        return False
    return True


def _links(links: list[Any]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for one in links:
        if not isinstance(one, dict) or not {"type", "event"}.issubset(one):
            raise CellError('a link has a type and an event: write {"type": "leads-to", "event": "…"}')
        found.setdefault(str(one["type"]), []).append(one["event"])
    return found


def _accepted(rules: list[Any]) -> dict[str, Any]:
    if not all(isinstance(one, dict) and "rule" in one for one in rules):
        raise CellError('what is accepted has a rule and a reason: write {"rule": "disputed", "reason": "…"}')
    return {str(one["rule"]): one.get("reason", "") for one in rules}


_RECORDS: dict[str, Callable[[Any], Any]] = {"figures": _figures, "links": _links, "accept": _accepted}


# --- lists in one cell (docs/contract.md)


def _pair(item: str, first: str, between: str, second: str) -> dict[str, Any]:
    """Return a record of two, of which the second may be missing."""
    head, found, rest = item.partition(between)
    return {first: head, second: rest} if found else {first: head}


def _record(item: str) -> dict[str, Any]:
    """Return what a record tells by key, and its head under none."""
    head, *more = item.split(" | ")
    record: dict[str, Any] = {"": _unescaped(head)}
    for part in more:
        key, equals, value = part.partition("=")
        if not equals:
            raise CellError(f'"{part}" stands behind a | and is no key=value: write a | in a text as \\|')
        record[key] = _unescaped(value)
    return record


def _unescaped(text: str) -> str:
    return "\\".join(part.replace("\\|", "|") for part in text.split("\\\\"))


def _flat_figures(cell: str) -> list[dict[str, Any]]:
    found = [_record(item) for item in unlisted(cell)]
    return [{**_pair(one.pop(""), "metric", "=", "text"), **one} for one in found]


def _flat_sources(cell: str) -> list[dict[str, Any]]:
    found = [_record(item) for item in unlisted(cell)]
    for one in found:
        one["id"] = one.pop("")
        if "figures" in one:
            one["figures"] = _flat_figures(one["figures"])
    return found


def _flat_accepted(cell: str) -> list[dict[str, Any]]:
    found = [_record(item) for item in unlisted(cell)]
    return [{**one, "rule": one.pop("")} for one in found]


def _flag(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise CellError(f'"{cell}" is none of true, false: write one of them')
    return cell == "true"


_FLAT: dict[str, Callable[[str], Any]] = {
    "actors": lambda cell: [_pair(item, "id", "@", "role") for item in unlisted(cell)],
    "places": unlisted,
    "tags": unlisted,
    "figures": _flat_figures,
    "sources": _flat_sources,
    "links": lambda cell: [_pair(item, "type", "@", "event") for item in unlisted(cell)],
    "accept": _flat_accepted,
    "reported": _flag,
    "known_stated": _flag,
}
