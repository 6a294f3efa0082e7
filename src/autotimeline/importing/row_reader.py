"""What rows with our own columns and rows with mapped columns have in common: dates, notes, problems, and roles."""

from collections.abc import Iterable
from typing import Any

from autotimeline.dates.span import Span
from autotimeline.editing.printed import date_words
from autotimeline.errors import DateError
from autotimeline.importing.cell_rules import CellRules
from autotimeline.importing.date_formats import AmbiguousDateError, DateReader
from autotimeline.importing.records import NO_VALUE, CellNote, ImportProblem, RawRow

DATE_KEYS = frozenset(("date", "period"))
"""The keys of an event's date, of which it has one at most."""
MISSING_TITLE = "missing title, which every event has; add one"
"""The problem of an empty title."""


class CellError(Exception):
    """An invalid cell."""


class RowReader:
    """Parses one row, and collects its problems and the notes about its cells."""

    def __init__(self, row: RawRow, date_reader: DateReader, rules: CellRules) -> None:
        self.row = row
        self.date_reader = date_reader
        self.rules = rules
        self.problems: list[ImportProblem] = []
        self.notes: list[CellNote] = []
        self.date_cells: list[tuple[Any, Span]] = []

    def add_problem(self, column: str, text: str, ambiguous_date: str = "") -> None:
        """Add a problem of a cell."""
        self.problems.append(ImportProblem(self.row.location, text, column, ambiguous_date))

    def read_date(self, column: str, value: Any) -> Span | None:
        """Return the date in a cell; None if it is invalid or states that there is no date."""
        try:
            date = self.date_reader.read(value, column)
        except DateError as error:
            if self.rules.is_missing(value):
                self.add_note(column, NO_VALUE, value)
            else:
                self.add_problem(column, str(error), value if isinstance(error, AmbiguousDateError) else "")
            return None
        if self.date_reader.drops_time(value):
            self.add_note(column, "time of day dropped", str(value))
        if self.date_reader.fits_several_formats(value):
            self.add_note(column, "read with the first date format that fits", str(value))
        return date

    def add_note(self, column: str, effect: str, text: str, remedy: str = "") -> None:
        """Note the effect of reading a cell."""
        self.notes.append(CellNote(column, effect, text.strip(), remedy))

    def date_words(self) -> str | None:
        """Return the words in the cells of the event's date; None if they have none."""
        if not any(isinstance(cell, str) and date_words(cell, date) for cell, date in self.date_cells):
            return None
        return " – ".join(dict.fromkeys(str(cell).strip() for cell, _ in self.date_cells))

    def keep_missing_date(self, body: dict[str, Any], first_note: int = 0) -> None:
        """Keep the words of the cells without a date, noted since `first_note`, as those of an undated event."""
        words = dict.fromkeys(note.text for note in self.notes[first_note:] if note.effect == NO_VALUE)
        if words and not body.get("printed") and body.keys().isdisjoint(DATE_KEYS):
            body["printed"] = ", ".join(words)


def group_by_role(role_ids: Iterable[tuple[str | None, str]]) -> Any:
    """Return actors, (role or None, id) each, as a store has them, or raise CellError if only some have a role."""
    result: dict[str | None, list[str]] = {}
    for role, id in role_ids:
        ids = result.setdefault(role or None, [])
        if id not in ids:
            ids.append(id)
    if None in result and len(result) > 1:
        raise CellError("some actors have a role and some have none; give each a role, or none")
    return result.get(None, result)


def flatten_roles(actors: Any) -> list[tuple[str | None, str]]:
    """Return the inverse of `group_by_role`."""
    if isinstance(actors, dict):
        return [(role, id) for role, ids in actors.items() for id in (ids if isinstance(ids, list) else [ids])]
    return [(None, id) for id in (actors if isinstance(actors, list) else [actors] if actors else [])]
