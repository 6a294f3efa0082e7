"""What figures come to: which of them add, what they add up to, and why the others do not.

Where it is in doubt whether one number is in another already, it stays apart, and is told with the reason.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

from autotimeline.quantities.arithmetic import add_quantities, hull, make_quantity
from autotimeline.reports.metric_rules import is_level, is_one_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from autotimeline.quantities.quantity import Quantity
    from autotimeline.reports.figures import StatedFigure

    Excluded = tuple[StatedFigure, str]


class Total:
    """What figures of one metric, owner, unit, basis and status come to.

    Attributes:
        addends: The figures, those that surely belong first.
        quantity: The sum with its bounds: whatever may belong counts from not at all to in full, and what
            sources contradict with all that they say.
        certain: The sum of the figures that surely belong; None where none does.
        approximate: How many addends are qualified as approximate.
        bounded: How many addends are not, and yet have a bound or two instead of a number.
        disputed: How many addends a source contradicts.
        possible: How many addends only possibly belong.
    """

    __slots__ = ("addends", "approximate", "bounded", "certain", "disputed", "possible", "quantity")

    def __init__(self, addends: list[StatedFigure]) -> None:
        self.addends = addends
        # Of "vehicle" and "vehicles", which are one unit, the longer is how several are called.
        numbers = sorted(
            ((figure, reach) for figure in addends if (reach := figure.full_range)), key=lambda pair: -len(pair[1].unit)
        )
        certain_ranges = [reach for figure, reach in numbers if figure.is_certain]
        self.quantity = add_quantities(
            reach if figure.is_certain else _including_zero(reach) for figure, reach in numbers
        )
        self.certain = add_quantities(certain_ranges) if certain_ranges else None
        self.approximate = sum(reach.about for _, reach in numbers)
        self.bounded = sum(not reach.about and not _is_exact(reach) for _, reach in numbers)
        self.disputed = sum(figure.disputed for figure in addends)
        self.possible = len(numbers) - len(certain_ranges)


def compute_totals(figures: Iterable[StatedFigure]) -> tuple[list[Total], list[Excluded]]:
    """Return what the figures come to, and those that stay apart, each with the reason in a few words.

    A number counts once, however often it is repeated and whoever claims it. What has no number, percentages,
    rates, and levels (see `metrics`) do not add. Of one metric, owner, unit, basis and status add

    - amounts over periods that surely do not meet: sales of 2024 and of 2025H1;
    - amounts that belong to their events (see `metrics.single`), one of an event, and none of two events of
      which one is the other's part, plan or successor, or that tell of one deal.

    The two do not add to each other: a year's investment may hold that of a deal.
    """
    excluded: list[Excluded] = []
    groups: dict[object, list[StatedFigure]] = {}
    for figure in _count_once(figures, excluded):
        if reason := _exclusion_reason(figure):
            excluded.append((figure, reason))
        else:
            groups.setdefault((figure.comparison_key, figure.period is None), []).append(figure)
    totals = []
    for members in groups.values():
        members.sort(key=lambda figure: not figure.is_certain)
        exclude = _exclude_related if members[0].period is None else _exclude_overlapping
        results = list(exclude(members))
        excluded += [(figure, why) for figure, why in results if why]
        totals.append(Total([figure for figure, why in results if not why]))
    return totals, excluded


def _count_once(figures: Iterable[StatedFigure], excluded: list[Excluded]) -> Iterator[StatedFigure]:
    """Yield each number once, where it surely belongs and stands first; the others are put apart."""
    numbers: dict[tuple[str, str, int], list[StatedFigure]] = {}
    for figure in figures:
        numbers.setdefault(figure.figure_id, []).append(figure)
    for repeats in numbers.values():
        first, *repeated_figures = sorted(
            repeats, key=lambda figure: (not figure.is_certain, figure.repeats is not None)
        )
        yield first
        excluded.extend((other, f"counts once, in {first.event}") for other in repeated_figures)


def _exclusion_reason(figure: StatedFigure) -> str:
    """Say why a figure adds to nothing, "" where it may."""
    q = figure.quantity
    if figure.claimed:
        return "a source claims it against the event" if figure.disputed else "a source claims it beside the event"
    if q is None:
        return "no number is given"
    if q.unit in ("%", "percentage-points"):
        return "percentages do not add"
    if q.per:
        return "rates do not add"
    if is_level(figure.metric):
        return "levels do not add"
    if figure.period is None:
        return "" if is_one_off(figure.metric) else "no period is known that it covers"
    return "" if figure.has_undisputed_period else "sources disagree on the period that it covers"


def _exclude_overlapping(figures: list[StatedFigure]) -> Iterator[Excluded]:
    """Yield amounts over periods, each with why it stays apart: where its period may meet that of one before."""
    ends: list[int] = []
    included: list[StatedFigure] = []
    # The longer period first, where both are as sure.
    for figure in sorted(
        figures, key=lambda figure: (not figure.is_certain, figure.outer_days[0], -figure.outer_days[1])
    ):
        first, last = figure.outer_days
        index = bisect_left(ends, first)
        if index < len(included) and included[index].outer_days[0] <= last:
            earlier = included[index]
            yield figure, f"its period may meet that of {earlier.event}, {earlier.period}"
        else:
            ends.insert(index, last)
            included.insert(index, figure)
            yield figure, ""


def _exclude_related(figures: list[StatedFigure]) -> Iterator[Excluded]:
    """Yield amounts of events, each with why it stays apart: where it may be, or be in, one before."""
    included: set[str] = set()
    related: dict[str, str] = {}
    for figure in figures:
        earlier = next((id for id in sorted(figure.related_events) if id in included), related.get(figure.event))
        if figure.event in included:
            yield figure, "its event has another: whether they add is not said"
        elif earlier:
            yield figure, f"may be the same as that of {earlier}, or a part of it"
        else:
            included.add(figure.event)
            related.update(dict.fromkeys(figure.related_events, figure.event))
            yield figure, ""


def _including_zero(quantity: Quantity) -> Quantity:
    """Return what a quantity comes to that may not count at all."""
    nothing = make_quantity((Fraction(0), False), (Fraction(0), False), unit=quantity.unit)
    return hull([quantity, nothing])


def _is_exact(quantity: Quantity) -> bool:
    low, high = quantity.exact_bounds
    return low == high
