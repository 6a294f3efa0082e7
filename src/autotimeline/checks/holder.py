"""Shares whose "of" may be the holder."""

from decimal import Decimal
from typing import Any

from autotimeline.checks._finding import Finding, Findings
from autotimeline.checks._share import HELD_ROLES, PARTNER_ROLES, actors_in, is_share
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import HAS_PERCENTAGE

LEVEL = "note"
EXPLAIN = """\
The "of" of a share is what is held, and "holder" is the actor that holds it. A share without a
holder may have the holder in "of". This is likely if the shares of several actors of one event add
up to about 100%, if "of" is a buyer or seller, or if "of" is a partner and the event has a target
or venture.

Name the holder with "holder", and what is held with "of"."""
_TRADER_ROLES = (
    *("buyer", "buyers", "acquirer", "acquirers", "investor", "investors", "owner", "owners"),
    *("seller", "sellers", "shareholder", "shareholders"),
)
_WHOLE = Decimal(100)
# Rounded shares, such as 33.3% three times, add up to a little less or more.
_ROUNDING = Decimal("0.5")


def find(everything: Selection) -> Findings:
    """Yield a finding for each event and metric with shares whose "of" may be the holder."""
    fields = ("id", "file", "line", "actors", "figures")
    for id, file, line, actors, figures in everything.rows(fields, where=HAS_PERCENTAGE):
        held_actors = actors_in(actors, HELD_ROLES)
        participants = {actor["id"] for actor in actors} - held_actors
        holders = actors_in(actors, _TRADER_ROLES + PARTNER_ROLES if held_actors else _TRADER_ROLES) - held_actors
        target = f'of = "{next(iter(held_actors))}", ' if len(held_actors) == 1 else ""
        groups: dict[tuple[str | None, ...], list[dict[str, Any]]] = {}
        for figure in figures:
            if is_share(figure) and figure["of"] in participants and not figure["holder"]:
                groups.setdefault((figure["metric"], figure["basis"], figure["period"]), []).append(figure)
        for (metric, *_), shares in groups.items():
            likely = shares if _may_be_whole(shares) else [share for share in shares if share["of"] in holders]
            if likely:
                stated = " and ".join(f"{share['text']} of {share['of']}" for share in likely)
                remedy = f'write {target}holder = "{likely[0]["of"]}"'
                yield Finding(file, line, id, f'{metric} {stated}: "of" may be the holder; {remedy}')


def _may_be_whole(shares: list[dict[str, Any]]) -> bool:
    """Return whether the shares are of different actors, have two bounds, and may add up to 100%."""
    bounds = [(share["low"], share["high"]) for share in shares]
    if not 1 < len(shares) == len({share["of"] for share in shares}) or any(None in pair for pair in bounds):
        return False
    low, high = (sum(side, Decimal(0)) for side in zip(*bounds, strict=True))
    return low - _ROUNDING <= _WHOLE <= high + _ROUNDING
