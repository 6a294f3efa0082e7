"""The lane of a value holds what the term that names it finds, each event as surely; the words are those of `names`."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotimeline import api
from autotimeline.dates.span import BEGIN, END
from autotimeline.query.facets import FACETS
from autotimeline.reports.lanes import Lanes
from autotimeline.reports.names import count_names
from program import STORY

TESTS = Path(__file__).parent.parent
STORES = {
    "story": STORY,
    "names": TESTS / "query" / "names.toml",
    "hostile": TESTS / "views" / "hostile.toml",
}
QUERIES = [[], ["since:2022-06"], ["not", "status:planned"]]


@pytest.fixture(scope="module", params=STORES)
def store(request):
    with api.open(str(STORES[request.param]), today="2025-11-22", cache=False) as opened:
        yield opened


def laned(selection, by, limit=None):
    found = {}
    for lane, _, id, match in Lanes(selection, by, limit).rows(("id", "match")):
        found.setdefault(lane, []).append((id, match))
    return found


@pytest.mark.parametrize("certain", [False, True])
@pytest.mark.parametrize("query", QUERIES, ids=" ".join)
@pytest.mark.parametrize("by", FACETS)
def test_a_lane_holds_what_its_term_finds(store, by, query, certain):
    lanes = laned(store.select(query, certain=certain), by)
    everything = {tuple(row) for row in store.select(query, certain=certain).rows(("id",))}
    for lane, events in lanes.items():
        if lane is not None:
            asked = [*query, f'{by}:"{lane}"']
            found = [tuple(row) for row in store.select(asked, certain=certain).rows(("id", "match"))]
            assert events == found, lane
    assert {(id,) for events in lanes.values() for id, _ in events} == everything


@pytest.mark.parametrize("by", FACETS)
def test_the_lanes_that_are_found_are_those_of_the_rows_in_their_order(store, by):
    selection = store.select()
    lanes = laned(selection, by)
    found = Lanes(selection, by).lane_totals()
    assert [lane[0] for lane in found] == list(lanes)
    assert [lane[1] for lane in found] == [len(events) for events in lanes.values()]
    assert list(laned(selection, by, 2)) == list(lanes)[:2]
    undated = {row[0] for row in store.select("is:undated").rows(("id",))}
    assert [lane[2] for lane in found] == [sum(id in undated for id, _ in events) for events in lanes.values()]


@pytest.mark.parametrize("by", ["actor", "era", "kind", "metric", "place", "role", "source", "tag"])
def test_the_words_and_their_numbers_are_those_of_names(store, by):
    selection = store.select("not status:planned")
    named = {id: number for id, _, number in count_names(selection, f"{by}s") if number}
    assert {value: events for value, events, *_ in Lanes(selection, by).lane_totals() if value is not None} == named


@pytest.mark.parametrize("by", FACETS)
@pytest.mark.parametrize("cells", [1, 7, 80])
def test_groups_hold_every_dated_event_once_in_each_of_its_lanes(store, by, cells):
    lanes = Lanes(store.select(), by)
    found = lanes.lane_totals()
    first = min((lane[3] for lane in found if lane[3]), default=1)
    days = max((lane[4] for lane in found if lane[4]), default=1) - first + 1
    counted = {}
    laned = ((lane, group) for lane, groups in lanes.groups(first, days, cells, with_titles=True) for group in groups)
    for lane, (low, high, begin, end, _, events, *one) in laned:
        counted[lane] = counted.get(lane, 0) + events
        assert -1 <= low <= high <= cells
        # An end without a beginning is the cell of a deadline.
        assert (low if begin is None else begin) <= (high if end is None else end) <= high
        assert begin is None or low <= begin <= end
        date, id, title = one
        if events == 1:
            row = next(iter(store.select(f"id:{id}").rows(("date", "title", "outer_first", "end_last", "disputed"))))
            assert tuple(row[:2]) == (date, title)
            if "date" not in row[4]:
                assert low == (-1 if row[2] <= BEGIN else (row[2] - first) * cells // days)
                assert high == (cells if row[3] >= END else (row[3] - first) * cells // days)
    assert counted == {lane: events - undated for lane, events, undated, *_ in found if events > undated}


def test_what_may_fall_in_an_era_stands_there_possibly():
    with api.open(str(STORY), today="2025-11-22", cache=False) as store:
        lanes = {lane: dict(events) for lane, events in laned(store.select(), "era").items()}
        # The era ends about January 2025.
        assert lanes["tavares"]["catl-jv"] == "possible"
        assert lanes["tavares"]["leapmotor-deal"] == "certain"
        assert "catl-jv" not in dict(laned(store.select(certain=True), "era")["tavares"])


def test_names_are_those_of_what_has_an_id(store):
    for by, kind in (("actor", "actor"), ("group", "actor"), ("source", "source"), ("era", "era"), ("kind", "")):
        lanes = Lanes(store.select(), by)
        for value, *_ in lanes.lane_totals():
            assert (lanes.lane_name(value) is not None) == (
                bool(kind) and value in store.select().resolver.list_ids(kind)
            )
