import pytest

from autotimeline.errors import QuantityError
from autotimeline.quantities.arithmetic import ratio, spread_over, subtract
from autotimeline.quantities.describe import (
    describe_change,
    describe_difference,
    describe_quantity,
    describe_ratio,
)
from autotimeline.quantities.parse import parse_quantity


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("100", "100", "the same"),
        ("100", "95..105", "about the same"),
        ("100", "100.0011", "about the same"),
        ("~100", "~100", "direction not known"),
        ("<100", "<100", "direction not known"),
        ("100", "120", "up 20%"),
        ("100", "114.71", "up 14.7%"),
        ("100", "100.1", "up 0.1%"),
        ("100", "1m", "up 999,900%"),
        ("100", "110..120", "up 10–20%"),
        ("100", ">110..<120", "up 10–20%"),
        ("100", "101.25..114.5", "up 1.2–15%"),
        ("100", "100..120", "the same or up at most 20%"),
        ("100", ">100..120", "up at most 20%"),
        ("100", ">100..<120", "up less than 20%"),
        ("100", ">100", "up"),
        ("100", ">=150", "up at least 50%"),
        ("100", ">150", "up more than 50%"),
        ("100", ">=114.71", "up more than 14%"),
        ("<100", "200", "up more than 100%"),
        ("100", "80", "down 20%"),
        ("100", "0", "down 100%"),
        ("100", "up to 80", "down at least 20%"),
        ("100", "<80", "down more than 20%"),
        ("100", "80..100", "the same or down at most 20%"),
        ("100", ">5..<20", "down 80–95%"),
        (">500", "100", "down more than 80%"),
        ("100", "-20", "down 120%"),
        ("0", "5", "up"),
        ("0", "-5", "down"),
        ("-5", "5", "up"),
        ("-5", "-5", "the same"),
        ("-5..0", "0", "the same or up"),
        ("-5..1", "0", "direction not known"),
        ("49%", "51%", "up 2 percentage points"),
        ("4%", "5%", "up 1 percentage point"),
        ("4%", ">5%", "up more than 1 percentage point"),
        ("4%", "4.5..5%", "up 0.5–1 percentage points"),
        ("49%", ">51%", "up more than 2 percentage points"),
        ("49..51%", "50%", "about the same"),
        ("1,200/year", "200/month", "up 100%"),
    ],
)
def test_change(old, new, text):
    assert describe_change(parse_quantity(old), parse_quantity(new)) == text


def test_the_line_of_the_design():
    old, new = spread_over(parse_quantity("68,000 vehicles"), 12), spread_over(parse_quantity("<29,000 vehicles"), 6)
    assert (describe_quantity(old), describe_quantity(new)) == (
        "5,667 vehicles/month",
        "fewer than 4,834 vehicles/month",
    )
    assert describe_change(old, new) == "down more than 14%"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<29,000 vehicles", "fewer than 29,000 vehicles"),
        ("<29,000", "fewer than 29,000"),
        ("<5m EUR", "less than 5m EUR"),
        ("<5%", "less than 5%"),
        ("<5 GWh", "less than 5 GWh"),
        (">5", "more than 5"),
        ("~5", "about 5"),
        ("<+5%", "<+5%"),
        ("nearly 5", "nearly 5"),
        ("1bn..2bn EUR", "1bn..2bn EUR"),
        (">5..10", ">5..10"),
    ],
)
def test_spoken(text, words):
    assert describe_quantity(parse_quantity(text)) == words


def test_refuses_what_does_not_compare():
    with pytest.raises(QuantityError) as caught:
        describe_change(parse_quantity("5 EUR"), parse_quantity("6 USD"))
    assert str(caught.value) == (
        '"5 EUR" and "6 USD" do not compare: their units are "EUR" and "USD", and units never convert silently'
    )
    with pytest.raises(QuantityError) as caught:
        describe_change(spread_over(parse_quantity("5"), 1), parse_quantity("6"))
    assert str(caught.value) == '"5/month" and "6" do not compare: one is a rate'


@pytest.mark.parametrize(
    ("old", "new", "ratio_text", "difference_text"),
    [
        ("1bn EUR", "3bn EUR", "3 times as much", "2bn EUR more"),
        ("1bn EUR", "2.1bn..3bn EUR", "2.1 to 3 times as much", "1.1bn to 2bn EUR more"),
        ("1bn EUR", "~3bn EUR", "about 2.7 to 3.3 times as much", "about 1.7bn to 2.3bn EUR more"),
        ("1bn EUR", "up to 4bn EUR", "at most 4 times as much", "between 1bn EUR less and 3bn EUR more"),
        ("1bn EUR", "1bn EUR", "as much", "the same"),
        ("3bn EUR", "1bn EUR", "about 0.33 times as much", "2bn EUR less"),
        ("5 people", ">10 people", "more than 2 times as many", "at least 5 people more"),
        ("68000 vehicles", "<29000 vehicles", "at most 0.43 times as many", "39,000 to 68,000 vehicles fewer"),
        ("at most 5bn EUR", "at least 4bn EUR", "at least 0.8 times as much", "at most 1bn EUR less"),
        (">2 EUR", "<5 EUR", "less than 2.5 times as much", "at most 3 EUR more"),
        ("20%", "50%", "2.5 times as much", "30 percentage points more"),
        ("3 GWh/year", "7 GWh/year", "about 2.3 times as much", "4 GWh/year more"),
    ],
)
def test_ratio_and_difference_are_sentences(old, new, ratio_text, difference_text):
    before, after = parse_quantity(old), parse_quantity(new)
    difference = subtract(after, before)
    assert describe_ratio(ratio(after, before), difference.unit) == ratio_text
    assert describe_difference(difference) == difference_text
