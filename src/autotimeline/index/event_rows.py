"""From an event to the rows of the index that answer questions about it: pure, no database."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autotimeline import model
from autotimeline.dates.span import BEGIN, END, format_iso, month_number, order_key
from autotimeline.index.cell_text import actor_to_text, citation_to_text, figure_to_text, link_to_text
from autotimeline.quantities.quantity import unit_key
from autotimeline.store.serialize import event_to_toml
from autotimeline.store.table_reader import ID_PATTERN
from autotimeline.text import fold, join_items, search_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from autotimeline.dates.span import Span

UNDATED_ORDER = (END + 1, 0)
"""The order of an undated event."""
# A word that no search asks for, so that no phrase reaches from one text into the next.
TEXT_SEPARATOR = " \ue000 "
# `json.dumps` makes an encoder anew for each call that asks for these.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def event_row(event: model.Event, sources: Mapping[str, model.Source]) -> dict[str, Any]:
    """Return the columns of the row in `event`, by name: what it is asked by."""
    known_since = model.known_since(event, sources)
    disputed = event.disputed
    return {
        "id": event.id,
        "title": event.title,
        "kind": event.kind,
        "kind_folded": fold(event.kind) if event.kind else None,
        "status": event.status,
        "reported": event.reported,
        "known": known_since.shown if known_since else None,
        "known_first": known_since.within[0] if known_since else None,
        "known_last": known_since.within[1] if known_since else None,
        "known_qualified": known_since.qualified if known_since else None,
        "known_day": known_since.nominal[1] if known_since else None,
        "disputed_date": "date" in disputed,
        "disputed_status": "status" in disputed,
        **_list_columns("disputed", disputed),
        "quoted": any(citation.quote for citation in event.citations),
        **_date_columns(event, known_since),
    }


def detail_row(event: model.Event) -> dict[str, Any]:
    """Return the columns of the row in `detail`, by name: what is handed out."""
    return {
        "note": event.note,
        "printed": event.printed,
        "actors": _encode_items([[p.actor, p.role] for p in event.actors]),
        "actors_text": _join_items([{"id": p.actor, "role": p.role} for p in event.actors], actor_to_text),
        **_list_columns("places", event.places),
        **_list_columns("tags", event.tags),
        **_list_columns("figures", [_figure_cell(figure) for figure in event.figures], figure_to_text),
        **_list_columns("sources", [_citation_cell(citation) for citation in event.citations], citation_to_text),
        **_list_columns("links", [{"type": link.type, "event": link.event} for link in event.links], link_to_text),
        "accept": _encode_items(dict(event.accept)),
        "body": json.dumps(event_to_toml(event), ensure_ascii=False),
    }


def _date_columns(event: model.Event, known_since: Any) -> dict[str, Any]:
    approximate = any(figure.quantity and figure.quantity.about for figure in event.figures)
    date, bounds = event.date, model.event_bounds(event, known_since)
    if date is None or bounds is None:
        flags = dict.fromkeys(("qualified", "start_qualified", "uncertain"), False)
        return {**flags, "approximate": approximate, "sort_day": UNDATED_ORDER[0], "sort_tiebreak": UNDATED_ORDER[1]}
    low, high = bounds
    # The doubts of a day that is lent come with it; what starts within a date starts by its end all the same.
    lent_date = model.inferred_start(event, known_since)
    spans = [date, lent_date] if lent_date else [date]
    qualified = any(doubt.qualified for doubt in spans)
    overlap_first, overlap_last, inside_first, inside_last, latest_start = _date_reach(event, date, known_since)
    claimed_reaches = [_date_reach(event, claim, known_since) for claim in _claimed_dates(event)]
    first, last = (
        min([overlap_first, *(claim[0] for claim in claimed_reaches)]),
        max([overlap_last, *(claim[1] for claim in claimed_reaches)]),
    )
    earliest_end = inside_last if event.throughout else low
    is_doubtful = (
        claimed_reaches or any(doubt.uncertain for doubt in spans) or latest_start >= END or earliest_end <= BEGIN
    )
    certain_days = (None, None) if is_doubtful or latest_start > earliest_end else (latest_start, earliest_end)
    sort_day, sort_width = order_key(low, high)
    return {
        "date": date.shown,
        "edtf": date.edtf,
        "extent": "throughout" if event.throughout else "within",
        "earliest": low,
        "latest": high,
        "first": format_iso(low),
        "last": format_iso(high),
        "qualified": qualified,
        "start_qualified": qualified if event.throughout else date.qualified,
        "uncertain": any(doubt.uncertain for doubt in spans),
        "approximate": approximate or date.qualified,
        "sort_day": sort_day,
        "sort_tiebreak": sort_width,
        "overlap_first": first,
        "overlap_last": last,
        "inside_first": inside_first,
        "inside_last": inside_last,
        "start_last": latest_start,
        "certain_first": certain_days[0],
        "certain_last": certain_days[1],
        "axis_first": _first_finite_day(first, earliest_end, last),
        "axis_last": _first_finite_day(last, latest_start, first),
        **(
            {}
            if claimed_reaches
            else _month_columns(overlap_first, overlap_last, inside_first, inside_last, certain=not qualified)
        ),
    }


def _first_finite_day(*days: int) -> int | None:
    """Return the first of the days that is one."""
    return next((day for day in days if BEGIN < day < END), None)


def _month_columns(
    overlap_first: int, overlap_last: int, inside_first: int, inside_last: int, *, certain: bool
) -> dict[str, int]:
    inside_months = (month_number(inside_first), month_number(inside_last)) if certain else (-1, -1)
    return dict(
        zip(
            ("month_first", "month_last", "month_inside_first", "month_inside_last"),
            (month_number(overlap_first), month_number(overlap_last), *inside_months),
            strict=True,
        )
    )


def _date_reach(event: model.Event, date: Span, known_since: Span | None) -> tuple[int, int, int, int, int]:
    """Return (overlap_first, overlap_last, inside_first, inside_last, start_last) of the event on a date.

    The first four are `Span.overlap_bounds`, the last is its latest possible start.
    A plan without a lower bound starts when it became known, in the inner reach too.
    """
    overlap_first, overlap_last, inside_first, inside_last = date.overlap_bounds(event.throughout)
    latest_start = date.throughout[1] if event.throughout else overlap_last
    event_on_date = event if date is event.date else replace(event, date=date)
    low, high = model.event_bounds(event_on_date, known_since) or (overlap_first, overlap_last)
    if event.throughout and (lent_date := model.inferred_start(event_on_date, known_since)):
        latest_start = max(latest_start, min(lent_date.within[1], high))
        inside_first = max(inside_first, latest_start)
    return low, overlap_last, inside_first, max(inside_last, low), latest_start


def _claimed_dates(event: model.Event) -> list[Span]:
    return [citation.date for citation in event.citations if citation.date and "date" in event.disputed]


def child_rows(event: model.Event, sources: Mapping[str, model.Source]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the other tables, by table, each without the event's number."""
    dates, known_since = _claimed_dates(event), model.known_since(event, sources)
    reaches = [_date_reach(event, date, known_since) for date in [*dates, event.date] if dates and date]
    claims: list[tuple[Any, ...]] = [
        (None, overlap_first, overlap_last, start_last, month_number(overlap_first), month_number(overlap_last))
        for overlap_first, overlap_last, _, _, start_last in reaches
    ]
    if "status" in event.disputed:
        claims += [(citation.status, *[None] * 5) for citation in event.citations if citation.status]
    return {
        "participant": [(p.actor, p.role) for p in event.actors],
        "place": [(place, fold(part)) for place in event.places for part in {place, *place.split(",")}],
        "tag": [(tag, fold(tag)) for tag in event.tags],
        "citation": [(source,) for source in dict.fromkeys(c.source for c in event.citations)],
        "link": [(link.type, link.event) for link in event.links],
        "claim": claims,
        "figure": _figure_rows(event),
    }


