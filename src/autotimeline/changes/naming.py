"""Ids for what has none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.dates.span import iso
from autotimeline.store.fields import slug
from autotimeline.text import words

if TYPE_CHECKING:
    from collections.abc import Container

    from autotimeline.dates.span import Span

_LONGEST = 40


def event_id(title: str, date: Span | None, taken: Container[str]) -> str:
    """Return an id from the words of a title and the year of a date, that is not `taken`.

    The words are as many as fit in 40 letters; a title without a Latin letter gives `event`.
    """
    parts = (slug(words(title)) or "event").split("-")
    while len(parts) > 1 and len("-".join(parts)) > _LONGEST:
        parts.pop()
    day = iso(date.plain[0]) if date else None
    if day and day[:4] not in parts:
        parts.append(day[:4])
    return free("-".join(parts), taken)


def free(id: str, taken: Container[str]) -> str:
    """Return the id, with a number behind it where it is taken."""
    number, found = 1, id
    while found in taken:
        number += 1
        found = f"{id}-{number}"
    return found
