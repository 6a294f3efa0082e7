"""Totals by fields: the parts have what the total has, each as the query of its cell would, and no end is invented."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

import autotimeline
from asking import ask
from autotimeline.dates.edtf import parse_date
from autotimeline.quantities.arithmetic import fraction_bounds
from autotimeline.quantities.parse import parse_quantity
from autotimeline.reports.totals import compute_totals
from autotimeline.reports.totals_by import TotalDivider, parse_sum_fields

ACTORS = ("a", "b")
DATES = ["2023", "2023-05-03", "2023Q4", "~2023-12", "2024", "2024-02?", "2023/2024", "by 2024", "2024/..", "202X"]
AMOUNTS = ["5 EUR", "1..3 EUR", "<4 EUR", ">2 EUR", "~10 EUR", "-2 EUR", "-1..6 EUR"]
EVENTS = st.lists(
    st.fixed_dictionaries(
        {"amount": st.sampled_from(AMOUNTS), "metric": st.sampled_from(["cost", "fine"])},
        optional={
            "date": st.sampled_from(DATES),
            "period": st.sampled_from([date for date in DATES if not date.startswith("by")]),
            "kind": st.sampled_from(["deal", "Deal", "loan"]),
            "actors": st.lists(st.sampled_from(ACTORS), unique=True, min_size=1),
            "of": st.sampled_from(ACTORS),
            "claim": st.sampled_from(["2022-01", "2024-06"]),
        },
    ),
    min_size=1,
    max_size=5,
)


def store(events, **tables):
    bodies = []
    for n, event in enumerate(events):
        figure = {"value": event["amount"], **{key: event[key] for key in ("of", "period") if key in event}}
        body = {"id": f"e{n}", "title": "x", "figures": {event["metric"]: figure}}
        body |= {key: event[key] for key in ("date", "kind", "actors") if key in event}
        if "claim" in event:
            body["sources"] = [{"id": "s", "date": event["claim"]}]
        bodies.append(body)
    heads = {"source": {"s": {"title": "S"}}, "actor": {id: {"name": id.upper()} for id in ACTORS}}
    return tomli_w.dumps({**heads, **tables, "event": bodies})


def opened(folder, text):
    path = folder / "facts.toml"
    path.write_text(text, "utf-8")
    return autotimeline.open(str(path), cache=False, today="2025-11-22")


def divided(story, by, query=""):
    """Return each total with its parts."""
    selection = story.select(query)
    totals, _ = compute_totals(selection.figures())
    divider = TotalDivider(selection, parse_sum_fields(by), [figure for total in totals for figure in total.addends])
    return [(total, divider.divide([total])) for total in totals]


@given(EVENTS, st.sampled_from(["year", "quarter", "month", "kind", "of", "metric", "status", "id", "kind,year"]))
def test_the_bounds_of_the_parts_contain_those_of_the_total(tmp_path_factory, events, by):
    with opened(tmp_path_factory.mktemp("by"), store(events)) as story:
        for total, parts in divided(story, by):
            low, high = fraction_bounds(total.quantity)
            ends = [fraction_bounds(part.total.quantity) for part in parts]
            assert len({part.keys for part in parts}) == len(parts)
            assert {f.figure_id for part in parts for f in part.total.addends} == {f.figure_id for f in total.addends}
            lows, highs = [first for first, _ in ends], [last for _, last in ends]
            assert None in lows or (low is not None and sum(lows) <= low)
            assert None in highs or (high is not None and sum(highs) >= high)


def days_of(event):
    """Return the readings of the time of a figure: its period or else the date of its event, and claims of that."""
    if "period" in event:
        span = parse_date(event["period"])
        return [span.bounds(True)], span.qualified
    if "date" not in event:
        return [], False
    span = parse_date(event["date"])
    days = [span.within]
    disputed = False
    if "claim" in event:
        claim = parse_date(event["claim"])
        disputed = claim.within[1] < span.within[0] or claim.within[0] > span.within[1]
        days += [claim.within] if disputed else []
    return days, span.qualified or disputed


@given(EVENTS)
def test_each_year_has_the_figures_that_may_fall_on_a_day_of_it(tmp_path_factory, events):
    with opened(tmp_path_factory.mktemp("by"), store(events)) as story:
        for total, parts in divided(story, "year"):
            by_year = {part.keys[0]: part.total for part in parts}
            for year, part in by_year.items():
                if year is None:
                    continue
                window = parse_date(f"{year:04}").within
                low = high = Fraction(0)
                unbounded = set()
                for figure in total.addends:
                    event = events[int(figure.event[1:])]
                    days, is_doubtful = days_of(event)
                    if not any(first <= window[1] and last >= window[0] for first, last in days):
                        assert figure not in part.addends
                        continue
                    least, most = fraction_bounds(parse_quantity(event["amount"]))
                    if is_doubtful or not all(window[0] <= first and last <= window[1] for first, last in days):
                        least, most = least and min(least, 0), most and max(most, 0)
                    low += least or 0
                    high += most or 0
                    unbounded |= {"high"} if most is None else set()
                assert fraction_bounds(part.quantity) == (low, None if "high" in unbounded else high)


@given(EVENTS, st.sampled_from(["actor", "kind", "year"]))
def test_an_amount_is_in_each_part_whose_query_finds_its_event(tmp_path_factory, events, by):
    events = [{key: value for key, value in event.items() if key not in ("period", "claim")} for event in events]
    with opened(tmp_path_factory.mktemp("by"), store(events)) as story:
        for _, parts in divided(story, by):
            for part in parts:
                (key,) = part.keys
                if key is not None:
                    query = f"date:{key:04}" if by == "year" else f"{by}:{key}"
                    found = dict(story.select(query).rows(("id", "match")))
                    assert {f.event for f in part.total.addends} <= found.keys()
                    assert part.total.possible == sum(found[f.event] == "possible" for f in part.total.addends)


# ---------------------------------------------------------------- examples


def added(tmp_path, *words, events, **tables):
    (tmp_path / "facts.toml").write_text(store(events, **tables), "utf-8")
    code, out, err = ask("-f", str(tmp_path / "facts.toml"), "figures", *words, "-O", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


COSTS = [
    {"amount": "5 EUR", "metric": "cost", "date": "2023-05-03", "actors": ["a", "b"], "kind": "deal"},
    {"amount": "7 EUR", "metric": "cost", "date": "2024", "actors": ["a"]},
    {"amount": "1 EUR", "metric": "cost"},
]


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["--by", "year"], [(2023, "5 EUR"), (2024, "7 EUR"), (None, "1 EUR")]),
        (["--sum", "--by", "years"], [(2023, "5 EUR"), (2024, "7 EUR"), (None, "1 EUR")]),
        (["--by", "actor"], [("a", "12 EUR"), ("b", "5 EUR"), (None, "1 EUR")]),
        (["--by", "kind"], [("deal", "5 EUR"), (None, "8 EUR")]),
        (["2023..", "--by", "quarter"], [("2023Q2", "5 EUR"), *((f"2024Q{n}", "up to 7 EUR") for n in range(1, 5))]),
    ],
)
def test_the_rows_of_one_field(tmp_path, words, rows):
    assert [(next(iter(row.values())), row["text"]) for row in added(tmp_path, *words, events=COSTS)] == rows


def test_the_rows_of_two_fields(tmp_path):
    rows = added(tmp_path, "--by", "actor,year", events=COSTS)
    assert [(row["actor"], row["actor_name"], row["year"], row["text"]) for row in rows] == [
        ("a", "A", 2023, "5 EUR"),
        ("a", "A", 2024, "7 EUR"),
        ("b", "B", 2023, "5 EUR"),
        (None, None, None, "1 EUR"),
    ]


def test_a_figure_that_does_not_add_is_listed_with_its_key(tmp_path):
    events = [
        {"amount": "5%", "metric": "cost", "date": "2023"},
        {"amount": "6%", "metric": "cost", "date": "2023/2024"},
    ]
    rows = added(tmp_path, "--by", "year", events=events)
    assert [(row["year"], row["text"], row["why"]) for row in rows] == [
        (None, "6%", "a percentage does not add"),
        (2023, "5%", "a percentage does not add"),
    ]


def test_each_key_of_an_excluded_figure_that_is_certain_is_listed(tmp_path):
    share = {"amount": "5%", "metric": "cost"}
    events = [
        {**share, "date": "2022", "actors": ["a", "b"]},
        {**share, "date": "2025~", "actors": ["a"]},
        {**share, "period": "2023/2024", "actors": {"buyer": "a"}},
        {**share, "actors": {"buyer": ["a", "b"]}},
    ]
    rows = added(tmp_path, "--by", "actor,year", events=events, actor={"a": {"name": "A"}, "b": {"name": "B"}})
    assert [(row["actor"], row["year"]) for row in rows] == [(None, 2022), ("a", None), ("a", None), (None, None)]
    rows = added(tmp_path, "--by", "role,actor", events=events, actor={"a": {"name": "A"}, "b": {"name": "B"}})
    assert [(row["role"], row["actor"]) for row in rows] == [(None, None)] * 2 + [("buyer", "a"), ("buyer", None)]


def test_an_open_end_adds_no_rows(tmp_path):
    events = [{"amount": "5 EUR", "metric": "cost", "date": "until 2024"}]
    rows = added(tmp_path, "--by", "year", events=events)
    assert [(row["year"], row["text"]) for row in rows] == [(2024, "up to 5 EUR")]
    rows = added(tmp_path, "--by", "year", events=[*events, {"amount": "1 EUR", "metric": "fine", "date": "2022"}])
    assert [(row["year"], row["text"]) for row in rows] == [
        (2022, "1 EUR"),
        *((year, "up to 5 EUR") for year in (2022, 2023, 2024)),
    ]


def test_the_store_decides_what_adds(tmp_path):
    events = [{"amount": "5 EUR", "metric": metric, "date": "2023"} for metric in ("employees", "sightings", "cost")]
    kinds = {"employees": "amount", "cost": "share", "unused": "rate"}
    metrics = {metric: {"measures": kind} for metric, kind in kinds.items()}
    rows = added(tmp_path, "--sum", events=events, metric=metrics)
    assert [(row["metric"], row["figures"], row["why"]) for row in rows] == [
        ("employees", 1, None),
        ("sightings", None, "without a period, it may overlap others"),
        ("cost", None, "a share does not add"),
    ]
    _, out, _ = ask("-f", str(tmp_path / "facts.toml"), "names", "metrics", "-O", "plain")
    assert out.splitlines() == [
        "cost\t\t1\tshare\tstated",
        "employees\t\t1\tamount\tstated",
        "sightings\t\t1\tamount\tdefault",
        "unused\t\t0\trate\tstated",
    ]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--by", "yeer"], 'cannot add up by "yeer"; did you mean "year"?'),
        (["--by", "year,month"], 'cannot add up by "year,month": the one says what the other does; write one of them'),
        (["--by", "kind", "--per", "year"], "--per and --by: rates neither add nor convert; choose one"),
        (["--in", "EUR", "--per", "year"], "--per and --in: rates neither add nor convert; choose one"),
        (["--in", "euro"], '--in: no currency "euro"; did you mean "EUR"?'),
    ],
)
def test_invalid_options_are_refused(tmp_path, words, error):
    (tmp_path / "facts.toml").write_text(store(COSTS), "utf-8")
    assert ask("-f", str(tmp_path / "facts.toml"), "figures", *words) == (2, "", f"autotimeline: {error}\n")
