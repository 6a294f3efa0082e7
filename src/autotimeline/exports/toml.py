"""`toml`: an ordinary store that starts with a table `[snapshot]`."""

from collections.abc import Sequence
from typing import TextIO

from autotimeline.formats import toml
from autotimeline.render.canvas import Canvas
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.table import Table

EXTENSIONS = (".toml",)


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the blocks of the snapshot."""
    toml.write(Table((), iter(()), store_blocks=snapshot.blocks), out, canvas, flags)
    return ()
