"""A link to an event that is not in the store, or a link to itself."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAS_BROKEN_LINK
from autotimeline.text import Suggester

LEVEL = "problem"
EXPLAIN = """\
The other event was renamed, removed, or misspelled, or is not in this part of a store. An event
cannot be linked to itself, and an actor cannot be part of itself, directly or through others.

Name the intended event or actor, or remove the link."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each link without a target, and for each actor that is a part of itself."""
    broken = list(everything.rows(("id", "file", "line", "links"), where=HAS_BROKEN_LINK))
    present: set[str] = set()
    if broken:
        # An invalid event exists, too.
        present.update(str(row[2]) for row in everything.catalog.problems("form"))
        present.update(str(row[0]) for row in everything.rows(("id",)))
    suggest = Suggester(present)
    for id, file, line, links in broken:
        for link in links:
            if link["event"] == id:
                what = f"links.{link['type']}: the event links to itself"
                yield Finding(file, line, id, f"{what}; name another event")
            # The target may be outside the selection.
            elif link["event"] not in present and not everything.catalog.event_body(link["event"]):
                what = f'links.{link["type"]}: no event "{link["event"]}"{suggest(link["event"])}'
                yield Finding(file, line, id, f"{what}; correct it")
    for id, file, line in everything.catalog.entity_locations("actor"):
        if id in everything.catalog.parent_actors(id):
            what = f'actor "{id}": part_of: the actor is part of itself; name another, or remove it'
            yield Finding(file, line, None, what)
        elif via := _find_cycle(everything, id):
            what = f'actor "{id}": part_of: the actor is part of itself through {via}; correct one of them'
            yield Finding(file, line, None, what)


def _find_cycle(everything: Selection, actor_id: str) -> str:
    """Return the parent of an actor that is also, directly or not, a part of it; empty if there is none."""
    for parent in everything.catalog.parent_actors(actor_id):
        seen, queue = {parent}, [parent]
        while queue:
            unseen = set(everything.catalog.parent_actors(queue.pop())) - seen
            if actor_id in unseen:
                return parent
            seen |= unseen
            queue += unseen
    return ""
