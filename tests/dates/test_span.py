"""Overlaps and inside against every day that a value may be; order against the words of the design."""

from __future__ import annotations

from itertools import product

import pytest
from date_strategies import inside, overlaps

from autotimeline.dates.edtf import parse_date
from autotimeline.dates.span import BEGIN, END, Span, format_iso

SMALL = range(1, 7)
Extent = tuple[Span, bool, set[tuple[int, int]]]


def dates() -> list[Extent]:
    """Every date [e, l] on a few days, and the one-day extents that it may be."""
    return [
        (Span("", "", within=(e, l), throughout=(e, e, l, l), window=(e, l, e, l), nominal=(e, l)), False,
         {(day, day) for day in range(e, l + 1)})
        for e in SMALL for l in SMALL if e <= l  # noqa: E741
    ]  # fmt: skip


def periods() -> list[Extent]:
    """Every period on a few days, and the (start, end) that it may be."""
    found = []
    for s1, s2, e1, e2 in product(SMALL, repeat=4):
        pairs = {(s, e) for s in range(s1, s2 + 1) for e in range(e1, e2 + 1) if s <= e}
        if pairs and s1 <= s2 and e1 <= e2:
            outer = (s1, e2)
            span = Span("", "", within=outer, throughout=(s1, s2, e1, e2), window=(*outer, *outer), nominal=outer)
            found.append((span, True, pairs))
    return found


def meets(extent: tuple[int, int], window: tuple[int, int]) -> bool:
    return any(window[0] <= day <= window[1] for day in range(extent[0], extent[1] + 1))


@pytest.mark.parametrize("extents", [dates, periods])
def test_against_a_precise_window(extents: object) -> None:
    for span, throughout, pairs in extents():  # type: ignore[operator]
        for first, last in product(range(8), repeat=2):
            if first > last:
                continue
            met = {meets(pair, (first, last)) for pair in pairs}
            reach, window = span.overlap_bounds(throughout), (first, last, first, last)
            assert overlaps(reach, window) == (True in met)
            assert inside(reach, window) == (False not in met)


def test_against_a_window_that_is_itself_unsure() -> None:
    everything = [*dates(), *periods()]
    # All against all would be a quarter of a million brute forces: a fixed stride keeps every kind.
    for number, (span, throughout, pairs) in enumerate(everything):
        for other, other_throughout, other_pairs in everything[number % 11 :: 11]:
            met = {meets(pair, window) for pair in pairs for window in other_pairs}
            reach, window = span.overlap_bounds(throughout), other.as_window(other_throughout)
            assert overlaps(reach, window) == (True in met)
            assert inside(reach, window) == (False not in met)


@pytest.mark.parametrize(
    ("value", "throughout", "window", "possible", "certain"),
    [
        ("2023-10", False, "2023", True, True),
        ("2023", False, "2023-10", True, False),
        ("2023", True, "2023-10", True, True),
        ("2023", False, "2024", False, False),
        ("2024-01~", False, "2024", True, False),
        ("2026/..", True, "2030", True, True),
        ("2026/", True, "2030", True, False),
        ("2026/", True, "2025", False, False),
        ("[..2026]", False, "2020", True, False),
        ("[..2026]", False, "../2026", True, True),
        ("[2026..]", False, "2026/..", True, True),
        ("/1985", True, "1900", True, False),
        ("2025-01/2025-06", True, "2025-03", True, True),
        ("2025-01/2025-06", True, "2025-01-15", True, False),
        ("2023-10", False, "2023-10~", True, False),
        ("2022/2024", True, "2023-10~", True, True),
    ],
)
def test_typed_windows(value: str, throughout: bool, window: str, possible: bool, certain: bool) -> None:
    reach, bounds = parse_date(value).overlap_bounds(throughout), parse_date(window).window
    assert (overlaps(reach, bounds), inside(reach, bounds)) == (possible, certain)


def test_iso() -> None:
    assert format_iso(parse_date("2025-03-25").nominal[0]) == "2025-03-25"
    assert (format_iso(BEGIN + 1), format_iso(END - 1)) == ("0001-01-01", "9999-12-31")
    assert (format_iso(BEGIN), format_iso(END)) == (None, None)


def test_order_of_the_story() -> None:
    order = (
        "0987 ~2012 2022 ~2022 2022-12 ../2022 2022-12-31 /2022 2023/.. 2023~/2024? 2023 2023-40 2023-01 2023-01-01"
        " 2023-02 [2023-03..] [2023-03,2025] 2023-03~ 2023-04/2023-05 [..2026-12] 2026-12-31 [..2020,2021..]"
    )
    texts = order.split()
    assert sorted(texts, key=lambda text: parse_date(text).sort_key) == texts
    # A value without a first day is one day wide, and a mark changes nothing.
    assert (
        parse_date("by 2026-12").sort_key == parse_date("2026-12-31").sort_key == parse_date("until 2026-12~").sort_key
    )
