"""The JSON Schema (draft 7) of a store, for editors."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from autotimeline.keys import CITATION, EVENT, FIGURE, KEYS, Key
from autotimeline.schema import FORMAT_VERSION, LINKS, STATUS_MEANINGS

Rules = dict[str, Any]

_ID_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"
_ID = {"type": "string", "pattern": f"^{_ID_PATTERN}$"}
_TEXT = {"type": "string", "pattern": "\\S"}
_NO_COMMA = {"pattern": "^[^,]*$"}
_DEFINED = ("actors", "figures", "links")


def json_schema() -> str:
    """Return the schema as text."""
    description = (
        "Dated, sourced facts in a text file. `autotimeline check` verifies the rest: dates that exist, quantities, and"
        " ids that are defined once."
    )
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"autotimeline store, format {FORMAT_VERSION}",
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "store": _table("The file.", KEYS["store"]),
            "snapshot": _table("The query of an export. `autotimeline check` verifies the checksum.", KEYS["snapshot"]),
            "source": _by_id("The sources of facts: [source.ID].", _reference("source")),
            "actor": _by_id("People, companies, brands, and authorities: [actor.ID].", _reference("actor")),
            "era": _by_id("Named periods, for queries and dates: [era.ID].", _reference("era")),
            "metric": _by_id(
                "What the figures of a metric measure: [metric.NAME].", _reference("metricKind"), "metric"
            ),
            "rate": _by_id("Exchange rates, which convert amounts: [rate.ID].", _reference("rate")),
            "alias": _by_id('Saved queries: NAME = "query", used as :NAME.', _rules(KEYS["alias"]["query"])),
            "event": {
                "description": "The facts, one [[event]] each.",
                "type": "array",
                "items": _reference("event"),
            },
        },
        "definitions": _definitions(),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _definitions() -> Rules:
    figure = _any(_reference("quantityOrRepeat"), _reference("number"), _reference("figure"))
    year = {"type": "integer", "minimum": 1000, "maximum": 9999}
    time = {"type": "string", "pattern": "^[^:]*[^:\\s][^:]*$"}
    return {
        "id": {"description": "An id: lower-case letters, digits, and single hyphens.", **_ID},
        "idOrIds": {"description": "An id, or a list of ids.", **_one_or_several("id")},
        "textOrTexts": {"description": "A text, or a list of texts.", **_one_or_several("text")},
        "metric": {
            "description": "A metric: lower-case letters, digits, and single - and _, with a letter first.",
            "type": "string",
            "pattern": "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$",
        },
        "text": {"description": "A text that is not empty.", **_TEXT},
        "time": {
            "description": (
                'A date (EDTF, ISO 8601-2): "2025-03-25", "2023-10", "2022", "2025Q3", "2025H1", "2025-10~" (about),'
                ' "2025-01/2025-06", "2026/.." (from), "../2025-01" (until), "[..2026-12]" (by), "202X". Full days and'
                " years need no quotes."
            ),
            **_any(
                {"description": "A date, only as exact as its source.", **time},
                {"description": "A year of four digits.", **year},
            ),
        },
        "status": _rules(EVENT["status"], _word),
        "source": _table("A source: an article, a report, a notice.", KEYS["source"]),
        "actor": _table("A person, a company, or a public body.", KEYS["actor"]),
        "era": _table("A named period.", KEYS["era"]),
        "metricKind": _table("What a metric measures.", KEYS["metric"]),
        "rate": {
            **_table("An exchange rate. It needs date or period.", KEYS["rate"]),
            "oneOf": [{"required": ["date"]}, {"required": ["period"]}],
        },
        "actors": _rules(EVENT["actors"], _actors),
        "quantity": {
            "description": 'A quantity: "~1.5bn EUR", "<29000 vehicles", "up to 4.1bn EUR", "10..20 %", "50 GWh/year".',
            "type": "string",
            "pattern": "^\\s*[^@\\s]",
        },
        "number": {"description": "A number without a unit.", "type": "number"},
        "quantityOrRepeat": {
            "description": 'A quantity, or "@ID" to repeat the figure of that event, which counts once.',
            **_any(
                _reference("quantity"),
                {"description": '"@ID" repeats a figure.', "type": "string", "pattern": f"^@{_ID_PATTERN}$"},
            ),
        },
        "figure": {
            **_table("A figure with more keys. It needs value, printed, or repeats.", FIGURE),
            **_any(*({"required": [name]} for name in ("value", "printed", "repeats"))),
        },
        "figures": {
            "description": EVENT["figures"].description,
            "type": "object",
            "propertyNames": _reference("metric"),
            "additionalProperties": {
                "description": "A quantity, a table, or a list of these.",
                "anyOf": [*figure["anyOf"], {"description": "Several figures.", "type": "array", "items": figure}],
            },
        },
        "citation": _table("A source of this event, with its quote and its claims.", CITATION),
        "links": _rules(EVENT["links"], _links),
        "event": {
            **_table("A fact.", EVENT),
            "not": {"required": ["date", "period"]},
            "x-taplo": {"initKeys": ["id", "date", "title", "sources"]},
        },
    }


def _table(description: str, keys: Mapping[str, Key]) -> Rules:
    required = [name for name, key in keys.items() if key.required]
    return {
        "description": description,
        "type": "object",
        **({"required": required} if required else {}),
        "additionalProperties": False,
        # Draft 7 ignores what is beside a reference, so the definition of such a key has its description.
        "properties": {
            name: _reference(name) if key is EVENT.get(name) and name in _DEFINED else _rules(key)
            for name, key in keys.items()
        },
    }


def _by_id(description: str, entry: Rules, id_type: str = "id") -> Rules:
    ids = _reference(id_type)
    return {"description": description, "type": "object", "propertyNames": ids, "additionalProperties": entry}


def _rules(key: Key, rules: Callable[[Key], Rules] | None = None) -> Rules:
    """Return the rules for a value; those of a type, if no others are given."""
    return {"description": key.description, **(rules or _TYPES[key.type])(key)}


def _word(key: Key) -> Rules:
    words = key.words or {}
    meanings = {"x-taplo": {"docs": {"enumValues": list(words.values())}}}
    return {"type": "string", "enum": list(words), **_default(key), **meanings}


def _default(key: Key) -> Rules:
    return {} if key.default is None else {"default": key.default}


def _actors(key: Key) -> Rules:
    ids = _all_of("idOrIds")
    roles = {"description": "Role = actor id, or ids.", "type": "object"}
    return _any(
        {"description": "Actor ids, without roles.", **ids},
        {**roles, "additionalProperties": {"description": "The actors with this role.", **ids}},
    )


def _links(key: Key) -> Rules:
    types = {
        type: {"description": f"{meaning} Inverse: {inverse}.", **_all_of("idOrIds")}
        for type, (inverse, meaning) in LINKS.items()
    }
    return {"type": "object", "additionalProperties": False, "properties": types}


def _citations(key: Key) -> Rules:
    items = _any(_reference("id"), _reference("citation"))
    return _any(*items["anyOf"], {"description": "Several sources.", "type": "array", "items": items})


def _reference(name: str) -> Rules:
    return {"$ref": f"#/definitions/{name}"}


def _all_of(name: str) -> Rules:
    return {"allOf": [_reference(name)]}


def _any(*rules: Rules) -> Rules:
    return {"anyOf": list(rules)}


def _one_or_several(name: str) -> Rules:
    return _any(_reference(name), {"type": "array", "items": _reference(name), "uniqueItems": True})


_TYPES: dict[str, Callable[[Key], Rules]] = {
    # The reader also accepts the name of a speaker who is not an actor of the store.
    "text": lambda key: _ID if key.refers else _TEXT,
    "word": lambda key: _all_of("status") if key.words is STATUS_MEANINGS else _word(key),
    "id": lambda key: _ID,
    "ids": lambda key: _all_of("idOrIds"),
    "texts": lambda key: _all_of("textOrTexts"),
    "tags": lambda key: {**_all_of("textOrTexts"), **_NO_COMMA, "items": _NO_COMMA},
    "date": lambda key: _all_of("time"),
    "flag": lambda key: {"type": "boolean", **_default(key)},
    "count": lambda key: {"type": "integer", "minimum": 0},
    "figures": lambda key: _all_of("figures"),
    "quantity": lambda key: _any(_reference("quantity"), _reference("number")),
    "factor": lambda key: _any(_reference("quantity"), {"type": "number", "exclusiveMinimum": 0}),
    "currency": lambda key: {"type": "string", "pattern": "^[A-Z]{3}$"},
    "citations": _citations,
    "reasons": lambda key: {
        "type": "object",
        "additionalProperties": {"description": "Why the finding is accepted.", **_TEXT},
    },
    "format": lambda key: {"type": "integer", "enum": [FORMAT_VERSION]},
    "sha256": lambda key: {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
