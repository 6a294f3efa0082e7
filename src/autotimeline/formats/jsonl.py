"""`jsonl`: one JSON object a line, with exact decimals."""

from __future__ import annotations

from autotimeline.formats._json import objects
from autotimeline.formats._lines import pour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = (".jsonl", ".ndjson")
COMPLETE = True


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write one object a row, as it comes."""
    pour((text + "\n" for text in objects(table)), out)
