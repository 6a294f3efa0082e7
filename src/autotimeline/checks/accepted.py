"""An acceptance of a rule that does not exist, or of an error."""

from autotimeline import checks, plugins
from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAS_ACCEPTED
from autotimeline.text import suggest_or_list

LEVEL = "problem"
EXPLAIN = """\
An accepted finding becomes a note. An unknown rule in `accept` accepts nothing, and errors cannot
be accepted.

Write the name of the rule as check shows it."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each key of `accept` that is not a rule, or is one for errors."""
    rules = [rule for rule in plugins.list_names(checks) if plugins.load(checks, rule).LEVEL != "error"]
    for id, file, line, accept in everything.rows(("id", "file", "line", "accept"), where=HAS_ACCEPTED):
        for rule in accept:
            if rule not in rules:
                hint = suggest_or_list(rule, rules)
                yield Finding(file, line, id, f"accept.{rule}: no such rule{hint}; correct it")
