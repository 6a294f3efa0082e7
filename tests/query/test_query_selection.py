"""What is asked of the rows besides the query: their order, how many, which only surely match, and as of when."""

from __future__ import annotations

from pathlib import Path

import pytest

import autotimeline
from autotimeline.query.columns import COLUMNS
from autotimeline.query.parser import And, Not, Term
from autotimeline.reports.names import count_names
from selecting import select_terms

HERE = Path(__file__).parent
STORY = str(HERE.parent.parent / "facts.toml")
TODAY = "2025-11-22"
SORTABLE = [name for name, source in COLUMNS.items() if not source.is_list and name != "match"]


@pytest.fixture(scope="module")
def story():
    opened = autotimeline.open(STORY, today=TODAY, cache=False)
    yield opened
    opened.close()


def ids(selection):
    return [row[0] for row in selection.rows(["id"])]


@pytest.mark.parametrize("field", SORTABLE)
def test_each_field_sorts_with_what_lacks_it_last_and_ties_in_the_order_of_dates(story, field):
    by_date = ids(story.select())
    cells = dict(story.select().rows(["id", field]))
    keyed = dict(story.select().rows(["id", {"known": "known", "date": "id", "edtf": "id"}.get(field, field)]))
    there = [id for id in by_date if cells[id] is not None]
    absent = [id for id in by_date if cells[id] is None]
    if field in ("date", "edtf"):
        expected = by_date
    elif field == "known":
        # By the day from which it is known in full, not by the letters of "~2025-10".
        ends = {event.id: event.known.nominal[1] for event in story.select().events() if event.known}
        assert [id for id in ids(story.select(sort=field)) if id in ends] == sorted(
            (id for id in by_date if id in ends), key=ends.__getitem__
        )
        return
    else:
        expected = sorted(there, key=keyed.__getitem__) + absent
    assert ids(story.select(sort=field)) == expected
    # Turned round are both halves, but what lacks the field stays last.
    back = ids(story.select(sort=field, reverse=True))
    assert set(back[: len(there)]) == set(there)
    assert [cells[id] for id in back[: len(there)]] == [cells[id] for id in reversed(expected[: len(there)])]


def test_the_undated_come_last_in_either_direction(story):
    there, back = ids(story.select()), ids(story.select(reverse=True))
    dated = len(there) - 7
    assert back[:dated] == there[:dated][::-1]
    assert back[dated:] == there[dated:][::-1]
    assert back[0] == "catl-plant-start"


def test_an_unbounded_day_is_no_day_to_sort_by(tmp_path):
    path = tmp_path / "facts.toml"
    event = '[[event]]\nid = "{}"\nperiod = "{}"\ntitle = "t"\n'.format
    path.write_text(event("open", "../2020") + event("shut", "2021") + event("on", "2019/.."), "utf-8")
    opened = autotimeline.open(str(path), cache=False)
    assert ids(opened.select(sort="earliest")) == ["on", "shut", "open"]
    assert ids(opened.select(sort="latest")) == ["open", "shut", "on"]
    assert ids(opened.select(sort="latest", reverse=True)) == ["shut", "open", "on"]


def test_the_limit(story):
    assert ids(story.select(limit=0)) == []
    assert ids(story.select(limit=2)) == ids(story.select())[:2]
    assert ids(story.select(limit=2, reverse=True)) == ["catl-plant-start", "pony-vans-europe"]
    assert story.select(limit=2).total() == story.select().total()
    assert len(ids(story.select(limit=10_000))) == story.select().total()


def test_certain_leaves_only_what_surely_matches(story):
    loose, strict = story.select("since:2022-06"), story.select("since:2022-06", certain=True)
    matches = dict(loose.rows(["id", "match"]))
    assert ids(strict) == [id for id in ids(loose) if matches[id] == "certain"]
    assert "tavares-remark" in ids(loose)
    assert "tavares-remark" not in ids(strict)
    assert {event.match for event in strict.events()} == {"certain"}


def test_options_are_terms_that_all_must_hold(story):
    more = [Term("actor", "catl"), Term("since", "2024")]
    assert ids(select_terms(story, "kind:joint-venture", more)) == ["catl-jv"]
    both = select_terms(story, "kind:deal or kind:joint-venture", more)
    assert both.compiled.text == "(kind:deal or kind:joint-venture) actor:catl since:2024"
    assert select_terms(story, "", more).compiled.text == "actor:catl since:2024"


@pytest.mark.parametrize(
    ("query", "certain", "left"),
    [
        ("", False, 0),
        ("kind:plan", False, 0),
        ("since:2023", False, 7),
        ("not since:2023", False, 7),
        ("since:2023 status:planned", False, 1),
        ("since:2023 or status:planned", False, 6),
        ("is:undated or since:2023", False, 0),
        ("is:undated since:2023", False, 7),
        ("not (since:2023 status:planned)", False, 1),
        ("not (since:2023 or status:planned)", False, 6),
        ("since:2023 sales:1m..", False, 0),
        ("since:2023 sales:950k..", False, 1),
        ("since:2023 sales:950k..", True, 0),
        ("since:2023 until:2024", False, 7),
        ("date:2023 or not date:2023", False, 7),
        ("known:2025", False, 0),
    ],
)
def test_undated_events_are_counted_where_only_a_date_leaves_them_out(story, query, certain, left):
    assert story.select(query, certain=certain).undated() == left


def test_a_term_or_its_negation_may_be_only_possible(story):
    assert (
        dict(story.select("since:2022-06 or not since:2022-06").rows(["id", "match"]))["tavares-remark"] == "possible"
    )


def test_as_it_was_known_on_a_day():
    past = autotimeline.open(STORY, as_of="2025-09", cache=False)
    known = ids(past.select())
    assert "catl-jv" in known
    assert "filosa-restructure" not in known
    # Then one source alone told of the ruling, and gave the other date.
    ruling = next(past.select("id:gac-fiat-chrysler-bankruptcy").events())
    assert ruling.date.edtf == "2025-07-08"
    assert [citation.source for citation in ruling.citations] == ["other-reporting"]
    assert not ruling.disputed
    assert ids(past.select("is:disputed")) == []
    assert past.select().rows(["id"]) is not None
    assert past.today == past.as_of
    assert autotimeline.open(STORY, as_of="2025-09", today=TODAY, cache=False).today > past.today


def test_words_of_the_vocabulary_and_eras_count_what_may_fall_in_them(story):
    found = [(id, n) for id, _, n in count_names(story.select(), "eras")]
    assert dict(found) == {era: story.select(f"era:{era}").total() for era in ("tavares", "filosa")}
    # The order of the file is the other way round: the most frequent stands first.
    assert [id for id, _ in found] == ["filosa", "tavares"]


def test_nothing_asked_for_is_everything_and_its_negation_nothing(story):
    assert select_terms(story, "", [And([])]).total() == story.select().total()
    assert select_terms(story, "", [Not(And([]))]).total() == 0


def test_the_words_of_a_field_are_those_of_the_store(story):
    assert {"leapmotor", "catl"} <= set(story.select().catalog.completion_values("actor"))
    assert set(story.select().catalog.completion_values("era")) >= {"tavares", "filosa"}
    assert list(story.select().catalog.completion_values("text")) == []
