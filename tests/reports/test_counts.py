"""A cell of `count` holds what the query with the cell's terms finds, for every field; and no event is lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

import autotimeline
from autotimeline.errors import UsageError
from autotimeline.query.facets import COUNT_FIELDS, FACETS, TIME_FIELDS, parse_fields
from query_draws import TODAY, TREES, bodies, crowd
from query_oracle import groups
from query_pair import Pair

UNHURRIED = settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
CHANCE = random.Random(20251122)  # noqa: S311  # the same cells each time
BY_ROLE = ("actor@buyer", "group@seller")
FIELDS = (*COUNT_FIELDS, *BY_ROLE)
PAIRS = [(one, other) for one in FIELDS for other in FIELDS if one != other and not {one, other} <= set(TIME_FIELDS)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("counting")


def term(field, key):
    """The term that is a cell."""
    told = f"{key:04}" if field == "year" else key
    field, at, role = field.partition("@")
    return f'{"date" if field in TIME_FIELDS else field}:"{told}{at}{role}"'


def terms(by, keys):
    """The terms that are a cell: an actor and its role are one."""
    if "role" in by and by[0].partition("@")[0] in ("actor", "group"):
        # The actor with this role, which also is that of the field.
        return [term(by[0].partition("@")[0] + f"@{keys[1]}", keys[0]), term(by[0], keys[0])]
    if "role" in by and by[-1].partition("@")[0] in ("actor", "group"):
        return terms(by[::-1], keys[::-1])
    return map(term, by, keys)


def numbers(selection):
    matches = [match for (match,) in selection.rows(["match"])]
    return matches.count("certain"), len(matches)


def held(story, query, by, most=10**6):
    """Hold each cell, or so many of them, against the rows of the query with its terms."""
    counted = story.select(query).count(",".join(by))
    assert len({cell.keys for cell in counted.cells}) == len(counted.cells)
    for cell in counted.cells if len(counted.cells) <= most else CHANCE.sample(counted.cells, most):
        asked = " ".join([f"({query})" if query else "", *terms(by, cell.keys)])
        assert (by, cell.keys, cell.certain, cell.possible) == (by, cell.keys, *numbers(story.select(asked)))
        assert 0 <= cell.certain <= cell.possible
        assert cell.possible or len(by) == 1
    return counted


def assume_roles(pair, by):
    """A role that no actor has is an error, which others test."""
    roles = {(p.role or "").lower() for e in pair.events for p in e.actors}
    assume(all(field.partition("@")[2] in ("", *roles) for field in by))


@given(bodies(), TREES, st.sampled_from([(field,) for field in FIELDS] + PAIRS))
@UNHURRIED
def test_a_cell_holds_what_the_query_with_its_terms_finds(folder, found, tree, by):
    pair = Pair(folder, found)
    try:
        selection = pair.select(tree)
        assume_roles(pair, by)
        counted = held(pair.story, str(tree), by)
        assert counted.total() == numbers(selection)
        assert counted.total()[1] == selection.total()
        event(f"{by}: {len(counted.cells)} cells")
    finally:
        pair.close()


@given(bodies(), TREES, st.sampled_from(["actor,role", "role,actor", "group,role", "actor@buyer", "actor@Seller"]))
@UNHURRIED
def test_an_actor_counts_with_its_own_roles_alone(folder, found, tree, by):
    """Worked out from the participants of the events that match, without the terms of the query language."""
    pair = Pair(folder, found)
    try:
        assume_roles(pair, [by.lower()])
        spellings = {}
        for role in sorted({p.role for e in pair.events for p in e.actors if p.role}):
            spellings.setdefault(role.lower(), role)
        wanted = by.partition("@")[2].lower()
        cells = {}
        for id, match in pair.select(tree).rows(["id", "match"]):
            for participant in pair.oracle.events[id].actors:
                role = (participant.role or "").lower()
                if not role or wanted not in ("", role):
                    continue
                tops = [participant.actor]
                if by.startswith("group"):
                    parts = pair.oracle.parts
                    whole = {of for ofs in parts.values() for of in ofs}
                    tops = [id for id in parts if id in whole or not parts[id]]
                    tops = [id for id in tops if participant.actor in groups(parts, id)]
                for actor in tops:
                    keys = {"actor": actor, "group": actor, "role": spellings[role]}
                    key = tuple(keys[field.partition("@")[0]] for field in by.split(","))
                    cells.setdefault(key, {})[id] = match == "certain"
        counted = pair.select(tree).count(by).cells
        assert {cell.keys: (cell.certain, cell.possible) for cell in counted} == {
            key: (sum(events.values()), len(events)) for key, events in cells.items()
        }
        event(f"{by}: {len(cells)} cells")
    finally:
        pair.close()


@given(bodies(), TREES, st.sampled_from(COUNT_FIELDS))
@UNHURRIED
def test_every_event_is_in_some_cell_or_said_to_be_in_none(folder, found, tree, field):
    pair = Pair(folder, found)
    try:
        selection = pair.select(tree)
        counted = selection.count(field)
        cells = " or ".join(term(field, key) for key in counted.ordered_keys[0])
        inside = numbers(pair.story.select(f"({tree}) ({cells})")) if cells else (0, 0)
        assert inside[1] + counted.count_outside(field)[1] == selection.total()
        if field in TIME_FIELDS:
            undated = sum(row[0] is None for row in selection.rows(["date"]))
            assert counted.count_outside(field)[1] == undated
        possible = sum(cell.possible for cell in counted.cells)
        assert selection.total() - counted.count_outside(field)[1] <= possible
        # A period is in each year that it meets; any other event is in one.
        if field in TIME_FIELDS and not any("period" in body for body in found):
            assert sum(cell.certain for cell in counted.cells) <= selection.total() - counted.count_outside(field)[1]
    finally:
        pair.close()


@pytest.mark.parametrize("query", ["", "not actor:a2", "since:2020-03", "money:5.. or status:planned", "not 2020-04"])
def test_every_field_and_every_two_of_many_events(folder, query):
    pair = Pair(folder, list(crowd(random.Random(20251122))))  # noqa: S311  # the same events each time
    for by in [(field,) for field in FIELDS] + (PAIRS if not query else PAIRS[::7]):
        counted = held(pair.story, query, by, 40 if len(by) == 1 else 6)
        assert counted.cells, by
        assert counted.total() == numbers(pair.story.select(query))
    pair.close()


@given(bodies(), TREES, st.sampled_from(COUNT_FIELDS))
@UNHURRIED
def test_certain_leaves_only_events_that_surely_match(folder, found, tree, field):
    pair = Pair(folder, found)
    try:
        every, sure = pair.select(tree).count(field), pair.select(tree, certain=True).count(field)
        assert sure.total() == (every.total()[0],) * 2
        before = {cell.keys: cell for cell in every.cells}
        for cell in sure.cells:
            if cell.possible:
                assert cell.certain == before[cell.keys].certain
                assert cell.certain <= cell.possible <= before[cell.keys].possible
    finally:
        pair.close()


@pytest.fixture
def opened(tmp_path):
    """Return the cells, (certain, possible) by key, of events with these keys besides id and title."""

    def cells(by, *events, query="", more=""):
        path = tmp_path / "facts.toml"
        text = [f'[[event]]\nid = "e{n}"\ntitle = "x"\n{keys}\n' for n, keys in enumerate(events)]
        path.write_text(more + "\n".join(text), "utf-8")
        with autotimeline.open(str(path), today=TODAY, cache=False) as story:
            counted = story.select(query).count(by)
            keys = [cell.keys[0] if len(cell.keys) == 1 else cell.keys for cell in counted.cells]
            return dict(zip(keys, [(cell.certain, cell.possible) for cell in counted.cells], strict=True))

    return cells


def test_an_imprecise_date_is_possible_in_each_cell_that_it_may_fall_in(opened):
    assert opened("quarter", 'date = "2023H1"') == {"2023Q1": (0, 1), "2023Q2": (0, 1)}
    assert opened("year", 'date = "2023H1"', 'date = "2023~"') == {2022: (0, 1), 2023: (1, 2), 2024: (0, 1)}
    assert opened("month", 'date = "[2023-11,2024-01]"') == dict.fromkeys(("2023-11", "2023-12", "2024-01"), (0, 1))


def test_a_period_is_in_each_cell_that_it_surely_meets(opened):
    assert opened("year", 'period = "2022-06/2024"') == {2022: (1, 1), 2023: (1, 1), 2024: (1, 1)}


def test_there_is_no_hole_between_the_first_year_and_the_last(opened):
    assert opened("year", "date = 2020-01-01", "date = 2023-01-01") == {
        2020: (1, 1),
        2021: (0, 0),
        2022: (0, 0),
        2023: (1, 1),
    }


def test_what_has_no_end_is_possible_up_to_the_last_cell_that_something_names(opened):
    assert opened("year", 'date = "2026/.."') == {2026: (0, 1)}
    assert opened("year", 'date = "2024/.."', 'date = "../2023"', "date = 2026-05-01") == {
        2023: (0, 1),
        2024: (0, 1),
        2025: (0, 1),
        2026: (1, 2),
    }


def test_the_cells_are_those_of_the_period_that_is_asked_for(opened):
    events = ['period = "2011/2025"', 'date = "20XX"', 'date = "2001/.."']
    assert list(opened("year", *events, query="2023..2024")) == [2023, 2024]
    assert list(opened("year", *events, query="since:2024")) == list(range(2024, 2100))
    assert list(opened("year", *events, query="2012 2024")) == list(range(2012, 2025))
    assert list(opened("year", 'date = "2001/.."', query="since:2024")) == [2024]
    assert list(opened("year", 'date = "../2030"', query="until:2024")) == [2024]


SOURCE = '[source.s]\ntitle = "S"\n[source.t]\ntitle = "T"\n'


def test_a_disputed_date_is_possible_wherever_it_is_claimed_and_once_in_a_cell(opened):
    keys = 'date = "2020-02"\nsources = [{ id = "s", date = "2020-04" }, { id = "t", date = "2022" }]'
    assert opened("year", keys, more=SOURCE) == {2020: (0, 1), 2021: (0, 0), 2022: (0, 1)}
    # One claim in each of the two windows: no cell is in both.
    assert opened("year", keys, query="2020 2022", more=SOURCE) == {2020: (0, 1), 2021: (0, 0), 2022: (0, 1)}


def test_two_spellings_of_a_word_are_one_cell(opened):
    kinds = ('kind = "joint-venture"\ndate = 2024-01-01', 'kind = "Joint Venture"\ndate = 2020-01-01')
    assert opened("kind", *kinds) == {"Joint Venture": (2, 2)}
    assert opened("year,kind", *kinds) == dict.fromkeys(((2020, "Joint Venture"), (2024, "Joint Venture")), (1, 1))
    assert opened("tag", 'tags = ["EV", "ev"]', 'tags = ["ev"]') == {"EV": (2, 2)}
    actors = '[actor.a]\nname = "A"\n'
    spelled = ('actors = { Buyer = "a" }', 'actors = { buyer = "a" }')
    assert opened("role", *spelled, more=actors) == {"Buyer": (2, 2)}


def test_a_place_counts_in_each_of_its_parts(opened):
    places = ('places = ["Paris, France", "Lyon, France"]', 'places = ["France"]')
    assert opened("place", *places) == {"France": (2, 2), "Lyon": (1, 1), "Paris": (1, 1)}


def test_a_part_counts_in_its_whole(opened):
    actors = '[actor.a]\nname = "A"\n[actor.b]\nname = "B"\npart_of = ["a"]\n[actor.c]\nname = "C"\n'
    assert opened("group", 'actors = ["a", "b"]', 'actors = ["b"]', 'actors = ["c"]', more=actors) == {
        "a": (2, 2),
        "c": (1, 1),
    }


def test_eras_come_in_the_order_of_time_the_empty_ones_between_them_too(opened):
    eras = "".join(
        f'[era.{id}]\nname = "{id}"\nperiod = "{when}"\n' for id, when in (("c", 2022), ("b", 2021), ("a", 2020))
    )
    eras += '[era.late]\nname = "late"\nperiod = "2030"\n'
    assert list(opened("era", 'date = "2022"', "date = 2020-01-01", more=eras).items()) == [
        ("a", (1, 1)),
        ("b", (0, 0)),
        ("c", (1, 1)),
    ]
    assert opened("era", 'date = "2022"') == {}


def test_without_a_field_all_events_are_one_cell(opened):
    assert opened("", 'date = "2022"', "", query="not since:2022-06") == {(): (0, 1)}
    assert opened("", query="2022") == {(): (0, 0)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("year", ("year",)),
        ("Years", ("year",)),
        ("statuses , kinds", ("status", "kind")),
        ("era,year", ("era", "year")),
        ("actors@Buyer,groups@sub-seller", ("actor@buyer", "group@sub-seller")),
    ],
)
def test_a_field_is_named_in_the_singular_or_the_plural(text, found):
    assert parse_fields(text) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("yaer", 'cannot count by "yaer"; did you mean "year"?'),
        (
            "xyz",
            'cannot count by "xyz"; there are year, quarter, month, id, kind, status, actor, group, role, place, tag,'
            " source, era, metric, link, is",
        ),
        ("actor@", 'cannot count by "actor@"; write actor@ROLE or group@ROLE'),
        ("source@buyer", 'cannot count by "source@buyer"; write actor@ROLE or group@ROLE'),
        ("kind,tag,year", 'cannot count by 3 fields, "kind,tag,year"; write one, or two with a comma between'),
        ("kind,kinds", 'cannot count by "kind,kinds": the one says what the other does; write one of them'),
        ("year,month", 'cannot count by "year,month": the one says what the other does; write one of them'),
    ],
)
def test_what_is_no_field_to_count_by_is_refused(text, told):
    with pytest.raises(UsageError) as error:
        parse_fields(text)
    assert str(error.value) == told


def test_every_axis_is_a_field_of_the_query_language():
    from autotimeline.query.fields import QUERY_FIELDS as TERMS

    assert set(FACETS) <= set(TERMS)
