"""Lookups of the checks in a whole store, done by the database."""

import json
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from autotimeline.query.columns import ID_ORDER_SQL
from autotimeline.query.selection import Selection
from autotimeline.schema import KINDS, LINK_INVERSES

FORWARD_LINKS = ("leads-to", "fulfilled-by", "replaced-by")
"""The links from an event to a later one."""
HAS_ACCEPTED = "d.accept IS NOT NULL"
"""The SQL condition of an event that accepts findings."""
HAS_BROKEN_LINK = (
    "EXISTS (SELECT 1 FROM link l WHERE l.event = e.number"
    " AND (l.target = e.id OR NOT EXISTS (SELECT 1 FROM event x WHERE x.id = l.target)))"
)
"""That of an event with a link to itself, or to none."""
HAS_PERCENTAGE = "e.number IN (SELECT event FROM figure WHERE unit = '%')"
"""That of an event with a figure in percent."""
HAS_UNDISPUTED_FIGURES = "d.figures IS NOT NULL AND e.status = 'happened' AND e.disputed IS NULL"
"""That of an event that happened, with figures, and without anything disputed."""
HAPPENED_AFTER = "e.status = 'happened' AND NOT e.uncertain AND e.overlap_first > {day}"
"""That of an event that certainly happened after a day, if it happened."""
_BACKWARD_LINKS = ("follows-from", "fulfils", "replaces")


def read_bodies(selection: Selection, *kinds: str) -> Iterator[tuple[str, str, str, int, dict[str, Any]]]:
    """Yield (kind, id, file, line from 1, keys) of the records of these kinds, in the order of the store."""
    for kind, id, file, line, body in _body_rows(selection, kinds, order="ORDER BY 3, 4"):
        yield kind, id, file, line, json.loads(body)


def find_unprintable(selection: Selection) -> Iterator[tuple[str, str, str, int, dict[str, Any]]]:
    """Yield, like `read_bodies` but in any order, the records that may contain a nonprintable character."""
    for kind, id, file, line, body in _body_rows(selection, KINDS):
        # JSON escapes ASCII control characters. Most records have none and need not be decoded.
        if not body.isprintable() or "\\u00" in body or "\\b" in body or "\\f" in body or "\\r" in body:
            yield kind, id, file, line, json.loads(body)


def _body_rows(selection: Selection, kinds: Sequence[str], order: str = "") -> Iterator[tuple[str, str, str, int, str]]:
    placeholders = ", ".join("?" * len(kinds))
    sql = (
        "SELECT x.kind, x.id, c.file, c.line + b.line + x.line, x.body FROM ("
        "SELECT kind, id, block, line, body FROM entity UNION ALL"
        " SELECT 'event', e.id, e.block, e.line, COALESCE(d.stored_body, d.body)"
        " FROM event e JOIN detail d ON d.event = e.number) x"
        " JOIN block b ON b.number = x.block JOIN chunk c ON c.number = b.chunk"
        f" WHERE x.kind IN ({placeholders}) {order}"
    )
    for kind, id, file, line, body in selection.db.execute(sql, kinds):
        yield kind, id, selection.names.paths[file], line, body


def find_reversed_links(selection: Selection) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (id, link type, target id, target's date, date) of links that contradict the order of two events.

    The event that is later according to the link had certainly ended before the other one started, by all claims.
    """
    return selection.db.execute(
        "SELECT e.id, l.type, x.id, x.date, e.date FROM link l JOIN event e ON e.number = l.event"
        " JOIN event x ON x.id = l.target WHERE NOT (e.uncertain OR x.uncertain)"
        " AND e.status = 'happened' AND x.status = 'happened' AND NOT (e.disputed_status OR x.disputed_status)"
        f" AND (l.type IN {FORWARD_LINKS} AND e.overlap_first > x.overlap_last"
        f" OR l.type IN {_BACKWARD_LINKS} AND x.overlap_first > e.overlap_last)"
        f" ORDER BY {ID_ORDER_SQL}, l.type, x.id"
    )


def find_link_cycles(selection: Selection) -> Iterator[tuple[str, list[str]]]:
    """Yield (link type, ids) of events that each come later than the one before by these links, the last one first."""
    for type in FORWARD_LINKS:
        rows = selection.db.execute(
            "SELECT CASE l.type WHEN ? THEN l.target ELSE e.id END, CASE l.type WHEN ? THEN e.id ELSE l.target END"
            " FROM link l JOIN event e ON e.number = l.event AND e.id <> l.target WHERE l.type IN (?, ?)"
            " ORDER BY 1, 2",
            (type, type, type, LINK_INVERSES[type]),
        )
        earlier: dict[str, list[str]] = {}
        for id, other in rows:
            earlier.setdefault(id, []).append(other)
        while True:
            try:
                TopologicalSorter(earlier).prepare()
            except CycleError as error:
                ids = error.args[1]
                earlier[ids[1]].remove(ids[0])
                yield type, ids
            else:
                break


def find_completed_before_known(selection: Selection) -> Iterator[tuple[str, str, str, str]]:
    """Yield (id, link type, target id, date of the outcome) of plans that became known after their outcome.

    The plan must state `known` itself: a source that reports both does not date the plan.
    """
    sql = (
        "SELECT e.id, l.type, x.id, h.date, d.body FROM link l JOIN event e ON e.number = l.event"
        " JOIN event x ON x.id = l.target JOIN event h ON h.number = {0}.number JOIN event p ON p.number = {1}.number"
        " JOIN detail d ON d.event = p.number"
        " WHERE l.type = ? AND p.status = 'planned' AND p.known_first > h.overlap_last AND NOT p.known_qualified"
        " AND h.status = 'happened' AND NOT (h.uncertain OR h.disputed_status)"
        f" ORDER BY {ID_ORDER_SQL}, x.id"
    )
    for happened, plan, type in (("e", "x", "fulfils"), ("x", "e", "fulfilled-by")):
        for id, link, target, date, body in selection.db.execute(sql.format(happened, plan), (type,)):
            if "known" in json.loads(body):
                yield id, link, target, date


def find_unused_actors(selection: Selection) -> Iterator[tuple[str, str, int]]:
    """Yield (id, file, line from 1) of the actors that no event and no other actor refers to."""
    used = {row[0] for row in selection.db.execute("SELECT DISTINCT id FROM reference WHERE kind = 'actor'")}
    return (actor for actor in selection.catalog.entity_locations("actor") if actor[0] not in used)
