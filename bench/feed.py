"""The events on which tools are compared: of an exact day, one actor and one amount, which all tools can keep.

The same size and seed give the same events. They come in about the order of their dates, as people keep a file;
their ids are numbered in the order of the file.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from generate import KINDS, METRICS, PLACES, SEED, SENTENCES, actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIRST, LAST = date(2002, 1, 1), date(2024, 12, 31)
# So many days an event may stand before or behind where its date belongs.
OUT_OF_ORDER = 120
# What is asked for: a year, the busiest actor, and a word that is in the titles of one kind of event.
YEAR, ACTOR, WORD = "2019", actor(0)[0], "tariffs"
QUESTIONS = ("a year's list", "actor and word", "count by year", "everything as CSV")
UNITS = {kind: METRICS[metrics[0]] for kind, (_, _, metrics) in KINDS.items() if metrics}


class Event(NamedTuple):
    """One event, all of it text: `date` an ISO day, `actor` an id, `amount` a whole number above zero."""

    id: str
    date: str
    kind: str
    actor: str
    amount: str
    unit: str
    title: str
    note: str


def actors(size: int) -> int:
    """Return how many actors there are in that many events."""
    return 10 + size // 40


def events(size: int, seed: int = SEED) -> Iterator[Event]:
    """Yield the events, as they are made."""
    rng = Random(seed)  # noqa: S311  # made-up news is no secret
    kinds, among = tuple(KINDS), actors(size)
    for number in range(size):
        day = FIRST + (LAST - FIRST) * ((number + rng.random()) / size)
        day += timedelta(days=rng.randint(-OUT_OF_ORDER, OUT_OF_ORDER))
        kind, place = rng.choice(kinds), rng.choice(PLACES).split(",")[0]
        # Few actors are in most of the news.
        first, second = int(among * rng.random() ** 2), rng.randrange(among)
        (id, one), (_, other) = actor(first), actor(second)
        unit, _, power = UNITS.get(kind, ("EUR", 0, 6))
        yield Event(
            id=f"event-{number + 1:07}",
            date=min(max(day, FIRST), LAST).isoformat(),
            kind=kind,
            actor=id,
            amount=str(rng.randint(10, 95) * 10 ** rng.randint(0, min(power, 8) - 1)),
            unit=unit.partition("/")[0],
            title=KINDS[kind][0].format(a=one["name"], b=other["name"], p=place),
            note=" ".join(rng.sample(SENTENCES, rng.choice((1, 2, 3)))),
        )


def answers(found: Iterable[Event]) -> dict[str, list[tuple[str, ...]]]:
    """Return the rows that answer each question: lists by date and then by id, all events in order of their ids."""
    everything = list(found)
    counts: dict[str, int] = {}
    for event in everything:
        counts[event.date[:4]] = counts.get(event.date[:4], 0) + 1
    ordered = sorted(everything, key=lambda event: (event.date, event.id))
    return {
        "a year's list": [(e.id, e.date, e.title) for e in ordered if e.date.startswith(YEAR)],
        "actor and word": [(e.id, e.date, e.title) for e in ordered if e.actor == ACTOR and WORD in e.title],
        "count by year": [(year, str(counts[year])) for year in sorted(counts)],
        "everything as CSV": [tuple(event) for event in everything],
    }
