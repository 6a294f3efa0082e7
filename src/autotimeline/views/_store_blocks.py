"""The part of a store that stands behind a selection: its events, and all that they name."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection
    from autotimeline.table import StoreBlock


def store_blocks(selection: Selection) -> Iterator[StoreBlock]:
    """Yield the blocks of a store that holds the selection: head, sources, actors, eras, aliases, events in order."""
    yield from selection.catalog.entities()
    for (body,) in selection.rows(("body",)):
        yield "event", body
