"""`toml`: an ordinary store that starts with a table `[snapshot]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.formats import toml
from autotimeline.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from autotimeline.render.canvas import Canvas
    from autotimeline.reports.snapshot import SelectionSnapshot

EXTENSIONS = (".toml",)


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the blocks of the snapshot."""
    toml.write(Table((), iter(()), store_blocks=snapshot.blocks), out, canvas, flags)
    return ()
