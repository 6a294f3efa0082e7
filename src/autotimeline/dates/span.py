"""Spans: dates as bounds in days, with their order and overlap.

Days are proleptic Gregorian ordinals, as in `datetime.date.toordinal`: 1 is 0001-01-01 and 3652059 is 9999-12-31.
All bounds are inclusive.
"""

from __future__ import annotations

from functools import cache

DayPair = tuple[int, int]
DayQuad = tuple[int, int, int, int]

BEGIN = 0
"""Replaces a missing earliest day: one before the first."""
END = 3_652_060
"""Replaces a missing latest day: one after the last."""


@cache
def format_iso(day: int) -> str | None:
    """Return the day in ISO 8601 format (`2025-03-25`); None for `BEGIN` and `END`."""
    # datetime adds about 5% to start-up, and most queries need only ordinals.
    from datetime import date

    return date.fromordinal(day).isoformat() if BEGIN < day < END else None


def month_number(day: int) -> int:
    """Return the month of a day, counted from January of the year 0; 11 for `BEGIN`, 120,000 for `END`."""
    if not BEGIN < day < END:
        return 11 if day <= BEGIN else 120_000
    from datetime import date  # as above

    as_date = date.fromordinal(day)
    return as_date.year * 12 + as_date.month - 1


def ordinal(year: int, month: int, day: int) -> int:
    """Return the ordinal of a day.

    Raises:
        ValueError: If the day does not exist.
    """
    from datetime import date  # as above

    return date(year, month, day).toordinal()


class Span:
    """A date with its readings in days; equality compares the canonical EDTF.

    Attributes:
        edtf: The canonical EDTF: `2025-33`, `2023-10~`, `2025-01/2025-06`, `[..2026]`.
        shown: The text for people, which parses to an equal span: `2025Q1`, `~2023-10`, `by 2026`.
        approximate: Whether any part has `~` or `%`.
        uncertain: Whether any part has `?` or `%`.
        within: The reading as `date`, some day in it: (earliest, latest), widened by `~`.
        throughout: The reading as `period`: (earliest start, latest start, earliest end, latest end).
        window: The reading as a window in a query: (first, last) of the outer and of the inner window. If no day is
            certain, the inner one is reversed.
        nominal: (earliest, latest) as written, without the widening.
    """

    __slots__ = ("approximate", "edtf", "nominal", "shown", "throughout", "uncertain", "window", "within")

    def __init__(
        self, edtf: str, shown: str, *, within: DayPair, throughout: DayQuad, window: DayQuad, nominal: DayPair
    ) -> None:
        self.edtf = edtf
        self.shown = shown
        self.within = within
        self.throughout = throughout
        self.window = window
        self.nominal = nominal
        self.approximate = "~" in edtf or "%" in edtf
        self.uncertain = "?" in edtf or "%" in edtf

    @property
    def qualified(self) -> bool:
        """Whether the date is approximate or uncertain."""
        return self.approximate or self.uncertain

    @property
    def sort_key(self) -> DayPair:
        """The order of dates: by the first day as written, then the widest first.

        Without a first day, a date sorts as the last day of its end.
        """
        first, last = self.nominal
        return (first if first > BEGIN else last), -last

    def bounds(self, throughout: bool) -> DayPair:
        """Return (earliest, latest) of the period if `throughout`, else of the date."""
        return (self.throughout[0], self.throughout[3]) if throughout else self.within

    def overlap_bounds(self, throughout: bool) -> DayQuad:
        """Return the bounds (o_first, o_last, i_first, i_last) that decide whether an event overlaps a window.

        It possibly overlaps a window (A, B, a, b) if o_first <= B and o_last >= A, and certainly if i_first <= b and
        i_last >= a. A date [e, l] has (e, l, l, e). A period has its earliest start, latest end, latest start, and
        earliest end, where no start is later than the latest end and no end earlier than the earliest start.
        """
        if throughout:
            s1, s2, e1, e2 = self.throughout
            return s1, e2, min(s2, e2), max(e1, s1)
        earliest, latest = self.within
        return earliest, latest, latest, earliest

    # As a window, an event starts from `o_first` to `i_first` and ends from `i_last` to `o_last`: the same four days.
    as_window = overlap_bounds

    def __eq__(self, other: object) -> bool:
        return self.edtf == other.edtf if isinstance(other, Span) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.edtf)

    def __repr__(self) -> str:
        return f"Span({self.edtf!r})"
