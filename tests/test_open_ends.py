"""Plans without a start, and values without an end: exact answers, and no number where there is no bound."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")


def store(path, *events: dict, sources: str = "") -> str:
    blocks = [sources]
    for event in events:
        keys = {"title": "t", **event}
        blocks.append("[[event]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()))
    path.write_text("".join(blocks), "utf-8")
    return str(path)


def matches(name: str, *query: str, today: str = "2026-11-30") -> str:
    code, out, err = ask("-f", name, "list", *query, "--today", today, "-O", "plain", "--fields", "id,match")
    assert code == 0
    assert not err or (not out and err.startswith("autotimeline: no event is "))
    return " ".join(line.replace("\tcertain", "").replace("\tpossible", "?") for line in out.splitlines())


@pytest.mark.parametrize(
    ("keys", "possible", "impossible"),
    [
        # From `known` to the deadline.
        ({"date": "by 2026-12", "known": "2025-10"}, "2025-10 2026-05 2026-12", "2025-09 2016 2027"),
        ({"date": "until 2026-12", "known": "2025-10-15"}, "2025-10-15 2026-12-31", "2025-10-14 2027"),
        ({"period": "../2026-12", "known": "2025-10"}, "2025-10 2026-12", "2025-09 2027"),
        # From the first source.
        ({"date": "by 2026-12", "sources": ["late", "early"]}, "2024-03 2026-12", "2024-02 2027"),
        # In the period of the deadline, if nothing else is known, or only later.
        ({"date": "by 2025-12"}, "2025-12 2025-12-01", "2025-11 2016 2026"),
        ({"date": "by 2023", "known": "2025"}, "2023 2023-01-01", "2022 2024"),
        ({"date": "by 2023-06-15", "known": "2025"}, "2023-06-15", "2023-06-14 2023-06-16"),
        ({"date": "[..2025,2027-03]", "sources": ["none"]}, "2027-03", "2027-02 2025"),
        ({"date": "by 2026Q2~"}, "2026Q1 2026Q2 2026Q3", "2025Q4 2026Q4"),
        # A day that is known only by a deadline of its own.
        ({"date": "by 2026-12", "known": "by 2025-03"}, "2025-03-31 2026", "2025-03-30"),
    ],
)
def test_a_plan_without_a_start_is_possible_from_the_day_it_was_known(tmp_path, keys, possible, impossible):
    sources = "".join(
        f'[source.{id}]\ntitle = "s"\n{published}\n'
        for id, published in {"late": 'published = "2025"', "early": 'published = "2024-03"', "none": ""}.items()
    )
    name = store(tmp_path / "facts.toml", {"id": "plan", "status": "planned", **keys}, sources=sources)
    for word in possible.split():
        assert (word, matches(name, word)) == (word, "plan?")
        assert (word, matches(name, "not", word)) == (word, "plan?")
    for word in impossible.split():
        assert (word, matches(name, word)) == (word, "")
        assert (word, matches(name, "not", word)) == (word, "plan?")
    _, out, _ = ask("-f", name, "list", "-O", "json")
    assert json.loads(out)[0]["earliest"] is None


def test_only_a_plan_has_an_inferred_start(tmp_path):
    name = store(tmp_path / "facts.toml", {"id": "past", "date": "by 2023", "known": "2022"})
    assert matches(name, "2016") == "past?"
    assert matches(name, "until:2023") == "past"


def test_a_deadline_is_overdue_after_its_last_day(tmp_path):
    plans = [{"id": f"p{n}", "status": "planned", **keys} for n, keys in enumerate([
        {"date": "by 2026-12"}, {"date": "by 2026-12", "known": "2025-10?"}, {"period": "../2026-12", "known": "2025"},
    ])]  # fmt: skip
    name = store(tmp_path / "facts.toml", *plans)
    assert matches(name, "is:overdue", today="2026-12-31") == ""
    assert matches(name, "is:overdue", today="2027-01-01") == "p0 p1 p2"
    assert matches(name, "is:upcoming", today="2026-12-31") == "p0 p1 p2"


@pytest.mark.parametrize("key", ["date", "period"])
def test_what_starts_from_a_year_starts_in_it(tmp_path, key):
    name = store(tmp_path / "facts.toml", {"id": "plan", "status": "planned", key: "from 2024"})
    assert matches(name, "is:overdue", today="2024-12-31") == ""
    assert matches(name, "is:overdue", today="2025-01-01") == "plan"
    assert matches(name, "is:upcoming", today="2025-01-01") == ""
    name = store(tmp_path / "other.toml", {"id": "plan", "status": "planned", "date": "2024 or later"})
    assert matches(name, "is:overdue") == ""


def test_the_summary_names_the_last_event_and_the_next_plan(tmp_path):
    name = store(
        tmp_path / "facts.toml",
        {"id": "open", "date": "from 2024", "status": "planned"},
        {"id": "half", "period": "2026H2"},
        {"id": "next", "date": "by 2027-03", "status": "planned", "known": "2024"},
        {"id": "now", "period": "2026-03/.."},
    )
    _, out, _ = ask("-f", name, "--today", "2026-11-30")
    values = dict(line.split("\t")[:2] for line in out.splitlines())
    expected = {"events": "4", "first": "from 2024", "last": "by 2027-03", "undated": "0", "overdue": "1"}
    assert values.items() >= expected.items()
    assert values["next"] == "next by 2027-03 t"
    _, out, _ = ask("-f", name, "compare", "id:open,half,now", "id:half", "-O", "plain", "--fields", "what,value")
    assert [line for line in out.splitlines() if line.startswith("last")] == ["last\t2026H2", "last\t2026H2"]


def test_the_pace_of_open_ends_has_no_number(tmp_path):
    name = store(
        tmp_path / "facts.toml",
        *({"id": f"a{n}", "date": date} for n, date in enumerate(["2024-02", "2024 or later", "2024-06"])),
    )
    _, out, _ = ask("-f", name, "compare", "date:2024", "id:a0,a2", "-O", "json")
    pace = [(row["value"], row["low"], row["high"]) for row in json.loads(out) if row["what"] == "pace"]
    assert pace == [("not known", 0, None), ("3–5 months", 93, 150)]


def test_a_calendar_shows_a_deadline_on_its_last_day(tmp_path):
    pytest.importorskip("icalendar")
    name = store(
        tmp_path / "facts.toml",
        {"id": "plan", "title": "A plant", "date": "by 2026-12", "known": "2025-10", "status": "planned"},
        {"id": "period", "title": "A test", "period": "../2026-12-31", "status": "planned"},
    )
    code, out, err = ask("-f", name, "export", "-O", "ics", "-o", "-")
    assert (code, err) == (0, "")
    found = re.findall(r"^(?:SUMMARY|DTSTART;VALUE=DATE|DTEND;VALUE=DATE):(.*?)\r?$", out, re.MULTILINE)
    assert found == ["A plant (by 2026-12)", "20261231", "A test (until 2026-12-31)", "20261231"]


@pytest.mark.parametrize(("date", "cell"), [("by 2025-12", 23), ("by ~2025-11", 22), ("by 2025-06", 17)])
def test_a_chart_places_a_deadline_on_its_day(tmp_path, date, cell):
    from autotimeline import api
    from autotimeline.dates.span import ordinal
    from autotimeline.render.chart_layout import Lane
    from autotimeline.reports.lanes import Lanes

    name = store(tmp_path / "facts.toml", {"id": "plan", "date": date, "known": "2024-03", "status": "planned"})
    first, days = ordinal(2024, 1, 1), 731 + 365
    with api.open(name, today="2025-01-01") as timeline:
        ((lane, groups),) = Lanes(timeline.select(), "id").groups(first, days, 36)
    (bar,) = Lane(lane, 1, 0, groups, 36, len).rows[0]
    assert bar.mark_cell == cell


ENDS = st.sampled_from(["2024/..", "2024-05/", "../2025", "/2023-02", "[2024..]", "[..2025-06]", "[..2020,2024..]"])
CLOSED = st.sampled_from(["2024", "2023-11", "~2025", "2024-05-06", "2024/2025"])
EVENTS = st.lists(
    st.fixed_dictionaries(
        {"status": st.sampled_from(["happened", "planned"]), "key": st.sampled_from(["date", "period"])},
        optional={"known": CLOSED | ENDS, "figure": st.sampled_from(["5 cars", "7 cars/month", "~3 cars"])},
    ).flatmap(lambda event: (ENDS | CLOSED).map(lambda date: {**event, "value": date})),
    min_size=2,
    max_size=6,
)
COMMANDS = [
    *("", "list --gap --since-event e0", "timeline --gap -O table", "timeline -O table --exact", "show e0 -O table"),
    *("compare date:2024 date:2025", "compare e0 e1", "compare date:2024 status:planned -O table"),
    *("figures --per month", "figures --sum", "count --by year", "count --by month", "count --by quarter,status"),
    *("chart", "list -O json", "figures -O json", "list near:@e1/2m", "list since:@e0", "check", "export -O csv -o -"),
]


@given(EVENTS, st.sampled_from(["2023-06-01", "2024-06-01", "2026-11-30"]))
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_no_number_comes_from_a_missing_bound(tmp_path_factory, drawn, today):
    events = []
    for n, event in enumerate(drawn):
        keys = {"id": f"e{n}", "status": event["status"], event["key"]: event["value"]}
        keys |= {"known": event["known"]} if "known" in event else {}
        keys |= {"figures": {"sold": event["figure"]}} if "figure" in event else {}
        if keys["id"] == "e1" and event["status"] == "happened":
            keys["links"] = {"fulfils": ["e0"]}
        events.append(keys)
    path = tmp_path_factory.mktemp("open") / "facts.toml"
    inline = "{{ {} }}".format
    text = ""
    for keys in events:
        text += '[[event]]\ntitle = "t"\n'
        for key, value in keys.items():
            table = ", ".join(f"{name} = {json.dumps(item)}" for name, item in value.items()) if key in (
                "figures", "links") else ""  # fmt: skip
            text += f"{key} = {inline(table) if table else json.dumps(value)}\n"
    path.write_text(text)
    for command in COMMANDS:
        code, out, err = ask("-f", str(path), "--today", today, *command.split())
        assert code in (0, 1), (command, err)
        # The dates are of the years 2020 to 2026, so no time is longer than a few years.
        for number in re.findall(r"(?<![\w.#-])\d[\d,]*(?![\w-])", out):
            value = int(number.replace(",", "") or 0)
            assert value <= 3653 or 20_200_000 < value < 20_270_000, (command, number, out)
        assert not re.search(r"\b(?:0000|0001|9999|10000)\b|50\d\d years", out), (command, out)
