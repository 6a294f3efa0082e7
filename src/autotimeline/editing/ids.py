"""Ids for what has none yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline.dates.span import iso
from autotimeline.store.table_reader import slug

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from autotimeline.dates.span import Span

ADDRESS = re.compile(r"https?://(?:www\.)?(.+)", re.IGNORECASE | re.DOTALL)
"""The address of a page; its one group is what tells it from others."""
_LONGEST = 40  # characters


class Taken(set[str]):
    """Ids that are taken; they only become more."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        super().__init__(ids)
        # Of a base, the first number that may be free: a store can hold thousands of one title.
        self._from: dict[str, int] = {}

    def free(self, id: str, besides: Container[str] = ()) -> str:
        """Return the id, with a number behind it where it is taken, or one of those `besides`."""
        number = self._from.get(id, 1)
        while _numbered(id, number) in self:
            number += 1
        self._from[id] = number
        while (found := _numbered(id, number)) in self or found in besides:
            number += 1
        return found


def _numbered(id: str, number: int) -> str:
    return id if number == 1 else f"{id}-{number}"


def event_id(title: str, date: Span | None, taken: Taken) -> str:
    """Return an id from the words of a title and the year of a date, that is not `taken`.

    The words are as many as fit in 40 letters; a title without a Latin letter gives `event`.
    """
    id = _short(slug(title) or "event")
    day = iso(date.plain[0]) if date else None
    if day and day[:4] not in id.split("-"):
        id = f"{id}-{day[:4]}"
    return taken.free(id)


def entity_id(kind: str, name: str, taken: Taken, besides: Container[str] = ()) -> str:
    """Return an id from the words of a name or an address, as `event_id` does; without a Latin letter the kind."""
    address = ADDRESS.fullmatch(name)
    return taken.free(_short(slug(address[1] if address else name) or kind), besides)


def _short(id: str) -> str:
    return id if len(id) <= _LONGEST else id[: _LONGEST + 1].rpartition("-")[0] or id[:_LONGEST]
