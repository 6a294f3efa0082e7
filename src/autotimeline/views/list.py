"""One row an event."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS
from autotimeline.table import Table
from autotimeline.views._row_counter import RowCounter, event_columns, text_rows
from autotimeline.views._store_blocks import store_blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.selection import Selection

DEFAULT_FIELDS = ("id", "date", "match", "status", "kind", "title")


def table(selection: Selection, fields: Sequence[str], *, since: str | None = None) -> Table:
    """Return a row for each event, in the order of their dates, with these fields; those of ELAPSED too, `since` it."""
    counter = RowCounter(selection)
    table_rows = counter.rows(fields)
    if since or any(field not in COLUMNS for field in fields):
        # Loaded where time is asked for: most lists are of what is.
        from autotimeline.reports.elapsed import event_window
        from autotimeline.views._elapsed_rows import elapsed_rows

        table_rows = elapsed_rows(counter, fields, event_window(selection, since) if since else None)
    return Table(
        event_columns(fields),
        table_rows,
        footer=counter.footer,
        store_blocks=lambda: store_blocks(selection),
        text_rows=text_rows(selection, fields),
    )
