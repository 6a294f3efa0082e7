"""Gaps against every pair of days, and their words."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.dates.edtf import parse_date
from autotimeline.dates.gap import Gap, gap_between, signed_gap
from autotimeline.dates.span import BEGIN, END

RANGE = st.tuples(st.integers(1, 60), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(RANGE, RANGE)
def test_bounds_are_those_of_all_pairs_of_days(first: tuple[int, int], then: tuple[int, int]) -> None:
    gaps = [b - a for a, b in product(range(first[0], first[1] + 1), range(then[0], then[1] + 1))]
    gap = gap_between(first, then)
    assert (gap.low, gap.high) == (min(gaps), max(gaps))
    meet = bool(set(range(first[0], first[1] + 1)) & set(range(then[0], then[1] + 1)))
    assert (gap.text == "order not known") == (meet and len(gaps) > 1)
    assert gap.text.endswith(" earlier") == (max(gaps) < 0)


def periods(window: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """All that a window may be: it begins between A and a, and ends between b and B, or on a day of both."""
    outer_low, outer_high, inner_low, inner_high = window
    starts, ends = range(outer_low, inner_low + 1), range(inner_high, outer_high + 1)
    if inner_low > inner_high:
        return [(day, day) for day in range(outer_low, outer_high + 1)]
    return list(product(starts, ends))


DATES = RANGE.map(lambda pair: (pair[0], pair[1], pair[1], pair[0]))
PERIODS = st.lists(st.integers(1, 60), min_size=4, max_size=4).map(sorted).map(lambda d: (d[0], d[3], d[1], d[2]))


@given(st.one_of(DATES, PERIODS), st.one_of(DATES, PERIODS))
def test_apart_holds_every_pair_of_what_both_may_be(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    gap = signed_gap(one, other)
    pairs = list(product(periods(one), periods(other)))
    after = all(then[0] > first[1] for first, then in pairs)
    before = all(then[1] < first[0] for first, then in pairs)
    if after:
        told = [then[0] - first[1] for first, then in pairs]
    elif before:
        told = [then[1] - first[0] for first, then in pairs]
    else:
        told = [b - a for first, then in pairs for a in first for b in then]
        assert gap.text == ("same day" if set(told) == {0} else "order not known")
        assert gap.relative == gap.text
    assert (gap.low, gap.high) == (min(told), max(told))
    assert gap.text.endswith(" earlier") == before
    assert ("T+" in gap.relative, "T−" in gap.relative) == (after, before)
    opposite = signed_gap(other, one)
    assert (opposite.low, opposite.high) == (-max(told), -min(told))


@given(st.integers(1, 20_000), st.integers(1, 4000))
def test_words_hold_both_ends(low: int, width: int) -> None:
    gap = Gap(low, low + width)
    mean = low + width / 2
    unit, days = ("day", 1.0) if mean < 60 else ("month", 30.436875) if mean < 1095.7275 else ("year", 365.2425)
    assert unit in gap.text
    numbers = [int(word) for word in gap.text.replace("–", " ").split() if word.isdigit()]
    if gap.text.startswith("about"):
        assert abs(numbers[0] * days - mean) <= days / 2 + 1e-6
    elif gap.text.startswith("up to"):
        assert low < days / 2
        assert 0 <= numbers[0] * days - low - width < days
    else:
        assert width > mean / 5
        assert abs(numbers[0] * days - low) <= days / 2 + 1e-6
        assert abs(numbers[1] * days - low - width) <= days / 2 + 1e-6
    assert Gap(-low - width, -low).text == f"{gap.text} earlier"


@pytest.mark.parametrize(
    ("first", "then", "text", "exact"),
    [
        ("2023-10", "2024-12", "about 14 months", "397–457 days"),
        ("2025-03-25", "2025-04-11", "17 days", "17 days"),
        ("2025-03-25", "2025-03-26", "1 day", "1 day"),
        ("2023-10-26", "2024-12-01", "402 days", "402 days"),
        ("2025-03-25", "2025-03-25", "same day", "same day"),
        ("2025-03", "2025-03", "order not known", "-30 to 30 days"),
        ("2023", "2023-06", "order not known", "-213 to 180 days"),
        ("2025-03", "2025-04", "1–60 days", "1–60 days"),
        ("2023", "2024-10", "9–22 months", "275–669 days"),
        ("2010", "2020", "about 10 years", "3288–4017 days"),
        ("2025-04-11", "2025-03-25", "17 days earlier", "17 days earlier"),
        ("2025-03-25", "[2026..]", "more than 9 months", "at least 282 days"),
        ("2025-03-25", "[2025-04-01..]", "at least 7 days", "at least 7 days"),
        ("[..2026]", "2025", "order not known", "order not known"),
        ("[..2024]", "2025-01-01", "at least 1 day", "at least 1 day"),
        ("[2026..]", "2025-03-25", "more than 9 months earlier", "at least 282 days earlier"),
    ],
)
def test_words(first: str, then: str, text: str, exact: str) -> None:
    gap = gap_between(parse_date(first).within, parse_date(then).within)
    assert (gap.text, gap.exact) == (text, exact)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (49, 55, "about 52 days"),
        (25, 35, "25–35 days"),
        (59, 59, "59 days"),
        (61, 62, "about 2 months"),
        (60, 75, "about 2 months"),
        (1, 119, "up to 4 months"),
        (1090, 1100, "about 36 months"),
        (900, 1100, "about 33 months"),
        (899, 1101, "30–36 months"),
        (1095, 1097, "about 3 years"),
        (300, 4000, "1–11 years"),
        (366, None, "more than 12 months"),
        (60, None, "more than 1 month"),
    ],
)
def test_units_by_size(low: int, high: int | None, text: str) -> None:
    assert Gap(low, high).text == text


def test_nothing_known_on_either_side() -> None:
    gap = gap_between((BEGIN, END), (BEGIN, END))
    assert (gap.low, gap.high, gap.text, gap.exact) == (None, None, "order not known", "order not known")


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (17, 17, "T+17 days"),
        (-1, -1, "T−1 day"),
        (397, 457, "about T+14 months"),
        (-457, -397, "about T−14 months"),
        (275, 669, "T+9–22 months"),
        (282, None, "more than T+9 months"),
        (None, -7, "at least T−7 days"),
        (0, 0, "same day"),
        (-30, 30, "order not known"),
        (0, 30, "order not known"),
        (None, None, "order not known"),
    ],
)
def test_as_seen_from_the_first_date(low: int | None, high: int | None, text: str) -> None:
    assert Gap(low, high).relative == text


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((BEGIN, 100, BEGIN, 100), (200, 200, 200, 200), 100, 100),
        ((BEGIN, 100, 100, BEGIN), (200, 200, 200, 200), 100, None),
        ((200, 200, 200, 200), (BEGIN, 100, 100, BEGIN), None, -100),
        ((100, END, 100, END), (200, 200, 200, 200), None, 100),
        ((300, END, 300, END), (200, 200, 200, 200), -100, -100),
    ],
)
def test_apart_without_an_end(one: tuple[int, ...], other: tuple[int, ...], low: int | None, high: int | None) -> None:
    gap = signed_gap(one, other)
    assert (gap.low, gap.high) == (low, high)
