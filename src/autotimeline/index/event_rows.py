"""Conversion of an event to its rows in the index, without database access."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autotimeline import knowledge, model
from autotimeline.dates.span import BEGIN, END, Span, format_iso, month_number
from autotimeline.json_text import ITEM_SEPARATOR, encode_json
from autotimeline.keys import CITATION, FIGURE, Key
from autotimeline.quantities.quantity import unit_key
from autotimeline.schema import PLAIN_KEYS
from autotimeline.store.serialize import event_to_toml
from autotimeline.store.table_reader import ID_PATTERN
from autotimeline.table import actor_to_text, citation_to_text, figure_to_text, link_to_text
from autotimeline.text import fold, join_items, search_words

UNDATED_ORDER = (END + 1, 0)
"""sort_day and sort_tiebreak of an undated event."""
MONTH_COLUMNS = ("month_first", "month_last", "month_inside_first", "month_inside_last")
# A word that no query contains, so that no phrase matches across two texts.
_FIGURE_REFERENCES = [key for key in FIGURE.values() if key.refers and key.listed]
TEXT_SEPARATOR = " \ue000 "


def event_row(event: model.Event, sources: Mapping[str, model.Source]) -> dict[str, Any]:
    """Return the columns of the table `event`, which filters and sorting read."""
    known_since = knowledge.known_since(event, sources)
    disputed_fields = event.disputed_fields
    return {
        "id": event.id,
        "title": event.title,
        "kind": event.kind,
        "status": event.status,
        **{name: getattr(event, name) for name, type in PLAIN_KEYS if type == "flag"},
        "known": known_since.shown if known_since else None,
        "known_first": known_since.within[0] if known_since else None,
        "known_last": known_since.within[1] if known_since else None,
        "known_qualified": known_since.qualified if known_since else None,
        "known_day": known_since.nominal[1] if known_since else None,
        # An undated event stays undated, even if its sources disagree about the date.
        "disputed_date": event.date is not None and "date" in disputed_fields,
        "disputed_status": "status" in disputed_fields,
        **_list_columns("disputed", event.disputed),
        "quoted": any(citation.quote for citation in event.citations),
        **_date_columns(event, known_since),
    }


def detail_row(event: model.Event) -> dict[str, Any]:
    """Return the columns of the table `detail`, which output reads."""
    return {
        **_plain_texts(event),
        "actors": _encode_items([[p.actor, p.role] for p in event.actors]),
        "actors_text": _join_items([{"id": p.actor, "role": p.role} for p in event.actors], actor_to_text),
        **_list_columns("places", event.places),
        **_list_columns("tags", event.tags),
        **_list_columns("figures", [figure_cell(figure) for figure in event.figures], figure_to_text),
        **_list_columns("sources", [_citation_cell(citation) for citation in event.citations], citation_to_text),
        **_list_columns("links", [{"type": link.type, "event": link.event} for link in event.links], link_to_text),
        "accept": encode_json(dict(event.accept)) if event.accept else None,
        "body": json.dumps(event_to_toml(event), ensure_ascii=False),
    }


def _plain_texts(event: model.Event) -> dict[str, str | None]:
    return {
        name: event.texts.get(name) if name in model.EXTRA_TEXTS else getattr(event, name)
        for name, type in PLAIN_KEYS
        if type == "text"
    }


def _date_columns(event: model.Event, known_since: Any) -> dict[str, Any]:
    approximate = any(figure.quantity and figure.quantity.about for figure in event.figures)
    date, bounds = event.date, knowledge.event_bounds(event, known_since)
    if date is None or bounds is None:
        flags = dict.fromkeys(("qualified", "start_qualified", "uncertain"), False)
        return {
            **flags,
            "approximate": approximate,
            **dict(zip(("sort_day", "sort_tiebreak"), UNDATED_ORDER, strict=True)),
        }
    low, high = bounds
    has_inferred_start = knowledge.has_only_deadline(event)
    # An inferred start adds its doubts.
    uncertain = date.uncertain or bool(has_inferred_start and known_since and known_since.uncertain)
    qualified = date.qualified or has_inferred_start
    *reach, start_last = _date_reach(event, date, known_since)
    claimed_reaches = [_date_reach(event, claim, known_since) for claim in _claimed_dates(event)]
    first = min([reach[0], *(claim[0] for claim in claimed_reaches)])
    last = max([reach[1], *(claim[1] for claim in claimed_reaches)])
    end_first = reach[3] if event.throughout else low
    is_bounded = reach[2] < END and end_first > BEGIN
    is_certain = is_bounded and start_last <= end_first and not (claimed_reaches or uncertain or has_inferred_start)
    months = {} if claimed_reaches else dict(zip(MONTH_COLUMNS, map(month_number, reach), strict=True))
    if months and qualified:
        months.update(month_inside_first=-1, month_inside_last=-1)
    sort_day, sort_tiebreak = date.sort_key
    return {
        "date": date.shown,
        "edtf": date.edtf,
        "extent": "throughout" if event.throughout else "within",
        "earliest": low,
        "latest": high,
        # Only a stated first day is shown.
        "first": None if has_inferred_start else format_iso(low),
        "last": format_iso(high),
        "qualified": qualified,
        "start_qualified": date.qualified,
        "uncertain": uncertain,
        "approximate": approximate or date.qualified,
        "sort_day": sort_day,
        "sort_tiebreak": sort_tiebreak,
        "overlap_first": first,
        "overlap_last": last,
        "inside_first": reach[2],
        "inside_last": reach[3],
        "start_last": start_last,
        "certain_first": start_last if is_certain else None,
        "certain_last": end_first if is_certain else None,
        "axis_first": _first_bounded_day(first, end_first, last),
        "axis_last": _first_bounded_day(last, start_last, first),
        **months,
    }


def _first_bounded_day(*days: int) -> int | None:
    return next((day for day in days if BEGIN < day < END), None)


def _date_reach(event: model.Event, date: Span, known_since: Span | None) -> tuple[int, int, int, int, int]:
    """Return (overlap_first, overlap_last, inside_first, inside_last, start_last) of the event on a date."""
    overlap_first, overlap_last, inside_first, inside_last = date.overlap_bounds(event.throughout)
    # "from 2024" starts in 2024, but "2024 or later" at any time.
    is_open_interval = overlap_last == END and "/" in date.edtf
    start_last = date.throughout[1] if event.throughout or is_open_interval else overlap_last
    event_on_date = event if date is event.date else replace(event, date=date)
    low, high = knowledge.event_bounds(event_on_date, known_since) or (overlap_first, overlap_last)
    if knowledge.has_only_deadline(event_on_date):
        start_last = inside_first = high
    return low, overlap_last, inside_first, max(inside_last, low), start_last


def _claimed_dates(event: model.Event) -> list[Span]:
    is_disputed = event.date is not None and "date" in event.disputed_fields
    return [citation.date for citation in event.citations if citation.date and is_disputed]


def child_rows(event: model.Event, sources: Mapping[str, model.Source]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the other tables, each without the event's number."""
    dates, known_since = _claimed_dates(event), knowledge.known_since(event, sources)
    reaches = [_date_reach(event, date, known_since) for date in [*dates, event.date] if dates and date]
    claims: list[tuple[Any, ...]] = [
        (None, first, last, start_last, month_number(first), month_number(last))
        for first, last, _, _, start_last in reaches
    ]
    if "status" in event.disputed_fields:
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
    contested: set[model.ClaimValue] = set()
    claims = []
    for _, _, claim, values in model.find_contradictions(event):
        if isinstance(claim, model.Figure):
            comparable = {figure for figure in event.figures if model.figures_agree(figure, claim) is not None}
            contested |= comparable.intersection(values) or comparable
            claims += [claim] if comparable else []
    rows = [_figure_row(figure, qualified=figure in contested) for figure in event.figures]
    return rows + [_figure_row(claim, qualified=True) for claim in claims]


