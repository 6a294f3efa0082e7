"""A change of a store as it is being made: texts of blocks, of which the whole is tried before a file is touched."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from autotimeline.editing.source_file import File
from autotimeline.errors import AutotimelineError, UnknownError, UsageError
from autotimeline.index import locations
from autotimeline.store import edit
from autotimeline.store.blocks import MalformedError, decode, tables_of
from autotimeline.store.whole_file import things
from autotimeline.text import nearest, safe

if TYPE_CHECKING:
    from typing import Any

    from autotimeline.api import Timeline
    from autotimeline.editing.source_file import Spot

    # What its problems are told under, and a text.
    Piece = tuple[str | None, str]

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(r"(?<=:)\d+|(?<=\bline )\d+|(?<=\bcolumn )\d+")


class RefusedError(AutotimelineError):
    """A change would bring problems; nothing was written.

    `problems` are (name, line from 1, event's id, text): `name` is the piece of the change that has it, and `line`
    counts in that piece's text; or `name` is None, and the line is that of the file in `text`.
    """

    def __init__(self, problems: list[tuple[str | None, int, str | None, str]], what: str = "") -> None:
        self.problems = problems
        lines = [(f'event "{event}": ' if event else "") + text for _, _, event, text in problems]
        super().__init__(what or "\n".join(["nothing was written; the change would bring problems", *lines]))


class StaleError(Exception):
    """The files have changed since the index was asked about them."""


class Draft:
    """What is to be changed in a store that is open and whose writers are kept away.

    Things are named by kind (`event`, `source`, `actor`, `era`; `alias`) and id. What is done to one thing adds
    up; nothing touches a file.
    """

    def __init__(self, story: Timeline) -> None:
        self.story = story
        self.new: set[str] = set()  # ids of events that are added
        self.restores_invalid = False  # the store had problems before the change that is undone
        self._files: dict[int, File] = {}
        self._starts: dict[int, list[tuple[int, str]]] = {}
        # Per file: what is replaced, by which pieces.
        self._spots: dict[int, dict[Spot, list[Piece]]] = {}
        self._ends: dict[tuple[int, str], int] = {}
        self._lying: dict[int, tuple[list[int], list[str | None]]] = {}

    # What there is

    def kind(self, word: str) -> tuple[str, str]:
        """Return the kind and the id that a word names: `actor:byd`, or an id of one kind alone.

        Raises:
            UnknownError: where nothing has the id.
            UsageError: where several kinds have it.
        """
        kind, colon, id = word.partition(":")
        if colon and kind in locations.KINDS[1:]:
            if kind in locations.kinds(self.story.index, id):
                return kind, id
            known = locations.ids(self.story.index, kind)
            raise UnknownError(f'no {kind} "{id}"{nearest(id, known)}')
        found = locations.kinds(self.story.index, word)
        if len(found) == 1:
            return found[0], word
        if found:
            raise UsageError(f'"{word}" is {" and ".join(found)}; write {" or ".join(f"{k}:{word}" for k in found)}')
        known = [id for kind in ("event", "actor", "source", "era") for id in locations.ids(self.story.index, kind)]
        raise UnknownError(f'no event, actor, source or era "{word}"{nearest(word, known)}')

    def text(self, kind: str, id: str) -> str:
        """Return the text of a thing: its block, without what follows it that is not its own."""
        number, spot = self._spot(kind, id)
        return self._text(number, spot)

    def body(self, kind: str, id: str) -> dict[str, Any]:
        """Return the keys of a thing as they are written; of an alias those of all aliases of the file."""
        return edit.body_of(self.text(kind, id), kind, id)

    # What is to be

    def rewrite(self, kind: str, id: str, body: dict[str, Any]) -> None:
        """Let a thing say something else."""
        text = self.text(kind, id)
        self.replace(kind, id, edit.rewritten(text, kind, id, body))

    def rename(self, kind: str, old: str, new: str) -> None:
        """Give a thing another id; what names it is not touched."""
        if kind == "event":
            self.rewrite(kind, old, {**self.body(kind, old), "id": new})
        else:
            self.replace(kind, old, edit.renamed(self.text(kind, old), kind, old, new))

    def replace(self, kind: str, id: str, text: str) -> None:
        """Put a text in the place of a thing.

        Raises:
            RefusedError: where it is no TOML by itself: a string without its end would swallow what follows.
        """
        number, spot = self._spot(kind, id)
        name, tables = f'{kind} "{id}"', tables_of(text)
        if isinstance(tables, MalformedError):
            raise RefusedError([(name, tables.line + 1, id if kind == "event" else None, str(tables))])
        self._spots.setdefault(number, {})[spot] = [(name, text)]

    def remove(self, kind: str, id: str) -> None:
        """Take a thing out, and a blank line with it; comments above it stay."""
        number, (first, last) = self._spot(kind, id)
        file = self._file(number)
        if kind == "alias" or not edit.alone(self._text(number, (first, last)), kind, id):
            raise AutotimelineError(f'{kind} "{id}" has no block of its own; take it out by hand')
        end = last
        while end < len(file.lines) and not file.lines[end].strip():
            end += 1
        if end == len(file.lines):
            # The last of all: the blank line before it goes.
            end = last
            while first and not file.lines[first - 1].strip():
                first -= 1
        self._spots.setdefault(number, {})[first, end] = []

    def append(self, kind: str, text: str, name: str, file: str | None = None) -> None:
        r"""Add the text of a block (lines end in \n) behind the last one of its kind.

        Args:
            kind: What it is, which says where it belongs.
            text: The block.
            name: What its problems are told under.
            file: Which file of the store, where it has several.

        Raises:
            UsageError: where the store has several files and none is named, or another.
        """
        number = self.chosen(file)
        place, lines = self._end(number, kind), self._file(number).lines
        usual = edit.line_end(self._file(number).text)
        added = self._spots.setdefault(number, {}).setdefault((place, place), [])
        lead = usual
        if not added:
            above, below = lines[place - 1 : place], lines[place : place + 1]
            lead = "" if not "".join(above).strip() else usual if above[0].endswith("\n") else usual * 2
            trail = usual if "".join(below).strip() else ""
            added += [(None, lead), (None, trail)]
            lead = ""
        added[-1:-1] = [(None, lead), (name, text.replace("\n", usual))]

    def put(self, path: str, data: bytes) -> None:
        """Let a whole file have these bytes."""
        file = self._file(self.story.files.index(path))
        text = decode(data)
        self._spots[file.number] = {(0, len(file.lines)): [(None, text)]}

    # What comes of it

    def files(self) -> dict[str, tuple[bytes, bytes]]:
        """Return of each file that changes its bytes as they are and as they are to be.

        Raises:
            StaleError: where a file is no longer what the index knows.
        """
        found = {}
        for number, spots in sorted(self._spots.items()):
            file = self._file(number)
            kept, at = [], 0
            for first, last in sorted(spots):
                kept += file.lines[at:first]
                kept += [text for _, text in spots[first, last]]
                at = last
            whole = "".join([*kept, *file.lines[at:]])
            self._sure(file, whole)
            try:
                data = whole.encode()
            except UnicodeEncodeError as error:
                code = ord(whole[error.start])
                what = f"a text holds \\u{code:04x}, which is half of a character"
                raise AutotimelineError(f"{what}; nothing was written: correct the text") from None
            data = (_BOM if file.bytes.startswith(_BOM) else b"") + data
            if data != file.bytes:
                found[file.path] = (file.bytes, data)
        return found

    def _sure(self, file: File, whole: str) -> None:
        """Make sure that parts that are changed say in a file taken whole what they say alone, and the rest as before.

        Raises:
            AutotimelineError: where they do not.
        """
        told = things(whole) if file.whole else None
        if not told:
            return
        meant = file.whole.copy()
        for (first, last), put in self._spots[file.number].items():
            meant.subtract(things("".join(file.lines[first:last])))
            meant.update(things("".join(text for _, text in put)))
        for kind, id, _ in (meant - told) + (told - meant):
            raise edit.refused(kind, id)

    def problems(self, before: list[tuple[str, int, str | None, str]]) -> list[tuple[str | None, int, str | None, str]]:
        """Return the problems of the store as it is now tried that it did not have `before`, as `RefusedError` does."""
        left = Counter((event, _bare(text)) for _, _, event, text in before)
        found: list[tuple[str | None, int, str | None, str]] = []
        self._lying.clear()
        for path, line, event, text in self.story.select().problems():
            if left[event, _bare(text)] > 0:
                left[event, _bare(text)] -= 1
                continue
            name, within = self._named(path, line)
            found.append((name, within, event, text if name else f"{path}:{line}: {text}"))
        return found

    def _named(self, path: str, line: int) -> tuple[str | None, int]:
        """Return which piece has a line of a changed file, and which of its lines that is."""
        number = self.story.files.index(path)
        if number not in self._lying:
            self._lying[number] = self._laid(number)
        starts, names = self._lying[number]
        at = bisect_left(starts, line) - 1
        return (names[at], line - starts[at]) if at >= 0 and names[at] else (None, line)

    def _laid(self, number: int) -> tuple[list[int], list[str | None]]:
        """Return behind how many lines of a changed file each piece begins, and what stays, and the pieces' names."""
        moved = 0
        spots: dict[Spot, list[Piece]] = self._spots.get(number, {})
        laid: list[tuple[int, str | None]] = [(0, None)]
        for first, last in sorted(spots):
            start = first + moved
            for name, text in spots[first, last]:
                laid.append((start, name))
                start += len(edit.cut(text))
            laid.append((start, None))
            moved = start - last
        return [start for start, _ in laid], [name for _, name in laid]

    def _file(self, number: int) -> File:
        if number not in self._files:
            file = File(self.story.files[number], number)
            if locations.digest_of(file.bytes) != locations.digest(self.story.index, number):
                raise StaleError
            self._files[number] = file
        return self._files[number]

    def _spot(self, kind: str, id: str) -> tuple[int, Spot]:
        places = locations.blocks(self.story.index, kind, id)
        if not places:
            raise UnknownError(f'no {kind} "{id}"{nearest(id, locations.ids(self.story.index, kind))}')
        spots = []
        for number, first, header in places:
            if header:
                spots.append((number, (first - 1, first - 1 + self._height(number, first))))
            else:
                spots += [(number, spot) for spot in self._file(number).parts(kind, id)]
        if not spots:
            raise edit.refused(kind, id)
        if len(spots) > 1:
            both = " and ".join(f"{self.story.files[number]}:{first + 1}" for number, (first, _) in spots)
            raise AutotimelineError(f'{kind} "{id}" stands twice, {both}; give one another id by hand')
        return spots[0]

    def _text(self, number: int, spot: Spot) -> str:
        if spot in self._spots.get(number, {}):
            return "".join(text for _, text in self._spots[number][spot])
        return "".join(self._file(number).lines[spot[0] : spot[1]])

    def chosen(self, file: str | None) -> int:
        """Return the number of the file that takes what is new, where the store has several.

        Raises:
            UsageError: where none of them is named.
        """
        import os

        paths = self.story.files
        if file is None and len(paths) > 1:
            raise UsageError(f"the store has {len(paths)} files; say with --into which takes it: {', '.join(paths)}")
        if file is None:
            return 0
        real = [os.path.realpath(path) for path in paths]
        if os.path.realpath(file) not in real:
            raise UsageError(f"--into {file}: it is no file of the store{nearest(file, paths)}")
        return real.index(os.path.realpath(file))

    def _end(self, number: int, kind: str) -> int:
        """Return the line (from 0) before which a new block of a kind goes."""
        if (number, kind) not in self._ends:
            self._ends[number, kind] = self._last(number, kind)
        return self._ends[number, kind]

    def _last(self, number: int, kind: str) -> int:
        found = locations.last(self._blocks(number), kind)
        height = self._height(number, found) if found else 0
        # Where there is nothing, or comments that belong to what follows them: below all.
        return found - 1 + height if found and height else len(self._file(number).lines)

    def _height(self, number: int, first: int) -> int:
        """Return how many lines a block has that begins on a line (from 1)."""
        lines, starts = self._file(number).lines, self._blocks(number)
        at = bisect_right(starts, first, key=itemgetter(0))
        ended = at == len(starts)
        return edit.body_end(lines[first - 1 : None if ended else starts[at][0] - 1], ended=ended)

    def _blocks(self, number: int) -> list[tuple[int, str]]:
        if number not in self._starts:
            self._starts[number] = locations.starts(self.story.index, number)
        return self._starts[number]


def _bare(text: str) -> str:
    """Return the text of a problem without the lines that it names, which may be others after the change."""
    return _LINE.sub("", safe(text))
