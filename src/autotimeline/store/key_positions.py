"""Line numbers of the keys in the text of a store, which `tomllib` does not report."""

import re
from collections.abc import Iterable
from itertools import chain

from autotimeline.store.table_reader import KeyPath

_HEADER = re.compile(r"[ \t]*\[")
_EVENT_HEADER = re.compile(r"[ \t]*\[\[[ \t]*event[ \t]*\]\]")
_EVENT_SUBTABLE = re.compile(r"[ \t]*\[+[ \t]*event[ \t]*\.")
_LIST_ITEM = re.compile(r"[ \t]*[{\"']")


class LineFinder:
    """Finds line numbers (from 0) in a text; fastest if they are requested in the order of the text.

    It finds the usual layout: a key at the beginning of its line, an item of a list on a line of its own. For any other
    layout, it returns the line of the enclosing table or list.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] = []
        self._last_line = 0

    @property
    def lines(self) -> list[str]:
        """The lines, split on first use: a block without problems does not need them."""
        if not self._lines:
            self._lines = self._text.split("\n")
        return self._lines

    def find_events(self) -> list[int]:
        """Return the lines of the headers `[[event]]`."""
        if _EVENT_HEADER.match(self._text) and self._text.count("[[") == 1:
            return [0]
        return [number for number, line in enumerate(self.lines) if _EVENT_HEADER.match(line)]

    def find_key(self, name: str) -> int:
        """Return the line of a top-level table or key."""
        return self._search(rf"[ \t]*\[*[ \t]*{_key_pattern(name)}[ \t]*[.=\]]")

    def find_tables(self, name: str, count: int) -> list[int]:
        """Return the lines of the headers `[[name]]`, or the line of the key `count` times if it has another layout."""
        header = re.compile(rf"[ \t]*\[\[[ \t]*{_key_pattern(name)}[ \t]*\]\]")
        numbers = [number for number, line in enumerate(self.lines) if header.match(line)]
        return numbers if len(numbers) == count else [self.find_key(name)] * count

    def find_entity(self, kind: str, id: str) -> int:
        """Return the first line of an alias, an entity, or `store` or `snapshot` (with an empty id)."""
        # The usual layout needs no regular expression; compiling one is slow.
        if self._text.startswith(f"[{kind}.{id}]" if id else f"[{kind}]"):
            return 0
        if kind == "alias" and (newline := self._text.find(f"\n{id} = ")) >= 0:
            return self._text.count("\n", 0, newline) + 1
        path = rf"{_key_pattern(kind)}[ \t]*\.[ \t]*{_key_pattern(id)}" if id else _key_pattern(kind)
        return self._search(rf"[ \t]*\[*[ \t]*{path}[ \t]*[.=\]]|[ \t]*{_key_pattern(id)}[ \t]*[.=]")

    def find_quoted(self, word: str) -> int:
        """Return the next line that contains the word in quotes."""
        return self._search(rf".*[\"']{re.escape(word)}[\"']")

    def find_path(self, start: int, path: KeyPath) -> int:
        """Return the line of a key in the table that begins at line `start`, or of the nearest enclosing key."""
        if not path:
            return start
        count = len(self.lines)
        stop = next((number for number in range(start + 1, count) if self._is_next_header(number)), count)
        line = self._find_top_key(start, stop, str(path[0]))
        for part in path[1:]:
            if isinstance(part, int):
                line = self._find_item(line, stop, part)
            else:
                pattern = rf"(?:.*[^\w\"'-]|){_key_pattern(part)}[ \t]*[.=]"
                line = self._first_match(range(line, stop), pattern, line)
        return line

    def _is_next_header(self, number: int) -> bool:
        line = self.lines[number]
        # Other lines that begin with a bracket may be parts of a list or a text.
        return bool(_HEADER.match(line) and line.rstrip().endswith("]") and not _EVENT_SUBTABLE.match(line))

    def _find_top_key(self, start: int, stop: int, key: str) -> int:
        name, in_subtable = _key_pattern(key), False
        for number in range(start, stop):
            line = self.lines[number]
            if _EVENT_SUBTABLE.match(line):
                in_subtable = True
                if re.match(rf"[ \t]*\[+[ \t]*event[ \t]*\.[ \t]*{name}[ \t]*[.\]]", line):
                    return number
            elif not in_subtable and re.match(rf"[ \t]*{name}[ \t]*[.=]", line):
                return number
        return start

    def _find_item(self, start: int, stop: int, number: int) -> int:
        """Return the line of an item of the list that begins at line `start`, if each item has its own line."""
        first = self.lines[start]
        if _EVENT_SUBTABLE.match(first):
            items = [n for n in range(start, stop) if self.lines[n].strip() == first.strip()]
        else:
            same_line = [start] if re.search(r"=[ \t]*\[[ \t]*[{\"']", first) else []
            items = same_line + [n for n in range(start + 1, stop) if _LIST_ITEM.match(self.lines[n])]
        return items[number] if number < len(items) else start

    def _search(self, pattern: str) -> int:
        count = len(self.lines)
        self._last_line = self._first_match(chain(range(self._last_line, count), range(self._last_line)), pattern, 0)
        return self._last_line

    def _first_match(self, numbers: Iterable[int], pattern: str, default: int) -> int:
        matches = re.compile(pattern).match
        return next((number for number in numbers if matches(self.lines[number])), default)


def find_id_line(text: str, key: str, id: str) -> int:
    """Return the line (from 0) on which a key of a block names an id; 0 if the layout is unusual.

    It runs for every id of a store, so it uses only `str.find`.
    """
    first, *parts = key.split(".")
    start = max(text.find(f"\n{first}"), text.find(f"\n[event.{first}"), text.find(f"\n[[event.{first}"))
    if start < 0:
        return 0
    for part in parts:
        start = max(start, text.find(part, start))
    spellings = (f'"{id}"', f"'{id}'", f'"@{id}"', f"'@{id}'")
    return next(
        (text.count("\n", 0, position) for spelling in spellings if (position := text.find(spelling, start)) >= 0), 0
    )


def _key_pattern(name: str) -> str:
    return rf"[\"']?{re.escape(name)}[\"']?"
