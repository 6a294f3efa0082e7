"""The parts of a comparison: parsing sides, the pace of a story, pairs of figures, and merging events by date."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, product
from operator import itemgetter
from typing import Any

from autotimeline.dates import human
from autotimeline.dates.span import BEGIN, END, DayQuad
from autotimeline.errors import DateError, QuantityError, UsageError
from autotimeline.quantities.quantity import Quantity
from autotimeline.query.parser import And, Not, Or, Term, parse_query
from autotimeline.query.resolver import NameResolver
from autotimeline.query.selection import Selection
from autotimeline.reports.elapsed import median_day
from autotimeline.reports.figures import StatedFigure
from autotimeline.reports.totals import Excluded, Total

Node = Term | Not | And | Or
Days = tuple[int, int | None]

_KIND_BY_FIELD = {"id": "event", "era": "era", "actor": "actor"}
_NOUN_BY_FIELD = {"id": "an event", "era": "an era", "actor": "an actor", "date": "a date"}


class Side:
    """One side: its selection, its query as the label, and the id of its event if it is a single event."""

    def __init__(self, node: Node, selection: Selection) -> None:
        is_event = isinstance(node, Term) and node.field == "id" and "," not in node.value
        self.event = node.value.lower() if is_event and isinstance(node, Term) else None
        self.label = self.event or str(node)
        self.selection = selection

    def totals_by_key(self) -> dict[tuple[str, ...], tuple[list[Total], list[Excluded]]]:
        """Return the totals and the excluded figures by `comparison_key` (see `reports.totals`)."""
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
    """Parse a side into a query node; the id of an event, era, or actor, or an actor's name, selects that item.

    Raises:
        UsageError: If the word names several items or also a date, or the query is empty or invalid.
    """
    node = parse_query(word)
    if not word.strip():
        raise UsageError("an empty side is no query; write one, or the id of an event, an era or an actor")
    if not isinstance(node, Term) or node.field:
        return node
    id = node.value.lower()
    sql = "SELECT 1 FROM event WHERE ? = 'event' AND id = ? UNION SELECT 1 FROM entity WHERE kind = ? AND id = ?"
    terms = [Term(field, id) for field, kind in _KIND_BY_FIELD.items() if resolver.scalar(sql, kind, id, kind, id)]
    # Only without an item of that id: an era is named after its actor.
    if not terms and resolver.find_ids("actor", node.value):
        terms = [Term("actor", resolver.resolve_actor(node.value))]
    if terms and _is_date(node.value, resolver):
        terms.append(Term("date", id))
    if len(terms) > 1:
        *nouns, last_noun = [_NOUN_BY_FIELD[term.field] for term in terms]
        alternatives = " or ".join(map(str, terms))
        raise UsageError(f'"{node.value}" is {", ".join(nouns)} and {last_noun}; write {alternatives}')
    return terms[0] if terms else node


def _is_date(word: str, resolver: NameResolver) -> bool:
    def reject_name(name: str) -> DayQuad:
        raise DateError(name)

    try:
        human.parse_window(word, resolver.today, reject_name)
    except DateError:
        return False
    return True


class StoryPace:
    """The duration of a story, and the median of the gaps between the starts of its events, in days.

    Attributes:
        events: The number of dated events.
        span: The fewest and the most days (None: unbounded) from the first start to the last end; events that match
            only possibly extend the most days. None with fewer than two dated events.
        gap: The bounds of the median over all possible days and orders of the starts, of which the n-th lies between
            the n-th earliest and the n-th latest day; rounded outward. None with fewer than two starts.
        has_certain_dates: Whether no date is uncertain.
        has_certain_events: Whether all events match certainly.
    """

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
                # An event without a start has started by its last day; one without an end lasts past its first day.
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
            steps = zip(lows, highs[1:], strict=False)
            max_gap = median_day(
                [END if day == BEGIN or then == END else then - day for day, then in steps], round_up=True
            )
            self.gap = median_day(min_gaps, round_up=False), None if max_gap >= END else max_gap
        if self.events > 1:
            has_certain_span = BEGIN < latest_start < END and BEGIN < earliest_end < END
            min_span = max(0, earliest_end - latest_start) if has_certain_span else 0
            self.span = min_span, None if first == BEGIN or last == END else last - first


_WINDOW_COLUMNS = ("outer_first", "outer_last", "inner_first", "inner_last", "uncertain", "match")


class FigureComparison:
    """A figure of one event compared with a figure of another one.

    Attributes:
        difference: `new` minus `old`, None if they cannot be compared.
        ratio: `new` divided by `old`, None if they cannot be compared, or if `old` may be 0.
        change: Both in words: "fewer than 4,834 against 5,667: down more than 14%"; None if they cannot be compared.
        reason: Why they cannot be compared, "" if they can.
    """

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
            values = f"{describe_quantity(after)} against {describe_quantity(before)}"
            self.change = f"{values}: {describe_change(before, after)}"
        except QuantityError:
            self.reason = _mismatch_reason(before, after)
            return
        try:
            self.ratio = ratio(after, before)
        except QuantityError:
            self.ratio = None  # The divisor may be 0.


def compare_figures(old_figures: Iterable[StatedFigure], new_figures: Iterable[StatedFigure]) -> list[FigureComparison]:
    """Return the comparisons of the figures of two events, metric by metric, without claimed figures.

    Two figures are compared if neither has more in common with another figure (first subject and holder, then unit,
    rate, basis, and period), so that the reverse comparison has the same pairs. Figures of different subjects or
    holders are compared only if each event has just one figure of the metric.
    """
    comparisons = []
    metrics: dict[str, tuple[list[StatedFigure], list[StatedFigure]]] = {}
    for side_index, figures in enumerate((old_figures, new_figures)):
        for figure in figures:
            if not figure.claimed:
                metrics.setdefault(figure.metric, ([], []))[side_index].append(figure)
    for old_group, new_group in metrics.values():
        is_only_pair = len(old_group) == len(new_group) == 1
        pairs = [(_similarity(old, new), old, new) for old, new in product(old_group, new_group)]
        pairs = [pair for pair in pairs if is_only_pair or pair[0][0]]
        for similarity, old, new in pairs:
            if similarity == max(score for score, a, b in pairs if a is old or b is new):
                comparisons.append(FigureComparison(old, new))
    return comparisons


def _similarity(old: StatedFigure, new: StatedFigure) -> tuple[bool, ...]:
    (_, _, unit, per, *_), (_, _, same_unit, same_per, *_) = old.comparison_key, new.comparison_key
    return (
        *((old.of, old.holder) == (new.of, new.holder), unit == same_unit, bool(per) == bool(same_per)),
        *(old.basis == new.basis, old.period == new.period),
    )


def _make_comparable(old: StatedFigure, new: StatedFigure) -> tuple[Quantity | None, Quantity | None, str]:
    """Return both numbers, or the reason why they differ in kind; amounts over unequal periods become monthly rates."""
    from autotimeline.reports.metric_rules import is_one_off
    from autotimeline.reports.rates import compute_rates, whole_months

    if old.figure_id == new.figure_id:
        return None, None, "it is the same figure"
    before, after = old.full_range, new.full_range
    if before is None or after is None:
        return None, None, "no number is given"
    is_timeless = old.measure.kind != "amount" or is_one_off(old.metric) or "%" in (before.unit, after.unit)
    if is_timeless or before.per or after.per or old.period == new.period or _units_differ(before, after):
        return before, after, ""
    are_undisputed = old.has_undisputed_period and new.has_undisputed_period
    if are_undisputed and whole_months(*old.outer_days) == whole_months(*new.outer_days) != 0:
        return before, after, ""
    old_rate, new_rate = compute_rates([old, new], "month")
    return old_rate.full_range, new_rate.full_range, old_rate.reason or new_rate.reason


def _units_differ(first: Quantity, second: Quantity) -> bool:
    from autotimeline.quantities.quantity import unit_key

    return unit_key(first.unit) != unit_key(second.unit)


def _mismatch_reason(first: Quantity, second: Quantity) -> str:
    if _units_differ(first, second):
        return "their units differ"
    return "months differ in days" if first.per and second.per else "only one is a rate"


def merge_sides(
    sides: Sequence[Side], fields: Sequence[str]
) -> Iterator[tuple[tuple[int, int], Sequence[Any], list[Any]]]:
    """Yield each event of any side once, in the order of dates: its sort key, its cells, and its match per side.

    The match is "certain", "possible", or None.
    """
    columns = ("sort_day", "sort_tiebreak", "position", "id", *fields, "match")

    def keyed_rows(index: int, side: Side) -> Iterator[Any]:
        for *key, match in side.selection.rows(columns):
            yield tuple(key[:4]), index, key[4:], match

    streams = [keyed_rows(index, side) for index, side in enumerate(sides)]
    for (sort_day, sort_tiebreak, *_), group in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        matches: list[Any] = [None] * len(sides)
        shown_cells: Sequence[Any] = ()
        for _, side_index, cells, match in group:
            matches[side_index], shown_cells = match, cells
        yield (sort_day, sort_tiebreak), shown_cells, matches
