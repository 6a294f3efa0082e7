"""Insertion of events into the index, and their update when a source or event that they refer to changes."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from autotimeline import model
from autotimeline.engines.sqlite import sqlite3
from autotimeline.index import event_rows
from autotimeline.index.month_buckets import event_buckets
from autotimeline.store import read
from autotimeline.store.key_positions import find_id_line
from autotimeline.store.own_period import with_own_period
from autotimeline.store.serialize import event_to_toml

# The rows to insert by table; the table may list its columns.
RowsByTable: TypeAlias = dict[str, list[tuple[Any, ...]]]

_CHILD_TABLES = ("detail", "participant", "place", "tag", "citation", "link", "claim", "figure")
# Numbers follow the order of dates, so that queries read adjacent rows; this many bits count the events of a day.
_DAY_BITS = 25
# Parts of a first index count their events apart: so many bits of those are for the events of a day in one part.
_PART_BITS = 19
MAX_PARTS = 1 << (_DAY_BITS - _PART_BITS)
"""The number of parts that an index may be merged of."""
_BATCH = 1000
_SELECT_MONTHS = f"SELECT IFNULL(kind, ''), {', '.join(event_rows.MONTH_COLUMNS)} FROM event WHERE number = ?"
_SELECT_CLAIM_MONTHS = "SELECT month_first, month_last FROM claim WHERE event = ? AND month_first IS NOT NULL"
_UPSERT_BUCKET = (
    "INSERT INTO month_bucket VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events"
)
_SELECT_SOURCE = "SELECT body FROM entity WHERE kind = 'source' AND id = ? ORDER BY rowid DESC LIMIT 1"
SELECT_STORED = "SELECT block, line, position, IFNULL(stored_body, body) FROM event JOIN detail ON event = number"


class EventIndexer:
    """Adds, removes, and updates events; `flush` writes what was added.

    Attributes:
        changed_ids: The (kind, id) that were added, removed, or changed since the last `flush`.
    """

    def __init__(self, db: sqlite3.Connection, originals: Mapping[str, model.Event] | None = None) -> None:
        # `originals` are events outside of the index whose figures are repeated, by id.
        self.db = db
        self._originals = originals or {}
        self.changed_ids: set[tuple[str, str]] = set()
        # Block, line in it, position in the store, event as stored, text of the block if it has one event.
        self._new_events: list[tuple[int, int, int, model.Event, str]] = []
        self._reference_rows: list[tuple[Any, ...]] = []
        self._source_cache: dict[str, model.Source | None] = {}
        self._last_numbers: dict[int, int] = {}
        self._first_in_day = 0
        self._bucket_counts: Counter[tuple[Any, ...]] = Counter()
        # The original of a repeated figure by event, metric, subject, and holder.
        self._original_figures: dict[tuple[str, str, str | None, str | None], model.Figure | None] = {}

    def begin_part(self, part: int, sources: dict[str, model.Source]) -> None:
        """Begin a part (from 0) of an index; `sources` are those of all parts."""
        self._first_in_day = part << _PART_BITS
        self._source_cache.update(sources)

    def add(self, block: int, line: int, position: int, event: model.Event, text: str = "") -> None:
        """Add an event; with the `text` of its block, its references have lines of their own."""
        self._new_events.append((block, line, position, event, text))
        self.changed_ids.add(("event", event.id))

    def mark_changed(self, kind: str, id: str) -> None:
        """Note that a source, actor, era, alias, or head was added, removed, or changed."""
        self.changed_ids.add((kind, id))
        # An actor may have the id of a source, which a part of an index knows from this cache alone.
        if kind == "source":
            self._source_cache.pop(id, None)

    def add_references(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add references: (block, event's number or None, line, key, kind, id)."""
        self._reference_rows += rows

    def remove_events(self, block: int) -> None:
        """Remove the events of a block."""
        for number, id in self.db.execute("SELECT number, id FROM event WHERE block = ?", (block,)).fetchall():
            self.changed_ids.add(("event", id))
            self._delete_event(number)

    def _delete_event(self, number: int) -> None:
        kind, *months = self.db.execute(_SELECT_MONTHS, (number,)).fetchone()
        claims = self.db.execute(_SELECT_CLAIM_MONTHS, (number,)).fetchall()
        self._bucket_counts.subtract((*bucket, kind) for bucket in event_buckets(months, claims))
        for table in _CHILD_TABLES:
            self.db.execute(f"DELETE FROM {table} WHERE event = ?", (number,))
        self.db.execute("DELETE FROM event WHERE number = ?", (number,))
        self.db.execute("DELETE FROM search WHERE rowid = ?", (number,))

    def flush(self) -> None:
        """Write new events, and update those that depend on changes."""
        pending = {event.id: event for *_, event, _ in self._new_events}
        self._original_figures.clear()
        dependents = self._find_dependents()
        for start in range(0, len(dependents), _BATCH):
            self._rebuild_events(dependents[start : start + _BATCH], pending)
        rows: RowsByTable = {"reference": self._reference_rows}
        for block, line, position, event, text in self._new_events:
            number = self._build_rows((block, line, position), event, pending, rows)
            for key, kind, id in event_rows.referenced_ids(event):
                rows["reference"].append((block, number, reference_line(text, line, key, id), key, kind, id))
        touched = self.changed_ids.union((kind, id) for *_, kind, id in rows["reference"])
        self.db.executemany("INSERT OR IGNORE INTO touched VALUES (?, ?)", touched)
        self._insert_rows(rows)
        self._new_events, self._reference_rows, self.changed_ids = [], [], set()

    def _rebuild_events(self, numbers: Sequence[int], pending: dict[str, model.Event]) -> None:
        """Update existing events; all are built before any is deleted, because building one may read another."""
        rows: RowsByTable = {}
        new_numbers = []
        for number in numbers:
            *place, text = self.db.execute(f"{SELECT_STORED} WHERE number = ?", (number,)).fetchone()
            event = read.event_from_body(json.loads(text))
            new_numbers.append((self._build_rows(place, event, pending, rows), number))
        for number in numbers:
            self._delete_event(number)
        self.db.executemany("UPDATE reference SET event = ? WHERE event = ?", new_numbers)
        self._insert_rows(rows)

    def _insert_rows(self, rows: RowsByTable) -> None:
        self.db.executemany(_UPSERT_BUCKET, [(*bucket, count) for bucket, count in self._bucket_counts.items()])
        if any(count < 0 for count in self._bucket_counts.values()):
            self.db.execute("DELETE FROM month_bucket WHERE events = 0")
        self._bucket_counts.clear()
        for table, values in rows.items():
            if values:
                placeholders = ", ".join("?" * len(values[0]))
                self.db.executemany(f"INSERT INTO {table} VALUES ({placeholders})", values)

    def _build_rows(
        self, place: Sequence[int], as_stored: model.Event, pending: dict[str, model.Event], rows: RowsByTable
    ) -> int:
        """Add the rows of an event to `rows`, and return its number."""
        sources = self._cited_sources(as_stored)
        event = self._resolve_figures(as_stored, pending)
        row, detail = event_rows.event_row(event, sources), event_rows.detail_row(event)
        if event is not as_stored:
            detail["stored_body"] = json.dumps(event_to_toml(as_stored), ensure_ascii=False)
        number = self._next_number(row["sort_day"])
        row.update(number=number, **dict(zip(("block", "line", "position"), place, strict=True)))
        detail.update(event=number)
        for table, cells in (("event", row), ("detail", detail)):
            rows.setdefault(f"{table} ({', '.join(cells)})", []).append(tuple(cells.values()))
        children = event_rows.child_rows(event, sources)
        for table, values in children.items():
            rows.setdefault(table, []).extend((number, *value) for value in values)
        claims = [(first, last) for *_, first, last in children["claim"] if first is not None]
        kind, months = row["kind"] or "", [row.get(name) for name in event_rows.MONTH_COLUMNS]
        self._bucket_counts.update((*bucket, kind) for bucket in event_buckets(months, claims))
        rows.setdefault("search (rowid, title, rest)", []).append((number, *event_rows.search_text(event)))
        return number

    def _next_number(self, day: int) -> int:
        """Return the next number of the events that begin on a day."""
        if day not in self._last_numbers:
            first = (day << _DAY_BITS) + self._first_in_day
            sql = "SELECT IFNULL(MAX(number), ?) FROM event WHERE number >= ? AND number < ?"
            bounds = (first - 1, first, (day + 1) << _DAY_BITS)
            self._last_numbers[day] = self.db.execute(sql, bounds).fetchone()[0]
        self._last_numbers[day] += 1
        return self._last_numbers[day]

    def _cited_sources(self, event: model.Event) -> dict[str, model.Source]:
        """Return the sources of an event by id; of several with one id, the last that was read."""
        for id in {citation.source for citation in event.citations} - self._source_cache.keys():
            row = self.db.execute(_SELECT_SOURCE, (id,)).fetchone()
            self._source_cache[id] = read.entry_from_body("source", id, json.loads(row[0])) if row else None
        return {c.source: source for c in event.citations if (source := self._source_cache[c.source])}

    def _find_dependents(self) -> list[int]:
        """Return the numbers of the events that cite a changed source or repeat a changed event, recursively."""
        dependents: dict[int, None] = {}
        queue = [key for key in self.changed_ids if key[0] in ("source", "event")]
        while queue:
            sql = "SELECT number, id FROM event WHERE number IN (SELECT event FROM reference WHERE kind = ? AND id = ?)"
            rows = self.db.execute(sql, queue.pop())
            new = {number: ("event", id) for number, id in rows if number not in dependents}
            dependents.update(dict.fromkeys(new))
            self.changed_ids.update(new.values())
            queue += new.values()
        return list(dependents)

    def _resolve_figures(self, event: model.Event, pending: dict[str, model.Event]) -> model.Event:
        """Return the event with its repeated figures resolved; the event itself if it has none."""
        if not any(map(event_rows.needs_original, event_rows.all_figures(event))):
            return event

        def resolve_all(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
            return tuple(self._resolve_figure(figure, pending) for figure in figures)

        citations = tuple(replace(citation, figures=resolve_all(citation.figures)) for citation in event.citations)
        # Without a number, a repeated figure becomes one of the event, and so does its period.
        return with_own_period(replace(event, figures=resolve_all(event.figures), citations=citations))

    def _resolve_figure(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure:
        """Return a figure with the values that it repeats; without an original, it stays as it is."""
        original = self.find_original(figure, pending) if event_rows.needs_original(figure) else None
        if original is None:
            return figure
        return replace(
            figure,
            quantity=original.quantity,
            printed=figure.printed or original.printed,
            of=figure.of or original.of,
            holder=figure.holder or original.holder,
            period=figure.period or original.period,
            basis=original.basis if figure.basis == "actual" else figure.basis,
            repeats=figure.repeats if original.quantity else None,
        )

    def find_original(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure | None:
        """Return the figure at the end of a chain of repeated figures; None if the chain has no end."""
        # Metric, subject, and holder stay the same along a chain, so chains that meet have the same end.
        visited: dict[tuple[str, str, str | None, str | None], None] = {}
        current: model.Figure | None = figure
        while current and event_rows.needs_original(current):
            key = (current.repeats or "", figure.metric, figure.of, figure.holder)
            if key in self._original_figures or key in visited:
                current = self._original_figures.get(key)
                break
            visited[key] = None
            event = pending.get(key[0]) or self._read_event(key[0])
            candidates = [f for f in event.figures if f.metric == figure.metric] if event else []
            candidates = [f for f in candidates if figure.of in (None, f.of) and figure.holder in (None, f.holder)]
            current = candidates[0] if candidates else None
        self._original_figures.update(dict.fromkeys(visited, current))
        return current

    def _read_event(self, id: str) -> model.Event | None:
        if id in self._originals:
            return self._originals[id]
        row = self.db.execute(f"{SELECT_STORED} WHERE id = ?", (id,)).fetchone()
        return read.event_from_body(json.loads(row[-1])) if row else None


def reference_line(text: str, line: int, key: str, id: str) -> int:
    """Return the line on which a key of the item at `line` names an id; `line` itself without the block's text."""
    return find_id_line(text, key, id) if text else line
