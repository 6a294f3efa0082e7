from __future__ import annotations

import pytest
from view_store import HERE, STORY, draw, table


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)


@pytest.fixture
def story(tmp_path):
    """Return how a store of events with these dates is drawn, line by line, without titles, ids and legend."""

    def lines(*dates, **options):
        events = [
            f'[[event]]\nid = "e{n}"\ntitle = "x"\n' + (f"{date}\n" if date else "") for n, date in enumerate(dates)
        ]
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.toml"
        path.write_text("\n".join(events), encoding="utf-8")
        drawn = draw("timeline", 80, store=path, **options).split("\n\n●")[0]
        return [" ".join(w for w in line.split() if w != "x" and not w.startswith("e")) for line in drawn.split("\n")]

    return lines


def test_a_gap_is_told_where_a_month_surely_lies_between(story):
    assert story("date = 2024-01-01", "date = 2024-01-30") == ["2024 ● 2024-01-01", "● 2024-01-30"]
    assert story("date = 2024-01-01", "date = 2024-01-31") == ["2024 ● 2024-01-01", "┆ 30 days between", "● 2024-01-31"]
    assert story('date = "2024-01"', 'date = "2024-02"') == ["2024 ● 2024-01", "● 2024-02"]
    assert story('date = "2024-01"', 'date = "2024-04"')[1] == "┆ 2–4 months between"


def test_no_gap_is_told_that_is_hardly_known(story):
    assert story("date = 2025-06-30", 'date = "2025-09"')[1] == "┆ 2–3 months between"
    assert story("date = 2025-06-30", 'date = "[2025-09-01..2026-12-31]"') == [
        "2025 ● 2025-06-30",
        "● between",
        "│ 2025-09-01",
        "│ and",
        "│ 2026-12-31",
    ]
    assert not any("┆" in line for line in story("date = 2024-06-30", 'date = "[2025-09..]"'))


def test_no_gap_is_told_where_the_order_is_not_known_or_there_is_none(story):
    assert len(story('period = "2020/2024"', "date = 2022-01-01")) == 2
    assert len(story('period = "2020/.."', "date = 2022-01-01")) == 2
    assert not any("┆" in line for line in story('date = "[..2020]"', "date = 2019-01-01"))
    assert not any("┆" in line for line in story("date = 2020-01-01", ""))


def test_no_gap_is_told_beside_a_date_that_may_be_another(story):
    for sure, doubted in (("2024-06-01", "2024-01-01?"), ("2024-06-01", "2024-01-01%"), ("2023-06-01", "2024-01-01?")):
        assert not any("┆" in line for line in story(f'date = "{sure}"', f'date = "{doubted}"'))
    lent = 'status = "planned"\nknown = "2025-03{}"\nperiod = "../2026"'
    # The plan may start on any day until its deadline.
    for mark in ("", "?"):
        assert not any("┆" in line for line in story("date = 2024-12-01", lent.format(mark)))
    # What is approximate has its bounds.
    assert story("date = 2024-01-01", 'date = "2024-06~"')[1] == "┆ 4–7 months between"


def test_backwards_the_gaps_are_the_same(story):
    assert story("date = 2024-01-01", "date = 2024-01-31", reverse=True) == [
        "2024 ● 2024-01-31",
        "┆ 30 days between",
        "● 2024-01-01",
    ]


def test_sorted_by_a_field_there_are_no_gaps(story):
    assert not any("┆" in line for line in story("date = 2020-01-01", "date = 2024-01-01", sort="title"))


def test_years_anchor_in_the_order_of_events(story):
    dates = ('date = "2025-01~"', 'period = "../2023"', 'date = "0987"', 'date = "202X"', 'date = "2024-12"')
    anchors = [line.split(" ")[0] for line in story(*dates) if line[:1].isdigit()]
    assert anchors == ["0987", "2020", "2023", "2024", "2025"]


def test_undated_ones_come_last_under_an_anchor_of_their_own(story):
    assert story("", "date = 2020-01-01") == ["2020 ● 2020-01-01", "", "undated", "●"]
    assert story("", "date = 2020-01-01", reverse=True) == ["2020 ● 2020-01-01", "", "undated", "●"]


def test_only_marks_that_occur_are_explained():
    assert draw("timeline", 80, "id:open").splitlines()[-1] == "○ planned"
    assert draw("timeline", 80, "id:disputed").splitlines()[-1] == "● happened   ≠ sources disagree"


def test_nothing_found_draws_nothing():
    assert draw("timeline", 80, "id:open not id:open") == ""


def test_the_story_of_the_readme_is_drawn_with_its_gaps_and_doubts():
    text = draw("timeline", 120, store=STORY)
    assert "┆    9–22 months between" in text
    assert "● ≠  2024-07" in text
    assert "≠ disputed: date — 2025-07-08 in “other reporting”" in text
    assert "investment up to 4.1bn EUR (expected)" in text
    words = " ".join(text.split())
    assert "stake ~20% (Leapmotor, held by Stellantis, expected)" in words
    assert "stake 51% (Leapmotor International, held by Stellantis), 49% (Leapmotor" in words


def test_rows_are_those_of_any_view():
    found = table("timeline", "id:spanning", fields=("id", "date", "status"))
    assert [column.name for column in found.columns] == ["id", "date", "status"]
    assert [list(row) for row in found.rows] == [["spanning", "2015-01/2019-06", "happened"]]


@pytest.mark.parametrize(("id", "is_shown"), [("alice-adds-a-plant-to-the-northern-2021", False), ("north", True)])
def test_an_id_that_repeats_the_title_has_no_line_of_its_own(tmp_path, id, is_shown):
    title = "Alice adds a plant to the northern site of the company, on the river"
    store = tmp_path / "facts.toml"
    store.write_text(f'[[event]]\nid = "{id}"\ndate = "2021"\ntitle = "{title}"\n')
    for width in (60, 62):
        lines = draw("timeline", width, store=store).split("\n\n")[0].split("\n")
        assert (id in "".join(lines)) is is_shown
    assert id in draw("timeline", 150, store=store)
