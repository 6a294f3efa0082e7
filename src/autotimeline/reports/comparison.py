"""Sides set against each other: what a side means, the pace of a story, figure against figure, one merged story."""

from __future__ import annotations

from heapq import merge
from itertools import groupby, product
from operator import itemgetter

from autotimeline.dates import human
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import DateError, QuantityError, UsageError
from autotimeline.query.parser import Term, parse
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from autotimeline.dates.span import Quad
    from autotimeline.quantities.quantity import Quantity
    from autotimeline.query.parser import And, Not, Or
    from autotimeline.query.resolver import Scope
    from autotimeline.query.selection import Selection
    from autotimeline.reports.figures import Stated
    from autotimeline.reports.totals import Apart, Sum

    Node = Term | Not | And | Or
    Days = tuple[int, int | None]

_MEANT = {"id": "event", "era": "era", "actor": "actor"}
_ONE = {"id": "an event", "era": "an era", "actor": "an actor", "date": "a date"}


class Side:
    """One side: its selection, its words as they were understood (`label`), the id of its `event` where it is one."""

    __slots__ = ("event", "label", "selection")

    def __init__(self, node: Node, selection: Selection) -> None:
        single = isinstance(node, Term) and node.field == "id" and "," not in node.value
        self.event = node.value.lower() if single and isinstance(node, Term) else None
        self.label = self.event or str(node)
        self.selection = selection
        if isinstance(node, Term) and not (node.field or selection.total()):
            # A word that is found nowhere was perhaps meant as an id.
            known = [id for kind in _MEANT.values() for id in selection.scope.ids(kind)]
            if meant := nearest(node.value, known):
                selection.scope.warn(f'"{node.value}" is searched as a word, and nothing has it{meant}')

    def figures(self) -> dict[tuple[str, ...], tuple[list[Sum], list[Apart]]]:
        """Return what the figures come to and what stays apart, by what they have in common (see `reports.totals`)."""
        from autotimeline.reports.figures import stated_figures
        from autotimeline.reports.totals import sums

        found: dict[Any, tuple[list[Sum], list[Apart]]] = {}
        added, apart = sums(stated_figures(self.selection))
        for one in added:
            found.setdefault(one.addends[0].kind, ([], []))[0].append(one)
        for figure, why in apart:
            found.setdefault(figure.kind, ([], []))[1].append((figure, why))
        return found


def meaning(word: str, scope: Scope) -> Node:
    """Return what a side asks for: a word that is the id of an event, era or actor means that, any other is a query.

    Raises:
        UsageError: It is two of these, or one and a date; or it is no query.
    """
    node = parse(word)
    if not word.strip():
        raise UsageError("an empty side is no query; write one, or the id of an event, an era or an actor")
    if not isinstance(node, Term) or node.field:
        return node
    id = node.value.lower()
    sql = "SELECT 1 FROM event WHERE ? = 'event' AND id = ? UNION SELECT 1 FROM entity WHERE kind = ? AND id = ?"
    found = [field for field, kind in _MEANT.items() if scope.one(sql, kind, id, kind, id)]
    if found and _dated(node.value, scope):
        found.append("date")
    if len(found) > 1:
        names = ", ".join(_ONE[field] for field in found[:-1])
        write = " or ".join(f"{field}:{id}" for field in found)
        raise UsageError(f'"{node.value}" is {names} and {_ONE[found[-1]]}; write {write}')
    return Term(found[0], id) if found else node


def _dated(word: str, scope: Scope) -> bool:
    def nothing(name: str) -> Quad:
        raise DateError(name)

    try:
        human.window(word, scope.today, nothing)
    except DateError:
        return False
    return True


class Pace:
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

    __slots__ = ("events", "gap", "span", "sure", "whole")

    def __init__(self, selection: Selection) -> None:
        self.events, self.sure, self.whole = 0, True, True
        lows: list[int] = []
        highs: list[int] = []
        first, last, latest_start, earliest_end = END, BEGIN, END, BEGIN
        for low, high, start, end, uncertain, match in selection.rows(_WINDOW):
            if low is None:
                continue
            self.events += 1
            self.sure = self.sure and not uncertain
            self.whole = self.whole and match == "certain"
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
            least = [max(0, then - day) for day, then in zip(highs, lows[1:], strict=False)]
            most = [
                END if day == BEGIN or then == END else then - day for day, then in zip(lows, highs[1:], strict=False)
            ]
            longest = _middle(most, up=True)
            self.gap = _middle(least, up=False), None if longest >= END else longest
        if self.events > 1:
            unbounded = first == BEGIN or last == END
            known = BEGIN < latest_start < END and BEGIN < earliest_end < END
            self.span = max(0, earliest_end - latest_start) if known else 0, None if unbounded else last - first


_WINDOW = ("outer_lo", "outer_hi", "inner_lo", "inner_hi", "uncertain", "match")


