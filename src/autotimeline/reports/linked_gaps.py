"""The time between linked events: each pair, and the median, the minimum, and the maximum of all."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autotimeline.dates.gap import UNKNOWN_ORDER, Gap
from autotimeline.dates.span import END
from autotimeline.errors import UsageError
from autotimeline.query.columns import MATCH_SQL
from autotimeline.query.predicates import compose, param, window_sql
from autotimeline.query.selection import Selection
from autotimeline.reports.elapsed import EventWindow, median_day
from autotimeline.schema import LINK_INVERSES, LINK_TYPES
from autotimeline.text import suggest_or_list


class LinkedGap(NamedTuple):
    """The time from an event to a linked one: their ids and dates, then the time in words and in days.

    `text`, `low`, and `high` are None if one of the events is undated.
    """

    start: str
    end: str
    start_date: str | None
    end_date: str | None
    text: str | None
    low: int | None
    high: int | None
    match: str
    is_certain: bool


class GapSummary(NamedTuple):
    """The median, the minimum, or the maximum of all pairs."""

    what: str
    text: str
    low: int | None
    high: int | None


def linked_gaps(selection: Selection, link: str) -> Iterator[LinkedGap]:
    """Yield the time from each selected event to each event that it is linked to, in the order of dates.

    Two events with a symmetric link are one pair.

    Raises:
        UsageError: If there is no such link.
    """
    link = link.lower()
    if link not in LINK_TYPES:
        hint = suggest_or_list(link, LINK_TYPES)
        if link in selection.resolver.list_ids("event"):
            hint = f"; for the time between two events write compare {link} OTHER"
        raise UsageError(f'no link type "{link}"{hint}')
    windows = (sql for event in "ex" for sql in (f"{event}.id", *window_sql(event).values()))
    statement = compose(
        f"SELECT e.date, x.date, {MATCH_SQL.format(must='{}')}, {', '.join(windows)}"
        " FROM (SELECT l.event AS number, l.target AS other FROM link l WHERE l.type = {}"
        " UNION SELECT y.number, a.id FROM link l JOIN event a ON a.number = l.event JOIN event y ON y.id = l.target"
        " WHERE l.type = {}) pair JOIN event e ON e.number = pair.number JOIN event x ON x.id = pair.other"
        f" WHERE {{}} ORDER BY {selection.order_sql()}, x.sort_day, x.sort_tiebreak, x.id",
        selection.compiled.certain,
        param(link),
        param(LINK_INVERSES[link]),
        selection.where(),
    )
    seen = set()
    for start_date, end_date, match, *cells in statement.execute(selection.db):
        start, end = (EventWindow(*cells[at : at + 6]) for at in (0, 6))
        pair = (start.id, end.id) if LINK_INVERSES[link] != link else tuple(sorted((start.id, end.id)))
        if pair in seen:
            continue
        seen.add(pair)
        text, low, high = None, None, None
        if start_date and end_date:
            gap = start.gap_to(end)
            text, low, high = start.qualify(end, gap.text), gap.low, gap.high
        is_certain = start.is_certain and end.is_certain and match == "certain"
        yield LinkedGap(start.id, end.id, start_date, end_date, text, low, high, match, is_certain)


def summarize_gaps(gaps: Sequence[LinkedGap]) -> Iterator[GapSummary]:
    """Yield the median, the minimum, and the maximum of the gaps, with the bounds of each over all possible days.

    The n-th shortest gap is at least the n-th smallest lower bound, and at most the n-th smallest upper bound.
    """
    dated = [gap for gap in gaps if gap.text]
    if not dated:
        return
    lows = sorted(-END if gap.low is None else gap.low for gap in dated)
    highs = sorted(END if gap.high is None else gap.high for gap in dated)
    bounds = {
        "median": (median_day(lows, round_up=False), median_day(highs, round_up=True)),
        "minimum": (lows[0], highs[0]),
        "maximum": (lows[-1], highs[-1]),
    }
    is_certain = all(gap.is_certain for gap in dated)
    for what, (least, most) in bounds.items():
        low, high = None if least == -END else least, None if most == END else most
        gap = Gap(low, high)
        text = gap.exact if gap.text == UNKNOWN_ORDER else gap.text
        yield GapSummary(what, text if is_certain or text == UNKNOWN_ORDER else f"perhaps {text}", low, high)
