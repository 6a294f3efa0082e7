"""Whole articles: their dates and amounts, written down before the program had read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
ARTICLES = Path(__file__).parent / "articles"

# The words of each date, and its value.
DATES: dict[str, dict[str, str]] = {
    "venture": {
        "1996": "1996",
        "the spring of 2021": "2021 spring",
        "2014": "2014",
        "By 2020": "[..2020]",
        "the second half of 2021": "2021H2",
        "July 2022": "2022-07",
        "October 19, 2023": "2023-10-19",
        "May 2024": "2024-05",
        "September 2024": "2024-09",
        "by the end of last year": "[..2024]",
        "the first half of 2025": "2025H1",
        "the third quarter": "2025Q3",
        "Monday": "2025-10-27",
        "since June 2022": "2022-06/..",
        "by 2027": "[..2027]",
        "last month": "2025-09",
        "From early 2026": "2026/..",
        "March": "2025-03",
        "December": "2025-12",
        "December 10, 2024": "2024-12-10",
        "the end of 2026": "2026",
        "two weeks ago": "2025-10-13/2025-10-19",
        "from 2019 to 2024": "2019/2024",
        "between January and May this year": "[2025-01..2025-05]",
        "the 1970s": "197X",
        "until 2028": "[..2028]",
        "late October 2024": "2024-10",
        "November 2022": "2022-11",
        "the fourth quarter of 2023": "2023Q4",
    },
    "release": {
        "July 29, 2025": "2025-07-29",
        "today": "2025-07-29",
        "the second quarter of 2025": "2025Q2",
        "Q2": "2025Q2",
        "June 30, 2025": "2025-06-30",
        "1 February 2023": "2023-02-01",
        "By the end of the decade": "[..202X]",
        "2025": "2025",
        "April": "2025-04",
        "this year": "2025",
        "2026": "2026",
        "May 6": "2025-05-06",
        "30 June": "2025-06-30",
        "mid-2025": "2025",
        "Q4 2023": "2023Q4",
        "early 2026": "2026",
        "by mid-2027": "[..2027]",
        "by 2027": "[..2027]",
        "before summer 2026": "[..2026-05]",
        "next week": "2025-08-04/2025-08-10",
        "1987": "1987",
        "November 2016": "2016-11",
        "Since 2019": "2019/..",
        "Last year": "2024",
        "tomorrow": "2025-07-30",
    },
    "agency": {
        "Wednesday": "2025-10-22",
        "14 March 2023": "2023-03-14",
        "late on Tuesday": "2025-10-21",
        "the first quarter of next year": "2026Q1",
        "no later than June 2027": "[..2027-06]",
        "2008": "2008",
        "2017": "2017",
        "2018": "2018",
        "2020": "2020",
        "early September": "2025-09",
        "September 29": "2025-09-29",
        "Oct. 3, 2025": "2025-10-03",
        "Between 1998 and 2005": "[1998..2005]",
        "the late 1990s": "199X",
        "before the end of 2027": "[..2027]",
        "Thursday last week": "2025-10-16",
        "the autumn of 1908": "1908 autumn",
        "by 1951": "[..1951]",
        "November 20": "2025-11-20",
        "July": "2025-07",
        "2025": "2025",
        "this year": "2025",
    },
}
AMOUNTS = {
    "venture": (
        "210,000 cars/year|nearly 650,000 vehicles|<48,000 vehicles|~1.3bn EUR|~21%|~1.4bn EUR|1.5bn USD|51%|3,200 cars"
        "|350 showrooms|<12,000 cars|2,100 cars 2024H1|14,500 cars|18 months|>5,000 people|up to 300m EUR"
        "|80,000 cars/year|at least 40%|95m USD|up to 3.9bn EUR|45 GWh|~2,000 workers|37%|8,000 jobs|10..12%|4.6% 2024"
        "|21.3%|1.7bn CNY"
    ),
    "release": (
        "~4.1bn EUR|3.6bn EUR 2024Q2|12%|310m EUR|>9bn EUR|at least 60%|16bn..17bn EUR|15bn EUR|~900m USD"
        "|1.1bn..1.3bn USD 2026|up to 250 MW|480m CHF|>700m EUR|1,150 people|2bn..3bn kroner|500m USD|nearly 2,400 jobs"
        "|nearly 5bn EUR|38%|at least 640m GBP"
    ),
    "agency": (
        "212,000,000 zloty|12 vehicles 2026Q1|6.4%|31.2 EUR|48.5m EUR|1.02bn EUR|6,300 people|4 plants"
        "|~9,000 people 2020~|4,000,000..6,000,000 zloty|up to 85%|~140,000,000 zloty|300,000 passengers/day|8%"
    ),
}
PUBLISHED = {"venture": "2025-10-28", "release": "2025-07-29", "agency": "2025-10-23"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_dates_and_amounts_of_an_article_are_in_its_draft(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("facts.toml").write_text("[store]\nformat = 1\n", "utf-8")
    code, out, err = ask("draft", ARTICLES / f"{name}.txt", "--published", PUBLISHED[name], "-O", "jsonl")
    assert (code, err) == (0, "")
    dates, amounts = set(), []
    for row in map(json.loads, out.splitlines()):
        dates |= {(row["printed"], row["date"] or row["period"])} - {(None, None)}
        others = (check.removeprefix("other date: ") for check in row["checks"] if check.startswith("other date"))
        dates |= {(text.rpartition(" (")[0], text.rpartition(" (")[2][:-1]) for text in others}
        for values in row["figures"].values():
            listed = values if isinstance(values, list) else [values]
            amounts += [f"{each['value']} {each['period']}" if isinstance(each, dict) else each for each in listed]
    assert dates == set(DATES[name].items())
    expected = AMOUNTS[name].split("|")
    assert set(amounts) - set(expected) == set()
    assert len(set(expected) - set(amounts)) <= 1  # "48,000", of which the sentence before states the unit
