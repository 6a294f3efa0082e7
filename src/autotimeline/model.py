"""The facts as frozen values: events, their citations, figures and links, actors, sources and eras.

No input or output happens here. Dates are `dates.span.Span`s, which keep what the source said; an
event's `throughout` says whether its date is a `period` (throughout it) or a `date` (within it).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from autotimeline.dates.span import BEGIN, END
from autotimeline.quantities.quantity import EXACT_CONTEXT, RATE_PERIODS, unit_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from autotimeline.dates.span import Span
    from autotimeline.quantities.quantity import Quantity

    ClaimValue: TypeAlias = "Span | Figure | str"

STATUSES = ("happened", "planned", "cancelled")
BASES = ("actual", "expected", "target")
SOURCE_STATUSES = ("retracted", "corrected")
# Each link type with what it is called from the other end; the symmetric ones are their own inverse.
LINK_INVERSES = {
    "leads-to": "follows-from",
    "follows-from": "leads-to",
    "fulfils": "fulfilled-by",
    "fulfilled-by": "fulfils",
    "part-of": "has-part",
    "has-part": "part-of",
    "replaces": "replaced-by",
    "replaced-by": "replaces",
    "same-deal": "same-deal",
    "contrasts": "contrasts",
    "related": "related",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, company or body; `part_of` are the ids of the actors that it belongs to."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    part_of: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from; sources with one `origin` count once."""

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
    """A named stretch of time to ask by."""

    id: str
    name: str
    period: Span
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor in an event, in a role where the store names one."""

    actor: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of an event: `metric`, `quantity` (None where the source prints none), whose, when, on what basis.

    `repeats` is the id of the event whose figure this is again, with its period; it is not counted twice.
    """

    metric: str
    quantity: Quantity | None = None
    printed: str | None = None
    of: str | None = None
    period: Span | None = None
    basis: str = "actual"
    source: str | None = None
    repeats: str | None = None
    note: str | None = None

    @property
    def text(self) -> str:
        """The figure as its source qualified it, or in its words where it gives no number."""
        return self.quantity.shown if self.quantity else self.printed or ""


