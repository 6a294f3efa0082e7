from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autotimeline.errors import QuantityError
from autotimeline.quantities.arithmetic import (
    add_quantities,
    convert_rate,
    fraction_bounds,
    hull,
    ratio,
    spread_over,
    subtract,
)
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import RATE_PERIODS


@pytest.mark.parametrize(
    ("value", "per", "shown"),
    [
        ("12 GWh/year", "month", "1 GWh/month"),
        ("3 GWh/quarter", "half", "6 GWh/half"),
        ("<4.1bn EUR/year", "month", "<341.7m EUR/month"),
        (">4.1bn EUR/year", "month", ">341.6m EUR/month"),
        ("~68,000/year", "month", "~5,667/month"),
        ("nearly 7/week", "day", "nearly 1/day"),
        ("1/hour", "week", "168/week"),
        ("5/year", "year", "5/year"),
        ("1..2 GWh/year", "month", "0.08333..0.1667 GWh/month"),
    ],
)
def test_convert(value, per, shown):
    assert convert_rate(parse_quantity(value), per).shown == shown


@pytest.mark.parametrize(
    ("reckon", "message"),
    [
        (
            lambda: convert_rate(parse_quantity("5/year"), "decade"),
            '"decade" is not a period of a rate; write one of year, half, quarter, month, week, day, hour',
        ),
        (
            lambda: convert_rate(parse_quantity("5 EUR"), "year"),
            '"5 EUR" is an amount, not a rate; add its period, as in "5 EUR/year"',
        ),
        (
            lambda: convert_rate(parse_quantity("5/month"), "day"),
            '"5/month" does not convert to /day: months differ in days; '
            "years, halves, quarters and months convert, and weeks, days and hours do",
        ),
        (lambda: spread_over(parse_quantity("5/month"), 12), '"5/month" is a rate already; convert it instead'),
        (lambda: spread_over(parse_quantity("5%"), 12), '"5%" is a percentage, which does not spread over months'),
        (lambda: spread_over(parse_quantity("5"), 0), "0 months: a rate needs at least one month"),
        (lambda: spread_over(parse_quantity("5"), 0, "day"), "0 days: a rate needs at least one day"),
        (lambda: spread_over(parse_quantity("5%"), 2, "day"), '"5%" is a percentage, which does not spread over days'),
        (lambda: add_quantities([]), "there is nothing to add"),
        (lambda: hull([]), "there is nothing to choose from"),
        (
            lambda: hull([parse_quantity("5 EUR"), parse_quantity("6 USD")]),
            '"5 EUR" and "6 USD" do not compare: their units are "EUR" and "USD", and units never convert silently',
        ),
        (
            lambda: add_quantities([parse_quantity("5 EUR"), parse_quantity("6 USD")]),
            '"5 EUR" and "6 USD" do not add: their units are "EUR" and "USD", and units never convert silently',
        ),
        (
            lambda: add_quantities([parse_quantity("5"), parse_quantity("6 USD")]),
            '"5" and "6 USD" do not add: their units are none and "USD", and units never convert silently',
        ),
        (
            lambda: add_quantities([parse_quantity("5%"), parse_quantity("6%")]),
            '"5%" and "6%" do not add: percentages never do',
        ),
        (
            lambda: add_quantities([parse_quantity("5/year"), parse_quantity("6/month")]),
            '"5/year" and "6/month" do not add: their rates differ; convert one first',
        ),
        (
            lambda: add_quantities([parse_quantity("5"), parse_quantity("6/month")]),
            '"5" and "6/month" do not add: one is a rate',
        ),
        (
            lambda: subtract(parse_quantity("5 EUR"), parse_quantity("6%")),
            '"5 EUR" and "6%" do not subtract: their units are "EUR" and "%", and units never convert silently',
        ),
        (
            lambda: ratio(parse_quantity("5"), parse_quantity("0")),
            '"5" by "0": the divisor may be 0, so the ratio is unknown',
        ),
        (
            lambda: ratio(parse_quantity("5"), parse_quantity("-1..1")),
            '"5" by "-1..1": the divisor may be 0, so the ratio is unknown',
        ),
        (
            lambda: ratio(parse_quantity("5"), parse_quantity("<+1")),
            '"5" by "<+1": the divisor may be 0, so the ratio is unknown',
        ),
    ],
)
def test_refuses(reckon, message):
    with pytest.raises(QuantityError) as caught:
        reckon()
    assert str(caught.value) == message


