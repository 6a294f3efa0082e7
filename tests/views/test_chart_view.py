"""Lanes on a time axis, as they are drawn: to the letter, and what each stroke of them means."""

from __future__ import annotations

import json

import pytest
from view_store import HERE, STORE, STORY, TODAY, draw, expect

from autotimeline import api
from autotimeline.errors import UsageError
from autotimeline.formats._text_table import text_lines
from autotimeline.render.canvas import Canvas
from autotimeline.views import chart


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)


@pytest.fixture
def lanes(tmp_path):
    """Return how a store of these events is drawn on 60 cells by id: a lane a line, without the axis and the legend."""

    def drawn(*events, by="id", unicode=True, today="1999-01-01", axis=False):
        texts = [
            "\n".join(
                ["[[event]]", f'id = "e{n}"', 'title = "x"', *(f"{k} = {json.dumps(v)}" for k, v in event.items())]
            )
            for n, event in enumerate(events)
        ]
        path = tmp_path / "facts.toml"
        path.write_text("\n".join(texts), encoding="utf-8")
        with api.open(str(path), today=today, cache=False) as story:
            lines = list(text_lines(chart.table(story.select(), chart.FIELDS, by), Canvas(64, unicode=unicode)))
        return lines[0 if axis else 2 : lines.index("")]

    return drawn


@pytest.mark.parametrize("by", ["id", "actor", "status"])
def test_lanes_by_a_field(by):
    path = str(STORE.relative_to(HERE))
    with api.open(path, today=TODAY, cache=False) as story:
        text = "\n".join(text_lines(chart.table(story.select(), chart.FIELDS, by), Canvas(80)))
    expect(f"chart-80-{by}", text + "\n")


def test_the_shipped_story():
    expect("chart-100-story", draw("chart", 100, store=STORY))


def test_a_day_is_a_mark_and_a_year_that_is_not_known_better_is_dots_around_one(lanes):
    assert lanes({"date": "2020-07-01"}, {"date": "2020"}) == [
        "e1  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
        "e0                               ●",
    ]


def test_a_period_is_a_bar_with_dots_where_it_may_begin_or_end(lanes):
    periods = "2010/2020", "2012~/2018~", "2014/", "2016?/2018"
    assert lanes(*({"period": period} for period in periods)) == [
        "e0  ┄┄┄┄┄●━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┄┄┄┄┄┄",
        "e1       ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄●━━━━━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
        "e2                      ●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▸",
        "e3                                 ┄┄┄┄┄┄┄●┄┄┄┄┄┄┄┄",  # with doubts about its years none is sure
    ]


def test_what_has_not_come_to_pass_is_hollow(lanes):
    events = (
        {"period": "2010/2013"},
        {"period": "2030/2034", "status": "planned"},
        {"period": "2020/2024", "status": "planned"},
        {"period": "2020/2024", "status": "cancelled"},
    )
    assert lanes(*events, today="2025-11-22") == [
        "e0  ┄┄●━━━━━┄┄                            │",
        "e2                         ┄┄┄◎═══════┄┄  │",
        "e3                         ┄┄┄✕═══════┄┄  │",
        "e1                                        │         ┄┄○═══════┄┄",
    ]
    assert lanes(*events, today="2025-11-22", unicode=False) == [
        "e0   ..*=====..                           |",
        "e2                          ..!--------.. |",
        "e3                          ..x--------.. |",
        "e1                                        |         ..o-------..",
    ]


def test_what_has_no_beginning_or_no_end_runs_to_the_edge_where_there_is_room_for_the_arrow(lanes):
    events = {"period": "2020/.."}, {"period": "../2018"}, {"date": "2015"}, {"date": "[..2016]"}, {"date": "[2021..]"}
    assert lanes(*events) == [
        "e2          ┄┄┄┄●┄┄┄┄",
        "e3  ◂┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄●",
        "e1  ◂━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━●┄┄┄┄┄┄┄┄┄",
        "e0                                                   ┄┄┄┄┄┄┄┄●━▸",
        "e4                                                           ●┄▸",
    ]


def test_a_disputed_date_is_dotted_as_far_as_any_claim_goes_and_sure_nowhere():
    # Its own date is 2021-03; one source says 2022, another the 5th of March.
    assert draw("chart", 60, "id:disputed").splitlines()[:3] == [
        "       2021H1       2021H2       2022H1       2022H2",
        "       ┬────────────┬────────────┬────────────┬─────────────",
        "sales      ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄●≠┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
    ]


def test_what_looks_alike_is_one_mark_with_its_number_and_what_differs_has_a_row_of_its_own(lanes):
    same = {"date": "2020-07-01", "kind": "k"}
    assert lanes(same, same, same, by="kind") == ["k 3  ●3"]
    assert lanes(same, {**same, "status": "cancelled"}, {**same, "reported": True}, by="kind") == [
        "k 3  ●",
        "     ◐",
        "     ✕",
    ]


