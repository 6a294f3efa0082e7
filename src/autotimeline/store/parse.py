"""Conversion of the tables of a store to frozen values, along the keys of `schema`."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from autotimeline import model, schema
from autotimeline.errors import QuantityError
from autotimeline.keys import CITATION, FIGURE, KEYS, Key
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import Quantity
from autotimeline.store.own_period import with_own_period
from autotimeline.store.table_reader import ID_PATTERN, METRIC_PATTERN, KeyPath, TableReader, id_hint, type_name
from autotimeline.text import suggest_or_list

# Most quantities of a store occur more than once.
_parse_quantity_cached = lru_cache(4096)(parse_quantity)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_EXCLUSIVE_DATES = {
    "event": "date (some time within) or period (throughout)",
    "rate": "date (its day) or period (an average)",
}
_CLASSES: dict[str, Callable[..., Any]] = {
    "store": model.StoreHeader,
    "snapshot": model.SnapshotHeader,
    "source": model.Source,
    "actor": model.Actor,
    "era": model.Era,
    "metric": model.Metric,
    "rate": model.Rate,
}


def parse_entry(
    kind: str, id: str, body: dict[str, Any], file: str = "", line: int = 0
) -> tuple[Any, list[tuple[KeyPath, str]]]:
    """Parse an entry, and return it, or None if it has problems, with the problems: the path of a key, and a text.

    An alias is its query. An event has its id in the body.
    """
    reader = TableReader(body)
    values = _parse_keys(reader, KEYS[kind])
    if kind in _EXCLUSIVE_DATES and "date" in body and "period" in body:
        reader.add_problem("period", f"date and period exclude each other; keep {_EXCLUSIVE_DATES[kind]}")
    if kind == "rate":
        _check_rate(reader, values)
    if reader.problems:
        return None, reader.problems
    if kind == "event":
        value: Any = _build_event(values, throughout=body.get("period") is not None, file=file, line=line)
    elif kind == "alias":
        value = values["query"]
    else:
        value = _CLASSES[kind](**values) if kind in schema.HEADER_KINDS else _CLASSES[kind](id, **values)
    return value, []


def _check_rate(reader: TableReader, values: dict[str, Any]) -> None:
    if "of" in values and values["of"] == values.get("into"):
        reader.add_problem("in", 'the same currency as "of"; write another one')
    if reader.body.get("date") is None and reader.body.get("period") is None:
        reader.add_problem("date", 'missing; write date = "2024-03-01", or period = "2024" for an average')


def _parse_keys(reader: TableReader, keys: Mapping[str, Key]) -> dict[str, Any]:
    """Parse the keys of a table to values by attribute; add problems for missing and unknown keys."""
    values = {}
    for name, key in keys.items():
        if reader.body.get(name) is not None:
            value = _PARSERS[key.type](reader, key)
            if value is not None and key.attribute:
                values[key.attribute] = value
        elif key.required:
            reader.add_problem(name, f"missing; write {name} = {key.example}")
    reader.reject_unknown_keys(keys)
    return values


def _build_event(values: dict[str, Any], **attributes: Any) -> model.Event:
    texts = {name: values.pop(name) for name in model.EXTRA_TEXTS if name in values}
    return with_own_period(model.Event(**values, texts=texts, **attributes))


def _parse_participants(reader: TableReader, key: Key) -> tuple[model.Participant, ...]:
    value = reader.body[key.name]
    if not isinstance(value, dict):
        return tuple(model.Participant(id) for id in reader.get_texts(key.name, ids=True))
    role_reader = reader.nested(value, key.name)
    return tuple(model.Participant(id, role) for role in value for id in role_reader.get_texts(role, ids=True))


def _parse_tags(reader: TableReader, key: Key) -> tuple[str, ...]:
    tags = reader.get_texts(key.name)
    if any("," in tag for tag in tags):
        split_tags = dict.fromkeys(part.strip() for tag in tags for part in tag.split(",") if part.strip())
        reader.add_problem(key.name, f"comma in a tag; write {json.dumps(list(split_tags), ensure_ascii=False)}")
    return tags


def _parse_figures(reader: TableReader, key: Key) -> tuple[model.Figure, ...]:
    figures = []
    for metric, value in reader.get_table(key.name, '{ investment = "~1.5bn EUR" }').items():
        if not METRIC_PATTERN.fullmatch(metric):
            reader.add_problem(key.name, f'"{metric}" is not a metric; {id_hint(metric, "metric")}')
            continue
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            body = item if isinstance(item, dict) else {"value": item}
            path = (key.name, metric, index) if isinstance(value, list) else (key.name, metric)
            figures.append(_parse_figure(reader.nested(body, *path), metric))
    return tuple(figures)


def _parse_figure(reader: TableReader, metric: str) -> model.Figure:
    values = _parse_keys(reader, FIGURE)
    if isinstance(values.get("quantity"), str):
        values["repeats"] = values.pop("quantity")
    if all(reader.body.get(key) is None for key in ("value", "printed", "repeats")):
        reader.add_problem("", 'missing; write value = "…", or printed = "…" if the source gives no number')
    return model.Figure(metric, **values)


def _parse_quantity(reader: TableReader, key: Key) -> Quantity | str | None:
    """Return the quantity of a figure, or the id of the event whose figure it repeats."""
    value = reader.body[key.name]
    if isinstance(value, str) and value.startswith("@"):
        id = value[1:]
        if not ID_PATTERN.fullmatch(id):
            reader.add_problem("", f'"@{id}" is not the id of an event; {id_hint(id)}')
        return id
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        reader.add_problem("", f'must be a quantity in quotes, like "~1.5bn EUR", not {type_name(value)}')
        return None
    try:
        return _parse_quantity_cached(value)
    except QuantityError as error:
        reader.add_problem("", str(error))
        return None


def _parse_factor(reader: TableReader, key: Key) -> Quantity | None:
    """Return a positive number without a unit."""
    value = reader.body[key.name]
    text = str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    try:
        factor = _parse_quantity_cached(text) if isinstance(text, str) else None
    except QuantityError as error:
        reader.add_problem(key.name, str(error))
        return None
    if factor is None or factor.unit or factor.per or not factor.low or factor.low < 0:
        shown = f'"{text}"' if isinstance(text, str) else type_name(value)
        reader.add_problem(key.name, f"must be a positive number without a unit, like {key.example}, not {shown}")
        return None
    return factor


def _parse_currency(reader: TableReader, key: Key) -> str | None:
    code = reader.get_text(key.name)
    if code and not _CURRENCY.fullmatch(code):
        reader.add_problem(
            key.name, f'"{code}" is not the code of a currency; write three capitals, like {key.example}'
        )
        return None
    return code


def _parse_citations(reader: TableReader, key: Key) -> tuple[model.Citation, ...]:
    value = reader.body[key.name]
    citations = []
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(item, str | dict):
            text = f'must be a list of source ids, or of tables like {{ id = "…" }}, not {type_name(item)}'
            reader.add_problem(key.name, text)
            continue
        citation_reader = reader.nested(item if isinstance(item, dict) else {"id": item}, key.name, index)
        values = _parse_keys(citation_reader, CITATION)
        citations.append(model.Citation(**{"source": "?", **values}))
    return tuple(citations)


def _parse_links(reader: TableReader, key: Key) -> tuple[model.Link, ...]:
    table = reader.get_table(key.name, '{ leads-to = ["…"] }')
    link_reader = reader.nested(table, key.name)
    for type in table:
        if type not in schema.LINKS:
            text = f"unknown link type{suggest_or_list(type, schema.LINKS)}"
            link_reader.add_problem(type, text)
    known_types = filter(schema.LINKS.__contains__, table)
    return tuple(model.Link(type, id) for type in known_types for id in link_reader.get_texts(type, ids=True))


def _parse_accepted(reader: TableReader, key: Key) -> dict[str, str]:
    table = reader.get_table(key.name, '{ disputed = "why" }')
    reason_reader = reader.nested(table, key.name)
    return {rule: reason for rule in table if (reason := reason_reader.get_text(rule))}


def _check_format(reader: TableReader, key: Key) -> None:
    version, newest = reader.body[key.name], schema.FORMAT_VERSION
    if isinstance(version, int) and version > newest:
        text = f"{version} is not supported (the newest is {newest}); install a newer autotimeline"
        reader.add_problem(key.name, text)
    elif version != newest or isinstance(version, bool):
        reader.add_problem(key.name, f"must be {newest}; write format = {newest}")


def _parse_sha256(reader: TableReader, key: Key) -> str | None:
    digest = reader.get_text(key.name)
    if digest and not _SHA256.fullmatch(digest):
        reader.add_problem(key.name, "is not a SHA-256; write 64 digits of 0-9 and a-f, as `export` does")
    return digest


_PARSERS: dict[str, Callable[[TableReader, Key], Any]] = {
    "text": lambda reader, key: reader.get_text(key.name),
    "word": lambda reader, key: reader.get_text(key.name, allowed=tuple(key.words or ())),
    "id": lambda reader, key: reader.get_id(key.name),
    "ids": lambda reader, key: reader.get_texts(key.name, ids=True),
    "texts": lambda reader, key: reader.get_texts(key.name),
    "tags": _parse_tags,
    "date": lambda reader, key: reader.get_date(key.name),
    "flag": lambda reader, key: reader.get_flag(key.name),
    "count": lambda reader, key: reader.get_number(key.name),
    "quantity": _parse_quantity,
    "factor": _parse_factor,
    "currency": _parse_currency,
    "actors": _parse_participants,
    "figures": _parse_figures,
    "citations": _parse_citations,
    "links": _parse_links,
    "reasons": _parse_accepted,
    "format": _check_format,
    "sha256": _parse_sha256,
}
