"""Names in running text: those of a store, places, and new ones."""

from __future__ import annotations

import pytest

from autotimeline.drafting.name_finder import NameFinder, find_new_names, find_places, is_company

KNOWN = NameFinder([("nasa", "NASA"), ("voltra", "Voltra"), ("voltra", "Voltra Energy"), ("leapmotor", "零跑")])
PLACES = NameFinder([("Malmö, Sweden", "Malmö, Sweden"), ("Malmö, Sweden", "Malmö")])

FOUND = {
    "Voltra Energy and Voltra met.": ["voltra", "voltra"],
    "VOLTRA met NASA's staff.": ["voltra", "nasa"],
    "See nasa.gov, info@nasa.org, and voltra.": [],
    "零跑 met NASA.": ["leapmotor", "nasa"],
}


@pytest.mark.parametrize(("text", "ids"), FOUND.items())
def test_names_of_the_store(text: str, ids: list[str]) -> None:
    assert [id for _, _, id in KNOWN.find(text)] == ids


NEW = {
    # Words that begin a sentence, and titles, are not part of a name.
    "Reflecting Philips in its report, Philips rose.": {"Philips": 2},
    "The Agreement of Merger was signed by Mr. Ito and President Ito.": {"Ito": 2, "Merger": 1},
    "The Bank of England met the Bank of England.": {"Bank of England": 2},
    "It is at nasa.gov and Solarix.com.": {},
    "It sold Solarix in January. Solarix's plant is in Bergen.": {"Solarix": 2},
    "Germany and Voltra met in Malmö.": {},
}


@pytest.mark.parametrize(("text", "names"), NEW.items())
def test_new_names(text: str, names: dict[str, int]) -> None:
    assert find_new_names(text.replace(". ", ".\n").splitlines(), KNOWN, PLACES) == names


def test_places_follow_a_preposition() -> None:
    assert find_places("It opened in Malmö and in Germany; Sweden and Malmö met.", PLACES) == [
        "Malmö, Sweden",
        "Germany",
    ]


def test_names_of_companies_end_as_such() -> None:
    assert [is_company(name) for name in ("Solarix Group", "Brunner AG", "Helmut Berg")] == [True, True, False]
