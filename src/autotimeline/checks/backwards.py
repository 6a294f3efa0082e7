"""A link that runs backwards in time: an event leads to one that had begun before it, or fulfils what came later."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.query.suspects import backwards, premature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
A cause comes before its effect: of two events that happened, the one that leads to the other, is
followed, fulfilled or replaced by it cannot surely begin later. Mostly a link stands the wrong way
round, or a date is wrong. Of a plan only what it says itself is held against what fulfils it: that
it was not known (known = …) when that happened; to be early is no mistake.

Turn the link round (leads-to and follows-from, fulfils and fulfilled-by, replaces and replaced-by
are each other's inverse), or correct a date."""
BAD = """\
[source.s]
title = "S"

[[event]]
id = "strike"
date = "2024-05"
title = "The works council calls a strike"
sources = ["s"]
links.leads-to = ["layoffs"]

[[event]]
id = "layoffs"
date = "2024-02-11"
title = "Layoffs are announced"
sources = ["s"]
"""
GOOD = """\
[source.s]
title = "S"

[[event]]
id = "strike"
date = "2024-05"
title = "The works council calls a strike"
sources = ["s"]
links.follows-from = ["layoffs"]

[[event]]
id = "layoffs"
date = "2024-02-11"
title = "Layoffs are announced"
sources = ["s"]
"""
_TOLD = {
    "leads-to": "had begun before this one",
    "fulfilled-by": "had begun before this one",
    "replaced-by": "had begun before this one",
    "follows-from": "began after this one",
    "fulfils": "began after this one",
    "replaces": "began after this one",
}


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each link between events in the wrong order."""
    found = [
        (id, f"links.{type}: {other} ({date}) {_TOLD[type]} ({own})", other)
        for id, type, other, date, own in backwards(everything)
    ]
    for id, type, other, date in premature(everything):
        plan = "this plan" if type == "fulfilled-by" else "that plan"
        found.append((id, f"links.{type}: {other}: it happened {date}, before {plan} was known", other))
    for id, what, other in found:
        event = everything.event(id)
        if event:
            remedy = 'turn the link round, correct a date, or accept.backwards = "why"'
            yield Finding(event.file, event.line, id, f"{what}; {remedy}", (other,))
