"""What does not have the form of a store: broken TOML, unknown keys, wrong types, bad dates."""

from __future__ import annotations

from autotimeline.checks._finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "error"
EXPLAIN = """\
Every key, type, date and quantity is checked, and all that is wrong is told at once, with its line
and what to write instead. A store with such an error is refused by every other command: nothing is
guessed.

Write what the text says."""
BAD = """\
[source.s]
title = "S"

[[event]]
id = "deal"
date = "10/11/2025"
title = "A deal is made"
sources = ["s"]
"""
GOOD = BAD.replace("10/11/2025", "2025-11-10")


def find(everything: Selection) -> Iterator[Finding]:
    """Yield what the reader found."""
    for file, line, event, text in everything.problems("form"):
        yield Finding(file, line, event, text)
