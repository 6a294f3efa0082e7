"""`list`: one row per event.

A new column is an entry of COLUMNS in query/columns.py; DEFAULT_FIELDS are those shown without `--fields`.
"""

from __future__ import annotations

from autotimeline.query.columns import ELAPSED_COLUMNS
from autotimeline.views._event_rows import RowCounter, event_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.table import Table

DEFAULT_FIELDS = ("id", "date", "match", "status", "kind", "title")
NOTE_FIELDS = ("sources",)


def table(
    selection: Selection, fields: Sequence[str], *, since: str | None = None, context: int | None = None
) -> Table:
    """Return one row per event in the order of dates; fields of ELAPSED_COLUMNS count from the event `since`.

    There is also a row for each of `context` events before and after each event.
    """
    counter = RowCounter(selection, context)
    rows = counter.rows(fields)
    if since or any(field in names for names in ELAPSED_COLUMNS.values() for field in fields):
        # Most lists have no elapsed times: loading them costs start-up time.
        from autotimeline.reports.elapsed import elapsed_rows, event_window

        rows = elapsed_rows(counter.rows, fields, event_window(selection, since) if since else None)
    return event_table(counter, fields, rows)
