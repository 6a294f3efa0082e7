"""The findings of the rules, with their levels and the remedies that apply to every rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autotimeline import checks, plugins
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAS_ACCEPTED


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding at a line (from 1), with the id of its event, if any; the text ends with a remedy.

    It is accepted if its event or one of the other events accepts the rule. `find_all` adds that remedy, the name of
    the rule, and the level: `error`, `problem`, or `note`.
    """

    file: str
    line: int
    event: str | None
    text: str
    other_events: Sequence[str] = ()
    rule: str = ""
    level: str = ""


Findings = Iterator[Finding]


def find_all(everything: Selection, *, strict: bool) -> list[Finding]:
    """Return the findings of all rules in the order of files and lines; without `strict`, no notes."""
    accepted = {row[0]: row[1] for row in everything.rows(("id", "accept"), where=HAS_ACCEPTED)}
    findings = []
    for rule in plugins.list_names(checks):
        check = plugins.load(checks, rule)
        for finding in check.find(everything) if strict or check.LEVEL != "note" else ():
            level, text = check.LEVEL, finding.text
            # An error cannot be accepted: the store is invalid.
            if level != "error":
                reasons = [accepted.get(event, {}).get(rule) for event in (finding.event, *finding.other_events)]
                if reason := next(filter(None, reasons), None):
                    level, text = "note", f"{text} (accepted: {reason})"
                elif finding.event:
                    text += f', or add accept.{rule} = "why"'
            if strict or level != "note":
                findings.append(replace(finding, text=text, rule=rule, level=level))
    return sorted(findings, key=lambda finding: (finding.file, finding.line))
