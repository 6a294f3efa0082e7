"""Rows of events with the time that passed between them."""

from __future__ import annotations

from autotimeline.query.columns import ELAPSED
from autotimeline.reports.elapsed import MOMENT, cells, dated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from autotimeline.reports.elapsed import Moment
    from autotimeline.views._row_counter import Tally


def rows(tally: Tally, fields: Sequence[str], since: Moment | None) -> Iterator[Sequence[Any]]:
    """Return the selection's rows of these fields, those of ELAPSED among them, counted."""
    later = {name for names in ELAPSED.values() for name in names}
    own = [field for field in fields if field not in later]
    return tally.rows(fields) if len(own) == len(fields) else _rows(tally, fields, own, since)


def _rows(tally: Tally, fields: Sequence[str], own: list[str], since: Moment | None) -> Iterator[Sequence[Any]]:
    above = None
    for row in tally.rows([*own, *MOMENT]):
        here = dated(row[len(own) :])
        found = dict(zip(own, row, strict=False)) | cells("gap", above, here) | cells("since_event", since, here)
        yield [found[field] for field in fields]
        above = here
