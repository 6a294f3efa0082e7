"""Sides against each other: what a word means as a side, the pace within its bounds, and what is always so."""

from __future__ import annotations

import random
from itertools import pairwise
from statistics import median

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotimeline.api import Timeline
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.formats._text_table import text_lines
from autotimeline.render.canvas import Canvas
from autotimeline.reports.comparison import StoryPace, compare_figures, merge_sides, parse_side
from autotimeline.views import compare
from query_draws import ACTORS, ERAS, IDS, SOURCES, TODAY, bodies
from selecting import sides

WORDS = ("era:early", "era:late", "kind:deal", "status:planned", "2020-03", "e0", "e1", "a1", "a2", "beta", "not e2")
WINDOW = ("outer_first", "outer_last", "inner_first", "inner_last")
COLUMN = {name: at for at, name in enumerate(compare.FIELDS)}


def opened(folder, text):
    path = folder / "facts.toml"
    path.write_text(text, "utf-8")
    story = Timeline([str(path)], today=TODAY, cache=False)
    story.check()
    return story


def drawn(folder, found):
    eras = {id: {"name": id, "period": period} for id, period in ERAS.items()}
    return opened(folder, tomli_w.dumps({"source": SOURCES, "actor": ACTORS, "era": eras, "event": found}))


def rows(story, *words):
    return [tuple(row) for row in compare.table(sides(story, *words), compare.FIELDS).rows]


def value(rows, section, what, side):
    at = [COLUMN[name] for name in ("section", "what", "side")]
    return [row[COLUMN["value"]] for row in rows if [row[place] for place in at] == [section, what, side]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("comparison")


# ---------------------------------------------------------------- what a word means

NAMED = """
[actor.filosa]
name = "Antonio Filosa"
[actor.leap]
name = "Leap"
aliases = ["Lightning Cars", "2023-10"]
[actor.bayer]
name = "Łódź Works"
aliases = ["The Works"]
[actor.other]
name = "The Works"
[era.tavares]
name = "Tavares era"
period = "..2024"
[era.filosa]
name = "Filosa era"
period = "2025.."
[[event]]
id = "start"
title = "It starts with tavares"
date = "2024"
actors = ["filosa"]
[[event]]
id = "leap"
title = "A leap"
[[event]]
id = "2024"
title = "A year"
"""


@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("start", "id:start"),
        ("START", "id:start"),
        ("tavares", "era:tavares"),
        ("era:filosa", "era:filosa"),
        ("2023", "2023"),
        ("since:2023 kind:deal", "since:2023 kind:deal"),
        ("starts", "starts"),
        ("lightning-cars", "actor:leap"),
        ('"lodz works"', "actor:bayer"),
        ('"start"', "id:start"),
        ("start filosa", "start filosa"),
        ("text:tavares", "text:tavares"),
    ],
)
def test_a_word_that_is_an_id_means_that_and_any_other_is_a_query(folder, word, query):
    assert str(parse_side(word, opened(folder, NAMED).select().resolver)) == query


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("filosa", '"filosa" is an era and an actor; write era:filosa or actor:filosa'),
        ("leap", '"leap" is an event and an actor; write id:leap or actor:leap'),
        ("2024", '"2024" is an event and a date; write id:2024 or date:2024'),
        ("2023-10", '"2023-10" is an actor and a date; write actor:leap or date:2023-10'),
        ("the-works", '"the-works" names several actors: bayer, other; write the id of one'),
        ("", "an empty side is no query; write one, or the id of an event, an era or an actor"),
        (" ", "an empty side is no query; write one, or the id of an event, an era or an actor"),
        ("(", '"(" without ")"'),
    ],
)
def test_a_word_that_is_two_things_is_refused_with_both(folder, word, text):
    with pytest.raises(UsageError) as error:
        parse_side(word, opened(folder, NAMED).select().resolver)
    assert str(error.value) == text


def test_a_side_is_an_event_by_its_id_however_that_is_written(folder):
    story = opened(folder, NAMED)
    found = sides(story, "start", "id:start", "id:Start", "id:start,leap", "not start", "kind:x")
    assert [side.event for side in found] == ["start", "start", "start", None, None, None]
    assert {row[0] for row in rows(story, "start", "id:leap")} == {"side", "events", "field", "gap"}
    assert {row[0] for row in rows(story, "start", "tavares")} >= {"time", "status", "event"}


# ---------------------------------------------------------------- the pace

PACE = """
[[event]]
id = "a"
title = "A"
date = 2024-01-01
[[event]]
id = "b"
title = "B"
date = 2024-01-11
[[event]]
id = "c"
title = "C"
date = "2024-02"
[[event]]
id = "d"
title = "D"
period = "2024-02/2024-03"
[[event]]
id = "e"
title = "E"
kind = "late"
date = "2024-05-31?"
[[event]]
id = "f"
title = "F"
kind = "open"
period = "2026/.."
[[event]]
id = "g"
title = "G"
kind = "never"
"""


