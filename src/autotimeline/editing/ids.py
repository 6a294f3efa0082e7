"""Ids for what has none yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline.dates.span import format_iso
from autotimeline.store.table_reader import slugify

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from autotimeline.dates.span import Span

URL_PATTERN = re.compile(r"https?://(?:www\.)?(.+)", re.IGNORECASE | re.DOTALL)
"""The address of a page; its one group is what tells it from others."""
_MAX_LENGTH = 40  # characters


class IdAllocator(set[str]):
    """Ids that are taken; they only become more."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        super().__init__(ids)
        # Of a base, the first number that may be free: a store can hold thousands of one title.
        self._next_number: dict[str, int] = {}

    def make_unique(self, id: str, also_taken: Container[str] = ()) -> str:
        """Return the id, with a number behind it where it is taken, or one of those `besides`."""
        number = self._next_number.get(id, 1)
        while _with_number(id, number) in self:
            number += 1
        self._next_number[id] = number
        while (candidate := _with_number(id, number)) in self or candidate in also_taken:
            number += 1
        return candidate


def _with_number(id: str, number: int) -> str:
    return id if number == 1 else f"{id}-{number}"


def make_event_id(title: str, date: Span | None, allocator: IdAllocator) -> str:
    """Return an id from the words of a title and the year of a date, that is not `taken`.

    The words are as many as fit in 40 letters; a title without a Latin letter gives `event`.
    """
    id = _shorten_id(slugify(title) or "event")
    iso_day = format_iso(date.nominal[0]) if date else None
    if iso_day and iso_day[:4] not in id.split("-"):
        id = f"{id}-{iso_day[:4]}"
    return allocator.make_unique(id)


def make_entity_id(kind: str, name: str, allocator: IdAllocator, also_taken: Container[str] = ()) -> str:
    """Return an id from the words of a name or an address, as `event_id` does; without a Latin letter the kind."""
    url = URL_PATTERN.fullmatch(name)
    return allocator.make_unique(_shorten_id(slugify(url[1] if url else name) or kind), also_taken)


def _shorten_id(id: str) -> str:
    return id if len(id) <= _MAX_LENGTH else id[: _MAX_LENGTH + 1].rpartition("-")[0] or id[:_MAX_LENGTH]
