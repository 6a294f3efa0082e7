"""The tables of a store as entries: what JSON and TOML share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.importing.records import ImportProblem, ImportRecord, InvalidRecordError, SourceLocation
from autotimeline.index.locations import KINDS
from autotimeline.store.entities import PARSERS
from autotimeline.store.serialize import entity_to_toml as body_of
from autotimeline.store.serialize import event_to_toml
from autotimeline.store.table_reader import ID_PATTERN, TableReader, id_hint, slugify

if TYPE_CHECKING:
    from autotimeline.importing.records import ParsedFile

# What says how a file came to be is none of what it says.
_METADATA_KEYS = ("snapshot", "csv")


def is_store(tables: dict[str, Any]) -> bool:
    """Whether these are the tables of a store, and not those of something else."""
    known = [key for key in tables if key in KINDS or key in _METADATA_KEYS]
    return bool(known) and len(known) == len(tables) and all(isinstance(tables[key], dict | list) for key in known)


def add_records(parsed: ParsedFile, tables: dict[str, Any]) -> None:
    """Add the things of a store."""
    for kind in KINDS:
        content = tables.get(kind, {})
        if kind == "event":
            for number, body in enumerate(content or (), 1):
                _add_event(parsed, body, SourceLocation(parsed.file, None, number))
        elif kind == "store":
            if content:
                _add_entity(parsed, kind, "", content)
        elif not isinstance(content, dict):
            what = "it is no object: write one, with the keys of each by its id"
            parsed.problems.append(ImportProblem(SourceLocation(parsed.file, label=kind), what))
        else:
            for id, body in content.items():
                _add_entity(parsed, kind, id, {"query": body} if kind == "alias" else body)


def _add_event(parsed: ParsedFile, body: Any, location: SourceLocation) -> None:
    try:
        if not isinstance(body, dict):
            raise InvalidRecordError(ImportProblem(location, "it is no object: write one, with the keys of an event"))
        labeled = ImportRecord("event", str(body.get("id") or ""), {}, location)
        parsed.records.append(
            event_record(labeled.parse_event(_without_nulls(body)), location, body, has_id=bool(labeled.id))
        )
    except InvalidRecordError as error:
        parsed.problems += error.problems


def _add_entity(parsed: ParsedFile, kind: str, id: str, body: Any) -> None:
    location = SourceLocation(parsed.file, label=f'{kind} "{id}"' if id else kind)
    if not isinstance(body, dict):
        parsed.problems.append(ImportProblem(location, "it is no object: write one, with the keys of a store"))
        return
    fields = TableReader(_without_nulls(body))
    value = PARSERS[kind](fields, id)
    if kind != "store" and not ID_PATTERN.fullmatch(id):
        fields.add_problem("", id_hint(slugify(id) or f"my-{kind}"))
    if fields.problems:
        parsed.problems += (ImportProblem(location, text) for _, text in fields.problems)
    else:
        parsed.records.append(entity_record(kind, id, value, location))


def event_record(event: Any, location: SourceLocation, body: dict[str, Any], *, has_id: bool) -> ImportRecord:
    """Return an event, read whole from a body, as an entry; what that spells out counts, defaults too."""
    keys = event_to_toml(event)
    del keys["id"]
    keys |= {key: body[key] for key in ("status", "reported") if body.get(key) is not None}
    return ImportRecord("event", event.id if has_id else "", keys, location)


def entity_record(kind: str, id: str, value: Any, location: SourceLocation) -> ImportRecord:
    """Return what is no event as an entry."""
    return ImportRecord(kind, id, {"query": value} if kind == "alias" else body_of(value), location)


def _without_nulls(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value is not None}
