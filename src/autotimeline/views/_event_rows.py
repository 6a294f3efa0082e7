"""What the views of events share: counted rows, their columns, the footer, and the store blocks behind them."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS
from autotimeline.render.canvas import FLAG_MARKS
from autotimeline.table import Column, Table
from autotimeline.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.columns import DisplayNames
    from autotimeline.query.selection import Selection
    from autotimeline.render.text_layout import Block
    from autotimeline.reports.figures import StatedFigure
    from autotimeline.table import Note, StoreBlock, TableRow


_POSSIBLE_REASON = "an imprecise date or amount, or sources that disagree"
CONTEXT_COLUMN = Column("context", marks={"true": "context", "false": ""}, dims_row=True)


class RowCounter:
    """The number of events that were read from a selection, and how many of them match only possibly.

    With `context`, that many events before and after each match are read too, and not counted.
    """

    __slots__ = ("context", "possible", "selection", "shown")

    def __init__(self, selection: Selection, context: int | None = None) -> None:
        self.selection = selection
        self.context = context
        self.shown = 0
        self.possible = 0

    def rows(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Yield the rows of the selection with these fields, and count them."""
        if self.context is not None:
            yield from self._rows_with_context(fields)
            return
        for row in self.selection.rows([*fields, "match"]):
            self.count_row(str(row[-1]))
            yield row[:-1]

    def _rows_with_context(self, fields: Sequence[str]) -> Iterator[Sequence[Any]]:
        matches = [index for index, field in enumerate(fields) if field == "match"]
        for row in self.selection.rows([*fields, "match", "context"], context=self.context):
            *cells, match, is_context = row
            for index in matches if is_context else ():
                cells[index] = None
            self.count_row(None if is_context else match)
            yield cells

    def count_row(self, match: str | None) -> None:
        """Count one event; None is the match of a row of context."""
        self.shown += match is not None
        self.possible += match == "possible"

    def figures(self, figures: Iterable[StatedFigure]) -> Iterator[StatedFigure]:
        """Yield the figures, and count them."""
        for figure in figures:
            self.count_row(figure.match)
            yield figure

    def footer(self) -> list[str]:
        """Return one line about possible, omitted, and further events, or no line if there are none."""
        possible = f"{self.possible:,} of {self.shown:,} match only possibly ({_POSSIBLE_REASON})"
        notes = [f"{FLAG_MARKS['possible']} {possible}"] if self.possible else []
        notes += omitted_notes(self.selection)
        if self.selection.limit is not None and (total := self.selection.total()) > self.shown:
            notes.append(f"{self.shown:,} of {total:,} shown")
        return ["; ".join(notes)] if notes else []


def omitted_notes(selection: Selection) -> list[str]:
    """Return a note with the number of events that only the date terms omit, if there are any."""
    undated = selection.undated()
    return [f"{format_count(undated, 'undated event')} left out"] if undated else []


def event_table(
    counter: RowCounter,
    fields: Sequence[str],
    rows: Iterator[TableRow],
    drawing: Iterable[Block] | None = None,
    *extra_columns: Column,
) -> Table:
    """Return a table of these rows of events; a field that is not in COLUMNS is an extra column, or plain text."""
    selection = counter.selection
    columns = {column.name: column for column in (CONTEXT_COLUMN, *_columns_in_words(selection.names), *extra_columns)}
    if counter.context is not None and "context" not in fields:
        columns["match"] = Column("match", marks={**(COLUMNS["match"].column.marks or {}), "": "context"})
    # The index has the texts of its own columns only.
    has_texts = counter.context is None and all(field in COLUMNS for field in fields)
    return Table(
        [columns.get(field) or (COLUMNS[field].column if field in COLUMNS else Column(field)) for field in fields],
        rows,
        footer=counter.footer,
        drawing=drawing,
        store_blocks=lambda: _store_blocks(selection),
        text_rows=(lambda: selection.texts(fields)) if has_texts else None,
        json_rows=(lambda: selection.json_texts(fields)) if has_texts else None,
    )


def _columns_in_words(names: DisplayNames) -> Iterator[Column]:
    """Yield the columns of figures and sources, with the words that people read instead of records."""

    # Most formats are for programs: they do not load the words.
    def words(figures: list[dict[str, Any]]) -> str:
        from autotimeline.views._event_text import figure_words

        return figure_words(figures, names)

    def notes(citations: list[dict[str, Any]]) -> list[Note]:
        from autotimeline.views._event_text import citation_note

        return [citation_note(citation, names) for citation in citations]

    yield Column("date", cell_to_words=lambda date: date or "undated")
    yield Column("figures", COLUMNS["figures"].column.item_to_text, cell_to_words=words)
    yield Column("sources", COLUMNS["sources"].column.item_to_text, cell_to_notes=notes)


def _store_blocks(selection: Selection) -> Iterator[StoreBlock]:
    """Yield the blocks of a store with these events: head, entities, aliases, then the events in order."""
    yield from selection.catalog.entities()
    for (body,) in selection.rows(("body",)):
        yield "event", body
