"""`csv`: the events, a record each, and beside them a file that says what they are and holds all else of the store."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from autotimeline.exports._json_tables import json_table_lines
from autotimeline.formats import csv
from autotimeline.index.cell_text import figure_to_text, record_to_text
from autotimeline.query.columns import COLUMNS
from autotimeline.table import Column, Table
from autotimeline.text import join_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TextIO

    from autotimeline.render.canvas import Canvas
    from autotimeline.reports.snapshot import SelectionSnapshot

EXTENSIONS = (".csv",)
COMPANION_SUFFIX = ".meta.json"
"""What is put behind the name of the file to name the one beside it."""

# Where a store lies is no part of what it says.
_LOCATION_COLUMNS = ("file", "line")
_EVENT_COLUMNS = tuple(name for name in COLUMNS if name not in _LOCATION_COLUMNS)
FIELDS = (*_EVENT_COLUMNS, "known_stated", "accept")
"""The columns: those of an event, then whether it states itself when it became known, and what it accepts."""


def write(
    snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str], beside: TextIO | None = None
) -> Sequence[str]:
    """Write the records as they come, then, where there is a file `beside`, what is no record."""
    hashing_out = _HashingWriter(out)
    columns = [Column(name) for name in FIELDS]
    csv.write(Table(columns, iter(()), text_rows=lambda: _record_texts(snapshot)), hashing_out, canvas, flags)  # type: ignore[arg-type]  # a TextIO in what is asked of it
    if beside:
        csv_header = {**dict.fromkeys(sorted(flags), True), "sha256": hashing_out.sha256.hexdigest()}
        beside.writelines(json_table_lines({"snapshot": snapshot.header, "csv": csv_header, **snapshot.tables}))
        beside.write("}\n")
    return ()


class _HashingWriter:
    """A text on its way out, and the SHA-256 of its bytes."""

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
    texts = snapshot.selection.texts(_EVENT_COLUMNS)
    for row, (event_figures, citations, body) in zip(
        texts, snapshot.selection.rows(("figures", "sources", "body")), strict=True
    ):
        cells = list(row)
        cells[figures] = join_items(_figure_texts(event_figures, body))
        cells[sources] = join_items(map(_source_text, citations, body.get("sources", ())))
        accepted = [record_to_text(rule, reason=reason) for rule, reason in body.get("accept", {}).items()]
        yield [*cells, "true" if "known" in body else "false", join_items(accepted)]


def _figure_texts(figures: list[dict[str, Any]], body: dict[str, Any]) -> Iterator[str]:
    """Yield the figures of an event or a citation as any CSV has them, and behind each what only its body says."""
    bodies = (
        one if isinstance(one, dict) else {"value": one}
        for several in body.get("figures", {}).values()
        for one in (several if isinstance(several, list) else [several])
    )
    for figure, keys in zip(figures, bodies, strict=True):
        printed, number = keys.get("printed"), "value" in keys
        # Words that stand in place of a number may read as one.
        fields = {"printed": printed if number else None, "value": None if number else "none"}
        yield figure_to_text(figure) + record_to_text("", **fields, repeats=keys.get("repeats"), note=keys.get("note"))


def _source_text(citation: dict[str, Any], body: Any) -> str:
    keys = body if isinstance(body, dict) else {}
    fields = {key: citation[key] for key in ("quote", "by", "date", "status")}
    figures = join_items(_figure_texts(citation["figures"], keys))
    return record_to_text(citation["id"], **fields, figures=figures, note=keys.get("note"))
