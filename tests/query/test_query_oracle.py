"""What SQL answers is what DESIGN §6 says, event by event and, for single terms, world by world."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
import tomli_w
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from query_oracle import Oracle, converted, values, worlds

from autotimeline.api import Timeline
from autotimeline.quantities.parse import parse_range
from autotimeline.query.parse import And, Not, Or, Term, parse
from autotimeline.store import read

TODAY = "2020-05-20"
SOURCES = {
    "s1": {"title": "One", "published": "2020-04"},
    "s2": {"title": "Two", "published": "2020-06~", "origin": "s1"},
    "s3": {"title": "Three"},
}
ACTORS = {"a1": {"name": "A1"}, "a2": {"name": "A2", "part_of": ["a1"]}, "a3": {"name": "A3", "part_of": ["a2"]}}
ERAS = {"early": "../2020-03~", "late": "2020-05/..", "mid": "2020-02/2020-04", "2020": "2021"}
IDS = [f"e{number}" for number in range(4)]


def of(words, by=" "):
    """One of the words of a text."""
    return st.sampled_from(words.split(by))


DATES = of(
    "2020 2020-03 2020-04 2020-03-15 2020-05-20 2020-03~ 2020-03-15? 2020~ 2020% 2019-12-31 2021-01 "
    "2020-33 2020-21 [2020-02,2020-05] [..2020-06] [..2020-03] [2020-04..] [2020-02..2020-04] "
    "2020-02/2020-05 2020/.. ../2020-06 /2020-06 2020-04/ 2020-02~/2020-05? 202X"
)
KNOWN = st.sampled_from(["2020-01", "2020-04~", "2019", "2020-05-19", "[..2020-02]"])
STATUS = st.sampled_from(["happened", "planned", "cancelled"])
FIGURE = st.fixed_dictionaries(
    {},
    optional={
        "of": st.sampled_from(["a1", "a2"]),
        "basis": st.just("expected"),
    },
).flatmap(
    lambda more: st.one_of(
        of(
            "5 EUR|~5 EUR|<10 EUR|>3 EUR|up to 4 EUR|at least 5 EUR|3..7 EUR|>3..<7 EUR|nearly 5 EUR|5%|"
            "60 EUR/year|5 EUR/month|<60 EUR/year|a little over 5 vehicles|5|~5|-3 EUR|<+3 EUR|7 EUR/week|"
            "1 EUR/day",
            "|",
        ).map(lambda text: {**more, "value": text}),
        st.just({**more, "printed": "billions"}),
    )
)
FIGURES = st.dictionaries(st.sampled_from(["money", "share"]), st.lists(FIGURE, min_size=1, max_size=2), max_size=2)


def optional(**strategies):
    return st.fixed_dictionaries({}, optional=strategies)


CITATION = st.builds(
    lambda id, more: {"id": id, **more},
    st.sampled_from(list(SOURCES)),
    optional(date=DATES, status=STATUS, figures=FIGURES, quote=st.just("so it is")),
)
ACTORS_OF = st.one_of(
    st.lists(st.sampled_from(list(ACTORS)), unique=True, max_size=2),
    st.dictionaries(st.sampled_from(["buyer", "seller"]), st.sampled_from(list(ACTORS)), max_size=2),
)


@st.composite
def bodies(draw, ids=IDS):
    found = []
    for id in ids:
        body = draw(
            optional(
                known=KNOWN,
                status=STATUS,
                kind=st.sampled_from(["deal", "visit"]),
                reported=st.just(True),
                actors=ACTORS_OF,
                places=st.sampled_from([["Paris, France"], ["New York"], ["France", "New York"]]),
                tags=st.sampled_from([["red"], ["red", "blue"]]),
                figures=FIGURES,
                sources=st.lists(CITATION, min_size=1, max_size=2),
                links=st.dictionaries(
                    st.sampled_from(["leads-to", "fulfils", "fulfilled-by", "related"]),
                    st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True),
                    max_size=2,
                ),
                note=st.just("gamma delta"),
            )
        )
        when = draw(st.sampled_from(["date", "date", "period", ""]))
        if when:
            body[when] = draw(DATES)
        title = draw(st.sampled_from(["alpha beta", "beta", "alphabet gamma"]))
        found.append({"id": id, "title": title, **body})
    return found


WINDOW = of(
    "2020 2020-03 2020-03-15 2020Q1 2020-02..2020-04 ..2020-05 2020-04.. 2020~ [2020-03,2020-05] "
    "today last-month after-2020-03 before-2020-04 early late 2019"
) | st.sampled_from(IDS).map("@{}".format)
RANGE = of(
    "5|5..|..5|>5|<5|3..7EUR|..5EUR/month|60EUR/year|5%|~5|2..4|5/month..|..8EUR/week|>=3EUR|..-1|5 vehicle", "|"
)
TERMS = st.one_of(
    st.builds(Term, st.sampled_from(["date", "since", "until", "known"]), WINDOW),
    st.builds(Term, st.sampled_from(["date", "since"]), WINDOW),
    st.builds(Term, st.just("era"), st.sampled_from(list(ERAS))),
    st.builds(lambda id, by: Term("near", f"@{id}/{by}"), st.sampled_from(IDS), st.sampled_from(["10d", "2m", "1y"])),
    st.builds(Term, st.sampled_from(["money", "share"]), RANGE),
    st.builds(Term, st.sampled_from(["money", "share"]), RANGE),
    st.builds(Term, st.just("status"), STATUS),
    st.builds(
        Term,
        st.just("is"),
        of("planned overdue upcoming disputed undated unsourced single-source approximate quoted reported"),
    ),
    of(
        "id:e1 text:alpha text:beta text:gam title:beta title:gamma kind:deal tag:red tag:blue source:s1 "
        "actor:a1 actor:a2@buyer group:a1 group:a2 role:buyer place:france place:new-york place:paris "
        "metric:money metric:share link:leads-to@e1 link:fulfilled-by@e0 link:related link:@e2 "
        "link:follows-from"
    ).map(lambda word: Term(*word.split(":", 1))),
)
TREES = st.recursive(
    TERMS,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.lists(parts, min_size=2, max_size=3).map(And),
        st.lists(parts, min_size=2, max_size=3).map(Or),
    ),
    max_leaves=6,
)


class Pair:
    """A store on disk, opened, and the oracle for it."""

    def __init__(self, folder, found):
        eras = {id: {"name": id, "period": period} for id, period in ERAS.items()}
        text = tomli_w.dumps({"source": SOURCES, "actor": ACTORS, "era": eras, "event": found})
        path = folder / "facts.toml"
        path.write_text(text, "utf-8")
        self.story = Timeline([str(path)], today=TODAY, cache=False)
        self.story.check()
        self.events = [read.event(body) for body in found]
        sources = {id: read.entity("source", id, body) for id, body in SOURCES.items()}
        parts = {id: tuple(body.get("part_of", ())) for id, body in ACTORS.items()}
        self.oracle = Oracle(self.events, sources, ERAS, parts, date.fromisoformat(TODAY).toordinal())

    def select(self, tree, **options):
        # Figures that no event has are no metric: then the question is an error, which others test.
        metrics = {f.metric for e in self.events for f, _ in self.oracle.figures(e)}
        for term in terms(tree):
            assume(not (term.field in ("money", "share") and term.field not in metrics))
            assume(not (term.field == "metric" and term.value not in metrics))
            at = term.value.partition("/")[0]
            assume(not (at.startswith("@") and self.oracle.events[at[1:]].date is None))
        return self.story.select(str(tree), **options)

    def close(self):
        self.story.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("oracle")


def terms(tree):
    if isinstance(tree, Term):
        return [tree]
    return [t for part in ([tree.part] if isinstance(tree, Not) else tree.parts) for t in terms(part)]


UNHURRIED = settings(max_examples=100, suppress_health_check=list(HealthCheck))


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
    flat = parse(str(tree))
    assert str(parse(str(flat))) == str(flat)
