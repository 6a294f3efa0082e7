"""What a date says in days: bounds, order, overlaps and inside.

Days are proleptic Gregorian ordinals, as of `datetime.date.toordinal`: 1 is 0001-01-01 and 3652059
is 9999-12-31. Every bound is inclusive.
"""

from __future__ import annotations

from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    DayPair = tuple[int, int]
    DayQuad = tuple[int, int, int, int]

BEGIN = 0
"""Stands where there is no earliest day: one before the first."""
END = 3_652_060
"""Stands where there is no latest day: one after the last."""


@cache
def format_iso(day: int) -> str | None:
    """Spell a day as ISO 8601 (`2025-03-25`); None for `BEGIN` and `END`."""
    # Most questions count days without spelling one, and datetime is a twentieth of their start.
    from datetime import date

    return date.fromordinal(day).isoformat() if BEGIN < day < END else None


def month_number(day: int) -> int:
    """Count the months from January of the year 0 up to that of a day; 11 for `BEGIN`, 120,000 for `END`."""
    if not BEGIN < day < END:
        return 11 if day <= BEGIN else 120_000
    from datetime import date  # as above

    as_date = date.fromordinal(day)
    return as_date.year * 12 + as_date.month - 1


def ordinal(year: int, month: int, day: int) -> int:
    """Count the days up to this one.

    Raises:
        ValueError: There is no such day.
    """
    from datetime import date  # as above

    return date(year, month, day).toordinal()


class Span:
    """A date of the profile and all its readings, in days; a value, equal by its canonical EDTF.

    Attributes:
        edtf: The canonical form: `2025-33`, `2023-10~`, `2025-01/2025-06`, `[..2026]`.
        shown: The form for people: `2025Q1`, `~2023-10`, `by 2026`; parsing it gives an equal span.
        approximate: `~` or `%` stands anywhere in it.
        uncertain: `?` or `%` stands anywhere in it.
        within: Read as a `date`, some day of it: (earliest, latest), widened by `~`.
        throughout: Read as a `period`: (s1, s2, e1, e2), the bounds of its start and of its end.
        window: Read as a window typed in a query: (A, B, a, b), the outer window and the inner one.
            The inner one is reversed where no day is surely in the window.
        plain: (earliest, latest) without the widening.
    """

    __slots__ = ("approximate", "edtf", "nominal", "shown", "throughout", "uncertain", "window", "within")

    def __init__(
        self, edtf: str, shown: str, *, within: DayPair, throughout: DayQuad, window: DayQuad, nominal: DayPair
    ) -> None:
        """Take the readings as they are; `autotimeline.dates.edtf` works them out."""
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
        """Whether it is approximate, uncertain or both."""
        return self.approximate or self.uncertain

    def bounds(self, throughout: bool) -> DayPair:
        """Give (earliest, latest), read as a period where `throughout`, else as a date."""
        return (self.throughout[0], self.throughout[3]) if throughout else self.within

    def overlap_bounds(self, throughout: bool) -> DayQuad:
        """Give (o_lo, o_hi, i_lo, i_hi), what an event of this extent meets a window (A, B, a, b) with.

        It may meet it where o_lo <= B and o_hi >= A, and surely does where i_lo <= b and i_hi >= a.
        A date [e, l] reaches (e, l, l, e). Of a period it is the earliest start, the latest end, the
        latest start and the earliest end: no start is later than the latest end, nor an end earlier
        than the earliest start.
        """
        if throughout:
            s1, s2, e1, e2 = self.throughout
            return s1, e2, min(s2, e2), max(e1, s1)
        earliest, latest = self.within
        return earliest, latest, latest, earliest

    def as_window(self, throughout: bool) -> DayQuad:
        """Give (A, B, a, b), what an event or an era of this extent is as a window.

        It begins between A and a, and ends between b and B, which is what `reach` tells: of an unknown
        day, or of one set against another, the inner window is reversed and holds no day.
        """
        return self.overlap_bounds(throughout)

    def __eq__(self, other: object) -> bool:
        """Compare by the canonical EDTF."""
        return self.edtf == other.edtf if isinstance(other, Span) else NotImplemented

    def __hash__(self) -> int:
        """Hash by the canonical EDTF."""
        return hash(self.edtf)

    def __repr__(self) -> str:
        """Show the canonical EDTF."""
        return f"Span({self.edtf!r})"


def order_key(earliest: int, latest: int) -> DayPair:
    """Give two numbers that sort bounds by the earliest day, then the wider first.

    Without an earliest day the latest counts, and comes before all else that begins on that day.
    """
    return (earliest, -latest) if earliest > BEGIN else (latest, -END - 1)
