"""From an event to the rows of the index that answer questions about it: pure, no database."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autotimeline import model
from autotimeline.dates.span import BEGIN, END, iso, month, order_key
from autotimeline.index.cell_text import flat_actor, flat_figure, flat_link, flat_source
from autotimeline.quantities.quantity import unit_key
from autotimeline.store.serialize import event_body
from autotimeline.store.table_reader import ID
from autotimeline.text import fold, listed, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from autotimeline.dates.span import Span

LAST = (END + 1, 0)
"""The order of an undated event."""
# A word that no search asks for, so that no phrase reaches from one text into the next.
BETWEEN = " \ue000 "
# `json.dumps` makes an encoder anew for each call that asks for these.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def columns(event: model.Event, sources: Mapping[str, model.Source]) -> dict[str, Any]:
    """Return the columns of the row in `event`, by name: what it is asked by."""
    public = model.known(event, sources)
    disputed = event.disputed
    return {
        "id": event.id,
        "title": event.title,
        "kind": event.kind,
        "kind_folded": fold(event.kind) if event.kind else None,
        "status": event.status,
        "reported": event.reported,
        "known": public.shown if public else None,
        "known_lo": public.within[0] if public else None,
        "known_hi": public.within[1] if public else None,
        "known_qualified": public.qualified if public else None,
        "known_day": public.plain[1] if public else None,
        "disputed_date": "date" in disputed,
        "disputed_status": "status" in disputed,
        **_list("disputed", disputed),
        "quoted": any(citation.quote for citation in event.citations),
        **_date(event, public),
    }


def details(event: model.Event) -> dict[str, Any]:
    """Return the columns of the row in `detail`, by name: what is handed out."""
    return {
        "note": event.note,
        "printed": event.printed,
        "actors": _json([[p.actor, p.role] for p in event.actors]),
        "actors_text": _flat([{"id": p.actor, "role": p.role} for p in event.actors], flat_actor),
        **_list("places", event.places),
        **_list("tags", event.tags),
        **_list("figures", [_figure(figure) for figure in event.figures], flat_figure),
        **_list("sources", [_citation(citation) for citation in event.citations], flat_source),
        **_list("links", [{"type": link.type, "event": link.event} for link in event.links], flat_link),
        "accept": _json(dict(event.accept)),
        "body": json.dumps(event_body(event), ensure_ascii=False),
    }


def _date(event: model.Event, public: Any) -> dict[str, Any]:
    approximate = any(figure.quantity and figure.quantity.about for figure in event.figures)
    date, bounds = event.date, model.bounds(event, public)
    if date is None or bounds is None:
        flags = dict.fromkeys(("qualified", "start_qualified", "uncertain"), False)
        return {**flags, "approximate": approximate, "o1": LAST[0], "o2": LAST[1]}
    low, high = bounds
    # The doubts of a day that is lent come with it; what starts within a date starts by its end all the same.
    lent = model.lent(event, public)
    doubts = [date, lent] if lent else [date]
    qualified = any(doubt.qualified for doubt in doubts)
    w_lo, w_hi, i_lo, i_hi, start_hi = _reach(event, date, public)
    claimed = [_reach(event, claim, public) for claim in _claimed(event)]
    first, last = min([w_lo, *(claim[0] for claim in claimed)]), max([w_hi, *(claim[1] for claim in claimed)])
    end_lo = i_hi if event.throughout else low
    doubted = claimed or any(doubt.uncertain for doubt in doubts) or start_hi >= END or end_lo <= BEGIN
    core = (None, None) if doubted or start_hi > end_lo else (start_hi, end_lo)
    o1, o2 = order_key(low, high)
    return {
        "date": date.shown,
        "edtf": date.edtf,
        "extent": "throughout" if event.throughout else "within",
        "earliest": low,
        "latest": high,
        "first": iso(low),
        "last": iso(high),
        "qualified": qualified,
        "start_qualified": qualified if event.throughout else date.qualified,
        "uncertain": any(doubt.uncertain for doubt in doubts),
        "approximate": approximate or date.qualified,
        "o1": o1,
        "o2": o2,
        "w_lo": first,
        "w_hi": last,
        "i_lo": i_lo,
        "i_hi": i_hi,
        "start_hi": start_hi,
        "core_lo": core[0],
        "core_hi": core[1],
        "b_lo": _bounded(first, end_lo, last),
        "b_hi": _bounded(last, start_hi, first),
        **({} if claimed else _months(w_lo, w_hi, i_lo, i_hi, certain=not qualified)),
    }


def _bounded(*days: int) -> int | None:
    """Return the first of the days that is one."""
    return next((day for day in days if BEGIN < day < END), None)


def _months(w_lo: int, w_hi: int, i_lo: int, i_hi: int, *, certain: bool) -> dict[str, int]:
    within = (month(i_lo), month(i_hi)) if certain else (-1, -1)
    return dict(zip(("m_lo", "m_hi", "mi_lo", "mi_hi"), (month(w_lo), month(w_hi), *within), strict=True))


def _reach(event: model.Event, date: Span, public: Span | None) -> tuple[int, int, int, int, int]:
    """Return (w_lo, w_hi, i_lo, i_hi, start_hi) of the event on a date: `Span.reach`, and its latest possible start.

    A plan without a lower bound starts when it became known, in the inner reach too.
    """
    w_lo, w_hi, i_lo, i_hi = date.reach(event.throughout)
    start_hi = date.throughout[1] if event.throughout else w_hi
    dated = event if date is event.date else replace(event, date=date)
    low, high = model.bounds(dated, public) or (w_lo, w_hi)
    if event.throughout and (lent := model.lent(dated, public)):
        start_hi = max(start_hi, min(lent.within[1], high))
        i_lo = max(i_lo, start_hi)
    return low, w_hi, i_lo, max(i_hi, low), start_hi


def _claimed(event: model.Event) -> list[Span]:
    return [citation.date for citation in event.citations if citation.date and "date" in event.disputed]


def children(event: model.Event, sources: Mapping[str, model.Source]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the other tables, by table, each without the event's number."""
    dates, public = _claimed(event), model.known(event, sources)
    reaches = [_reach(event, date, public) for date in [*dates, event.date] if dates and date]
    claims: list[tuple[Any, ...]] = [
        (None, w_lo, w_hi, start_hi, month(w_lo), month(w_hi)) for w_lo, w_hi, _, _, start_hi in reaches
    ]
    if "status" in event.disputed:
        claims += [(citation.status, *[None] * 5) for citation in event.citations if citation.status]
    return {
        "party": [(p.actor, p.role) for p in event.actors],
        "place": [(place, fold(part)) for place in event.places for part in {place, *place.split(",")}],
        "tag": [(tag, fold(tag)) for tag in event.tags],
        "citation": [(source,) for source in dict.fromkeys(c.source for c in event.citations)],
        "link": [(link.type, link.event) for link in event.links],
        "claim": claims,
        "figure": _numbers(event),
    }


