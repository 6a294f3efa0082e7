"""The settings of an import: what the columns mean, and what holds for every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline import model
from autotimeline.errors import UsageError
from autotimeline.importing.column_mapping import Mapping
from autotimeline.importing.date_formats import Dates
from autotimeline.importing.records import How
from autotimeline.store.blocks import MalformedError, decode, tables_of
from autotimeline.text import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.importing.records import Entry

_KEYS = ("map", "date_format", "delimiter", "kind", "status", "tag", "actor", "source", "source_title")
_SEVERAL = ("tag", "actor", "source")


class Settings:
    """The settings of an import: what the columns mean, and what holds for every row.

    Args:
        columns: (key, column) of each column that is taken; without any, the columns are our own.
        date_format: The form of dates, for strptime.
        delimiter: What separates the cells of CSV.
        raw: CSV is taken as it is, with the guard before what a spreadsheet would run.
        kind: The kind of every event that states none.
        status: The status of those that state none.
        tags: Tags of every event.
        actors: (role or None, id or name) of who takes part in every event.
        sources: Ids of what every event is cited from.
        source_title: What the one source is called, where it is to be made.
    """

    def __init__(
        self,
        *,
        columns: Sequence[tuple[str, str]] = (),
        date_format: str | None = None,
        delimiter: str | None = None,
        raw: bool = False,
        kind: str | None = None,
        status: str | None = None,
        tags: Sequence[str] = (),
        actors: Sequence[tuple[str | None, str]] = (),
        sources: Sequence[str] = (),
        source_title: str | None = None,
    ) -> None:
        self.mapping = Mapping(columns) if columns else None
        self.dates = Dates(date_format)
        self.how = How(delimiter or ",", raw=raw)
        self.kind, self.status, self.tags = kind, status, tags
        self.actors, self.sources, self.source_title = actors, sources, source_title
        if delimiter is not None and len(delimiter) != 1:
            raise UsageError(f"--delimiter {delimiter}: one character separates cells")
        if status is not None and status not in model.STATUSES:
            what = nearest(status, model.STATUSES) or f"; there are {', '.join(model.STATUSES)}"
            raise UsageError(f'no status "{status}"{what}')
        if source_title is not None and len(sources) != 1:
            raise UsageError("--source-title says what the one --source is called: name that too")
        if self.mapping and "quote" in self.mapping.columns and not (sources or "source" in self.mapping.columns):
            raise UsageError("--map quote: the words of which source? Add --source ID or --map source=COLUMN")

    def on(self, entry: Entry) -> Entry:
        """Return an event's entry with what holds for every row."""
        body = entry.body
        for key, value in (("kind", self.kind), ("status", self.status)):
            if value:
                body.setdefault(key, value)
        if self.tags:
            if "tags" not in body:
                entry.adds |= {"tags"}
            told = body.get("tags", [])
            body["tags"] = list(dict.fromkeys([*([told] if isinstance(told, str) else told), *self.tags]))
        entry.actors = [*entry.actors, *self.actors]
        entry.cited = [*entry.cited, *self.sources]
        return entry


def kept(name: str, data: bytes) -> dict[str, Any]:
    """Return the settings that a mapping file keeps, as the arguments of `Settings`.

    Raises:
        UsageError: where it is none.
    """
    try:
        tables = tables_of(decode(data))
    except MalformedError as error:
        tables = error
    if isinstance(tables, MalformedError):
        raise UsageError(f"{name}:{tables.line + 1}: {tables}")
    found: dict[str, Any] = {}
    for key, value in tables.items():
        if key not in _KEYS:
            raise UsageError(f'{name}: unknown key "{key}"{nearest(key, _KEYS)}; there are {", ".join(_KEYS)}')
        several = [value] if isinstance(value, str) else value
        if key == "map" and isinstance(value, dict):
            found["columns"] = [(k, c) for k, columns in _flat(value) for c in columns]
        elif key in _SEVERAL and _texts(several):
            found[f"{key}s"] = [role(one) for one in several] if key == "actor" else several
        elif isinstance(value, str) and key != "map":
            found[key] = value
        else:
            what = "text, or a list of texts" if key in _SEVERAL else "text"
            raise UsageError(f"{name}: {key}: must be {'a table [map] of keys and columns' if key == 'map' else what}")
    return found


def role(word: str) -> tuple[str | None, str]:
    """Return the role, where one is named, and the actor of `buyer=stellantis`."""
    role, equals, actor = word.rpartition("=")
    return (role if equals else None), actor


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _flat(table: dict[str, Any], before: str = "") -> list[tuple[str, list[str]]]:
    """Return (key, columns), the keys of tables in the table joined by dots: TOML reads `actor.buyer` so."""
    found = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{before}{key}.")
        else:
            several = [value] if isinstance(value, str) else value
            if not _texts(several):
                raise UsageError(f"[map] {before}{key}: must be the name of a column, or a list of names")
            found.append((before + key, several))
    return found
