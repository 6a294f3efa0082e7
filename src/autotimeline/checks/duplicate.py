"""An id, or a table of which there is one, that stands twice."""

from __future__ import annotations

from autotimeline.checks._finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "error"
EXPLAIN = """\
An id stands for one thing, and a table such as [store] is there once in a file: of two nobody knows
which is meant.

Choose another id for one of them, or make the two one."""
BAD = """\
[source.s]
title = "S"

[[event]]
id = "deal"
date = "2023"
title = "A deal is made"
sources = ["s"]

[[event]]
id = "deal"
date = "2024"
title = "Another deal is made"
sources = ["s"]
"""
GOOD = BAD.replace('"deal"\ndate = "2024"', '"second-deal"\ndate = "2024"')


def find(everything: Selection) -> Iterator[Finding]:
    """Yield what the reader found."""
    for file, line, event, text in everything.problems("duplicate"):
        yield Finding(file, line, event, text)
