"""Elapsed time: between two events, since one event, and between a plan and its outcome."""

from __future__ import annotations

from autotimeline.dates.gap import UNKNOWN_ORDER, Gap, signed_gap
from autotimeline.dates.span import END
from autotimeline.query.columns import ELAPSED_COLUMNS
from autotimeline.query.slips import HAS_SLIPS_SQL, SLIPS_SQL, slip_text
from autotimeline.table import Column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from autotimeline.dates.span import DayQuad
    from autotimeline.query.selection import Selection
    from autotimeline.table import Cell

WINDOW_FIELDS = ("id", "uncertain_window", "outer_first", "outer_last", "inner_first", "inner_last")


class EventWindow:
    """The time of a dated event: its window (see `Span.as_window`), and whether its date is certain."""

    __slots__ = ("id", "is_certain", "window")

    def __init__(self, id: str, uncertain: int, *window: Any) -> None:
        self.id = id
        self.is_certain = not uncertain
        self.window: DayQuad = window

    def gap_to(self, other: EventWindow) -> Gap:
        """Return the signed gap from this event to the other one."""
        return signed_gap(self.window, other.window)

    def qualify(self, other: EventWindow, text: str) -> str:
        """Return a statement about both events, with "perhaps" if a date is uncertain."""
        return text if (self.is_certain and other.is_certain) or text == UNKNOWN_ORDER else f"perhaps {text}"


def window_of_row(row: Sequence[Any]) -> EventWindow | None:
    """Return the window of an event, given by a row of WINDOW_FIELDS, or None if it is undated."""
    return EventWindow(*row) if row[2] is not None else None


def event_window(selection: Selection, id: str) -> EventWindow:
    """Return the window of an event.

    Raises:
        UsageError: If the event is missing or undated.
    """
    id = selection.resolver.resolve_event(id.removeprefix("@"))
    # Raises an error for an undated event.
    selection.resolver.event_window(id)
    (row,) = selection.derive(f"id:{id}").rows(WINDOW_FIELDS)
    return EventWindow(*row)


def elapsed_cells(option: str, start: EventWindow | None, end: EventWindow | None) -> dict[str, Cell]:
    """Return the time from one event to another in the cells of an option in ELAPSED_COLUMNS."""
    values: tuple[Cell, ...] = (None, None, None)
    if start and end:
        gap = start.gap_to(end)
        values = start.qualify(end, gap.text if option == "gap" else gap.relative), gap.low, gap.high
        if start.id == end.id:
            values = ("T", 0, 0)
    return dict(zip(ELAPSED_COLUMNS[option], values, strict=True))


def elapsed_rows(
    read: Callable[[Sequence[str]], Iterator[Sequence[Any]]], fields: Sequence[str], since: EventWindow | None
) -> Iterator[Sequence[Any]]:
    """Yield the rows of these fields, of which `read` yields those of events; others count from the event `since`."""
    elapsed_fields = {name for names in ELAPSED_COLUMNS.values() for name in names}
    event_fields = [field for field in fields if field not in elapsed_fields]
    if len(event_fields) == len(fields):
        yield from read(fields)
        return
    previous = None
    for row in read([*event_fields, *WINDOW_FIELDS]):
        current = window_of_row(row[len(event_fields) :])
        gap, elapsed = elapsed_cells("gap", previous, current), elapsed_cells("since_event", since, current)
        cells_by_field = dict(zip(event_fields, row, strict=False)) | gap | elapsed
        yield [cells_by_field[field] for field in fields]
        previous = current


def median_day(numbers: list[int], *, round_up: bool) -> int:
    """Return the median of numbers of days, between the middle two rounded; -END and END are unbounded."""
    numbers.sort()
    half = len(numbers) // 2
    low, high = numbers[half if len(numbers) % 2 else half - 1], numbers[half]
    # The mean of a number and of no bound has no bound.
    unbounded = [bound for bound in (low, high) if abs(bound) >= END]
    return unbounded[0] if unbounded else (low + high + round_up) // 2


SLIPS_COLUMN = Column("slips", lambda slip: " ".join(filter(None, (slip["plan"], slip["event"], slip["slip"]))))
"""The plans that an event fulfills, or the outcomes of a plan: both dates, and how late the outcome is."""


def find_slips(selection: Selection, id: str) -> list[dict[str, Any]]:
    """Return one record per plan that the event fulfills, or per outcome of the event if it is a plan."""
    slips: list[dict[str, Any]] = []
    if not selection.db.execute(HAS_SLIPS_SQL, (id, id)).fetchone():
        return slips
    for plan, event, planned, happened, low, high, uncertain in selection.db.execute(SLIPS_SQL, (id, id)):
        slip = slip_text(low, high, uncertain) if happened else None
        dates = {"plan": plan, "event": event, "planned": planned, "happened": happened}
        slips.append(dates | {"slip": slip, "low": low, "high": high})
    return slips
