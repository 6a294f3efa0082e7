"""The vocabulary of a store: the names in use, each with how many events it has."""

from __future__ import annotations

# By field: (id, name, events); `found` are the events asked for.
_ENTITY_COUNTS = """
SELECT x.id, x.name, COUNT(DISTINCT e.number) FROM entity x LEFT JOIN {table} t ON t.{key} = x.id
LEFT JOIN found e ON e.number = t.event WHERE x.kind = '{kind}' GROUP BY x.id, x.name ORDER BY 3 DESC, 1
"""
_VALUE_COUNTS = """
SELECT t.{key}, NULL, COUNT(DISTINCT e.number) FROM {table} t JOIN found e ON e.number = t.{event}
WHERE t.{key} IS NOT NULL GROUP BY t.{key} ORDER BY 3 DESC, 1
"""

VOCABULARIES = {
    "actors": _ENTITY_COUNTS.format(table="participant", key="actor", kind="actor"),
    "sources": _ENTITY_COUNTS.format(table="citation", key="source", kind="source"),
    "eras": "",
    "kinds": _VALUE_COUNTS.format(table="event", key="kind", event="number"),
    "statuses": _VALUE_COUNTS.format(table="event", key="status", event="number"),
    "roles": _VALUE_COUNTS.format(table="participant", key="role", event="event"),
    "tags": _VALUE_COUNTS.format(table="tag", key="name", event="event"),
    "places": _VALUE_COUNTS.format(table="place", key="name", event="event"),
    "metrics": _VALUE_COUNTS.format(table="figure", key="metric", event="event"),
    "aliases": "SELECT id, name, NULL FROM entity WHERE kind = 'alias' ORDER BY id",
}
"""By field, the statement that yields (id, name, how many events); an era is counted by its window."""
