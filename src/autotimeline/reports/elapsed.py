"""Time passing: how long after the event above, and how long before or after one event, from row to row."""

from __future__ import annotations

from autotimeline.dates.gap import UNKNOWN, Gap, apart, between
from autotimeline.dates.span import BEGIN
from autotimeline.query.columns import ELAPSED
from autotimeline.table import Column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from autotimeline.dates.span import Quad
    from autotimeline.query.selection import Selection
    from autotimeline.table import Cell

_DAYS = 60  # a longer time is told in months
MOMENT = ("id", "uncertain", "outer_lo", "outer_hi", "inner_lo", "inner_hi")


class Moment:
    """When an event is: `window` as `Span.as_window` has it, `sure` where its date is not uncertain."""

    __slots__ = ("id", "sure", "window")

    def __init__(self, id: str, uncertain: int, *window: Any) -> None:
        """Take a row of MOMENT, of an event with a date."""
        self.id = id
        self.sure = not uncertain
        self.window: Quad = window

    def until(self, other: Moment) -> Gap:
        """Measure from this one to the other."""
        return apart(self.window, other.window)

    def hedged(self, other: Moment, told: str) -> str:
        """Return what is told of both; where it rests on an uncertain date, as no more than that."""
        return told if (self.sure and other.sure) or told == UNKNOWN else f"perhaps {told}"


def dated(row: Sequence[Any]) -> Moment | None:
    """Return when the event of a row of MOMENT is; None where it is undated."""
    return Moment(*row) if row[2] is not None else None


def moment(selection: Selection, id: str) -> Moment:
    """Return when an event is.

    Raises:
        UsageError: where there is no such event, or it is undated.
    """
    id = selection.scope.event(id.removeprefix("@"))
    # It says what is wrong.
    selection.scope.dates(id)
    (row,) = selection.ask(f"id:{id}").rows(MOMENT)
    return Moment(*row)


def cells(option: str, one: Moment | None, other: Moment | None) -> dict[str, Cell]:
    """Return the cells that an option of ELAPSED asks for: the time from the one event to the other."""
    told: tuple[Cell, ...] = (None, None, None)
    if one and other:
        gap = one.until(other)
        told = one.hedged(other, gap.text if option == "gap" else gap.relative), gap.low, gap.high
        if one.id == other.id:
            told = ("T", 0, 0)
    return dict(zip(ELAPSED[option], told, strict=True))


def lasting(low: int, high: int | None) -> str:
    """Return a time that has no before and after, from the fewest days to the most (None: unbounded), in words."""
    if low:
        return Gap(low, high).text
    if not high:
        return "0 days" if high == 0 else "not known"
    # The gap of one more day is told in the unit that fits it, and rounded.
    return f"up to {Gap(high, high if high < _DAYS else high + 1).text}"


SLIPS = Column("slips", lambda one: " ".join(filter(None, (one["plan"], one["event"], one["slip"]))))
"""Of an event that is a plan, or fulfils one: what was planned for when, what happened when, and how late it was."""


def slips(selection: Selection, id: str) -> list[dict[str, Any]]:
    """Return for each plan and each event that fulfils it, one of which has this id: both, and how late it was."""
    ties = [(type, other) for type, other, _, _ in selection.ties(id)]
    pairs = [(id, other) if type == "fulfilled-by" else (other, id) for type, other in ties if type in _FULFILMENTS]
    found = []
    for plan, done in pairs:
        meant, came = selection.event(plan), selection.event(done)
        if not (meant and came and meant.date) or (meant.status, came.status) != ("planned", "happened"):
            continue
        told: tuple[Cell, ...] = (None, None, None)
        if came.date:
            deadline = not meant.throughout and meant.date.within[0] == BEGIN
            told = _slip(moment(selection, plan), moment(selection, done), deadline=deadline)
        dates = {"planned": meant.date.shown, "happened": came.date.shown if came.date else None}
        found.append({"plan": plan, "event": done, **dates, **dict(zip(("slip", "low", "high"), told, strict=True))})
    return found


_FULFILMENTS = ("fulfilled-by", "fulfils")


def _slip(plan: Moment, done: Moment, *, deadline: bool) -> tuple[str, int | None, int | None]:
    """Return how late a plan was begun, in words and the fewest and the most days, negative where early.

    Within what was planned it is on time; of a `deadline` only the last day counts. Of what lasts, the start is what
    was planned, and what happened.
    """
    (first, _, last, _), (begun, _, latest, _) = plan.window, done.window
    early, late = not deadline and begun < first, latest > last
    if deadline:
        first = last
    gap = between((first, last), (begun, latest))
    if not (early or late):
        return plan.hedged(done, "on time"), 0, 0
    if begun > last:
        return plan.hedged(done, f"late by {gap.text}"), gap.low, gap.high
    if early and latest < first:
        return plan.hedged(done, f"early by {gap.text.removesuffix(' earlier')}"), gap.low, gap.high
    if early and late:
        return UNKNOWN, gap.low, gap.high
    # Some day of it is as planned.
    most = gap.high if late else gap.low and -gap.low
    told = f"on time, or {'late' if late else 'early'}" + (f" by {lasting(0, most)}" if most is not None else "")
    return plan.hedged(done, told), 0 if late else gap.low, gap.high if late else 0
