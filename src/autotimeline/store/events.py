"""Turn the table of an event into a frozen value."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from autotimeline import model
from autotimeline.errors import QuantityError
from autotimeline.quantities.parse import parse as parse_quantity
from autotimeline.store.table_reader import ID, Fields, kind_of, made_of
from autotimeline.text import nearest

if TYPE_CHECKING:
    from autotimeline.dates.span import Span

# Few of a store's quantities differ either.
_quantity = lru_cache(4096)(parse_quantity)
_METRIC = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


def event(fields: Fields, file: str = "", line: int = 0) -> model.Event:
    """Return an event; `fields` note what does not fit, and then the value is none to keep."""
    id = fields.id("id", required=True)
    date, period = fields.date("date"), fields.date("period")
    if "date" in fields.body and "period" in fields.body:
        fields.wrong(
            "period",
            "date and period exclude each other; keep date (some time within) or period (throughout)",
        )
    value = model.Event(
        id=id or "?",
        date=date or period,
        throughout=period is not None,
        printed=fields.text("printed"),
        known=fields.date("known"),
        title=fields.text("title", required=True) or "?",
        kind=fields.text("kind"),
        status=fields.text("status", word=model.STATUSES) or "happened",
        reported=fields.flag("reported"),
        actors=_participants(fields),
        places=fields.texts("places"),
        tags=_tags(fields),
        figures=_figures(fields, period),
        citations=_citations(fields, period),
        links=_links(fields),
        accept=_accepted(fields),
        note=fields.text("note"),
        file=file,
        line=line,
    )
    fields.end()
    return value


def _tags(fields: Fields) -> tuple[str, ...]:
    tags = fields.texts("tags")
    if any("," in tag for tag in tags):
        each = dict.fromkeys(part.strip() for tag in tags for part in tag.split(",") if part.strip())
        fields.wrong("tags", f"a tag holds no comma; write {json.dumps(list(each), ensure_ascii=False)}")
    return tags


def _participants(fields: Fields) -> tuple[model.Participant, ...]:
    value = fields.body.get("actors")
    if not isinstance(value, dict):
        return tuple(model.Participant(id) for id in fields.texts("actors", ids=True))
    fields.take("actors")
    roles = Fields(value, fields.problems, ("actors",))
    return tuple(model.Participant(id, role) for role in value for id in roles.texts(role, ids=True))


def _figures(fields: Fields, period: Span | None) -> tuple[model.Figure, ...]:
    found = []
    for metric, value in fields.table("figures", '{ investment = "~1.5bn EUR" }').items():
        if not _METRIC.fullmatch(metric):
            fields.wrong("figures", f'"{metric}" is no metric; a metric is made of a-z, 0-9, - and _')
            continue
        at = (*fields.at, "figures", metric)
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            body = one if isinstance(one, dict) else {"value": one}
            here = (*at, number) if isinstance(value, list) else at
            found.append(_figure(Fields(body, fields.problems, here), metric, period))
    return tuple(found)


def _figure(fields: Fields, metric: str, period: Span | None) -> model.Figure:
    number = fields.take("value")
    repeats = fields.id("repeats")
    quantity = None
    if isinstance(number, str) and number.startswith("@"):
        repeats, number = number[1:], None
        if not ID.fullmatch(repeats):
            fields.wrong("", f'"@{repeats}" names no event; {made_of(repeats)}')
    if isinstance(number, int | Decimal) and not isinstance(number, bool):
        number = str(number)
    if isinstance(number, str):
        try:
            quantity = _quantity(number)
        except QuantityError as error:
            fields.wrong("", str(error))
    elif number is not None:
        fields.wrong("", f'must be a quantity in quotes, like "~1.5bn EUR", not {kind_of(number)}')
    printed = fields.text("printed")
    if quantity is None and printed is None and repeats is None and number is None:
        fields.wrong("", 'missing; write value = "…", or printed = "…" where the source gives no number')
    value = model.Figure(
        metric,
        quantity,
        printed,
        fields.id("of"),
        fields.date("period") or (None if repeats else period),
        fields.text("basis", word=model.BASES) or "actual",
        fields.id("source"),
        repeats,
        fields.text("note"),
    )
    fields.end()
    return value


def _citations(fields: Fields, period: Span | None) -> tuple[model.Citation, ...]:
    value = fields.take("sources")
    found = []
    for number, one in enumerate(value if isinstance(value, list) else [] if value is None else [value]):
        if not isinstance(one, str | dict):
            fields.wrong(
                "sources", f'must be a list of source ids, or of tables like {{ id = "…" }}, not {kind_of(one)}'
            )
            continue
        cited = Fields(one if isinstance(one, dict) else {"id": one}, fields.problems, ("sources", number))
        found.append(
            model.Citation(
                cited.id("id", required=True) or "?",
                cited.text("quote"),
                cited.text("by"),
                cited.date("date"),
                cited.text("status", word=model.STATUSES),
                _figures(cited, period),
                cited.text("note"),
            )
        )
        cited.end()
    return tuple(found)


def _links(fields: Fields) -> tuple[model.Link, ...]:
    table = fields.table("links", '{ leads-to = ["…"] }')
    links = Fields(table, fields.problems, ("links",))
    for type in table:
        if type not in model.LINKS:
            links.wrong(type, f"unknown link type{nearest(type, model.LINKS)}; there are {', '.join(model.LINKS)}")
    return tuple(model.Link(type, id) for type in table if type in model.LINKS for id in links.texts(type, ids=True))


def _accepted(fields: Fields) -> dict[str, str]:
    table = fields.table("accept", '{ disputed = "why" }')
    reasons = Fields(table, fields.problems, ("accept",))
    return {rule: why for rule in table if (why := reasons.text(rule))}
