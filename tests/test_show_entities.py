"""`show` of actors, sources, and eras."""

from __future__ import annotations

import json

import pytest

from asking import ask
from program import STORY

FORMATS = ("plain", "tsv", "csv", "json", "jsonl", "toml", "table", "markdown", "svg")


def show(*words):
    return ask("-f", STORY, "--today", "2025-11-22", "show", *words)


def test_an_actor_has_its_names_its_kind_and_its_events_with_roles(cache):
    code, out, err = show("actor:catl", "-O", "plain")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "catl\tname\tCATL",
        "catl\tkind\tcompany",
        "catl\tfirst\tcatl-jv | date=2024-12 | role=partner | "
        "title=CATL and Stellantis announce a joint venture for an LFP battery plant in Zaragoza",
        "catl\tlast\tcatl-plant-start | date=by 2026-12 | title=Battery plant of CATL and Stellantis starts production",
        "catl\trole\tpartner | events=1",
        "catl\tplan\tcatl-plant-start | date=by 2026-12",
        "catl\tfigure\tinvestment=up to 4.1bn EUR | basis=expected | event=catl-jv",
        "catl\tfigure\tcapacity=50 GWh/year | basis=expected | event=catl-jv",
        "catl\tfigure\tstake=50% | holder=catl | event=catl-jv",
        "catl\tfigure\tcapacity=50 GWh/year | basis=expected | event=catl-plant-start",
        "catl\tevent\tcatl-jv | date=2024-12 | role=partner | "
        "title=CATL and Stellantis announce a joint venture for an LFP battery plant in Zaragoza",
        "catl\tevent\tcatl-plant-start | date=by 2026-12 | "
        "title=Battery plant of CATL and Stellantis starts production",
    ]


def test_an_alias_names_an_actor_and_a_list_has_a_row_per_item(cache):
    rows = [line.split("\t") for line in show("actor:FCA", "-O", "plain")[1].splitlines()]
    assert ["fca", "aliases", "FCA"] in rows


def test_a_source_has_the_events_that_cite_it_and_an_era_those_within_it(cache):
    rows = [line.split("\t") for line in show("source:other-reporting", "era:tavares", "-O", "tsv")[1].splitlines()][1:]
    events = {
        id: [value.split(" ")[0] for each, field, value in rows if (each, field) == (id, "event")] for id, *_ in rows
    }
    for id, query in (("other-reporting", "source:other-reporting"), ("tavares", "era:tavares")):
        listed = ask("-f", STORY, "list", query, "--fields", "id")[1].split()
        assert events[id] == listed
    assert ["tavares", "name", "Tavares era"] in rows
    assert any(row[2].endswith("match=possible") or "| match=possible |" in row[2] for row in rows)


def test_options_of_queries_restrict_the_events(cache):
    _, out, _ = show("actor:stellantis", "era:tavares", "--kind", "deal", "--certain", "-O", "plain")
    assert [line.partition(" |")[0] for line in out.splitlines() if "title=" in line] == [
        f"{id}\t{field}\tleapmotor-deal" for id in ("stellantis", "tavares") for field in ("first", "last", "event")
    ]


def test_a_card_shows_the_roles_and_marks_possible_events(cache):
    _, out, _ = show("actor:Tavares", "era:tavares", "--kind", "remark,departure,visit", "-O", "table")
    assert (
        out
        == """\
Carlos Tavares
carlos-tavares · actor · person

aliases    Tavares
note       CEO of Stellantis before Filosa.
first      2022  speaker  Tavares speaks against factories in China at the Paris Motor Show (tavares-remark)
last       ~2025-01  Tavares departs, and the policy on China turns (tavares-departure)
roles      speaker 1
events     2022      speaker  Tavares speaks against factories in China at the Paris Motor Show (tavares-remark)
           ~2025-01           Tavares departs, and the policy on China turns (tavares-departure)

────────────────────────────────────────────────────────────────────────────────

Tavares era
tavares · era

period     ../2025-01~
note       The source gives no start. The end is that of tavares-departure, and moves with it.
first      2022  Tavares speaks against factories in China at the Paris Motor Show (tavares-remark)
last       ?  2025-02/2025-08  Senior executives visit China one after another (executive-visits)
events        2022             Tavares speaks against factories in China at the Paris Motor Show (tavares-remark)
           ?  ~2025-01         Tavares departs, and the policy on China turns (tavares-departure)
           ?  2025-02/2025-08  Senior executives visit China one after another (executive-visits)
           ?  2025-02          Chairman John Elkann visits China to speed electrification (elkann-visit)
"""
    )


def test_a_source_shows_its_disputes_and_what_rests_on_it_alone(cache):
    rows = [line.split("\t")[1:] for line in show("source:other-reporting", "-O", "plain")[1].splitlines()]
    assert ["disputed", "gac-fiat-chrysler-bankruptcy | date=2024-07 | fields=date"] in rows
    assert "single-source" not in [field for field, _ in rows]
    rows = [line.split("\t")[1:] for line in show("source:turn-2025", "-O", "plain")[1].splitlines()]
    ids = [value.partition(" |")[0] for field, value in rows if field == "single-source"]
    assert ids == ask("-f", STORY, "list", "source:turn-2025", "is:single-source", "--fields", "id")[1].split()
    card = show("source:turn-2025", "-O", "table")[1]
    assert "33 of its 34 events · autotimeline list source:turn-2025 is:single-source" in card


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_shows_an_entity(cache, format):
    code, out, err = show("actor:catl", "-O", format)
    assert (code, err) == (0, "")
    assert "catl-jv" in out
    if format == "json":
        assert json.loads(out)[0] == {"id": "catl", "field": "name", "value": "CATL"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["actor:catll"], 'no actor "catll"; did you mean "catl"?'),
        (["source:nothing"], 'no source "nothing"; `autotimeline names sources` lists what there is'),
        (["era:"], '"era:" lacks a value; write era:VALUE'),
        (["catl-jv", "actor:catl"], '"actor:catl" is not an event; show events and other items separately'),
        (["catl"], 'no event "catl"; it is the id of an actor: write actor:catl'),
    ],
)
def test_what_cannot_be_shown_is_refused(cache, words, message):
    assert show(*words) == (2, "", f"autotimeline: {message}\n")


def test_a_source_names_its_rates_and_the_last_of_equal_events_is_last(cache, tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(
        '[source.s]\ntitle = "S"\n'
        '[rate.r]\nof = "USD"\nin = "EUR"\nvalue = "0.92"\nperiod = "2024"\nsource = "s"\n'
        '[rate.q]\nof = "USD"\nin = "EUR"\nvalue = "0.93"\nperiod = "2025"\n'
        + "".join(f'[[event]]\nid = "{id}"\ntitle = "T"\ndate = "2024"\nsources = ["s"]\n' for id in "ba"),
        "utf-8",
    )
    rows = [line.split("\t")[1:] for line in ask("-f", str(path), "show", "source:s", "-O", "plain")[1].splitlines()]
    assert [(field, value.split(" | ")[0]) for field, value in rows if field in ("first", "last", "rate")] == [
        ("first", "b"),
        ("last", "a"),
        ("rate", "r (1 USD = 0.92 EUR, 2024)"),
    ]
    assert "rates      1 USD = 0.92 EUR, 2024 (r)\n" in ask("-f", str(path), "show", "source:s", "-O", "table")[1]