def _figure_row(figure: model.Figure, *, qualified: bool) -> tuple[Any, ...]:
    q = figure.quantity
    if q is None:
        return (figure.metric, None, None, None, None, None, None, True)
    low = None if q.low is None else float(q.low)
    high = None if q.high is None else float(q.high)
    return (figure.metric, low, high, q.low_open, q.high_open, unit_key(q.unit), q.per, qualified or q.about)


def search_text(event: model.Event) -> tuple[str, str]:
    """Return the folded words of the title, and those of the places, the note, other plain texts, and quotes."""
    quotes, printed = (c.quote for c in event.citations), (f.printed for f in event.figures)
    other_texts = [*event.places, *reversed(_plain_texts(event).values()), *quotes, *printed]
    return search_words(event.title), TEXT_SEPARATOR.join(search_words(part) for part in other_texts if part)


def referenced_ids(event: model.Event) -> list[tuple[str, str, str]]:
    """Return (key, kind, id) of every reference, except links, whose events may be missing."""
    references = [(f"actors.{p.role}" if p.role else "actors", "actor", p.actor) for p in event.actors]
    references += [("sources", "source", c.source) for c in event.citations]
    # `by` is an actor's id or any name.
    references += [("sources.by", "actor", c.by) for c in event.citations if c.by and ID_PATTERN.fullmatch(c.by)]
    claimed = [("sources.figures", figure) for citation in event.citations for figure in citation.figures]
    for key_prefix, figure in (*(("figures", figure) for figure in event.figures), *claimed):
        key = f"{key_prefix}.{figure.metric}"
        references += [
            (f"{key}.{declared.name}", declared.refers, id)
            for declared in _FIGURE_REFERENCES
            if (id := getattr(figure, declared.attribute))
        ]
        # A figure with a value does not need its original: a snapshot of a part stays readable.
        references += [(key, "event", figure.repeats)] if figure.repeats and needs_original(figure) else []
    return list(dict.fromkeys(references))


