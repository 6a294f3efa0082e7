"""`show actor:ID`, `source:ID`, `era:ID`: what the store says about each."""

from collections.abc import Sequence

from autotimeline.query.parser import Term
from autotimeline.query.selection import Selection
from autotimeline.reports.entity_facts import entity_facts
from autotimeline.table import Column, Table

FIELDS = DEFAULT_FIELDS = ("id", "field", "value")


def table(selection: Selection, fields: Sequence[str], entities: Sequence[Term]) -> Table:
    """Return one row per value of the entities: their keys, their first and last event, and all their events."""
    terms = [Term(term.field, selection.resolver.resolve_entity(term.field, term.value)) for term in entities]
    rows = ([term.value, *fact] for term in terms for fact in entity_facts(selection, term))
    return Table([Column(field) for field in fields], rows)
