"""Figures that are shares in a company, and the actors of an event by role."""

from collections.abc import Container
from typing import Any

HELD_ROLES = ("target", "venture")
PARTNER_ROLES = ("partner", "partners")
_STAKE_WORDS = {"stake", "stakes", "shareholding", "shareholdings", "holding", "ownership"}
_SHARE_WORDS = {"share", "shares"}


def is_share(figure: dict[str, Any]) -> bool:
    """Return whether a figure, a cell of `figures`, is a share in percent by its name and unit."""
    parts = figure["metric"].replace("_", "-").split("-")
    has_share_name = bool(_STAKE_WORDS.intersection(parts)) or parts[0] in _SHARE_WORDS
    return has_share_name and figure["unit"] == "%"


def actors_in(actors: list[dict[str, Any]], roles: Container[str | None]) -> set[str]:
    """Return the ids of the actors, cells of `actors`, that have one of these roles."""
    return {actor["id"] for actor in actors if actor["role"] in roles}
