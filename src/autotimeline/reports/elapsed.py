"""Time passing: how long after the event above, and how long before or after one event, from row to row."""

from __future__ import annotations

from autotimeline.dates.gap import UNKNOWN_ORDER, Gap, gap_between, signed_gap
from autotimeline.dates.span import BEGIN
from autotimeline.query.columns import ELAPSED_COLUMNS
from autotimeline.table import Column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from autotimeline.dates.span import DayQuad
    from autotimeline.query.selection import Selection
    from autotimeline.table import Cell

_MAX_DAYS_SHOWN = 60  # a longer time is told in months
WINDOW_FIELDS = ("id", "uncertain", "outer_lo", "outer_hi", "inner_lo", "inner_hi")


class EventWindow:
    """When an event is: `window` as `Span.as_window` has it, `sure` where its date is not uncertain."""

    __slots__ = ("id", "is_certain", "window")

    def __init__(self, id: str, uncertain: int, *window: Any) -> None:
        """Take a row of MOMENT, of an event with a date."""
        self.id = id
        self.is_certain = not uncertain
        self.window: DayQuad = window

    def gap_to(self, other: EventWindow) -> Gap:
        """Measure from this one to the other."""
        return signed_gap(self.window, other.window)

    def qualify(self, other: EventWindow, text: str) -> str:
        """Return what is told of both; where it rests on an uncertain date, as no more than that."""
        return text if (self.is_certain and other.is_certain) or text == UNKNOWN_ORDER else f"perhaps {text}"


def window_of_row(row: Sequence[Any]) -> EventWindow | None:
    """Return when the event of a row of MOMENT is; None where it is undated."""
    return EventWindow(*row) if row[2] is not None else None


def event_window(selection: Selection, id: str) -> EventWindow:
    """Return when an event is.

    Raises:
        UsageError: where there is no such event, or it is undated.
    """
    id = selection.resolver.resolve_event(id.removeprefix("@"))
    # It says what is wrong.
    selection.resolver.event_window(id)
    (row,) = selection.derive(f"id:{id}").rows(WINDOW_FIELDS)
    return EventWindow(*row)


def elapsed_cells(option: str, start: EventWindow | None, end: EventWindow | None) -> dict[str, Cell]:
    """Return the cells that an option of ELAPSED asks for: the time from the one event to the other."""
    values: tuple[Cell, ...] = (None, None, None)
    if start and end:
        gap = start.gap_to(end)
        values = start.qualify(end, gap.text if option == "gap" else gap.relative), gap.low, gap.high
        if start.id == end.id:
            values = ("T", 0, 0)
    return dict(zip(ELAPSED_COLUMNS[option], values, strict=True))


def duration_text(low: int, high: int | None) -> str:
    """Return a time that has no before and after, from the fewest days to the most (None: unbounded), in words."""
    if low:
        return Gap(low, high).text
    if not high:
        return "0 days" if high == 0 else "not known"
    # The gap of one more day is told in the unit that fits it, and rounded.
    return f"up to {Gap(high, high if high < _MAX_DAYS_SHOWN else high + 1).text}"


SLIPS_COLUMN = Column("slips", lambda one: " ".join(filter(None, (one["plan"], one["event"], one["slip"]))))
"""Of an event that is a plan, or fulfils one: what was planned for when, what happened when, and how late it was."""


def find_slips(selection: Selection, id: str) -> list[dict[str, Any]]:
    """Return for each plan and each event that fulfils it, one of which has this id: both, and how late it was."""
    links = [(type, other) for type, other, _, _ in selection.links(id)]
    pairs = [
        (id, other) if type == "fulfilled-by" else (other, id) for type, other in links if type in _FULFILLMENT_LINKS
    ]
    rows = []
    for plan, outcome in pairs:
        plan_event, outcome_event = selection.load_event(plan), selection.load_event(outcome)
        if not (plan_event and outcome_event and plan_event.date) or (plan_event.status, outcome_event.status) != (
            "planned",
            "happened",
        ):
            continue
        slip_cells: tuple[Cell, ...] = (None, None, None)
        if outcome_event.date:
            deadline = not plan_event.throughout and plan_event.date.within[0] == BEGIN
            slip_cells = measure_slip(
                event_window(selection, plan), event_window(selection, outcome), deadline=deadline
            )
        dates = {"planned": plan_event.date.shown, "happened": outcome_event.date.shown if outcome_event.date else None}
        rows.append(
            {"plan": plan, "event": outcome, **dates, **dict(zip(("slip", "low", "high"), slip_cells, strict=True))}
        )
    return rows


_FULFILLMENT_LINKS = ("fulfilled-by", "fulfils")


def measure_slip(plan: EventWindow, outcome: EventWindow, *, deadline: bool) -> tuple[str, int | None, int | None]:
    """Return how late a plan was begun, in words and the fewest and the most days, negative where early.

    Within what was planned it is on time; of a `deadline` only the last day counts. Of what lasts, the start is what
    was planned, and what happened.
    """
    (first, _, last, _), (started, _, latest, _) = plan.window, outcome.window
    early, late = not deadline and started < first, latest > last
    if deadline:
        first = last
    gap = gap_between((first, last), (started, latest))
    if not (early or late):
        return plan.qualify(outcome, "on time"), 0, 0
    if started > last:
        return plan.qualify(outcome, f"late by {gap.text}"), gap.low, gap.high
    if early and latest < first:
        return plan.qualify(outcome, f"early by {gap.text.removesuffix(' earlier')}"), gap.low, gap.high
    if early and late:
        return UNKNOWN_ORDER, gap.low, gap.high
    # Some day of it is as planned.
    max_days = gap.high if late else gap.low and -gap.low
    text = f"on time, or {'late' if late else 'early'}" + (
        f" by {duration_text(0, max_days)}" if max_days is not None else ""
    )
    return plan.qualify(outcome, text), 0 if late else gap.low, gap.high if late else 0
