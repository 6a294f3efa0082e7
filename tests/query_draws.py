"""Stores and queries to try: as Hypothesis draws them, and a crowd of events that is always the same."""

from __future__ import annotations

from hypothesis import strategies as st

from autotimeline.query.parser import And, Not, Or, Term

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


DATE_WORDS = (
    "2020 2020-03 2020-04 2020-03-15 2020-05-20 2020-03~ 2020-03-15? 2020~ 2020% 2019-12-31 2021-01 "
    "2020-33 2020-21 [2020-02,2020-05] [..2020-06] [..2020-03] [2020-04..] [2020-02..2020-04] "
    "2020-02/2020-05 2020/.. ../2020-06 /2020-06 2020-04/ 2020-02~/2020-05? 202X"
)
DATES = of(DATE_WORDS)
FIGURE_WORDS = (
    "5 EUR|~5 EUR|<10 EUR|>3 EUR|up to 4 EUR|at least 5 EUR|3..7 EUR|>3..<7 EUR|nearly 5 EUR|5%|"
    "60 EUR/year|5 EUR/month|<60 EUR/year|a little over 5 vehicles|5|~5|-3 EUR|<+3 EUR|7 EUR/week|1 EUR/day"
)
KNOWN = st.sampled_from(["2020-01", "2020-04~", "2019", "2020-05-19", "[..2020-02]"])
STATUS = st.sampled_from(["happened", "planned", "cancelled"])
FIGURE = st.fixed_dictionaries(
    {},
    optional={
        "of": st.sampled_from(["a1", "a2"]),
        "holder": st.sampled_from(["a1", "a2"]),
        "basis": st.just("expected"),
    },
).flatmap(
    lambda more: st.one_of(
        of(FIGURE_WORDS, "|").map(lambda text: {**more, "value": text}),
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
    st.dictionaries(st.sampled_from(["buyer", "Buyer", "seller"]), st.sampled_from(list(ACTORS)), max_size=2),
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
                    st.sampled_from(["leads-to", "fulfils", "fulfilled-by", "replaces", "related"]),
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


WINDOW_WORDS = (
    "2020 2020-03 2020-03-15 2020Q1 2020-02..2020-04 ..2020-05 2020-04.. 2020~ [2020-03,2020-05] "
    "today last-month after-2020-03 before-2020-04 early late 2019"
)
WINDOW = of(WINDOW_WORDS) | st.sampled_from(IDS).map("@{}".format)
RANGE_WORDS = (
    "5|5..|..5|>5|<5|<10|>3|3..7EUR|..5EUR/month|60EUR/year|5%|~5|2..4|5/month..|..8EUR/week|>=3EUR|..-1|5 vehicle"
)
RANGE = of(RANGE_WORDS, "|")
STATES = (
    "planned fulfilled slipped replaced overdue upcoming disputed undated unsourced single-source approximate quoted "
    "reported"
)
PLAIN_WORDS = (
    "id:e1 text:alpha text:beta text:gam title:beta title:gamma kind:deal tag:red tag:blue source:s1 "
    "actor:a1 actor:a2@buyer group:a1 group:a1@buyer group:a2 role:buyer place:france place:new-york place:paris "
    "metric:money metric:share link:leads-to@e1 link:fulfilled-by@e0 link:related link:@e2 link:follows-from "
    "status:happened status:planned status:cancelled"
)
TERMS = st.one_of(
    st.builds(Term, st.sampled_from(["date", "since", "until", "known"]), WINDOW),
    st.builds(Term, st.sampled_from(["date", "since"]), WINDOW),
    st.builds(Term, st.just("era"), st.sampled_from(list(ERAS))),
    st.builds(lambda id, by: Term("near", f"@{id}/{by}"), st.sampled_from(IDS), st.sampled_from(["10d", "2m", "1y"])),
    st.builds(Term, st.sampled_from(["money", "share"]), RANGE),
    st.builds(Term, st.sampled_from(["money", "share"]), RANGE),
    st.builds(
        Term,
        st.just("is"),
        of(STATES),
    ),
    of(PLAIN_WORDS).map(lambda word: Term(*word.split(":", 1))),
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


def crowd(chance):
    """A hundred events with much in them, drawn without Hypothesis: what is rare in its examples is there."""

    def figures():
        return {
            metric: [
                {
                    "value": chance.choice(FIGURE_WORDS.split("|")),
                    **chance.choice([{}, {}, {"of": "a1"}, {"of": "a1", "holder": "a2"}]),
                }
                for _ in range(chance.randint(1, 2))
            ]
            for metric in chance.sample(["money", "share"], chance.randint(0, 2))
        }

    ids = [f"e{number}" for number in range(100)]
    for id in ids:
        body = {"id": id, "title": chance.choice(["alpha beta", "beta", "alphabet gamma"])}
        when = chance.choice(["date", "date", "period", "period", ""]) if id not in IDS else "date"
        if when:
            body[when] = chance.choice(DATE_WORDS.split())
        body["status"] = chance.choice(["happened", "planned", "planned", "cancelled"])
        body["figures"] = figures() or {"money": [{"printed": "billions"}]}
        body["sources"] = [
            {
                "id": cited,
                **chance.choice([{}, {"date": chance.choice(DATE_WORDS.split())}]),
                **chance.choice([{}, {}, {"status": "planned"}]),
                "figures": figures(),
            }
            for cited in chance.sample(list(SOURCES), chance.randint(0, 2))
        ]
        body["links"] = {
            type: [chance.choice(ids)] for type in chance.sample(["leads-to", "fulfils", "fulfilled-by"], 1)
        }
        body["actors"] = chance.choice([["a1"], ["a3", "a2"], {"buyer": "a2"}, {"seller": "a3", "buyer": "a1"}])
        body |= chance.choice([{}, {"known": "2020-01"}, {"known": "2020-04~"}, {"known": "2020-05-19"}])
        body |= chance.choice([{}, {"places": ["Paris, France"], "tags": ["red"], "kind": "deal", "reported": True}])
        yield body
