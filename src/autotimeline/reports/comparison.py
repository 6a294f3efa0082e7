"""Sides set against each other: what a side means, the pace of a story, figure against figure, one merged story."""

from __future__ import annotations

from heapq import merge
from itertools import groupby, product
from operator import itemgetter

from autotimeline.dates import human
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import DateError, QuantityError, UsageError
from autotimeline.query.parser import Term, parse_query
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from autotimeline.dates.span import DayQuad
    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.parser import And, Not, Or
    from autotimeline.query.resolver import NameResolver
    from autotimeline.query.selection import Selection
    from autotimeline.reports.figures import StatedFigure
    from autotimeline.reports.totals import Excluded, Total

    Node = Term | Not | And | Or
    Days = tuple[int, int | None]

_KIND_BY_FIELD = {"id": "event", "era": "era", "actor": "actor"}
_NOUN_BY_FIELD = {"id": "an event", "era": "an era", "actor": "an actor", "date": "a date"}


class Side:
    """One side: its selection, its words as they were understood (`label`), the id of its `event` where it is one."""

    __slots__ = ("event", "label", "selection")

    def __init__(self, node: Node, selection: Selection) -> None:
        is_event = isinstance(node, Term) and node.field == "id" and "," not in node.value
        self.event = node.value.lower() if is_event and isinstance(node, Term) else None
        self.label = self.event or str(node)
        self.selection = selection
        if isinstance(node, Term) and not (node.field or selection.total()):
            # A word that is found nowhere was perhaps meant as an id.
            ids = [id for kind in _KIND_BY_FIELD.values() for id in selection.resolver.list_ids(kind)]
            if hint := suggest(node.value, ids):
                selection.resolver.warn(f'"{node.value}" is searched as a word, and nothing has it{hint}')

    def totals_by_key(self) -> dict[tuple[str, ...], tuple[list[Total], list[Excluded]]]:
        """Return what the figures come to and what stays apart, by what they have in common (see `reports.totals`)."""
        from autotimeline.reports.figures import stated_figures
        from autotimeline.reports.totals import compute_totals

        totals_by_key: dict[Any, tuple[list[Total], list[Excluded]]] = {}
        totals, excluded = compute_totals(stated_figures(self.selection))
        for total in totals:
            totals_by_key.setdefault(total.addends[0].comparison_key, ([], []))[0].append(total)
        for figure, reason in excluded:
            totals_by_key.setdefault(figure.comparison_key, ([], []))[1].append((figure, reason))
        return totals_by_key


def parse_side(word: str, resolver: NameResolver) -> Node:
    """Return what a side asks for: a word that is the id of an event, era or actor means that, any other is a query.

    Raises:
        UsageError: It is two of these, or one and a date; or it is no query.
    """
    node = parse_query(word)
    if not word.strip():
        raise UsageError("an empty side is no query; write one, or the id of an event, an era or an actor")
    if not isinstance(node, Term) or node.field:
        return node
    id = node.value.lower()
    sql = "SELECT 1 FROM event WHERE ? = 'event' AND id = ? UNION SELECT 1 FROM entity WHERE kind = ? AND id = ?"
    fields = [field for field, kind in _KIND_BY_FIELD.items() if resolver.scalar(sql, kind, id, kind, id)]
    if fields and _is_date(node.value, resolver):
        fields.append("date")
    if len(fields) > 1:
        names = ", ".join(_NOUN_BY_FIELD[field] for field in fields[:-1])
        alternatives = " or ".join(f"{field}:{id}" for field in fields)
        raise UsageError(f'"{node.value}" is {names} and {_NOUN_BY_FIELD[fields[-1]]}; write {alternatives}')
    return Term(fields[0], id) if fields else node


def _is_date(word: str, resolver: NameResolver) -> bool:
    def reject_name(name: str) -> DayQuad:
        raise DateError(name)

    try:
        human.parse_window(word, resolver.today, reject_name)
    except DateError:
        return False
    return True


