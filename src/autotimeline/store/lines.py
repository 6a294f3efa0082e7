"""Where a text writes what: the lines, counted from 0, that problems are reported on."""

from __future__ import annotations

import re

_HEADER = re.compile(r"[ \t]*\[(?P<array>\[?)[ \t]*(?P<path>[^\[\]]+?)[ \t]*\]")
# The first part of a key, or of a header: `figures` of `figures.stake = …` and of `[event.figures]`. Compiled
# where it is needed: few stores have something to report.
_KEY = (
    r"[ \t]*(?:\[+[ \t]*(?:event[ \t]*\.[ \t]*)?)?"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'.=\[\]]+))[ \t]*[.=\]]"
)


class Lines:
    """The lines of a block, or of a text that was taken whole: gone through once, asked often."""

    __slots__ = ("_headers", "_lines", "events")

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._headers: dict[str, int] = {}
        self.events: list[int] = []
        """The lines of the `[[event]]` headers."""
        for number, line in enumerate(self._lines):
            found = _HEADER.match(line)
            if found and not found["array"]:
                self._headers.setdefault(_bare(found["path"]), number)
            elif found and found["path"] == "event":
                self.events.append(number)

    def header(self, path: str) -> int:
        """Return the line of the header `[path]`, else 0."""
        return self._headers.get(_bare(path), 0)

    def key(self, key: str, start: int = 0) -> int:
        """Return the line from `start` on that writes the key, before the next event; else `start`."""
        for number, line in enumerate(self._lines[start:], start):
            if number > start and line.lstrip().startswith("[[event]]"):
                break
            found = re.match(_KEY, line)
            if found and key in (found["double"], found["single"], found["bare"]):
                return number
        return start

    def holding(self, text: str) -> int:
        """Return the first line in which a text stands, else 0."""
        return next((number for number, line in enumerate(self._lines) if text in line), 0)


def _bare(path: str) -> str:
    """Return a header's path without the quotes and blanks that mean nothing."""
    return "".join(character for character in path if character not in "\"' \t")