def _middle(numbers: list[int], *, up: bool) -> int:
    numbers.sort()
    half = len(numbers) // 2
    low, high = numbers[half if len(numbers) % 2 else half - 1], numbers[half]
    return (low + high + up) // 2


class Contrast:
    """A figure of one event against one of another: what is less and more in `new` than in `old`.

    Attributes:
        difference: `new` less `old`, None where there is none.
        ratio: `new` by `old`, None where there is none.
        change: In words, of both: "fewer than 4,834 against 5,667: down more than 14%"; None where there is none.
        why: Why there is none, in a few words; "" where there is.
    """

    __slots__ = ("change", "difference", "new", "old", "ratio", "why")

    def __init__(self, old: Stated, new: Stated) -> None:
        from autotimeline.quantities.arithmetic import like, ratio, subtract
        from autotimeline.quantities.describe import change, spoken

        self.old, self.new = old, new
        self.difference: Quantity | None = None
        self.ratio: Quantity | None = None
        self.change: str | None = None
        before, after, self.why = _footing(old, new)
        if before is None or after is None or self.why:
            return
        try:
            after = like(before, after, "compare")
            self.difference = subtract(after, before)
            self.change = f"{spoken(after)} against {spoken(before)}: {change(before, after)}"
        except QuantityError:
            self.why = _unlike(before, after)
            return
        try:
            self.ratio = ratio(after, before)
        except QuantityError:
            # What may be nothing, or less, divides nothing.
            self.ratio = None


def contrasts(olds: Iterable[Stated], news: Iterable[Stated]) -> list[Contrast]:
    """Return the figures of one metric of two events against each other.

    Each is set against the one, or those, that it has the most in common with (owner, then unit, basis, period), if
    that one has as much in common with none other; without a common owner only where either event has no other
    figure of the metric. So `contrasts(b, a)` has the same pairs, turned round. What only a source claims is left out.
    """
    found = []
    metrics: dict[str, tuple[list[Stated], list[Stated]]] = {}
    for at, figures in enumerate((olds, news)):
        for figure in figures:
            if not figure.claimed:
                metrics.setdefault(figure.metric, ([], []))[at].append(figure)
    for left, right in metrics.values():
        alone = len(left) == len(right) == 1
        pairs = [(_common(one, other), one, other) for one, other in product(left, right)]
        pairs = [pair for pair in pairs if alone or pair[0][0]]
        for common, one, other in pairs:
            rivals = [score for score, a, b in pairs if a is one or b is other]
            if common == max(rivals):
                found.append(Contrast(one, other))
    return found


def _common(one: Stated, other: Stated) -> tuple[bool, ...]:
    (_, _, unit, per, _, _), (_, _, same_unit, same_per, _, _) = one.kind, other.kind
    return (
        *(one.of == other.of, unit == same_unit, bool(per) == bool(same_per)),
        *(one.basis == other.basis, one.period == other.period),
    )


def _footing(old: Stated, new: Stated) -> tuple[Quantity | None, Quantity | None, str]:
    """Return both numbers as they can be compared, and why they cannot: amounts over other times as rates a month."""
    from autotimeline.reports.metric_rules import level, single
    from autotimeline.reports.rates import months, rates

    if old.number == new.number:
        return None, None, "it is the same figure"
    before, after = old.reach, new.reach
    if before is None or after is None:
        return None, None, "no number is given"
    timeless = level(old.metric) or single(old.metric) or "%" in (before.unit, after.unit)
    if timeless or before.per or after.per or old.period == new.period or _other_units(before, after):
        return before, after, ""
    if old.timed and new.timed and months(*old.outer) == months(*new.outer) != 0:
        return before, after, ""
    one, other = rates([old, new], "month")
    return one.reach, other.reach, one.why or other.why


def _other_units(one: Quantity, other: Quantity) -> bool:
    """Tell whether two quantities have units of their own."""
    from autotimeline.quantities.quantity import unit_key

    return unit_key(one.unit) != unit_key(other.unit)


def _unlike(one: Quantity, other: Quantity) -> str:
    if _other_units(one, other):
        return "their units differ"
    return "months differ in days" if one.per and other.per else "only one is a rate"


def merged(sides: Sequence[Side], fields: Sequence[str]) -> Iterator[tuple[tuple[int, int], Sequence[Any], list[Any]]]:
    """Yield the events of all sides in the order of their dates: that order, the cells, and how each side has it.

    An event of several sides comes once. A side has it as `certain` or `possible`, or (None) not at all.
    """

    def numbered(at: int, side: Side) -> Iterator[Any]:
        for o1, o2, id, *cells, match in side.selection.rows(("o1", "o2", "id", *fields, "match")):
            yield (o1, o2, id), at, cells, match

    streams = [numbered(at, side) for at, side in enumerate(sides)]
    for (o1, o2, _), group in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        matches: list[Any] = [None] * len(sides)
        shown: Sequence[Any] = ()
        for _, at, cells, match in group:
            matches[at], shown = match, cells
        yield (o1, o2), shown, matches
