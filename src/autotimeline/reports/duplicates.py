"""Likely twins: two events that may be one, told twice.

Their dates can be those of one event, they share an actor and are not in different places, neither is linked to the
other, and their titles are the same, or alike with no other actor on either side, or they state the same amount. That
is likely, never certain.
"""

from __future__ import annotations

from collections import deque

from autotimeline.dates.span import END
from autotimeline.query.columns import EVENT_TABLES
from autotimeline.query.conditions import date_in
from autotimeline.reports.figures import with_repeated_events
from autotimeline.text import fold, search_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.model import Event
    from autotimeline.query.selection import Selection

    # Metric and unit; the least and the most, and the amount as people see it.
    Amounts = dict[tuple[str, str], tuple[Decimal, Decimal, str]]

_KEY_FIELDS = (
    *("id", "title", "actors", "places", "figures", "links", "repeating"),
    *("extent", "outer_first", "outer_last", "start_first", "start_last", "end_first", "end_last"),
)
# How many of the events before are compared that share an actor and a word, or an amount: the last so many.
_MAX_COMPARED = 25
# How much of the words of two titles has to be the same (Dice's coefficient), and how far an amount may be open.
_MIN_SIMILARITY = 0.6
_MAX_SPREAD = 2


class DuplicateKey:
    """What tells an event from others: its id, who takes part, where and when, what it is called, the amounts in it."""

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
        # The parts of its places: where one is told as a city and one as its country, they may be one.
        self.places = {fold(part) for place in places for part in place.split(",")}
        self.amounts = amounts
        self.links = links
        # The bounds of when it is, of a period those of its start; and of its end. The undated can be at one time.
        self.start_range = start_range
        self.start = span[:2] if span else start_range or (END, END)
        self.end = span[2:] if span else None


def find_duplicates(selection: Selection, event: Event, others: Iterable[DuplicateKey] = ()) -> list[tuple[str, str]]:
    """Return (id, why) of each event of the selection that may be this one, in the order of their dates.

    Behind them are `others`, which `told` has of events that are in no store yet.

    The event need not be in the store; one of its id is itself. The cost is that of the events near its date that
    have an actor of it.
    """
    key = duplicate_key(selection, event)
    where, parameters = selection.where()
    placeholders = ", ".join("?" * len(key.actors))
    participant_sql = (
        f"SELECT event FROM participant WHERE actor IN ({placeholders})"
        if key.actors
        else "SELECT event FROM participant"
    )
    actor_sql, actors = f"e.number {'IN' if key.actors else 'NOT IN'} ({participant_sql})", sorted(key.actors)
    date_sql, bounds = (
        date_in((*key.start_range, *key.start_range)).possible if key.start_range else ("e.date IS NULL", ())
    )
    cells, cell_parameters, decoders = selection.cells_sql(_KEY_FIELDS)
    sql = (
        f"SELECT {cells} FROM {EVENT_TABLES} WHERE ({where}) AND e.id <> ? AND {actor_sql} AND {date_sql}"
        " ORDER BY e.sort_day, e.sort_tiebreak, e.id"
    )
    rows = selection.db.execute(sql, [*cell_parameters, *parameters, key.id, *actors, *bounds])
    candidates = [*(_key_of_row(row) for row in selection.decode_rows(rows, decoders)), *others]
    actor_ids = {actor for each in (key, *candidates) for actor in each.actors}
    name_words = _actor_name_words(selection, actor_ids) if actor_ids else {}
    return [(other.id, why) for other in candidates if (why := _duplicate_reason(key, other, name_words))]


def find_duplicate_pairs(selection: Selection) -> Iterator[tuple[str, str, str]]:
    """Yield (id, id of one before it, why) of the likely twins of a selection, in the order of their dates.

    An event is compared with the last 25 before it that share an actor and either a word of the title or the metric
    and unit of an amount: as many steps as there are events. Of the undated ones each may be any other.
    """
    name_words = _actor_name_words(selection)
    seen: dict[tuple[object, ...], deque[DuplicateKey]] = {}
    for row in selection.rows(_KEY_FIELDS):
        current = _key_of_row(row)
        candidates: dict[str, DuplicateKey] = {}
        for key in _bucket_keys(current, name_words):
            earlier = seen.setdefault((current.start_range is None, *key), deque(maxlen=_MAX_COMPARED))
            candidates.update({other.id: other for other in earlier if other.start[1] >= current.start[0]})
            earlier.append(current)
        for id in sorted(candidates):
            if id != current.id and (reason := _duplicate_reason(current, candidates[id], name_words)):
                yield current.id, id, reason


