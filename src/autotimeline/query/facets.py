"""The fields to count and chart by: the facets of QUERY_FIELDS, and years, quarters, and months."""

from __future__ import annotations

from autotimeline.errors import UsageError
from autotimeline.query.field_types import Facet
from autotimeline.query.fields import QUERY_FIELDS
from autotimeline.text import Suggester, pluralize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

TIME_FIELDS = {"year": 12, "quarter": 3, "month": 1}
"""The number of months in a cell; `reports.counts` counts by them."""
FACETS = {name: field for name, field in QUERY_FIELDS.items() if isinstance(field, Facet)}
COUNT_FIELDS = (*TIME_FIELDS, *FACETS)
ROLE_FIELDS = tuple(name for name, facet in FACETS.items() if facet.has_roles)
"""The fields to which `@ROLE` can be added."""


def parse_field(word: str, known: Iterable[str], action: str) -> str:
    """Return the field that a word names in the singular or the plural, perhaps with a role: `actor@buyer`.

    Raises:
        UsageError: If it is not a known field; the message says that it is not one to `action` by.
    """
    fields = {name: field for field in known for name in (field, pluralize(field))}
    name, at, role = word.strip().lower().partition("@")
    if name not in fields or (at and not (role and fields[name] in ROLE_FIELDS)):
        roles = "; write " + " or ".join(f"{field}@ROLE" for field in ROLE_FIELDS)
        hint = roles if at else Suggester(known, 0.7)(word) or "; there are " + ", ".join(known)
        raise UsageError(f'cannot {action} by "{word}"{hint}')
    return fields[name] + at + role


def entity_kind(field: str) -> str:
    """Return the kind of the entities whose ids are the keys of a field; empty if they are not ids."""
    name = field.partition("@")[0]
    return FACETS[name].entity_kind if name in FACETS else ""


def with_names(by: Sequence[str], keys: Sequence[Any], names: Sequence[Any]) -> list[Any]:
    """Return the keys of the fields `by`, each id followed by its name."""
    pairs = zip(by, keys, names, strict=True)
    return [value for field, key, name in pairs for value in ((key, name) if entity_kind(field) else (key,))]


def pairs_roles(fields: Sequence[str]) -> bool:
    """Return whether the fields are `role` and one of actors: then each actor is paired with its own roles."""
    return "role" in fields and any(field.partition("@")[0] in ROLE_FIELDS for field in fields)


def parse_fields(text: str, known: Sequence[str] = COUNT_FIELDS, action: str = "count") -> tuple[str, ...]:
    """Parse a text such as `year,kinds` into at most two of the known fields to `action` by; an empty text has none.

    Raises:
        UsageError: If a field is unknown, or there are more than two, or both mean the same.
    """
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    if text and not words:
        raise UsageError(f'cannot {action} by "{text}"; there are {", ".join(known)}')
    names = tuple(parse_field(word, known, action) for word in words)
    if len(names) > 2:
        raise UsageError(f'cannot {action} by {len(names)} fields, "{text}"; write one, or two with a comma between')
    if len(names) == 2 and (names[0] == names[1] or set(names) <= set(TIME_FIELDS)):
        raise UsageError(f'cannot {action} by "{text}": the one says what the other does; write one of them')
    return names
