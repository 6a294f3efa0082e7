"""A finding that the event accepts, of a rule that there is not."""

from __future__ import annotations

from autotimeline import checks, plugins
from autotimeline.checks._finding import Finding, of
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each `accept` key that names no rule."""
    rules = plugins.names(checks)
    for event in everything.events():
        for rule in event.accept:
            if rule not in rules:
                yield of(event, f"accept.{rule}: no such rule{nearest(rule, rules)}; there are {', '.join(rules)}")
