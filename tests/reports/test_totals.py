"""What figures come to: nothing counts twice, nothing in doubt is added, and the bounds hold whatever is true."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autotimeline
from autotimeline.quantities.arithmetic import fraction_bounds
from autotimeline.quantities.parse import parse_quantity
from autotimeline.reports.figures import StatedFigure
from autotimeline.reports.totals import compute_totals

STORE = str(Path(__file__).parent / "figures.toml")
HEAD = '[source.s]\ntitle = "S"\n[actor.a]\nname = "A"\n[actor.b]\nname = "B"\n'


def added(tmp_path, *events, query=""):
    """Return the sums of a store of these events, as texts, and what stays apart with its reason."""
    written = [f'[[event]]\nid = "e{n}"\ntitle = "x"\n{event}\n' for n, event in enumerate(events)]
    (tmp_path / "facts.toml").write_text(HEAD + "\n".join(written), "utf-8")
    with autotimeline.open(str(tmp_path / "facts.toml"), cache=False) as story:
        found, apart = compute_totals(story.select(query).figures())
        return [one.quantity.shown for one in found], [f"{figure.event} {why}" for figure, why in apart]


INVESTED = 'figures.investment = "{}"'.format
NO_PERIOD = "without a period, it may overlap others"


@pytest.mark.parametrize(
    ("events", "totals", "reasons"),
    [
        (['figures.x = "5%"', 'figures.x = "6%"'], [], [f"e{n} a percentage does not add" for n in (0, 1)]),
        (['figures.x = "5 EUR/year"'], [], ["e0 a rate does not add"]),
        (['figures.x = { printed = "many" }'], [], ["e0 no number is given"]),
        (['period = "2024"\nfigures.fleet-size = "5 cars"'], [], ["e0 a level does not add"]),
        (['period = "2024"\nfigures.all-employees = "5"'], [], ["e0 a level does not add"]),
        (['date = "2024"\nfigures.sales = "5 cars"'], [], [f"e0 {NO_PERIOD}"]),
        ([INVESTED("1bn EUR"), INVESTED("2bn EUR")], ["3bn EUR"], []),
        ([INVESTED("1bn EUR"), INVESTED("2bn USD")], ["1bn EUR", "2bn USD"], []),
        ([INVESTED("1bn EUR"), 'figures.capital_investments = "2bn EUR"'], ["1bn EUR", "2bn EUR"], []),
        (
            [INVESTED("1bn EUR"), 'figures.investment = { value = "2bn EUR", basis = "expected" }'],
            ["1bn EUR", "2bn EUR"],
            [],
        ),
        (
            ['figures.cost = { value = "1bn EUR", of = "a" }', 'figures.cost = { value = "2bn EUR", of = "b" }'],
            ["1bn EUR", "2bn EUR"],
            [],
        ),
        (
            [
                'figures.cost = { value = "1bn EUR", of = "a", holder = "b" }',
                'figures.cost = { value = "2bn EUR", of = "a" }',
                'figures.cost = { value = "4bn EUR", of = "a", holder = "b" }',
            ],
            ["5bn EUR", "2bn EUR"],
            [],
        ),
        ([INVESTED("1bn EUR"), INVESTED("2bn EUR") + '\nstatus = "planned"'], ["1bn EUR", "2bn EUR"], []),
        ([INVESTED("1bn EUR"), INVESTED("2bn EUR") + '\nstatus = "cancelled"'], ["1bn EUR", "2bn EUR"], []),
        ([INVESTED("1bn EUR"), INVESTED("2bn EUR") + '\nperiod = "2024"'], ["2bn EUR", "1bn EUR"], []),
        (
            ['figures.cost = ["1 EUR", "1 EUR"]'],
            ["1 EUR"],
            ["e0 its event has another: whether they add is not said"],
        ),
        (
            [INVESTED("1bn EUR"), INVESTED("@e0"), INVESTED("2bn EUR")],
            ["3bn EUR"],
            ["e1 repeats e0"],
        ),
        (
            [INVESTED("1bn EUR") + '\nlinks = { related = ["e1"], leads-to = ["e1"] }', INVESTED("2bn EUR")],
            ["3bn EUR"],
            [],
        ),
        *(
            (
                [INVESTED("1bn EUR") + f'\nlinks = {{ {tie} = ["e1"] }}', INVESTED("2bn EUR"), INVESTED("1m EUR")],
                ["1,001m EUR"],
                ["e1 may be the same as that of e0, or a part of it"],
            )
            for tie in ("same-deal", "part-of", "has-part", "replaces", "replaced-by", "fulfils", "fulfilled-by")
        ),
        (
            [INVESTED("1bn EUR"), INVESTED("2bn EUR") + '\nlinks = { same-deal = ["e0"] }'],
            ["1bn EUR"],
            ["e1 may be the same as that of e0, or a part of it"],
        ),
        (['period = "2024"\nfigures.sales = "5"', 'period = "2025H1"\nfigures.sales = "<3"'], ["5..<8"], []),
        (
            ['period = "2024H1"\nfigures.sales = "5"', 'period = "2024"\nfigures.sales = "9"'],
            ["9"],
            ["e0 its period may meet that of e1, 2024"],
        ),
        (
            ['period = "2024"\nfigures.sales = "5"', 'period = "~2025"\nfigures.sales = "9"'],
            ["9"],
            ["e0 its period may meet that of e1, ~2025"],
        ),
        (
            ['period = "2024"\nfigures.sales = "5"', 'period = "2025/.."\nfigures.sales = "9"'],
            ["14"],
            [],
        ),
        (
            [
                'period = "2024"\nfigures.sales = "5"\nsources = [{ id = "s", date = "2026" }]',
                'period = "2025"\nfigures.sales = { value = "9", period = "2025Q1" }',
            ],
            ["9"],
            ["e0 sources disagree on the period that it covers"],
        ),
        (
            ['period = "2024"\nfigures.sales = "5"\nsources = [{ id = "s", figures.sales = "8" }]'],
            ["5..8"],
            ["e0 a source claims it against the event"],
        ),
        (
            ['period = "2024"\nfigures.sales = "~5"\nsources = [{ id = "s", figures.sales = "5" }]'],
            ["~5"],
            ["e0 a source claims it beside the event"],
        ),
    ],
)  # fmt: skip
def test_what_adds_and_what_stays_apart(tmp_path, events, totals, reasons):
    assert added(tmp_path, *events) == (totals, reasons)


def test_a_number_that_is_repeated_stands_for_what_the_query_does_not_find(tmp_path):
    events = [INVESTED("1bn EUR"), INVESTED("@e0"), INVESTED("@e1")]
    assert added(tmp_path, *events, query="id:e1,e2") == (["1bn EUR"], ["e2 repeats e1"])
    dated = ['date = "2024~"\n' + INVESTED("1bn EUR"), 'date = "2024"\n' + INVESTED("@e0")]
    # Where the one that is repeated may fall outside, the other does not.
    assert added(tmp_path, *dated, query="2024") == (["1bn EUR"], ["e0 repeats e1"])


def test_what_only_possibly_belongs_widens_the_sum(tmp_path):
    sure, perhaps = 'date = "2024"\n' + INVESTED("2bn EUR"), 'date = "2024~"\n' + INVESTED("~1bn EUR")
    assert added(tmp_path, sure, perhaps, query="2024") == (["~2bn..3.1bn EUR"], [])
    assert added(tmp_path, perhaps, query="2024") == (["~up to 1.1bn EUR"], [])
    assert added(tmp_path, sure, 'date = "2024~"\n' + INVESTED("-1bn EUR"), query="2024") == (["1bn..2bn EUR"], [])
    disputed = INVESTED("1bn EUR") + '\nsources = [{ id = "s", status = "cancelled" }]'
    assert added(tmp_path, INVESTED("2bn EUR"), disputed) == (["2bn..3bn EUR"], [])


def test_a_sure_figure_goes_before_one_that_may_not_belong(tmp_path):
    part, whole = 'period = "2024H1"\nfigures.sales = "5"', 'period = "2024"\nfigures.sales = "9"'
    assert added(tmp_path, part, whole, query="date:2024-01..2024-06-30")[0] == ["9"]
    doubted = whole + '\nsources = [{ id = "s", status = "planned" }]'
    assert added(tmp_path, part, doubted) == (["5"], ["e1 its period may meet that of e0, 2024H1"])


def test_a_sum_says_how_it_came_about():
    with autotimeline.open(STORE, today="2025-11-22", cache=False) as story:
        found, _ = compute_totals(story.select("2023").figures(["investment"], "EUR"))
    told = [(s.quantity.shown, s.certain and s.certain.shown) for s in found]
    assert told == [("~1.1bn..1.35bn EUR", "~1.1bn..1.3bn EUR"), ("up to 3bn EUR", None)]
    first = found[0]
    assert [figure.event for figure in first.addends] == ["plant", "mine", "road"]
    assert (first.approximate, first.bounded, first.disputed, first.possible) == (1, 1, 0, 1)


# ---------------------------------------------------------------- whatever is true


def stated(text, n, **more):
    figure = {"metric": "investment", "text": text, "low": None, "high": None, "unit": None, "about": False}
    figure |= {"of": None, "holder": None, "period": None, "basis": "actual", "source": None}
    event = {
        "event": f"e{n}",
        "date": None,
        "match": "certain",
        "status": "happened",
        "disputed_fields": (),
        "event_days": None,
    }
    rest = {
        "sources": [],
        "claimed": False,
        "disputed": False,
        "repeats": None,
        "opposing_claims": (),
        "related_events": frozenset(),
    }
    return StatedFigure(figure, {**event, "figure_id": ("x", f"e{n}", 0), **rest}, **more)


NUMBERS = st.integers(-6, 12)


@st.composite
def texts(draw):
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    marks = ("", "") if low == high else draw(st.sampled_from([("", ""), (">", ""), ("", "<"), (">", "<")]))
    return parse_quantity(draw(st.sampled_from(["", "~"])) + f"{marks[0]}{low}..{marks[1]}{high}").shown


@st.composite
def figures(draw):
    several = draw(st.lists(st.tuples(texts(), st.booleans(), st.lists(texts(), max_size=1)), min_size=1, max_size=3))
    return [
        stated(text, n, match="certain" if sure else "possible", opposing_claims=tuple(claims), disputed=bool(claims))
        for n, (text, sure, claims) in enumerate(several)
    ]


def corners(figure):
    """All that a figure can come to at the ends of its bounds: (value, whether it is attained)."""
    found = [] if figure.is_certain else [(Fraction(0), True)]
    for quantity in map(parse_quantity, (figure.text, *figure.opposing_claims)):
        low, high = fraction_bounds(quantity)
        found += [(low, not quantity.low_open), (high, not quantity.high_open)]
    return found


@given(figures())
def test_a_sum_lies_between_the_least_and_the_most_that_can_be_true_and_attains_what_they_attain(several):
    (found,), apart = compute_totals(several)
    assert not apart
    low, high = fraction_bounds(found.quantity)
    ways = [
        (sum(value for value, _ in way), all(attained for _, attained in way))
        for way in product(*map(corners, several))
    ]
    assert (low, high) == (min(value for value, _ in ways), max(value for value, _ in ways))
    assert ((low, True) in ways) is not found.quantity.low_open
    assert ((high, True) in ways) is not found.quantity.high_open
    assert found.quantity.about == any(
        parse_quantity(text).about for f in several for text in (f.text, *f.opposing_claims)
    )


@given(figures(), st.data())
def test_whatever_is_true_lies_in_the_sum(several, data):
    (found,), _ = compute_totals(several)
    total = Fraction(0)
    for figure in several:
        low, high = fraction_bounds(parse_quantity(data.draw(st.sampled_from([figure.text, *figure.opposing_claims]))))
        inside = low + (high - low) * data.draw(st.sampled_from([Fraction(n, 8) for n in range(1, 8)]))
        counts = figure.is_certain or data.draw(st.booleans())
        total += inside if counts else 0
    low, high = fraction_bounds(found.quantity)
    assert low <= total <= high


MONTHS = [f"2024-{month:02}" for month in range(1, 13)]
PERIODS = [*MONTHS, "2024Q1", "2024Q2", "2024H1", "2024H2", "2024", "2024-02/2024-04", "~2024-06", "2024-08/.."]


@given(st.lists(st.tuples(st.sampled_from(PERIODS), st.booleans()), min_size=1, max_size=8))
def test_of_periods_none_that_may_meet_add_and_what_stays_apart_meets_one(several):
    members = [
        stated("1", n, metric="sales", period=period, match="certain" if sure else "possible")
        for n, (period, sure) in enumerate(several)
    ]
    (found,), apart = compute_totals(members)

    def meet(one, other):
        return one.outer_days[0] <= other.outer_days[1] and other.outer_days[0] <= one.outer_days[1]

    addends = found.addends
    assert not any(meet(a, b) for n, a in enumerate(addends) for b in addends[:n])
    assert len(addends) + len(apart) == len(members)
    for figure, why in apart:
        others = [a for a in addends if why == f"its period may meet that of {a.event}, {a.period}"]
        assert len(others) == 1
        assert meet(figure, others[0])
        # No sure figure makes way for one that may not belong.
        assert others[0].is_certain or not figure.is_certain