def pace(story, query):
    found = StoryPace(story.select(query))
    return found.events, found.span, found.gap, found.has_certain_dates


def test_the_median_of_the_fewest_days_and_that_of_the_most(folder):
    story = opened(folder, PACE)
    assert pace(story, "id:a,b") == (2, (10, 10), (10, 10), True)
    # From 11 January to some day of February: 21 to 49; of two gaps the middle is rounded outward.
    assert pace(story, "id:a,b,c") == (3, (31, 59), (15, 30), True)
    # From start to start, whichever comes first.
    assert pace(story, "id:c,d") == (2, (1, 59), (0, 28), True)
    assert pace(story, "id:d,e") == (2, (92, 120), (92, 120), False)
    # An end that is not known: it lasts at least to where it begins.
    assert pace(story, "id:a,f") == (2, (731, None), (731, 1095), True)
    assert pace(story, "id:a,g") == (1, None, None, True)
    assert pace(story, "kind:never") == (0, None, None, True)


def test_the_pace_in_whatever_order_the_days_were(folder):
    dates = ("2020", "2020-01-01", "2020-11-01", "2020-11-11")
    text = "".join(f'[[event]]\nid = "e{n}"\ntitle = "x"\ndate = "{date}"\n' for n, date in enumerate(dates))
    assert pace(opened(folder, text), "") == (4, (315, 365), (0, 305), True)


def test_what_may_not_belong_is_in_the_pace_perhaps(folder):
    story = opened(folder, PACE)
    assert not StoryPace(story.select("since:2024-02-10 not id:f")).has_certain_events
    assert StoryPace(story.select("since:2024-01-01 id:a,b,c")).has_certain_events


def test_the_pace_of_what_may_not_be_in_order(folder):
    text = "".join(f'[[event]]\nid = "{id}"\ntitle = "x"\ndate = "2023-10"\n' for id in "ab")
    assert pace(opened(folder, text), "") == (2, (0, 30), (0, 30), True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(found=bodies(ids=[f"e{number}" for number in range(7)]), seed=st.integers(0, 1000))
def test_whatever_the_dates_are_within_their_bounds_the_pace_and_the_span_hold(folder, found, seed):
    story = drawn(folder, found)
    selection = story.select()
    windows = [row for row in selection.rows(WINDOW) if row[0] is not None]
    measured = StoryPace(selection)
    assert measured.events == len(windows)
    assert (measured.span is None) == (len(windows) < 2)
    if measured.span is None:
        return
    # Open ends lie far away, in each world elsewhere.
    rng = random.Random(seed)  # noqa: S311  no secret
    for _ in range(10):
        world = []
        for low, high, start, end in windows:
            near, far = max(low, BEGIN + 700_000), min(high, END - 2_800_000)
            first = rng.randint(near, max(near, min(start, far)))
            last = rng.randint(max(first, min(end, far)), max(first, far))
            world.append((first, last))
        starts = sorted(first for (first, _), (_, _, latest, _) in zip(world, windows, strict=True) if latest != BEGIN)
        gaps = [then - one for one, then in pairwise(starts)] or [0]
        assert (measured.gap is None) == (len(starts) < 2)
        span = max(last for _, last in world) - min(first for first, _ in world)
        for bounds, true in ((measured.gap or (0, None), median(gaps)), (measured.span, span)):
            assert bounds[0] <= true
            assert bounds[1] is None or true <= bounds[1]
    story.close()


# ---------------------------------------------------------------- figures against figures

FIGURES = """
[actor.x]
name = "X"
[actor.y]
name = "Y"
[[event]]
id = "one"
title = "One"
period = "2024"
figures.sales = [{ value = "68000 vehicles", of = "x" }, { value = "5 vehicles", of = "y" }]
figures.money = "~1.5bn EUR"
figures.share = "4%"
figures.cash = "5 EUR"
figures.words = { printed = "billions" }
figures.rate = "10 GWh/year"
[[event]]
id = "two"
title = "Two"
period = "2025H1"
figures.sales = [{ value = "<29000 vehicles", of = "x" }, { value = "7 vehicles", of = "x", basis = "expected" }]
figures.money = "1bn USD"
figures.share = "5%"
figures.cash = "0..3 EUR"
figures.words = "5 EUR"
figures.rate = "1 GWh/month"
[[event]]
id = "three"
title = "Three"
figures.sales = { value = "@one", of = "x" }
figures.money = "1.5bn EUR"
figures.rate = "10 GWh"
"""


def against(story, old, new):
    found = compare_figures(story.select(f"id:{old}").figures(), story.select(f"id:{new}").figures())
    return {
        one.new.metric: (
            one.reason,
            one.difference and one.difference.shown,
            one.ratio and one.ratio.shown,
            one.change,
        )
        for one in found
    }


def test_figures_of_one_metric_are_set_against_each_other(folder):
    story = opened(folder, FIGURES)
    assert against(story, "one", "two") == {
        # The figure on the same terms, and over other times as rates a month.
        "sales": (
            "",
            "-5,667..<-833 vehicles/month",
            "<0.853",
            "fewer than 4,834 vehicles/month against 5,667 vehicles/month: down more than 14%",
        ),
        "money": ("their units differ", None, None, None),
        "share": ("", "1 percentage-points", "1.25", "5% against 4%: up 1 percentage point"),
        # A level, which spreads over no time.
        "cash": ("", "-5..-2 EUR", "up to 0.6", "0..3 EUR against 5 EUR: down at least 40%"),
        "words": ("no number is given", None, None, None),
        "rate": ("", "2 GWh/year", "1.2", "12 GWh/year against 10 GWh/year: up 20%"),
    }
    assert against(story, "two", "one")["cash"] == (
        "",
        "2..5 EUR",
        "at least 1.66",
        "5 EUR against 0..3 EUR: up more than 66%",
    )
    assert against(story, "one", "three") == {
        "sales": ("it is the same figure", None, None, None),
        "money": ("it states no period", None, None, None),
        "rate": ("only one is a rate", None, None, None),
    }


def test_figures_of_periods_that_are_open_are_not_compared(folder):
    event = '[[event]]\nid = "{}"\ntitle = "x"\nfigures.sales = {{ value = "100 cars", period = "{}" }}\n'
    story = opened(folder, event.format("a", "2023/..") + event.format("b", "2024/.."))
    why = "the days on which its period begins and ends are not known"
    assert against(story, "a", "b") == {"sales": (why, None, None, None)}


def test_every_pair_is_the_same_the_other_way_round(folder):
    figures = {id: list(opened(folder, FIGURES).select(f"id:{id}").figures()) for id in ("one", "two", "three")}
    for one in figures:
        for other in figures:
            there = {(pair.old, pair.new) for pair in compare_figures(figures[one], figures[other])}
            back = {(pair.new, pair.old) for pair in compare_figures(figures[other], figures[one])}
            assert there == back


# ---------------------------------------------------------------- what always holds

STORES = bodies(ids=IDS)
SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20)


