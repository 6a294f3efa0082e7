"""The tables of a store as records, for JSON and TOML."""

from typing import Any

from autotimeline.importing.records import ImportProblem, ImportRecord, InvalidRecordError, ParsedFile, SourceLocation
from autotimeline.schema import KINDS
from autotimeline.store.parse import parse_entry
from autotimeline.store.serialize import entry_to_toml
from autotimeline.store.table_reader import id_hint, is_valid_id, slugify

# Keys about the file itself.
_METADATA_KEYS = ("snapshot", "csv")


def is_store(tables: dict[str, Any]) -> bool:
    """Return whether all keys are those of a store."""
    known = [key for key in tables if key in KINDS or key in _METADATA_KEYS]
    return bool(known) and len(known) == len(tables) and all(isinstance(tables[key], dict | list) for key in known)


def add_records(parsed: ParsedFile, tables: dict[str, Any]) -> None:
    """Add the records of a store."""
    for kind in KINDS:
        content = tables.get(kind, {})
        if kind == "event":
            for number, body in enumerate(content or (), 1):
                _add_event(parsed, body, SourceLocation(parsed.file, None, number))
        elif kind == "store":
            if content:
                _add_entity(parsed, kind, "", content)
        elif not isinstance(content, dict):
            location = SourceLocation(parsed.file, label=kind)
            parsed.add_problem(location, "not an object; write one with the keys of each by its id")
        else:
            for id, body in content.items():
                _add_entity(parsed, kind, id, {"query": body} if kind == "alias" else body)


def _add_event(parsed: ParsedFile, body: Any, location: SourceLocation) -> None:
    if not isinstance(body, dict):
        parsed.add_problem(location, "not an object; write one with the keys of an event")
        return
    try:
        event = ImportRecord("event", "", {}, location).parse_event(_without_nulls(body))
    except InvalidRecordError as error:
        parsed.problems += error.problems
    else:
        parsed.records.append(event_record(event, location, body, has_id=bool(body.get("id"))))


def _add_entity(parsed: ParsedFile, kind: str, id: str, body: Any) -> None:
    location = SourceLocation(parsed.file, label=f'{kind} "{id}"' if id else kind)
    if not isinstance(body, dict):
        parsed.add_problem(location, "not an object; write one with the keys of a store")
        return
    entity, problems = parse_entry(kind, id, _without_nulls(body))
    texts = [text for _, text in problems]
    if kind != "store" and not is_valid_id(kind, id):
        texts.append(id_hint(slugify(id) or f"my-{kind}", kind))
    if texts:
        parsed.problems += (ImportProblem(location, text) for text in texts)
    else:
        parsed.records.append(entity_record(kind, id, entity, location))


def event_record(event: Any, location: SourceLocation, body: dict[str, Any], *, has_id: bool) -> ImportRecord:
    """Return an event with its keys as a record."""
    keys = {key: value for key, value in body.items() if key != "id" and value not in (None, "", [], {})}
    return ImportRecord("event", event.id if has_id else "", keys, location)


def entity_record(kind: str, id: str, value: Any, location: SourceLocation) -> ImportRecord:
    """Return an entity (not an event) as a record."""
    return ImportRecord(kind, id, entry_to_toml(kind, value), location)


def _without_nulls(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value is not None}
