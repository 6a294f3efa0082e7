"""Ids for what has none yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline.dates.span import iso
from autotimeline.store.fields import slug

if TYPE_CHECKING:
    from collections.abc import Container

    from autotimeline.dates.span import Span

ADDRESS = re.compile(r"https?://(?:www\.)?(.+)", re.IGNORECASE | re.DOTALL)
"""The address of a page; its one group is what tells it from others."""
_LONGEST = 40  # characters


def event_id(title: str, date: Span | None, taken: Container[str]) -> str:
    """Return an id from the words of a title and the year of a date, that is not `taken`.

    The words are as many as fit in 40 letters; a title without a Latin letter gives `event`.
    """
    id = _short(slug(title) or "event")
    day = iso(date.plain[0]) if date else None
    if day and day[:4] not in id.split("-"):
        id = f"{id}-{day[:4]}"
    return free(id, taken)


def entity_id(kind: str, name: str, taken: Container[str]) -> str:
    """Return an id from the words of a name or an address, as `event_id` does; without a Latin letter the kind."""
    address = ADDRESS.fullmatch(name)
    return free(_short(slug(address[1] if address else name) or kind), taken)


def _short(id: str) -> str:
    return id if len(id) <= _LONGEST else id[: _LONGEST + 1].rpartition("-")[0] or id[:_LONGEST]


def free(id: str, taken: Container[str]) -> str:
    """Return the id, with a number behind it where it is taken."""
    number, found = 1, id
    while found in taken:
        number += 1
        found = f"{id}-{number}"
    return found
