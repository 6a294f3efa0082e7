"""Find the line of a key in the text of a store: `tomllib` tells only values."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autotimeline.store.table_reader import Path

_HEADER = re.compile(r"[ \t]*\[")
_EVENT = re.compile(r"[ \t]*\[\[[ \t]*event[ \t]*\]\]")
_OF_EVENT = re.compile(r"[ \t]*\[+[ \t]*event[ \t]*\.")
_ELEMENT = re.compile(r"[ \t]*[{\"']")


class Lines:
    """The lines of a text, numbered from 0. What is asked for in the order of the text is found without going back.

    It looks where people write things: a key at the beginning of its line, an item of a list on a line
    of its own. Of what stands elsewhere it tells the line of whatever holds it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] = []
        self._last = 0

    @property
    def lines(self) -> list[str]:
        """The lines, cut when first asked for: a block without problems needs none."""
        if not self._lines:
            self._lines = self._text.split("\n")
        return self._lines

    def events(self) -> list[int]:
        """Return the lines that are `[[event]]`."""
        if _EVENT.match(self._text) and self._text.count("[[") == 1:
            return [0]
        return [number for number, line in enumerate(self.lines) if _EVENT.match(line)]

    def key(self, name: str) -> int:
        """Return the line of a table or key at the top."""
        return self._first(rf"[ \t]*\[*[ \t]*{_quoted(name)}[ \t]*[.=\]]")

    def tables(self, name: str, count: int) -> list[int]:
        """Return the lines of so many `[[name]]`, or as often the line of the key where they are written otherwise."""
        header = re.compile(rf"[ \t]*\[\[[ \t]*{_quoted(name)}[ \t]*\]\]")
        found = [number for number, line in enumerate(self.lines) if header.match(line)]
        return found if len(found) == count else [self.key(name)] * count

    def entity(self, kind: str, id: str) -> int:
        """Return the line on which a source, actor, era, alias or the head begins."""
        # Without a pattern where people write as is usual: patterns are dear to compile.
        if self._text.startswith(f"[{kind}.{id}]" if id else f"[{kind}]"):
            return 0
        if kind == "alias" and (before := self._text.find(f"\n{id} = ")) >= 0:
            return self._text.count("\n", 0, before) + 1
        path = rf"{_quoted(kind)}[ \t]*\.[ \t]*{_quoted(id)}" if id else _quoted(kind)
        return self._first(rf"[ \t]*\[*[ \t]*{path}[ \t]*[.=\]]|[ \t]*{_quoted(id)}[ \t]*[.=]")

    def quoted(self, word: str) -> int:
        """Return the next line that holds the word in quotes."""
        return self._first(rf".*[\"']{re.escape(word)}[\"']")

    def find(self, start: int, path: Path) -> int:
        """Return the line of a key of what begins on `start`, or the nearest above that is sure to hold it."""
        if not path:
            return start
        stop = next((n for n in range(start + 1, len(self.lines)) if self._ends(n)), len(self.lines))
        at = self._top(start, stop, str(path[0]))
        for part in path[1:]:
            pattern = rf"(?:.*[^\w\"'-]|){_quoted(part)}[ \t]*[.=]" if isinstance(part, str) else ""
            at = self._next(range(at, stop), pattern, at) if pattern else self._item(at, stop, int(part))
        return at

    def _ends(self, number: int) -> bool:
        line = self.lines[number]
        # What else begins with a bracket may be a list, or text.
        return bool(_HEADER.match(line) and line.rstrip().endswith("]") and not _OF_EVENT.match(line))

    def _top(self, start: int, stop: int, key: str) -> int:
        name, inner = _quoted(key), False
        for number in range(start, stop):
            line = self.lines[number]
            if _OF_EVENT.match(line):
                inner = True
                if re.match(rf"[ \t]*\[+[ \t]*event[ \t]*\.[ \t]*{name}[ \t]*[.\]]", line):
                    return number
            elif not inner and re.match(rf"[ \t]*{name}[ \t]*[.=]", line):
                return number
        return start

    def _item(self, at: int, stop: int, number: int) -> int:
        """Return the line of an item of the list that begins on the line `at`, where each has a line of its own."""
        first = self.lines[at]
        if _OF_EVENT.match(first):
            items = [n for n in range(at, stop) if self.lines[n].strip() == first.strip()]
        else:
            inside = [at] if re.search(r"=[ \t]*\[[ \t]*[{\"']", first) else []
            items = inside + [n for n in range(at + 1, stop) if _ELEMENT.match(self.lines[n])]
        return items[number] if number < len(items) else at

    def _first(self, pattern: str) -> int:
        count = len(self.lines)
        self._last = self._next(chain(range(self._last, count), range(self._last)), pattern, 0)
        return self._last

    def _next(self, numbers: Iterable[int], pattern: str, otherwise: int) -> int:
        matches = re.compile(pattern).match
        return next((number for number in numbers if matches(self.lines[number])), otherwise)


def named(text: str, key: str, id: str) -> int:
    """Return the line (from 0) on which a key of a block names an id; 0 where it is not written as people do.

    It is asked for every id of a store: nothing but `find`.
    """
    first, *parts = key.split(".")
    at = max(text.find(f"\n{first}"), text.find(f"\n[event.{first}"), text.find(f"\n[[event.{first}"))
    if at < 0:
        return 0
    for part in parts:
        at = max(at, text.find(part, at))
    forms = (f'"{id}"', f"'{id}'", f'"@{id}"', f"'@{id}'")
    return next((text.count("\n", 0, place) for form in forms if (place := text.find(form, at)) >= 0), 0)


def _quoted(name: str) -> str:
    return rf"[\"']?{re.escape(name)}[\"']?"
