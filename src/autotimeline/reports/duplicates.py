"""Likely twins: two events that may be one, told twice.

Their dates can be those of one event, they share an actor and are not in different places, neither is linked to the
other, and their titles are the same, or alike with no other actor on either side, or they state the same amount. That
is likely, never certain.
"""

from __future__ import annotations

from collections import deque

from autotimeline.dates.span import END
from autotimeline.query.columns import ROWS
from autotimeline.query.conditions import dated
from autotimeline.reports.figures import repeated
from autotimeline.text import fold, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from autotimeline.model import Event
    from autotimeline.query.selection import Selection

    # Metric and unit; the least and the most, and the amount as people see it.
    Amounts = dict[tuple[str, str], tuple[Decimal, Decimal, str]]

_FIELDS = (
    *("id", "title", "actors", "places", "figures", "links", "repeating"),
    *("extent", "outer_lo", "outer_hi", "start_lo", "start_hi", "end_lo", "end_hi"),
)
# How many of the events before are compared that share an actor and a word, or an amount: the last so many.
_BEFORE = 25
# How much of the words of two titles has to be the same (Dice's coefficient), and how far an amount may be open.
_ALIKE = 0.6
_NARROW = 2


class Told:
    """What tells an event from others: its id, who takes part, where and when, what it is called, the amounts in it."""

    __slots__ = ("actors", "amounts", "begun", "ended", "id", "links", "places", "reach", "title")

    def __init__(
        self,
        id: str,
        actors: Collection[str],
        title: str,
        places: Collection[str],
        amounts: Amounts,
        links: Collection[str],
        reach: tuple[int, int] | None,
        span: tuple[int, int, int, int] | None,
    ) -> None:
        self.id = id
        self.actors = frozenset(actors)
        self.title = frozenset(map(_stem, words(title).split()))
        # The parts of its places: where one is told as a city and one as its country, they may be one.
        self.places = {fold(part) for place in places for part in place.split(",")}
        self.amounts = amounts
        self.links = links
        # The bounds of when it is, of a period those of its start; and of its end. The undated can be at one time.
        self.reach = reach
        self.begun = span[:2] if span else reach or (END, END)
        self.ended = span[2:] if span else None


def twins(selection: Selection, event: Event, others: Iterable[Told] = ()) -> list[tuple[str, str]]:
    """Return (id, why) of each event of the selection that may be this one, in the order of their dates.

    Behind them are `others`, which `told` has of events that are in no store yet.

    The event need not be in the store; one of its id is itself. The cost is that of the events near its date that
    have an actor of it.
    """
    one = told(selection, event)
    where, parameters = selection.condition()
    marks = ", ".join("?" * len(one.actors))
    who = f"SELECT event FROM party WHERE actor IN ({marks})" if one.actors else "SELECT event FROM party"
    cast, actors = f"e.n {'IN' if one.actors else 'NOT IN'} ({who})", sorted(one.actors)
    when, bounds = dated((*one.reach, *one.reach)).may if one.reach else ("e.date IS NULL", ())
    cells, before, decoders = selection.cells(_FIELDS)
    sql = f"SELECT {cells} FROM {ROWS} WHERE ({where}) AND e.id <> ? AND {cast} AND {when} ORDER BY e.o1, e.o2, e.id"
    rows = selection.db.execute(sql, [*before, *parameters, one.id, *actors, *bounds])
    near = [*(_of(row) for row in selection._decoded(rows, decoders)), *others]
    called = {actor for each in (one, *near) for actor in each.actors}
    names = _names(selection, called) if called else {}
    return [(other.id, why) for other in near if (why := _why(one, other, names))]


def pairs(selection: Selection) -> Iterator[tuple[str, str, str]]:
    """Yield (id, id of one before it, why) of the likely twins of a selection, in the order of their dates.

    An event is compared with the last 25 before it that share an actor and either a word of the title or the metric
    and unit of an amount: as many steps as there are events. Of the undated ones each may be any other.
    """
    names = _names(selection)
    seen: dict[tuple[object, ...], deque[Told]] = {}
    for row in selection.rows(_FIELDS):
        one = _of(row)
        near: dict[str, Told] = {}
        for key in _keys(one, names):
            before = seen.setdefault((one.reach is None, *key), deque(maxlen=_BEFORE))
            near.update({other.id: other for other in before if other.begun[1] >= one.begun[0]})
            before.append(one)
        for id in sorted(near):
            if id != one.id and (why := _why(one, near[id], names)):
                yield one.id, id, why


