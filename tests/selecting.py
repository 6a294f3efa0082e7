"""Selections as the command line makes them: a query and terms of options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.query.selection import Selection
from autotimeline.reports.comparison import Side, parse_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.api import Timeline
    from autotimeline.query.parser import Node


def select_terms(timeline: Timeline, query: str, terms: Sequence[Node]) -> Selection:
    """Select the events that match a query and all terms."""
    return Selection(timeline.select().db, timeline.files, query, today=timeline.today, extra_terms=terms)


def sides(timeline: Timeline, *words: str) -> list[Side]:
    """Return the sides of a comparison."""
    nodes = [parse_side(word, timeline.select().resolver) for word in words]
    return [Side(node, select_terms(timeline, "", [node])) for node in nodes]