def _numbers(event: model.Event) -> list[tuple[Any, ...]]:
    disputed = [(claim, own) for field, _, claim, own in model.contradictions(event) if field == "figures"]
    contested = {figure for _, own in disputed for figure in own}
    own = [_number(figure, qualified=figure in contested) for figure in event.figures]
    return own + [_number(claim, qualified=True) for claim, _ in disputed if isinstance(claim, model.Figure)]


def _number(figure: model.Figure, *, qualified: bool) -> tuple[Any, ...]:
    q = figure.quantity
    if q is None:
        return (figure.metric, None, None, None, None, None, None, True)
    low = None if q.low is None else float(q.low)
    high = None if q.high is None else float(q.high)
    return (figure.metric, low, high, q.low_open, q.high_open, unit_key(q.unit), q.per, qualified or q.about)


def text(event: model.Event) -> tuple[str, str]:
    """Return the folded words of the title, and of the note, quotes and printed dates."""
    rest = [event.note, event.printed, *(c.quote for c in event.citations), *(f.printed for f in event.figures)]
    return words(event.title), BETWEEN.join(words(part) for part in rest if part)


def references(event: model.Event) -> list[tuple[str, str, str]]:
    """Return (key, kind, id) of everything that the event names, apart from links: these may point outside."""
    found = [(f"actors.{p.role}" if p.role else "actors", "actor", p.actor) for p in event.actors]
    found += [("sources", "source", c.source) for c in event.citations]
    # Who said it may be an actor, by id, or anybody, by name.
    found += [("sources.by", "actor", c.by) for c in event.citations if c.by and ID.fullmatch(c.by)]
    claimed = [("sources.figures", figure) for citation in event.citations for figure in citation.figures]
    for where, figure in (*(("figures", figure) for figure in event.figures), *claimed):
        at = f"{where}.{figure.metric}"
        found += [(f"{at}.of", "actor", figure.of)] if figure.of else []
        found += [(f"{at}.source", "source", figure.source)] if figure.source else []
        # With a value of its own the figure stands by itself: a snapshot of a part stays readable.
        found += [(at, "event", figure.repeats)] if figure.repeats and repeated(figure) else []
    return list(dict.fromkeys(found))


def all_figures(event: model.Event) -> list[model.Figure]:
    """Return the figures of an event and those that its sources claim."""
    return [*event.figures, *(figure for citation in event.citations for figure in citation.figures)]


def repeated(figure: model.Figure) -> bool:
    """Tell whether the figure has no number of its own: with one, a snapshot of a part stays readable by itself."""
    return bool(figure.repeats and not figure.quantity)


def _json(items: Any) -> str | None:
    return _ENCODE(items) if items else None


def _list(name: str, items: Sequence[Any], flat: Callable[[Any], str] = str) -> dict[str, str | None]:
    """Return the columns of a list: as JSON, and as plain text."""
    return {name: _json(items), f"{name}_text": _flat(items, flat)}


def _flat(items: Sequence[Any], flat: Callable[[Any], str]) -> str | None:
    return listed(map(flat, items)) if items else None


def _figure(figure: model.Figure) -> dict[str, Any]:
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


def _citation(citation: model.Citation) -> dict[str, Any]:
    return {
        "id": citation.source,
        "quote": citation.quote,
        "by": citation.by,
        "date": citation.date.shown if citation.date else None,
        "status": citation.status,
        "figures": [_figure(figure) for figure in citation.figures],
    }
