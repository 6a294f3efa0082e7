"""A facet has the same slices in counts, charts, names, completion, and checks, whatever the spelling of its words."""

from __future__ import annotations

import pytest

import autotimeline
from autotimeline.checks import spelling
from autotimeline.cli.word_completion import complete_value
from autotimeline.errors import UsageError
from autotimeline.query.facets import FACETS
from autotimeline.query.slices import build_role_slices
from autotimeline.reports.grouping import GroupedCounts
from autotimeline.reports.lanes import Lanes
from autotimeline.reports.names import VOCABULARIES, count_names
from autotimeline.text import pluralize

STORE = """
[source.s]
title = "S"
[actor.a]
name = "A"
[actor.b]
name = "B"
part_of = ["a"]
[era.e]
name = "E"
period = "2020/2023"
"""
EVENTS = [
    'kind = "Deal"\ndate = 2024-01-01\ntags = ["EV", "ev"]\nplaces = ["Paris, France"]\nactors = { Buyer = "a" }\n'
    'figures = { sales-units = 1 }\nsources = [{ id = "s", status = "planned" }]',
    'kind = "deal"\ndate = 2020-01-01\ntags = ["ev"]\nplaces = ["paris", "PARIS, USA"]\n'
    'actors = { buyer = ["a", "b"] }\nfigures = { sales_units = 2 }\nlinks = { follows-from = "e0" }',
    'kind = "joint venture"\ndate = "2023~"\ntags = ["Tariff"]\nplaces = ["Île-de-France"]',
    'kind = "Joint-Venture"\nstatus = "planned"\ntags = ["tariff", "EV"]\nplaces = ["ile de france"]',
]
FOLDED = {
    "kind": {"Deal": 2, "Joint-Venture": 2},
    "role": {"Buyer": 2},
    "tag": {"EV": 3, "Tariff": 2},
    "place": {"PARIS": 2, "ile de france": 2, "France": 1, "USA": 1},
    "metric": {"sales-units": 2},
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    result = tmp_path_factory.mktemp("facets") / "facts.toml"
    events = [f'[[event]]\nid = "e{n}"\ntitle = "x"\n{keys}\n' for n, keys in enumerate(EVENTS)]
    result.write_text(STORE + "\n".join(events), "utf-8")
    return str(result)


@pytest.fixture(scope="module")
def store(path):
    with autotimeline.open(path, today="2025-11-22", cache=False) as opened:
        yield opened


def counted(selection, field):
    return {cell.keys[0]: cell.possible for cell in selection.count(field).cells if cell.possible}


@pytest.mark.parametrize("query", ["", "kind:deal", "not tag:tariff", "kind:joint-venture or id:e0"])
@pytest.mark.parametrize("field", [*FACETS, "actor@buyer", "group@BUYER"])
def test_a_facet_has_the_same_slices_everywhere(store, field, query):
    selection = store.select(query)
    slices = counted(selection, field)
    assert {lane: events for lane, events, *_ in Lanes(selection, field).lane_totals() if lane is not None} == slices
    if pluralize(field) in VOCABULARIES:
        assert {id: events for id, _, events in count_names(selection, pluralize(field)) if events} == slices
    for label, number in slices.items():
        name, at, role = field.partition("@")
        asked = f'({query or "id:e0 or not id:e0"}) {name}:"{label}{at}{role}"'
        assert selection.derive(asked).total() == number


@pytest.mark.parametrize(("field", "slices"), FOLDED.items())
def test_spellings_of_a_word_are_one_slice_under_the_first_in_alphabetical_order(store, field, slices):
    assert counted(store.select(), field) == slices


@pytest.mark.parametrize("field", FOLDED)
def test_each_spelling_finds_the_events_of_all(store, field):
    spellings = {"kind": ("Deal", "deal"), "role": ("Buyer", "buyer"), "tag": ("EV", "ev")}
    spellings |= {"place": ("Paris", "paris", "PARIS"), "metric": ("sales-units", "sales_units", "Sales-Units")}
    found = [[id for (id,) in store.select(f"{field}:{word}").rows(["id"])] for word in spellings[field]]
    assert found == [found[0]] * len(found)
    assert len(found[0]) == FOLDED[field][min(spellings[field], key=lambda word: word not in FOLDED[field])]


def test_a_range_of_a_metric_finds_all_spellings(store):
    assert store.select("sales_units:1..").total() == store.select("sales-units:1..").total() == 2


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("kind", ["Deal", "Joint-Venture"]),
        ("role", ["Buyer"]),
        ("tag", ["EV", "Tariff"]),
        ("place", ["france", "ile-de-france", "paris", "usa"]),
        ("metric", ["sales-units"]),
    ],
)
def test_completion_offers_each_slice_once(path, field, words):
    assert [word for word, _ in complete_value(field, "", [path])] == words


def test_a_misspelled_word_is_compared_with_a_slice(tmp_path):
    path = tmp_path / "facts.toml"
    kinds = ("Meeting", "meeting", "meting")
    path.write_text("".join(f'[[event]]\nid = "e{n}"\ntitle = "x"\nkind = "{k}"\n' for n, k in enumerate(kinds)))
    with autotimeline.open(str(path), cache=False) as store:
        assert [finding.text for finding in spelling.find(store.select()) if "kind" in finding.text] == [
            'the kind "meting" (1 time) is similar to "Meeting" (2 times); correct it if it is misspelled'
        ]


def test_the_fields_of_a_chart_are_those_of_a_count_apart_from_time(store):
    for field in FACETS:
        assert Lanes(store.select(), pluralize(field)).by == field
    with pytest.raises(UsageError, match='cannot chart by "year"; there are id, kind'):
        Lanes(store.select(), "year")


@pytest.mark.parametrize("field", ["actor", "group"])
def test_an_actor_and_its_role_are_one_slice(store, field):
    slices = build_role_slices((field, "role"), store.select().resolver)
    groups = {keys: numbers for keys, _, numbers in GroupedCounts(store.select(), [slices]).rows()}
    assert groups == {("a", "Buyer"): (2, 2)} | ({("b", "Buyer"): (1, 1)} if field == "actor" else {})


@pytest.mark.parametrize("ask", [Lanes, lambda selection, by: selection.count(by)])
def test_a_role_that_no_actor_has_is_refused(store, ask):
    with pytest.raises(UsageError) as error:
        ask(store.select(), "actor@byer")
    assert str(error.value) == 'no role "byer"; did you mean "buyer"?'
