"""SQL answers as docs/semantics.md says, event by event and, for single terms, world by world."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from autotimeline.quantities.parse import parse_range
from autotimeline.query.parser import Not, Term, parse_query
from query_draws import (
    DATES,
    ERAS,
    PLAIN_WORDS,
    RANGE,
    RANGE_WORDS,
    STATES,
    TERMS,
    TREES,
    WINDOW,
    WINDOW_WORDS,
    bodies,
    crowd,
)
from query_oracle import converted, values, worlds
from query_pair import Pair


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("oracle")


UNHURRIED = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@given(bodies(), TREES)
@UNHURRIED
def test_sql_answers_what_the_design_says(folder, found, tree):
    pair = Pair(folder, found)
    try:
        selection = pair.select(tree)
        said = {event.id: pair.oracle.faces(tree, event) for event in pair.events}
        possible = {id for id, faces in said.items() if faces.may}
        certain = {id for id, faces in said.items() if faces.must}
        assert certain <= possible
        rows = dict(selection.rows(["id", "match"]))
        assert rows == {id: "certain" if id in certain else "possible" for id in possible}
        assert selection.total() == len(possible)
        only = pair.select(tree, certain=True)
        assert dict(only.rows(["id", "match"])) == dict.fromkeys(certain, "certain")
        assert {event.id: event.match for event in selection.events()} == rows
        # Undated, left out, and in it if a date were no matter.
        for one, face in ((selection, "may"), (only, "must")):
            left = [
                e.id
                for e in pair.events
                if e.date is None
                and not getattr(said[e.id], face)
                and getattr(pair.oracle.faces(tree, e, waived=True), face)
            ]
            assert one.undated() == len(left)
        event(f"{len(possible)} possible, {len(certain)} certain")
    finally:
        pair.close()


def test_every_term_and_its_negation_on_many_events(folder):
    pair = Pair(folder, list(crowd(random.Random(20251122))))  # noqa: S311  # the same events each time
    dated = [event.id for event in pair.events if event.date is not None]
    disputed = [event.id for event in pair.events if "date" in event.disputed]
    assert len(disputed) > 10
    anchors = [f"@{id}" for id in (*dated[:6], *disputed[:10])]
    tried = [Term(field, at) for field in ("date", "since", "until", "known") for at in WINDOW_WORDS.split() + anchors]
    tried += [Term("near", f"{at}/{by}") for at in anchors for by in ("10d", "2m")]
    tried += [Term("era", era) for era in ERAS]
    tried += [Term(metric, text) for metric in ("money", "share") for text in RANGE_WORDS.split("|")]
    tried += [Term("is", state) for state in STATES.split()]
    tried += [Term(*word.split(":", 1)) for word in PLAIN_WORDS.split()]
    for tree in (tree for term in tried for tree in (term, Not(term))):
        rows = dict(pair.story.select(str(tree)).rows(["id", "match"]))
        said = {event.id: pair.oracle.faces(tree, event) for event in pair.events}
        assert (str(tree), rows) == (
            str(tree),
            {id: "certain" if faces.must else "possible" for id, faces in said.items() if faces.may},
        )


@given(bodies(), TERMS)
@UNHURRIED
def test_not_not_is_nothing_and_a_negation_turns_the_faces_round(folder, found, term):
    pair = Pair(folder, found)
    try:
        yes = dict(pair.select(term).rows(["id", "match"]))
        again = dict(pair.select(Not(Not(term))).rows(["id", "match"]))
        no = dict(pair.select(Not(term)).rows(["id", "match"]))
        assert yes == again
        for one in pair.events:
            # Certain of the one is no of the other; possible is possible of both.
            assert (yes.get(one.id) == "certain") <= (one.id not in no)
            assert (no.get(one.id) == "certain") <= (one.id not in yes)
            if one.date is None and term.field in ("date", "since", "until", "era", "near"):
                assert one.id not in yes
                assert one.id not in no
    finally:
        pair.close()


@given(bodies(["e0"]), st.sampled_from(["date", "since", "until", "era", "near"]), st.data())
@UNHURRIED
def test_dates_are_certain_where_every_world_is_so_and_no_where_none_is(folder, found, field, data):
    # An anchor of its own, so that what is asked about does not depend on itself.
    anchor = {"id": "e1", "title": "anchor", data.draw(st.sampled_from(["date", "period"])): data.draw(DATES)}
    found[0].pop("links", None)
    value = {
        "era": st.sampled_from(list(ERAS)),
        "near": st.sampled_from(["@e1/10d", "@e1/2m"]),
    }.get(field, WINDOW.filter(lambda word: word[0] != "@") | st.just("@e1"))
    term = Term(field, data.draw(value))
    pair = Pair(folder, [*found, anchor])
    try:
        one = pair.events[0]
        answers = dict(pair.select(term).rows(["id", "match"]))
        denied = dict(pair.select(Not(term)).rows(["id", "match"]))
        if one.date is None:
            assert "e0" not in answers | denied
            return
        window = pair.oracle.window(term.field, term.value)
        seen = list(worlds(list(pair.oracle.spans(one)), one.throughout, window))
        assert seen
        held(answers.get("e0"), denied.get("e0"), seen)
        event(str(answers.get("e0")))
    finally:
        pair.close()


@given(bodies(["e0"]), RANGE)
@UNHURRIED
def test_figures_are_certain_where_every_value_is_so_and_no_where_none_is(folder, found, text):
    pair = Pair(folder, found)
    try:
        term = Term("money", text)
        one, asked = pair.events[0], parse_range(text)
        answers = dict(pair.select(term).rows(["id", "match"]))
        denied = dict(pair.select(Not(term)).rows(["id", "match"]))
        # Of each figure whether a value that it may have is asked for; in one world each has one value.
        seen = [
            {answers_to(value, figure.quantity, asked) for value in values(figure.quantity)}
            if figure.quantity
            else {True, False}
            for figure, _ in pair.oracle.figures(one)
            if figure.metric == "money"
        ]
        held(answers.get("e0"), denied.get("e0"), [any(world) for world in product(*seen)])
        event(str(answers.get("e0")))
    finally:
        pair.close()


def answers_to(value, quantity, asked):
    rate = converted(quantity, asked)
    if rate is None:
        return False
    at = value
    if asked.per and quantity.per:
        sizes = {"year": 12, "half": 6, "quarter": 3, "month": 1, "week": 168 * 1000, "day": 24000, "hour": 1000}
        at = value * sizes[asked.per] / sizes[quantity.per]
    above = asked.low is None or at > asked.low or (at == asked.low and not asked.low_open)
    return above and (asked.high is None or at < asked.high or (at == asked.high and not asked.high_open))


def held(answer, denied, seen):
    """Hold an answer and that to its negation against what may be so."""
    if answer == "certain":
        assert all(seen)
    if answer is None:
        assert not any(seen)
    if denied == "certain":
        assert not any(seen)
    if denied is None:
        assert all(seen)


@given(TREES)
@settings(max_examples=500)
def test_a_tree_reads_back_from_its_text(tree):
    flat = parse_query(str(tree))
    assert str(parse_query(str(flat))) == str(flat)
