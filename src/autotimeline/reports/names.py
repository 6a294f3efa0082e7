"""The names in use: the slices of a facet, the aliases, or the rates, with their numbers of events."""

from __future__ import annotations

from autotimeline.errors import UsageError
from autotimeline.query.facets import FACETS
from autotimeline.query.slices import build_slices
from autotimeline.reports.grouping import GroupedCounts
from autotimeline.text import Suggester, pluralize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.query.selection import Selection

    # An id or a word, its name, and the number of events.
    Name = tuple[str, str | None, int | None]

_FACETS = ("actor", "source", "era", "kind", "status", "role", "tag", "place", "metric")
VOCABULARIES = (*map(pluralize, _FACETS), "aliases", "rates")


def count_names(selection: Selection, vocabulary: str) -> list[Name]:
    """Return (id or word, name, number of events that possibly match), the most frequent first.

    Ids without events are included. An alias has its query as its name, a rate its value; both have no number.

    Raises:
        UsageError: If it is not in VOCABULARIES.
    """
    if vocabulary not in VOCABULARIES:
        known = ", ".join(VOCABULARIES)
        raise UsageError(f'no vocabulary "{vocabulary}"{Suggester(VOCABULARIES, 0.7)(vocabulary)}; there are {known}')
    if vocabulary == "aliases":
        return [(name, query, None) for name, query in selection.catalog.aliases()]
    if vocabulary == "rates":
        return [(rate.id, str(rate), None) for rate in selection.catalog.rates()]
    field = _FACETS[VOCABULARIES.index(vocabulary)]
    facet = FACETS[field]
    names, labels = selection.names.of_kind(facet.entity_kind), facet.labels(selection.resolver)
    counts: dict[str, int] = dict.fromkeys(names if vocabulary != "metrics" else selection.names.of_kind("metric"), 0)
    for (key,), _, (_, possible) in GroupedCounts(selection, [build_slices(field, selection.resolver)]).rows():
        counts[labels.get(key, key)] = possible
    return [(id, names.get(id), counts[id]) for id in sorted(counts, key=lambda id: (-counts[id], id))]