def test_over():
    rate = spread_over(parse_quantity("68,000 vehicles"), 12)
    assert rate.shown == "5,667 vehicles/month"
    assert convert_rate(rate, "year") == parse_quantity("68,000 vehicles/year")
    assert spread_over(parse_quantity("<29,000 vehicles"), 6).shown == "<4,834 vehicles/month"
    assert spread_over(parse_quantity("~1.5bn EUR"), 12).shown == "~125m EUR/month"
    assert spread_over(parse_quantity(">1,000"), 7).shown == ">142.8/month"


def test_what_is_not_exact_is_rounded_outward():
    rate = spread_over(parse_quantity("1..2"), 3)
    assert rate.low < Fraction(1, 3) < Fraction(2, 3) < rate.high
    assert fraction_bounds(rate) == (Fraction(1, 3), Fraction(2, 3))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (["68,000 vehicles", "<29,000 vehicles"], "68,000..<97,000 vehicles"),
        (["<29,000", "up to 1"], "<29,001"),
        (["~1bn EUR", "~2bn EUR"], "~3bn EUR"),
        (["~1bn EUR", "2bn EUR"], "~2.9bn..3.1bn EUR"),
        (["nearly 5", "nearly 7"], "nearly 12"),
        (["a little over 5", "a little over 7"], "a little over 12"),
        (["nearly 5", "5"], "~9.5..<10"),
        (["~5..5", "1"], "~6..6"),
        (["~0", "~0"], "~0"),
        ([">5", "6"], ">11"),
        (["at least 5", "6"], "at least 11"),
        (["~5", ">3"], "~>7.5"),
        (["up to -5%"], "up to -5%"),
        (["<+5", "6"], "<+11"),
        ([">5", "<+5"], "unknown"),
        (["-5", "-3..2"], "-8..-3"),
        (["1.5bn EUR", "68,001 EUR"], "1,500,068,001 EUR"),
        (["5 vehicles", "6 vehicle"], "11 vehicles"),
    ],
)
def test_add(values, shown):
    total = add_quantities(parse_quantity(value) for value in values)
    assert total.shown == shown
    if shown not in {"unknown", "~>7.5"}:
        assert parse_quantity(shown) == total


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (["5"], "5"),
        (["5 EUR", "8 EUR"], "5..8 EUR"),
        (["5", "5"], "5"),
        (["<5", "8"], "up to 8"),
        (["8", "<8"], "up to 8"),
        ([">5", "8"], ">5"),
        ([">5", "5"], "at least 5"),
        (["<+5", ">5"], "unknown"),
        (["nearly 5", "1"], "~1..<5"),
    ],
)
def test_hull(values, shown):
    assert hull(map(parse_quantity, values)).shown == shown


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("68,000", "<29,000", ">39,000..68,000"),
        ("51%", "49%", "2 percentage-points"),
        ("5/year", "1/quarter", "1/year"),
        (">5", "3", ">2"),
        ("5", ">3", "<+2"),
        ("-4", "~5", "~-9.5..-8.5"),
        ("0", "nearly 5", "nearly -5"),
    ],
)
def test_subtract(one, other, shown):
    assert subtract(parse_quantity(one), parse_quantity(other)).shown == shown


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("68,000", "34,000", "2"),
        ("<29,000", "68,000", "<0.4265"),
        ("68,000", "<29,000", ">2.34"),
        ("1", "3", "0.3333"),
        ("5", "-1..0", "up to -5"),
        ("-5", "0..1", "up to -5"),
        ("5..10", ">2", ">0..<5"),
        ("-1..2", "1..2", "-1..2"),
        ("0..5", "5..10", "up to 1"),
        ("0", ">5", "0"),
        ("~5", "2", "~2.5"),
        (">5", ">6", ">0"),
        ("12/year", "1/month", "1"),
    ],
)
def test_ratio(one, other, shown):
    assert ratio(parse_quantity(one), parse_quantity(other)).shown == shown


