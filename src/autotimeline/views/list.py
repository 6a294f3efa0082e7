"""One row an event."""

from __future__ import annotations

from autotimeline.query.columns import COLUMNS
from autotimeline.table import Table
from autotimeline.views._row_counter import Tally, columns, texts
from autotimeline.views._store_blocks import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.selection import Selection

BRIEF = ("id", "date", "match", "status", "kind", "title")


def table(selection: Selection, fields: Sequence[str], *, since: str | None = None) -> Table:
    """Return a row for each event, in the order of their dates, with these fields; those of ELAPSED too, `since` it."""
    tally = Tally(selection)
    found = tally.rows(fields)
    if since or any(field not in COLUMNS for field in fields):
        # Loaded where time is asked for: most lists are of what is.
        from autotimeline.reports.elapsed import moment
        from autotimeline.views._elapsed_rows import rows

        found = rows(tally, fields, moment(selection, since) if since else None)
    return Table(
        columns(fields),
        found,
        footer=tally.footer,
        blocks=lambda: blocks(selection),
        texts=texts(selection, fields),
    )
