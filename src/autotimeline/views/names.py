"""`names`: the values in use of one vocabulary (actors, kinds, …), with their numbers of events."""

from __future__ import annotations

from autotimeline.reports.names import count_names
from autotimeline.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.table import TableRow


FIELDS = DEFAULT_FIELDS = ("id", "name", "events")


def arrange_fields(fields: Sequence[str], vocabulary: str) -> tuple[str, ...]:
    """Return the fields, and for metrics what they measure and where that comes from."""
    return (*fields, *(("measures", "measures_from") if vocabulary == "metrics" else ()))


def table(selection: Selection, fields: Sequence[str], vocabulary: str) -> Table:
    """Return one row per value: its id or word, its name, and how many events match possibly; most frequent first."""
    names = count_names(selection, vocabulary)
    # Names without events are rows too.
    selection.had_rows = any(events for _, _, events in names)
    rows: Iterator[TableRow] = iter(names)
    if vocabulary == "metrics":
        from autotimeline.reports.metric_rules import find_measure

        measures = selection.catalog.measures()
        rows = ([id, name, events, *find_measure(id, measures.get(id))] for id, name, events in names)
    columns = [Column(field) for field in fields]
    return Table(columns, rows, footer=lambda: [] if names else [f"the store has no {vocabulary}"])
