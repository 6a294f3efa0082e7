"""Back from a CSV snapshot to the keys of its events: what the documents say of the cells, taken at its word."""

from __future__ import annotations

import csv
import io
from typing import Any

from autotimeline.text import split_items, unguard_formula


def events(text: str, *, raw: bool = False) -> list[dict[str, Any]]:
    """Return the keys of each event of a CSV snapshot, as the reader takes them."""
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    named = [dict(zip(header, row, strict=True)) for row in rows]
    return [_event({name: cell if raw else unguard_formula(cell) for name, cell in row.items()}) for row in named]


def _event(row: dict[str, str]) -> dict[str, Any]:
    actors = [item.partition("@")[::2] for item in split_items(row["actors"])]
    keys: dict[str, Any] = {name: row[name] for name in ("id", "title", "kind", "printed", "status", "note")}
    keys |= {name: split_items(row[name]) for name in ("places", "tags")}
    if row["edtf"]:
        keys["period" if row["extent"] == "throughout" else "date"] = row["edtf"]
    if row["known_stated"] == "true":
        keys["known"] = row["known"]
    if row["reported"] == "true":
        keys["reported"] = True
    if any(role for _, role in actors):
        keys["actors"] = _grouped((role, id) for id, role in actors)
    else:
        keys["actors"] = [id for id, _ in actors]
    keys["links"] = _grouped(item.partition("@")[::2] for item in split_items(row["links"]))
    keys["figures"] = _figures(row["figures"])
    keys["sources"] = [_source(item) for item in split_items(row["sources"])]
    accepted = map(_record, split_items(row["accept"]))
    keys["accept"] = {rule: more["reason"] for rule, more in accepted}
    return {key: value for key, value in keys.items() if value}


def _source(item: str) -> dict[str, Any]:
    id, more = _record(item)
    figures = _figures(more.pop("figures", ""))
    return {"id": id, **more, "figures": figures}


def _figures(cell: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for item in split_items(cell):
        head, more = _record(item)
        metric, _, text = head.partition("=")
        words = more.pop("value", "") == "none"
        found.setdefault(metric, []).append({"printed" if words else "value": text, **more})
    return found


def _record(item: str) -> tuple[str, dict[str, str]]:
    """Return the head of a record, and what else it says by key."""
    parts, escaped = [""], False
    for character in item:
        if not escaped and character == "|":
            parts[-1] = parts[-1].removesuffix(" ")
            parts.append("")
        elif not escaped and character == "\\":
            escaped = True
            continue
        else:
            parts[-1] += character
        escaped = False
    head, *rest = parts
    return head, dict(part.removeprefix(" ").split("=", 1) for part in rest)


def _grouped(pairs: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, id in pairs:
        found.setdefault(key, []).append(id)
    return found