def _figure_rows(event: model.Event) -> list[tuple[Any, ...]]:
    disputed_claims = [(claim, own) for field, _, claim, own in model.find_contradictions(event) if field == "figures"]
    contested = {figure for _, own in disputed_claims for figure in own}
    own_rows = [_figure_row(figure, qualified=figure in contested) for figure in event.figures]
    return own_rows + [
        _figure_row(claim, qualified=True) for claim, _ in disputed_claims if isinstance(claim, model.Figure)
    ]


def _figure_row(figure: model.Figure, *, qualified: bool) -> tuple[Any, ...]:
    q = figure.quantity
    if q is None:
        return (figure.metric, None, None, None, None, None, None, True)
    low = None if q.low is None else float(q.low)
    high = None if q.high is None else float(q.high)
    return (figure.metric, low, high, q.low_open, q.high_open, unit_key(q.unit), q.per, qualified or q.about)


def search_text(event: model.Event) -> tuple[str, str]:
    """Return the folded words of the title, and of the note, quotes and printed dates."""
    other_texts = [event.note, event.printed, *(c.quote for c in event.citations), *(f.printed for f in event.figures)]
    return search_words(event.title), TEXT_SEPARATOR.join(search_words(part) for part in other_texts if part)


def referenced_ids(event: model.Event) -> list[tuple[str, str, str]]:
    """Return (key, kind, id) of everything that the event names, apart from links: these may point outside."""
    references = [(f"actors.{p.role}" if p.role else "actors", "actor", p.actor) for p in event.actors]
    references += [("sources", "source", c.source) for c in event.citations]
    # Who said it may be an actor, by id, or anybody, by name.
    references += [("sources.by", "actor", c.by) for c in event.citations if c.by and ID_PATTERN.fullmatch(c.by)]
    claimed = [("sources.figures", figure) for citation in event.citations for figure in citation.figures]
    for key_prefix, figure in (*(("figures", figure) for figure in event.figures), *claimed):
        key = f"{key_prefix}.{figure.metric}"
        references += [(f"{key}.of", "actor", figure.of)] if figure.of else []
        references += [(f"{key}.source", "source", figure.source)] if figure.source else []
        # With a value of its own the figure stands by itself: a snapshot of a part stays readable.
        references += [(key, "event", figure.repeats)] if figure.repeats and needs_original(figure) else []
    return list(dict.fromkeys(references))


