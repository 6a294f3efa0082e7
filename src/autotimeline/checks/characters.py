"""A control or bidirectional character in a text of the store."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import find_unprintable
from autotimeline.text import escape_char, escape_control

LEVEL = "problem"
EXPLAIN = """\
Such a character is invisible but changes what is shown: it reverses letters, colors a terminal,
breaks a line, or makes two names differ that look the same. Line feeds, tabs, and the joiners of
scripts and emoji are allowed.

Remove it; an editor that shows invisible characters finds it."""
_MAX_SHOWN = 3


def find(everything: Selection) -> Findings:
    """Yield a finding for each text with such characters."""
    for kind, id, file, line, keys in find_unprintable(everything):
        for path, text in _iterate_texts(keys, ()):
            characters = list(dict.fromkeys(c for c in text if c not in "\n\t" and escape_control(c) != c))
            if not characters:
                continue
            named = ", ".join(map(_describe_character, characters[:_MAX_SHOWN]))
            rest = f" and {len(characters) - _MAX_SHOWN} more" if len(characters) > _MAX_SHOWN else ""
            what = f"{escape_control('.'.join(path))}: {named}{rest} is invisible and changes what is shown; remove it"
            subject = "" if kind == "event" else f'{kind} "{id}": ' if id else f"{kind}: "
            yield Finding(file, line, id if kind == "event" else None, subject + what)


def _describe_character(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return escape_char(character) + (f" ({name})" if name else "")


def _iterate_texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every text in a table, including its keys, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), key
            yield from _iterate_texts(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _iterate_texts(item, path)
