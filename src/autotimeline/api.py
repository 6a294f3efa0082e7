"""The Python API, which the command line uses, too.

import autotimeline

story = autotimeline.open("facts.toml")
for event in story.select("actor:leapmotor since:2023"):
    print(event.date.shown, event.title, event.match)
for finding in story.findings():
    print(finding.file, finding.line, finding.level, finding.rule, finding.text)
"""

from __future__ import annotations

import time

from autotimeline.dates.span import BEGIN, END
from autotimeline.engines import sqlite
from autotimeline.errors import StoreError, UsageError
from autotimeline.index.cache import connect, has_problems
from autotimeline.query import selection
from autotimeline.store.locate import find_files, find_lake
from autotimeline.text import suggest_or_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.checks._finding import Finding
    from autotimeline.model import Event
    from autotimeline.query.parser import Node
    from autotimeline.reports.counts import CountTable
    from autotimeline.reports.figures import StatedFigure


_DAY_FIELDS = frozenset(("earliest", "latest"))
_UNIX_EPOCH = 719_163  # 1970-01-01 as an ordinal


class Selection(selection.Selection):
    """The events that possibly match a query, with their counts and figures. Iterating yields the events."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Event]:
        return self.events()

    def __len__(self) -> int:
        total = self.total()
        return total if self.limit is None else min(total, self.limit)

    def __bool__(self) -> bool:
        # A selection is an object even if it is empty.
        return True

    def __dir__(self) -> list[str]:
        return ["count", "events", "figures", "records"]

    def records(self, fields: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return the records of `list -O json`, with `earliest` and `latest` as days of `datetime`.

        Args:
            fields: Only these fields; all if empty.

        Raises:
            UsageError: If a field does not exist.
        """
        from datetime import date

        from autotimeline.query.columns import COLUMNS

        names = tuple(fields or COLUMNS)
        if unknown := next((name for name in names if name not in COLUMNS), None):
            raise UsageError(f'no field "{unknown}"{suggest_or_list(unknown, COLUMNS)}')
        records = [dict(zip(names, row, strict=True)) for row in self.rows(names)]
        for record in records:
            for name in _DAY_FIELDS.intersection(names):
                record[name] = date.fromisoformat(record[name]) if record[name] else None
        return records

    def count(self, by: str = "") -> CountTable:
        """Return a CountTable of the events by at most two fields, such as `year,kind`; the limit is ignored.

        Raises:
            UsageError: If a field does not exist or cannot be counted by.
        """
        from autotimeline.reports.counts import count_events

        return count_events(self, by)

    def figures(self, metrics: Sequence[str] = (), unit: str | None = None) -> Iterator[StatedFigure]:
        """Yield the figures of each event, then those that its sources claim.

        Args:
            metrics: Return only these metrics, or all if empty.
            unit: Return only amounts and rates in this unit, or only rates if it has a period (`GWh/year`).

        Raises:
            UsageError: If no figure of the store has the metric or the unit, before the first figure.
        """
        from autotimeline.reports.figures import stated_figures

        return stated_figures(self, metrics, unit)


