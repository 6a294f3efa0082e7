"""What the rules about figures find: values of two events, and shares of one deal."""

from functools import partial

import pytest

from rules import event, told

pytestmark = pytest.mark.usefixtures("cache")
ACTORS = "".join(f'[actor.{id}]\nname = "{id.upper()}"\n' for id in "abc") + '[source.s]\ntitle = "S"\n'
SALES = ('period = "2024"', 'actors = ["a"]')


def contradicted(tmp_path, one: list[str], other: list[str]) -> list[str]:
    return told(
        tmp_path, ACTORS + event("one", *one, title="Sold") + event("two", *other, title="Sold"), "contradiction"
    )


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("100 cars", "200 cars", True),
        ("100 cars", "100 cars", False),
        ("100 cars", "200 vans", False),
        ("100 cars", "~105 cars", False),
        ("<100 cars", "100 cars", True),
        ("<=100 cars", "100 cars", False),
        (">100 cars", ">200 cars", False),
        ("100..200 cars", "200..300 cars", False),
        ("100/month", "1200/year", False),
        ("100/month", "1300/year", True),
        ("100/month", "3/day", False),
        ("100 cars", "100 Cars", False),
    ],
)
def test_values_that_cannot_both_be_true(one, other, found, tmp_path):
    rows = contradicted(tmp_path, [*SALES, f'figures.sales = "{one}"'], [*SALES, f'figures.sales = "{other}"'])
    assert len(rows) == found
    if found:
        assert rows[0].startswith("two: sales 2024 is ")
        assert rows[0].endswith(' in one; correct one of them, or add accept.contradiction = "why"')


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (['period = "2024"', 'actors = ["a"]'], True),
        (['period = "2024"', 'actors = { company = "a" }'], True),
        (['period = "2024-01/2024-12"', 'actors = ["a"]'], False),
        (['date = "2024"', 'actors = ["a"]'], False),
        (['period = "2024~"', 'actors = ["a"]'], False),
        (['period = "2023"', 'actors = ["a"]'], False),
        (['period = "2024H1"', 'actors = ["a"]'], False),
        (['period = "2024"', 'actors = ["b"]'], False),
        (['period = "2024"', 'actors = ["a", "b"]'], False),
        (['period = "2024"', 'actors = ["a"]', 'places = ["China"]'], False),
        (['period = "2024"', 'actors = ["a"]', 'status = "cancelled"'], False),
        (['period = "2024"', 'actors = ["a"]', 'links.contrasts = ["one"]'], False),
        (['period = "2024"', 'actors = ["a"]', 'links.related = ["one"]'], True),
    ],
)
def test_only_the_same_is_compared(lines, found, tmp_path):
    one = [*SALES, 'figures.sales = "100 cars"']
    assert len(contradicted(tmp_path, one, [*lines, 'figures.sales = "200 cars"'])) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ('{ value = "1", of = "a" }', '{ value = "2", of = "a" }', True),
        ('{ value = "1", of = "a" }', '{ value = "2", of = "b" }', False),
        ('{ value = "1", of = "a" }', '"2"', False),
        ('{ value = "1", of = "a", holder = "b" }', '{ value = "2", of = "a", holder = "b" }', True),
        ('{ value = "1", of = "a", holder = "b" }', '{ value = "2", of = "a", holder = "c" }', False),
        ('{ value = "1", of = "a", holder = "b" }', '{ value = "2", of = "a" }', False),
        ('{ value = "1", period = "2023" }', '{ value = "2", period = "2023" }', True),
        ('{ value = "1", basis = "target" }', '{ value = "2", basis = "actual" }', False),
        # What is aimed at may change.
        ('{ value = "1", basis = "target" }', '{ value = "2", basis = "target" }', False),
        ('["1", "3"]', '"2"', False),
        ('["1", "3"]', '"4"', True),
        ('{ printed = "many" }', '"4"', False),
        ('"@two"', '"4"', False),
    ],
)
def test_only_alike_figures_are_compared(one, other, found, tmp_path):
    rows = contradicted(tmp_path, [*SALES, f"figures.sales = {one}"], [*SALES, f"figures.sales = {other}"])
    assert len(rows) == found


@pytest.mark.parametrize(
    ("figure", "found"),
    [
        # What a plant and a warehouse cost is nothing of their builder's year.
        ('figures.cost = "{}m EUR"', False),
        ('figures.layoffs = "{}00 jobs"', False),
        ('figures.sales = "{} cars"', False),
        ('figures.sales = {{ value = "{} cars", period = "2023" }}', False),
        ('figures.sales = {{ value = "{} cars", of = "a" }}', True),
        ('figures.layoffs = {{ value = "{}00 jobs", of = "a" }}', False),
        ('figures.layoffs = {{ value = "{}00 jobs", of = "a", period = "2024H1" }}', True),
    ],
)
def test_what_may_be_of_the_event_alone_is_compared_where_the_titles_are_the_same(figure, found, tmp_path):
    for title, contradicts in (("Warehouse is extended", found), ("Is plant north built?", True)):
        text = event("one", *SALES, figure.format(5), title="Plant North is built")
        text += event("two", *SALES, figure.format(3), title=title)
        assert len(told(tmp_path, ACTORS + text, "contradiction")) == contradicts