@SETTINGS
@given(found=STORES, word=st.sampled_from(WORDS))
def test_nothing_differs_from_itself(folder, found, word):
    story = drawn(folder, found)
    table = compare.table(sides(story, word, word), compare.FIELDS)
    assert not [row for row in table.rows if row[COLUMN["differs"]] is not False]
    text = "\n".join(text_lines(table, Canvas(80)))
    compared, _, _ = text.partition("\n\n")[2].partition("\n\n")
    assert [line for line in compared.splitlines() if not line.startswith(("= ", "  "))] == []
    story.close()


@SETTINGS
@given(found=STORES, words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=3))
def test_turned_round_it_is_the_same_with_other_numbers_of_sides(folder, found, words):
    story = drawn(folder, found)
    last = len(words) + 1
    turned = [list(row) for row in rows(story, *words[::-1])]
    for row in turned:
        for name in ("side", "against"):
            if row[COLUMN[name]] is not None:
                row[COLUMN[name]] = last - row[COLUMN[name]]
    assert sorted(map(repr, rows(story, *words))) == sorted(repr(tuple(row)) for row in turned)
    story.close()


@SETTINGS
@given(found=STORES, words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=3))
def test_the_merged_story_holds_each_event_of_each_side_once_in_order(folder, found, words):
    story = drawn(folder, found)
    asked = sides(story, *words)
    both = list(merge_sides(asked, ("id",)))
    for at, side in enumerate(asked):
        there = [(cells[0], matches[at]) for _, cells, matches in both if matches[at]]
        assert there == [tuple(row) for row in side.selection.rows(("id", "match"))]
    ids = [cells[0] for _, cells, _ in both]
    assert len(ids) == len(set(ids))
    assert [order for order, _, _ in both] == sorted(order for order, _, _ in both)
    story.close()


def test_a_value_differs_where_another_side_has_it_not(folder):
    text = """
[[event]]
id = "a"
title = "A"
date = "2020"
tags = ["x", "y"]
[[event]]
id = "b"
title = "B"
date = "2020"
tags = ["y"]
kind = "deal"
"""
    story = opened(folder, text)
    found = rows(story, "a", "b")
    differs = {(row[1], row[3], row[5]): row[COLUMN["differs"]] for row in found if row[0] == "field"}
    assert differs["tags", 1, "x"] is True
    assert differs["tags", 1, "y"] is differs["tags", 2, "y"] is False
    assert differs["date", 1, "2020"] is False
    assert differs["kind", 1, None] is differs["kind", 2, "deal"] is True
    assert value(found, "gap", "gap", 2) == ["order not known"]
