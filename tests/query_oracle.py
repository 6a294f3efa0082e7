"""A second opinion, without SQL: what a query finds, worked out from model values by docs/semantics.md.

Nothing here is shared with `autotimeline.query` but the parser's tree.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from typing import TYPE_CHECKING, NamedTuple

from autotimeline import knowledge, model
from autotimeline.dates import edtf, human
from autotimeline.dates.span import BEGIN, END
from autotimeline.quantities.parse import parse_range
from autotimeline.query.parser import And, Not, Or, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.dates.span import Span
    from autotimeline.model import Event, Figure
    from autotimeline.quantities.quantity import Quantity, QuantityRange

Node = Term | Not | And | Or
Days = tuple[int, int, int, int]
"""The bounds of a start and of an end: (s1, s2, e1, e2)."""
_DATED = ("date", "since", "until", "era", "near", "around")
_INVERSES = {"leads-to": "follows-from", "fulfils": "fulfilled-by", "part-of": "has-part", "replaces": "replaced-by"}
_INVERSES |= {there: here for here, there in _INVERSES.items()}
_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_HOURS = {"week": 168, "day": 24, "hour": 1}


def groups(parts, whole):
    """The ids of an actor and of all that are part of it, near or far; `parts` maps an id to its `part_of`."""
    found = {whole}
    while more := {id for id, of in parts.items() if id not in found and found.intersection(of)}:
        found |= more
    return found


class Faces(NamedTuple):
    """What a term says of an event: possible(t), certain(t), possible(not t), certain(not t)."""

    may: bool
    must: bool
    may_not: bool
    must_not: bool


def faces(overlaps: bool, inside: bool, qualified: bool) -> Faces:
    """The formulas of §6."""
    return Faces(overlaps, inside and not qualified, not inside or qualified, not overlaps and not qualified)


def plain(so: bool) -> Faces:
    return faces(so, so, False)


NEVER = Faces(False, False, False, False)
ALWAYS = Faces(True, True, True, True)


class Oracle:
    """A store of model values, asked event by event."""

    def __init__(
        self,
        events: Sequence[Event],
        sources: dict[str, model.Source],
        eras: dict[str, str],
        parts: dict[str, tuple[str, ...]],
        today: int,
    ) -> None:
        self.events = {event.id: event for event in events}
        self.sources = sources
        self.eras = eras
        self.parts = parts
        self.today = today

    # --- trees

    def faces(self, node: Node, event: Event, *, waived: bool = False) -> Faces:
        """What a tree says of an event; where `waived`, as if a date were no matter."""
        if isinstance(node, Not):
            may, must, may_not, must_not = self.faces(node.operand, event, waived=waived)
            return Faces(may_not, must_not, may, must)
        if isinstance(node, And):
            parts = [self.faces(part, event, waived=waived) for part in node.operands]
            some, every = (any, all) if isinstance(node, Or) else (all, any)
            return Faces(
                some(p.may for p in parts),
                some(p.must for p in parts),
                every(p.may_not for p in parts),
                every(p.must_not for p in parts),
            )
        if waived and node.field in _DATED:
            return ALWAYS
        return self.term(node.field, node.value, event)

    def term(self, field: str, value: str, event: Event) -> Faces:
        if field in _DATED:
            return self.dated(self.window(field, value), event)
        if field == "known":
            return self.known(self.window("date", value), event)
        method = getattr(self, f"is_{field}", None)
        if method is None:
            return self.figure(field, value, event)
        found: Faces | bool = method(value, event)
        return plain(found) if isinstance(found, bool) else found

    # --- dates

    def window(self, field: str, value: str) -> Days:
        """The window (A, B, a, b) that a date term asks about."""
        if field == "era":
            return self.resolve(value)
        if field in ("near", "around"):
            at, _, distance = value.partition("/")
            return human.widen_window(self.resolve(at), distance).bounds
        outer_low, outer_high, inner_low, inner_high = human.parse_window(value, self.today, self.resolve).bounds
        if field == "since":
            return outer_low, END, inner_low, END
        return (
            (BEGIN, outer_high, BEGIN, inner_high)
            if field == "until"
            else (outer_low, outer_high, inner_low, inner_high)
        )

    def resolve(self, name: str) -> Days:
        if not name.startswith("@"):
            s1, s2, e1, e2 = edtf.parse_date(self.eras[name]).throughout
            return s1, e2, min(s2, e2), max(e1, s1)
        spans = list(self.spans(self.events[name[1:]]))
        # Between the earliest start of any claim and the latest end; surely only where all claims agree.
        inner = [(min(s2, e2), max(e1, s1)) for s1, s2, e1, e2 in spans]
        outer = min(s[0] for s in spans), max(s[3] for s in spans)
        if len(spans) > 1:
            return *outer, outer[1], outer[0]
        return *outer, *inner[0]

    def spans(self, event: Event) -> Iterator[Days]:
        """The event's own date, and where it is disputed the date of each source that states one."""
        dates = [event.date, *(c.date for c in event.citations if "date" in event.disputed)]
        for date in dates:
            if date is not None:
                yield self.days(event, date)

    def days(self, event: Event, date: Span) -> Days:
        """The bounds of start and end; of a `date` both are one day, so s = e."""
        s1, s2, e1, e2 = date.throughout if event.throughout else (*date.within, *date.within)
        if self.lacks_start(event, date):
            # From the day on which the plan became known; otherwise, within the period of the deadline.
            public = knowledge.known_since(event, self.sources)
            s1 = END if public is None else public.within[0] or public.nominal[1]
            s1, s2 = (s1 if s1 <= date.nominal[1] else deadline_period(date)), e2
        return s1, s2, e1, e2

    def dated(self, window: Days, event: Event) -> Faces:
        if event.date is None:
            return NEVER
        outer_low, outer_high, inner_low, inner_high = window
        own, *claims = self.spans(event)
        overlaps = any(s1 <= outer_high and e2 >= outer_low for s1, _, _, e2 in (own, *claims))
        s1, s2, e1, e2 = own
        if event.throughout:
            inside = min(s2, e2) <= inner_high and max(e1, s1) >= inner_low
        else:
            inside = s1 >= inner_low and e2 <= inner_high
        return faces(overlaps, inside, self.doubted(event))

    def lacks_start(self, event: Event, date: Span) -> bool:
        """Whether the event is a plan that has a deadline and no first day."""
        low, high = (date.throughout[0], date.throughout[3]) if event.throughout else date.within
        return event.status == "planned" and low == BEGIN and high != END

    def doubted(self, event: Event) -> bool:
        """Whether the date is qualified or disputed, or has no first day."""
        if event.date is None:
            return False
        return event.date.qualified or "date" in event.disputed or self.lacks_start(event, event.date)

    def known(self, window: Days, event: Event) -> Faces:
        public = knowledge.known_since(event, self.sources)
        if public is None:
            return NEVER
        outer_low, outer_high, inner_low, inner_high = window
        low, high = public.within
        inside = low >= inner_low and high <= inner_high
        return faces(low <= outer_high and high >= outer_low, inside, public.qualified)

    # --- words

    def is_id(self, value: str, event: Event) -> bool:
        return event.id == value

    def is_text(self, value: str, event: Event) -> bool:
        return any(f" {text}".lower().find(f" {value}") >= 0 for text in (event.title, event.note or ""))

    def is_title(self, value: str, event: Event) -> bool:
        return f" {event.title}".lower().find(f" {value}") >= 0

    def is_kind(self, value: str, event: Event) -> bool:
        return event.kind == value

    def is_tag(self, value: str, event: Event) -> bool:
        return value in event.tags

    def is_source(self, value: str, event: Event) -> bool:
        return value in (citation.source for citation in event.citations)

    def is_actor(self, value: str, event: Event) -> bool:
        name, _, role = value.partition("@")
        return self.takes_part({name}, role, event)

    def is_role(self, value: str, event: Event) -> bool:
        return self.takes_part(set(self.parts), value, event)

    def is_group(self, value: str, event: Event) -> bool:
        name, _, role = value.partition("@")
        return self.takes_part(groups(self.parts, name), role, event)

    @staticmethod
    def takes_part(actors: set[str], role: str, event: Event) -> bool:
        return any(p.actor in actors and (not role or (p.role or "").lower() == role.lower()) for p in event.actors)

    def is_place(self, value: str, event: Event) -> bool:
        return any(value.replace("-", " ") in (place.lower(), *self.pieces(place)) for place in event.places)

    @staticmethod
    def pieces(place: str) -> list[str]:
        return [part.strip().lower() for part in place.split(",")]

    def is_metric(self, value: str, event: Event) -> bool:
        return any(figure.metric == value for figure, _ in self.figures(event))

    def is_status(self, value: str, event: Event) -> Faces:
        claimed = [event.status, *(c.status for c in event.citations if "status" in event.disputed)]
        return faces(value in claimed, event.status == value, "status" in event.disputed)

    def is_link(self, value: str, event: Event) -> bool:
        wanted, at, other = value.partition("@")
        ties = [(link.type, link.event) for link in event.links]
        for one in self.events.values():
            ties += [(_INVERSES.get(link.type, link.type), one.id) for link in one.links if link.event == event.id]
        return any((not wanted or type == wanted) and (not at or id == other) for type, id in ties)

    def is_is(self, value: str, event: Event) -> Faces | bool:
        if value in ("planned", "overdue", "upcoming", "fulfilled", "slipped"):
            planned = self.is_status("planned", event)
            if value == "planned":
                return planned
            state = self.slipped(event) if value == "slipped" else self.due(event, late=value == "overdue")
            if value == "fulfilled":
                state = plain(bool(self.outcomes(event)))
            return Faces(
                planned.may and state.may,
                planned.must and state.must,
                planned.may_not or state.may_not,
                planned.must_not or state.must_not,
            )
        origins = {self.sources[c.source].origin or c.source for c in event.citations}
        quantities = [figure.quantity for figure in event.figures if figure.quantity]
        about = any(q.about for q in quantities) or bool(event.date and event.date.qualified)
        return {
            "replaced": self.is_link("replaced-by", event),
            "disputed": bool(event.disputed),
            "undated": event.date is None,
            "unsourced": not event.citations,
            "single-source": len(origins) == 1,
            "approximate": about,
            "quoted": any(citation.quote for citation in event.citations),
            "reported": event.reported,
        }[value]

    def due(self, event: Event, *, late: bool) -> Faces:
        """Whether the latest day on which a plan may start is past, or is not."""
        if event.date is None or self.outcomes(event):
            return plain(False)
        if self.is_link("replaced-by", event):
            return plain(False)
        dates = [event.date, *(c.date for c in event.citations if c.date and "date" in event.disputed)]
        states = [(self.latest_start(event, date) < self.today) is late for date in dates]
        return faces(any(states), states[0], event.date.qualified or "date" in event.disputed)

    def outcomes(self, event: Event) -> list[Event]:
        """What happened and fulfills it."""
        happened = [one for one in self.events.values() if one.status == "happened"]
        return [one for one in happened if self.is_link(f"fulfilled-by@{one.id}", event)]

    def slipped(self, event: Event) -> Faces:
        """Whether some outcome started after every day on which the plan may start."""
        outcomes = [one for one in self.outcomes(event) if one.date]
        if event.status != "planned" or event.date is None or not outcomes:
            return plain(False)
        last = max(min(s2, e2) for _, s2, _, e2 in self.spans(event))
        if "date" in event.disputed:
            last = max(e2 for *_, e2 in self.spans(event))
        found = []
        for one in (event, *outcomes):
            doubted = one.date.qualified or "date" in one.disputed
            starts = list(self.spans(one))
            most = max(e2 for *_, e2 in starts) if len(starts) > 1 else min(starts[0][1], starts[0][3])
            found.append((min(s1 for s1, *_ in starts) > last, most > last, doubted))
        (*_, plan_doubted), *found = found
        return Faces(
            any(late for _, late, _ in found),
            any(late and not (doubted or plan_doubted) for late, _, doubted in found),
            not any(late and not (doubted or plan_doubted) for late, _, doubted in found),
            not any(late or doubted or plan_doubted for _, late, doubted in found),
        )

    def latest_start(self, event: Event, date: Span) -> int:
        _, s2, _, e2 = self.days(event, date)
        starts_within = event.throughout or date.shown.startswith("from ")
        return date.throughout[1] if starts_within and not self.lacks_start(event, date) else max(s2, e2)

    # --- figures

    def figures(self, event: Event) -> Iterator[tuple[Figure, bool]]:
        """Each figure that the event or, against it, a source states, and whether it is disputed."""
        # A claim that agrees with one figure disputes none of the others.
        groups = [[c for c in citation.figures if not clash(c, event.figures)] for citation in event.citations]
        against = [c for citation in event.citations for c in citation.figures if clash(c, event.figures)]
        against += [
            claim
            for group, other in permutations(groups, 2)
            for claim in group
            if any(clash(one, group) for one in clash(claim, other))
        ]
        against = [claim for claim in against if any(together(own, claim) is not None for own in event.figures)]
        for own in event.figures:
            # Claims that contradict only each other leave none of the event's figures certain.
            yield own, any(own in (clash(claim, event.figures) or self.comparable(claim, event)) for claim in against)
        for claim in against:
            yield claim, True

    @staticmethod
    def comparable(claim: Figure, event: Event) -> list[Figure]:
        return [own for own in event.figures if together(own, claim) is not None]

    def figure(self, metric: str, value: str, event: Event) -> Faces:
        """Some figure of the metric against a range; its negation asks for none."""
        asked = parse_range(value)
        found = [self.compared(figure, disputed, asked) for figure, disputed in self.figures(event)
                 if figure.metric == metric]  # fmt: skip
        fitting = [one for one in found if one is not None]
        certain = any(inside and not qualified for _, inside, qualified in fitting)
        possible = any(overlaps for overlaps, _, _ in fitting)
        doubted = any(overlaps or qualified for overlaps, _, qualified in fitting)
        return Faces(possible, certain, not certain, not doubted)

    def compared(self, figure: Figure, disputed: bool, asked: QuantityRange) -> tuple[bool, bool, bool] | None:
        """Overlaps, inside and qualified; None where the range asks for another unit."""
        q = figure.quantity
        if q is None:
            return True, False, True
        bounds = converted(q, asked)
        if bounds is None:
            return None
        low, high, low_open, high_open = bounds
        under = below(high, high_open, asked.low, asked.low_open)
        over = below(asked.high, asked.high_open, low, low_open)
        inside = covered(asked.low, asked.low_open, low, low_open)
        inside = inside and covered_up(asked.high, asked.high_open, high, high_open)
        return not (under or over), inside, q.about or disputed


