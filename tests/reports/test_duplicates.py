"""Likely twins: of one event that need not be in the store, and of all events of a store."""

import itertools

import pytest

import autotimeline
from autotimeline.reports.duplicates import find_duplicate_pairs, find_duplicates
from autotimeline.store.read import event_from_body as read

ACTORS = {
    "stellantis": "Stellantis",
    "leapmotor": "Leapmotor",
    "gac": "GAC",
    "psa": "Dongfeng Peugeot",
}
DEAL = {
    "id": "deal",
    "date": "2023-10",
    "title": "Stellantis plans to buy about 20% of Leapmotor",
    "actors": ["stellantis", "leapmotor"],
    "figures": {"investment": "~1.5bn EUR"},
}


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return f'"{value}"'


def store(path, *events: dict[str, object]) -> autotimeline.Timeline:
    text = "".join(f'[actor.{id}]\nname = "{name}"\n' for id, name in ACTORS.items())
    text += "".join("[[event]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in e.items()) for e in events)
    (path / "facts.toml").write_text(text, "utf-8")
    return autotimeline.open(str(path / "facts.toml"), cache=False)


TITLE = "a similar title"
SAME = "the same title"
SUM = "the same investment, 1.6bn EUR"


def test_a_figure_that_repeats_another_hides_no_other_of_its_metric(tmp_path):
    signed = {"title": "An agreement is signed", "date": "2023-10", "actors": ["stellantis", "leapmotor"]}
    more = {"id": "more", **signed, "figures": {"investment": ["@deal", "7bn USD"], "grant": "6m EUR"}}
    told = {"id": "told", **signed, "title": "Money flows", "figures": {"investment": "7bn USD"}}
    named = "'repeats': it says so in the print"
    grant = {"id": "grant", "figures": {"grant": {"value": "6m EUR", "printed": named}, "investment": "@deal"}}
    with store(tmp_path, DEAL, more, told, {**signed, "title": "A state gives", **grant}) as story:
        assert list(find_duplicate_pairs(story.select())) == [
            ("more", "grant", "the same grant, 6m EUR"),
            ("told", "more", "the same investment, 7bn USD"),
        ]


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"title": "Stellantis to buy 20% of Leapmotor", "figures": {}}, TITLE),
        ({"title": "STELLANTIS PLANS TO BUY ABOUT 20% OF LEAPMOTOR", "figures": {}}, SAME),
        ({"title": "An agreement is signed", "figures": {}}, ""),
        ({"title": "An agreement is signed", "figures": {"investment": "1.6bn EUR"}}, SUM),
        ({"title": "An agreement is signed", "figures": {"investment": "1.6bn USD"}}, ""),
        ({"title": "An agreement is signed", "figures": {"price": "1.6bn EUR"}}, ""),
        ({"title": "An agreement is signed", "figures": {"investment": "1.7bn EUR"}}, ""),
        ({"title": "An agreement is signed", "figures": {"investment": ">1.6bn EUR"}}, ""),
        ({"title": "An agreement is signed", "figures": {"investment": "@deal"}}, ""),
        ({"title": "Stellantis plans to buy about 30% of Leapmotor", "figures": {}}, ""),
        ({"title": "Stellantis plans to buy some of Leapmotor", "figures": {}}, TITLE),
        # When.
        ({"date": "2023-10-26"}, SAME),
        ({"date": "2023"}, SAME),
        ({"date": "2023-11"}, ""),
        ({"date": "2023-11~"}, SAME),
        ({"date": None}, ""),
        ({"date": None, "period": "2023Q3"}, ""),
        ({"date": None, "period": "2023Q4"}, SAME),
        ({"date": None, "period": "2023-10/.."}, SAME),
        # Who.
        ({"actors": ["stellantis"]}, SAME),
        ({"actors": ["gac"]}, ""),
        ({"actors": []}, ""),
        ({"actors": ["stellantis", "gac"]}, SAME),
        ({"actors": ["stellantis", "gac"], "title": "Stellantis to buy about 20% of GAC", "figures": {}}, ""),
        # Where, and what is known to be two.
        ({"places": ["China"]}, SAME),
        ({"links": {"related": ["deal"]}}, ""),
        ({"links": {"leads-to": ["deal"]}}, ""),
        ({"links": {"leads-to": ["other"]}}, SAME),
    ],
)
def test_what_is_a_likely_twin(keys, why, tmp_path):
    other = {key: value for key, value in {**DEAL, "id": "other", **keys}.items() if value}
    deal = {key: value for key, value in DEAL.items() if value}
    with store(tmp_path, deal, other) as story:
        everything = story.select()
        told = list(find_duplicate_pairs(everything))
        assert [set(pair[:2]) for pair in told] == ([{"deal", "other"}] if why else [])
        # From either end, and the same of an event that is not in the store yet.
        assert [id for id, _ in find_duplicates(everything, everything.catalog.event("deal"))] == (
            ["other"] if why else []
        )
        found = find_duplicates(everything, everything.catalog.event("other"))
    assert found == ([("deal", why)] if why else [])
    with store(tmp_path, deal) as story:
        assert find_duplicates(story.select(), read(other)) == (found if "@deal" not in str(keys) else [])


