"""What a term says of an event, as SQL, in four faces.

A value that a source gives imprecisely may match or surely match (DESIGN §6): `may` is possible(t),
`must` is certain(t), `may_not` is possible(not t), `must_not` is certain(not t). The event's row is `e`.
"""

from __future__ import annotations

from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Sql = tuple[str, tuple[object, ...]]


class Condition:
    """The four faces of a term, each with the parameters in its order.

    `window` is the outer window of days that only a dated event can match; None where no date is asked for.
    """

    __slots__ = ("certain", "certainly_not", "possible", "possibly_not", "window")

    def __init__(
        self,
        possible: Sql,
        certain: Sql,
        possibly_not: Sql,
        certainly_not: Sql,
        *,
        window: tuple[Any, Any] | None = None,
    ) -> None:
        self.possible = possible
        self.certain = certain
        self.possibly_not = possibly_not
        self.certainly_not = certainly_not
        self.window = window

    @property
    def requires_date(self) -> bool:
        """Whether only a dated event can match."""
        return self.window is not None


def exact(sql: str, *parameters: object) -> Condition:
    """A condition without bounds: what it says is so or is not."""
    yes, no = (sql, parameters), (f"NOT ({sql})", parameters)
    return Condition(yes, yes, no, no)


def with_bounds(overlaps: Sql, inside: Sql, qualified: str, *, window: tuple[Any, Any] | None = None) -> Condition:
    """The condition of a value with bounds: `certain(t) = i and not q`, and so on (DESIGN §6)."""
    (overlaps_sql, overlaps_parameters), (inside_sql, inside_parameters) = overlaps, inside
    return Condition(
        (overlaps_sql, overlaps_parameters),
        (f"({inside_sql}) AND NOT ({qualified})", inside_parameters),
        (f"NOT ({inside_sql}) OR ({qualified})", inside_parameters),
        (f"NOT ({overlaps_sql}) AND NOT ({qualified})", overlaps_parameters),
        window=window,
    )


def all_of(*conditions: Condition) -> Condition:
    """The condition that all of these hold, each judged by itself; its negation that one does not."""

    def join_clauses(operator: str, clauses: list[Sql]) -> Sql:
        return operator.join(f"({sql})" for sql, _ in clauses), tuple(p for _, ps in clauses for p in ps)

    return Condition(
        join_clauses(" AND ", [condition.possible for condition in conditions]),
        join_clauses(" AND ", [condition.certain for condition in conditions]),
        join_clauses(" OR ", [condition.possibly_not for condition in conditions]),
        join_clauses(" OR ", [condition.certainly_not for condition in conditions]),
    )


# Most dates reach over a month at most, as the index has it (event_long): they begin near a window that they meet.
_MAX_SHORT_DAYS = 31
_NEAR_SQL = (
    "(e.sort_day BETWEEN ? AND ? OR e.number IN (SELECT number FROM event"
    f" WHERE overlap_last - overlap_first > {_MAX_SHORT_DAYS} AND overlap_first <= ? AND overlap_last >= ?))"
)
# What a longer window finds is so much that to read it in its order is quicker than to put it in order.
_MAX_NARROW_DAYS = 3653


def date_in(window: tuple[Any, Any, Any, Any]) -> Condition:
    """The event's date against a window of days; where the date is disputed, every claim counts."""
    condition = _date_in_window(window)
    low, high = window[:2]
    if isinstance(low, int) and 0 <= high - low <= _MAX_NARROW_DAYS:
        possible_sql, parameters = condition.possible
        near_parameters = (low - _MAX_SHORT_DAYS, high + _MAX_SHORT_DAYS, high, low)
        condition.possible = f"{_NEAR_SQL} AND {possible_sql}", (*near_parameters, *parameters)
    return condition


def _date_in_window(window: tuple[Any, Any, Any, Any]) -> Condition:
    outer_low, outer_high, inner_low, inner_high = window
    claim_sql = (
        "EXISTS (SELECT 1 FROM claim c WHERE c.event = e.number AND c.overlap_first <= ? AND c.overlap_last >= ?)"
    )
    overlaps = f"e.overlap_first <= ? AND e.overlap_last >= ? AND (NOT e.disputed_date OR {claim_sql})"
    return with_bounds(
        (overlaps, (outer_high, outer_low, outer_high, outer_low)),
        ("e.inside_first <= ? AND e.inside_last >= ?", (inner_high, inner_low)),
        "e.qualified OR e.disputed_date",
        window=(outer_low, outer_high),
    )


