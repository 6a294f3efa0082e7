"""Shares of one deal that certainly add up to more than 100%."""

from typing import Any

from autotimeline.checks._finding import Finding, Findings
from autotimeline.quantities.parse import parse_quantity
from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
The shares in one target add up to 100% at most. These are the stakes of one owner ("of") on one
basis and for one period, or those of several owners that are the partners of the event or hold its
one target or venture. Lower bounds are added, so "~50%" and "51%" are fine. A metric is a share if
it is called stake, share, shares, shareholding, holding, or ownership, alone or with one more word
joined by a hyphen. A metric such as market-share, where share is not the first word, is not.

Correct the wrong share, or state its owner with "of", or its time with "period"."""
_STAKE_WORDS = {"stake", "stakes", "shareholding", "shareholdings", "holding", "ownership"}
_SHARE_WORDS = {"share", "shares"}
_HELD_ROLES = ("target", "venture")
_HOLDER_ROLES = ("partner", "partners")


def find(everything: Selection) -> Findings:
    """Yield a finding for each sum of shares that is certainly too large."""
    for id, file, line, actors, figures in everything.rows(("id", "file", "line", "actors", "figures")):
        if not any(_is_share(figure) for figure in figures):
            continue
        roles: dict[str, set[str]] = {}
        for actor in actors:
            roles.setdefault(actor["role"], set()).add(actor["id"])
        for (metric, *_), shares in _group_shares(figures, roles).items():
            total = sum(share["low"] for share in shares)
            if total < 100:
                continue
            # Only the text shows whether a bound itself is excluded.
            exceeds = any(parse_quantity(share["text"]).low_open for share in shares)
            if total > 100 or exceeds:
                minimum = f"{'more than' if exceeds else 'at least'} {total:f}"
                what = f"{metric} adds up to {minimum}% ({' + '.join(share['text'] for share in shares)})"
                yield Finding(file, line, id, f"{what}; correct one")


def _is_share(figure: dict[str, Any]) -> bool:
    parts = figure["metric"].replace("_", "-").split("-")
    has_share_name = bool(_STAKE_WORDS.intersection(parts)) or parts[0] in _SHARE_WORDS
    return has_share_name and figure["unit"] == "%" and figure["low"] is not None


def _group_shares(figures: list[dict[str, Any]], roles: dict[str, set[str]]) -> dict[tuple[str, ...], list[Any]]:
    """Return the shares in one target, by metric, basis, period, and target."""
    partners = set().union(*(roles.get(role, ()) for role in _HOLDER_ROLES))
    held_actors = set().union(*(roles.get(role, ()) for role in _HELD_ROLES))
    groups: dict[tuple[str, ...], list[Any]] = {}
    owners: dict[tuple[str, ...], dict[str, Any]] = {}
    for figure in filter(_is_share, figures):
        key = (figure["metric"], figure["basis"], figure["period"] or "")
        owner = figure["of"]
        if owner and owner not in held_actors and (owner in partners or len(held_actors) == 1):
            # An owner with two shares at different times has at least the smaller one.
            smallest = owners.setdefault((*key, "held"), {})
            if owner not in smallest or figure["low"] < smallest[owner]["low"]:
                smallest[owner] = figure
        else:
            groups.setdefault((*key, "of", owner or ""), []).append(figure)
    groups.update((key, list(least.values())) for key, least in owners.items())
    return groups
