"""Rows of events with columns of elapsed time: the gap to the event above, and the time since one event."""

from __future__ import annotations

from autotimeline.query.columns import ELAPSED_COLUMNS
from autotimeline.reports.elapsed import WINDOW_FIELDS, elapsed_cells, window_of_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.reports.elapsed import EventWindow
    from autotimeline.views._event_rows import RowCounter


def elapsed_rows(counter: RowCounter, fields: Sequence[str], since: EventWindow | None) -> Iterator[Sequence[Any]]:
    """Yield and count the rows of these fields; those of ELAPSED_COLUMNS count from the event `since`."""
    elapsed_fields = {name for names in ELAPSED_COLUMNS.values() for name in names}
    event_fields = [field for field in fields if field not in elapsed_fields]
    if len(event_fields) == len(fields):
        yield from counter.rows(fields)
        return
    previous = None
    for row in counter.rows([*event_fields, *WINDOW_FIELDS]):
        current = window_of_row(row[len(event_fields) :])
        gap, elapsed = elapsed_cells("gap", previous, current), elapsed_cells("since_event", since, current)
        cells_by_field = dict(zip(event_fields, row, strict=False)) | gap | elapsed
        yield [cells_by_field[field] for field in fields]
        previous = current