def all_figures(event: model.Event) -> list[model.Figure]:
    """Return the figures of an event and those that its sources claim."""
    return [*event.figures, *(figure for citation in event.citations for figure in citation.figures)]


def needs_original(figure: model.Figure) -> bool:
    """Return whether a figure repeats another without stating the value; an export of a part of the store adds it."""
    return bool(figure.repeats and not figure.quantity)


def _encode_items(items: Sequence[Any]) -> str | None:
    return f"[{ITEM_SEPARATOR.join(map(encode_json, items))}]" if items else None


def _list_columns(name: str, items: Sequence[Any], to_text: Callable[[Any], str] = str) -> dict[str, str | None]:
    """Return the two columns of a list, as JSON and as text."""
    return {name: _encode_items(items), f"{name}_text": _join_items(items, to_text)}


def _join_items(items: Sequence[Any], to_text: Callable[[Any], str]) -> str | None:
    return join_items(map(to_text, items)) if items else None


def figure_cell(figure: model.Figure) -> dict[str, Any]:
    """Return a figure as a cell of the contract."""
    q = figure.quantity
    keys = listed_cells(FIGURE, figure)
    keys["holder"] = keys.pop("holder")
    return {
        "metric": figure.metric,
        "text": figure.text,
        "low": q.low if q else None,
        "high": q.high if q else None,
        "unit": (f"{q.unit}/{q.per}" if q.per else q.unit) or None if q else None,
        "about": q.about if q else None,
        **keys,
    }


def _citation_cell(citation: model.Citation) -> dict[str, Any]:
    return {**listed_cells(CITATION, citation), "figures": [figure_cell(figure) for figure in citation.figures]}


def listed_cells(keys: Mapping[str, Key], value: Any) -> dict[str, Any]:
    """Return the keys of a figure or a citation that the records of `list` contain; dates as they are shown."""
    cells = {name: getattr(value, key.attribute) for name, key in keys.items() if key.listed}
    return {name: cell.shown if isinstance(cell, Span) else cell for name, cell in cells.items()}
