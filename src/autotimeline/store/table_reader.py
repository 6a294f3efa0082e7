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
from autotimeline.text import Nearest, nearest, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.dates.span import Span

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


# Few of a store's dates differ.
_parsed = lru_cache(4096)(edtf.parse)

Path = tuple[str | int, ...]
"""Where in a table: its keys, and places in lists (from 0), from the outside in."""


class Fields:
    """The keys of a table, taken one by one; what does not fit becomes a problem `(path, text)`.

    `at` is the path of the table itself, without which the problems' texts name their keys in vain.
    """

    def __init__(self, body: dict[str, Any], problems: list[tuple[Path, str]] | None = None, at: Path = ()) -> None:
        self.body = body
        self.asked: list[str] = []
        self.problems = [] if problems is None else problems
        self.at = at

    def wrong(self, key: str, what: str) -> None:
        """Note a problem with a key; an empty key is the table itself."""
        path = (*self.at, key) if key else self.at
        name = ".".join(part for part in path if isinstance(part, str))
        # What is missing stands nowhere: the problem is where the table is.
        self.problems.append((path if key in self.body else self.at, f"{name}: {what}"))

    def take(self, key: str) -> Any:
        """Return the raw value of a key, None where it is absent."""
        self.asked.append(key)
        return self.body.get(key)

    def text(self, key: str, *, required: bool = False, word: Sequence[str] = ()) -> str | None:
        """Return a string that is not blank; `word` are the only ones allowed."""
        value = self.take(key)
        if value is None:
            if required:
                self.wrong(key, f'missing; write {key} = "…"')
        elif not isinstance(value, str):
            self.wrong(key, f"must be text in quotes, not {kind_of(value)}")
        elif not value.strip():
            self.wrong(key, "is empty; write something or leave the key out")
        elif word and value not in word:
            self.wrong(key, f'"{value}" is none of {", ".join(word)}{nearest(value, word)}')
        else:
            return value
        return None

    def id(self, key: str, *, required: bool = False) -> str | None:
        """Return an id."""
        value = self.text(key, required=required)
        if value is not None and not ID.fullmatch(value):
            self.wrong(key, f'"{value}" is no id; {made_of(value)}')
        return value

    def texts(self, key: str, *, ids: bool = False) -> tuple[str, ...]:
        """Return a list of strings; one string alone is a list of one."""
        value = self.take(key)
        if value is None:
            return ()
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(item, str) and item.strip() for item in found):
            self.wrong(key, f'must be a list of texts, like ["…", "…"], not {kind_of(value)}')
            return ()
        for item in found if ids else ():
            if not ID.fullmatch(item):
                self.wrong(key, f'"{item}" is no id; {made_of(item)}')
        if len(set(found)) < len(found):
            for item, times in Counter(found).items():
                if times > 1:
                    self.wrong(key, f'"{item}" stands there twice')
        return tuple(found)

    def flag(self, key: str) -> bool:
        """Return a boolean, False where it is absent."""
        value = self.take(key)
        if not isinstance(value, bool | None):
            self.wrong(key, f"must be true or false, not {kind_of(value)}")
        return value is True

    def number(self, key: str) -> int | None:
        """Return a whole number that is not negative."""
        value = self.take(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            told = value if type(value) is int else kind_of(value)
            self.wrong(key, f"must be a whole number of at least 0, not {told}")
            return None
        return value

    def date(self, key: str) -> Span | None:
        """Return a date of the profile; TOML's own days and whole years are taken too."""
        value = self.take(key)
        if value is None:
            return None
        try:
            return _parsed(value) if isinstance(value, str) else edtf.from_toml(value)
        except DateError as error:
            self.wrong(key, str(error))
            return None

    def table(self, key: str, what: str) -> dict[str, Any]:
        """Return a table, empty where it is absent."""
        value = self.take(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.wrong(key, f"must be a table, like {what}, not {kind_of(value)}")
        return {}

    def end(self) -> None:
        """Note the keys that were never taken: they are unknown here."""
        if unknown := [key for key in self.body if key not in self.asked]:
            like = Nearest(set(self.asked) - set(self.body))
            for key in unknown:
                self.wrong(key, f"unknown key{like(key)}")


def slug(text: str) -> str:
    """Return the id that is most like a text, empty where none is: `Xin Tianshu` is `xin-tianshu`."""
    plain = unicodedata.normalize("NFKD", words(text)).encode("ascii", "ignore").decode()
    id = "-".join(plain.split())
    return id if ID.fullmatch(id) else ""


def made_of(text: str) -> str:
    """Return what an id is made of, with the one that is most like the text."""
    like = f', like "{slug(text)}"' if slug(text) else ""
    return f"an id is made of a-z, 0-9 and single hyphens{like}"


def kind_of(value: Any) -> str:
    """Return what a TOML value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    names = {int: "a number", Decimal: "a number", str: "text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")