def small(least, most):
    return st.integers(least, most).map(lambda n: Decimal(n) / 4)


@st.composite
def bounded(draw, least=-80):
    """A quantity between `least` and 20, and a value inside it."""
    low, high = sorted(draw(st.tuples(small(least, 80), small(least, 80))))
    marks = ("", "") if low == high else draw(st.sampled_from([("", ""), (">", ""), ("", "<"), (">", "<")]))
    quantity = parse_quantity(f"{marks[0]}{low:f}..{marks[1]}{high:f}")
    part = draw(st.sampled_from([Fraction(n, 6) for n in range(7)]))
    value = Fraction(low) + part * (Fraction(high) - Fraction(low))
    assume(holds(quantity, value))
    return quantity, value


def holds(quantity, value):
    low, high = fraction_bounds(quantity)
    above = low is None or value > low or (value == low and not quantity.low_open)
    below = high is None or value < high or (value == high and not quantity.high_open)
    return above and below


@given(bounded(), bounded())
def test_sums_and_differences_hold_what_their_parts_hold(one, other):
    (a, x), (b, y) = one, other
    assert holds(add_quantities([a, b]), x + y)
    assert holds(subtract(a, b), x - y)


@given(bounded(), bounded())
def test_a_hull_holds_what_either_holds_and_ends_where_one_does(one, other):
    (a, x), (b, y) = one, other
    found = hull([a, b])
    assert holds(found, x)
    assert holds(found, y)
    low, high = fraction_bounds(found)
    assert any(holds(part, low) for part in (a, b)) is not found.low_open
    assert any(holds(part, high) for part in (a, b)) is not found.high_open
    assert low in (fraction_bounds(a)[0], fraction_bounds(b)[0])
    assert high in (fraction_bounds(a)[1], fraction_bounds(b)[1])


@given(bounded(), bounded(least=0), st.booleans())
def test_ratios_hold_what_their_parts_hold(one, other, negative):
    (a, x), (b, y) = one, other
    if negative:
        b, y = subtract(parse_quantity("0"), b), -y
    assume(y != 0)
    quotient = ratio(a, b)
    assert holds(quotient, x / y)
    assert quotient.low is None or quotient.low <= fraction_bounds(quotient)[0]
    assert quotient.high is None or quotient.high >= fraction_bounds(quotient)[1]


@given(bounded(), bounded(least=1))
def test_the_ends_of_ratios_are_attained(one, other):
    (a, _), (b, _) = one, other
    quotient = ratio(a, b)
    (a_low, a_high), (b_low, b_high) = fraction_bounds(a), fraction_bounds(b)
    corners = {
        x / y
        for x, x_in in ((a_low, not a.low_open), (a_high, not a.high_open))
        for y, y_in in ((b_low, not b.low_open), (b_high, not b.high_open))
        if (x_in and y_in) or (x == 0 and x_in)
    }
    low, high = fraction_bounds(quotient)
    assert (low in corners) is not quotient.low_open
    assert (high in corners) is not quotient.high_open


@given(bounded(), bounded())
def test_the_ends_of_sums_are_attained_where_both_parts_attain_theirs(one, other):
    (a, _), (b, _) = one, other
    total = add_quantities([a, b])
    assert fraction_bounds(total) == (
        fraction_bounds(a)[0] + fraction_bounds(b)[0],
        fraction_bounds(a)[1] + fraction_bounds(b)[1],
    )
    assert (total.low_open, total.high_open) == (a.low_open or b.low_open, a.high_open or b.high_open)


@given(bounded(), bounded())
def test_shown_never_claims_more_than_is_known(one, other):
    (a, x), (b, y) = one, other
    shown = parse_quantity(subtract(spread_over(a, 7), spread_over(b, 7)).shown)
    assume(shown.low != shown.high)  # a point is rounded to the nearest
    assert holds(shown, (x - y) / 7)


periods = st.sampled_from(sorted(RATE_PERIODS))


@given(bounded(), periods, periods)
def test_converting_there_and_back_loses_nothing(one, per, other):
    assume(RATE_PERIODS[per][0] == RATE_PERIODS[other][0])
    rate = parse_quantity(f"{one[0].shown}/{per}")
    assert convert_rate(convert_rate(rate, other), per) == rate
