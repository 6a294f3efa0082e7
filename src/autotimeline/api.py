"""The store as an object, for notebooks and other programs, and for our own commands.

import autotimeline

story = autotimeline.open("facts.toml")
for event in story.select("actor:leapmotor since:2023").events():
    print(event.date.shown, event.title, event.match)
"""

from __future__ import annotations

import time

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import StoreError, UsageError
from autotimeline.index import cache as index
from autotimeline.index._sqlite3 import sqlite3
from autotimeline.query import selection
from autotimeline.store.locate import find_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.parser import Node
    from autotimeline.reports.counts import CountTable
    from autotimeline.reports.figures import StatedFigure


_UNIX_EPOCH = 719_163  # 1970-01-01 as an ordinal


class Selection(selection.Selection):
    """The events that may match a query, with what is counted and measured of them."""

    __slots__ = ()

    def count(self, by: str = "") -> CountTable:
        """Return how many of the events, whatever the limit, fall in each cell of a field or two: `year,kind`.

        Raises:
            UsageError: where one is no field to count by.
        """
        from autotimeline.reports.counts import count_events

        return count_events(self, by)

    def figures(self, metrics: Sequence[str] = (), unit: str | None = None) -> Iterator[StatedFigure]:
        """Yield every figure of the events, then what their sources claim, in the order of the events (see `Stated`).

        Args:
            metrics: Only figures of these, where there are any.
            unit: Only figures in this unit: amounts and rates, or with its time (`GWh/year`) these rates alone.

        Raises:
            UsageError: at once, where no figure of the store has such a metric or unit.
        """
        from autotimeline.reports.figures import stated_figures

        return stated_figures(self, metrics, unit)


class Timeline:
    """A store that is open: ask it with `select`.

    `files` are the paths that the store is read from; `today` is the day (a date as the store writes
    dates) from which relative words count, `as_of` the day as of which everything is answered.
    As attributes both are ordinals; `as_of` is None for what is known by now. While a file is read, `progress` is
    told how many bytes of it are done, and of how many.
    """

    __slots__ = ("_current_db", "_db", "as_of", "files", "omitted_unknown", "today")

    def __init__(
        self,
        files: Sequence[str] = (),
        *,
        today: str | None = None,
        as_of: str | None = None,
        cache: bool = True,
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        self.files = find_files(files)
        self.today = parse_day(today, "today") if today else today_ordinal()
        self.omitted_unknown = 0
        self._db = self._current_db = index.connect(self.files, cache=cache, progress=progress)
        self.as_of = parse_day(as_of, "as-of") if as_of else None
        if self.as_of is not None:
            self._move_to(self.as_of, keep_today=bool(today))

    def _move_to(self, day: int, *, keep_today: bool) -> None:
        from autotimeline.index.as_of import build_index_as_of

        self.check()
        past_db = sqlite3.connect(":memory:", isolation_level=None)
        self.omitted_unknown = build_index_as_of(self._db, past_db, day)
        self._db = past_db
        if not keep_today:
            self.today = day

    def select(
        self,
        query: Sequence[str] | str = (),
        *,
        certain: bool = False,
        sort: str | None = None,
        reverse: bool = False,
        limit: int | None = None,
    ) -> Selection:
        """Return the events that a query may match, as the query language has it (README, docs/query.md).

        Args:
            query: A string is cut at white space, `"…"` groups; a list holds one term an item, as a shell
                makes them.
            certain: Only what surely matches.
            sort: The field to order by instead of the date.
            reverse: Turn the order round.
            limit: How many events at most.

        Raises:
            UsageError: where the query is wrong.
        """
        return self._select(query, certain=certain, sort=sort, reverse=reverse, limit=limit)

    def _select(self, query: Sequence[str] | str = (), extra_terms: Sequence[Node] = (), **options: Any) -> Selection:
        """As `select`, of what matches `more` terms too: those that the command line has as options."""
        return Selection(
            self._db,
            self.files,
            query,
            today=self.today,
            extra_terms=extra_terms,
            omitted_unknown=self.omitted_unknown,
            vocabulary_db=self._current_db,
            **options,
        )

    def check(self) -> None:
        """Refuse an invalid store; one as of a day in the past was refused before it went back.

        Raises:
            StoreError: with every problem, one a line: file, line, event, what, and what to do instead.
        """
        if self._db is not self._current_db or not self._db.execute("SELECT 1 FROM problem LIMIT 1").fetchone():
            return
        problems = [
            f"{file}:{line}: " + (f'event "{event}": ' if event else "") + text
            for file, line, event, text in self.select().catalog.problems()
        ]
        if problems:
            raise StoreError("\n".join(problems))

    @property
    def index(self) -> sqlite3.Connection:
        """The index of the store as it is today, for what changes the store."""
        return self._current_db

    def close(self) -> None:
        """Let go of the index; `with autotimeline.open(…) as story:` does so by itself."""
        self._db.close()
        self._current_db.close()

    def __enter__(self) -> Timeline:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open(*files: str, today: str | None = None, as_of: str | None = None, cache: bool = True) -> Timeline:
    """Return the store in these files, ready to be asked; without a file, the `facts.toml` in reach.

    Args:
        files: Paths of TOML files, or of folders of them; `-` is standard input.
        today: The day from which `last-year`, `today` or `is:overdue` count, as `2025-11-22`.
        as_of: Answer everything as it was known on this day.
        cache: Keep the index between runs; without it the store is read anew.

    Raises:
        StoreError: where the store cannot be read or is invalid; the message holds every problem.
    """
    timeline = Timeline(files, today=today, as_of=as_of, cache=cache)
    timeline.check()
    return timeline


def today_ordinal() -> int:
    """Return today as an ordinal, by the clock and the time zone of the machine."""
    # Not by way of datetime, which most questions need for nothing else.
    seconds = time.time()
    return int(seconds + time.localtime(seconds).tm_gmtoff) // 86_400 + _UNIX_EPOCH


def parse_day(text: str, option: str) -> int:
    """Return the last day of a date, as an ordinal: of a month, everything of it is known.

    Raises:
        UsageError: where the text is none, or has no last day; `option` is what it was given for.
    """
    from autotimeline.dates import human

    def reject_name(name: str) -> tuple[int, int, int, int]:
        raise UsageError(f"--{option} {name}: write a day, like 2025-11-22")

    _, last, _, _ = human.parse_window(text, today_ordinal(), reject_name).bounds
    if last in (BEGIN, END):
        raise UsageError(f"--{option} {text}: write a day, like 2025-11-22")
    return last