def all_figures(event: model.Event) -> list[model.Figure]:
    """Return the figures of an event and those that its sources claim."""
    return [*event.figures, *(figure for citation in event.citations for figure in citation.figures)]


def needs_original(figure: model.Figure) -> bool:
    """Tell whether the figure has no number of its own: with one, a snapshot of a part stays readable by itself."""
    return bool(figure.repeats and not figure.quantity)


def _encode_items(items: Any) -> str | None:
    return _ENCODE(items) if items else None


def _list_columns(name: str, items: Sequence[Any], to_text: Callable[[Any], str] = str) -> dict[str, str | None]:
    """Return the columns of a list: as JSON, and as plain text."""
    return {name: _encode_items(items), f"{name}_text": _join_items(items, to_text)}


def _join_items(items: Sequence[Any], to_text: Callable[[Any], str]) -> str | None:
    return join_items(map(to_text, items)) if items else None


def _figure_cell(figure: model.Figure) -> dict[str, Any]:
    """Return the figure's cell in the order of the contract; numbers as the strings of exact decimals."""
    q = figure.quantity
    return {
        "metric": figure.metric,
        "text": figure.text,
        "low": None if q is None or q.low is None else f"{q.low:f}",
        "high": None if q is None or q.high is None else f"{q.high:f}",
        "unit": (f"{q.unit}/{q.per}" if q.per else q.unit) or None if q else None,
        "about": q.about if q else None,
        "of": figure.of,
        "period": figure.period.shown if figure.period else None,
        "basis": figure.basis,
        "source": figure.source,
    }


def _citation_cell(citation: model.Citation) -> dict[str, Any]:
    return {
        "id": citation.source,
        "quote": citation.quote,
        "by": citation.by,
        "date": citation.date.shown if citation.date else None,
        "status": citation.status,
        "figures": [_figure_cell(figure) for figure in citation.figures],
    }
