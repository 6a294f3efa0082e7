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
from autotimeline.store.locate import locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.query.parser import Node
    from autotimeline.reports.counts import Count
    from autotimeline.reports.figures import Stated


_1970 = 719_163  # 1970-01-01 as an ordinal


class Selection(selection.Selection):
    """The events that may match a query, with what is counted and measured of them."""

    __slots__ = ()

    def count(self, by: str = "") -> Count:
        """Return how many of the events, whatever the limit, fall in each cell of a field or two: `year,kind`.

        Raises:
            UsageError: where one is no field to count by.
        """
        from autotimeline.reports.counts import count_events

        return count_events(self, by)

    def figures(self, metrics: Sequence[str] = (), unit: str | None = None) -> Iterator[Stated]:
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

    __slots__ = ("_db", "_present", "as_of", "files", "today", "unknown")

    def __init__(
        self,
        files: Sequence[str] = (),
        *,
        today: str | None = None,
        as_of: str | None = None,
        cache: bool = True,
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        self.files = locate(files)
        self.today = day(today, "today") if today else now()
        self.unknown = 0
        self._db = self._present = index.connect(self.files, cache=cache, progress=progress)
        self.as_of = day(as_of, "as-of") if as_of else None
        if self.as_of is not None:
            self._go_back(self.as_of, keep_today=bool(today))

    def _go_back(self, day: int, *, keep_today: bool) -> None:
        from autotimeline.index.as_of import as_of

        self.check()
        past = sqlite3.connect(":memory:", isolation_level=None)
        self.unknown = as_of(self._db, past, day)
        self._db = past
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

    def _select(self, query: Sequence[str] | str = (), more: Sequence[Node] = (), **options: Any) -> Selection:
        """As `select`, of what matches `more` terms too: those that the command line has as options."""
        return Selection(
            self._db,
            self.files,
            query,
            today=self.today,
            more=more,
            unknown=self.unknown,
            words=self._present,
            **options,
        )

    def check(self) -> None:
        """Refuse an invalid store; one as of a day in the past was refused before it went back.

        Raises:
            StoreError: with every problem, one a line: file, line, event, what, and what to do instead.
        """
        if self._db is not self._present:
            return
        found = [
            f"{file}:{line}: " + (f'event "{event}": ' if event else "") + text
            for file, line, event, text in self.select().problems()
        ]
        if found:
            raise StoreError("\n".join(found))

    @property
    def index(self) -> sqlite3.Connection:
        """The index of the store as it is today, for what changes the store."""
        return self._present

    def close(self) -> None:
        """Let go of the index; `with autotimeline.open(…) as story:` does so by itself."""
        self._db.close()
        self._present.close()

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
    story = Timeline(files, today=today, as_of=as_of, cache=cache)
    story.check()
    return story


def now() -> int:
    """Return today as an ordinal, by the clock and the time zone of the machine."""
    # Not by way of datetime, which most questions need for nothing else.
    now = time.time()
    return int(now + time.localtime(now).tm_gmtoff) // 86_400 + _1970


def day(text: str, option: str) -> int:
    """Return the last day of a date, as an ordinal: of a month, everything of it is known.

    Raises:
        UsageError: where the text is none, or has no last day; `option` is what it was given for.
    """
    from autotimeline.dates import human

    def nothing(name: str) -> tuple[int, int, int, int]:
        raise UsageError(f"--{option} {name}: write a day, like 2025-11-22")

    _, last, _, _ = human.window(text, now(), nothing).bounds
    if last in (BEGIN, END):
        raise UsageError(f"--{option} {text}: write a day, like 2025-11-22")
    return last
