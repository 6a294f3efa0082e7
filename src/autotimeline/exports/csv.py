"""`csv`: the events, a record each, and beside them a file that says what they are and holds all else of the store."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from autotimeline.exports._json_tables import tables
from autotimeline.formats import csv
from autotimeline.index.cell_text import flat, flat_figure
from autotimeline.query.columns import COLUMNS
from autotimeline.table import Column, Table
from autotimeline.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.reports.snapshot import Snapshot

ENDINGS = (".csv",)
BESIDE = ".meta.json"
"""What is put behind the name of the file to name the one beside it."""

# Where a store lies is no part of what it says.
_PLACE = ("file", "line")
_TOLD = tuple(name for name in COLUMNS if name not in _PLACE)
FIELDS = (*_TOLD, "known_stated", "accept")
"""The columns: those of an event, then whether it states itself when it became known, and what it accepts."""


def write(
    snapshot: Snapshot, out: TextIO, paper: Paper, flags: frozenset[str], beside: TextIO | None = None
) -> Sequence[str]:
    """Write the records as they come, then, where there is a file `beside`, what is no record."""
    summed = _Summed(out)
    columns = [Column(name) for name in FIELDS]
    csv.write(Table(columns, iter(()), texts=lambda: _texts(snapshot)), summed, paper, flags)  # type: ignore[arg-type]  # a TextIO in what is asked of it
    if beside:
        about = {**dict.fromkeys(sorted(flags), True), "sha256": summed.sum.hexdigest()}
        beside.writelines(tables({"snapshot": snapshot.header, "csv": about, **snapshot.rest}))
        beside.write("}\n")
    return ()


class _Summed:
    """A text on its way out, and the SHA-256 of its bytes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.sum = sha256()

    def write(self, text: str) -> int:
        self.sum.update(text.encode())
        return self._out.write(text)

    def flush(self) -> None:
        self._out.flush()


def _texts(snapshot: Snapshot) -> Iterator[Sequence[str]]:
    figures, sources = _TOLD.index("figures"), _TOLD.index("sources")
    texts = snapshot.selection.texts(_TOLD)
    for row, (stated, cited, body) in zip(texts, snapshot.selection.rows(("figures", "sources", "body")), strict=True):
        cells = list(row)
        cells[figures] = listed(_figures(stated, body))
        cells[sources] = listed(map(_source, cited, body.get("sources", ())))
        accepted = [flat(rule, reason=reason) for rule, reason in body.get("accept", {}).items()]
        yield [*cells, "true" if "known" in body else "false", listed(accepted)]


def _figures(figures: list[dict[str, Any]], body: dict[str, Any]) -> Iterator[str]:
    """Yield the figures of an event or a citation as any CSV has them, and behind each what only its body says."""
    bodies = (
        one if isinstance(one, dict) else {"value": one}
        for several in body.get("figures", {}).values()
        for one in (several if isinstance(several, list) else [several])
    )
    for figure, keys in zip(figures, bodies, strict=True):
        printed, number = keys.get("printed"), "value" in keys
        # Words that stand in place of a number may read as one.
        more = {"printed": printed if number else None, "value": None if number else "none"}
        yield flat_figure(figure) + flat("", **more, repeats=keys.get("repeats"), note=keys.get("note"))


def _source(citation: dict[str, Any], body: Any) -> str:
    keys = body if isinstance(body, dict) else {}
    more = {key: citation[key] for key in ("quote", "by", "date", "status")}
    figures = listed(_figures(citation["figures"], keys))
    return flat(citation["id"], **more, figures=figures, note=keys.get("note"))
