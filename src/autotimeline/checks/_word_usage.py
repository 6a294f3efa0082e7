"""The words of a store that people choose: how often each is used, and where first."""

from __future__ import annotations

from autotimeline.quantities.quantity import unit_key
from autotimeline.reports.integrity import written
from autotimeline.text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from autotimeline.query.selection import Selection


class Use:
    """A word: how often it is used, and where first, in the order of dates; `event` is None where it is no event's."""

    __slots__ = ("event", "file", "line", "times", "word")

    def __init__(self, word: str, event: str | None, file: str, line: int) -> None:
        self.word = word
        self.event = event
        self.file = file
        self.line = line
        self.times = 0

    @property
    def told(self) -> str:
        """The word, and how often it is used."""
        return f'"{self.word}" ({self.times:,} time{"" if self.times == 1 else "s"})'


def words(everything: Selection) -> dict[str, dict[str, Use]]:
    """Return kinds, tags, roles, parts of places, metrics and units, each by word, in the order of dates."""
    found: dict[str, dict[str, Use]] = {}
    fields = ("id", "file", "line", "kind", "tags", "actors", "places", "figures", "sources")
    for id, file, line, kind, tags, actors, places, figures, sources in everything.rows(fields):
        stated = [*figures, *(figure for source in sources for figure in source["figures"])]
        chosen: dict[str, Iterable[str | None]] = {
            "kind": [kind],
            "tag": tags,
            "role": [actor["role"] for actor in actors],
            "place": [part.strip() for place in places for part in place.split(",")],
            "metric": [figure["metric"] for figure in stated],
            "unit": [singular(figure["unit"]) for figure in stated if figure["unit"]],
        }
        for what, several in chosen.items():
            known = found.setdefault(what, {})
            for word in dict.fromkeys(several):
                if word:
                    known.setdefault(word, Use(word, id, file, line)).times += 1
    return found


def singular(unit: str) -> str:
    """Return a unit without the s of its plural, in its own case."""
    parts = zip(unit.split("/"), unit_key(unit).split("/"), strict=True)
    return "/".join(part[: len(key)] if part.casefold().startswith(key.casefold()) else part for part, key in parts)


def ids(everything: Selection) -> dict[str, dict[str, Use]]:
    """Return the ids of events, actors, sources and eras by what they are of, and the names of actors, by word."""
    found: dict[str, dict[str, Use]] = {}
    for id, file, line in everything.rows(("id", "file", "line")):
        _take(found, "id of an event", Use(id, id, file, line))
    for kind, id, file, line, keys in written(everything, "actor", "source", "era"):
        _take(found, f"id of {'a' if kind == 'source' else 'an'} {kind}", Use(id, None, file, line))
        for name in called(keys) if kind == "actor" else ():
            _take(found, "name of an actor", Use(name, None, file, line))
    return found


def _take(found: dict[str, dict[str, Use]], what: str, use: Use) -> None:
    found.setdefault(what, {}).setdefault(use.word, use).times += 1


def called(actor: dict[str, Any]) -> Iterable[str]:
    """Return the name of an actor and its aliases, each once."""
    return dict.fromkeys((actor["name"], *actor.get("aliases", ())))


def key(what: str, word: str) -> str:
    """Return a word as questions compare it."""
    known = unit_key(word) if what == "unit" else word
    # The case that `unit_key` leaves tells two units apart.
    return known if what == "unit" and known != known.casefold() else fold(known)
