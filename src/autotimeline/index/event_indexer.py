"""The rows of the events: derived from what an event says and from what it refers to, and again when that changes."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from autotimeline.index import event_rows
from autotimeline.index.month_buckets import spans
from autotimeline.store import read
from autotimeline.store.key_positions import named
from autotimeline.store.serialize import event_body

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from autotimeline import model

    # Of each table (with its columns, where not all are given) the rows to insert.
    Rows: TypeAlias = dict[str, list[tuple[Any, ...]]]

_CHILDREN = ("detail", "party", "place", "tag", "citation", "link", "claim", "figure")
# Numbers follow the order of dates, so that rows lie as they are asked for: so many events may begin on one day.
_A_DAY = 25
_BATCH = 1000
_REACHES = ("m_lo", "m_hi", "mi_lo", "mi_hi")
_REACH = f"SELECT IFNULL(kind, ''), kind_folded, {', '.join(_REACHES)} FROM event WHERE n = ?"
_CLAIMS = "SELECT m_lo, m_hi FROM claim WHERE event = ? AND m_lo IS NOT NULL"
_SPAN = "INSERT INTO span VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events"
_SOURCE = "SELECT body FROM entity WHERE kind = 'source' AND id = ? ORDER BY rowid DESC LIMIT 1"
_WRITTEN = "SELECT e.block, e.line, IFNULL(d.written, d.body) FROM event e JOIN detail d ON d.event = e.n WHERE e.n = ?"
_BY_ID = "SELECT IFNULL(d.written, d.body) FROM event e JOIN detail d ON d.event = e.n WHERE e.id = ?"


class Events:
    """Adds, drops and derives events; what is added is in the index after `flush`.

    `changed` are the (kind, id) whose definition has come, gone or changed since then.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.changed: set[tuple[str, str]] = set()
        # (block, line in it, event as it was read, the block's text where it is the only one there)
        self.fresh: list[tuple[int, int, model.Event, str]] = []
        self._refers: list[tuple[Any, ...]] = []
        self._sources: dict[str, model.Source | None] = {}
        self._last: dict[int, int] = {}
        self._spans: Counter[tuple[Any, ...]] = Counter()
        # Where chains of figures end that repeat one another, by event, metric and owner.
        self._originals: dict[tuple[str, str, str | None], model.Figure | None] = {}

    def add(self, block: int, line: int, event: model.Event, text: str = "") -> None:
        """Take an event that is new; where `text` is given, what it names has a line of its own there."""
        self.fresh.append((block, line, event, text))
        self.changed.add(("event", event.id))

    def define(self, kind: str, id: str) -> None:
        """Note that a source, actor, era, alias or head has come, changed or gone."""
        self.changed.add((kind, id))
        self._sources.pop(id, None)

    def refer(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Note what something names: (block, event's number or None, line, key, kind, id)."""
        self._refers += rows

    def drop(self, block: int) -> None:
        """Take out the events of a block."""
        for n, id in self.db.execute("SELECT n, id FROM event WHERE block = ?", (block,)).fetchall():
            self.changed.add(("event", id))
            self._clear(n)

    def _clear(self, n: int) -> None:
        kind, folded, *reach = self.db.execute(_REACH, (n,)).fetchone()
        claims = self.db.execute(_CLAIMS, (n,)).fetchall()
        self._spans.subtract((*span, kind, folded) for span in spans(reach, claims))
        for table in _CHILDREN:
            self.db.execute(f"DELETE FROM {table} WHERE event = ?", (n,))
        self.db.execute("DELETE FROM event WHERE n = ?", (n,))
        self.db.execute("DELETE FROM search WHERE rowid = ?", (n,))

    def flush(self) -> None:
        """Derive the events that are new, or depend on something that has changed."""
        pending = {event.id: event for _, _, event, _ in self.fresh}
        self._originals.clear()
        again = self._dependents()
        for some in (again[at : at + _BATCH] for at in range(0, len(again), _BATCH)):
            self._anew(some, pending)
        rows: Rows = {"refers": self._refers}
        for block, line, event, text in self.fresh:
            number = self._derive(block, line, event, pending, rows)
            for key, kind, id in event_rows.references(event):
                rows["refers"].append((block, number, placed(text, line, key, id), key, kind, id))
        touched = self.changed.union((kind, id) for *_, kind, id in rows["refers"])
        self.db.executemany("INSERT OR IGNORE INTO touched VALUES (?, ?)", touched)
        self._insert(rows)
        self.fresh, self._refers, self.changed = [], [], set()

    def _anew(self, numbers: Sequence[int], pending: dict[str, model.Event]) -> None:
        """Derive events again that are there: they are gone only when all of them are derived, for one asks another."""
        rows: Rows = {}
        moved = []
        for n in numbers:
            block, line, text = self.db.execute(_WRITTEN, (n,)).fetchone()
            moved.append((self._derive(block, line, read.event(json.loads(text)), pending, rows), n))
        for n in numbers:
            self._clear(n)
        self.db.executemany("UPDATE refers SET event = ? WHERE event = ?", moved)
        self._insert(rows)

    def _insert(self, rows: Rows) -> None:
        self.db.executemany(_SPAN, [(*reach, n) for reach, n in self._spans.items()])
        if any(n < 0 for n in self._spans.values()):
            self.db.execute("DELETE FROM span WHERE events = 0")
        self._spans.clear()
        for table, values in rows.items():
            if values:
                marks = ", ".join("?" * len(values[0]))
                self.db.executemany(f"INSERT INTO {table} VALUES ({marks})", values)

    def _derive(self, block: int, line: int, written: model.Event, pending: dict[str, model.Event], rows: Rows) -> int:
        """Put the rows of an event to those of each table, and return its number."""
        sources = self._cited(written)
        event = self._resolved(written, pending)
        row, detail = event_rows.columns(event, sources), event_rows.details(event)
        if event is not written:
            detail["written"] = json.dumps(event_body(written), ensure_ascii=False)
        number = self._number(row["o1"])
        row.update(n=number, block=block, line=line)
        detail.update(event=number)
        for table, cells in (("event", row), ("detail", detail)):
            rows.setdefault(f"{table} ({', '.join(cells)})", []).append(tuple(cells.values()))
        children = event_rows.children(event, sources)
        for table, values in children.items():
            rows.setdefault(table, []).extend((number, *value) for value in values)
        claims = [(low, high) for *_, low, high in children["claim"] if low is not None]
        kind, reach = (row["kind"] or "", row["kind_folded"]), [row.get(name) for name in _REACHES]
        self._spans.update((*span, *kind) for span in spans(reach, claims))
        rows.setdefault("search (rowid, title, rest)", []).append((number, *event_rows.text(event)))
        return number

    def _number(self, day: int) -> int:
        """Return the next number of those that begin on a day."""
        first = day << _A_DAY
        last = self._last.get(day)
        if last is None:
            ahead = (first, first + (1 << _A_DAY))
            last = self.db.execute("SELECT MAX(n) FROM event WHERE n >= ? AND n < ?", ahead).fetchone()[0]
        self._last[day] = first if last is None else last + 1
        return self._last[day]

    def _cited(self, event: model.Event) -> dict[str, model.Source]:
        """Return the sources of an event by id, as far as they are defined; of two by one id the last that was read."""
        for id in {citation.source for citation in event.citations} - self._sources.keys():
            row = self.db.execute(_SOURCE, (id,)).fetchone()
            self._sources[id] = read.entity("source", id, json.loads(row[0])) if row else None
        return {c.source: source for c in event.citations if (source := self._sources[c.source])}

    def _dependents(self) -> list[int]:
        """Return the numbers of the events that cite a changed source or repeat a changed event; these change too."""
        found: dict[int, None] = {}
        queue = [key for key in self.changed if key[0] in ("source", "event")]
        while queue:
            rows = self.db.execute(
                "SELECT e.n, e.id FROM event e WHERE e.n IN (SELECT event FROM refers WHERE kind = ? AND id = ?)",
                queue.pop(),
            )
            new = {n: ("event", id) for n, id in rows if n not in found}
            found.update(dict.fromkeys(new))
            self.changed.update(new.values())
            queue += new.values()
        return list(found)

    def _resolved(self, event: model.Event, pending: dict[str, model.Event]) -> model.Event:
        """Return the event with the figures in place that it repeats from other events; itself where there are none."""
        from dataclasses import replace

        if not any(map(event_rows.repeated, event_rows.all_figures(event))):
            return event

        def whole(figures: tuple[model.Figure, ...]) -> tuple[model.Figure, ...]:
            return tuple(self._whole(figure, pending) if event_rows.repeated(figure) else figure for figure in figures)

        citations = tuple(replace(citation, figures=whole(citation.figures)) for citation in event.citations)
        return replace(event, figures=whole(event.figures), citations=citations)

    def _whole(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure:
        """Return a figure with what it repeats in place; without a number it counts nowhere, and repeats nothing."""
        from dataclasses import replace

        original = self.original(figure, pending)
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

    def original(self, figure: model.Figure, pending: dict[str, model.Event]) -> model.Figure | None:
        """Return the figure at the end of the chain that this one repeats, None where the chain has no end."""
        # All along the chain the metric and the owner are those of its beginning: so where two meet, they are one.
        passed: dict[tuple[str, str, str | None], None] = {}
        found: model.Figure | None = figure
        while found and event_rows.repeated(found):
            at = (found.repeats or "", figure.metric, figure.of)
            if at in self._originals or at in passed:
                found = self._originals.get(at)
                break
            passed[at] = None
            event = pending.get(at[0]) or self._event(at[0])
            same = [f for f in event.figures if f.metric == figure.metric] if event else []
            found = next((f for f in same if figure.of in (None, f.of)), None)
        self._originals.update(dict.fromkeys(passed, found))
        return found

    def _event(self, id: str) -> model.Event | None:
        row = self.db.execute(_BY_ID, (id,)).fetchone()
        return read.event(json.loads(row[0])) if row else None


def placed(text: str, line: int, key: str, id: str) -> int:
    """Return the line on which a key of what begins on `line` names an id: in the text of a block, where given."""
    return named(text, key, id) if text else line