def test_places_that_differ_are_not_one(tmp_path):
    places = (["Wuhan, China"], ["China"], ["Turin, Italy"])
    events = [{**DEAL, "id": f"e{n}", "places": place} for n, place in enumerate(places)]
    with store(tmp_path, *events) as story:
        assert [pair[:2] for pair in find_duplicate_pairs(story.select())] == [("e1", "e0")]


def test_periods_are_one_where_both_ends_can_be(tmp_path):
    plain = {key: value for key, value in DEAL.items() if key != "date"}
    periods = ("2023", "2023H1", "2023?", "2023-01/2023-12", "2023/..")
    events = [{**plain, "id": f"e{n}", "period": period} for n, period in enumerate(periods)]
    with store(tmp_path, *events) as story:
        found = {tuple(sorted(pair[:2])) for pair in find_duplicate_pairs(story.select())}
    assert found == {("e0", "e2"), ("e0", "e3"), ("e2", "e3")}


def test_undated_events_are_compared_with_one_another(tmp_path):
    plain = {key: value for key, value in DEAL.items() if key != "date"}
    with store(tmp_path, {**plain, "id": "a"}, {**plain, "id": "b"}, {**DEAL, "id": "c"}) as story:
        assert list(find_duplicate_pairs(story.select())) == [("b", "a", SAME)]
        assert find_duplicates(story.select(), read({**plain, "id": "x"})) == [("a", SAME), ("b", SAME)]


def test_without_actors_only_the_title_itself_tells(tmp_path):
    events = [
        {"id": id, "date": "2020-05", "title": title}
        for id, title in (("a", "Product X ends"), ("b", "Product Y ends"))
    ]
    events += [{"id": "c", "date": "2020", "title": "product x, ends"}]
    with store(tmp_path, *events) as story:
        assert list(find_duplicate_pairs(story.select())) == [("a", "c", SAME)]
        assert find_duplicates(story.select(), read({"id": "x", "date": "2020-05-01", "title": "Product Y ends"})) == [
            ("b", SAME)
        ]


def test_only_those_of_the_selection_are_told(tmp_path):
    with store(tmp_path, *({**DEAL, "id": id} for id in "abc")) as story:
        assert find_duplicates(story.select("not id:b"), read({**DEAL, "id": "x"})) == [("a", SAME), ("c", SAME)]


def test_an_event_is_no_twin_of_itself(tmp_path):
    with store(tmp_path, DEAL) as story:
        assert find_duplicates(story.select(), read(DEAL)) == []


def test_the_work_grows_as_the_store_does(tmp_path):
    """A thousand events that are all alike: each is compared with so many before it, and no more."""
    events = [{**DEAL, "id": f"e{n}"} for n in range(1000)]
    with store(tmp_path, *events) as story:
        told = list(find_duplicate_pairs(story.select()))
    assert len(told) < 26 * 1000
    assert {id for id, _, _ in told} == {f"e{n}" for n in range(1000)} - {"e0"}


def test_pairs_are_what_twins_tell_of_each(tmp_path):
    titles = ("Stellantis buys 20% of Leapmotor", "Stellantis buys some of Leapmotor", "A visit", "Leapmotor is bought")
    dates, casts = ("2023", "2023-10", "2024"), (["stellantis"], ["stellantis", "leapmotor"], ["gac"], [])
    drawn = enumerate(itertools.product(titles, dates, casts))
    events = [
        {"id": f"e{n}", "title": title, "date": date, **({"actors": cast} if cast else {})}
        for n, (title, date, cast) in drawn
    ]
    with store(tmp_path, *events) as story:
        everything = story.select()
        told = {frozenset(pair[:2]) for pair in find_duplicate_pairs(everything)}
        each = {frozenset((e.id, id)) for e in everything.events() for id, _ in find_duplicates(everything, e)}
    assert told == each
    assert told
