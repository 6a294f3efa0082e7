"""`json`: an array of objects, one per line, with exact decimals."""

from __future__ import annotations

from autotimeline.formats._json import json_objects
from autotimeline.formats._lines import write_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Table

EXTENSIONS: tuple[str, ...] = (".json",)
ALL_FIELDS_BY_DEFAULT = True


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the array, or `[]` if there are no rows."""
    write_lines(_array_lines(json_objects(table)), out)


def _array_lines(objects: Iterator[str]) -> Iterator[str]:
    opening = "[\n"
    for text in objects:
        yield opening + text
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"