Bounds = tuple[Fraction | None, Fraction | None, bool, bool]


def converted(q: Quantity, asked: QuantityRange) -> Bounds | None:
    """The bounds of a quantity at the rate that is asked for, None where unit or rate are another."""
    if asked.unit and asked.unit.rstrip("s") != q.unit.rstrip("s"):
        return None
    if not asked.per and (not asked.unit or not q.per):
        factor = Fraction(1)
    else:
        family = next((kin for kin in (_MONTHS, _HOURS) if asked.per in kin and q.per in kin), None)
        if family is None:
            return None
        factor = Fraction(family[asked.per], family[q.per])
    low, high = (None if end is None else Fraction(end) * factor for end in (q.low, q.high))
    return low, high, q.low_open, q.high_open


def deadline_period(date: Span) -> int:
    """The first day of the last of the periods that a date without a first day names."""
    words = date.shown.replace(" and ", " or ").removesuffix(", start unknown").split(" or ")
    periods = [edtf.parse_date(word.rpartition("by ")[2].rpartition("until ")[2].rpartition("between ")[2])
               for word in words]  # fmt: skip
    return max(periods, key=lambda period: period.nominal[1]).within[0]


def clash(claim: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """The figures that a claim contradicts; none if it agrees with one. One about its actor or holder counts first."""
    same = [figure for figure in figures if model.is_same_measure(figure, claim)]
    same = [figure for figure in same if figure.of and claim.of] or same
    same = [figure for figure in same if figure.holder and claim.holder] or same
    found = [(figure, together(figure, claim)) for figure in same]
    return [] if any(agrees for _, agrees in found) else [figure for figure, agrees in found if agrees is False]


def together(one: Figure, other: Figure) -> bool | None:
    """Whether both may be true, None where they are of different things, units or rates."""
    a, b = one.quantity, other.quantity
    if not (model.is_same_measure(one, other) and a and b) or (not a.unit, not a.per) != (not b.unit, not b.per):
        return None
    bounds = converted(a, b)  # type: ignore[arg-type]
    if bounds is None:
        return None
    low, high, low_open, high_open = bounds
    return not (below(high, high_open, b.low, b.low_open) or below(b.high, b.high_open, low, low_open))


def below(high: Fraction | None, high_open: bool, low: object, low_open: bool) -> bool:
    """Whether all up to `high` lies below all from `low`."""
    if high is None or low is None:
        return False
    end = Fraction(low)  # type: ignore[arg-type]
    return high < end or (high == end and (high_open or low_open))


def covered(asked: object, asked_open: bool, low: Fraction | None, low_open: bool) -> bool:
    if asked is None:
        return True
    end = Fraction(asked)  # type: ignore[call-overload]
    return low is not None and (low > end or (low == end and (low_open or not asked_open)))


def covered_up(asked: object, asked_open: bool, high: Fraction | None, high_open: bool) -> bool:
    if asked is None:
        return True
    end = Fraction(asked)  # type: ignore[call-overload]
    return high is not None and (high < end or (high == end and (high_open or not asked_open)))


# --- worlds: what may be true of an event, one by one


def worlds(spans: Sequence[Days], throughout: bool, window: Days) -> Iterator[bool]:
    """Yield for all that may be true, of the event's date and of the window, whether the event meets the window.

    Of long stretches only the days are tried at which anything can change: the ends, and the days around the window's.
    """
    outer_low, outer_high, inner_low, inner_high = window
    turns = {day + by for day in window for by in (-1, 0, 1)}
    # A window of an unknown day, or around one, begins as early as it ends as early, and as late.
    ends_of = product({outer_low, inner_low}, {outer_high, inner_high})
    frames = [(first, last) for first, last in ends_of if first <= last]
    for s1, s2, e1, e2 in spans:
        starts = sorted(day for day in {s1, s2, *turns} if s1 <= day <= s2)
        ends = sorted(day for day in {e1, e2, *turns} if e1 <= day <= e2)
        lived = product(starts, ends) if throughout else ((day, day) for day in starts)
        for (start, end), (first, last) in product(lived, frames):
            if start <= end:
                yield start <= last and end >= first


def values(q: Quantity) -> list[Fraction]:
    """Values within the bounds of a quantity: its ends, what is next to them, and what lies between and far off."""
    low = Fraction(q.low) if q.low is not None else None
    high = Fraction(q.high) if q.high is not None else None
    small = Fraction(1, 1000)
    tried = {Fraction(n, 2) for n in range(-40, 300)}
    for end in (low, high):
        if end is not None:
            tried |= {end, end - small, end + small, end - 10**6, end + 10**6}
    return sorted(
        value
        for value in tried
        if (low is None or value > low or (value == low and not q.low_open))
        and (high is None or value < high or (value == high and not q.high_open))
    )
