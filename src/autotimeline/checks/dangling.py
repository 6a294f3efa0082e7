"""A link to an event that is not in the store, as a snapshot of a part may have."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each link that leads nowhere."""
    present = {str(row[0]) for row in everything.rows(("id",))}
    for id, file, line, links in everything.rows(("id", "file", "line", "links")):
        for link in links:
            if link["event"] not in present:
                what = f'links.{link["type"]}: no event "{link["event"]}"{nearest(link["event"], present)}'
                yield Finding(file, line, id, f'{what}; correct it, or accept.dangling = "why"')
