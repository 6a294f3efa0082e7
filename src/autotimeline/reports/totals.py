"""Totals of figures, and the figures that are excluded because they do not add or may be counted already."""

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator
from fractions import Fraction

from autotimeline.quantities.arithmetic import add_quantities, hull, make_quantity
from autotimeline.quantities.quantity import Quantity, split_rate_unit
from autotimeline.reports.figures import StatedFigure
from autotimeline.reports.repeated_figures import FigureId

Excluded = tuple[StatedFigure, str]


class Total:
    """The total of figures of one metric, subject, holder, unit, basis, and status.

    Attributes:
        addends: The figures, the certain ones first.
        quantity: The sum with its bounds; a possible figure counts from 0 to its value, a disputed one with all claims.
        certain: The sum of the certain figures, None if there are none.
        approximate: The number of approximate addends.
        bounded: The number of other addends with bounds instead of an exact number.
        disputed: The number of addends that sources contradict.
        possible: The number of addends that are not certain.
    """

    def __init__(self, addends: list[StatedFigure], outside: Container[FigureId] = ()) -> None:
        # `outside` are the ids of the figures that only possibly belong to this total.
        self.addends = addends
        ranges = [(figure, number) for figure in addends if (number := figure.full_range)]
        # The sum gets the unit of the first addend: the plural "vehicles" before "vehicle".
        ranges.sort(key=lambda pair: -len(pair[1].unit))
        certain = {figure.figure_id for figure in addends if figure.is_certain and figure.figure_id not in outside}
        certain_ranges = [number for figure, number in ranges if figure.figure_id in certain]
        self.quantity = add_quantities(n if figure.figure_id in certain else _including_zero(n) for figure, n in ranges)
        self.certain = add_quantities(certain_ranges) if certain_ranges else None
        self.approximate = sum(number.about for _, number in ranges)
        self.bounded = sum(not n.about and n.exact_bounds[0] != n.exact_bounds[1] for _, n in ranges)
        self.disputed = sum(figure.disputed for figure in addends)
        self.possible = len(ranges) - len(certain_ranges)


def compute_totals(
    figures: Iterable[StatedFigure], convert: Callable[[StatedFigure], StatedFigure | str] | None = None
) -> tuple[list[Total], list[Excluded]]:
    """Return the totals of the figures, and the excluded figures with reasons.

    `convert` returns a figure in the unit in which it adds, or the reason why it has none.

    A number counts once, however often it is repeated or claimed. Percentages, rates, and levels do not add. These
    figures of one metric, subject, holder, unit, basis, and status add, but not to each other:

    - amounts over periods that certainly do not overlap: sales of 2024 and of 2025H1
    - amounts without a period (see `metric_rules`), one per event, but not of events that are linked as a part, a plan,
      a successor, or the same deal
    """
    excluded: list[Excluded] = []
    groups: dict[object, list[StatedFigure]] = {}
    for figure in _count_once(figures, excluded):
        converted = _exclusion_reason(figure) or (convert(figure) if convert else figure)
        if isinstance(converted, str):
            excluded.append((figure, converted))
        else:
            groups.setdefault((converted.comparison_key, figure.period is None), []).append(converted)
    totals = []
    for members in groups.values():
        members.sort(key=lambda figure: not figure.is_certain)
        exclude = _exclude_related if members[0].period is None else _exclude_overlapping
        results = list(exclude(members))
        excluded += [(figure, reason) for figure, reason in results if reason]
        totals.append(Total([figure for figure, reason in results if not reason]))
    return totals, excluded


def _count_once(figures: Iterable[StatedFigure], excluded: list[Excluded]) -> Iterator[StatedFigure]:
    """Yield each number once, preferably a certain and original one; add its repetitions to `excluded`."""
    numbers: dict[FigureId, list[StatedFigure]] = {}
    for figure in figures:
        numbers.setdefault(figure.figure_id, []).append(figure)
    for repeats in numbers.values():
        repeats.sort(key=lambda figure: (not figure.is_certain, figure.repeats is not None))
        yield repeats[0]
        excluded += [(figure, f"repeats {repeats[0].event}") for figure in repeats[1:]]


def _exclusion_reason(figure: StatedFigure) -> str:
    """Return the reason why a figure does not add, or "" if it may."""
    if figure.claimed:
        return "a source claims it against the event" if figure.disputed else "a source claims it beside the event"
    if figure.about is None:
        return "no number is given"
    unit, per = split_rate_unit(figure.unit or "")
    if unit in ("%", "percentage-points"):
        return "a percentage does not add"
    if per:
        return "a rate does not add"
    if figure.measure.kind != "amount":
        return f"a {figure.measure.kind} does not add"
    if figure.period is None:
        return "without a period, it may overlap others" if figure.measure.needs_period else ""
    return "" if figure.has_undisputed_period else "sources disagree on the period that it covers"


def _exclude_overlapping(figures: list[StatedFigure]) -> Iterator[Excluded]:
    """Yield the amounts over periods, each with a reason if its period may overlap an earlier one, or else ""."""
    ends: list[int] = []
    included: list[StatedFigure] = []
    # Of periods with the same start, the longest comes first.
    figures = sorted(figures, key=lambda f: (not f.is_certain, f.outer_days[0], -f.outer_days[1]))
    for figure in figures:
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
    """Yield the one-off amounts, each with a reason if it may be counted in an earlier one, or else ""."""
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
    nothing = make_quantity((Fraction(0), False), (Fraction(0), False), unit=quantity.unit)
    return hull([quantity, nothing])
