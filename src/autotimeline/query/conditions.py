"""The predicate of a term: SQL in four variants.

A date or figure that a source gives imprecisely matches possibly or certainly, and so does the negation of a term. The
row of the event is `e`.
"""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.query.sql import TRUE, Sql, and_, compose, not_, or_, param, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


class Predicate:
    """The four variants of a term or a query.

    The negation has variants of its own: what is not certain is possibly not, but a qualified value that does not match
    is not certainly not.

    Attributes:
        window: The days outside of which it cannot match; None if it does not require a date.
    """

    __slots__ = ("certain", "certainly_not", "possible", "possibly_not", "window")

    def __init__(
        self, possible: Sql, certain: Sql, possibly_not: Sql, certainly_not: Sql, window: tuple[Any, Any] | None = None
    ) -> None:
        self.possible, self.certain = possible, certain
        self.possibly_not, self.certainly_not = possibly_not, certainly_not
        self.window = window

    def negate(self) -> Predicate:
        """Return the predicate that holds for the other events, also for undated ones."""
        return Predicate(self.possibly_not, self.certainly_not, self.possible, self.certain)


ANY = Predicate(TRUE, TRUE, TRUE, TRUE)
"""The predicate of a term that is ignored: it and its negation hold."""


def exact(sql: str, *params: object) -> Predicate:
    """Build the predicate of a precise value: what is possible is certain."""
    clause = Sql(sql, params)
    return Predicate(clause, clause, not_(clause), not_(clause))


def with_bounds(overlaps: Sql, inside: Sql, qualified: str, *, window: tuple[Any, Any] | None = None) -> Predicate:
    """Build the predicate of a value with bounds; a `qualified` value (such as `~2024`) is never certain."""
    return Predicate(
        overlaps,
        compose("({}) AND NOT ({})", inside, qualified),
        compose("NOT ({}) OR ({})", inside, qualified),
        compose("NOT ({}) AND NOT ({})", overlaps, qualified),
        window,
    )


def all_of(predicates: Sequence[Predicate]) -> Predicate:
    """Build the predicate that all of these hold, each judged alone."""
    windows = [predicate.window for predicate in predicates if predicate.window]
    window = (max(low for low, _ in windows), min(high for _, high in windows)) if windows else None
    if window and window[0] > window[1]:
        # A period can overlap two windows that have no day in common.
        window = _union(windows)
    return Predicate(
        and_(*(predicate.possible for predicate in predicates)),
        and_(*(predicate.certain for predicate in predicates)),
        or_(*(predicate.possibly_not for predicate in predicates)),
        or_(*(predicate.certainly_not for predicate in predicates)),
        window,
    )


def any_of(predicates: Sequence[Predicate]) -> Predicate:
    """Build the predicate that one of these holds."""
    result = all_of([predicate.negate() for predicate in predicates]).negate()
    result.window = _union([predicate.window or (BEGIN, END) for predicate in predicates])
    return result


