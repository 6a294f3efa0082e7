"""The state of the explorer: a store, a query, and the last valid answer."""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from itertools import islice

from autotimeline import api
from autotimeline.cli import options
from autotimeline.dates.span import format_iso
from autotimeline.errors import StoreError, UnknownNameError, UsageError
from autotimeline.query.parser import And, Term, parse_query
from autotimeline.store.locate import STDIN, file_stamp, find_files, stat_file
from autotimeline.text import format_count
from autotimeline.views._event_rows import omitted_notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.cli.options import Request
    from autotimeline.query.parser import Node
    from autotimeline.table import Table

ROW_FIELDS = ("id", "date", "title", "match", "mark", "disputed")
# A word of a query, with the spaces in its quotes.
_WORD = re.compile(r'(?:[^\s"]|"(?:\\.|[^"\\])*")+')


class Session:
    """A store and the answer to a query; both stay as they are while the store or a new query is invalid.

    Attributes:
        text: The query of the answer.
        counts: How many events match, match only possibly, and are omitted.
        problems: (file, line, text) of what makes the store invalid; empty if it is valid.
        version: The number of valid answers up to now.
    """

    def __init__(self, request: Request, today: str | None, progress: Callable[[int, int], object] | None) -> None:
        self._request, self._today = request, request.text(options.TODAY) or today
        tree = parse_query(request.texts(options.QUERY_ARGUMENT))
        terms = [Term(option.name, value) for option in options.TERM_OPTIONS for value in request.texts(option)]
        self.text = str(And([*(tree.operands if type(tree) is And else [tree]), *terms]))
        self._timeline: api.Timeline | None = None
        self._selection: api.Selection | None = None
        self._rows: list[Sequence[Any]] = []
        self._unread: Iterator[Sequence[Any]] = iter(())
        self.problems: list[tuple[str, int, str]] = []
        self.version, self.counts = 0, ""
        as_of = request.text(options.AS_OF)
        self._as_of = api.parse_day(as_of, "as-of") if as_of else None
        self._stamps = self._read_stamps()
        self._load(progress)

    def _read_stamps(self) -> list[str]:
        self.files = find_files(self._request.texts(options.FILE))
        for path in self.files:
            if path == STDIN or not stat.S_ISREG(stat_file(path).st_mode):
                raise UsageError(f"explore: {path} cannot be read again after a change; name a regular file")
        return [*self.files, *(file_stamp(stat_file(path)) for path in self.files)]

    def refresh(self) -> bool:
        """Read the store again if a file has changed; return whether one has."""
        try:
            stamps = self._read_stamps()
        except StoreError as error:
            stamps = [str(error)]
        is_changed, self._stamps = stamps != self._stamps, stamps
        if is_changed:
            self._load()
        return is_changed

    def _load(self, progress: Callable[[int, int], object] | None = None) -> None:
        try:
            cache = not self._request.flag(options.NO_CACHE)
            timeline = api.Timeline(self.files, today=self._today, cache=cache, progress=progress)
        except StoreError as error:
            self.problems = [(self.files[0], 1, str(error))]
            return
        try:
            timeline.check()
        except StoreError:
            problems = timeline.select().catalog.problems()
            self.problems = [
                (file, line, f"{event}: {text}" if event else text) for file, line, event, text in problems
            ]
            return
        self.problems, self._timeline = [], timeline
        self._move_to(self._as_of)

    def _open_timeline(self) -> api.Timeline:
        if self._timeline is None:
            raise StoreError("the store is invalid; press e to edit it")
        return self._timeline

    @property
    def selection(self) -> api.Selection:
        """The events of the answer.

        Raises:
            StoreError: If neither the store nor the query was valid up to now.
        """
        if self._selection is None:
            raise StoreError("the store or the query is invalid; press e or / to edit it")
        return self._selection

    def _select(self, query: str, *terms: Node) -> api.Selection:
        return self._open_timeline().select(query, terms=terms, certain=self._request.flag(options.CERTAIN))

    def search(self, text: str) -> None:
        """Answer a query; if it is invalid, raise an error and keep the answer."""
        selection = self._select(text)
        total, omitted = selection.total(), self._open_timeline().omitted_unknown
        possible = total - selection.total(certain=True)
        counts = [f"{total:,} of {format_count(self._select('').total(), 'event')}"]
        counts += [f"{possible:,} match only possibly"] if possible else []
        counts += omitted_notes(selection)
        counts += [f"{format_count(omitted, 'event')} without a known date omitted"] if omitted else []
        self._unread, self._rows = selection.rows(ROW_FIELDS), []
        self._selection, self.text, self.counts = selection, text, "; ".join(counts)
        self.version += 1

    def hints(self) -> list[str]:
        """Return the warnings about the query, and if no event matches, what the user may have meant."""
        if self._selection is None:
            return []
        lines = [*self._selection.resolver.warnings]
        if not self.read_rows(1):
            from autotimeline.query.hints import word_hints

            lines += word_hints(self._selection)
        return lines

    def read_rows(self, count: int) -> list[Sequence[Any]]:
        """Return at least the first `count` events of the answer with ROW_FIELDS, or all of them."""
        self._rows += islice(self._unread, max(0, count - len(self._rows)))
        return self._rows

    def find(self, id: str, default: int) -> int:
        """Return the position of an event in the answer; if it is not there, the nearest one to `default`."""
        position = 0
        with suppress(UnknownNameError):  # the event was removed
            if id and self._selection and self._select(self.text, Term("id", id)).total():
                while self.read_rows(position + 1)[position][0] != id:
                    position += 1
                return position
        return max(0, min(default, len(self.read_rows(default + 1)) - 1))

    def position(self, id: str) -> tuple[str, int]:
        """Return the file and the line of the first problem, or else of an event."""
        if self.problems:
            return self.problems[0][:2]
        file, line = next(iter(self._select("", Term("id", id)).rows(("file", "line"))))
        return file, line

    @property
    def as_of(self) -> str:
        """The day as of which queries are answered; "" for the current state."""
        return "" if self._as_of is None else format_iso(self._as_of) or ""

    def move_to(self, text: str) -> None:
        """Answer as of a day; with the current state if the text is empty."""
        self._move_to(api.parse_day(text, "as-of") if text.strip() else None)

    def step(self, direction: int) -> None:
        """Answer as of the next day (1) or the previous one (-1) on which something became known; at last, as of now.

        Raises:
            UsageError: If there is no such day.
        """
        from autotimeline.index.as_of import list_days_of_news

        as_of, days = self._as_of, list_days_of_news(self._open_timeline().index)
        if direction < 0 and (earlier := [day for day in days if as_of is None or day < as_of]):
            self._move_to(earlier[-1])
        elif direction > 0 and as_of is not None:
            self._move_to(next((day for day in days if day > as_of), None))
        else:
            known = "earlier" if direction < 0 else "later"
            raise UsageError(f"as of {self.as_of or 'now'}: nothing became known {known}; press d for another day")

    def _move_to(self, day: int | None) -> None:
        self._open_timeline().set_as_of(day)
        self._as_of = day
        self.search(self.text)

    def table(self, command: str, *words: str) -> Table:
        """Return the table of a view: `show ID`, `chart FIELD`, or `compare SIDE SIDE`."""
        if command == "show":
            from autotimeline.views import show

            return show.table(self._select("", Term("id", *words)), show.DEFAULT_FIELDS)
        if command == "chart":
            from autotimeline.views import chart

            return chart.table(self.selection, chart.FIELDS, by=words[0])
        from autotimeline.reports.comparison import Side, parse_side
        from autotimeline.views import compare

        nodes = [parse_side(word, self.selection.resolver) for word in words]
        return compare.table([Side(node, self._select("", node)) for node in nodes], compare.FIELDS)

    def command(self, name: str, words: Sequence[str], *flags: str) -> list[str]:
        """Return the command line, without the program, that answers with this store and in this state."""
        line = [name, *(f"--file={path}" for path in self._request.texts(options.FILE))]
        values = {"today": self._request.text(options.TODAY), "as-of": self.as_of}
        line += [f"--{option}={value}" for option, value in values.items() if value]
        line += ["--certain"] if self._request.flag(options.CERTAIN) else []
        return [*line, *flags, *(["--"] if any(word.startswith("-") for word in words) else []), *words]


def query_words(text: str) -> list[str]:
    """Return the words of a command line with the same meaning as a query in one text."""
    words = _WORD.findall(text)
    return words if str(parse_query(words)) == str(parse_query(text)) else [f"({text})"]
