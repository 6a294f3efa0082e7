"""Likely duplicates: pairs of events that may be one event entered twice.

Their dates are compatible, they share an actor, their places do not differ, they are not linked, and they have the same
title, or similar titles without an actor that only one of them has, or the same amount.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from autotimeline import knowledge
from autotimeline.dates.span import END
from autotimeline.model import Event
from autotimeline.quantities.quantity import unit_key
from autotimeline.query.columns import EVENT_TABLES, ID_ORDER_SQL
from autotimeline.query.predicates import Sql, and_, compose, date_in, param, values
from autotimeline.query.selection import Selection
from autotimeline.reports.repeated_figures import with_repeated_events
from autotimeline.text import fold, search_words

# By metric and unit: the lower bound, the upper bound, and the text of an amount.
Amounts = dict[tuple[str, str], tuple[Decimal, Decimal, str]]

_TRAIT_FIELDS = (
    *("id", "title", "actors", "places", "figures", "links", "repeating"),
    *("extent", "outer_first", "outer_last", "start_first", "start_last", "end_first", "end_last"),
)
_MAX_COMPARED = 25  # previous events that share an actor and a word, or an amount
_MIN_SIMILARITY = 0.6  # of the words of two titles (Dice's coefficient)
_MAX_SPREAD = 2  # of the upper to the lower bound of an amount


class EventTraits:
    """The properties by which duplicates are detected: actors, title, places, amounts, links, and dates of an event."""

    __slots__ = ("actors", "amounts", "end", "id", "links", "places", "start", "start_range", "title_words")

    def __init__(
        self,
        id: str,
        actors: Collection[str],
        title: str,
        places: Collection[str],
        amounts: Amounts,
        links: Collection[str],
        start_range: tuple[int, int] | None,
        span: tuple[int, int, int, int] | None,
    ) -> None:
        self.id = id
        self.actors = frozenset(actors)
        self.title_words = frozenset(map(_stem, search_words(title).split()))
        # A city and its country may be the same place, so that the parts of places are compared.
        self.places = {fold(part) for place in places for part in place.split(",")}
        self.amounts = amounts
        self.links = links
        # Bounds of the start, and of the end of a period. An undated event matches only other undated events.
        self.start_range = start_range
        self.start = span[:2] if span else start_range or (END, END)
        self.end = span[2:] if span else None


def find_duplicates(selection: Selection, event: Event, others: Iterable[EventTraits] = ()) -> list[tuple[str, str]]:
    """Return (id, reason) of the likely duplicates of an event, first in the selection by date, then in `others`.

    The event need not be in the store; an event with the same id is not a duplicate. Only events near its date with
    one of its actors are read.
    """
    traits = event_traits(selection, event)
    actors = sorted(traits.actors)
    has_actor = Sql("e.number NOT IN (SELECT event FROM participant)")
    if actors:
        has_actor = compose("e.number IN (SELECT event FROM participant WHERE actor IN {})", values(actors))
    dates = (*traits.start_range, *traits.start_range) if traits.start_range else None
    is_near = date_in(dates).possible if dates else Sql("e.date IS NULL")
    cells, decoders = selection.cells(_TRAIT_FIELDS)
    is_other = compose("e.id <> {}", param(traits.id))
    statement = compose(
        f"SELECT {{}} FROM {EVENT_TABLES} WHERE {{}} ORDER BY {ID_ORDER_SQL}",
        cells,
        and_(selection.where(), is_other, has_actor, is_near),
    )
    rows = statement.execute(selection.db)
    candidates = [*(_traits_of_row(row) for row in selection.decode_rows(rows, decoders)), *others]
    actor_ids = {actor for each in (traits, *candidates) for actor in each.actors}
    name_words = _actor_name_words(selection, actor_ids) if actor_ids else {}
    return [(other.id, reason) for other in candidates if (reason := _duplicate_reason(traits, other, name_words))]


def find_duplicate_pairs(selection: Selection) -> Iterator[tuple[str, str, str]]:
    """Yield (id, id of an earlier event, reason) of the likely duplicates in a selection, in the order of dates.

    For linear cost, an event is compared with the last 25 before it that share an actor and either a word of the title
    or the metric and unit of an amount.
    """
    name_words = _actor_name_words(selection)
    seen: dict[tuple[object, ...], deque[EventTraits]] = {}
    for row in selection.rows(_TRAIT_FIELDS, order=ID_ORDER_SQL):
        current = _traits_of_row(row)
        candidates: dict[str, EventTraits] = {}
        for key in _bucket_keys(current, name_words):
            earlier = seen.setdefault((current.start_range is None, *key), deque(maxlen=_MAX_COMPARED))
            candidates.update({other.id: other for other in earlier if other.start[1] >= current.start[0]})
            earlier.append(current)
        for id in sorted(candidates):
            if id != current.id and (reason := _duplicate_reason(current, candidates[id], name_words)):
                yield current.id, id, reason


def _bucket_keys(traits: EventTraits, name_words: Mapping[str, frozenset[str]]) -> Iterator[tuple[object, ...]]:
    """Yield the keys of which duplicates share at least one."""
    if not traits.actors:
        yield (traits.title_words,)
    distinctive = traits.title_words - _words_of_actors(traits.actors, name_words)
    for actor in traits.actors:
        for word in distinctive or traits.title_words:
            yield actor, word
        for amount in traits.amounts:
            yield actor, *amount


def _duplicate_reason(first: EventTraits, second: EventTraits, name_words: Mapping[str, frozenset[str]]) -> str:
    """Return what two events have in common if they may be one, or ""."""
    if second.id in first.links or first.id in second.links or not _dates_compatible(first, second):
        return ""
    if not (first.actors or second.actors):
        return "the same title" if first.title_words == second.title_words else ""
    if not first.actors & second.actors or (first.places and second.places and not first.places & second.places):
        return ""
    if first.title_words == second.title_words:
        return "the same title"
    # The same deal with another actor is another deal.
    if first.actors <= second.actors or second.actors <= first.actors:
        actor_words = _words_of_actors(first.actors | second.actors, name_words)
        if _titles_similar(first.title_words - actor_words, second.title_words - actor_words):
            return "a similar title"
    for key, (low, high, shown) in first.amounts.items():
        if (other_amount := second.amounts.get(key)) and low <= other_amount[1] and other_amount[0] <= high:
            return f"the same {key[0]}, {shown}"
    return ""


def _dates_compatible(first: EventTraits, second: EventTraits) -> bool:
    """Return whether the dates may be those of one event; undated events match only each other.

    A single day may be the start of a period.
    """
    (first_low, first_high), (second_low, second_high) = first.start, second.start
    is_one_undated = (first.start_range is None) is not (second.start_range is None)
    if first_low > second_high or second_low > first_high or is_one_undated:
        return False
    return not (first.end and second.end) or (first.end[0] <= second.end[1] and second.end[0] <= first.end[1])


def _titles_similar(first: frozenset[str], second: frozenset[str]) -> bool:
    first_numbers, second_numbers = ({word for word in title if word[0].isdigit()} for title in (first, second))
    # The 408 is not the 308, but a title may omit the number.
    if not (first_numbers <= second_numbers or second_numbers <= first_numbers):
        return False
    shared = len(first & second)
    return shared > 1 and 2 * shared >= _MIN_SIMILARITY * (len(first) + len(second))


def _stem(word: str) -> str:
    return word[:6].rstrip("s") if len(word) > 3 else word


def _words_of_actors(actors: Collection[str], name_words: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(name_words[actor] for actor in actors if actor in name_words))


def _actor_name_words(selection: Selection, actors: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """Return the words in the names and aliases of these actors, or of all if empty, by id."""
    sql = "SELECT actor, words FROM actor_name"
    words_by_actor: dict[str, set[str]] = {}
    for actor_id in sorted(actors) or (None,):
        rows = selection.db.execute(f"{sql} WHERE actor = ?", (actor_id,)) if actor_id else selection.db.execute(sql)
        for actor, actor_words in rows:
            words_by_actor.setdefault(actor, set()).update(map(_stem, actor_words.split()))
    return {actor: frozenset(words) for actor, words in words_by_actor.items()}


def _traits_of_row(row: Sequence[Any]) -> EventTraits:
    id, title, actors, places, figures, links, repeating, extent, low, high, *span = row
    amounts = [
        (figure["metric"], figure["unit"], figure["low"], figure["high"], figure["text"])
        # A repeated number does not tell events apart.
        for figure, repeats in with_repeated_events(figures, repeating)
        if not repeats
    ]
    return EventTraits(
        id,
        {actor["id"] for actor in actors},
        title,
        places,
        _comparable_amounts(amounts),
        {link["event"] for link in links},
        None if low is None else (low, high),
        (span[0], span[1], span[2], span[3]) if extent == "throughout" else None,
    )


def event_traits(selection: Selection, event: Event) -> EventTraits:
    """Return the traits of an event that may be new, and so not in the index."""
    sources = {c.source: source for c in event.citations if (source := selection.catalog.source(c.source))}
    amounts = [
        (figure.metric, "/".join(filter(None, (q.unit, q.per))), q.low, q.high, q.shown)
        for figure in event.figures
        if (q := figure.quantity) and not figure.repeats
    ]
    return EventTraits(
        event.id,
        {participant.actor for participant in event.actors},
        event.title,
        event.places,
        _comparable_amounts(amounts),
        {link.event for link in event.links},
        knowledge.event_bounds(event, knowledge.known_since(event, sources)),
        event.date.throughout if event.date and event.throughout else None,
    )


def _comparable_amounts(figures: Sequence[tuple[str, str | None, Decimal | None, Decimal | None, str]]) -> Amounts:
    """Return the distinctive amounts among figures: not percentages, bare numbers, or wide ranges."""
    return {
        (metric, unit_key(unit)): (low, high, shown)
        for metric, unit, low, high, shown in figures
        if unit and not unit.startswith("%") and low is not None and high is not None and 0 < high < low * _MAX_SPREAD
    }
