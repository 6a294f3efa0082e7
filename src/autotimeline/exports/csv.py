"""`csv`: one record per event, and a companion file with the snapshot header and the rest of the store."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, TextIO

from autotimeline.exports._json_tables import json_table_lines
from autotimeline.formats import csv
from autotimeline.index.event_rows import figure_cell, listed_cells
from autotimeline.keys import CITATION
from autotimeline.model import Citation, Figure
from autotimeline.query.columns import COLUMNS
from autotimeline.render.canvas import Canvas
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.store.read import event_from_body
from autotimeline.table import Column, Table, figure_to_text, record_to_text
from autotimeline.text import join_items

EXTENSIONS = (".csv",)
COMPANION_SUFFIX = ".meta.json"
"""The suffix that the name of the file gets to form the name of the companion file."""

# The location of a store is not part of its contents.
_EVENT_COLUMNS = tuple(name for name in COLUMNS if name not in ("file", "line"))
FIELDS = (*_EVENT_COLUMNS, "known_stated", "accept")
"""The columns of an event, then whether it states itself when it became known, and its accepted findings."""

# A metric may have such a name too: then the event is parsed without need.
_UNLISTED_KEYS = {"printed", "repeats", "note"}


def write(
    snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str], beside: TextIO | None = None
) -> Sequence[str]:
    """Write the records, then the companion file if `beside` is open."""
    hashing_out: Any = _HashingWriter(out)
    records = Table([Column(name) for name in FIELDS], iter(()), text_rows=lambda: _record_texts(snapshot))
    csv.write(records, hashing_out, canvas, flags)
    if beside:
        csv_header = {**dict.fromkeys(sorted(flags), True), "sha256": hashing_out.sha256.hexdigest()}
        beside.writelines(json_table_lines({"snapshot": snapshot.header, "csv": csv_header, **snapshot.tables}))
        beside.write("}\n")
    return ()


class _HashingWriter:
    """A text stream that computes the SHA-256 of its bytes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.sha256 = sha256()

    def write(self, text: str) -> int:
        self.sha256.update(text.encode())
        return self._out.write(text)

    def flush(self) -> None:
        self._out.flush()


def _record_texts(snapshot: SelectionSnapshot) -> Iterator[Sequence[str]]:
    figures, sources = _EVENT_COLUMNS.index("figures"), _EVENT_COLUMNS.index("sources")
    for row, body in zip(snapshot.selection.texts(_EVENT_COLUMNS), snapshot.event_bodies(), strict=True):
        cells = list(row)
        if _has_unlisted_keys(body):
            event = event_from_body(body)
            cells[figures] = join_items(map(_figure_text, event.figures))
            cells[sources] = join_items(map(_source_text, event.citations))
        accepted = [record_to_text(rule, reason=reason) for rule, reason in body.get("accept", {}).items()]
        yield [*cells, "true" if "known" in body else "false", join_items(accepted)]


def _has_unlisted_keys(body: dict[str, Any]) -> bool:
    """Return whether a figure or a citation has keys that the columns of the index lack."""

    def has_one(value: Any) -> bool:
        if isinstance(value, list):
            return any(map(has_one, value))
        return isinstance(value, dict) and (not _UNLISTED_KEYS.isdisjoint(value) or any(map(has_one, value.values())))

    return has_one(body.get("figures")) or has_one(body.get("sources"))


def _figure_text(figure: Figure) -> str:
    """Return a figure as in any CSV, followed by the keys that are only in the store."""
    # Words that replace a number may look like a number.
    fields = {"printed": figure.printed} if figure.quantity else {"value": "none"}
    return figure_to_text(figure_cell(figure)) + record_to_text("", **fields, repeats=figure.repeats, note=figure.note)


def _source_text(citation: Citation) -> str:
    fields = listed_cells(CITATION, citation)
    figures = join_items(map(_figure_text, citation.figures))
    return record_to_text(fields.pop("id"), **fields | {"figures": figures}, note=citation.note)
