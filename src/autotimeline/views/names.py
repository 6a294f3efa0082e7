"""The vocabulary of a store: the names in use, each with how many events it has."""

from __future__ import annotations

from autotimeline.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.selection import Selection

BRIEF: tuple[str, ...] = ()


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return a row for each name of the field `fields[0]`: id or word, name, events; the most frequent first.

    An event counts where it may match.
    """
    (field,) = fields
    return Table([Column("id"), Column("name"), Column("events")], selection.vocabulary(field))
