"""`names`: the values in use of one vocabulary (actors, kinds, …), with their numbers of events."""

from __future__ import annotations

from autotimeline.reports.metric_rules import find_measure, stated_measures
from autotimeline.reports.names import count_names
from autotimeline.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.table import TableRow


def FIELDS(vocabulary: str) -> tuple[str, ...]:  # noqa: N802  in other views it is a constant
    """Return the fields of a row; a metric has two more."""
    return ("id", "name", "events", *(("measures", "measures_from") if vocabulary == "metrics" else ()))


DEFAULT_FIELDS = FIELDS


def table(selection: Selection, fields: Sequence[str], vocabulary: str) -> Table:
    """Return one row per value: its id or word, its name, and how many events match possibly; most frequent first."""
    names = count_names(selection, vocabulary)
    # Names without events are rows too.
    selection.had_rows = any(events for _, _, events in names)
    rows: Iterator[TableRow] = iter(names)
    if vocabulary == "metrics":
        measures = stated_measures(selection)
        rows = ([id, name, events, *find_measure(id, measures.get(id))] for id, name, events in names)
    return Table([Column(field) for field in fields], rows)
