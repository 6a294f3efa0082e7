"""The SQL condition of a term, in four variants.

A date or figure that a source gives imprecisely matches possibly or certainly, and so does the negation of a term. The
row of the event is `e`.
"""

from __future__ import annotations

from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    # A clause and its parameters.
    Sql = tuple[str, tuple[object, ...]]


class Condition:
    """The four variants of a term; `window` are the days outside of which it cannot match, None if it has no date."""

    __slots__ = ("certain", "certainly_not", "possible", "possibly_not", "window")

    def __init__(
        self, possible: Sql, certain: Sql, possibly_not: Sql, certainly_not: Sql, window: tuple[Any, Any] | None = None
    ) -> None:
        self.possible, self.certain = possible, certain
        self.possibly_not, self.certainly_not = possibly_not, certainly_not
        self.window = window

    @property
    def requires_date(self) -> bool:
        """Whether only a dated event can match."""
        return self.window is not None


def exact(sql: str, *parameters: object) -> Condition:
    """Build the condition of a precise value: what is possible is certain."""
    clause = sql, parameters
    return Condition(clause, clause, _not(clause), _not(clause))


def _not(clause: Sql) -> Sql:
    return f"NOT ({clause[0]})", clause[1]


def with_bounds(overlaps: Sql, inside: Sql, qualified: str, *, window: tuple[Any, Any] | None = None) -> Condition:
    """Build the condition of a value with bounds; a `qualified` value (such as `~2024`) is never certain."""
    (inside_sql, inside_parameters), (not_overlaps, overlaps_parameters) = inside, _not(overlaps)
    return Condition(
        overlaps,
        (f"({inside_sql}) AND NOT ({qualified})", inside_parameters),
        (f"NOT ({inside_sql}) OR ({qualified})", inside_parameters),
        (f"{not_overlaps} AND NOT ({qualified})", overlaps_parameters),
        window,
    )


def join_clauses(operator: str, clauses: Sequence[Sql]) -> Sql:
    """Join clauses by ` AND ` or ` OR `."""
    return operator.join(f"({sql})" for sql, _ in clauses), tuple(p for _, parameters in clauses for p in parameters)


def all_of(*conditions: Condition) -> Condition:
    """Build the condition that all of these hold, each judged alone."""
    return Condition(
        join_clauses(" AND ", [condition.possible for condition in conditions]),
        join_clauses(" AND ", [condition.certain for condition in conditions]),
        join_clauses(" OR ", [condition.possibly_not for condition in conditions]),
        join_clauses(" OR ", [condition.certainly_not for condition in conditions]),
    )


# Most dates last a month at most (see the index event_long): they begin near a window that they overlap.
_MAX_SHORT_DAYS = 31
_NEAR_SQL = (
    "(e.sort_day BETWEEN ? AND ? OR e.number IN (SELECT number FROM event"
    f" WHERE overlap_last - overlap_first > {_MAX_SHORT_DAYS} AND overlap_first <= ? AND overlap_last >= ?))"
)
# A longer window matches so many events that reading all of them in order is faster than sorting.
_MAX_NARROW_DAYS = 3653


def date_in(window: tuple[Any, Any, Any, Any]) -> Condition:
    """Build the condition that the date overlaps a window of days; every claim of a disputed date counts."""
    condition = _date_in_window(window)
    low, high = window[:2]
    if isinstance(low, int) and 0 <= high - low <= _MAX_NARROW_DAYS:
        possible_sql, parameters = condition.possible
        near_parameters = (low - _MAX_SHORT_DAYS, high + _MAX_SHORT_DAYS, high, low)
        condition.possible = f"{_NEAR_SQL} AND {possible_sql}", (*near_parameters, *parameters)
    return condition


def _date_in_window(window: tuple[Any, Any, Any, Any]) -> Condition:
    outer_first, outer_last, inner_first, inner_last = window
    claim_sql = (
        "EXISTS (SELECT 1 FROM claim c WHERE c.event = e.number AND c.overlap_first <= ? AND c.overlap_last >= ?)"
    )
    overlaps = f"e.overlap_first <= ? AND e.overlap_last >= ? AND (NOT e.disputed_date OR {claim_sql})"
    return with_bounds(
        (overlaps, (outer_last, outer_first, outer_last, outer_first)),
        ("e.inside_first <= ? AND e.inside_last >= ?", (inner_last, inner_first)),
        "e.qualified OR e.disputed_date",
        window=(outer_first, outer_last),
    )


def status_is(status: str) -> Condition:
    """Build the condition on the status; every claim of a disputed status counts."""
    claim_sql = "e.disputed_status AND EXISTS (SELECT 1 FROM claim c WHERE c.event = e.number AND c.status = ?)"
    return with_bounds(
        (f"(e.status = ? OR {claim_sql})", (status, status)), ("e.status = ?", (status,)), "e.disputed_status"
    )


def bind_columns(clause: Sql) -> str:
    """Return the SQL of a clause whose parameters are names of columns."""
    sql, columns = clause
    return sql.replace("?", "{}").format(*columns)


def figure_in_range(metric: str, value: str) -> Condition:
    """Build the condition that some figure of the metric is in a range; rates are converted to the range's period."""
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
        unit_sql, unit_parameters = ("IFNULL(f.unit = ?, 1) AND ", [unit_key(wanted.unit)]) if wanted.unit else ("", [])
        if wanted.unit or per:
            unit_sql, unit_parameters = f"{unit_sql}IFNULL(f.per = ?, 1) AND ", [*unit_parameters, per]
        sql, parameters = _compare_bounds(_OVERLAPS_SQL, bounds)
        overlaps.append((f"{unit_sql}({sql} {{}})", (*unit_parameters, *parameters)))
        sql, parameters = _compare_bounds(_INSIDE_SQL, bounds)
        inside.append((f"{unit_sql}NOT f.qualified AND {sql}", (*unit_parameters, *parameters)))
    possible, certain = _some_figure(metric, overlaps), _some_figure(metric, inside)
    return Condition(possible, certain, _not(certain), _not(_some_figure(metric, overlaps, "OR f.qualified")))


def _some_figure(metric: str, clauses: list[Sql], extra: str = "") -> Sql:
    sql = " OR ".join(f"({sql.format(extra)})" for sql, _ in clauses)
    parameters = (metric, *(p for _, ps in clauses for p in ps))
    return f"e.number IN (SELECT f.event FROM figure f WHERE f.metric = ? AND ({sql}))", parameters


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
    clauses = [
        (sql.format(int(not is_open)), bound)
        for sql, (bound, is_open) in zip(templates, bounds, strict=True)
        if bound is not None
    ]
    return " AND ".join(["1", *(sql for sql, _ in clauses)]), tuple(b for _, bound in clauses for b in (bound, bound))
