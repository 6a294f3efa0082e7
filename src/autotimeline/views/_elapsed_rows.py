"""Rows of events with the time that passed between them."""

from __future__ import annotations

from autotimeline.query.columns import ELAPSED_COLUMNS
from autotimeline.reports.elapsed import WINDOW_FIELDS, elapsed_cells, window_of_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.reports.elapsed import EventWindow
    from autotimeline.views._row_counter import RowCounter


def elapsed_rows(counter: RowCounter, fields: Sequence[str], since: EventWindow | None) -> Iterator[Sequence[Any]]:
    """Return the selection's rows of these fields, those of ELAPSED among them, counted."""
    elapsed_fields = {name for names in ELAPSED_COLUMNS.values() for name in names}
    event_fields = [field for field in fields if field not in elapsed_fields]
    return (
        counter.rows(fields) if len(event_fields) == len(fields) else _add_elapsed(counter, fields, event_fields, since)
    )


def _add_elapsed(
    counter: RowCounter, fields: Sequence[str], event_fields: list[str], since: EventWindow | None
) -> Iterator[Sequence[Any]]:
    previous = None
    for row in counter.rows([*event_fields, *WINDOW_FIELDS]):
        current = window_of_row(row[len(event_fields) :])
        cells_by_field = (
            dict(zip(event_fields, row, strict=False))
            | elapsed_cells("gap", previous, current)
            | elapsed_cells("since_event", since, current)
        )
        yield [cells_by_field[field] for field in fields]
        previous = current
