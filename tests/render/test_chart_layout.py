"""A picture to scale: ticks that can be read, bars that do not touch, and nothing that gets lost."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.render.canvas import STATUS_MARKS
from autotimeline.render.chart_layout import MAX_LANE_ROWS, Lane, TimeAxis


def day(text):
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("first", "last", "cells", "ticks"),
    [
        ("2025-03-03", "2025-03-06", 60, ["2025-03-03", "2025-03-04", "2025-03-05", "2025-03-06"]),
        ("2025-03-04", "2025-03-29", 60, ["2025-03-03", "2025-03-10", "2025-03-17", "2025-03-24"]),
        ("2025-01-15", "2025-05-10", 60, ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]),
        ("2024-02-15", "2025-05-10", 60, ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2"]),
        ("2024-02-15", "2025-05-10", 30, ["2024H1", "2024H2", "2025H1"]),
        ("2019-02-15", "2025-05-10", 60, ["2019", "2020", "2021", "2022", "2023", "2024", "2025"]),
        ("2011-02-15", "2025-05-10", 60, ["2010", "2012", "2014", "2016", "2018", "2020", "2022", "2024"]),
        ("1948-02-15", "2025-05-10", 60, ["1940", "1950", "1960", "1970", "1980", "1990", "2000", "2010", "2020"]),
        ("0001-01-01", "9999-12-31", 40, ["0001", "2000", "4000", "6000", "8000"]),
        ("2025-03-04", "2025-03-04", 60, ["2025-03-04"]),
    ],
)
def test_ticks_suit_the_span(first, last, cells, ticks):
    assert [label for _, label in TimeAxis(day(first), day(last), cells, len).ticks] == ticks


DAYS = st.integers(1, date.max.toordinal())


@given(DAYS, DAYS, st.integers(0, 4000), st.booleans(), st.integers(10, 300))
def test_ticks_never_run_into_each_other_and_stand_on_the_days_that_they_name(one, other, near, close, cells):
    first, last = sorted((one, min(one + near, date.max.toordinal()) if close else other))
    axis = TimeAxis(first, last, cells, len)
    assert axis.first <= first
    assert axis.cell_of(last) < cells
    assert axis.ticks[0][0] == 0
    for (at, label), (then, _) in pairwise(axis.ticks):
        assert then - at >= len(label) + 2
    for at, label in axis.ticks:
        text = label.replace("Q1", "-01").replace("Q2", "-04").replace("Q3", "-07").replace("Q4", "-10")
        text = text.replace("H1", "-01").replace("H2", "-07")
        assert at == axis.cell_of(day((text + "-01-01")[:10]))


CELLS = 30


@st.composite
def groups(draw):
    low, high = sorted((draw(st.integers(-1, CELLS)), draw(st.integers(-1, CELLS))))
    low, high = min(low, CELLS - 1), max(high, 0)
    # What surely is, is on some day.
    begin, end = sorted((draw(st.integers(low, high)), draw(st.integers(low, high))))
    core = [min(begin, CELLS - 1), max(end, 0)] if draw(st.booleans()) else [None, None]
    state = [
        draw(st.sampled_from(list(STATUS_MARKS))),
        draw(st.sampled_from(["certain", "possible"])),
        draw(st.booleans()),
    ]
    return [low, high, *core, tuple(state), draw(st.integers(1, 1500))]


@given(st.lists(groups(), max_size=40, unique_by=lambda group: tuple(group[:-1])))
def test_a_lane_shows_every_event_and_no_two_bars_in_one_place(found):
    lane = Lane("x", 1, 0, found, CELLS, len)
    assert not (lane.rows and lane.counts)
    assert len(lane.rows) <= MAX_LANE_ROWS
    if lane.counts:
        for cell in range(CELLS):
            here = sum(group[5] for group in found if max(group[0], 0) <= cell <= min(group[1], CELLS - 1))
            assert sum(heights[cell] for *_, heights in lane.counts) == here
        assert len({(mark, tuple(signs)) for mark, signs, _ in lane.counts}) == len(lane.counts)
        return
    assert sum(bar.event_count for row in lane.rows for bar in row) == sum(group[5] for group in found)
    for row in lane.rows:
        for before, bar in pairwise(row):
            assert before.drawn_cells[1] < bar.drawn_cells[0]
    for bar in (bar for row in lane.rows for bar in row):
        assert bar.drawn_cells[0] <= bar.mark_cell <= bar.drawn_cells[1]
        assert bar.possible_cells[0] <= bar.mark_cell <= bar.possible_cells[1]
        assert (
            bar.certain_cells is None
            or bar.possible_cells[0]
            <= bar.certain_cells[0]
            <= bar.mark_cell
            <= bar.certain_cells[1]
            <= bar.possible_cells[1]
        )
        assert bar.annotation_cell >= 0
        assert bar.annotation_cell + sum(len(sign) for sign, _ in bar.annotations) <= CELLS
