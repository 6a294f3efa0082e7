"""A date, status, or figure that cannot be true together with one of the event's own sources."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.model import ClaimValue, Figure, find_contradictions
from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
If the bounds of two statements do not meet, of the event and a source or of two sources, one of
them is wrong. Until that is settled, nothing is certain about the disputed value.

Keep the better value in the event. If both must stay, accept the finding and say why."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each value that a source contradicts."""
    for event in everything.derive("is:disputed").events():
        reported: set[ClaimValue] = set()
        for field, citation, claim, values in find_contradictions(event):
            # Two sources that contradict each other are one finding.
            if claim in reported:
                continue
            reported.update(set(values).difference((event.date, *event.figures)))
            name = claim.metric if isinstance(claim, Figure) else field
            what = f"disputed: {name} {', '.join(map(_format_claim, values))}, but {_format_claim(claim)}"
            text = f'{what} in source "{citation.source}"; keep one of them'
            yield Finding(event.file, event.line, event.id, text)


def _format_claim(value: ClaimValue) -> str:
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, Figure) else value.shown