class StoryPace:
    """How a story runs: how long it lasts, and the median of the gaps between the starts of its events; in days.

    Attributes:
        events: How many of them are dated.
        span: From the start of the first to the end of the last: the fewest days and the most (None: unbounded). What
            only possibly belongs makes it longer at most. None where fewer than two events are dated.
        gap: Between what the median of the gaps lies, whatever day of its own each event starts on, and so in whatever
            order: the n-th start is no earlier than the n-th of the earliest days, and no later than the n-th of the
            latest. Of an even number the mean of the middle two, rounded outward. None where fewer than two start.
        sure: Whether no date is uncertain.
        whole: Whether all events surely belong.
    """

    __slots__ = ("events", "gap", "has_certain_dates", "has_certain_events", "span")

    def __init__(self, selection: Selection) -> None:
        self.events, self.has_certain_dates, self.has_certain_events = 0, True, True
        lows: list[int] = []
        highs: list[int] = []
        first, last, latest_start, earliest_end = END, BEGIN, END, BEGIN
        for low, high, start, end, uncertain, match in selection.rows(_WINDOW_COLUMNS):
            if low is None:
                continue
            self.events += 1
            self.has_certain_dates = self.has_certain_dates and not uncertain
            self.has_certain_events = self.has_certain_events and match == "certain"
            first, last = min(first, low), max(last, high)
            if match == "certain":
                # What has no start has begun by its last day, and what has no end lasts from its first on.
                latest_start = min(latest_start, high if start == BEGIN else start)
                earliest_end = max(earliest_end, low if end == END else end)
            if start != BEGIN:
                lows.append(low)
                highs.append(start)
        lows.sort()
        highs.sort()
        self.gap: Days | None = None
        self.span: Days | None = None
        if len(lows) > 1:
            min_gaps = [max(0, then - day) for day, then in zip(highs, lows[1:], strict=False)]
            max_gaps = [
                END if day == BEGIN or then == END else then - day for day, then in zip(lows, highs[1:], strict=False)
            ]
            max_gap = _median(max_gaps, round_up=True)
            self.gap = _median(min_gaps, round_up=False), None if max_gap >= END else max_gap
        if self.events > 1:
            unbounded = first == BEGIN or last == END
            has_certain_span = BEGIN < latest_start < END and BEGIN < earliest_end < END
            self.span = (
                max(0, earliest_end - latest_start) if has_certain_span else 0,
                None if unbounded else last - first,
            )


_WINDOW_COLUMNS = ("outer_first", "outer_last", "inner_first", "inner_last", "uncertain", "match")


def _median(numbers: list[int], *, round_up: bool) -> int:
    numbers.sort()
    half = len(numbers) // 2
    low, high = numbers[half if len(numbers) % 2 else half - 1], numbers[half]
    return (low + high + round_up) // 2


class FigureComparison:
    """A figure of one event against one of another: what is less and more in `new` than in `old`.

    Attributes:
        difference: `new` less `old`, None where there is none.
        ratio: `new` by `old`, None where there is none.
        change: In words, of both: "fewer than 4,834 against 5,667: down more than 14%"; None where there is none.
        why: Why there is none, in a few words; "" where there is.
    """

    __slots__ = ("change", "difference", "new", "old", "ratio", "reason")

    def __init__(self, old: StatedFigure, new: StatedFigure) -> None:
        from autotimeline.quantities.arithmetic import match_rate, ratio, subtract
        from autotimeline.quantities.describe import describe_change, describe_quantity

        self.old, self.new = old, new
        self.difference: Quantity | None = None
        self.ratio: Quantity | None = None
        self.change: str | None = None
        before, after, self.reason = _make_comparable(old, new)
        if before is None or after is None or self.reason:
            return
        try:
            after = match_rate(before, after, "compare")
            self.difference = subtract(after, before)
            self.change = (
                f"{describe_quantity(after)} against {describe_quantity(before)}: {describe_change(before, after)}"
            )
        except QuantityError:
            self.reason = _mismatch_reason(before, after)
            return
        try:
            self.ratio = ratio(after, before)
        except QuantityError:
            # What may be nothing, or less, divides nothing.
            self.ratio = None


