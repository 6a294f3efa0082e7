"""A link to an event that is not in the store, or a link to itself."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.text import Suggester

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
The other event was renamed, removed, or misspelled. In a snapshot of a part, such a link is
expected, so it is not an error. An event that is linked to itself, or is part of itself through
others, says nothing.

Name the intended event, or remove the link."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each link that leads nowhere."""
    # An event that has problems of its own is there.
    present = {str(row[0]) for row in everything.rows(("id",))} | {
        str(row[2]) for row in everything.catalog.problems("form")
    }
    suggest = Suggester(present)
    for id, file, line, links in everything.rows(("id", "file", "line", "links")):
        for link in links:
            if link["event"] == id:
                what = f"links.{link['type']}: the event links to itself"
                yield Finding(file, line, id, f"{what}; name another")
            elif link["event"] not in present:
                what = f'links.{link["type"]}: no event "{link["event"]}"{suggest(link["event"])}'
                yield Finding(file, line, id, f"{what}; correct it")
    for id, file, line in everything.catalog.entity_locations("actor"):
        if id in everything.catalog.parent_actors(id):
            what = f'actor "{id}": part_of: it is no part of itself; name another, or leave it out'
            yield Finding(file, line, None, what)
        elif via := _find_cycle(everything, id):
            what = f'actor "{id}": part_of: it is no part of itself, by way of {via}; correct one of them'
            yield Finding(file, line, None, what)


def _find_cycle(everything: Selection, actor_id: str) -> str:
    """Return the one that an actor is part of and that is, itself or by others, part of it; nothing where none is."""
    for parent in everything.catalog.parent_actors(actor_id):
        seen, queue = {parent}, [parent]
        while queue:
            unseen = set(everything.catalog.parent_actors(queue.pop())) - seen
            if actor_id in unseen:
                return parent
            seen |= unseen
            queue += unseen
    return ""
