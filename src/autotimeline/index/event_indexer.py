"""The rows of the events: derived from what an event says and from what it refers to, and again when that changes."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from autotimeline.index import event_rows
from autotimeline.index.month_buckets import event_buckets
from autotimeline.store import read
from autotimeline.store.key_positions import find_id_line
from autotimeline.store.serialize import event_to_toml

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from autotimeline import model

    # Of each table (with its columns, where not all are given) the rows to insert.
    RowsByTable: TypeAlias = dict[str, list[tuple[Any, ...]]]

_CHILD_TABLES = ("detail", "participant", "place", "tag", "citation", "link", "claim", "figure")
# Numbers follow the order of dates, so that rows lie as they are asked for: so many events may begin on one day.
_DAY_BITS = 25
_BATCH = 1000
_MONTH_COLUMNS = ("month_first", "month_last", "month_inside_first", "month_inside_last")
_SELECT_MONTHS = f"SELECT IFNULL(kind, ''), kind_folded, {', '.join(_MONTH_COLUMNS)} FROM event WHERE number = ?"
_SELECT_CLAIM_MONTHS = "SELECT month_first, month_last FROM claim WHERE event = ? AND month_first IS NOT NULL"
_UPSERT_BUCKET = (
    "INSERT INTO month_bucket VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET events = events + excluded.events"
)
_SELECT_SOURCE = "SELECT body FROM entity WHERE kind = 'source' AND id = ? ORDER BY rowid DESC LIMIT 1"
_SELECT_STORED = (
    "SELECT block, line, IFNULL(stored_body, body) FROM event JOIN detail ON event = number WHERE number = ?"
)
_SELECT_STORED_BY_ID = "SELECT IFNULL(stored_body, body) FROM event JOIN detail ON event = number WHERE id = ?"


class EventIndexer:
    """Adds, drops and derives events; what is added is in the index after `flush`.

    `changed` are the (kind, id) whose definition has come, gone or changed since then.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.changed_ids: set[tuple[str, str]] = set()
        # (block, line in it, event as it was read, the block's text where it is the only one there)
        self.new_events: list[tuple[int, int, model.Event, str]] = []
        self._reference_rows: list[tuple[Any, ...]] = []
        self._source_cache: dict[str, model.Source | None] = {}
        self._last_numbers: dict[int, int] = {}
        self._bucket_counts: Counter[tuple[Any, ...]] = Counter()
        # Where chains of figures end that repeat one another, by event, metric and owner.
        self._original_figures: dict[tuple[str, str, str | None], model.Figure | None] = {}

    def add(self, block: int, line: int, event: model.Event, text: str = "") -> None:
        """Take an event that is new; where `text` is given, what it names has a line of its own there."""
        self.new_events.append((block, line, event, text))
        self.changed_ids.add(("event", event.id))

    def mark_changed(self, kind: str, id: str) -> None:
        """Note that a source, actor, era, alias or head has come, changed or gone."""
        self.changed_ids.add((kind, id))
        self._source_cache.pop(id, None)

    def add_references(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Note what something names: (block, event's number or None, line, key, kind, id)."""
        self._reference_rows += rows

    def remove_events(self, block: int) -> None:
        """Take out the events of a block."""
        for n, id in self.db.execute("SELECT number, id FROM event WHERE block = ?", (block,)).fetchall():
            self.changed_ids.add(("event", id))
            self._delete_event(n)

    def _delete_event(self, n: int) -> None:
        kind, kind_folded, *months = self.db.execute(_SELECT_MONTHS, (n,)).fetchone()
        claims = self.db.execute(_SELECT_CLAIM_MONTHS, (n,)).fetchall()
        self._bucket_counts.subtract((*span, kind, kind_folded) for span in event_buckets(months, claims))
        for table in _CHILD_TABLES:
            self.db.execute(f"DELETE FROM {table} WHERE event = ?", (n,))
        self.db.execute("DELETE FROM event WHERE number = ?", (n,))
        self.db.execute("DELETE FROM search WHERE rowid = ?", (n,))

    def flush(self) -> None:
        """Derive the events that are new, or depend on something that has changed."""
        pending = {event.id: event for _, _, event, _ in self.new_events}
        self._original_figures.clear()
        dependents = self._find_dependents()
        for batch in (dependents[at : at + _BATCH] for at in range(0, len(dependents), _BATCH)):
            self._rebuild_events(batch, pending)
        rows: RowsByTable = {"reference": self._reference_rows}
        for block, line, event, text in self.new_events:
            number = self._build_rows(block, line, event, pending, rows)
            for key, kind, id in event_rows.referenced_ids(event):
                rows["reference"].append((block, number, reference_line(text, line, key, id), key, kind, id))
        touched = self.changed_ids.union((kind, id) for *_, kind, id in rows["reference"])
        self.db.executemany("INSERT OR IGNORE INTO touched VALUES (?, ?)", touched)
        self._insert_rows(rows)
        self.new_events, self._reference_rows, self.changed_ids = [], [], set()

    def _rebuild_events(self, numbers: Sequence[int], pending: dict[str, model.Event]) -> None:
        """Derive events again that are there: they are gone only when all of them are derived, for one asks another."""
        rows: RowsByTable = {}
        new_numbers = []
        for n in numbers:
            block, line, text = self.db.execute(_SELECT_STORED, (n,)).fetchone()
            new_numbers.append(
                (self._build_rows(block, line, read.event_from_body(json.loads(text)), pending, rows), n)
            )
        for n in numbers:
            self._delete_event(n)
        self.db.executemany("UPDATE reference SET event = ? WHERE event = ?", new_numbers)
        self._insert_rows(rows)

    def _insert_rows(self, rows: RowsByTable) -> None:
        self.db.executemany(_UPSERT_BUCKET, [(*reach, n) for reach, n in self._bucket_counts.items()])
        if any(n < 0 for n in self._bucket_counts.values()):
            self.db.execute("DELETE FROM month_bucket WHERE events = 0")
        self._bucket_counts.clear()
        for table, values in rows.items():
            if values:
                placeholders = ", ".join("?" * len(values[0]))
                self.db.executemany(f"INSERT INTO {table} VALUES ({placeholders})", values)

    def _build_rows(
        self, block: int, line: int, as_stored: model.Event, pending: dict[str, model.Event], rows: RowsByTable
    ) -> int:
        """Put the rows of an event to those of each table, and return its number."""
        sources = self._cited_sources(as_stored)
        event = self._resolve_figures(as_stored, pending)
        row, detail = event_rows.event_row(event, sources), event_rows.detail_row(event)
        if event is not as_stored:
            detail["stored_body"] = json.dumps(event_to_toml(as_stored), ensure_ascii=False)
        number = self._next_number(row["sort_day"])
        row.update(number=number, block=block, line=line)
        detail.update(event=number)
        for table, cells in (("event", row), ("detail", detail)):
            rows.setdefault(f"{table} ({', '.join(cells)})", []).append(tuple(cells.values()))
        children = event_rows.child_rows(event, sources)
        for table, values in children.items():
            rows.setdefault(table, []).extend((number, *value) for value in values)
        claims = [(low, high) for *_, low, high in children["claim"] if low is not None]
        kind, months = (row["kind"] or "", row["kind_folded"]), [row.get(name) for name in _MONTH_COLUMNS]
        self._bucket_counts.update((*span, *kind) for span in event_buckets(months, claims))
        rows.setdefault("search (rowid, title, rest)", []).append((number, *event_rows.search_text(event)))
        return number

    def _next_number(self, day: int) -> int:
        """Return the next number of those that begin on a day."""
        first = day << _DAY_BITS
        last = self._last_numbers.get(day)
        if last is None:
            number_range = (first, first + (1 << _DAY_BITS))
            last = self.db.execute(
                "SELECT MAX(number) FROM event WHERE number >= ? AND number < ?", number_range
            ).fetchone()[0]
        self._last_numbers[day] = first if last is None else last + 1
        return self._last_numbers[day]

    def _cited_sources(self, event: model.Event) -> dict[str, model.Source]:
        """Return the sources of an event by id, as far as they are defined; of two by one id the last that was read."""
        for id in {citation.source for citation in event.citations} - self._source_cache.keys():
            row = self.db.execute(_SELECT_SOURCE, (id,)).fetchone()
            self._source_cache[id] = read.entity_from_body("source", id, json.loads(row[0])) if row else None
        return {c.source: source for c in event.citations if (source := self._source_cache[c.source])}

    def _find_dependents(self) -> list[int]:
        """Return the numbers of the events that cite a changed source or repeat a changed event; these change too."""
        dependents: dict[int, None] = {}
        queue = [key for key in self.changed_ids if key[0] in ("source", "event")]
        while queue:
            rows = self.db.execute(
                "SELECT number, id FROM event WHERE number IN (SELECT event FROM reference WHERE kind = ? AND id = ?)",
                queue.pop(),
            )
            new = {n: ("event", id) for n, id in rows if n not in dependents}
            dependents.update(dict.fromkeys(new))
            self.changed_ids.update(new.values())
            queue += new.values()
        return list(dependents)

    def _resolve_figures(self, event: model.Event, pending: dict[str, model.Event]) -> model.Event:
        """Return the event with the figures in place that it repeats from other events; itself where there are none."""
        from dataclasses import replace

        if not any(map(event_rows.needs_original, event_rows.all_figures(event))):
            return event

        def resolve_all(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
            return tuple(
                self._resolve_figure(figure, pending) if event_rows.needs_original(figure) else figure
                for figure in figures
            )

        citations = tuple(replace(citation, figures=resolve_all(citation.figures)) for citation in event.citations)
        return replace(event, figures=resolve_all(event.figures), citations=citations)

    def _resolve_figure(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure:
        """Return a figure with what it repeats in place; without a number it counts nowhere, and repeats nothing."""
        from dataclasses import replace

        original = self.find_original(figure, pending)
        if original is None:
            return figure
        return replace(
            figure,
            quantity=original.quantity,
            printed=figure.printed or original.printed,
            of=figure.of or original.of,
            period=figure.period or original.period,
            basis=original.basis if figure.basis == "actual" else figure.basis,
            repeats=figure.repeats if original.quantity else None,
        )

    def find_original(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure | None:
        """Return the figure at the end of the chain that this one repeats, None where the chain has no end."""
        # All along the chain the metric and the owner are those of its beginning: so where two meet, they are one.
        visited: dict[tuple[str, str, str | None], None] = {}
        current: model.Figure | None = figure
        while current and event_rows.needs_original(current):
            key = (current.repeats or "", figure.metric, figure.of)
            if key in self._original_figures or key in visited:
                current = self._original_figures.get(key)
                break
            visited[key] = None
            event = pending.get(key[0]) or self._read_event(key[0])
            candidates = [f for f in event.figures if f.metric == figure.metric] if event else []
            current = next((f for f in candidates if figure.of in (None, f.of)), None)
        self._original_figures.update(dict.fromkeys(visited, current))
        return current

    def _read_event(self, id: str) -> model.Event | None:
        row = self.db.execute(_SELECT_STORED_BY_ID, (id,)).fetchone()
        return read.event_from_body(json.loads(row[0])) if row else None


def reference_line(text: str, line: int, key: str, id: str) -> int:
    """Return the line on which a key of what begins on `line` names an id: in the text of a block, where given."""
    return find_id_line(text, key, id) if text else line
