"""`json`: one object with the tables of the TOML snapshot, with the same names and checksum."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from autotimeline.exports._json_tables import json_table_lines
from autotimeline.formats._json import escape_json
from autotimeline.formats._lines import write_lines
from autotimeline.render.canvas import Canvas
from autotimeline.reports.snapshot import SelectionSnapshot

EXTENSIONS = (".json",)


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the object, with one event per line."""
    write_lines(_object_lines(snapshot), out)
    return ()


def _object_lines(snapshot: SelectionSnapshot) -> Iterator[str]:
    yield from json_table_lines({"snapshot": snapshot.header, **snapshot.tables})
    opening = ',\n"event": ['
    for body in snapshot.event_texts():
        yield f"{opening}\n{escape_json(body)}"
        opening = ","
    yield (opening if opening != "," else "\n") + "]}\n"
