"""Turn the tables of a block into frozen values, or into problems that name the key and the remedy."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from autotimeline import model
from autotimeline.errors import QuantityError
from autotimeline.quantities.parse import parse as parse_quantity
from autotimeline.store.fields import ID, Fields, kind_of
from autotimeline.store.lines import Lines
from autotimeline.text import nearest

if TYPE_CHECKING:
    from autotimeline.dates.span import Span

FORMAT = 1
_METRIC = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_KINDS = ("store", "source", "actor", "era", "alias", "event")


class Problem:
    """What is wrong with a piece of a store: the rule it breaks, the line in its block (from 0), the event."""

    __slots__ = ("event", "line", "rule", "text")

    def __init__(self, text: str, line: int, event: str | None = None, rule: str = "form") -> None:
        self.text = text
        self.line = line
        self.event = event
        self.rule = rule


class Item:
    """One thing that a block defines: its kind, id, value, and the line in its block (from 0)."""

    __slots__ = ("id", "kind", "line", "value")

    def __init__(self, kind: str, id: str, value: Any, line: int) -> None:
        self.kind = kind
        self.id = id
        self.value = value
        self.line = line


def read(tables: dict[str, Any], text: str) -> tuple[list[Item], list[Problem]]:
    """Return what the tables of a block define, and every problem in them; `text` is the block, for lines.

    An item with a problem is left out.
    """
    items: list[Item] = []
    problems: list[Problem] = []
    lines = Lines(text)
    for kind, content in tables.items():
        if kind not in _KINDS:
            problems.append(Problem(f'unknown table or key "{kind}"{nearest(kind, _KINDS)}', lines.key(kind)))
        elif kind == "event":
            _events(content, lines, items, problems)
        elif not isinstance(content, dict):
            problems.append(Problem(f'"{kind}" must be a table: write [{kind}]', lines.key(kind)))
        elif kind == "store":
            _one(kind, "", content, lines, items, problems)
        else:
            for id, body in content.items():
                _one(kind, id, {"query": body} if kind == "alias" else body, lines, items, problems)
    return items, problems


def event(body: dict[str, Any], file: str = "", line: int = 0) -> model.Event:
    """Return the event of a body that was read without problems before."""
    fields = Fields(body)
    return _event(fields, file, line)


def entity(kind: str, id: str, body: dict[str, Any]) -> Any:
    """Return the source, actor, era, alias or store of a body that was read without problems before."""
    return _READERS[kind](Fields(body), id)


def _events(content: Any, lines: Lines, items: list[Item], problems: list[Problem]) -> None:
    if not isinstance(content, list) or not all(isinstance(body, dict) for body in content):
        problems.append(Problem('"event" must be an array of tables: write [[event]]', lines.key("event")))
        return
    known = len(lines.events) == len(content)
    for at, body in enumerate(content):
        name = body.get("id")
        start = lines.events[at] if known else lines.holding(f'"{name}"')
        _collect("event", str(name), body, lines, start, items, problems)


def _one(kind: str, id: str, body: Any, lines: Lines, items: list[Item], problems: list[Problem]) -> None:
    start = lines.key(id) if kind == "alias" else lines.header(f"{kind}.{id}" if id else kind)
    if not isinstance(body, dict):
        problems.append(Problem(f'{kind} "{id}" must be a table: write [{kind}.{id}]', start))
        return
    if kind != "store" and not ID.fullmatch(id):
        problems.append(
            Problem(f'{kind} "{id}": an id is made of a-z, 0-9 and single hyphens, like "my-{kind}"', start)
        )
        return
    _collect(kind, id, body, lines, start, items, problems)


def _collect(
    kind: str,
    id: str,
    body: dict[str, Any],
    lines: Lines,
    start: int,
    items: list[Item],
    problems: list[Problem],
) -> None:
    fields = Fields(body)
    value = _event(fields) if kind == "event" else _READERS[kind](fields, id)
    name = value.id if kind == "event" else None
    label = "" if kind == "event" else f'{kind} "{id}": ' if id else f"{kind}: "
    for key, what in fields.problems:
        problems.append(Problem(f"{label}{what}", lines.key(key, start), name))
    if not fields.problems:
        items.append(Item(kind, value.id if kind == "event" else id, value, start))


def _store(fields: Fields, id: str) -> model.Store:
    number = fields.take("format")
    if isinstance(number, int) and number > FORMAT:
        fields.wrong(
            "format",
            f"{number} is newer than this autotimeline reads ({FORMAT}); install a newer autotimeline",
        )
    elif number is not None and (number != FORMAT or isinstance(number, bool)):
        fields.wrong("format", f"must be {FORMAT}")
    value = model.Store(fields.text("title"))
    fields.end()
    return value


def _source(fields: Fields, id: str) -> model.Source:
    value = model.Source(
        id,
        fields.text("title", required=True) or id,
        fields.date("published"),
        fields.text("url"),
        fields.text("file"),
        fields.text("origin"),
        fields.text("status", word=model.SOURCE_STATUSES),
        fields.text("note"),
    )
    fields.end()
    return value


def _actor(fields: Fields, id: str) -> model.Actor:
    value = model.Actor(
        id,
        fields.text("name", required=True) or id,
        fields.texts("aliases"),
        fields.text("kind"),
        fields.texts("part_of", ids=True),
        fields.text("note"),
    )
    fields.end()
    return value


def _era(fields: Fields, id: str) -> model.Era | None:
    name, period = fields.text("name", required=True), fields.date("period")
    if period is None and "period" not in fields.body:
        fields.wrong("period", 'missing; write period = "2023/2025-06"')
    value = model.Era(id, name or id, period, fields.text("note")) if period else None
    fields.end()
    return value


def _alias(fields: Fields, id: str) -> str | None:
    return fields.text("query", required=True)


_READERS: dict[str, Any] = {"store": _store, "source": _source, "actor": _actor, "era": _era, "alias": _alias}


def _event(fields: Fields, file: str = "", line: int = 0) -> model.Event:
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
        tags=fields.texts("tags"),
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


def _participants(fields: Fields) -> tuple[model.Participant, ...]:
    value = fields.body.get("actors")
    if not isinstance(value, dict):
        return tuple(model.Participant(id) for id in fields.texts("actors", ids=True))
    fields.take("actors")
    roles = Fields(value, fields.problems, "actors")
    return tuple(model.Participant(id, role) for role in value for id in roles.texts(role, ids=True))


def _figures(fields: Fields, period: Span | None) -> tuple[model.Figure, ...]:
    found = []
    for metric, value in fields.table("figures", '{ investment = "~1.5bn EUR" }').items():
        if not _METRIC.fullmatch(metric):
            fields.wrong("figures", f'"{metric}" is no metric; a metric is made of a-z, 0-9, - and _')
            continue
        at = f"{fields.at}.figures.{metric}" if fields.at else f"figures.{metric}"
        for one in value if isinstance(value, list) else [value]:
            body = one if isinstance(one, dict) else {"value": one}
            found.append(_figure(Fields(body, fields.problems, at), metric, period))
    return tuple(found)


def _figure(fields: Fields, metric: str, period: Span | None) -> model.Figure:
    number = fields.take("value")
    repeats = fields.id("repeats")
    quantity = None
    if isinstance(number, str) and number.startswith("@"):
        repeats, number = number[1:], None
    if isinstance(number, int | Decimal) and not isinstance(number, bool):
        number = str(number)
    if isinstance(number, str):
        try:
            quantity = parse_quantity(number)
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
        fields.date("period") or period,
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
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        if not isinstance(one, str | dict):
            fields.wrong(
                "sources", f'must be a list of source ids, or of tables like {{ id = "…" }}, not {kind_of(one)}'
            )
            continue
        cited = Fields(one if isinstance(one, dict) else {"id": one}, fields.problems, "sources")
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
    links = Fields(table, fields.problems, "links")
    for type in table:
        if type not in model.LINKS:
            links.wrong(type, f"unknown link type{nearest(type, model.LINKS)}; there are {', '.join(model.LINKS)}")
    return tuple(model.Link(type, id) for type in table if type in model.LINKS for id in links.texts(type, ids=True))


def _accepted(fields: Fields) -> dict[str, str]:
    table = fields.table("accept", '{ disputed = "why" }')
    reasons = Fields(table, fields.problems, "accept")
    return {rule: why for rule in table if (why := reasons.text(rule))}
