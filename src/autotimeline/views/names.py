"""The vocabulary of a store: the names in use, each with how many events it has."""

from __future__ import annotations

from autotimeline.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.selection import Selection

FIELDS = DEFAULT_FIELDS = ("id", "name", "events")


def table(selection: Selection, fields: Sequence[str], vocabulary: str) -> Table:
    """Return a row for each name of a vocabulary (actors, kinds, …): id or word, name, events; the most frequent first.

    An event counts where it may match.
    """
    return Table([Column(field) for field in fields], selection.catalog.vocabulary(vocabulary))
