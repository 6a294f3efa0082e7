"""Every figure of the events that a query finds, as it was stated."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import autotimeline
from autotimeline.errors import UsageError
from autotimeline.query.catalog import Catalog
from autotimeline.reports.figures import FIGURE_FIELDS

STORE = str(Path(__file__).parent / "figures.toml")


@pytest.fixture(scope="module")
def story():
    with autotimeline.open(STORE, today="2025-11-22", cache=False) as opened:
        yield opened


def cells(figures, *fields):
    return [tuple(getattr(figure, field) for field in fields) for figure in figures]


def test_a_figure_is_told_with_all_that_is_known_of_it(story):
    (figure,) = story.select("id:year-2023").figures(["sales"])
    assert dict(zip(FIGURE_FIELDS, figure.cells, strict=True)) == {
        "metric": "sales",
        "text": "12,000 cars",
        "low": Decimal(12000),
        "high": Decimal(12000),
        "unit": "cars",
        "about": False,
        "of": "acme",
        "period": "2023",
        "basis": "actual",
        "sources": ["paper"],
        "event": "year-2023",
        "date": "2023",
        "match": "certain",
        "status": "happened",
        "claimed": False,
        "disputed": False,
        "repeats": None,
        "holder": None,
    }


def test_they_come_in_the_order_of_events_and_of_the_store(story):
    assert cells(story.select("not id:report").figures(), "event", "text")[:5] == [
        ("year-2023", "12,000 cars"),
        ("year-2023", "900 people"),
        ("year-2023", "5%"),
        ("road", "up to 50m EUR"),
        ("plant", "~1bn EUR"),
    ]


def test_claims_are_figures_too_and_what_contradicts_is_disputed_on_both_sides(story):
    figures = list(story.select("id:half-2024").figures())
    assert cells(figures, "text", "sources", "claimed", "disputed") == [
        ("nearly 5,000 cars", ["paper", "rival"], False, True),
        ("7,000 cars", ["rival"], True, True),
        ("4,800 cars", ["rival"], True, False),
        ("10 buses", ["rival"], True, False),
    ]
    assert figures[0].full_range.shown == "~4,500..7,000 cars"
    assert figures[0].quantity.shown == "nearly 5,000 cars"
    assert figures[2].full_range is figures[2].quantity


def test_a_figure_names_its_own_source_else_it_has_those_of_its_event(story):
    assert cells(story.select("id:road,plant").figures(["investment"]), "event", "sources") == [
        ("road", ["rival"]),
        ("plant", ["paper", "rival"]),
    ]


def test_a_figure_that_repeats_another_is_one_number_with_it(story):
    numbers = {figure.event: (figure.figure_id, figure.repeats) for figure in story.select().figures(["capacity"])}
    assert numbers["plant-again"][1] == "plant"
    assert numbers["plant-again"][0] == numbers["plant"][0]
    # Of the event that is repeated the query need not find anything.
    (alone,) = story.select("id:plant-again").figures(["capacity"])
    assert alone.figure_id == numbers["plant"][0]


CHAIN = """
[[event]]
id = "a"
title = "A"
figures.x = ["1 EUR", "2 EUR"]
figures.y = "3 EUR"
[[event]]
id = "b"
title = "B"
figures.y = "@a"
figures.x = { value = "1 EUR", repeats = "a" }
[[event]]
id = "c"
title = "C"
figures.x = "@b"
figures.y = { repeats = "b" }
[[event]]
id = "d"
title = "D"
figures.x = { value = "5 EUR", repeats = "e" }
[[event]]
id = "e"
title = "E"
figures.x = { value = "5 EUR", repeats = "d" }
"""


def test_chains_of_repeats_are_one_number_and_rings_end(tmp_path):
    (tmp_path / "facts.toml").write_text(CHAIN, "utf-8")
    with autotimeline.open(str(tmp_path / "facts.toml"), cache=False) as story:
        numbers = {(f.event, f.metric, f.text): f.figure_id for f in story.select().figures()}
    one = numbers["a", "x", "1 EUR"]
    assert one != numbers["a", "x", "2 EUR"]
    assert numbers["b", "x", "1 EUR"] == numbers["c", "x", "1 EUR"] == one
    assert numbers["b", "y", "3 EUR"] == numbers["c", "y", "3 EUR"] == numbers["a", "y", "3 EUR"]
    assert numbers["d", "x", "5 EUR"] == numbers["e", "x", "5 EUR"]


def test_a_long_chain_is_followed_once(tmp_path, monkeypatch):
    long = 300
    values = [*(f"@e{n + 1}" for n in range(long - 1)), "5 cars"]
    events = (f'[[event]]\nid = "e{n}"\ntitle = "T"\nfigures.x = "{value}"\n' for n, value in enumerate(values))
    (tmp_path / "facts.toml").write_text("".join(events), "utf-8")
    read = []
    of_an_event = Catalog.event_body
    monkeypatch.setattr(Catalog, "event_body", lambda self, id: read.append(id) or of_an_event(self, id))
    with autotimeline.open(str(tmp_path / "facts.toml"), cache=False) as story:
        figures = list(story.select().figures())
    assert {figure.figure_id for figure in figures} == {("x", f"e{long - 1}", 0)}
    assert len(figures) == long
    assert len(read) < 3 * long


def test_only_the_metrics_and_the_unit_that_are_asked_for(story):
    select = story.select
    assert {f.metric for f in select().figures(["growth", "Debt"])} == {"growth", "debt"}
    assert {f.text for f in select().figures(unit="USD")} == {"5m USD"}
    assert {f.text for f in select().figures(unit="dollars")} == {"5m USD"}
    assert {f.unit for f in select().figures(unit="car")} == {"cars", "cars/day"}
    assert {f.unit for f in select().figures(unit="cars/day")} == {"cars/day"}
    assert {f.unit for f in select().figures(unit="%")} == {"%"}
    # Only a source claims it, beside the event.
    assert {f.text for f in select().figures(unit="buses")} == {"10 buses"}
    assert not list(select("id:plant").figures(["sales"], "cars"))


@pytest.mark.parametrize(
    ("metrics", "unit", "told"),
    [
        (["sale"], None, 'no metric "sale"; did you mean "sales"?'),
        (["x"], None, 'no metric "x"; `autotimeline names metrics` lists what there is'),
        ([], "eurr", 'no figure has the unit "eurr"; did you mean "EUR"?'),
        ([], "kg", 'no figure has the unit "kg"; there are %, EUR, GWh/year, USD, buses, cars, cars/day, people'),
        ([], "a b", 'invalid unit "a b"; write a unit like EUR, vehicles, %, or GWh/year'),
    ],
)
def test_what_no_figure_has_is_refused_at_once(story, metrics, unit, told):
    with pytest.raises(UsageError) as caught:
        story.select().figures(metrics, unit)
    assert str(caught.value) == told


def test_as_of_a_day_what_was_not_published_is_not_there():
    with autotimeline.open(STORE, as_of="2024-03-31", cache=False) as story:
        figures = list(story.select("id:half-2024,road,plant-again").figures())
        assert cells(figures, "event", "text", "claimed") == [("half-2024", "nearly 5,000 cars", False)]
        # A word of today is still a word.
        assert list(story.select("id:rail").figures(["capacity"])) == []


def test_possible_events_have_possible_figures(story):
    assert {f.event for f in story.select("2023").figures() if f.match == "possible"} == {"road"}
    assert "road" not in {f.event for f in story.select("2023", certain=True).figures()}