def _union(windows: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
    return min(low for low, _ in windows), max(high for _, high in windows)


# Most dates last a month at most (see the index event_long): they begin near a window that they overlap.
_MAX_SHORT_DAYS = 31
_NEAR_SQL = (
    "(e.sort_day BETWEEN ? AND ? OR e.number IN (SELECT number FROM event"
    f" WHERE overlap_last - overlap_first > {_MAX_SHORT_DAYS} AND overlap_first <= ? AND overlap_last >= ?))"
)
# A longer window matches so many events that reading all of them in order is faster than sorting.
_MAX_NARROW_DAYS = 3653


def date_in(window: tuple[Any, Any, Any, Any]) -> Predicate:
    """Build the predicate that the date overlaps a window of days; every claim of a disputed date counts."""
    predicate = _date_in_window(window)
    low, high = window[:2]
    if isinstance(low, int) and 0 <= high - low <= _MAX_NARROW_DAYS:
        near = Sql(_NEAR_SQL, (low - _MAX_SHORT_DAYS, high + _MAX_SHORT_DAYS, high, low))
        predicate.possible = compose("{} AND {}", near, predicate.possible)
    return predicate


def _date_in_window(window: tuple[Any, Any, Any, Any]) -> Predicate:
    outer_first, outer_last, inner_first, inner_last = window
    claim_sql = (
        "EXISTS (SELECT 1 FROM claim c WHERE c.event = e.number AND c.overlap_first <= ? AND c.overlap_last >= ?)"
    )
    overlaps = f"e.overlap_first <= ? AND e.overlap_last >= ? AND (NOT e.disputed_date OR {claim_sql})"
    return with_bounds(
        Sql(overlaps, (outer_last, outer_first, outer_last, outer_first)),
        Sql("e.inside_first <= ? AND e.inside_last >= ?", (inner_last, inner_first)),
        "e.qualified OR e.disputed_date",
        window=(outer_first, outer_last),
    )


def status_is(status: str) -> Predicate:
    """Build the predicate on the status; every claim of a disputed status counts."""
    claim_sql = "e.disputed_status AND EXISTS (SELECT 1 FROM claim c WHERE c.event = e.number AND c.status = ?)"
    return with_bounds(
        Sql(f"(e.status = ? OR {claim_sql})", (status, status)), Sql("e.status = ?", (status,)), "e.disputed_status"
    )


def figure_in_range(metric: str, spellings: Iterable[str], value: str) -> Predicate:
    """Build the predicate that some figure of the metric is in a range; rates are converted to the range's period.

    `spellings` are those of the metric in the store.
    """
    from autotimeline.quantities.parse import parse_range
    from autotimeline.quantities.quantity import EXACT_CONTEXT, RATE_PERIODS, unit_key

    if not any(c.isdigit() for c in value):
        raise UsageError(f'"{metric}:{value}" has no number; write a range, as {metric}:1bn.. or {metric}:10..20%')
    wanted = parse_range(value)
    family, size = RATE_PERIODS.get(wanted.per, ("", 1))
    overlaps, inside = [], []
    for per in [per for per, (kin, _) in RATE_PERIODS.items() if kin == family] if wanted.per else [""]:
        # Decimals, divided last: an even result must equal the figure's bound exactly.
        scale = RATE_PERIODS[per][1] if per else 1
        bounds = [
            (None if end is None else float(EXACT_CONTEXT.divide(EXACT_CONTEXT.multiply(end, scale), size)), is_open)
            for end, is_open in ((wanted.high, wanted.high_open), (wanted.low, wanted.low_open))
        ]
        # A figure in words has no unit that could differ.
        unit = compose("IFNULL(f.unit = {}, 1) AND ", param(unit_key(wanted.unit))) if wanted.unit else Sql("")
        if wanted.unit or per:
            unit = compose("{}IFNULL(f.per = {}, 1) AND ", unit, param(per))
        overlaps.append(compose("{}({} {{}})", unit, _compare_bounds(_OVERLAPS_SQL, bounds)))
        inside.append(compose("{}NOT f.qualified AND {}", unit, _compare_bounds(_INSIDE_SQL, bounds)))
    metrics = values(spellings)
    possible, certain = _some_figure(metrics, overlaps), _some_figure(metrics, inside)
    return Predicate(possible, certain, not_(certain), not_(_some_figure(metrics, overlaps, "OR f.qualified")))


def _some_figure(metrics: Sql, clauses: Sequence[Sql], extra: str = "") -> Sql:
    bounds = or_(*(Sql(clause.text.format(extra), clause.params) for clause in clauses))
    return compose("e.number IN (SELECT f.event FROM figure f WHERE f.metric IN {} AND ({}))", metrics, bounds)


# How a figure compares with the upper and with the lower bound of a range; {} is whether that bound is included.
_OVERLAPS_SQL = (
    "(f.low IS NULL OR f.low < ? OR (f.low = ? AND NOT f.low_open AND {}))",
    "(f.high IS NULL OR f.high > ? OR (f.high = ? AND NOT f.high_open AND {}))",
)
_INSIDE_SQL = (
    "IFNULL(f.high < ? OR (f.high = ? AND (f.high_open OR {})), 0)",
    "IFNULL(f.low > ? OR (f.low = ? AND (f.low_open OR {})), 0)",
)


def _compare_bounds(templates: Sequence[str], bounds: Sequence[tuple[float | None, bool]]) -> Sql:
    return and_(
        *(
            Sql(sql.format(int(not is_open)), (bound, bound))
            for sql, (bound, is_open) in zip(templates, bounds, strict=True)
            if bound is not None
        )
    )
