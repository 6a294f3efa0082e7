"""Conversion of the table of an event to a frozen value."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from autotimeline import model
from autotimeline.errors import QuantityError
from autotimeline.quantities.parse import parse_quantity
from autotimeline.store.table_reader import ID_PATTERN, TableReader, id_hint, type_name
from autotimeline.text import suggest

if TYPE_CHECKING:
    from autotimeline.dates.span import Span

# Most quantities of a store occur more than once.
_parse_quantity_cached = lru_cache(4096)(parse_quantity)
_METRIC_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


def parse_event(reader: TableReader, file: str = "", line: int = 0) -> model.Event:
    """Parse an event; the value is unusable if the reader has problems afterwards."""
    id = reader.get_id("id", required=True)
    date, period = reader.get_date("date"), reader.get_date("period")
    if "date" in reader.body and "period" in reader.body:
        text = "date and period exclude each other; keep date (some time within) or period (throughout)"
        reader.add_problem("period", text)
    value = model.Event(
        id=id or "?",
        date=date or period,
        throughout=period is not None,
        printed=reader.get_text("printed"),
        known=reader.get_date("known"),
        title=reader.get_text("title", required=True) or "?",
        kind=reader.get_text("kind"),
        status=reader.get_text("status", allowed=model.STATUSES) or "happened",
        reported=reader.get_flag("reported"),
        actors=_parse_participants(reader),
        places=reader.get_texts("places"),
        tags=_parse_tags(reader),
        figures=_parse_figures(reader, period),
        citations=_parse_citations(reader, period),
        links=_parse_links(reader),
        accept=_parse_accepted(reader),
        note=reader.get_text("note"),
        file=file,
        line=line,
    )
    reader.reject_unknown_keys()
    return value


def _parse_tags(reader: TableReader) -> tuple[str, ...]:
    tags = reader.get_texts("tags")
    if any("," in tag for tag in tags):
        split_tags = dict.fromkeys(part.strip() for tag in tags for part in tag.split(",") if part.strip())
        reader.add_problem("tags", f"comma in a tag; write {json.dumps(list(split_tags), ensure_ascii=False)}")
    return tags


def _parse_participants(reader: TableReader) -> tuple[model.Participant, ...]:
    value = reader.body.get("actors")
    if not isinstance(value, dict):
        return tuple(model.Participant(id) for id in reader.get_texts("actors", ids=True))
    reader.get("actors")
    role_reader = TableReader(value, reader.problems, ("actors",))
    return tuple(model.Participant(id, role) for role in value for id in role_reader.get_texts(role, ids=True))


def _parse_figures(reader: TableReader, period: Span | None) -> tuple[model.Figure, ...]:
    figures = []
    for metric, value in reader.get_table("figures", '{ investment = "~1.5bn EUR" }').items():
        if not _METRIC_NAME.fullmatch(metric):
            reader.add_problem("figures", f'"{metric}" is not a metric; use a-z, 0-9, - and _')
            continue
        path = (*reader.path, "figures", metric)
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            body = item if isinstance(item, dict) else {"value": item}
            item_path = (*path, index) if isinstance(value, list) else path
            figures.append(_parse_figure(TableReader(body, reader.problems, item_path), metric, period))
    return tuple(figures)


def _parse_figure(reader: TableReader, metric: str, period: Span | None) -> model.Figure:
    number = reader.get("value")
    repeats = reader.get_id("repeats")
    quantity = None
    if isinstance(number, str) and number.startswith("@"):
        repeats, number = number[1:], None
        if not ID_PATTERN.fullmatch(repeats):
            reader.add_problem("", f'"@{repeats}" is not the id of an event; {id_hint(repeats)}')
    if isinstance(number, int | Decimal) and not isinstance(number, bool):
        number = str(number)
    if isinstance(number, str):
        try:
            quantity = _parse_quantity_cached(number)
        except QuantityError as error:
            reader.add_problem("", str(error))
    elif number is not None:
        reader.add_problem("", f'must be a quantity in quotes, like "~1.5bn EUR", not {type_name(number)}')
    printed = reader.get_text("printed")
    if quantity is None and printed is None and repeats is None and number is None:
        reader.add_problem("", 'missing; write value = "…", or printed = "…" if the source gives no number')
    value = model.Figure(
        metric,
        quantity,
        printed,
        reader.get_id("of"),
        reader.get_date("period") or (None if repeats else period),
        reader.get_text("basis", allowed=model.BASES) or "actual",
        reader.get_id("source"),
        repeats,
        reader.get_text("note"),
    )
    reader.reject_unknown_keys()
    return value


def _parse_citations(reader: TableReader, period: Span | None) -> tuple[model.Citation, ...]:
    value = reader.get("sources")
    citations = []
    for index, item in enumerate(value if isinstance(value, list) else [] if value is None else [value]):
        if not isinstance(item, str | dict):
            text = f'must be a list of source ids, or of tables like {{ id = "…" }}, not {type_name(item)}'
            reader.add_problem("sources", text)
            continue
        body = item if isinstance(item, dict) else {"id": item}
        citation_reader = TableReader(body, reader.problems, ("sources", index))
        citations.append(
            model.Citation(
                citation_reader.get_id("id", required=True) or "?",
                citation_reader.get_text("quote"),
                citation_reader.get_text("by"),
                citation_reader.get_date("date"),
                citation_reader.get_text("status", allowed=model.STATUSES),
                _parse_figures(citation_reader, period),
                citation_reader.get_text("note"),
            )
        )
        citation_reader.reject_unknown_keys()
    return tuple(citations)


def _parse_links(reader: TableReader) -> tuple[model.Link, ...]:
    table = reader.get_table("links", '{ leads-to = ["…"] }')
    link_reader = TableReader(table, reader.problems, ("links",))
    for type in table:
        if type not in model.LINK_INVERSES:
            text = f"unknown link type{suggest(type, model.LINK_INVERSES)}; there are {', '.join(model.LINK_INVERSES)}"
            link_reader.add_problem(type, text)
    known_types = filter(model.LINK_INVERSES.__contains__, table)
    return tuple(model.Link(type, id) for type in known_types for id in link_reader.get_texts(type, ids=True))


def _parse_accepted(reader: TableReader) -> dict[str, str]:
    table = reader.get_table("accept", '{ disputed = "why" }')
    reason_reader = TableReader(table, reader.problems, ("accept",))
    return {rule: reason for rule in table if (reason := reason_reader.get_text(rule))}
