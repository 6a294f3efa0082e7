"""Amounts in running text: with their qualifiers, or none if their reading is in doubt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import drafting as bench
from autotimeline.drafting.amount_finder import find_amounts
from autotimeline.quantities.parse import parse_quantity

AMOUNTS = {
    "It paid about 1.5 billion euros ($1.74 billion).": ["~1.5bn EUR", "1.74bn USD"],
    "It sold fewer than 29,000 vehicles.": ["<29,000 vehicles"],
    "Less than 3% of them are electric.": ["<3%"],
    "Nearly 1 million French-brand vehicles were sold.": ["nearly 1,000,000 vehicles"],
    "It invests as high as 4.1 billion euros.": ["up to 4.1bn EUR"],
    "It has a capacity of 50 GWh a year.": ["50 GWh/year"],
    "It makes 300,000 vehicles a year.": ["300,000 vehicles/year"],
    "They hold 51% and 49 percent.": ["51%", "49%"],
    "More than a dozen people came.": [">12 people"],
    "It is $3-4 billion, or 10 to 20 percent.": ["3bn..4bn USD", "10..20%"],
    "It rose from $3 billion to $4 billion.": ["3bn USD", "4bn USD"],
    "It sold 68,000 vehicles, compared with nearly 1 million in 2015.": [
        "68,000 vehicles",
        "nearly 1,000,000 vehicles",
    ],
    "It built a million cars in 343 days.": ["343 days"],
    "It raised 120 MEUR.": ["120m EUR"],
    "It cost over €700m, or $5b, or 300m euros.": [">700m EUR", "5bn USD", "300m EUR"],
    "It is €700million and €700x.": ["700m EUR"],
    "It employs 6,300 people at four plants, down from about 9,000 two years ago.": [
        *("6,300 people", "4 plants", "~9,000 people"),
    ],
    "It sold a share for as little as S$640 million.": ["at least 640m SGD"],
    "It sold 1.9 million scooters and 74,000 electric two-wheelers.": ["1,900,000 scooters", "74,000 two-wheelers"],
    "It is 12 scooters, 1,000 of its shops, and 2,000 fewer jobs.": [],
    "It took 12,000 years and $5 million loans.": ["5m USD"],
    "It could exceed $120 billion, and sales topped 1,000 units.": [">120bn USD", ">1,000 units"],
    "1 euro = 11.62 kroner": [],
    # Each was seen with a wrong value.
    "a new 7.62mm barrel": ["7.62 mm"],
    "a loan of 35 lakh rupees": ["3.5m INR"],
    "They lost 75 USD million.": ["75m USD"],
    "It takes 10 1/2 miles of cable.": ["10.5 miles"],
    "2022 sales fell.": [],
    "It costs 15 USD 50.": [],
    "It is $ 46 . 8 million.": [],
    "He is 5 feet 2 inches.": [],
    "It may cost c $ 16.4 million.": ["16.4m CAD"],
    "scp-173m is 24703m212": [],
}


@pytest.mark.parametrize(("text", "amounts"), AMOUNTS.items())
def test_amounts(text: str, amounts: list[str]) -> None:
    assert [amount.quantity.shown for amount in find_amounts(text)] == amounts


@given(st.text(alphabet="0123456789,. $€%kmbnilo-stadf ", max_size=60))
def test_each_amount_is_a_quantity_and_has_its_words(text: str) -> None:
    for amount in find_amounts(text):
        assert parse_quantity(amount.quantity.shown) == amount.quantity
        assert text[amount.start : amount.end] == amount.text


CASES = Path(os.environ.get("AUTOTIMELINE_SHARED", Path(__file__).parents[3] / "shared")) / "cases/amounts.tsv"


@pytest.mark.skipif(not CASES.exists(), reason="the amounts of other readers' tests are not here (AUTOTIMELINE_SHARED)")
def test_the_amounts_of_other_readers() -> None:
    measured = bench.measure_amounts(CASES)
    floors = {"money": (66, 95, 100), "dimension": (52, 93, 100), "percent": (80, 90, 90)}
    for kind, (found, correct, precision) in floors.items():
        row = measured[kind]
        assert row["found"] >= found, (kind, row)
        assert row["correct of found"] >= correct, (kind, row)
        assert row["precision"] >= precision, (kind, row)
