"""An acceptance of a rule that does not exist, or of an error."""

from __future__ import annotations

from autotimeline import checks, plugins
from autotimeline.checks._finding import Finding
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
An accepted finding becomes a note. An unknown rule in `accept` accepts nothing, and the mistake
would go unnoticed. Errors cannot be accepted, because no other command reads a store with an error.

Write the name of the rule as check shows it."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each `accept` key that names no rule to accept a finding of."""
    rules = [rule for rule in plugins.list_names(checks) if plugins.load(checks, rule).LEVEL != "error"]
    for id, file, line, accept in everything.rows(("id", "file", "line", "accept")):
        for rule in accept:
            if rule not in rules:
                hint = suggest(rule, rules) or f"; there are {', '.join(rules)}"
                yield Finding(file, line, id, f"accept.{rule}: no such rule{hint}; correct it")
