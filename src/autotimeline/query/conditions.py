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

    __slots__ = ("may", "may_not", "must", "must_not", "window")

    def __init__(
        self, may: Sql, must: Sql, may_not: Sql, must_not: Sql, *, window: tuple[Any, Any] | None = None
    ) -> None:
        self.may = may
        self.must = must
        self.may_not = may_not
        self.must_not = must_not
        self.window = window

    @property
    def dated(self) -> bool:
        """Whether only a dated event can match."""
        return self.window is not None


def exact(sql: str, *parameters: object) -> Condition:
    """A condition without bounds: what it says is so or is not."""
    yes, no = (sql, parameters), (f"NOT ({sql})", parameters)
    return Condition(yes, yes, no, no)


def bounded(overlaps: Sql, inside: Sql, qualified: str, *, window: tuple[Any, Any] | None = None) -> Condition:
    """The condition of a value with bounds: `certain(t) = i and not q`, and so on (DESIGN §6)."""
    (o, ps), (i, qs) = overlaps, inside
    return Condition(
        (o, ps),
        (f"({i}) AND NOT ({qualified})", qs),
        (f"NOT ({i}) OR ({qualified})", qs),
        (f"NOT ({o}) AND NOT ({qualified})", ps),
        window=window,
    )


def every(*conditions: Condition) -> Condition:
    """The condition that all of these hold, each judged by itself; its negation that one does not."""

    def joined(word: str, faces: list[Sql]) -> Sql:
        return word.join(f"({sql})" for sql, _ in faces), tuple(p for _, ps in faces for p in ps)

    return Condition(
        joined(" AND ", [condition.may for condition in conditions]),
        joined(" AND ", [condition.must for condition in conditions]),
        joined(" OR ", [condition.may_not for condition in conditions]),
        joined(" OR ", [condition.must_not for condition in conditions]),
    )


# Most dates reach over a month at most, as the index has it (event_long): they begin near a window that they meet.
_SHORT = 31
_NEAR = (
    f"(e.o1 BETWEEN ? AND ? OR e.n IN (SELECT l.n FROM event l WHERE l.w_hi - l.w_lo > {_SHORT}"
    " AND l.w_lo <= ? AND l.w_hi >= ?))"
)
# What a longer window finds is so much that to read it in its order is quicker than to put it in order.
_NARROW = 3653


def dated(window: tuple[Any, Any, Any, Any]) -> Condition:
    """The event's date against a window of days; where the date is disputed, every claim counts."""
    condition = _dated(window)
    low, high = window[:2]
    if isinstance(low, int) and 0 <= high - low <= _NARROW:
        may, parameters = condition.may
        near = (low - _SHORT, high + _SHORT, high, low)
        condition.may = f"{_NEAR} AND {may}", (*near, *parameters)
    return condition


def _dated(window: tuple[Any, Any, Any, Any]) -> Condition:
    outer_low, outer_high, inner_low, inner_high = window
    claimed = "EXISTS (SELECT 1 FROM claim c WHERE c.event = e.n AND c.w_lo <= ? AND c.w_hi >= ?)"
    overlaps = f"e.w_lo <= ? AND e.w_hi >= ? AND (NOT e.disputed_date OR {claimed})"
    return bounded(
        (overlaps, (outer_high, outer_low, outer_high, outer_low)),
        ("e.i_lo <= ? AND e.i_hi >= ?", (inner_high, inner_low)),
        "e.qualified OR e.disputed_date",
        window=(outer_low, outer_high),
    )


def stated(status: str) -> Condition:
    """The event's status; where it is disputed, every claim counts."""
    claimed = "e.disputed_status AND EXISTS (SELECT 1 FROM claim c WHERE c.event = e.n AND c.status = ?)"
    return bounded((f"(e.status = ? OR {claimed})", (status, status)), ("e.status = ?", (status,)), "e.disputed_status")


def filled(face: Sql) -> str:
    """Return a face of a condition whose parameters are names of columns, with these in it."""
    sql, columns = face
    return sql.replace("?", "{}").format(*columns)


def figure(metric: str, value: str) -> Condition:
    """Some figure of the metric against a range; a rate is converted where the range asks for one."""
    from autotimeline.quantities.parse import parse_range
    from autotimeline.quantities.quantity import EXACT, PERIODS, unit_key

    if not any(c.isdigit() for c in value):
        raise UsageError(f'"{metric}:{value}" has no number; write a range, as {metric}:1bn.. or {metric}:10..20%')
    asked = parse_range(value)
    family, size = PERIODS.get(asked.per, ("", 1))
    overlaps, inside = [], []
    for per in [per for per, (kin, _) in PERIODS.items() if kin == family] if asked.per else [""]:
        # Divided last, and as decimals: what comes out even has to meet the figure's own bound exactly.
        scale = PERIODS[per][1] if per else 1
        low, high = (
            None if end is None else float(EXACT.divide(EXACT.multiply(end, scale), size))
            for end in (asked.low, asked.high)
        )
        # A figure that its source gives in words only has no unit that could differ.
        fits, ps = ("IFNULL(f.unit = ?, 1) AND ", [unit_key(asked.unit)]) if asked.unit else ("", [])
        if asked.unit or per:
            fits, ps = f"{fits}IFNULL(f.per = ?, 1) AND ", [*ps, per]
        o, o_ps = _meets(low, high, asked.low_open, asked.high_open)
        i, i_ps = _lies(low, high, asked.low_open, asked.high_open)
        overlaps.append((f"{fits}({o} {{}})", (*ps, *o_ps)))
        inside.append((f"{fits}NOT f.qualified AND {i}", (*ps, *i_ps)))
    may, must = _some(metric, overlaps), _some(metric, inside)
    doubted = _some(metric, overlaps, "OR f.qualified")
    return Condition(may, must, (f"NOT ({must[0]})", must[1]), (f"NOT ({doubted[0]})", doubted[1]))


def _some(metric: str, faces: list[Sql], more: str = "") -> Sql:
    sql = " OR ".join(f"({sql.format(more)})" for sql, _ in faces)
    parameters = (metric, *(p for _, ps in faces for p in ps))
    return f"e.n IN (SELECT f.event FROM figure f WHERE f.metric = ? AND ({sql}))", parameters


def _meets(low: float | None, high: float | None, low_open: bool, high_open: bool) -> tuple[str, list[object]]:
    """A figure's bounds have a value in common with the range."""
    sql, parameters = ["1"], []
    if high is not None:
        sql.append(f"(f.low IS NULL OR f.low < ? OR (f.low = ? AND NOT f.low_open AND {int(not high_open)}))")
        parameters += [high, high]
    if low is not None:
        sql.append(f"(f.high IS NULL OR f.high > ? OR (f.high = ? AND NOT f.high_open AND {int(not low_open)}))")
        parameters += [low, low]
    return " AND ".join(sql), list(parameters)


def _lies(low: float | None, high: float | None, low_open: bool, high_open: bool) -> tuple[str, list[object]]:
    """Every value within a figure's bounds lies in the range."""
    sql, parameters = ["1"], []
    if high is not None:
        sql.append(f"IFNULL(f.high < ? OR (f.high = ? AND (f.high_open OR {int(not high_open)})), 0)")
        parameters += [high, high]
    if low is not None:
        sql.append(f"IFNULL(f.low > ? OR (f.low = ? AND (f.low_open OR {int(not low_open)})), 0)")
        parameters += [low, low]
    return " AND ".join(sql), list(parameters)