def compare_figures(old_figures: Iterable[StatedFigure], new_figures: Iterable[StatedFigure]) -> list[FigureComparison]:
    """Return the figures of one metric of two events against each other.

    Each is set against the one, or those, that it has the most in common with (owner, then unit, basis, period), if
    that one has as much in common with none other; without a common owner only where either event has no other
    figure of the metric. So `contrasts(b, a)` has the same pairs, turned round. What only a source claims is left out.
    """
    comparisons = []
    metrics: dict[str, tuple[list[StatedFigure], list[StatedFigure]]] = {}
    for side_index, figures in enumerate((old_figures, new_figures)):
        for figure in figures:
            if not figure.claimed:
                metrics.setdefault(figure.metric, ([], []))[side_index].append(figure)
    for old_group, new_group in metrics.values():
        is_only_pair = len(old_group) == len(new_group) == 1
        pairs = [(_similarity(one, other), one, other) for one, other in product(old_group, new_group)]
        pairs = [pair for pair in pairs if is_only_pair or pair[0][0]]
        for similarity, old, new in pairs:
            rival_scores = [score for score, a, b in pairs if a is old or b is new]
            if similarity == max(rival_scores):
                comparisons.append(FigureComparison(old, new))
    return comparisons


def _similarity(old: StatedFigure, new: StatedFigure) -> tuple[bool, ...]:
    (_, _, unit, per, _, _), (_, _, same_unit, same_per, _, _) = old.comparison_key, new.comparison_key
    return (
        *(old.of == new.of, unit == same_unit, bool(per) == bool(same_per)),
        *(old.basis == new.basis, old.period == new.period),
    )


def _make_comparable(old: StatedFigure, new: StatedFigure) -> tuple[Quantity | None, Quantity | None, str]:
    """Return both numbers as they can be compared, and why they cannot: amounts over other times as rates a month."""
    from autotimeline.reports.metric_rules import is_level, is_one_off
    from autotimeline.reports.rates import compute_rates, whole_months

    if old.figure_id == new.figure_id:
        return None, None, "it is the same figure"
    before, after = old.full_range, new.full_range
    if before is None or after is None:
        return None, None, "no number is given"
    is_timeless = is_level(old.metric) or is_one_off(old.metric) or "%" in (before.unit, after.unit)
    if is_timeless or before.per or after.per or old.period == new.period or _units_differ(before, after):
        return before, after, ""
    if (
        old.has_undisputed_period
        and new.has_undisputed_period
        and whole_months(*old.outer_days) == whole_months(*new.outer_days) != 0
    ):
        return before, after, ""
    old_rate, new_rate = compute_rates([old, new], "month")
    return old_rate.full_range, new_rate.full_range, old_rate.reason or new_rate.reason


def _units_differ(first: Quantity, second: Quantity) -> bool:
    """Tell whether two quantities have units of their own."""
    from autotimeline.quantities.quantity import unit_key

    return unit_key(first.unit) != unit_key(second.unit)


def _mismatch_reason(first: Quantity, second: Quantity) -> str:
    if _units_differ(first, second):
        return "their units differ"
    return "months differ in days" if first.per and second.per else "only one is a rate"


def merge_sides(
    sides: Sequence[Side], fields: Sequence[str]
) -> Iterator[tuple[tuple[int, int], Sequence[Any], list[Any]]]:
    """Yield the events of all sides in the order of their dates: that order, the cells, and how each side has it.

    An event of several sides comes once. A side has it as `certain` or `possible`, or (None) not at all.
    """

    def keyed_rows(index: int, side: Side) -> Iterator[Any]:
        for sort_day, sort_tiebreak, id, *cells, match in side.selection.rows(
            ("sort_day", "sort_tiebreak", "id", *fields, "match")
        ):
            yield (sort_day, sort_tiebreak, id), index, cells, match

    streams = [keyed_rows(at, side) for at, side in enumerate(sides)]
    for (sort_day, sort_tiebreak, _), group in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        matches: list[Any] = [None] * len(sides)
        shown_cells: Sequence[Any] = ()
        for _, side_index, cells, match in group:
            matches[side_index], shown_cells = match, cells
        yield (sort_day, sort_tiebreak), shown_cells, matches