@pytest.mark.parametrize(
    ("period", "found"),
    [("2024-01/2024-12", True), ("2020s", True), ("[2023,2024]", False), ("2024/..", False), ("../2024", False),
     ("2024/", False), ("2024?", False)],
)  # fmt: skip
def test_only_a_period_with_two_ends_is_the_same_by_its_words(period, found, tmp_path):
    one, other = ([f'period = "{period}"', 'actors = ["a"]', f'figures.sales = "{n}"'] for n in (1, 2))
    assert len(contradicted(tmp_path, one, other)) == found


def test_targets_of_one_day_are_compared(tmp_path):
    lines = ['actors = ["a"]', 'date = "2024-05-01"']
    figure = 'figures.sales = {{ value = "{}", basis = "target", period = "2030" }}'
    one, other = ([*lines, figure.format(value)] for value in (1, 2))
    assert len(contradicted(tmp_path, one, other)) == 1
    assert contradicted(tmp_path, one, [line.replace("05-01", "05-02") for line in other]) == []


def test_of_many_each_is_told_against_one_that_it_contradicts(tmp_path):
    values = ("5..6", "1..9", "7", "5", "6", "2")
    text = "".join(event(f"e{n}", *SALES, f'figures.sales = "{value}"', title="Sold") for n, value in enumerate(values))
    rows = told(tmp_path, ACTORS + text, "contradiction")
    assert [row.split("; ")[0] for row in rows] == [
        "e2: sales 2024 is 7, but 5..6 in e0",
        "e3: sales 2024 is 5, but 7 in e2",
        "e4: sales 2024 is 6, but 5 in e3",
        "e5: sales 2024 is 2, but 7 in e2",
    ]


def test_a_link_to_one_hides_no_other(tmp_path):
    values = (("1", ""), ("3", 'links.contrasts = ["e0"]'), ("2", 'links.contrasts = ["e0"]'))
    text = "".join(
        event(f"e{n}", *SALES, f'figures.sales = "{v}"', link, title="Sold") for n, (v, link) in enumerate(values)
    )
    rows = told(tmp_path, ACTORS + text, "contradiction")
    assert [row.split("; ")[0] for row in rows] == ["e2: sales 2024 is 2, but 3 in e1"]


def test_either_event_may_accept_it(tmp_path):
    events = [event(id, *SALES, f'figures.sales = "{n}"', title="Sold") for n, id in enumerate(("one", "two"), 1)]
    accept = 'accept.contradiction = "two counts"\n'
    for text in (events[0] + accept + events[1], events[0] + events[1] + accept):
        (row,) = told(tmp_path, ACTORS + text, "contradiction")
        remedy = "correct one of them (accepted: two counts)"
        assert row == f"two: sales 2024 is 2, but 1 in one; {remedy}"


def share(value, holder="", of=""):
    keys = {"value": value, "of": of, "holder": holder}
    return f"{{ {', '.join(f'{key} = {text!r}' for key, text in keys.items() if text)} }}"


