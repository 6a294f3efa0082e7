"""What figures come to: which of them add, what they add up to, and why the others do not.

Where it is in doubt whether one number is in another already, it stays apart, and is told with the reason.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

from autotimeline.quantities.arithmetic import add, bounded, hull
from autotimeline.reports.metric_rules import level, single

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from autotimeline.quantities.quantity import Quantity
    from autotimeline.reports.figures import Stated

    Apart = tuple[Stated, str]


class Sum:
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

    def __init__(self, addends: list[Stated]) -> None:
        self.addends = addends
        # Of "vehicle" and "vehicles", which are one unit, the longer is how several are called.
        numbers = sorted(
            ((figure, reach) for figure in addends if (reach := figure.reach)), key=lambda pair: -len(pair[1].unit)
        )
        sure = [reach for figure, reach in numbers if figure.sure]
        self.quantity = add(reach if figure.sure else _perhaps(reach) for figure, reach in numbers)
        self.certain = add(sure) if sure else None
        self.approximate = sum(reach.about for _, reach in numbers)
        self.bounded = sum(not reach.about and not _exact(reach) for _, reach in numbers)
        self.disputed = sum(figure.disputed for figure in addends)
        self.possible = len(numbers) - len(sure)


def sums(figures: Iterable[Stated]) -> tuple[list[Sum], list[Apart]]:
    """Return what the figures come to, and those that stay apart, each with the reason in a few words.

    A number counts once, however often it is repeated and whoever claims it. What has no number, percentages,
    rates, and levels (see `metrics`) do not add. Of one metric, owner, unit, basis and status add

    - amounts over periods that surely do not meet: sales of 2024 and of 2025H1;
    - amounts that belong to their events (see `metrics.single`), one of an event, and none of two events of
      which one is the other's part, plan or successor, or that tell of one deal.

    The two do not add to each other: a year's investment may hold that of a deal.
    """
    apart: list[Apart] = []
    groups: dict[object, list[Stated]] = {}
    for figure in _once(figures, apart):
        if why := _alone(figure):
            apart.append((figure, why))
        else:
            groups.setdefault((figure.kind, figure.period is None), []).append(figure)
    found = []
    for members in groups.values():
        members.sort(key=lambda figure: not figure.sure)
        rule = _tied if members[0].period is None else _overlapping
        judged = list(rule(members))
        apart += [(figure, why) for figure, why in judged if why]
        found.append(Sum([figure for figure, why in judged if not why]))
    return found, apart


def _once(figures: Iterable[Stated], apart: list[Apart]) -> Iterator[Stated]:
    """Yield each number once, where it surely belongs and stands first; the others are put apart."""
    numbers: dict[tuple[str, str, int], list[Stated]] = {}
    for figure in figures:
        numbers.setdefault(figure.number, []).append(figure)
    for same in numbers.values():
        first, *others = sorted(same, key=lambda figure: (not figure.sure, figure.repeats is not None))
        yield first
        apart.extend((other, f"counts once, in {first.event}") for other in others)


def _alone(figure: Stated) -> str:
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
    if level(figure.metric):
        return "levels do not add"
    if figure.period is None:
        return "" if single(figure.metric) else "no period is known that it covers"
    return "" if figure.timed else "sources disagree on the period that it covers"


def _overlapping(figures: list[Stated]) -> Iterator[Apart]:
    """Yield amounts over periods, each with why it stays apart: where its period may meet that of one before."""
    ends: list[int] = []
    taken: list[Stated] = []
    # The longer period first, where both are as sure.
    for figure in sorted(figures, key=lambda figure: (not figure.sure, figure.outer[0], -figure.outer[1])):
        first, last = figure.outer
        at = bisect_left(ends, first)
        if at < len(taken) and taken[at].outer[0] <= last:
            other = taken[at]
            yield figure, f"its period may meet that of {other.event}, {other.period}"
        else:
            ends.insert(at, last)
            taken.insert(at, figure)
            yield figure, ""


def _tied(figures: list[Stated]) -> Iterator[Apart]:
    """Yield amounts of events, each with why it stays apart: where it may be, or be in, one before."""
    taken: set[str] = set()
    named: dict[str, str] = {}
    for figure in figures:
        other = next((id for id in sorted(figure.tied) if id in taken), named.get(figure.event))
        if figure.event in taken:
            yield figure, "its event has another: whether they add is not said"
        elif other:
            yield figure, f"may be the same as that of {other}, or a part of it"
        else:
            taken.add(figure.event)
            named.update(dict.fromkeys(figure.tied, figure.event))
            yield figure, ""


def _perhaps(quantity: Quantity) -> Quantity:
    """Return what a quantity comes to that may not count at all."""
    nothing = bounded((Fraction(0), Fraction(0)), unit=quantity.unit)
    return hull([quantity, nothing])


def _exact(quantity: Quantity) -> bool:
    low, high = quantity.ends
    return low == high
