"""Figures on one footing: exact where the period is known, with the reason where it is not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_totals import HEAD, stated, texts

import autotimeline
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.quantities.arithmetic import fraction_bounds
from autotimeline.quantities.parse import parse_quantity
from autotimeline.reports.rates import compute_rates, parse_rate_period, whole_months


def brought(tmp_path, per, *events):
    """Return of each figure its rate, or why there is none."""
    written = [f'[[event]]\nid = "e{n}"\ntitle = "x"\n{event}\n' for n, event in enumerate(events)]
    (tmp_path / "facts.toml").write_text(HEAD + "\n".join(written), "utf-8")
    with autotimeline.open(str(tmp_path / "facts.toml"), cache=False) as story:
        return compute_rates(story.select().figures(), per)


UNKNOWN_DAYS = "the days on which its period begins and ends are not known"


@pytest.mark.parametrize(
    ("event", "per", "shown"),
    [
        ('period = "2024"\nfigures.sales = "68000 cars"', "month", "5,667 cars/month"),
        ('period = "2025H1"\nfigures.sales = "<29000 cars"', "month", "<4,834 cars/month"),
        ('period = "2025H1"\nfigures.sales = "<29000 cars"', "year", "<58,000 cars/year"),
        ('period = "2025Q1"\nfigures.sales = "~30"', "half", "~60/half"),
        ('period = "2024"\nfigures.sales = "366"', "day", "1/day"),
        ('period = "0001"\nfigures.sales = "12"', "month", "1/month"),
        ('period = "9999"\nfigures.sales = "12"', "month", "1/month"),
        (
            'period = "9999-12-02/9999-12-31"\nfigures.sales = "12"',
            "month",
            "its period is not a whole number of months",
        ),
        ('period = "2024-02"\nfigures.sales = "29"', "week", "7/week"),
        ('period = "2024-02"\nfigures.sales = "29"', "hour", "0.04167/hour"),
        ('figures.sales = { value = "90", period = "2025-01-01/2025-09-30" }', "month", "10/month"),
        ('figures.sales = { value = "60", period = "2023-11-01/2024-04-30" }', "month", "10/month"),
        ('figures.sales = "12 cars/year"', "month", "1 cars/month"),
        ('figures.sales = "12/hour"', "day", "288/day"),
        ('figures.capacity = "50 GWh/year"', "month", "4.17 GWh/month"),
        ('figures.growth = "12%/year"', "month", "1%/month"),
        ('period = "2024"\nfigures.sales = "12/hour"', "month", "months differ in days"),
        ('figures.sales = "12/month"', "week", "months differ in days"),
        ('figures.sales = "12"', "month", "it states no period"),
        ('date = "2024"\nfigures.sales = "12"', "month", "it states no period"),
        ('period = "2024"\nfigures.share = "12%"', "month", "a percentage is not a rate"),
        ('period = "2024"\nfigures.employees = "12"', "month", "a level is not a rate"),
        ('period = "2024"\nfigures.sales = { printed = "many" }', "month", "no number is given"),
        ('period = "2024-01/2024-06"\nfigures.sales = "12"', "month", UNKNOWN_DAYS),
        ('period = "~2024"\nfigures.sales = "12"', "month", UNKNOWN_DAYS),
        ('period = "2024?"\nfigures.sales = "12"', "month", UNKNOWN_DAYS),
        ('period = "2024/.."\nfigures.sales = "12"', "month", UNKNOWN_DAYS),
        ('period = "2024/"\nfigures.sales = "12"', "month", UNKNOWN_DAYS),
        ('period = "../2024"\nfigures.sales = "12"', "day", UNKNOWN_DAYS),
        (
            'period = "2024-01-15/2024-02-14"\nfigures.sales = "31"',
            "month",
            "its period is not a whole number of months",
        ),
        ('period = "2024-01-15/2024-02-14"\nfigures.sales = "31"', "day", "1/day"),
        (
            'period = "2024"\nfigures.sales = "5"\nsources = [{ id = "s", date = "2026" }]',
            "month",
            "sources disagree on the period that it covers",
        ),
    ],
)
def test_a_figure_becomes_a_rate_or_says_why_not(tmp_path, event, per, shown):
    (rate,) = brought(tmp_path, per, event)
    assert (rate.quantity.shown if rate.quantity else rate.reason) == shown
    assert bool(rate.quantity) is not bool(rate.reason)


def test_days_that_are_open_at_an_end_are_no_whole_months():
    january = date(2024, 1, 1).toordinal()
    assert whole_months(BEGIN, january - 1) == whole_months(january, END) == whole_months(BEGIN, END) == 0
    assert whole_months(BEGIN + 1, january - 1) == 2023 * 12
    assert whole_months(january, END - 1) == (9999 - 2023) * 12


def changes(tmp_path, *events):
    return [(r.change, r.previous and r.previous.figure.event) for r in brought(tmp_path, "month", *events)]


def sold(period, value, more=""):
    return f'period = "{period}"\nfigures.sales = {{ value = "{value} cars", of = "a"{more} }}'


def test_the_change_is_to_the_one_before_of_the_same_metric_owner_unit_basis_and_status(tmp_path):
    pair = [sold("2024", 68000), sold("2025H1", "<29000")]
    assert changes(tmp_path, *pair) == [(None, None), ("down more than 14%", "e0")]
    assert changes(tmp_path, *pair[::-1]) == [(None, None), ("down more than 14%", "e1")]
    for other in (
        sold("2025H1", 9).replace('"a"', '"b"'),
        sold("2025H1", 9).replace("cars", "buses"),
        sold("2025H1", 9).replace("sales", "output"),
        sold("2025H1", 9, ', basis = "expected"'),
        sold("2025H1", 9) + '\nstatus = "planned"',
    ):
        assert changes(tmp_path, pair[0], other) == [(None, None), (None, None)]


def test_the_one_before_has_surely_ended(tmp_path):
    # In the order of their dates: 2023, 2024 whole, its two halves.
    events = [sold("2024", 12), sold("2024H1", 12), sold("2024H2", 12), sold("2023", 12)]
    assert changes(tmp_path, *events) == [
        (None, None),
        ("the same", "e3"),
        ("up 100%", "e3"),
        ("the same", "e1"),
    ]


def test_of_several_numbers_for_one_time_none_is_the_one_before(tmp_path):
    assert changes(tmp_path, sold("2023", 12), sold("2023", 24), sold("2024", 12)) == [(None, None)] * 3
    assert changes(tmp_path, sold("2023", 12), sold("2023", "~12"), sold("2024", 12))[-1] == (None, None)
    assert changes(tmp_path, sold("2023", 12), sold("2023", 12), sold("2024", 12))[-1][0] == "the same"
    # Each of them follows what was before, and what follows the next is compared with that.
    later = [sold("2022", 12), sold("2023", 12), sold("2023", 24), sold("2024", 24), sold("2025", 12)]
    assert [said for said, _ in changes(tmp_path, *later)] == [None, "the same", "up 100%", None, "down 50%"]


def test_rates_without_a_period_stand_at_the_date_of_their_event(tmp_path):
    def rate(date, value):
        return f"{date}\nfigures.sales = {{ value = \"{value} cars/month\", of = 'a' }}"

    dated = [sold("2023", 12), rate('date = "2024-03"', 2), rate('date = "~2024-06"', 3), rate("", 4)]
    assert changes(tmp_path, *dated) == [(None, None), ("up 100%", "e0"), ("up 50%", "e1"), (None, None)]
    near = [rate('date = "2024-03"', 2), rate('date = "~2024-04"', 3)]
    assert changes(tmp_path, *near) == [(None, None), (None, None)]


def test_what_is_repeated_or_claimed_is_compared_with_nothing_and_what_is_disputed_with_all_claims(tmp_path):
    claims = '\nsources = [{ id = "s", figures.sales = { value = "24 cars", of = "a" } }]'
    found = brought(
        tmp_path, "month", sold("2023", 12), sold("2024", 12) + claims, sold("2025", "@e0").replace(" cars", "")
    )
    assert [(r.change, r.figure.claimed, r.figure.repeats) for r in found] == [
        (None, False, None),
        ("the same or up at most 100%", False, None),
        (None, True, None),
        (None, False, "e0"),
    ]
    assert found[1].description == "1..2 cars/month (2024)"
    assert found[1].quantity.shown == "1 cars/month"


def test_a_period_goes_by_its_names_and_any_other_is_refused():
    assert [parse_rate_period(name) for name in ("month", "Years", "d")] == ["month", "year", "day"]
    with pytest.raises(UsageError) as caught:
        parse_rate_period("decade")
    assert str(caught.value) == ('invalid period "decade"; the periods are year, half, quarter, month, week, day, hour')
    with pytest.raises(UsageError, match='did you mean "month"'):
        parse_rate_period("mounth")


@given(texts(), st.sampled_from(["2024", "2025H1", "2024Q3", "2024-02"]), st.sampled_from(["month", "year", "quarter"]))
def test_a_rate_has_the_bounds_of_its_figure_over_its_months(text, over, per):
    months = {"2024": 12, "2025H1": 6, "2024Q3": 3, "2024-02": 1}[over]
    (rate,) = compute_rates([stated(text, 0, metric="sales", period=over)], per)
    given_, factor = parse_quantity(text), Fraction({"month": 1, "quarter": 3, "year": 12}[per], months)
    assert fraction_bounds(rate.quantity) == tuple(end * factor for end in fraction_bounds(given_))
    assert (rate.quantity.low_open, rate.quantity.high_open) == (given_.low_open, given_.high_open)
    low, high = rate.bounds
    assert low <= fraction_bounds(rate.quantity)[0]
    assert high >= fraction_bounds(rate.quantity)[1]
    assert len(low.as_tuple().digits) <= 15
