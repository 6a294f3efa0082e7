"""Time passing: from row to row, before and after one event, and from a plan to what fulfills it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from view_store import HERE, STORY, draw, expect, table

from autotimeline import formats
from autotimeline.api import Timeline
from autotimeline.dates.span import format_iso
from autotimeline.errors import UsageError
from autotimeline.plugins import load
from autotimeline.query.slips import slip_text
from autotimeline.render.canvas import Canvas

PLANS = HERE / "plans.toml"
WIDTHS = (120, 80, 40)
GAP, SINCE = ("gap", "gap_low", "gap_high"), ("since", "since_low", "since_high")
FROM = {"since": "to-the-day"}


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.chdir(HERE)


def rows(*fields, query="", view="list", since=None, **options):
    found = table(view, query, store=PLANS, fields=fields, particulars={"since": since}, **options)
    assert [column.name for column in found.columns] == list(fields)
    assert isinstance(found.rows, Iterator)
    return [tuple(row) for row in found.rows]


# ---------------------------------------------------------------- what people see


@pytest.mark.parametrize("width", WIDTHS)
def test_every_gap_and_the_time_from_one_event(width):
    fields = ("id", "date", "match", "status", "kind", "title", "gap", "since")
    expect(f"list-elapsed-{width}", draw("list", width, store=PLANS, fields=fields, particulars=FROM))
    fields = ("id", "date", "match", "status", "title", "figures", "gap", "since")
    expect(f"timeline-elapsed-{width}", draw("timeline", width, store=PLANS, fields=fields, particulars=FROM))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_plan_tells_how_late_it_was(width):
    ids = "id:deadline-kept,deadline-missed,to-the-day,in-a-quarter,all-summer,sometime,opened-by-day"
    expect(f"show-plans-{width}", draw("show", width, ids, store=PLANS))


@pytest.mark.parametrize("width", [*WIDTHS, 30])
@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("store", [PLANS, STORY])
@pytest.mark.parametrize("exact", [True, False])
def test_no_line_is_wider_than_the_terminal(width, unicode, store, exact):
    anchor = "to-the-day" if store == PLANS else "catl-jv"
    drawn = draw(
        "timeline",
        width,
        store=store,
        unicode=unicode,
        fields=("id", "gap", "since"),
        particulars={"since": anchor, "exact": exact},
    )
    assert all(Canvas(width).measure(line) <= width for line in drawn.splitlines())
    assert unicode or "−" not in drawn


def test_a_picture_tells_every_gap_only_where_it_is_asked_to():
    few, every = (draw("timeline", 100, store=PLANS, fields=fields) for fields in (("id",), ("id", "gap")))
    assert (few.count("┆"), every.count("┆")) == (2, 10)
    exact = draw("timeline", 100, store=PLANS, fields=("gap",), particulars={"exact": True})
    assert "┆    perhaps 1–28 days between\n" in exact
    assert "┆    perhaps -171 to 171 days between\n" in exact


def card(id):
    lines = draw("show", 100, f"id:{id}", store=PLANS).splitlines()
    at = next((at for at, line in enumerate(lines) if line.startswith("plan ")), len(lines))
    end = next((n for n in range(at + 1, len(lines)) if lines[n][:1].strip()), len(lines))
    return [line[11:] for line in lines[at:end]]


@pytest.mark.parametrize(
    ("id", "lines"),
    [
        ("deadline-kept", ["planned by 2025-06 · happened 2025-04-11 · on time"]),
        ("deadline-missed", ["planned by 2025-06 · happened 2025-08 · late by 32–62 days"]),
        (
            "to-the-day",
            [
                "planned 2025-03-01 · happened 2025-02? · perhaps early by 1–28 days",
                "planned 2025-03-01 · happened 2025-04-11 · late by 41 days",
                "planned 2025-03-01 · happened undated",
            ],
        ),
        (
            "in-a-quarter",
            [
                "planned 2025Q2 · happened 2025-02? · perhaps early by 1–5 months",
                "planned 2025Q2 · happened 2025-04-11 · on time",
                "planned 2025Q2 · happened 2025-08 · late by 1–5 months",
            ],
        ),
        ("all-summer", ["planned 2025-06/2025-08 · happened 2025-08 · late by 1–3 months"]),
        ("in-autumn", ["planned ~2025-09 · happened 2025H2 · order not known"]),
        ("sometime", []),
        # What fulfils a plan tells it too.
        (
            "opened-by-day",
            [
                "planned 2025-03-01 · happened 2025-04-11 · late by 41 days",
                "planned 2025Q2 · happened 2025-04-11 · on time",
                "planned by 2025-06 · happened 2025-04-11 · on time",
            ],
        ),
        ("opened-later", []),
    ],
)
def test_the_slip_of_a_plan(id, lines):
    assert card(id) == lines


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0, 0, "on time"),
        (0, 180, "on time, or late by up to about 6 months"),
        (0, 10, "on time, or late by up to 10 days"),
        (0, None, "on time, or late"),
        (-119, 0, "on time, or early by up to about 4 months"),
        (None, 0, "on time, or early"),
        (-119, 99, "order not known"),
        (None, None, "order not known"),
        (41, 41, "late by 41 days"),
        (300, None, "late by more than 9 months"),
        (-28, -1, "early by 1–28 days"),
    ],
)
def test_a_slip_in_words(low, high, text):
    assert slip_text(low, high) == text
    assert slip_text(low, high, 1) == (text if text == "order not known" else f"perhaps {text}")


DAY = date(2023, 1, 1).toordinal()
DAYS = st.integers(DAY, DAY + 60)
PAIRS = st.tuples(
    st.tuples(DAYS, DAYS).map(sorted), st.tuples(DAYS, DAYS).map(sorted), st.sampled_from(["date", "by", "~"])
)


def slips_by_day(plan, done, kind):
    """Return the slip of every day on which the outcome may start, from every day on which it may be meant to."""
    if kind == "~":
        # The planned time is around the first day: it begins and ends at most one day away.
        days = [(day, meant) for day in range(done[0], done[1] + 1) for meant in (plan[0] - 1, plan[0] + 1)]
        on_time = {0 for day, meant in days if abs(day - plan[0]) <= 1}
        late = {day - meant for day, meant in days if (day - plan[0]) * (day - meant) > 0}
        return on_time | late
    found = set()
    for day in range(done[0], done[1] + 1):
        if day <= plan[1] and (kind == "by" or day >= plan[0]):
            found.add(0)
        else:
            found |= {day - meant for meant in ([plan[1]] if kind == "by" else range(plan[0], plan[1] + 1))}
    return found


@given(st.lists(PAIRS, min_size=1, max_size=12))
@settings(max_examples=25)
def test_slips_equal_those_of_every_possible_day(tmp_path_factory, pairs):
    blocks = []
    for number, (plan, done, kind) in enumerate(pairs):
        first, last = map(format_iso, plan)
        planned = {
            "date": f'date = "[{first}..{last}]"',
            "by": f'date = "[..{last}]"\nknown = "2022"',
            "~": f'date = "{first}~"',
        }
        event = '[[event]]\nid = "{}"\ntitle = "E"\n{}\n'.format
        blocks.append(event(f"p{number}", planned[kind] + '\nstatus = "planned"'))
        happened = "[{}..{}]".format(*map(format_iso, done))
        blocks.append(event(f"x{number}", f'date = "{happened}"\nlinks = {{ fulfils = ["p{number}"] }}'))
    path = tmp_path_factory.mktemp("slips") / "facts.toml"
    path.write_text("".join(blocks), "utf-8")
    with Timeline([str(path)], cache=False) as story:
        rows = {row[0]: list(row[1:]) for row in story.select().rows(("id", "slip_low", "slip_high"))}
        slipped = dict(story.select("is:slipped").rows(("id", "match")))
        unslipped = {id for id, match in story.select("not is:slipped").rows(("id", "match")) if match == "certain"}
    for number, (plan, done, kind) in enumerate(pairs):
        found = slips_by_day(plan, done, kind)
        assert rows[f"p{number}"] == rows[f"x{number}"] == [min(found), max(found)]
        is_certain = min(found) > 0 and kind != "~"
        expected = "certain" if is_certain else "possible" if max(found) > 0 else None
        assert slipped.get(f"p{number}") == expected
        assert (f"p{number}" in unslipped) is (expected is None and kind != "~")


@pytest.mark.parametrize(
    ("planned", "started", "slip", "match"),
    [
        # A date with an open end starts within its first period.
        ('date = "from 2024"', "2024-12-31", ("on time", 0, 0), None),
        ('date = "from 2024"', "2025-06-01", ("late by 5–17 months", 152, 517), "certain"),
        ('period = "from 2024"', "2025-06-01", ("late by 5–17 months", 152, 517), "certain"),
        ('date = "2024 or later"', "2025-06-01", ("on time", 0, 0), None),
        # An approximate date is on time only as written.
        ('date = "~2024-06"', "2024-06-30", ("on time", 0, 0), None),
        ('date = "~2024-06"', "2024-07-01", ("on time, or late by up to about 2 months", 0, 61), "possible"),
        ('date = "~2024-06"', "2024-07-31", ("on time, or late by up to about 3 months", 0, 91), "possible"),
        ('date = "~2024-06"', "2024-08-01", ("late by 1–92 days", 1, 92), "possible"),
        ('date = "~2024-06"', "2024-05-31", ("on time, or early by up to about 2 months", -61, 0), None),
        ('date = "by ~2024-06"', "2024-07-15", ("on time, or late by up to 15 days", 0, 15), "possible"),
        ('date = "2024-06?"', "2024-06-30", ("perhaps on time", 0, 0), None),
        # Each claim about the planned time may be true.
        ('date = "2024-01"', "2024-06-15", ("order not known", -15, 166), "possible"),
    ],
)
def test_the_slip_of_a_plan_agrees_with_overdue(tmp_path, planned, started, slip, match):
    source = '[source.s]\ntitle = "S"\n'
    claim = 'sources = [{ id = "s", date = "2024-06" }]\n' if planned == 'date = "2024-01"' else ""
    plan = f'[[event]]\nid = "p"\ntitle = "P"\nstatus = "planned"\n{planned}\n{claim}'
    start = f'[[event]]\nid = "x"\ntitle = "X"\ndate = {started}\nlinks = {{ fulfils = ["p"] }}\n'
    path = tmp_path / "facts.toml"
    path.write_text(source + plan + start, "utf-8")
    with Timeline([str(path)], cache=False) as story:
        assert [tuple(row) for row in story.select("id:p").rows(("slip", "slip_low", "slip_high"))] == [slip]
        assert dict(story.select("is:slipped").rows(("id", "match"))).get("p") == match
    path.write_text(source + plan, "utf-8")
    with Timeline([str(path)], cache=False, today=started) as story:
        overdue = dict(story.select("is:overdue").rows(("id", "match"))).get("p")
    assert (overdue == "certain") is (match == "certain")


def test_several_outcomes_have_one_slip():
    names = ("id", "slip", "slip_low", "slip_high")
    assert rows(*names, query="id:to-the-day,sometime,opened-by-day,opened-later") == [
        ("to-the-day", "perhaps early by 1–28 days; late by 41 days", -28, 41),
        ("opened-by-day", "late by 41 days; on time", 0, 41),
        ("opened-later", None, None, None),
        ("sometime", None, None, None),
    ]
    late = rows("id", "slip_high", query="is:slipped", sort="slip_high", reverse=True)
    assert late[0] == ("in-autumn", 152)
    assert [most for _, most in late] == sorted((most for _, most in late), reverse=True)


# ---------------------------------------------------------------- what programs read


def test_the_gap_is_that_from_the_row_above():
    assert rows("id", *GAP) == [
        ("opened-in-winter", None, None, None),
        ("to-the-day", "perhaps 1–28 days", 1, 28),
        ("in-a-quarter", "1–4 months", 31, 121),
        ("opened-by-day", "order not known", -80, 10),
        ("all-summer", "2–3 months", 51, 80),
        ("deadline-kept", "order not known", -233, 29),
        ("deadline-missed", "order not known", -171, 171),
        ("opened-half", "perhaps up to 12 months", 1, 355),
        ("opened-by-month", "order not known", -152, 61),
        ("in-autumn", "order not known", -30, 91),
        ("opened-later", "2–17 months", 62, 517),
        ("sometime", None, None, None),
        ("opened-undated", None, None, None),
    ]


def test_turned_round_each_is_earlier_than_the_row_above():
    assert rows("id", *GAP, query="id:to-the-day,opened-by-day,all-summer,sometime", reverse=True) == [
        ("all-summer", None, None, None),
        ("opened-by-day", "2–3 months earlier", -80, -51),
        ("to-the-day", "41 days earlier", -41, -41),
        ("sometime", None, None, None),
    ]


def test_in_another_order_the_row_above_is_still_the_one_above():
    ids = "id:to-the-day,opened-by-day,all-summer,sometime"
    assert rows("id", "gap", query=ids, sort="title") == [
        ("to-the-day", None),
        ("sometime", None),
        ("all-summer", None),
        ("opened-by-day", "2–3 months earlier"),
    ]


def test_a_limit_leaves_the_gaps_as_they_are():
    assert rows("id", *GAP, limit=5) == rows("id", *GAP)[:5]


def test_the_time_from_one_event():
    assert rows("id", *SINCE, since="to-the-day", query="not id:in-autumn,opened-half") == [
        ("opened-in-winter", "perhaps T−1–28 days", -28, -1),
        ("to-the-day", "T", 0, 0),
        ("in-a-quarter", "T+1–4 months", 31, 121),
        ("opened-by-day", "T+41 days", 41, 41),
        ("all-summer", "T+3–4 months", 92, 121),
        ("deadline-kept", "order not known", -50, 121),
        ("deadline-missed", "order not known", -50, 121),
        ("opened-by-month", "about T+6 months", 153, 183),
        ("opened-later", "T+10–22 months", 306, 670),
        ("sometime", None, None, None),
        ("opened-undated", None, None, None),
    ]


def test_the_event_itself_need_not_match_nor_be_sure():
    assert rows("since", query="id:opened-by-day", since="@opened-in-winter") == [("perhaps T+42–69 days",)]
    assert rows("since", query="id:in-a-quarter", since="in-a-quarter") == [("T",)]


def test_both_views_have_the_same_cells():
    fields = ("title", *GAP, "id", *SINCE)
    assert rows(*fields, since="to-the-day", view="timeline") == rows(*fields, since="to-the-day")


def test_where_sources_disagree_all_that_they_claim_counts():
    found = table("list", "id:disputed,later", store=HERE / "disputed.toml", fields=("id", "gap_low", "gap_high"))
    assert list(map(tuple, found.rows)) == [("disputed", None, None), ("later", -30, 366)]


@pytest.mark.parametrize("view", ["list", "timeline"])
@pytest.mark.parametrize(
    ("id", "error"),
    [
        ("to-the-dya", 'no event "to-the-dya"; did you mean "to-the-day"?'),
        ("sometime", 'event "sometime" is undated; name an event with a date'),
    ],
)
def test_an_event_that_tells_no_time_is_refused(view, id, error):
    with pytest.raises(UsageError) as refused:
        table(view, store=PLANS, particulars={"since": id})
    assert str(refused.value) == error


@pytest.mark.parametrize("form", ["plain", "csv", "json", "markdown", "table"])
def test_every_format_takes_them(form):
    import io

    out = io.StringIO()
    found = table("list", "id:to-the-day", store=PLANS, fields=("id", *SINCE), particulars=FROM)
    load(formats, form).write(found, out, Canvas(None), frozenset())
    assert "T" in out.getvalue()
    assert "0" in out.getvalue()
