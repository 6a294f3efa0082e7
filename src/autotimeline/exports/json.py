"""`json`: one object with the tables of the TOML snapshot, under the same names and with the same sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.exports._json_tables import tables
from autotimeline.formats._json import json
from autotimeline.formats._lines import pour

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.reports.snapshot import Snapshot

ENDINGS = (".json",)


def write(snapshot: Snapshot, out: TextIO, paper: Paper, flags: frozenset[str]) -> Sequence[str]:
    """Write the object, an event a line, as they come."""
    pour(_lines(snapshot), out)
    return ()


def _lines(snapshot: Snapshot) -> Iterator[str]:
    yield from tables({"snapshot": snapshot.header, **snapshot.rest})
    before = ',\n"event": ['
    for body in snapshot.events():
        yield f"{before}\n{json(body)}"
        before = ","
    yield (before if before != "," else "\n") + "]}\n"
