"""`jsonl`: one JSON object per line, with exact decimals."""

from __future__ import annotations

from autotimeline.formats._json import json_objects
from autotimeline.formats._lines import write_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = (".jsonl", ".ndjson")
ALL_FIELDS_BY_DEFAULT = True


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write one object per row."""
    write_lines((text + "\n" for text in json_objects(table)), out)
