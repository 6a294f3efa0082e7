"""Shares of one deal that certainly add up to more than 100%."""

from typing import Any

from autotimeline.checks._finding import Finding, Findings
from autotimeline.checks._share import HELD_ROLES, PARTNER_ROLES, actors_in, is_share
from autotimeline.quantities.parse import parse_quantity
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAS_PERCENTAGE

LEVEL = "problem"
EXPLAIN = """\
The stakes in one "of", on one basis and for one period, add up to 100% at most. Without a holder,
an "of" is the holder if it is a partner of the event, or if the event has one target or venture and
"of" is not that one. Lower bounds are added, so "~50%" and "51%" are fine. A metric in percent is a
share if its name contains stake, shareholding, holding, or ownership, or begins with share;
market-share is not.

Correct the wrong share, or state what is held with "of", by whom with "holder", or its time with
"period"."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each sum of shares that is certainly too large."""
    fields = ("id", "file", "line", "actors", "figures")
    for id, file, line, actors, figures in everything.rows(fields, where=HAS_PERCENTAGE):
        for (metric, *_), shares in _group_shares(figures, actors).items():
            total = sum(share["low"] for share in shares)
            if total < 100:
                continue
            # Only the text shows whether a bound itself is excluded.
            exceeds = any(parse_quantity(share["text"]).low_open for share in shares)
            if total > 100 or exceeds:
                minimum = f"{'more than' if exceeds else 'at least'} {total:f}"
                what = f"{metric} adds up to {minimum}% ({' + '.join(share['text'] for share in shares)})"
                yield Finding(file, line, id, f"{what}; correct one")


def _group_shares(figures: list[dict[str, Any]], actors: list[dict[str, Any]]) -> dict[tuple[str, ...], list[Any]]:
    """Return the shares in one target, by metric, basis, period, and target."""
    partners, held_actors = actors_in(actors, PARTNER_ROLES), actors_in(actors, HELD_ROLES)
    groups: dict[tuple[str, ...], list[Any]] = {}
    shares_by_holder: dict[tuple[str, ...], dict[str, Any]] = {}
    for figure in filter(is_share, figures):
        if figure["low"] is None:
            continue
        key = (figure["metric"], figure["basis"], figure["period"] or "")
        of, holder = figure["of"], figure["holder"]
        if not holder and of and of not in held_actors and (of in partners or len(held_actors) == 1):
            of, holder = None, of
        if holder:
            # A holder with two shares at different times has at least the smaller one.
            smallest = shares_by_holder.setdefault((*key, "held", of or ""), {})
            if holder not in smallest or figure["low"] < smallest[holder]["low"]:
                smallest[holder] = figure
        else:
            groups.setdefault((*key, "of", of or ""), []).append(figure)
    groups.update((key, list(least.values())) for key, least in shares_by_holder.items())
    return groups
