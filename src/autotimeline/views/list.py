"""One row an event."""

from __future__ import annotations

from autotimeline.table import Table
from autotimeline.views._blocks import blocks
from autotimeline.views._shared import Tally, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.selection import Selection

BRIEF = ("id", "date", "match", "status", "kind", "title")


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return a row for each event, in the order of their dates, with these fields."""
    tally = Tally(selection)
    return Table(columns(fields), tally.rows(fields), footer=tally.footer, blocks=lambda: blocks(selection))
