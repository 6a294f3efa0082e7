"""The examples of the EDTF specification: taken with their bounds, or refused by name."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from autotimeline.dates.edtf import parse_date
from autotimeline.dates.span import BEGIN, END, format_iso
from autotimeline.errors import DateError

SHARED = Path(os.environ.get("AUTOTIMELINE_SHARED", Path(__file__).parents[3] / "shared"))
CASES = SHARED / "cases" / "edtf-loc.tsv"

# What the standard takes and the profile does not: each text by the words that refuse it.
REFUSED = {
    "has a time of day": [
        "1985-04-12T23:20:30",
        "1985-04-12T23:20:30Z",
        "1985-04-12T23:20:30-04",
        "1985-04-12T23:20:30+04:30",
        "20050924T100000",
    ],
    "is outside the years 0001 to 9999": [
        "Y170000002",
        "Y-170000002",
        "-1985",
        "Y-17E7",
        "Y171010000S3",
        "Y3388E2S3",
    ],
    "has significant digits": ["1950S2"],
    "has unknown digits": [
        "2004-XX",
        "1985-04-XX",
        "1985-XX-XX",
        "156X-12-25",
        "15XX-12-25",
        "XXXX-12-XX",
        "1XXX-XX",
        "1XXX-12",
        "1984-1X",
        "2004-06-XX/2004-07-03",
    ],
    "means all of several dates": [
        "{1667,1668,1670..1672}",
        "{1960,1961-12}",
        "{..1984}",
        "{1960, 1961-12}",
    ],
    "marks a part of the date": [
        "2004-06~-11",
        "2004?-06-11",
        "?2004-06-~11",
        "2004-%06-11",
        "2004-06-~01/2004-06-~20",
    ],
    "is a quadrimester": ["2001-37", "2001-38", "2001-39"],
    "in the northern hemisphere": ["2001-25", "2001-26", "2001-27", "2001-28"],
    "in the southern hemisphere": ["2001-29", "2001-30", "2001-31", "2001-32"],
    "has white space in a set": ["[1667, 1668]"],
}
WHY = {text: why for why, texts in REFUSED.items() for text in texts}

# The specification gives no months for its seasons, nor a widening for "~".
OWN_BOUNDS = {
    "2001-21": ("2001-03-01", "2001-05-31"),
    "2001-22": ("2001-06-01", "2001-08-31"),
    "2001-23": ("2001-09-01", "2001-11-30"),
    "2001-24": ("2001-12-01", "2002-02-28"),
}
OPEN = {"inf": END, "-inf": BEGIN}


def rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def cases() -> list[dict[str, str]]:
    if not CASES.exists():
        pytest.skip(f"the examples of the specification are not at {CASES}")
    return rows()


def test_every_example_is_taken_with_its_bounds_or_refused_by_name(cases: list[dict[str, str]]) -> None:
    taken = 0
    for case in cases:
        text = case["input"]
        if text in WHY:
            with pytest.raises(DateError) as error:
                parse_date(text)
            assert WHY[text] in str(error.value)
            continue
        assert case["valid"] == "y", text
        lower, upper = OWN_BOUNDS.get(text, (case["lower"], case["upper"]))
        earliest, latest = parse_date(text).nominal
        assert (format_iso(earliest) or earliest) == (BEGIN if lower == "unknown" else OPEN.get(lower, lower)), text
        assert (format_iso(latest) or latest) == (END if upper == "unknown" else OPEN.get(upper, upper)), text
        assert parse_date(text).edtf == text
        taken += 1
    assert taken == 44


def test_the_table_of_refusals_names_only_examples(cases: list[dict[str, str]]) -> None:
    assert set(WHY) <= {case["input"] for case in cases}
