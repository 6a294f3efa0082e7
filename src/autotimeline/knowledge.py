"""When events became known, and events as they were known on a day."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from autotimeline.dates.edtf import deadline_start
from autotimeline.dates.span import BEGIN, END, Span
from autotimeline.model import Event, Figure, Rate, Source, figures_agree, same_measures


def known_since(event: Event, sources: Mapping[str, Source]) -> Span | None:
    """Return `known` of the event, else the date of its earliest source; None if no source has a date."""
    if event.known:
        return event.known
    dates = [s.published for c in event.citations if (s := sources.get(c.source)) and s.published]
    return min(dates, key=lambda date: date.nominal[1], default=None)


def days_of_news(event: Event, sources: Mapping[str, Source]) -> Iterator[int]:
    """Yield the days (ordinals) on which `event_as_of` may change, in no order."""
    known_date = known_since(event, sources)
    if known_date is None:
        return
    ids = {citation.source for citation in event.citations} | {figure.source for figure in event.figures}
    dates = (source.published for id in ids if id and (source := sources.get(id)))
    first = known_date.nominal[1]
    yield from {first, *(date.nominal[1] for date in dates if date and date.nominal[1] > first)} - {END}


def is_rate_known(rate: Rate, day: int, sources: Mapping[str, Source]) -> bool:
    """Return whether a rate was known on the day (an ordinal), by the date of its source, or else by its own."""
    source = sources.get(rate.source) if rate.source else None
    date = (source.published if source else None) or rate.date or rate.period
    return date is not None and date.nominal[1] <= day


def has_only_deadline(event: Event) -> bool:
    """Return whether the event is a plan with a last day, but without a first one."""
    low, high = event.date.bounds(event.throughout) if event.date else (BEGIN, END)
    return event.status == "planned" and low == BEGIN and high != END


def event_bounds(event: Event, known_date: Span | None) -> tuple[int, int] | None:
    """Return the first and the last possible day, BEGIN and END if unbounded; None if the event is undated.

    A plan with only a deadline begins when it became known. Without that day, or if it is after the deadline, the plan
    begins on the first day of the deadline's own period.
    """
    if event.date is None:
        return None
    low, high = event.date.bounds(event.throughout)
    if has_only_deadline(event):
        low = known_date.within[0] or known_date.nominal[1] if known_date else END
        low = low if low <= event.date.nominal[1] else deadline_start(event.date)
    return low, high


def event_as_of(event: Event, day: int, sources: Mapping[str, Source]) -> Event | None:
    """Return the event as it was known on the day (an ordinal); None if it was not known, or the date is unknown.

    The result has only the citations and figures published by that day. The latest citation that claims a date, a
    status, or a figure overrides the event.
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
        # The printed words belong to the later date.
        past = replace(past, printed=None)
    return past if past.disputed else replace(past, accept={})


def _apply_claims(figures: list[Figure], claims: tuple[Figure, ...]) -> list[Figure]:
    """Return the figures, updated with the claims of one source.

    A claim replaces the figure of the same measure that agrees with it, and is dropped if several agree. Otherwise it
    replaces those that it contradicts, or else all of the same measure; of several, only those of its period.
    """
    remaining, added = figures, []
    for claim in claims:
        candidates = same_measures(claim, figures)
        agreeing = [figure for figure in candidates if figures_agree(figure, claim)]
        if len(agreeing) > 1:
            continue
        replaced = agreeing or [figure for figure in candidates if figures_agree(figure, claim) is False] or candidates
        if len(replaced) > 1:
            replaced = [figure for figure in replaced if figure.period == claim.period]
        remaining = [figure for figure in remaining if figure not in replaced]
        if replaced:
            # What the claim does not state stays.
            of, holder = (replaced[0].of, replaced[0].holder) if len(replaced) == 1 else (None, None)
            claim = replace(
                claim, of=claim.of or of, holder=claim.holder or holder, period=claim.period or replaced[0].period
            )
        added.append(claim)
    return [*remaining, *added]
