"""Typed access to the keys of a TOML table, which collects problems."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.errors import DateError
from autotimeline.text import Suggester, search_words, suggest

ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
METRIC_PATTERN = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
# Most dates of a store occur more than once.
_parse_date_cached = lru_cache(4096)(edtf.parse_date)

KeyPath = tuple[str | int, ...]
"""Keys and list indices, from the outermost table on."""


class TableReader:
    """A table whose keys are read one by one; each invalid value adds a problem `(path, text)`.

    `path` is that of the table itself. Nested readers share the list of problems. An absent key is None, or empty.
    """

    def __init__(
        self, body: dict[str, Any], problems: list[tuple[KeyPath, str]] | None = None, path: KeyPath = ()
    ) -> None:
        self.body = body
        self.problems = [] if problems is None else problems
        self.path = path

    def add_problem(self, key: str, message: str) -> None:
        """Add a problem with a key, or, if the key is empty, with the table itself."""
        path = (*self.path, key) if key else self.path
        name = ".".join(part for part in path if isinstance(part, str))
        # A missing key has no line, so the problem is at the table.
        self.problems.append((path if key in self.body else self.path, f"{name}: {message}"))

    def nested(self, body: dict[str, Any], *path: str | int) -> "TableReader":
        """Return a reader of a table in this one."""
        return TableReader(body, self.problems, (*self.path, *path))

    def get_text(self, key: str, *, allowed: Sequence[str] = ()) -> str | None:
        """Return a text that is not blank and, if given, one of the allowed words; else None."""
        value = self.body.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.add_problem(key, f"must be text in quotes, not {type_name(value)}")
        elif not value.strip():
            self.add_problem(key, "is empty; write a text, or remove the key")
        elif allowed and value not in allowed:
            self.add_problem(key, f'"{value}" is not one of {", ".join(allowed)}{suggest(value, allowed)}')
        else:
            return value
        return None

    def get_id(self, key: str) -> str | None:
        """Return an id; an invalid id is returned, and adds a problem."""
        value = self.get_text(key)
        if value is not None and not ID_PATTERN.fullmatch(value):
            self.add_problem(key, f'"{value}" is not an id; {id_hint(value)}')
        return value

    def get_texts(self, key: str, *, ids: bool = False) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        value = self.body.get(key)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
            self.add_problem(key, f'must be a list of texts, like ["…", "…"], not {type_name(value)}')
            return ()
        for item in items if ids else ():
            if not ID_PATTERN.fullmatch(item):
                self.add_problem(key, f'"{item}" is not an id; {id_hint(item)}')
        for item, count in Counter(items).items() if len(set(items)) < len(items) else ():
            if count > 1:
                self.add_problem(key, f'duplicate "{item}"; remove one')
        return tuple(items)

    def get_flag(self, key: str) -> bool:
        """Return a boolean."""
        value = self.body.get(key)
        if not isinstance(value, bool | None):
            self.add_problem(key, f"must be true or false, not {type_name(value)}")
        return value is True

    def get_number(self, key: str) -> int | None:
        """Return a whole number of at least 0."""
        value = self.body.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            actual = value if type(value) is int else type_name(value)
            self.add_problem(key, f"must be a whole number of at least 0, not {actual}")
            return None
        return value

    def get_date(self, key: str) -> Span | None:
        """Return a date; the values may also be days of TOML and whole years."""
        value = self.body.get(key)
        if value is None:
            return None
        try:
            return _parse_date_cached(value) if isinstance(value, str) else edtf.date_from_toml(value)
        except DateError as error:
            self.add_problem(key, str(error))
            return None

    def get_table(self, key: str, example: str) -> dict[str, Any]:
        """Return a table, empty if it is invalid."""
        value = self.body.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.add_problem(key, f"must be a table, like {example}, not {type_name(value)}")
        return {}

    def reject_unknown_keys(self, known: Collection[str]) -> None:
        """Add a problem for each key that is not known."""
        if unknown := [key for key in self.body if key not in known]:
            suggest = Suggester(set(known) - set(self.body))
            for key in unknown:
                self.add_problem(key, f"unknown key{suggest(key)}")


def is_valid_id(kind: str, id: str) -> bool:
    """Return whether a text can be an id of a kind; that of a metric is its name."""
    return bool((METRIC_PATTERN if kind == "metric" else ID_PATTERN).fullmatch(id))


def slugify(text: str) -> str:
    """Return the id that is most similar to a text, `xin-tianshu` for `Xin Tianshu`, or an empty string."""
    id = "-".join(search_words(text).encode("ascii", "ignore").decode().split())
    return id if ID_PATTERN.fullmatch(id) else ""


def id_hint(text: str, kind: str = "event") -> str:
    """Return the rule for the ids of a kind, with the id that is most similar to the text."""
    if kind == "metric":
        return "begin with a letter, and use a-z, 0-9, - and _"
    example = f', like "{slugify(text)}"' if slugify(text) else ""
    return f"use a-z, 0-9, and single hyphens{example}"


def type_name(value: Any) -> str:
    """Return the type of a TOML value in words."""
    if isinstance(value, bool):
        return "true or false"
    names = {int: "a number", Decimal: "a number", str: "text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")