def test_days_may_stand_side_by_side_but_what_has_dots_keeps_a_cell_apart(lanes):
    days = [{"date": f"2020-{month:02}-{day:02}", "kind": "k"} for month in (6, 7) for day in range(1, 31)]
    assert lanes(*days, by="kind") == [
        "k 60  ●2 ●●●●●●●●●●●●●●●●●●●●●●●●●● ●●●●●●●●●●●●●●●●●●●●●●●●●●●●",
        "       ●●                          ●2",
    ]
    assert lanes(*({"date": str(year), "kind": "k"} for year in range(2010, 2014)), by="kind") == [
        "k 4  ┄┄┄┄┄┄┄●┄┄┄┄┄┄┄              ┄┄┄┄┄┄┄●┄┄┄┄┄┄┄┄",
        "                   ┄┄┄┄┄┄┄●┄┄┄┄┄┄┄┄              ┄┄┄┄┄┄┄●┄┄┄┄┄┄┄",
    ]


def test_a_lane_of_more_than_eight_rows_is_counts(lanes):
    events = [{"period": f"{2000 + n}/{2020 + n}", "kind": "k"} for n in range(12)]
    assert len(lanes(*events[:8], by="kind")) == 8
    assert lanes(*events, by="kind") == [
        "k 12",
        "    ● ▁▂▂▂▂▃▃▄▄▄▅▅▆▆▆▆▇▇██████████████████████▇▇▆▆▆▆▅▅▄▄▄▃▃▂▂▂▂▁",
    ]
    events[3] |= {"status": "cancelled"}
    assert lanes(*events, by="kind", unicode=False) == [
        "k 12",
        "    * .::------=++****%%######################%%******+==----::.",
        "    x      .......................................",
    ]


def test_the_lanes_with_the_most_events_come_first_then_those_that_begin_first(lanes):
    kinds = [("late", 2021), ("early", 2001), ("many", 2010), ("many", 2011), (None, 1990), (None, 1991), (None, 1992)]
    events = [{"date": str(year), **({"kind": kind} if kind else {})} for kind, year in kinds]
    names = [line[:9] for line in lanes(*events, by="kind") if line[0] != " "]
    assert names == ["many    2", "early   1", "late    1", "no kind 3"]


def test_today_is_a_line_where_it_falls_into_the_picture_and_a_tick_where_bars_cover_it(lanes):
    assert lanes({"date": "2020"}, {"period": "2020"}, today="2020-07-01", axis=True) == [
        "    2020Q1        2020Q2         2020Q3         2020Q4",
        "    ┬─────────────┬──────────────│──────────────┬───────────────",
        "e0  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄●┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
        "e1  ●━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
    ]
    assert not any("│" in line for line in lanes({"date": "2020"}, today="2021-01-01", axis=True))


def test_undated_events_alone_are_said_to_be_so(lanes):
    assert lanes({}, {}) == ["e0  undated", "e1  undated"]


def test_a_footer_tells_what_is_not_in_the_picture():
    with api.open(str(STORY), today=TODAY, cache=False) as story:
        found = chart.table(story.select("since:2022-06"), chart.FIELDS, "actor", 5)
        assert list(text_lines(found, Canvas(80)))
        assert found.footer() == [
            "? 11 of 25 match only possibly (an imprecise date or amount, or sources that disagree);"
            " 7 undated events left out; 18 lanes left out"
        ]
        found = chart.table(story.select(), chart.FIELDS)
        list(text_lines(found, Canvas(80)))
        assert found.footer() == ["7 undated not drawn"]


def test_rows_tell_of_undated_events_too_and_of_bounds():
    with api.open(str(STORY), today=TODAY, cache=False) as story:
        found = chart.table(story.select("kind:merger,production"), chart.FIELDS)
        rows = [dict(zip(chart.FIELDS, row, strict=True)) for row in found.rows]
        assert found.footer() == []
    assert [row["lane"] for row in rows] == ["production"] * 4 + ["merger"]
    assert rows[-1]["date"] is rows[-1]["starts_by"] is rows[-1]["lasts_to"] is None
    plant = next(row for row in rows if row["id"] == "leapmotor-zaragoza")
    bounds = [plant[field] for field in ("earliest", "starts_by", "lasts_to", "latest")]
    assert bounds == ["2026-01-01", "2026-12-31", None, None]


def test_a_field_that_has_no_lanes_is_refused_with_a_suggestion():
    with api.open(str(STORY), cache=False) as story, pytest.raises(UsageError) as refused:
        chart.table(story.select(), chart.FIELDS, "nonesuch")
    assert str(refused.value) == (
        'cannot chart by "nonesuch"; there are id, kind, status, actor, group, role, place, tag, source, era, metric,'
        " link, is"
    )


def test_nothing_found_draws_nothing():
    assert draw("chart", 80, "id:open not id:open") == ""
