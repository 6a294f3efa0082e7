"""What the views of events share: rows that are counted as they pass, and the words of the footer."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS
from autotimeline.table import Column
from autotimeline.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.selection import Selection


class RowCounter:
    """Counts events as they pass: how many, and how many of them only possibly match."""

    __slots__ = ("possible", "selection", "shown")

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.shown = 0
        self.possible = 0

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield the selection's rows of these fields, counted."""
        for row in self.selection.rows([*fields, "match"]):
            self.count_row(str(row[-1]))
            yield row[:-1]

    def count_row(self, match: str) -> None:
        """Count one event."""
        self.shown += 1
        self.possible += match == "possible"

    def footer(self) -> list[str]:
        """Return what was left out or may not belong, in one line, or nothing where there is nothing to say."""
        notes = []
        if self.possible:
            notes.append(f"{self.possible:,} of {self.shown:,} may fall outside")
        notes += omitted_notes(self.selection)
        if self.selection.limit is not None and (total := self.selection.total()) > self.shown:
            notes.append(f"{self.shown:,} of {total:,} shown")
        return ["; ".join(notes)] if notes else []


def omitted_notes(selection: Selection) -> list[str]:
    """Return how many events are left out and why, each in words of its own."""
    undated, unknown = selection.undated(), selection.omitted_unknown
    notes = [f"{undated:,} undated left out"] if undated else []
    return notes + ([f"{format_count(unknown, 'event')} left out: not known since when"] if unknown else [])


def text_rows(selection: Selection, fields: Sequence[str]) -> Callable[[], Iterator[Sequence[str]]] | None:
    """Return how to have these fields as text; None where the index knows no more than the cells of some."""
    return (lambda: selection.texts(fields)) if all(field in COLUMNS for field in fields) else None


def event_columns(fields: Sequence[str]) -> list[Column]:
    """Return the columns of these fields."""
    return [COLUMNS[field].column if field in COLUMNS else Column(field) for field in fields]
