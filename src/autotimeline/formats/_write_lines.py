"""Lines on their way out: the first at once, the others in batches."""

from __future__ import annotations

from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_BATCH = 256


def pour(lines: Iterator[str], out: TextIO) -> None:
    """Write the lines, each with its own line end, none held back while a reader waits for the first."""
    for first in lines:
        out.write(first)
        out.flush()
        break
    while batch := "".join(islice(lines, _BATCH)):
        out.write(batch)
