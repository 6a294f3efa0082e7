"""Take the keys of a TOML table one by one, and note what does not fit."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from autotimeline.dates import edtf
from autotimeline.errors import DateError
from autotimeline.text import Suggester, search_words, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.dates.span import Span

ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


# Few of a store's dates differ.
_parse_date_cached = lru_cache(4096)(edtf.parse_date)

KeyPath = tuple[str | int, ...]
"""Where in a table: its keys, and places in lists (from 0), from the outside in."""


class TableReader:
    """The keys of a table, taken one by one; what does not fit becomes a problem `(path, text)`.

    `at` is the path of the table itself, without which the problems' texts name their keys in vain.
    """

    def __init__(
        self, body: dict[str, Any], problems: list[tuple[KeyPath, str]] | None = None, path: KeyPath = ()
    ) -> None:
        self.body = body
        self.known_keys: list[str] = []
        self.problems = [] if problems is None else problems
        self.path = path

    def add_problem(self, key: str, message: str) -> None:
        """Note a problem with a key; an empty key is the table itself."""
        path = (*self.path, key) if key else self.path
        name = ".".join(part for part in path if isinstance(part, str))
        # What is missing stands nowhere: the problem is where the table is.
        self.problems.append((path if key in self.body else self.path, f"{name}: {message}"))

    def get(self, key: str) -> Any:
        """Return the raw value of a key, None where it is absent."""
        self.known_keys.append(key)
        return self.body.get(key)

    def get_text(self, key: str, *, required: bool = False, allowed: Sequence[str] = ()) -> str | None:
        """Return a string that is not blank; `word` are the only ones allowed."""
        value = self.get(key)
        if value is None:
            if required:
                self.add_problem(key, f'missing; write {key} = "…"')
        elif not isinstance(value, str):
            self.add_problem(key, f"must be text in quotes, not {type_name(value)}")
        elif not value.strip():
            self.add_problem(key, "is empty; write something or leave the key out")
        elif allowed and value not in allowed:
            self.add_problem(key, f'"{value}" is none of {", ".join(allowed)}{suggest(value, allowed)}')
        else:
            return value
        return None

    def get_id(self, key: str, *, required: bool = False) -> str | None:
        """Return an id."""
        value = self.get_text(key, required=required)
        if value is not None and not ID_PATTERN.fullmatch(value):
            self.add_problem(key, f'"{value}" is no id; {id_hint(value)}')
        return value

    def get_texts(self, key: str, *, ids: bool = False) -> tuple[str, ...]:
        """Return a list of strings; one string alone is a list of one."""
        value = self.get(key)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
            self.add_problem(key, f'must be a list of texts, like ["…", "…"], not {type_name(value)}')
            return ()
        for item in items if ids else ():
            if not ID_PATTERN.fullmatch(item):
                self.add_problem(key, f'"{item}" is no id; {id_hint(item)}')
        if len(set(items)) < len(items):
            for item, times in Counter(items).items():
                if times > 1:
                    self.add_problem(key, f'"{item}" stands there twice')
        return tuple(items)

    def get_flag(self, key: str) -> bool:
        """Return a boolean, False where it is absent."""
        value = self.get(key)
        if not isinstance(value, bool | None):
            self.add_problem(key, f"must be true or false, not {type_name(value)}")
        return value is True

    def get_number(self, key: str) -> int | None:
        """Return a whole number that is not negative."""
        value = self.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            actual = value if type(value) is int else type_name(value)
            self.add_problem(key, f"must be a whole number of at least 0, not {actual}")
            return None
        return value

    def get_date(self, key: str) -> Span | None:
        """Return a date of the profile; TOML's own days and whole years are taken too."""
        value = self.get(key)
        if value is None:
            return None
        try:
            return _parse_date_cached(value) if isinstance(value, str) else edtf.date_from_toml(value)
        except DateError as error:
            self.add_problem(key, str(error))
            return None

    def get_table(self, key: str, example: str) -> dict[str, Any]:
        """Return a table, empty where it is absent."""
        value = self.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.add_problem(key, f"must be a table, like {example}, not {type_name(value)}")
        return {}

    def reject_unknown_keys(self) -> None:
        """Note the keys that were never taken: they are unknown here."""
        if unknown := [key for key in self.body if key not in self.known_keys]:
            suggest = Suggester(set(self.known_keys) - set(self.body))
            for key in unknown:
                self.add_problem(key, f"unknown key{suggest(key)}")


def slugify(text: str) -> str:
    """Return the id that is most like a text, empty where none is: `Xin Tianshu` is `xin-tianshu`."""
    plain = unicodedata.normalize("NFKD", search_words(text)).encode("ascii", "ignore").decode()
    id = "-".join(plain.split())
    return id if ID_PATTERN.fullmatch(id) else ""


def id_hint(text: str) -> str:
    """Return what an id is made of, with the one that is most like the text."""
    example = f', like "{slugify(text)}"' if slugify(text) else ""
    return f"an id is made of a-z, 0-9 and single hyphens{example}"


def type_name(value: Any) -> str:
    """Return what a TOML value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    names = {int: "a number", Decimal: "a number", str: "text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")
