"""The words of a store that people choose: how often each is used, and where first."""

from __future__ import annotations

from autotimeline.quantities.quantity import unit_key
from autotimeline.reports.integrity import read_bodies
from autotimeline.text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from autotimeline.query.selection import Selection


class WordUse:
    """A word: how often it is used, and where first, in the order of dates; `event` is None where it is no event's."""

    __slots__ = ("count", "event", "file", "line", "word")

    def __init__(self, word: str, event: str | None, file: str, line: int) -> None:
        self.word = word
        self.event = event
        self.file = file
        self.line = line
        self.count = 0

    @property
    def description(self) -> str:
        """The word, and how often it is used."""
        return f'"{self.word}" ({self.count:,} time{"" if self.count == 1 else "s"})'


def collect_words(everything: Selection) -> dict[str, dict[str, WordUse]]:
    """Return kinds, tags, roles, parts of places, metrics and units, each by word, in the order of dates."""
    result: dict[str, dict[str, WordUse]] = {}
    fields = ("id", "file", "line", "kind", "tags", "actors", "places", "figures", "sources")
    for id, file, line, kind, tags, actors, places, figures, sources in everything.rows(fields):
        all_figures = [*figures, *(figure for source in sources for figure in source["figures"])]
        words_by_category: dict[str, Iterable[str | None]] = {
            "kind": [kind],
            "tag": tags,
            "role": [actor["role"] for actor in actors],
            "place": [part.strip() for place in places for part in place.split(",")],
            "metric": [figure["metric"] for figure in all_figures],
            "unit": [singular_unit(figure["unit"]) for figure in all_figures if figure["unit"]],
        }
        for category, category_words in words_by_category.items():
            uses = result.setdefault(category, {})
            for word in dict.fromkeys(category_words):
                if word:
                    uses.setdefault(word, WordUse(word, id, file, line)).count += 1
    return result


def singular_unit(unit: str) -> str:
    """Return a unit without the s of its plural, in its own case."""
    parts = zip(unit.split("/"), unit_key(unit).split("/"), strict=True)
    return "/".join(part[: len(key)] if part.casefold().startswith(key.casefold()) else part for part, key in parts)


def collect_ids(everything: Selection) -> dict[str, dict[str, WordUse]]:
    """Return the ids of events, actors, sources and eras by what they are of, and the names of actors, by word."""
    result: dict[str, dict[str, WordUse]] = {}
    for id, file, line in everything.rows(("id", "file", "line")):
        _count_use(result, "id of an event", WordUse(id, id, file, line))
    for kind, id, file, line, keys in read_bodies(everything, "actor", "source", "era"):
        _count_use(result, f"id of {'a' if kind == 'source' else 'an'} {kind}", WordUse(id, None, file, line))
        for name in actor_names(keys) if kind == "actor" else ():
            _count_use(result, "name of an actor", WordUse(name, None, file, line))
    return result


def _count_use(result: dict[str, dict[str, WordUse]], category: str, use: WordUse) -> None:
    result.setdefault(category, {}).setdefault(use.word, use).count += 1


def actor_names(actor: dict[str, Any]) -> Iterable[str]:
    """Return the name of an actor and its aliases, each once."""
    return dict.fromkeys((actor["name"], *actor.get("aliases", ())))


def comparison_key(category: str, word: str) -> str:
    """Return a word as questions compare it."""
    normalized = unit_key(word) if category == "unit" else word
    # The case that `unit_key` leaves tells two units apart.
    return normalized if category == "unit" and normalized != normalized.casefold() else fold(normalized)