def _bucket_keys(event_key: DuplicateKey, name_words: Mapping[str, frozenset[str]]) -> Iterator[tuple[object, ...]]:
    """Yield what two events have in common, some of it, that can be twins."""
    if not event_key.actors:
        yield (event_key.title_words,)
    distinctive = event_key.title_words - _words_of_actors(event_key.actors, name_words)
    for actor in event_key.actors:
        for word in distinctive or event_key.title_words:
            yield actor, word
        for amount in event_key.amounts:
            yield actor, *amount


def _duplicate_reason(first: DuplicateKey, second: DuplicateKey, name_words: Mapping[str, frozenset[str]]) -> str:
    """Return in what two events are alike that may be one, nothing where they are two."""
    if second.id in first.links or first.id in second.links or not _dates_compatible(first, second):
        return ""
    if not (first.actors or second.actors):
        return "the same title" if first.title_words == second.title_words else ""
    if not first.actors & second.actors or (first.places and second.places and not first.places & second.places):
        return ""
    if first.title_words == second.title_words:
        return "the same title"
    # Who did the same with somebody else did something else.
    if first.actors <= second.actors or second.actors <= first.actors:
        actor_words = _words_of_actors(first.actors | second.actors, name_words)
        if _titles_similar(first.title_words - actor_words, second.title_words - actor_words):
            return "a similar title"
    for key, (low, high, shown) in first.amounts.items():
        if (other_amount := second.amounts.get(key)) and low <= other_amount[1] and other_amount[0] <= high:
            return f"the same {key[0]}, {shown}"
    return ""


def _dates_compatible(first: DuplicateKey, second: DuplicateKey) -> bool:
    """Tell whether the dates can be those of one event; what is a day here and a period there began on that day."""
    (first_low, first_high), (second_low, second_high) = first.start, second.start
    if (
        first_low > second_high
        or second_low > first_high
        or (first.start_range is None) is not (second.start_range is None)
    ):
        return False
    return not (first.end and second.end) or (first.end[0] <= second.end[1] and second.end[0] <= first.end[1])


def _titles_similar(first: frozenset[str], second: frozenset[str]) -> bool:
    first_numbers, second_numbers = ({word for word in title if word[0].isdigit()} for title in (first, second))
    # The 408 is not the 308, but one of the two titles may leave it out.
    if not (first_numbers <= second_numbers or second_numbers <= first_numbers):
        return False
    shared = len(first & second)
    return shared > 1 and 2 * shared >= _MIN_SIMILARITY * (len(first) + len(second))


def _stem(word: str) -> str:
    return word[:6].rstrip("s") if len(word) > 3 else word


def _words_of_actors(actors: Collection[str], name_words: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(name_words[actor] for actor in actors if actor in name_words))


def _actor_name_words(selection: Selection, actors: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """Return the words in the names and aliases of these actors, or of all, by id: in a title they tell nothing."""
    sql = "SELECT actor, words FROM actor_name"
    words_by_actor: dict[str, set[str]] = {}
    for actor_id in sorted(actors) or (None,):
        rows = selection.db.execute(f"{sql} WHERE actor = ?", (actor_id,)) if actor_id else selection.db.execute(sql)
        for actor, actor_words in rows:
            words_by_actor.setdefault(actor, set()).update(map(_stem, actor_words.split()))
    return {actor: frozenset(called) for actor, called in words_by_actor.items()}


def _key_of_row(row: Sequence[Any]) -> DuplicateKey:
    id, title, actors, places, figures, links, repeating, extent, low, high, *span = row
    amounts = [
        (figure["metric"], figure["unit"], figure["low"], figure["high"], figure["text"])
        # What is repeated from another event is the same of old.
        for figure, repeats in with_repeated_events(figures, repeating)
        if not repeats
    ]
    return DuplicateKey(
        id,
        {actor["id"] for actor in actors},
        title,
        places,
        _comparable_amounts(amounts),
        {link["event"] for link in links},
        None if low is None else (low, high),
        (span[0], span[1], span[2], span[3]) if extent == "throughout" else None,
    )


def duplicate_key(selection: Selection, event: Event) -> DuplicateKey:
    """Return what tells an event from others that is in no store yet."""
    from autotimeline import knowledge

    sources = {c.source: source for c in event.citations if (source := selection.catalog.source(c.source))}
    amounts = [
        (figure.metric, "/".join(filter(None, (q.unit, q.per))), q.low, q.high, q.shown)
        for figure in event.figures
        if (q := figure.quantity) and not figure.repeats
    ]
    return DuplicateKey(
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
    """Return the amounts among figures: shares and bare numbers are the same too often, and so are open bounds."""
    from autotimeline.quantities.quantity import unit_key

    return {
        (metric, unit_key(unit)): (low, high, shown)
        for metric, unit, low, high, shown in figures
        if unit and not unit.startswith("%") and low is not None and high is not None and 0 < high < low * _MAX_SPREAD
    }
