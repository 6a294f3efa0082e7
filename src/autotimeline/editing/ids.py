"""References by id, and new ids from titles and names."""

import re
from collections.abc import Container, Iterable

from autotimeline.dates.span import Span, format_iso
from autotimeline.errors import UsageError
from autotimeline.schema import KINDS
from autotimeline.store.table_reader import id_hint, is_valid_id, slugify

# The host, and the path with the query. A fragment does not count, unless it is the path within an application.
_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:www\.)?([^\s/?#]+)(\S*?)/?(?:#(?![!/])\S*)?", re.IGNORECASE)
_MAX_LENGTH = 40  # characters


def split_reference(text: str) -> tuple[str, str]:
    """Return the kind and the id of `actor:byd`; without the name of a kind, "" and the text."""
    kind, colon, id = text.partition(":")
    return (kind, id) if colon and kind in KINDS[1:] else ("", text)


def require_valid_id(id: str, kind: str = "event") -> str:
    """Return an id of a kind, or raise UsageError if its form is invalid."""
    if not is_valid_id(kind, id):
        raise UsageError(f'"{id}" is not an id; {id_hint(id, kind)}')
    return id


class IdAllocator(set[str]):
    """The ids in use; ids are only added to it."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        super().__init__(ids)
        # By base id, the first number that may be free: thousands of events can have one title.
        self._next_number: dict[str, int] = {}

    def make_unique(self, id: str, also_taken: Container[str] = ()) -> str:
        """Return the id, with the first number that makes it unique if it is in use."""
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
    """Return a unique id of up to 40 characters from the title, and the year; without Latin letters, from `event`."""
    id = _shorten_id(slugify(title) or "event")
    iso_day = format_iso(date.nominal[0]) if date else None
    if iso_day and iso_day[:4] not in id.split("-"):
        id = f"{id}-{iso_day[:4]}"
    return allocator.make_unique(id)


def make_entity_id(kind: str, name: str, allocator: IdAllocator, also_taken: Container[str] = ()) -> str:
    """Return a unique id from a name or a URL; without Latin letters, from the kind."""
    return allocator.make_unique(_shorten_id(slugify("".join(split_url(name) or name)) or kind), also_taken)


def split_url(text: str) -> tuple[str, str] | None:
    """Return the host and the path of a URL, equal for URLs of one page; None if the text is not a URL.

    The scheme, `www.`, the case of the host, a final slash, and a fragment do not count.
    """
    url = _URL.fullmatch(text)
    return (url[1].lower(), url[2]) if url else None


def _shorten_id(id: str) -> str:
    return id if len(id) <= _MAX_LENGTH else id[: _MAX_LENGTH + 1].rpartition("-")[0] or id[:_MAX_LENGTH]