def _keys(told: Told, names: Mapping[str, frozenset[str]]) -> Iterator[tuple[object, ...]]:
    """Yield what two events have in common, some of it, that can be twins."""
    if not told.actors:
        yield (told.title,)
    own = told.title - _called(told.actors, names)
    for actor in told.actors:
        for word in own or told.title:
            yield actor, word
        for amount in told.amounts:
            yield actor, *amount


def _why(one: Told, other: Told, names: Mapping[str, frozenset[str]]) -> str:
    """Return in what two events are alike that may be one, nothing where they are two."""
    if other.id in one.links or one.id in other.links or not _at_once(one, other):
        return ""
    if not (one.actors or other.actors):
        return "the same title" if one.title == other.title else ""
    if not one.actors & other.actors or (one.places and other.places and not one.places & other.places):
        return ""
    if one.title == other.title:
        return "the same title"
    # Who did the same with somebody else did something else.
    if one.actors <= other.actors or other.actors <= one.actors:
        named = _called(one.actors | other.actors, names)
        if _alike(one.title - named, other.title - named):
            return "a similar title"
    for key, (low, high, shown) in one.amounts.items():
        if (found := other.amounts.get(key)) and low <= found[1] and found[0] <= high:
            return f"the same {key[0]}, {shown}"
    return ""


def _at_once(one: Told, other: Told) -> bool:
    """Tell whether the dates can be those of one event; what is a day here and a period there began on that day."""
    (low, high), (first, last) = one.begun, other.begun
    if low > last or first > high or (one.reach is None) is not (other.reach is None):
        return False
    return not (one.ended and other.ended) or (one.ended[0] <= other.ended[1] and other.ended[0] <= one.ended[1])


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    numbers, others = ({word for word in title if word[0].isdigit()} for title in (one, other))
    # The 408 is not the 308, but one of the two titles may leave it out.
    if not (numbers <= others or others <= numbers):
        return False
    same = len(one & other)
    return same > 1 and 2 * same >= _ALIKE * (len(one) + len(other))


def _stem(word: str) -> str:
    return word[:6].rstrip("s") if len(word) > 3 else word


def _called(actors: Collection[str], names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(names[actor] for actor in actors if actor in names))


def _names(selection: Selection, actors: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """Return the words in the names and aliases of these actors, or of all, by id: in a title they tell nothing."""
    sql = "SELECT actor, words FROM name"
    found: dict[str, set[str]] = {}
    for one in sorted(actors) or (None,):
        rows = selection.db.execute(f"{sql} WHERE actor = ?", (one,)) if one else selection.db.execute(sql)
        for actor, named in rows:
            found.setdefault(actor, set()).update(map(_stem, named.split()))
    return {actor: frozenset(called) for actor, called in found.items()}


def _of(row: Sequence[Any]) -> Told:
    id, title, actors, places, figures, links, repeating, extent, low, high, *span = row
    told = [
        (figure["metric"], figure["unit"], figure["low"], figure["high"], figure["text"])
        # What is repeated from another event is the same of old.
        for figure, repeats in repeated(figures, repeating)
        if not repeats
    ]
    return Told(
        id,
        {actor["id"] for actor in actors},
        title,
        places,
        _amounts(told),
        {link["event"] for link in links},
        None if low is None else (low, high),
        (span[0], span[1], span[2], span[3]) if extent == "throughout" else None,
    )


def told(selection: Selection, event: Event) -> Told:
    """Return what tells an event from others that is in no store yet."""
    from autotimeline import model

    sources = {c.source: source for c in event.citations if (source := selection.source(c.source))}
    amounts = [
        (figure.metric, "/".join(filter(None, (q.unit, q.per))), q.low, q.high, q.shown)
        for figure in event.figures
        if (q := figure.quantity) and not figure.repeats
    ]
    return Told(
        event.id,
        {participant.actor for participant in event.actors},
        event.title,
        event.places,
        _amounts(amounts),
        {link.event for link in event.links},
        model.bounds(event, model.known(event, sources)),
        event.date.throughout if event.date and event.throughout else None,
    )


def _amounts(figures: Sequence[tuple[str, str | None, Decimal | None, Decimal | None, str]]) -> Amounts:
    """Return the amounts among figures: shares and bare numbers are the same too often, and so are open bounds."""
    from autotimeline.quantities.quantity import unit_key

    return {
        (metric, unit_key(unit)): (low, high, shown)
        for metric, unit, low, high, shown in figures
        if unit and not unit.startswith("%") and low is not None and high is not None and 0 < high < low * _NARROW
    }
