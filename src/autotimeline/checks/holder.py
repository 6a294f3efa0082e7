"""Shares whose "of" may be the holder."""

from decimal import Decimal
from typing import Any

from autotimeline.checks._finding import Finding, Findings
from autotimeline.checks._share import HELD_ROLES, actors_in, is_share
from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
The "of" of a share is what is held, and "holder" is the actor that holds it. A share without a
holder may have the holder in "of" by mistake. This is likely if the shares of several actors of one
event add up to about 100%, or if "of" is a buyer and the event also has a target or venture.

Name the holder with "holder", and what is held with "of"."""
_BUYER_ROLES = ("buyer", "buyers", "acquirer", "investor", "investors", "shareholder", "shareholders")
_WHOLE = Decimal(100)
# Rounded shares, such as 33.3% three times, add up to a little less or more.
_ROUNDING = Decimal("0.5")


def find(everything: Selection) -> Findings:
    """Yield a finding for each event with shares whose "of" may be the holder."""
    for id, file, line, actors, figures in everything.rows(("id", "file", "line", "actors", "figures")):
        held_actors = actors_in(actors, HELD_ROLES)
        participants = {actor["id"] for actor in actors} - held_actors
        buyers = actors_in(actors, _BUYER_ROLES) - held_actors
        groups: dict[tuple[str | None, ...], list[dict[str, Any]]] = {}
        for figure in figures:
            if is_share(figure) and figure["of"] in participants and not figure["holder"]:
                groups.setdefault((figure["metric"], figure["basis"], figure["period"]), []).append(figure)
        for shares in groups.values():
            of, metric = shares[0]["of"], shares[0]["metric"]
            target = f'of = "{next(iter(held_actors))}", ' if len(held_actors) == 1 else ""
            remedy = f'write {target}holder = "{of}" if it is the holder'
            owners = [share["of"] for share in shares]
            if len(set(owners)) == len(owners) > 1 and _may_be_whole(shares):
                texts = " + ".join(share["text"] for share in shares)
                yield Finding(file, line, id, f"{metric} of {', '.join(owners)} adds up to 100% ({texts}); {remedy}")
            elif held_actors and of in buyers:
                yield Finding(file, line, id, f"{metric} is {shares[0]['text']} of {of}, a buyer; {remedy}")


def _may_be_whole(shares: list[dict[str, Any]]) -> bool:
    """Return whether the shares, which have two bounds, may add up to 100%."""
    bounds = [(share["low"], share["high"]) for share in shares]
    if any(None in pair for pair in bounds):
        return False
    low, high = (sum(side, Decimal(0)) for side in zip(*bounds, strict=True))
    return low - _ROUNDING <= _WHOLE <= high + _ROUNDING