@dataclass(frozen=True, slots=True)
class Citation:
    """What one source says of an event: a quote, and where it differs a date, status or figures of its own."""

    source: str
    quote: str | None = None
    by: str | None = None
    date: Span | None = None
    status: str | None = None
    figures: tuple[Figure, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another event, as the event that states it calls it."""

    type: str
    event: str


@dataclass(frozen=True, slots=True)
class Event:
    """A dated, sourced fact; undated where `date` is None.

    `file` and `line` say where it is written; `match` how it answered the query that found it:
    `certain` or only `possible`.
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
    file: str = ""
    line: int = 0
    match: str = "certain"

    @property
    def disputed(self) -> tuple[str, ...]:
        """The fields (`date`, `status`, `figures`, in this order) in which a source contradicts the event."""
        return tuple(dict.fromkeys(field for field, *_ in find_contradictions(self)))


@dataclass(frozen=True, slots=True)
class StoreHeader:
    """The head of a store."""

    title: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotHeader:
    """What a snapshot says of itself: what was asked of which store, and how many events it found.

    `today` is the day from which relative dates of the query counted, `as_of` that as of which all was answered (None:
    as it stood), `read` when the store was read. So many `events` matched, `possible` of them only possibly. `sha256`
    is the sum over the rest of the file (see `store.checksum`).
    """

    query: str | None
    certain: bool
    sort: str | None
    reverse: bool
    limit: int | None
    as_of: Span | None
    today: Span | None
    read: Span | None
    events: int | None
    possible: int | None
    sha256: str


def are_exclusive(first: Span, second: Span, throughout: bool) -> bool:
    """Tell whether both dates cannot be true of one event: neither start and end can coincide."""
    if throughout:
        s1, s2, e1, e2 = first.throughout
        t1, t2, f1, f2 = second.throughout
        return s2 < t1 or t2 < s1 or e2 < f1 or f2 < e1
    return first.within[1] < second.within[0] or second.within[1] < first.within[0]


def is_same_measure(first: Figure, second: Figure) -> bool:
    """Tell whether two figures say how much the same thing is: one metric, owner and basis, and no other period."""
    same = (first.metric, first.of, first.basis) == (second.metric, second.of, second.basis)
    return same and (first.period is None or second.period is None or first.period == second.period)


def figures_agree(first: Figure, second: Figure) -> bool | None:
    """Tell whether two figures can both be true, None where they do not compare: not alike, or of other units.

    Rates are compared over one period where they convert.
    """
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
    # Multiplied crosswise: what a division rounds could meet, or miss, a bound.
    high, low = EXACT_CONTEXT.multiply(a.high, a_factor), EXACT_CONTEXT.multiply(b.low, b_factor)
    return high < low or (high == low and (a.high_open or b.low_open))


def find_contradictions(event: Event) -> Iterator[tuple[str, Citation, ClaimValue, tuple[ClaimValue, ...]]]:
    """Yield what sources of the event say that cannot be true with it.

    Of each: the field (in the order date, status, figures), who says it, the claim, and what the event itself says.
    A claimed figure contradicts where it agrees with none that it compares to: of two a source may state either.
    """
    citations = event.citations
    for citation in citations:
        if event.date and citation.date and are_exclusive(event.date, citation.date, event.throughout):
            yield "date", citation, citation.date, (event.date,)
    for citation in citations:
        if citation.status and citation.status != event.status:
            yield "status", citation, citation.status, (event.status,)
    for citation in citations:
        for claim in citation.figures:
            compared = {figure: figures_agree(figure, claim) for figure in event.figures}
            contradicted = tuple(figure for figure, agrees in compared.items() if agrees is False)
            if contradicted and True not in compared.values():
                yield "figures", citation, claim, contradicted


def known_since(event: Event, sources: Mapping[str, Source]) -> Span | None:
    """Return when the event became public: as it says itself, else when its earliest dated source appeared."""
    if event.known:
        return event.known
    dates = [s.published for c in event.citations if (s := sources.get(c.source)) and s.published]
    return min(dates, key=lambda date: date.nominal[1], default=None)


def inferred_start(event: Event, known_date: Span | None) -> Span | None:
    """Return when the event became known (`public`, see `known`) where it starts then: a plan with only a deadline."""
    low, high = event.date.bounds(event.throughout) if event.date else (BEGIN, END)
    return known_date if event.status == "planned" and low == BEGIN and high != END else None


def event_bounds(event: Event, known_date: Span | None) -> tuple[int, int] | None:
    """Return the event's earliest and latest day (BEGIN and END where unbounded), None where it is undated."""
    if event.date is None:
        return None
    low, high = event.date.bounds(event.throughout)
    start = inferred_start(event, known_date)
    return (min(start.within[0], high) if start else low), high


def event_as_of(event: Event, day: int, sources: Mapping[str, Source]) -> Event | None:
    """Return the event as it was known on a day (an ordinal), or None where it was not yet, or not known when.

    Only citations published by then remain, and no figure whose source was not. Date, status and figures (see
    `_restated`) come from the latest citation that states any; else they are the event's own.
    """
    known_date = known_since(event, sources)
    if known_date is None or known_date.nominal[1] > day:
        return None

    def published_day(source: str) -> int:
        date = sources[source].published if source in sources else None
        return date.nominal[1] if date else END

    citations = tuple(citation for citation in event.citations if published_day(citation.source) <= day)
    figures = [figure for figure in event.figures if figure.source is None or published_day(figure.source) <= day]
    original_date, event = event.date, replace(event, citations=citations)
    for citation in sorted(citations, key=lambda citation: published_day(citation.source)):
        event = replace(event, date=citation.date or event.date, status=citation.status or event.status)
        figures = _apply_claims(figures, citation.figures)
    past = replace(event, figures=tuple(figures))
    if past.date != original_date:
        # The printed words are those of the date that was not known yet.
        past = replace(past, printed=None)
    return past if past.disputed else replace(past, accept={})


def _apply_claims(figures: list[Figure], claims: tuple[Figure, ...]) -> list[Figure]:
    """Return the figures as they stand after a source stated some.

    A claim takes the place of the one alike figure that it agrees with; with several it adds nothing. Else it takes
    that of those that it contradicts, or that do not compare; of several only of those of its own period.
    """
    remaining, added = figures, []
    for claim in claims:
        candidates = [figure for figure in figures if is_same_measure(figure, claim)]
        agreeing = [figure for figure in candidates if figures_agree(figure, claim)]
        if len(agreeing) > 1:
            continue
        replaced = agreeing or [figure for figure in candidates if figures_agree(figure, claim) is False] or candidates
        if len(replaced) > 1:
            replaced = [figure for figure in replaced if figure.period == claim.period]
        remaining = [figure for figure in remaining if figure not in replaced]
        added.append(replace(claim, period=replaced[0].period) if replaced and not claim.period else claim)
    return [*remaining, *added]