class Timeline:
    """An open store.

    Attributes:
        files: The paths of the files of the store.
        today: The ordinal from which relative dates count.
        as_of: The ordinal as of which queries are answered; None for the current state.
        omitted_later: The number of events that `as_of` omits because they became known later.
        omitted_unknown: The number of events that `as_of` omits because it is not known when they became known.
    """

    __slots__ = ("_current_db", "_db", "_own_today", "as_of", "files", "omitted_later", "omitted_unknown", "today")

    def __init__(
        self,
        files: Sequence[str] = (),
        *,
        today: str | None = None,
        as_of: str | None = None,
        cache: bool = True,
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        # `progress` is called with the number of bytes read and their total.
        self._own_today = parse_day(today, "today") if today else None
        if lake := find_lake(files):
            from autotimeline.engines.opening import open_lake  # not on the fast path

            self._db, self.files = open_lake(lake)
        else:
            self.files = find_files(files)
            self._db = connect(self.files, cache=cache, progress=progress)
        self._current_db = self._db
        self.set_as_of(parse_day(as_of, "as-of") if as_of else None)

    def __iter__(self) -> Iterator[Event]:
        return self.select().events()

    def __len__(self) -> int:
        return len(self.select())

    def __bool__(self) -> bool:
        return True

    def __dir__(self) -> list[str]:
        return ["as_of", "check", "close", "files", "findings", "omitted_later", "omitted_unknown", "select", "today"]

    def set_as_of(self, day: int | None) -> None:
        """Answer later queries as of a day, an ordinal; None for the current state."""
        self.today = self._own_today or day or today_ordinal()
        db, later, unknown = self._current_db, 0, 0
        if day is not None:
            from autotimeline.index.as_of import build_index_as_of

            self.check()
            db = past = sqlite.connect(":memory:")
            later, unknown = build_index_as_of(self.index, past, day)
        self._db, self.as_of, self.omitted_later, self.omitted_unknown = db, day, later, unknown

    def select(
        self,
        query: Sequence[str] | str = (),
        *,
        terms: Sequence[Node] = (),
        certain: bool = False,
        sort: str | None = None,
        reverse: bool = False,
        limit: int | None = None,
    ) -> Selection:
        """Return the events that possibly match a query (see docs/query.md).

        Args:
            query: A string is split at white space outside `"…"`; a list has one term per item.
            terms: Parsed terms that the events must match too, such as `Term("actor", "leapmotor")`.
            certain: Return only events that certainly match.
            sort: The field to sort by instead of the date.
            reverse: Reverse the order.
            limit: The maximum number of events.

        Raises:
            UsageError: If the query is invalid.
        """
        return Selection(
            self._db,
            self.files,
            query,
            today=self.today,
            extra_terms=terms,
            certain=certain,
            sort=sort,
            reverse=reverse,
            limit=limit,
            vocabulary_db=self._current_db,
        )

    def check(self) -> None:
        """Raise an error if the store is invalid; with `as_of`, the current state was already checked on opening.

        Raises:
            StoreError: If there are problems; its message lists all, one per line.
        """
        if self._db is not self._current_db or not has_problems(self._db):
            return
        problems = [
            f"{file}:{line}: " + (f'event "{event}": ' if event else "") + text
            for file, line, event, text in self.select().catalog.problems()
        ]
        if problems:
            raise StoreError(*problems)

    def findings(self, query: str = "", *, strict: bool = False) -> list[Finding]:
        """Return what `check` reports: findings in the order of files and lines, each with its rule and level.

        An accepted finding is a note. `open` refuses a store with errors, but `Timeline(files)` has their findings.

        Args:
            query: Examine only the events that match it.
            strict: Include notes: likely duplicates, undated events, accepted findings, and others.
        """
        from autotimeline.checks._finding import find_all

        return find_all(self.select(query), strict=strict)

    @property
    def index(self) -> sqlite.Connection:
        """The index of the current state; a lake has none."""
        if not isinstance(self._current_db, sqlite.Connection):
            raise UsageError("--as-of: a lake has only the current state; query the store that it was built from")
        return self._current_db

    def close(self) -> None:
        """Close the index; a `with` statement does this by itself."""
        self._db.close()
        self._current_db.close()

    def __enter__(self) -> Timeline:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open(*files: str, today: str | None = None, as_of: str | None = None, cache: bool = True) -> Timeline:
    """Open the store in these files, or in the nearest `facts.toml` if there are none.

    Args:
        files: Paths of TOML files, or of directories of them; `-` is standard input.
        today: The day from which `last-year`, `today`, and `is:overdue` count, as `2025-11-22`.
        as_of: Answer queries as of this day.
        cache: Keep the index between runs; otherwise the store is read again.

    Raises:
        StoreError: If the store is unreadable or invalid; the message lists all problems.
    """
    timeline = Timeline(files, today=today, as_of=as_of, cache=cache)
    timeline.check()
    return timeline


def today_ordinal() -> int:
    """Return the ordinal of today in the local time zone."""
    # datetime adds about 5% to start-up, and most queries do not need it.
    seconds = time.time()
    return int(seconds + time.localtime(seconds).tm_gmtoff) // 86_400 + _UNIX_EPOCH


def parse_day(text: str, option: str, *, today: int | None = None, first: bool = False) -> int:
    """Return the ordinal of the last day of a date, or of the `first`; `option` is the name of the option in messages.

    Relative words count from `today`.

    Raises:
        UsageError: If the text is not a date, or the date has no such day.
    """
    from autotimeline.dates import human

    def reject_date(text: str) -> tuple[int, int, int, int]:
        end = "first" if first else "last"
        raise UsageError(f"--{option} {text}: not a date with a {end} day; write one such as 2025-11-22 or yesterday")

    window = human.parse_window(text, today_ordinal() if today is None else today, reject_date)
    day = window.outer_first if first else window.outer_last
    if day in (BEGIN, END):
        reject_date(text)
    return day
