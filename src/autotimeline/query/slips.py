"""Slips: how many days late the event that fulfills a plan started. Loaded only for queries and fields of slips.

A start within the planned time is on time, as is every start until a deadline. Any other start is counted from every
possible day of the planned start, so its slip has bounds. If a plan is approximate or disputed, only a start within
the date as written is on time; elsewhere within the widest bounds, it may be.
"""

from __future__ import annotations

from autotimeline.dates.gap import UNKNOWN_ORDER, Gap, duration_text
from autotimeline.dates.span import BEGIN, END
from autotimeline.query.predicates import Predicate, Sql, not_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def _start_last(event: str) -> str:
    claimed = f"(SELECT MAX(c.start_last) FROM claim c WHERE c.event = {event}.number)"
    return f"CASE WHEN {event}.disputed_date THEN {claimed} ELSE {event}.start_last END"


_DEADLINE_SQL = "(p.extent = 'within' AND p.first IS NULL)"
# The last day as written of the planned start. Only a date with two ends has more than one such day.
_WRITTEN_LAST_SQL = (
    f"CASE WHEN p.extent = 'within' AND -p.sort_tiebreak < {END} THEN -p.sort_tiebreak ELSE p.sort_day END"
)
# A start from on_first to on_last is on time.
_ON_TIME_SQL = (
    f"CASE WHEN p.disputed_date THEN {END} WHEN {_DEADLINE_SQL} THEN {BEGIN}"
    " WHEN p.start_qualified THEN p.sort_day ELSE p.overlap_first END AS on_first,"
    f" CASE WHEN p.disputed_date THEN {BEGIN} WHEN p.start_qualified THEN {_WRITTEN_LAST_SQL}"
    " ELSE p.start_last END AS on_last"
)
# The planned start is from p_first to p_last, and the actual one from x_first to x_last; from p_open on, it may be on
# time.
_BOUNDS_SQL = (
    f"CASE WHEN NOT {_DEADLINE_SQL} THEN p.overlap_first WHEN p.disputed_date THEN {BEGIN} ELSE {_WRITTEN_LAST_SQL}"
    " END AS p_first,"
    f" CASE WHEN {_DEADLINE_SQL} THEN {BEGIN} ELSE p.overlap_first END AS p_open, {_start_last('p')} AS p_last,"
    f" x.overlap_first AS x_first, {_start_last('x')} AS x_last, {_ON_TIME_SQL}"
)


def _slips_sql(links: str) -> str:
    """Return SQL that yields each pair of a dated plan and an event that happened, of these rows of `link l`."""
    return (
        "SELECT *,"
        f" CASE WHEN x_first BETWEEN on_first AND p_last THEN 0 WHEN x_first = {BEGIN} OR p_last = {END} THEN NULL"
        " ELSE x_first - p_last END AS low,"
        f" CASE WHEN x_last BETWEEN p_open AND on_last THEN 0 WHEN x_last = {END} OR p_first = {BEGIN} THEN NULL"
        " ELSE x_last - p_first END AS high"
        " FROM (SELECT p.id AS plan, x.id AS event, p.date AS planned, x.date AS happened,"
        " p.uncertain OR x.uncertain AS uncertain,"
        " p.start_qualified OR p.disputed_date OR x.start_qualified OR x.disputed_date AS qualified,"
        f" {_BOUNDS_SQL} FROM (SELECT DISTINCT CASE l.type WHEN 'fulfils' THEN l.target ELSE a.id END AS plan,"
        " CASE l.type WHEN 'fulfils' THEN a.id ELSE l.target END AS event"
        " FROM link l JOIN event a ON a.number = l.event"
        f" WHERE l.type IN ('fulfils', 'fulfilled-by') AND {links}) pair"
        " JOIN event p ON p.id = pair.plan JOIN event x ON x.id = pair.event"
        " WHERE p.status = 'planned' AND x.status = 'happened' AND p.date IS NOT NULL"
        " ORDER BY p.sort_day, p.sort_tiebreak, p.id, x.sort_day, x.sort_tiebreak, x.id)"
    )


# The rows of the links from and to an event, whose number and id are given.
_LINKS_SQL = "(l.event = {} OR l.target = {})"
SLIPS_SQL = "SELECT plan, event, planned, happened, low, high, uncertain FROM ({})".format(
    _slips_sql(_LINKS_SQL.format("(SELECT number FROM event WHERE id = ?)", "?"))
)
"""The slips of the event with an id, as a plan or as an outcome."""
HAS_SLIPS_SQL = (
    "SELECT 1 FROM link WHERE type IN ('fulfils', 'fulfilled-by')"
    " AND (event = (SELECT number FROM event WHERE id = ?) OR target = ?) LIMIT 1"
)
"""Whether the event with an id may have slips: most have none, and the links are few."""


def slip_text(low: int | None, high: int | None, uncertain: int = 0) -> str:
    """Return how late a start was, given the fewest and the most days: negative if early, None if unbounded."""
    text = _slip_words(low, high)
    return f"perhaps {text}" if uncertain and text != UNKNOWN_ORDER else text


def _slip_words(low: int | None, high: int | None) -> str:
    if low == high == 0:
        return "on time"
    if low is not None and low > 0:
        return f"late by {Gap(low, high).text}"
    if high is not None and high < 0:
        return f"early by {Gap(low, high).text.removesuffix(' earlier')}"
    if low != 0 and high != 0:
        return UNKNOWN_ORDER
    # Only some possible days are within the plan.
    days = high if low == 0 else low and -low
    text = f"on time, or {'late' if low == 0 else 'early'}"
    return text if days is None else f"{text} by {duration_text(0, days)}"


def slip_texts(slips: Iterable[tuple[int | None, int | None, int]]) -> str | None:
    """Return the different slips of an event in words; None without one."""
    return "; ".join(dict.fromkeys(slip_text(*slip) for slip in slips)) or None


_EVENT_SLIPS_SQL = _slips_sql(_LINKS_SQL.format("e.number", "e.id"))
# The bounds of several slips contain all of them.
SLIP_BOUNDS_SQL = {
    f"slip_{end}": f"(SELECT CASE COUNT(*) WHEN COUNT({end}) THEN {extreme}({end}) END FROM ({_EVENT_SLIPS_SQL})"
    " WHERE happened IS NOT NULL)"
    for end, extreme in (("low", "MIN"), ("high", "MAX"))
}
SLIP_TEXTS_SQL = (
    f"(SELECT json_group_array(json_array(low, high, uncertain)) FROM ({_EVENT_SLIPS_SQL}) WHERE happened IS NOT NULL)"
)
"""The JSON of the slips of `event e`, for `slip_texts`."""


def slipped() -> Predicate:
    """Build the predicate that an event that fulfills the plan started after the planned time."""
    possible, certain, doubtful = (
        Sql(f"e.id IN (SELECT plan FROM ({_slips_sql('TRUE')}) WHERE {condition})")
        for condition in (
            "x_last > p_first AND x_last > on_last",
            "x_first > p_last AND NOT qualified",
            "(x_last > p_first AND x_last > on_last) OR (qualified AND happened IS NOT NULL)",
        )
    )
    return Predicate(possible, certain, not_(certain), not_(doubtful))
