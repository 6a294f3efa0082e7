"""Human words with a fixed today, and what is unsure of them against every day that may be meant."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from date_strategies import DATE
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.dates.edtf import date_to_toml, parse_date
from autotimeline.dates.human import Window, parse_window, widen_window
from autotimeline.dates.span import END
from autotimeline.errors import DateError, UsageError

TODAY = date(2025, 11, 22).toordinal()  # a Saturday
KNOWN = {
    "@leapmotor-deal": parse_date("2023-10").as_window(False),
    "@day": parse_date("2025-03-25").as_window(False),
    "tavares": parse_date("../2025-01~").as_window(True),
    "filosa": parse_date("2025-06/..").as_window(True),
    "in-house": parse_date("2020").as_window(True),
    "last-emperor": parse_date("1908/1912").as_window(True),
}


def resolve(name: str) -> tuple[int, int, int, int]:
    if name in KNOWN:
        return KNOWN[name]
    raise UsageError(f"no event or era {name}")


def read(text: str) -> Window:
    return parse_window(text, TODAY, resolve)


WORDS = [
    # the profile
    ("2025", "2025-01-01..2025-12-31", False),
    ("2025-03-25", "2025-03-25", False),
    ("2025q3", "2025-07-01..2025-09-30", False),
    ("Q3-2025", "2025-07-01..2025-09-30", False),
    ("25-mar-2025", "2025-03-25", False),
    ("2025-01/2025-06", "2025-01-01..2025-06-30", False),
    ("~2024-03", "2024-02-01..2024-04-30 (surely on no day)", False),
    ("about-2024-03", "2024-02-01..2024-04-30 (surely on no day)", False),
    ("[2023,2025]", "2023-01-01..2025-12-31 (surely on no day)", False),
    # ranges
    ("2023..2024", "2023-01-01..2024-12-31", False),
    ("2023 .. 2024", "2023-01-01..2024-12-31", False),
    ("2023..", "2023-01-01..", False),
    ("..2024", "..2024-12-31", False),
    ("2023~..2026", "2022-01-01..2026-12-31 (surely 2024-01-01..2026-12-31)", False),
    ("between 2023 and 2024", "2023-01-01..2024-12-31", False),
    ("between-2023-and-2024", "2023-01-01..2024-12-31", False),
    ("2024 or later", "2024-01-01..", False),
    ("2024-or-later", "2024-01-01..", False),
    # a word before a point
    ("since 2024", "2024-01-01..", False),
    ("Since-2024", "2024-01-01..", False),
    ("from 2024-02", "2024-02-01..", False),
    ("until 2024", "..2024-12-31", False),
    ("by 2024-02", "..2024-02-29", False),
    ("before 2024", "..2023-12-31", False),
    ("after 2024-02", "2024-03-01..", False),
    ("after-2024-02", "2024-03-01..", False),
    ("in 2024", "2024-01-01..2024-12-31", False),
    ("since ~2024", "2023-01-01.. (surely 2025-01-01..)", False),
    ("since-last-year", "2024-01-01..", True),
    ("before this month", "..2025-10-31", True),
    ("last-year..this-month", "2024-01-01..2025-11-30", True),
    # the calendar
    ("last year", "2024-01-01..2024-12-31", True),
    ("Last-Year", "2024-01-01..2024-12-31", True),
    ("this year", "2025-01-01..2025-12-31", True),
    ("next year", "2026-01-01..2026-12-31", True),
    ("last quarter", "2025-07-01..2025-09-30", True),
    ("this quarter", "2025-10-01..2025-12-31", True),
    ("next quarter", "2026-01-01..2026-03-31", True),
    ("last month", "2025-10-01..2025-10-31", True),
    ("this month", "2025-11-01..2025-11-30", True),
    ("next month", "2025-12-01..2025-12-31", True),
    ("last week", "2025-11-10..2025-11-16", True),
    ("this week", "2025-11-17..2025-11-23", True),
    ("next week", "2025-11-24..2025-11-30", True),
    ("last day", "2025-11-21", True),
    # so many, up to today
    ("last 3m", "2025-08-23..2025-11-22", True),
    ("last-3m", "2025-08-23..2025-11-22", True),
    ("last 3 months", "2025-08-23..2025-11-22", True),
    ("last-3-months", "2025-08-23..2025-11-22", True),
    ("last 1 day", "2025-11-22", True),
    ("last 2w", "2025-11-09..2025-11-22", True),
    ("last 2 quarters", "2025-05-23..2025-11-22", True),
    ("last 1y", "2024-11-23..2025-11-22", True),
    # days counted from today
    ("today", "2025-11-22", True),
    ("yesterday", "2025-11-21", True),
    ("Tomorrow", "2025-11-23", True),
    ("+18m", "2027-05-22", True),
    ("-18m", "2024-05-22", True),
    ("-10d", "2025-11-12", True),
    ("+2w", "2025-12-06", True),
    ("-1q", "2025-08-22", True),
    ("+1y", "2026-11-22", True),
    ("-18m..", "2024-05-22..", True),
    ("-3m..today", "2025-08-22..2025-11-22", True),
    ("since -3m", "2025-08-22..", True),
    ("3 months ago", "2025-08-22", True),
    ("3-months-ago", "2025-08-22", True),
    ("since 3-months-ago", "2025-08-22..", True),
    ("in 2 weeks", "2025-12-06", True),
    ("in-2-weeks", "2025-12-06", True),
    ("by in 2 weeks", "..2025-12-06", True),
    # events and eras
    ("@day", "2025-03-25", True),
    ("@leapmotor-deal", "2023-10-01..2023-10-31 (surely on no day)", True),
    ("since @leapmotor-deal", "2023-10-01.. (surely 2023-10-31..)", True),
    ("since-@leapmotor-deal", "2023-10-01.. (surely 2023-10-31..)", True),
    ("until @leapmotor-deal", "..2023-10-31 (surely ..2023-10-01)", True),
    ("after @leapmotor-deal", "2023-10-02.. (surely 2023-11-01..)", True),
    ("before @Leapmotor-Deal", "..2023-10-30 (surely ..2023-09-30)", True),
    ("@leapmotor-deal..@day", "2023-10-01..2025-03-25 (surely 2023-10-31..2025-03-25)", True),
    ("tavares", "..2025-02-28 (surely ..2024-12-01)", True),
    ("after-tavares", "2024-12-02.. (surely 2025-03-01..)", True),
    ("filosa", "2025-06-01.. (surely 2025-06-30..)", True),
    ("tavares..filosa", "..", True),
    ("in tavares", "..2025-02-28 (surely ..2024-12-01)", True),
    ("in-house", "2020-01-01..2020-12-31", True),
    ("since in-house", "2020-01-01..", True),
    ("last-emperor", "1908-01-01..1912-12-31 (surely 1908-12-31..1912-01-01)", True),
]


@pytest.mark.parametrize(("text", "means", "relative"), WORDS)
def test_words(text: str, means: str, relative: bool) -> None:
    read_as = read(text)
    assert (read_as.description, read_as.relative, read_as.text) == (means, relative, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024..2023", '"2024..2023" ends before it starts: write 2023..2024'),
        ("today..-3m", '"today..-3m" ends before it starts: write -3m..today'),
        ("..", '".." has no bound: omit the date'),
        ("after filosa", '"filosa" has no end: nothing comes after it'),
        ("before tavares", '"tavares" has no beginning: nothing comes before it'),
        ("next 3 months", '"next 3 months" may begin today or tomorrow: write today..+3m'),
        ("last 0d", '"last 0d" has no days in it: write today'),
        ("last decade", '"last decade" has no unit of time: write day, week, month, quarter or year'),
        ("this 3m", '"this 3m" has no unit of time: write day, week, month, quarter or year'),
        ("+9999y", '"+9999y" is outside the years 0001 to 9999: write a smaller number'),
        (
            "-99999999999999999999d",
            '"-99999999999999999999d" is outside the years 0001 to 9999: write a smaller number',
        ),
        ("-18x", '"-18x" has no unit of time: write d, w, m, q or y, as -18m'),
        ("october", '"october" has no year of four digits: write one, as 2025-10'),
        ("since 10/11/2025", '"10/11/2025" is ambiguous: write 2025-11-10 (10 November) or 2025-10-11 (11 October)'),
        ("@nobody", "no event or era @nobody"),
        ("since nobody", "no event or era nobody"),
        ("nobody", "no event or era nobody"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        read(text)
    assert str(error.value) == message


def test_a_month_ends_where_the_shorter_one_does() -> None:
    last_of_may = date(2025, 5, 31).toordinal()
    assert parse_window("-3m", last_of_may, resolve).description == "2025-02-28"
    assert parse_window("last 3m", last_of_may, resolve).description == "2025-03-01..2025-05-31"


@given(DATE)
def test_the_profile_is_read_as_a_typed_window(text: str) -> None:
    # ".." between points and in sets aside, a word of the profile is its own window. Codes may be two years, if typed.
    span = parse_date(text)
    assert read(date_to_toml(span)).bounds == span.window


@given(st.integers(1000, END - 1000), st.sampled_from(["week", "month", "quarter", "year"]))
def test_calendar_units_follow_one_another(today: int, unit: str) -> None:
    last, this, following = (parse_window(f"{word} {unit}", today, resolve) for word in ("last", "this", "next"))
    assert this.outer_first <= today <= this.outer_last
    assert (last.outer_last + 1, this.outer_last + 1) == (this.outer_first, following.outer_first)
    if unit == "week":
        assert date.fromordinal(this.outer_first).weekday() == 0
        assert this.outer_last - this.outer_first == 6


PAIRS = [
    {(s, e) for s in range(s1, s2 + 1) for e in range(e1, e2 + 1) if s <= e}
    for s1, s2, e1, e2 in product(range(3, 7), repeat=4)
    if s1 <= s2 and e1 <= e2 and s1 <= e2
]
LINE = range(1, 10)
LEADS = {
    "since": lambda start, end, day: day >= start,
    "until": lambda start, end, day: day <= end,
    "after": lambda start, end, day: day > end,
    "before": lambda start, end, day: day < start,
    "in": lambda start, end, day: start <= day <= end,
}


@pytest.mark.parametrize("lead", LEADS)
def test_an_unsure_point_against_all_that_it_may_be(lead: str) -> None:
    for pairs in PAIRS:
        starts, ends = sorted({s for s, _ in pairs}), sorted({e for _, e in pairs})
        extent = (starts[0], ends[-1], starts[-1], ends[0])
        got = parse_window(f"{lead} @x", TODAY, lambda _, extent=extent: extent)  # type: ignore[misc]
        for day in LINE:
            holds = {LEADS[lead](start, end, day) for start, end in pairs}
            assert (got.outer_first <= day <= got.outer_last) == (True in holds)
            assert (got.inner_first <= day <= got.inner_last) == (False not in holds)


@given(st.integers(100, 200), st.integers(0, 30), st.integers(0, 40))
def test_around_an_unknown_day_against_all_days_that_it_may_be(first: int, width: int, distance: int) -> None:
    last = first + width
    near = widen_window((first, last, last, first), f"{distance}d")
    for day in range(1, 300):
        close = {abs(day - centre) <= distance for centre in range(first, last + 1)}
        assert (near.outer_first <= day <= near.outer_last) == (True in close)
        assert (near.inner_first <= day <= near.inner_last) == (False not in close)


@pytest.mark.parametrize(
    ("centre", "text", "means"),
    [
        ("@day", "90d", "2024-12-25..2025-06-23"),
        ("@day", "3 months", "2024-12-25..2025-06-25"),
        ("@day", "2-weeks", "2025-03-11..2025-04-08"),
        ("@day", "9999y", ".."),
        ("@leapmotor-deal", "90d", "2023-07-03..2024-01-29 (surely 2023-08-02..2023-12-30)"),
        ("@leapmotor-deal", "1w", "2023-09-24..2023-11-07 (surely on no day)"),
        ("tavares", "1y", "..2026-02-28 (surely ..2025-12-01)"),
    ],
)
def test_around(centre: str, text: str, means: str) -> None:
    near = widen_window(KNOWN[centre], text)
    assert (near.description, near.text, near.relative) == (means, text, True)


@pytest.mark.parametrize("text", ["90", "d", "", "soon", "-90d"])
def test_a_distance_is_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(DateError) as error:
        widen_window(KNOWN["@day"], text)
    assert str(error.value) == f'"{text}" is not a distance: write a number and d, w, m, q or y, as 90d'


def test_a_window_shows_itself() -> None:
    assert repr(read("since 2024")) == "Window('since 2024', '2024-01-01..')"


ALMOST = st.text("0123456789-+.@ abdmnosty", max_size=12)


@given(st.builds("{}{}".format, st.sampled_from(["", "since ", "last ", "in-", "after ", "by "]), ALMOST))
def test_any_words_are_read_or_refused_and_never_fail_otherwise(text: str) -> None:
    try:
        got = read(text)
    except UsageError:
        return
    assert got.inner_first >= got.outer_first
    assert got.inner_last <= got.outer_last
