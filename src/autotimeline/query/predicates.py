"""SQL with its parameters, and predicates: SQL in four variants.

A date or figure that a source gives imprecisely matches possibly or certainly, and so does the negation of a term. The
row of the event is `e`.
"""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from autotimeline.engines.database import Database, Rows

# SQLite parses a AND b AND c to a depth of three, and limits the depth.
_MAX_OPERANDS = 100


class Sql:
    """A statement or a part of one, with the parameters of its `?` in order."""

    __slots__ = ("params", "text")

    def __init__(self, text: str, params: Iterable[object] = ()) -> None:
        self.text = text
        self.params = tuple(params)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sql) and self.text == other.text and self.params == other.params

    def __hash__(self) -> int:
        return hash((self.text, self.params))

    def execute(self, db: Database) -> Rows:
        """Execute the statement."""
        return db.execute(self.text, self.params)

    def bind_columns(self) -> str:
        """Return the text if the parameters are the SQL of columns."""
        return self.text.replace("?", "{}").format(*self.params)


TRUE, FALSE = Sql("TRUE"), Sql("FALSE")


def compose(template: str, *parts: Sql | str) -> Sql:
    """Fill each `{}` of a template with a part, and collect the parameters in order."""
    texts = [part if isinstance(part, str) else part.text for part in parts]
    return Sql(template.format(*texts), [p for part in parts if not isinstance(part, str) for p in part.params])


def param(value: object) -> Sql:
    """Return a placeholder with its value."""
    return Sql("?", (value,))


def values(items: Iterable[object]) -> Sql:
    """Return placeholders for a list in parentheses."""
    params = tuple(items)
    return Sql(f"({', '.join('?' * len(params))})", params)


def and_(*clauses: Sql) -> Sql:
    """Combine clauses, of which all must hold; without clauses, the result is true."""
    return _join(" AND ", clauses) or TRUE


def or_(*clauses: Sql) -> Sql:
    """Combine clauses, of which one must hold; without clauses, the result is false."""
    return _join(" OR ", clauses) or FALSE


def not_(clause: Sql) -> Sql:
    """Negate a clause."""
    return compose("NOT ({})", clause)


def integer_quotient(dividend: str, divisor: int) -> str:
    """Return SQL that divides an integer that is not negative and rounds down; `/` alone divides floats elsewhere."""
    return f"CAST(({dividend} - {dividend} % {divisor}) / {divisor} AS BIGINT)"


def _join(operator: str, clauses: Iterable[Sql]) -> Sql | None:
    distinct = list(dict.fromkeys(clauses))
    while len(distinct) > _MAX_OPERANDS:
        groups = [distinct[start : start + _MAX_OPERANDS] for start in range(0, len(distinct), _MAX_OPERANDS)]
        distinct = [group[0] if len(group) == 1 else _join(operator, group) or TRUE for group in groups]
    return compose(operator.join(["({})"] * len(distinct)), *distinct) if distinct else None


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


def window_sql(event: str = "e") -> dict[str, str]:
    """Return SQL of the window of an event (see `Span.as_window`); a disputed date is some time within all claims.

    The window is uncertain because of `?` or of an inferred start.
    """
    return {
        "uncertain_window": f"{event}.uncertain OR ({event}.first IS NULL AND {event}.earliest > {BEGIN})",
        "outer_first": f"{event}.overlap_first",
        "outer_last": f"{event}.overlap_last",
        "inner_first": f"CASE WHEN {event}.disputed_date THEN {event}.overlap_last ELSE {event}.inside_first END",
        "inner_last": f"CASE WHEN {event}.disputed_date THEN {event}.overlap_first ELSE {event}.inside_last END",
    }
