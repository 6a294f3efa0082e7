"""Invalid content: broken TOML, unknown keys, wrong types, invalid dates."""

from __future__ import annotations

from autotimeline.checks._finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "error"
EXPLAIN = """\
Every key, type, date, and quantity is checked. All errors are reported at once, with line and
remedy. Every other command refuses a store with such an error, because nothing is guessed.

Follow the remedy in the finding."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield what the reader found."""
    for file, line, event, text in everything.catalog.problems("form"):
        yield Finding(file, line, event, text)
