"""The entries of a store and their parts as frozen values, and contradictions between those of an event."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from autotimeline import schema
from autotimeline.dates.span import Span
from autotimeline.quantities.quantity import EXACT_CONTEXT, RATE_PERIODS, Quantity, unit_key

ClaimValue: TypeAlias = "Span | Figure | str"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, company, or public body; `part_of` are the ids of its parents."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    part_of: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A document that events cite; sources with the same `origin` count as one."""

    id: str
    title: str
    published: Span | None = None
    url: str | None = None
    file: str | None = None
    origin: str | None = None
    status: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Era:
    """A named period that queries can use."""

    id: str
    name: str
    period: Span
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """What the figures of a metric measure; `id` is its name."""

    id: str
    measures: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate: one unit of the currency `of` is `value` units of `into`.

    It applies from `date` until the date of a later rate, or throughout `period`.
    """

    id: str
    of: str
    into: str
    value: Quantity
    date: Span | None = None
    period: Span | None = None
    source: str | None = None
    note: str | None = None

    def __str__(self) -> str:
        days = self.date or self.period
        return f"1 {self.of} = {self.value.shown} {self.into}" + (f", {days.shown}" if days else "")


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor of an event, with the role (None if the store names none)."""

    actor: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric of an event with its quantity; None if the source prints only words.

    `of` is the actor that the figure describes, and `holder` the actor that holds it: `holder` has a stake in `of`.
    `repeats` is the id of the event that this figure is copied from, so that totals count it once.
    """

    metric: str
    quantity: Quantity | None = None
    printed: str | None = None
    of: str | None = None
    holder: str | None = None
    period: Span | None = None
    basis: str = "actual"
    source: str | None = None
    repeats: str | None = None
    note: str | None = None

    @property
    def text(self) -> str:
        """The quantity with its qualifier, or the printed words if it has no quantity."""
        return self.quantity.shown if self.quantity else self.printed or ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to a source, with a quote and the date, status, and figures that this source claims."""

    source: str
    quote: str | None = None
    by: str | None = None
    date: Span | None = None
    status: str | None = None
    figures: tuple[Figure, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A typed reference to another event (see `schema.LINKS`)."""

    type: str
    event: str


@dataclass(frozen=True, slots=True)
class Event:
    """A sourced fact with a date, or None if it is undated.

    `throughout` is true if the date is the key `period` (all of it) and false if it is `date` (some day in it).
    `texts` are the plain texts that have no attribute, by key. `file` and `line` are the position in the store. `match`
    is `certain` or `possible`, by the query.
    """

    id: str
    title: str
    date: Span | None = None
    throughout: bool = False
    printed: str | None = None
    known: Span | None = None
    kind: str | None = None
    status: str = "happened"
    reported: bool = False
    actors: tuple[Participant, ...] = ()
    places: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    accept: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    match: str = "certain"

    @property
    def disputed(self) -> tuple[str, ...]:
        """What sources contradict: `date`, `status`, and the metrics of figures, in this order."""
        contradictions = find_contradictions(self)
        return tuple(dict.fromkeys(v.metric if isinstance(v, Figure) else field for field, _, v, _ in contradictions))

    @property
    def disputed_fields(self) -> frozenset[str]:
        """The fields that sources contradict, out of `date`, `status`, and `figures`."""
        return frozenset(field for field, *_ in find_contradictions(self))


EXTRA_TEXTS = tuple(name for name, type in schema.PLAIN_KEYS if type == "text" and name not in Event.__slots__)
"""The plain texts that an event has in `texts`."""


@dataclass(frozen=True, slots=True)
class StoreHeader:
    """The table `[store]`."""

    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotHeader:
    """The table `[snapshot]`: the query, its options, and its counts.

    Relative dates count from `today`. `read` is the day on which the store was read. Of the `events`, `possible` match
    only possibly. `sha256` is the checksum of the rest of the file (see `store.checksum`).
    """

    query: str | None = None
    certain: bool = False
    sort: str | None = None
    reverse: bool = False
    limit: int | None = None
    as_of: Span | None = None
    today: Span | None = None
    read: Span | None = None
    events: int | None = None
    possible: int | None = None
    sha256: str


def are_exclusive(first: Span, second: Span, throughout: bool) -> bool:
    """Return whether no event can have both dates: the starts, the ends, or the days cannot be equal."""
    if throughout:
        s1, s2, e1, e2 = first.throughout
        t1, t2, f1, f2 = second.throughout
        return s2 < t1 or t2 < s1 or e2 < f1 or f2 < e1
    return first.within[1] < second.within[0] or second.within[1] < first.within[0]


def is_same_measure(first: Figure, second: Figure) -> bool:
    """Return whether metric and basis are equal, and also actor, holder, and period if both figures have one."""
    same = (first.metric, first.basis) == (second.metric, second.basis)
    pairs = ((first.of, second.of), (first.holder, second.holder), (first.period, second.period))
    return same and all(one == other or None in (one, other) for one, other in pairs)


def same_measures(claim: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures of the claim's measure; those without its actor or holder only if none has them."""
    same = [figure for figure in figures if is_same_measure(figure, claim)]
    for key in ("of", "holder"):
        same = [figure for figure in same if getattr(claim, key) and getattr(figure, key)] or same
    return same


def figures_agree(first: Figure, second: Figure) -> bool | None:
    """Return whether both figures can be true; None if their measures, units, or kinds of rate differ."""
    a, b = first.quantity, second.quantity
    if not (a and b and is_same_measure(first, second) and unit_key(a.unit) == unit_key(b.unit)):
        return None
    (family, size), (other_family, other_size) = (RATE_PERIODS.get(quantity.per, ("", 1)) for quantity in (a, b))
    if family != other_family:
        return None
    return not (_is_below(a, other_size, b, size) or _is_below(b, size, a, other_size))


def _is_below(a: Quantity, a_factor: int, b: Quantity, b_factor: int) -> bool:
    if a.high is None or b.low is None:
        return False
    # Multiplication is exact; a rounded quotient could hide that two bounds are equal.
    high, low = EXACT_CONTEXT.multiply(a.high, a_factor), EXACT_CONTEXT.multiply(b.low, b_factor)
    return high < low or (high == low and (a.high_open or b.low_open))


def find_contradictions(event: Event) -> Iterator[tuple[str, Citation, ClaimValue, tuple[ClaimValue, ...]]]:
    """Yield the field, the citation, its claim, and the values that it contradicts; dates first, figures last.

    The values are those of the event, or else the claims of other citations that do not contradict the event either.
    If several figures of one measure are stated, a claim may agree with any of them.
    """

    def excluded_dates(claim: Span, dates: Sequence[Span]) -> list[Span]:
        return [date for date in dates if are_exclusive(date, claim, event.throughout)]

    citations = event.citations
    dates = [(citation, [citation.date] if citation.date else []) for citation in citations]
    yield from _contradicting_claims("date", [event.date] if event.date else [], dates, excluded_dates)
    # The event always has a status, so one of two different claims contradicts it.
    for citation in citations:
        if citation.status and citation.status != event.status:
            yield "status", citation, citation.status, (event.status,)
    figures = [(citation, citation.figures) for citation in citations]
    yield from _contradicting_claims("figures", event.figures, figures, _excluded_figures)


def _contradicting_claims(
    field: str,
    own_values: Sequence[Any],
    claims: Sequence[tuple[Citation, Sequence[Any]]],
    excluded_values: Callable[[Any, Sequence[Any]], list[Any]],
) -> Iterator[tuple[str, Citation, Any, tuple[Any, ...]]]:
    """Yield the claims that contradict the event, then those of the others that contradict each other."""
    compatible: list[tuple[Citation, list[Any]]] = []
    for citation, values in claims:
        excluded = {index: tuple(excluded_values(value, own_values)) for index, value in enumerate(values)}
        yield from ((field, citation, values[index], own) for index, own in excluded.items() if own)
        compatible.append((citation, [values[index] for index, own in excluded.items() if not own]))
    compatible = [(citation, values) for citation, values in compatible if values]
    for citation, values in compatible if len(compatible) > 1 else ():
        others = [other_values for other, other_values in compatible if other is not citation]
        for value in values:
            opposing = [v for group in others for v in excluded_values(value, group) if excluded_values(v, values)]
            if opposing:
                yield field, citation, value, tuple(opposing)


def _excluded_figures(claim: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures that a claim contradicts; none if it agrees with one of them."""
    compared = {figure: figures_agree(figure, claim) for figure in same_measures(claim, figures)}
    return [] if True in compared.values() else [figure for figure, agrees in compared.items() if agrees is False]
