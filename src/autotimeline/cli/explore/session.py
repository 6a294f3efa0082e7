"""The state of the explorer: a store, a query, and the last valid answer."""

from __future__ import annotations

import re
import stat
from itertools import islice

from autotimeline import api
from autotimeline.cli import options
from autotimeline.dates.span import format_iso
from autotimeline.errors import StoreError, UsageError
from autotimeline.query.parser import And, Term, parse_query
from autotimeline.store.locate import STDIN, file_stamp, find_files, stat_file
from autotimeline.text import format_count
from autotimeline.views._event_rows import omitted_notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Request
    from autotimeline.query.parser import Node

ROW_FIELDS = ("id", "date", "title", "match", "mark", "disputed")
_WORD = re.compile(r'(?:[^\s"]|"(?:\\.|[^"\\])*")+')


class Session:
    """A store and the answer to a query; both stay as they are while the store or a new query is invalid.

    Attributes:
        text: The query of the answer.
        rows: The first events of the answer, ROW_FIELDS of each; `read_rows` adds more. None before a valid answer.
        problems: (file, line, text) of what makes the store invalid; empty if it is valid.
        version: A number that changes with the store and the answer.
    """

    def __init__(self, request: Request, environment: Environment) -> None:
        self._request, self._today = request, request.text(options.TODAY) or environment.today
        tree = parse_query(request.texts(options.QUERY_ARGUMENT))
        terms = [Term(option.name, value) for option in options.TERM_OPTIONS for value in request.texts(option)]
        self.text = str(And([*(tree.operands if type(tree) is And else [tree]), *terms]))
        as_of = request.text(options.AS_OF)
        self._first_day = api.parse_day(as_of, "as-of") if as_of else None
        self.timeline: api.Timeline | None = None
        self.rows: list[Sequence[Any]] | None = None
        self.problems: list[tuple[str, int, str]] = []
        self.version = 0
        self._stamps = self._read_stamps()
        progress_bar = environment.progress_bar(request)
        try:
            self._load(progress_bar)
        finally:
            if progress_bar:
                progress_bar.close()

    def _read_stamps(self) -> list[str]:
        self.files = find_files(self._request.texts(options.FILE))
        for path in self.files:
            if path == STDIN or not stat.S_ISREG(stat_file(path).st_mode):
                raise UsageError(f"explore: {path} cannot be read again when it changes; name a regular file")
        return [*self.files, *(file_stamp(stat_file(path)) for path in self.files)]

    def refresh(self) -> bool:
        """Read the store again if a file has changed; return whether one has.

        Raises:
            UsageError: If the query has become invalid.
        """
        try:
            stamps = self._read_stamps()
        except StoreError as error:
            stamps = [str(error)]
        if stamps == self._stamps:
            return False
        self._stamps = stamps
        self._load()
        return True

    def _load(self, progress: Callable[[int, int], object] | None = None) -> None:
        self.version += 1
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
            self.problems = [(file, line, f"{event}: {text}" if event else text) for file, line, event, text in problems]
            return
        self.problems = []
        timeline._move_to(self.timeline.as_of if self.timeline else self._first_day)
        self.timeline = timeline
        self.search(self.text)

    def _valid_timeline(self) -> api.Timeline:
        if self.timeline is None:
            raise StoreError("the store is invalid; press e to edit it")
        return self.timeline

    def select(self, query: str, *extra_terms: Node) -> api.Selection:
        """Return the events that match a query and the terms, with the options of the command line."""
        certain, reverse = (self._request.flag(option) for option in (options.CERTAIN, options.REVERSE))
        return self._valid_timeline()._select(
            query, extra_terms, certain=certain, sort=self._request.text(options.SORT), reverse=reverse
        )

    def search(self, text: str) -> None:
        """Answer a query.

        Raises:
            AutotimelineError: If it is invalid; the last answer then stays.
        """
        selection = self.select(text)
        self._unread: Iterator[Sequence[Any]] = selection.rows(ROW_FIELDS)
        self.total, self._certain = selection.total(), selection.total(certain=True)
        self.selection, self.text, self.rows = selection, text, []
        self.version += 1

    def read_rows(self, count: int) -> list[Sequence[Any]]:
        """Return at least the first `count` events of the answer, or all of them."""
        if self.rows is None:
            return []
        self.rows += islice(self._unread, max(0, count - len(self.rows)))
        return self.rows

    def find(self, id: str) -> int | None:
        """Return the position of an event in the answer; None if it is not in the answer."""
        if not id or self.rows is None or not self.select(self.text, Term("id", id)).total():
            return None
        position = 0
        while position < len(self.read_rows(position + 1)) and self.rows[position][0] != id:
            position += 1
        return position

    def event(self, id: str) -> api.Selection:
        """Return the selection of one event."""
        return self.select("", Term("id", id))

    def counts(self) -> str:
        """Return how many events match, may not match, and are omitted."""
        everything = self.select("").total()
        parts = [f"{self.total:,} of {format_count(everything, 'event')}"]
        parts += [f"{self.total - self._certain:,} may fall outside"] if self.total > self._certain else []
        parts += omitted_notes(self.selection)
        omitted = self.timeline.omitted_unknown if self.timeline else 0
        parts += [f"{format_count(omitted, 'event')} without a known date omitted"] if omitted else []
        return "; ".join(parts)

    @property
    def as_of(self) -> str:
        """The day as of which the query is answered, as in a store; "" for the current state."""
        day = self.timeline.as_of if self.timeline else self._first_day
        return "" if day is None else format_iso(day) or ""

    def move_to(self, text: str) -> None:
        """Answer as of a day, or if the text is empty, with the current state.

        Raises:
            UsageError: If the text is not a day.
        """
        self._move_to(api.parse_day(text, "as-of") if text.strip() else None)

    def step(self, *, forward: bool) -> None:
        """Answer as of the next or the previous day on which something became known; after the last one, as of now.

        Raises:
            UsageError: If there is no such day.
        """
        from autotimeline.index.as_of import list_days_of_news

        timeline = self._valid_timeline()
        days, as_of = list_days_of_news(timeline.index), timeline.as_of
        if forward:
            if as_of is None:
                raise UsageError("as of now: nothing became known later; [ goes back")
            self._move_to(next((day for day in days if day > as_of), None))
            return
        earlier = [day for day in days if as_of is None or day < as_of]
        if not earlier:
            raise UsageError(f"as of {self.as_of or 'now'}: nothing became known earlier; ] goes on")
        self._move_to(earlier[-1])

    def _move_to(self, day: int | None) -> None:
        self._valid_timeline()._move_to(day)
        self.search(self.text)

    def command(self, name: str, *words: str) -> list[str]:
        """Return the command line, without the program, that answers with this store and in this state."""
        request = self._request
        line = [name, *(f"--file={path}" for path in request.texts(options.FILE))]
        values = {"today": request.text(options.TODAY), "as-of": self.as_of}
        if name in ("list", "export"):
            values["sort"] = request.text(options.SORT)
            line += ["--reverse"] if request.flag(options.REVERSE) else []
        line += [f"--{option}={value}" for option, value in values.items() if value]
        line += ["--certain"] if request.flag(options.CERTAIN) else []
        return [*line, *(["--"] if any(word.startswith("-") for word in words) else []), *words]

    def query_words(self) -> list[str]:
        """Return the query as words of a command line."""
        words = _WORD.findall(self.text)
        return words if str(parse_query(words)) == str(parse_query(self.text)) else [f"({self.text})"]
