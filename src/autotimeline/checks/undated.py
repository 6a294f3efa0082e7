"""An event without a date."""

from __future__ import annotations

from autotimeline.checks._finding import Finding, of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
An event without a date has no place in time: no question about dates finds it, and it comes last.
That is right as long as no source gives a date; a guess belongs into the note.

Write date or period as soon as a source gives one; "by 2026", "before 2024" or "about 2010" is one."""
BAD = """\
[source.s]
title = "S"

[[event]]
id = "merger"
title = "The two merge"
sources = ["s"]
"""
GOOD = BAD + 'date = "2021"\n'


def find(everything: Selection) -> Iterator[Finding]:
    """Yield the undated events."""
    for event in everything.ask("is:undated").events():
        yield of(event, "undated; write date or period as soon as a source gives one")
