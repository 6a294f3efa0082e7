"""Random queries for a store: every field, with `not`, commas, and parentheses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.query.fields import QUERY_FIELDS, STATES
from autotimeline.schema import LINK_TYPES, STATUSES

if TYPE_CHECKING:
    from random import Random

    from autotimeline.api import Timeline

_WINDOWS = [
    "{y}",
    "{y}-{m:02}",
    "{y}-{m:02}-{d:02}",
    "{y}Q{q}",
    "{y}h{h}",
    "{y}..{z}",
    "..{y}-{m:02}",
    "{y}..",
    "after-{y}",
    "before-{y}Q{q}",
    "since-{y}",
    "until-{y}-{m:02}",
    "in-{y}",
    "by-{y}",
    "from-{y}h{h}",
]
_OUT_OF_REACH = ("last-year", "today", "-18m", "{y}~", "may-{y}", "[{y},{z}]")
_FIXED_WORDS = [
    "the",
    "in",
    "bat",
    "零部",
    "Citroen",
    "x408",
    "3.5",
    "kind",
    "no-such",
    "joint-venture",
    "stellantis",
    "2m",
    "last",
    "next",
    "of",
]


class QueryMaker:
    """Makes queries out of the words of a store."""

    def __init__(self, timeline: Timeline, chance: Random) -> None:
        catalog = timeline.select().catalog
        self.chance = chance
        self.values = {field: catalog.completion_values(field) for field in QUERY_FIELDS}
        self.values["era"] = self.values["era"] or ["none"]
        events = list(timeline.select().events())
        self.ids = [event.id for event in events]
        self.titles = [event.title for event in events]
        self.actors = [*self.values["actor"], *timeline.select().names.of_kind("actor").values()]
        self.sources = [*self.values["source"], *timeline.select().names.of_kind("source").values()]
        self.years = [str(event.date.within[0] // 365) for event in events if event.date and event.date.within[0] > 0]
        self.aliases = [f":{name}" for name, _ in catalog.aliases()] or ["kind:x"]

    def pick(self, field: str) -> str:
        return self.chance.choice(self.values[field] or ["none"])

    def window(self, *, odd: float = 0.04) -> str:
        year = int(self.chance.choice(self.years)) + self.chance.choice((-1, 0, 0, 1))
        templates = _OUT_OF_REACH if self.chance.random() < odd else _WINDOWS
        m, d, h = self.chance.randint(1, 12), self.chance.randint(1, 28), self.chance.randint(1, 2)
        word = self.chance.choice([*templates, *(self.values["era"] if odd else ())] if odd else templates)
        return word.format(y=f"{year:04}", z=f"{year + self.chance.randint(0, 4):04}", m=m, d=d, q=(m + 2) // 3, h=h)

    def value(self, field: str) -> str:
        chance = self.chance
        if field in ("text", "title"):
            words = chance.choice(self.titles).split()
            at = chance.randrange(len(words))
            phrase = " ".join(words[at : at + chance.choice((1, 1, 2))])
            return phrase[: chance.choice((3, 5, 99))].strip("(") or "the"
        if field in ("date", "since", "until", "known"):
            return self.window()
        if field in ("near", "around"):
            return f"@{chance.choice(self.ids)}/90d"
        if field in ("actor", "group"):
            role = f"@{self.pick('role')}" if chance.random() < 0.3 else ""
            return chance.choice(self.actors) + role
        if field == "source":
            return chance.choice(self.sources)
        if field == "link":
            type, id = chance.choice(LINK_TYPES), chance.choice(self.ids)
            return chance.choice((type, f"@{id}", f"{type}@{id}"))
        if field == "id":
            return chance.choice(self.ids)
        if field in ("is", "status"):
            return chance.choice(STATES if field == "is" else STATUSES)
        return chance.choice((str, str.upper, str.title))(self.pick(field))

    def term(self) -> str:
        kind = self.chance.random()
        if kind < 0.08:
            return self.chance.choice(self.aliases)
        if kind < 0.16:
            return self.window(odd=0) if self.chance.random() < 0.6 else self.chance.choice(_FIXED_WORDS)
        if kind < 0.17:
            return f"{self.pick('metric')}:1bn.."
        if kind < 0.22:
            return (
                f"date{self.chance.choice(('>', '<', '>=', '<='))}{self.window(odd=0).strip('.').split('..')[0][-4:]}"
            )
        rare = ("near", "around")
        fields = [field for field in QUERY_FIELDS if field not in rare or self.chance.random() < 0.1]
        field = self.chance.choice(fields)
        values = [self.value(field) for _ in range(self.chance.choice((1, 1, 1, 2)))]
        if field in ("text", "title", "source", "place") or any("," in value for value in values):
            values = values[:1]
        value = ",".join(values).replace("\\", "").replace('"', "")
        return f'{field}:"{value}"' if any(c in value for c in " ()") else f"{field}:{value}"

    def query(self, depth: int = 0) -> str:
        parts = []
        for _ in range(self.chance.choice((1, 1, 2, 2, 3))):
            part = f"({self.query(depth + 1)})" if depth < 2 and self.chance.random() < 0.15 else self.term()
            parts.append(f"not {part}" if self.chance.random() < 0.25 else part)
        return self.chance.choice((" ", " ", " or ", " and ")).join(parts)