@pytest.mark.parametrize(
    ("actors", "figures", "total"),
    [
        ('{ partner = ["a", "b"] }', 'stake = [{ value = "60%", of = "a" }, { value = "41%", of = "b" }]',
         "at least 101%"),
        ('{ partner = ["a", "b"] }', 'stake = [{ value = "60%", of = "a" }, { value = "40%", of = "b" }]', ""),
        ('{ partner = ["a", "b"] }', 'stake = [{ value = ">60%", of = "a" }, { value = "40%", of = "b" }]',
         "more than 100%"),
        ('{ partner = ["a", "b"] }', 'stake = [{ value = "~60%", of = "a" }, { value = "41%", of = "b" }]', ""),
        ('{ partner = ["a", "b"] }', 'stake = [{ value = "<60%", of = "a" }, { value = "90%", of = "b" }]', ""),
        ('{ buyer = ["a", "b"], target = "c" }', 'stake = [{ value = "60%", of = "a" }, { value = "41%", of = "b" }]',
         "at least 101%"),
        # 60% of each of two companies.
        ('{ buyer = "c", target = ["a", "b"] }',
         'stake = [{ value = "60%", of = "a" }, { value = "60%", of = "b" }]', ""),
        ('["a", "b"]', 'stake = [{ value = "60%", of = "a" }, { value = "60%", of = "b" }]', ""),
        ('["a", "b"]', 'stake = [{ value = "60%", of = "a" }, { value = "50%", of = "a" }]', "at least 110%"),
        # A partner that raises its stake from 30% to 60%.
        ('{ partner = ["a", "b"] }',
         'stake = [{ value = "30%", of = "a" }, { value = "60%", of = "a" }, { value = "50%", of = "b" }]', ""),
        ('["a"]', 'stake = ["60%", "50%"]', "at least 110%"),
        ('["a"]', 'share = ["60%", "50%"]', "at least 110%"),
        ('["a"]', 'market-share = ["60%", "50%"]', ""),
        ('["a"]', 'stake = [{ value = "60%", basis = "expected" }, "50%"]', ""),
        ('["a"]', 'stake = [{ value = "60%", period = "2023" }, { value = "70%", period = "2024" }]', ""),
        ('["a"]', 'stake = ["60 shares", "50 shares"]', ""),
        ('["a"]', 'stake = "101%"', "at least 101%"),
        ('["a"]', 'stake = ["33.4%", "33.4%", "33.2%"]', ""),
        ("[]", f"stake = [{share('60%', 'a', 'c')}, {share('41%', 'b', 'c')}]", "at least 101%"),
        ("[]", f"stake = [{share('60%', 'a')}, {share('41%', 'b')}]", "at least 101%"),
        ("[]", f"stake = [{share('60%', 'a', 'c')}, {share('40%', 'b', 'c')}]", ""),
        # 60% of each of two companies.
        ("[]", f"stake = [{share('60%', 'a', 'b')}, {share('60%', 'a', 'c')}]", ""),
        # A holder that raises its stake.
        ("[]", f"stake = [{share('30%', 'a', 'c')}, {share('60%', 'a', 'c')}, {share('50%', 'b', 'c')}]", ""),
        # One that may be another's, and a claim of its own.
        ("[]", f"stake = [{share('60%', 'a', 'c')}, {share('60%', '', 'c')}]", ""),
    ],
)  # fmt: skip
def test_shares_that_add_up_to_too_much(actors, figures, total, tmp_path):
    rows = told(tmp_path, ACTORS + event("e", f"actors = {actors}", f"figures.{figures}"), "shares")
    assert len(rows) == bool(total)
    if total:
        assert f" adds up to {total} (" in rows[0]


A, B, C = (partial(share, of=id) for id in "abc")


@pytest.mark.parametrize(
    ("actors", "figures", "text"),
    [
        ('{ partner = ["a", "b"] }', f"[{A('51%')}, {B('49%')}]", '51% of a and 49% of b|holder = "a"'),
        ('["a", "b"]', f"[{A('51%')}, {B('49%')}]", '51% of a and 49% of b|holder = "a"'),
        ('["a", "b", "c"]', f"[{A('33.3%')}, {B('33.3%')}, {C('33.3%')}]",
         '33.3% of a and 33.3% of b and 33.3% of c|holder = "a"'),
        ('{ partner = ["a", "b"], venture = "c" }', f"[{A('51%')}, {B('49%')}]",
         '51% of a and 49% of b|of = "c", holder = "a"'),
        ('{ partner = ["a", "b"], venture = "c" }', A("51%"), '51% of a|of = "c", holder = "a"'),
        ('{ buyer = "a", target = "c" }', A("20%"), '20% of a|of = "c", holder = "a"'),
        ('{ buyer = "b", target = ["a", "c"] }', B("20%"), '20% of b|holder = "b"'),
        ('{ seller = "b", buyer = "a" }', f"[{A('5%')}, {B('20%')}]", '5% of a and 20% of b|holder = "a"'),
        # What is held is named.
        ('{ buyer = "a", target = "c" }', C("20%"), ""),
        ('{ buyer = "a", target = "c" }', share("20%", "a"), ""),
        ('{ buyer = "a", target = "c" }', share("20%", "a", "c"), ""),
        ('{ buyer = "a", target = ["b", "c"] }', f"[{B('40%')}, {C('60%')}]", ""),
        # Neither a share of the whole nor a partner of a venture.
        ('["a", "b"]', f"[{A('15%')}, {B('15%')}]", ""),
        ('["a", "b"]', f"[{A('51%')}, {A('49%')}]", ""),
        ('{ partner = ["a", "b"] }', A("51%"), ""),
        ('["b"]', f"[{A('51%')}, {C('49%')}]", ""),
        ('{ buyer = "a", target = "c" }', A("20 shares"), ""),
    ],
)  # fmt: skip
def test_shares_whose_of_may_be_the_holder(actors, figures, text, tmp_path):
    found, _, remedy = text.partition("|")
    accept = f'; write {remedy}, or add accept.holder = "why"'
    rows = told(tmp_path, ACTORS + event("e", f"actors = {actors}", f"figures.stake = {figures}"), "holder")
    assert rows == ([f'e: stake {found}: "of" may be the holder{accept}'] if text else [])
