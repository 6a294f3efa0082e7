"""An actor that no event names, nor any other actor."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.query import suspects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
An actor that nothing refers to is left over from an event that is gone, or stands there twice under
two ids.

Name it in the event that it belongs to, or take it out. One that others are part of is in use."""
BAD = """\
[actor.leapmotor]
name = "Leapmotor"
"""
GOOD = """\
[source.s]
title = "S"

[actor.leapmotor]
name = "Leapmotor"

[[event]]
id = "founded"
date = "2015"
title = "Leapmotor is founded"
actors = ["leapmotor"]
sources = ["s"]
"""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each actor that is not used."""
    for id, file, line in suspects.unused(everything):
        yield Finding(file, line, None, f'actor "{id}": nothing names it; name it in an event, or take it out')
