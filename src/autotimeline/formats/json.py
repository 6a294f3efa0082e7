"""`json`: an array of objects, one a line, with exact decimals."""

from __future__ import annotations

from autotimeline.formats._json import objects
from autotimeline.formats._lines import pour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Table

ENDINGS: tuple[str, ...] = (".json",)
COMPLETE = True


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write the array, an object a row, as it comes; `[]` where there is none."""
    pour(_lines(objects(table)), out)


def _lines(objects: Iterator[str]) -> Iterator[str]:
    before = "[\n"
    for text in objects:
        yield before + text
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
