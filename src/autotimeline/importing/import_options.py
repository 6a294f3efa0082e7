"""The options of an import, and mapping files that contain them."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, InitVar, dataclass
from typing import Any

from autotimeline.errors import UsageError
from autotimeline.importing.column_mapping import ColumnMapping
from autotimeline.importing.date_formats import DateReader
from autotimeline.importing.records import ImportRecord, ReadOptions
from autotimeline.schema import STATUSES
from autotimeline.store.blocks import TomlSyntaxError, decode_text, parse_toml
from autotimeline.text import suggest

_MAPPING_FILE_KEYS = ("map", "date_format", "delimiter", "kind", "status", "tag", "actor", "source", "source_title")
_LIST_KEYS = ("tag", "actor", "source")


@dataclass
class ImportOptions:
    """The options of an import: the meaning of the columns, and defaults for every event.

    Args:
        columns: (key, column) pairs; empty if the columns are those of our own output.
        date_format: The format of dates, for strptime.
        delimiter: The delimiter of CSV.
        raw: Whether cells of CSV have no guard against formulas.
        kind: The kind of events without one.
        status: The status of events without one.
        tags: Tags of every event.
        actors: (role or None, id or name) of the actors of every event.
        sources: Ids of the sources of every event.
        source_title: The title of the only source, to define it.
        suggest_date_formats: Whether errors suggest a date format.

    Raises:
        UsageError: If an option is invalid.
    """

    _: KW_ONLY
    columns: InitVar[Sequence[tuple[str, str]]] = ()
    date_format: InitVar[str | None] = None
    delimiter: InitVar[str | None] = None
    raw: InitVar[bool] = False
    kind: str | None = None
    status: str | None = None
    tags: Sequence[str] = ()
    actors: Sequence[tuple[str | None, str]] = ()
    sources: Sequence[str] = ()
    source_title: str | None = None
    suggest_date_formats: InitVar[bool] = True

    def __post_init__(
        self,
        columns: Sequence[tuple[str, str]],
        date_format: str | None,
        delimiter: str | None,
        raw: bool,
        suggest_date_formats: bool,
    ) -> None:
        self.mapping = ColumnMapping(columns) if columns else None
        self.date_reader = DateReader(date_format, suggest_formats=suggest_date_formats)
        self.read_options = ReadOptions(delimiter or ",", raw)
        if delimiter is not None and len(delimiter) != 1:
            raise UsageError(f"--delimiter {delimiter}: one character separates cells")
        if self.status is not None and self.status not in STATUSES:
            what = suggest(self.status, STATUSES) or f"; there are {', '.join(STATUSES)}"
            raise UsageError(f'no status "{self.status}"{what}')
        if self.source_title is not None and len(self.sources) != 1:
            raise UsageError("--source-title says what the one --source is called: name that too")
        if self.mapping and "quote" in self.mapping.columns and not (self.sources or "source" in self.mapping.columns):
            raise UsageError("--map quote: the words of which source? Add --source ID or --map source=COLUMN")

    def apply_defaults(self, record: ImportRecord) -> ImportRecord:
        """Add the defaults to the record of an event, and return it."""
        body = record.body
        for key, value in (("kind", self.kind), ("status", self.status)):
            if value:
                body.setdefault(key, value)
        if self.tags:
            if "tags" not in body:
                record.partial_keys |= {"tags"}
            existing = body.get("tags", [])
            body["tags"] = list(dict.fromkeys([*([existing] if isinstance(existing, str) else existing), *self.tags]))
        record.named_actors = *record.named_actors, *self.actors
        record.cited_sources = *record.cited_sources, *self.sources
        return record


def parse_mapping_file(name: str, data: bytes) -> dict[str, Any]:
    """Parse a mapping file to arguments of `ImportOptions`, or raise UsageError."""
    try:
        tables = parse_toml(decode_text(data))
    except TomlSyntaxError as error:
        tables = error
    if isinstance(tables, TomlSyntaxError):
        raise UsageError(f"{name}:{tables.line + 1}: {tables}")
    options: dict[str, Any] = {}
    for key, value in tables.items():
        if key not in _MAPPING_FILE_KEYS:
            known = ", ".join(_MAPPING_FILE_KEYS)
            raise UsageError(f'{name}: unknown key "{key}"{suggest(key, _MAPPING_FILE_KEYS)}; there are {known}')
        items = [value] if isinstance(value, str) else value
        if key == "map" and isinstance(value, dict):
            options["columns"] = [(path, column) for path, columns in _flatten_table(value) for column in columns]
        elif key in _LIST_KEYS and _is_text_list(items):
            options[f"{key}s"] = [split_role(word) for word in items] if key == "actor" else items
        elif isinstance(value, str) and key != "map":
            options[key] = value
        else:
            what = "text, or a list of texts" if key in _LIST_KEYS else "text"
            raise UsageError(f"{name}: {key}: must be {'a table [map] of keys and columns' if key == 'map' else what}")
    return options


def split_role(word: str) -> tuple[str | None, str]:
    """Return the role, None if it is missing, and the actor of `buyer=stellantis`."""
    role, equals, actor = word.rpartition("=")
    return (role if equals else None), actor


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _flatten_table(table: dict[str, Any], prefix: str = "") -> list[tuple[str, list[str]]]:
    """Return (key, columns) pairs with dotted keys: in TOML, `actor.buyer` is a table in a table."""
    result = []
    for key, value in table.items():
        if isinstance(value, dict):
            result += _flatten_table(value, f"{prefix}{key}.")
        else:
            names = [value] if isinstance(value, str) else value
            if not _is_text_list(names):
                raise UsageError(f"[map] {prefix}{key}: must be the name of a column, or a list of names")
            result.append((prefix + key, names))
    return result