def status_is(status: str) -> Condition:
    """The event's status; where it is disputed, every claim counts."""
    claim_sql = "e.disputed_status AND EXISTS (SELECT 1 FROM claim c WHERE c.event = e.number AND c.status = ?)"
    return with_bounds(
        (f"(e.status = ? OR {claim_sql})", (status, status)), ("e.status = ?", (status,)), "e.disputed_status"
    )


def bind_columns(clause: Sql) -> str:
    """Return a face of a condition whose parameters are names of columns, with these in it."""
    sql, columns = clause
    return sql.replace("?", "{}").format(*columns)


def figure_in_range(metric: str, value: str) -> Condition:
    """Some figure of the metric against a range; a rate is converted where the range asks for one."""
    from autotimeline.quantities.parse import parse_range
    from autotimeline.quantities.quantity import EXACT_CONTEXT, RATE_PERIODS, unit_key

    if not any(c.isdigit() for c in value):
        raise UsageError(f'"{metric}:{value}" has no number; write a range, as {metric}:1bn.. or {metric}:10..20%')
    wanted = parse_range(value)
    family, size = RATE_PERIODS.get(wanted.per, ("", 1))
    overlaps, inside = [], []
    for per in [per for per, (kin, _) in RATE_PERIODS.items() if kin == family] if wanted.per else [""]:
        # Divided last, and as decimals: what comes out even has to meet the figure's own bound exactly.
        scale = RATE_PERIODS[per][1] if per else 1
        low, high = (
            None if end is None else float(EXACT_CONTEXT.divide(EXACT_CONTEXT.multiply(end, scale), size))
            for end in (wanted.low, wanted.high)
        )
        # A figure that its source gives in words only has no unit that could differ.
        unit_sql, unit_parameters = ("IFNULL(f.unit = ?, 1) AND ", [unit_key(wanted.unit)]) if wanted.unit else ("", [])
        if wanted.unit or per:
            unit_sql, unit_parameters = f"{unit_sql}IFNULL(f.per = ?, 1) AND ", [*unit_parameters, per]
        meets_sql, meets_parameters = _overlaps_range(low, high, wanted.low_open, wanted.high_open)
        lies_sql, lies_parameters = _inside_range(low, high, wanted.low_open, wanted.high_open)
        overlaps.append((f"{unit_sql}({meets_sql} {{}})", (*unit_parameters, *meets_parameters)))
        inside.append((f"{unit_sql}NOT f.qualified AND {lies_sql}", (*unit_parameters, *lies_parameters)))
    possible, certain = _some_figure(metric, overlaps), _some_figure(metric, inside)
    uncertain = _some_figure(metric, overlaps, "OR f.qualified")
    return Condition(possible, certain, (f"NOT ({certain[0]})", certain[1]), (f"NOT ({uncertain[0]})", uncertain[1]))


def _some_figure(metric: str, clauses: list[Sql], extra: str = "") -> Sql:
    sql = " OR ".join(f"({sql.format(extra)})" for sql, _ in clauses)
    parameters = (metric, *(p for _, ps in clauses for p in ps))
    return f"e.number IN (SELECT f.event FROM figure f WHERE f.metric = ? AND ({sql}))", parameters


def _overlaps_range(low: float | None, high: float | None, low_open: bool, high_open: bool) -> tuple[str, list[object]]:
    """A figure's bounds have a value in common with the range."""
    sql, parameters = ["1"], []
    if high is not None:
        sql.append(f"(f.low IS NULL OR f.low < ? OR (f.low = ? AND NOT f.low_open AND {int(not high_open)}))")
        parameters += [high, high]
    if low is not None:
        sql.append(f"(f.high IS NULL OR f.high > ? OR (f.high = ? AND NOT f.high_open AND {int(not low_open)}))")
        parameters += [low, low]
    return " AND ".join(sql), list(parameters)


def _inside_range(low: float | None, high: float | None, low_open: bool, high_open: bool) -> tuple[str, list[object]]:
    """Every value within a figure's bounds lies in the range."""
    sql, parameters = ["1"], []
    if high is not None:
        sql.append(f"IFNULL(f.high < ? OR (f.high = ? AND (f.high_open OR {int(not high_open)})), 0)")
        parameters += [high, high]
    if low is not None:
        sql.append(f"IFNULL(f.low > ? OR (f.low = ? AND (f.low_open OR {int(not low_open)})), 0)")
        parameters += [low, low]
    return " AND ".join(sql), list(parameters)
