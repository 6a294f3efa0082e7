"""The freely chosen words of a store, with the number of uses and the first use of each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from autotimeline.quantities.quantity import unit_key
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import read_bodies
from autotimeline.text import fold


@dataclass(slots=True)
class WordUse:
    """A word, its first use in date order, and its number of uses; `event` is None outside events."""

    word: str
    event: str | None
    file: str
    line: int
    count: int = 0

    @property
    def description(self) -> str:
        """The word with its number of uses."""
        return f'"{self.word}" ({self.count:,} time{"" if self.count == 1 else "s"})'


def collect_words(everything: Selection) -> dict[str, dict[str, WordUse]]:
    """Return kinds, tags, roles, parts of places, metrics, and units by category and word, in date order."""
    result: dict[str, dict[str, WordUse]] = {}
    fields = ("id", "file", "line", "kind", "tags", "participants", "places", "figures", "claiming")
    for id, file, line, kind, tags, actors, places, figures, citations in everything.rows(fields):
        all_figures = [*figures, *(figure for citation in citations for figure in citation["figures"])]
        words_by_category: dict[str, Iterable[str | None]] = {
            "kind": (kind,),
            "tag": tags,
            "role": {role: None for _, role in actors},
            "place": {part.strip(): None for place in places for part in place.split(",")},
            "metric": {figure["metric"]: None for figure in all_figures},
            "unit": {singular_unit(figure["unit"]): None for figure in all_figures if figure["unit"]},
        }
        for category, words in words_by_category.items():
            uses = result.setdefault(category, {})
            for word in words:
                if word in uses:
                    uses[word].count += 1
                elif word:
                    uses[word] = WordUse(word, id, file, line, 1)
    return result


def singular_unit(unit: str) -> str:
    """Return a unit without the s of its plural; the case remains."""
    parts = zip(unit.split("/"), unit_key(unit).split("/"), strict=True)
    return "/".join(part[: len(key)] if part.casefold().startswith(key.casefold()) else part for part, key in parts)


def collect_ids(everything: Selection) -> dict[str, dict[str, WordUse]]:
    """Return the ids, and the names of actors, by category and word."""
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
    """Return the distinct names and aliases of an actor."""
    return dict.fromkeys((actor["name"], *actor.get("aliases", ())))


def merge_spellings(category: str, uses: dict[str, WordUse]) -> dict[str, WordUse]:
    """Return one use per word, by its comparison key: its first spelling in alphabetical order, and all its uses."""
    result: dict[str, WordUse] = {}
    for word, use in uses.items():
        merged = result.setdefault(comparison_key(category, word), replace(use, count=0))
        merged.word, merged.count = min(merged.word, word), merged.count + use.count
    return result


def comparison_key(category: str, word: str) -> str:
    """Return a word in the form that queries compare."""
    if category != "unit":
        return fold(word)
    # The case that `unit_key` leaves distinguishes units.
    unit = unit_key(word)
    return unit if unit != unit.casefold() else fold(unit)
