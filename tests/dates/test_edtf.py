"""The profile: every spelling, every reading, and the way back."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import date, datetime, time

import pytest
from date_strategies import DATE, POINT, inside, overlaps
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.dates.edtf import date_from_toml, parse_date
from autotimeline.dates.span import BEGIN, END, Span
from autotimeline.errors import DateError


def days(text: str) -> tuple[int, ...]:
    """Read "2025-01-01 .. -" as days: "<" is BEGIN, ">" is END."""
    known = {"<": BEGIN, ">": END}
    return tuple(known[word] if word in known else date.fromisoformat(word).toordinal() for word in text.split())


# text, canonical, shown, and what else is read as the same
SPELLINGS = [
    ("2025-03-25", "2025-03-25", ["25 Mar 2025", "25 march 2025", " 2025-03-25 "]),
    ("2023-10", "2023-10", ["Oct 2023", "October 2023", "OCT 2023", "2023 Oct"]),
    ("2023-09", "2023-09", ["Sept 2023", "sep 2023"]),
    ("2022", "2022", []),
    ("2025-33", "2025Q1", ["2025q1", "Q1 2025"]),
    ("2025-36", "2025Q4", ["q4 2025", "2025 Q4"]),
    ("2025-40", "2025H1", ["H1 2025", "2025h1"]),
    ("2025-41", "2025H2", []),
    ("2025-21", "2025 spring", ["spring 2025", "Spring 2025"]),
    ("2025-22", "2025 summer", []),
    ("2025-23", "2025 autumn", ["fall 2025"]),
    ("2025-24", "2025 winter", []),
    ("202X", "2020s", ["202x", "2020S"]),
    ("20XX", "20XX", ["20xx"]),
    ("2023-10~", "~2023-10", ["about 2023-10", "about Oct 2023", "circa October 2023", "around 2023-10"]),
    ("2023-10?", "2023-10?", ["Oct 2023?"]),
    ("2023-10%", "~2023-10?", ["about 2023-10?"]),
    ("2025-33~", "~2025Q1", ["about Q1 2025"]),
    ("2025-21?", "2025 spring?", []),
    ("202X~", "~2020s", ["about 2020s"]),
    ("2025-01/2025-06", "2025-01/2025-06", ["2025-01..2025-06", "Jan 2025..Jun 2025"]),
    ("2025-33/2025-35", "2025Q1/2025Q3", ["2025Q1..2025Q3"]),
    ("2023-10~/2024%", "~2023-10/~2024?", ["about 2023-10..2024%"]),
    ("2026/..", "from 2026", ["2026..", "since 2026", "Since 2026"]),
    ("../2025-01~", "until ~2025-01", ["..2025-01~", "until about 2025-01"]),
    ("2026/", "from 2026, end unknown", []),
    ("/1985", "until 1985, start unknown", []),
    ("[..2026-12]", "by 2026-12", ["by Dec 2026"]),
    ("[2026..]", "2026 or later", []),
    ("[2023-10,2023-12]", "2023-10 or 2023-12", ["Oct 2023 or Dec 2023"]),
    ("[2025-10-25..2026-12-31]", "between 2025-10-25 and 2026-12-31", []),
    ("[..1760,1765,1770..1772,1780..]", "by 1760 or 1765 or between 1770 and 1772 or 1780 or later", []),
    ("2023", "2023", ["[2023]"]),
]


@pytest.mark.parametrize(("edtf", "shown", "also"), SPELLINGS)
def test_a_date_has_one_canonical_form_however_it_is_written(edtf: str, shown: str, also: list[str]) -> None:
    for text in (edtf, shown, *also):
        span = parse_date(text)
        assert (span.edtf, span.shown) == (edtf, shown), text


# within, throughout, window (A B a b), plain
READINGS = {
    "2025-03-25": ("2025-03-25 2025-03-25", "2025-03-25 2025-03-25 2025-03-25 2025-03-25", None),
    "2024-02": ("2024-02-01 2024-02-29", "2024-02-01 2024-02-01 2024-02-29 2024-02-29", None),
    "2025-24": ("2025-12-01 2026-02-28", "2025-12-01 2025-12-01 2026-02-28 2026-02-28", None),
    "2025-03-25~": (
        "2025-03-24 2025-03-26",
        "2025-03-24 2025-03-26 2025-03-24 2025-03-26",
        "2025-03-24 2025-03-26 2025-03-26 2025-03-24",
    ),
    "2024-03~": (
        "2024-02-01 2024-04-30",
        "2024-02-01 2024-04-01 2024-02-29 2024-04-30",
        "2024-02-01 2024-04-30 2024-04-01 2024-02-29",
    ),
    "2024-03?": ("2024-03-01 2024-03-31", "2024-03-01 2024-03-01 2024-03-31 2024-03-31", None),
    "2025-33~": (
        "2024-10-01 2025-06-30",
        "2024-10-01 2025-04-01 2024-12-31 2025-06-30",
        "2024-10-01 2025-06-30 2025-04-01 2024-12-31",
    ),
    "2025-40%": (
        "2024-07-01 2025-12-31",
        "2024-07-01 2025-07-01 2024-12-31 2025-12-31",
        "2024-07-01 2025-12-31 2025-07-01 2024-12-31",
    ),
    "202X~": (
        "2010-01-01 2039-12-31",
        "2010-01-01 2030-01-01 2019-12-31 2039-12-31",
        "2010-01-01 2039-12-31 2030-01-01 2019-12-31",
    ),
    "0001~": (
        "0001-01-01 0002-12-31",
        "0001-01-01 0002-01-01 0001-01-01 0002-12-31",
        "0001-01-01 0002-12-31 0002-01-01 0001-01-01",
    ),
    "9999~": (
        "9998-01-01 9999-12-31",
        "9998-01-01 9999-12-31 9998-12-31 9999-12-31",
        "9998-01-01 9999-12-31 9999-12-31 9998-12-31",
    ),
    "2025-01/2025-06": (
        "2025-01-01 2025-06-30",
        "2025-01-01 2025-01-31 2025-06-01 2025-06-30",
        "2025-01-01 2025-06-30 2025-01-01 2025-06-30",
    ),
    "2025-01~/2025-06~": (
        "2024-12-01 2025-07-31",
        "2024-12-01 2025-02-28 2025-05-01 2025-07-31",
        "2024-12-01 2025-07-31 2025-02-01 2025-05-31",
    ),
    "2026/..": ("2026-01-01 >", "2026-01-01 2026-12-31 > >", "2026-01-01 > 2026-01-01 >"),
    "../2025-01~": ("< 2025-02-28", "< < 2024-12-01 2025-02-28", "< 2025-02-28 < 2024-12-31"),
    "2026/": ("2026-01-01 >", "2026-01-01 2026-12-31 2026-01-01 >", "2026-01-01 > 2026-01-01 2026-01-01"),
    "/1985": ("< 1985-12-31", "< 1985-12-31 1985-01-01 1985-12-31", "< 1985-12-31 1985-12-31 1985-12-31"),
    "[2023-10,2023-12]": (
        "2023-10-01 2023-12-31",
        "2023-10-01 2023-12-01 2023-10-31 2023-12-31",
        "2023-10-01 2023-12-31 2023-12-01 2023-10-31",
    ),
    "[2023-10..2023-12]": (
        "2023-10-01 2023-12-31",
        "2023-10-01 2023-12-01 2023-10-31 2023-12-31",
        "2023-10-01 2023-12-31 2023-12-01 2023-10-31",
    ),
    # What is widened may reach beyond the other end.
    "[2023-10~..2023-10]": (
        "2023-09-01 2023-11-30",
        "2023-09-01 2023-11-01 2023-09-30 2023-11-30",
        "2023-09-01 2023-11-30 2023-11-01 2023-09-30",
    ),
    # From a month to a year: nobody knows how fine the answer is.
    "[2025-10..2026]": (
        "2025-10-01 2026-12-31",
        "2025-10-01 2026-12-31 2025-10-01 2026-12-31",
        "2025-10-01 2026-12-31 2026-12-31 2025-10-01",
    ),
    "[..2026]": ("< 2026-12-31", "< 2026-01-01 < 2026-12-31", "< 2026-12-31 2026-01-01 <"),
    "[2026..]": ("2026-01-01 >", "2026-01-01 > 2026-12-31 >", "2026-01-01 > > 2026-12-31"),
}


@pytest.mark.parametrize("text", READINGS)
def test_readings(text: str) -> None:
    within, throughout, window = READINGS[text]
    span = parse_date(text)
    assert span.within == days(within)
    assert span.throughout == days(throughout)
    # A point without "~" is the same window outside and inside.
    assert span.window == (days(window) if window else span.within * 2)


def test_plain_leaves_the_widening_out() -> None:
    assert parse_date("2025-01~/2025-06~").nominal == days("2025-01-01 2025-06-30")
    assert parse_date("[2023-10~,2023-12]").nominal == days("2023-10-01 2023-12-31")
    assert parse_date("../2025-01~").nominal == days("< 2025-01-31")


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2023", False, False),
        ("2023~", True, False),
        ("2023?", False, True),
        ("2023%", True, True),
        ("2023/2024~", True, False),
        ("2023?/2024~", True, True),
        ("[2023,2024?]", False, True),
    ],
)
def test_qualifiers_anywhere_count(text: str, approximate: bool, uncertain: bool) -> None:
    span = parse_date(text)
    assert (span.approximate, span.uncertain) == (approximate, uncertain)
    assert span.qualified == (approximate or uncertain)


@given(DATE)
def test_what_is_shown_reads_back(text: str) -> None:
    span = parse_date(text)
    assert text in (span.edtf, f"[{span.edtf}]")
    for again in (parse_date(span.shown), parse_date(span.edtf)):
        assert again == span
        assert hash(again) == hash(span)
        assert (again.shown, again.within, again.throughout, again.window, again.nominal) == (
            span.shown, span.within, span.throughout, span.window, span.nominal
        )  # fmt: skip


@given(DATE)
def test_bounds_are_in_order(text: str) -> None:
    span = parse_date(text)
    s1, s2, e1, e2 = span.throughout
    assert BEGIN <= span.within[0] <= span.nominal[0] <= span.nominal[1] <= span.within[1] <= END
    assert s1 <= s2
    assert e1 <= e2
    assert s1 <= e2
    outer_first, outer_last, inner_first, inner_last = span.window
    assert outer_first <= inner_first
    assert inner_last <= outer_last
    assert span.bounds(True) == (s1, e2)
    assert span.bounds(False) == span.within


@given(DATE, DATE, st.booleans(), st.booleans())
def test_what_is_sure_is_possible(text: str, other: str, throughout: bool, typed: bool) -> None:
    reach, window = parse_date(text).overlap_bounds(throughout), parse_date(other)
    bounds = window.window if typed else window.as_window(throughout)
    assert overlaps(reach, bounds) or not inside(reach, bounds)


@given(DATE, st.booleans())
def test_a_mark_never_makes_a_certain_answer_of_a_possible_one(text: str, throughout: bool) -> None:
    marked, bare = parse_date(text), parse_date("".join(char for char in text if char not in "~?%"))
    earliest, latest = bare.bounds(throughout)
    window = (earliest, latest, earliest, latest)
    assert overlaps(marked.overlap_bounds(throughout), window)
    if inside(marked.overlap_bounds(throughout), window):
        assert inside(bare.overlap_bounds(throughout), window)


@given(st.dates())
def test_each_period_lies_within_the_wider_ones(day: date) -> None:
    quarter, half = (day.month - 1) // 3, (day.month - 1) // 6
    year = f"{day.year:04}"
    chain = [day.isoformat(), f"{year}-{day.month:02}", f"{year}-{33 + quarter}", f"{year}-{40 + half}", year]
    if day.year >= 10:
        chain.append(f"{year[:3]}X")
    if day.year >= 100:
        chain.append(f"{year[:2]}XX")
    spans = [parse_date(text).within for text in chain]
    for narrow, wide in itertools.pairwise(spans):
        assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]
    assert spans[0] == (day.toordinal(), day.toordinal())


@given(st.dates(date(1, 1, 1), date(9998, 12, 31)))
def test_each_day_lies_in_one_season(day: date) -> None:
    # Winter has its name from the year in which it begins.
    year, number = (day.year - 1, 24) if day.month < 3 else (day.year, 21 + (day.month - 3) // 3)
    if year:
        first, last = parse_date(f"{year:04}-{number}").within
        assert first <= day.toordinal() <= last
        assert 89 <= last - first <= 91


@given(POINT)
def test_widening_is_by_one_unit_of_the_precision(text: str) -> None:
    bare = "".join(char for char in text if char not in "~?%")
    (first, last), (low, high) = parse_date(bare).within, parse_date(f"{bare}~").within
    length = last - first + 1
    # Months, years and their multiples vary in length by at most three days.
    assert first - low <= length + 3
    assert high - last <= length + 3
    assert low in (1, first - length) or abs(first - low - length) <= 3


def test_toml_gives_dates_years_and_strings() -> None:
    assert date_from_toml("2023-10") == parse_date("2023-10")
    assert date_from_toml(date(2025, 3, 25)) == parse_date("2025-03-25")
    assert date_from_toml(2011) == parse_date("2011")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime(2025, 3, 25, 10), "2025-03-25 10:00:00 has a time of day: write only the day, 2025-03-25"),
        (time(10), "10:00:00 is a time of day: write a day, as 2025-03-25"),
        (True, 'true or false is not a date: write one in quotes, as "2025-03"'),
        ([], 'a list is not a date: write one in quotes, as "2025-03"'),
        (25, "25 is a bare number: write a year with four digits, as 2025"),
        (20250325, "20250325 is a bare number: write a year with four digits, as 2025"),
        (2025.03, '2025.03 is a decimal number: put the date in quotes, as "2025-03"'),
    ],
)
def test_toml_values_that_are_no_dates(value: object, message: str) -> None:
    with pytest.raises(DateError) as error:
        date_from_toml(value)
    assert str(error.value) == message


def test_a_span_is_a_value() -> None:
    assert parse_date("Oct 2023") == parse_date("2023-10")
    assert parse_date("2023-10") != parse_date("2023-10~")
    assert parse_date("2023") != "2023"
    assert repr(parse_date("Q1 2025")) == "Span('2025-33')"
    assert isinstance(parse_date("2023"), Span)


def test_good_dates_load_nothing_slow() -> None:
    program = (
        "import sys; before = set(sys.modules)\n"
        "from autotimeline.dates import edtf, gap, human, span\n"
        "edtf.parse_date('2023-10'); human.parse_window('since 2023', 1, None)\n"
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "autotimeline.dates.human" in loaded
    slow = {"re", "enum", "typing", "dataclasses", "dateutil", "autotimeline.dates.diagnose"}
    assert not loaded & slow
